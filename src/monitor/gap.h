/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Gaps between rounds: the host was suspended, or heald did not run for a while. What was measured before
 * says nothing about now, and what waited in the sockets meanwhile tells of losses that are only heald's own.
 * So the evidence is dropped, and for a short while nothing is judged; what takes its time has that time
 * anew.
 */
#ifndef HEAL_MONITOR_GAP_H
#define HEAL_MONITOR_GAP_H

#include "model/world.h"

/**
 * Looks for a gap before this round; once a round.
 * @param due when this round should have been; 0: it is the first. Where it comes a second late and more, the
 * node stands still (heal_world_stood_still), though that is no gap yet: silence may be its own.
 * @return whether this round is not to judge anything.
 */
bool heal_gap_update(struct heal_world *world, heal_us due);

/** @return whether the last gap is long enough ago to begin something: the neighbours, which may have missed
 * this node, have had the time to see that it is back. */
bool heal_gap_is_over(const struct heal_world *world);

#endif
