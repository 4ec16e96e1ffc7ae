/* SPDX-License-Identifier: BSD-2-Clause */
/* level.h - how far an interval of some level reaches to each side. */
#ifndef VMM_STATISTICS_LEVEL_H
#define VMM_STATISTICS_LEVEL_H

/* What an interval of 95 % leaves on each side. */
#define LEVEL_95 0.025

/* What the normal distribution exceeds with probability alpha, 1e-9 to 0.5. */
double level_z(double alpha);

/* The same of Student's t with freedom, at least 1, degrees of it. */
double level_t(double alpha, unsigned int freedom);

#endif
