/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Words for manifests (*.dts, *.dtsi); read by cpp only, never by a C compiler.
 * Sizes are 64-bit counts of KiB in two cells, as Xen's `memory` has them:
 *	memory = <MB(256)>;
 */
#ifndef BULKHEAD_H
#define BULKHEAD_H

#define KB(n) ((n) >> 32)((n)&0xffffffff)
#define MB(n) (((n)*1024) >> 32)(((n)*1024) & 0xffffffff)
#define GB(n) (((n)*1048576) >> 32)(((n)*1048576) & 0xffffffff)

#endif /* BULKHEAD_H */
