/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The course of what an incident's evidence speaks of: each round the tracks of ports, node and services are
 * noted down, and the open incidents take from that what they are about.
 */
#ifndef HEAL_ANALYZE_COURSE_H
#define HEAL_ANALYZE_COURSE_H

#include "model/world.h"

void heal_course_update(struct heal_world *world);

#endif
