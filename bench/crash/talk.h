/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Talks to a victim as operators and watchers do, and notes what its answers promise. */
#ifndef CRASH_TALK_H
#define CRASH_TALK_H

#include "victim.h"

/** Says the next thing, if it is time for one. */
void crash_talk(struct crash_victim *victim, struct heal_random *random);

/** Orders a mode. */
void crash_talk_order_mode(struct crash_victim *victim, const char *mode);

#endif
