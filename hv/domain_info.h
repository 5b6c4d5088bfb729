/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* What domctl and sysctl both say about a domain. */
#ifndef HV_DOMAIN_INFO_H
#define HV_DOMAIN_INFO_H

struct domain;
struct xen_domctl_getdomaininfo; /* <xen/domctl.h>, which only the control interface may see */

void domain_info(struct domain *d, struct xen_domctl_getdomaininfo *info);

#endif /* HV_DOMAIN_INFO_H */
