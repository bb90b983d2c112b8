/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What heald would have people do to a radio, and does itself only where their policy says so: another
 * channel, or more power. As the very command, to be read first and then typed.
 */
#ifndef HEAL_PLAN_PROPOSAL_H
#define HEAL_PLAN_PROPOSAL_H

#include "base/text.h"
#include "model/world.h"

/** @return the channel to move to from @p frequency_mhz: the next that does not overlap, in the same band and
 * without radar to look out for; 0 where there is none that is known. */
uint32_t heal_proposal_channel(uint32_t frequency_mhz);

/** @return 3 dB more, up to 20 dBm, in hundredths of a dBm; 0: it is as loud already. */
uint32_t heal_proposal_power(uint32_t mbm);

/** Adds the command that could help with the incident. @return false: there is none. */
bool heal_proposal_add(struct heal_text *text, const struct heal_world *world,
                       const struct heal_incident *incident);

#endif
