/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* What domctl and sysctl both say about a domain.  Needs __XEN_TOOLS__. */
#ifndef HV_DOMAIN_INFO_H
#define HV_DOMAIN_INFO_H

#include "abi/abi.h"

#include <xen/domctl.h>

struct domain;

void domain_info(struct domain *d, struct xen_domctl_getdomaininfo *info);

#endif /* HV_DOMAIN_INFO_H */
