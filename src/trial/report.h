/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What came of a series of trials as JSON: the form of `healctl lab demo --json` and of bench/loop.
 *
 *     {"faults": [{"kind", "fault", "hard", "measured", "verified", "harmed", "detect_s", "heal_s",
 * "diagnosis", "right", "remedy", "held_s", "lost_with", "lost_without", "sent_with", "sent_without", "acts",
 *                  "acts_elsewhere", "incidents_elsewhere", "calm_again"}],
 *      "lost_ratio", "right_first", "verified", "wrong_node"}
 *
 * verified, right_first: shares of the faults. detect_s is null where the fault was not detected, heal_s
 * where it was not healed, lost_ratio where nothing was lost with heald.
 */
#ifndef HEAL_TRIAL_REPORT_H
#define HEAL_TRIAL_REPORT_H

#include <jansson.h>

#include "trial/trial.h"

/** @return a new object, the caller's; NULL where memory is out. */
json_t *heal_trial_report(const struct heal_trial *trials, const struct heal_trial_result *results,
                          size_t count);

#endif
