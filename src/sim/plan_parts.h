/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What the files that draw up plans share. */
#ifndef HEAL_SIM_PLAN_PARTS_H
#define HEAL_SIM_PLAN_PARTS_H

/** Between neighbours. By the default radio (radio/physics.h) that leaves 20 dB above the noise. */
static const double HEAL_SIM_SPACING_M = 65;

#endif
