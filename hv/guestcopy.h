/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Copies between the hypervisor and the memory of a guest, by guest-physical
 * frame or by the virtual address that a hypercall names.  Everything a guest
 * hands over is read once, into the hypervisor's own memory.
 */
#ifndef HV_GUESTCOPY_H
#define HV_GUESTCOPY_H

#include "compiler.h"
#include "types.h"

struct domain;
struct vcpu;

/*
 * Copy n bytes from or to the running vCPU's virtual address, with the rights of
 * its kernel.  Returns 0 or -EFAULT: an address is not canonical, not mapped,
 * read-only, or not RAM; a part may have been copied.
 */
int must_check copy_from_guest(void *dst, uint64_t src, size_t n);
int must_check copy_to_guest(uint64_t dst, const void *src, size_t n);

/* The same with the rights of its user: for an instruction that is carried out for it. */
int must_check copy_to_guest_user(uint64_t dst, const void *src, size_t n);

/* A typed one of each: p is the guest's pointer, as a number. */
#define get_guest(obj, p) copy_from_guest((obj), (p), sizeof(*(obj)))
#define put_guest(p, obj) copy_to_guest((p), (obj), sizeof(*(obj)))

/* Where the running vCPU's virtual address lies, RAM or not, for an access as in
 * x86/guest_walk.h.  0 or -EFAULT. */
int must_check guest_translate(const struct vcpu *v, uint64_t va, unsigned int access, gaddr_t *ga);

/* The same by guest-physical address of d, for builders.  0 or -EFAULT. */
int must_check copy_to_domain(struct domain *d, gaddr_t dst, const void *src, size_t n);
int must_check clear_domain(struct domain *d, gaddr_t dst, size_t n);

#endif /* HV_GUESTCOPY_H */
