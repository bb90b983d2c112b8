/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A heald that is not there: fixed snapshots behind the functions of heal/status.h and heald/view.h, for
 * tests of what is made from them. Time stands still at FAKE_NOW.
 */
#ifndef TESTS_CLI_FAKE_HEALD_H
#define TESTS_CLI_FAKE_HEALD_H

#include "heald/view.h"

#define FAKE_NOW (1000 * HEAL_US_PER_S)

/** @return the one view, with a node that has trouble. */
struct heald_view *fake_heald_view(void);

/** Who may ask it and give it orders; by default root, its own user, and group heald where there is one. */
struct heald_access *fake_heald_access(void);

/** A node that knows nothing yet: no ports, no incidents, no store. */
void fake_heald_set_empty(bool empty);
/** So many faults have been told of that there is no room for more. */
void fake_heald_set_deaf(bool deaf);

/** The last order that was given, and what the next ones get for an answer. */
struct heal_event_operator *fake_heald_order(void);
void fake_heald_set_answer(int code);

#endif
