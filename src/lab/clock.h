/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The lab's clock: what its counts, its faults and its times are by. The nodes' healds have the same one. */
#ifndef HEAL_LAB_CLOCK_H
#define HEAL_LAB_CLOCK_H

#include "heal/types.h"

/** @return now (base/clock.h). */
heal_us heal_lab_now(void);

#endif
