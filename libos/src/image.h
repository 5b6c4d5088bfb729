/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Where the linked program's parts lie (libos.lds); all on page boundaries. */
#ifndef LIBOS_SRC_IMAGE_H
#define LIBOS_SRC_IMAGE_H

extern char image_start[], image_text_end[], image_rodata_end[], image_end[];

/* What only the start needs, at the image's end: given back once threads run. */
extern char image_boot_start[];

/* The boot stack's guard page, within the part that is given back. */
extern char boot_guard[];

#endif /* LIBOS_SRC_IMAGE_H */
