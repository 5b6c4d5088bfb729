/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the hypervisor tells its control domain, in types of our own: the shell
 * never sees a hypercall structure.
 *
 * All return 0 or more, or -errno with Xen's numbers (libos_strerror() has their
 * words): -EPERM this is not the control domain, -ENOSYS this hypervisor has no
 * such call.  No locks: every call is one hypercall.
 */
#ifndef CTRL_HV_H
#define CTRL_HV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libos/compiler.h>

/* ---- hv_fs.c: the tree of names and values (hypfs) ---- */

/*
 * Read the text at path into buf, cut at size and always terminated.
 *   -ENOENT  no such path
 *   -EINVAL  it is a number or a directory
 */
int must_check hv_text(const char *path, char *buf, size_t size);

/* Read the number at path.  -ENOENT, -EINVAL as above. */
int must_check hv_number(const char *path, uint64_t *value);

/* ---- hv_sysctl.c: the machine ---- */

struct hv_machine {
	uint32_t cpus;
	uint32_t cpu_khz;
	uint64_t total_kib;
	uint64_t free_kib;
};

int must_check hv_machine(struct hv_machine *m);

/*
 * Read the hypervisor's log on from *index, which is moved behind what was read;
 * 0 stands for its oldest byte.  Returns the number of bytes, 0 at the end.
 */
int must_check hv_log(char *buf, size_t size, uint32_t *index);

/* Empty the log. */
int must_check hv_log_clear(void);

enum hv_domain_state {
	HV_RUNNING,
	HV_BLOCKED,
	HV_PAUSED,
	HV_SHUTDOWN,
	HV_DYING,
};

struct hv_domain {
	uint16_t domid;
	enum hv_domain_state state;
	unsigned int reason; /* HV_SHUTDOWN: Xen's SHUTDOWN_* */
	uint64_t memory_kib;
	uint64_t max_memory_kib;
	uint64_t cpu_time_ns;
	uint32_t vcpus; /* on line */
	uint32_t max_vcpu_id;
};

/*
 * Describe domains in order of their numbers, first and up, at most max and at most 8.
 * Returns how many, 0 if there are no more.
 */
int must_check hv_domains(uint16_t first, struct hv_domain *d, unsigned int max);

/* ---- hv_domctl.c: one domain ---- */

struct hv_vcpu {
	bool online;
	bool blocked;
	bool running;
	uint32_t cpu; /* where it runs or last ran */
	uint64_t cpu_time_ns;
};

/*   -ESRCH   no such domain
 *   -EINVAL  no such vCPU */
int must_check hv_vcpu(uint16_t domid, uint32_t vcpu, struct hv_vcpu *v);

/* ---- hv_version.c ---- */

struct hv_version {
	unsigned int major, minor; /* of the guest interface */
	char extra[16];
	char capabilities[256];
};

int must_check hv_version(struct hv_version *v);

#endif /* CTRL_HV_H */
