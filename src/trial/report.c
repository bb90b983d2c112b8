/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "trial/report.h"

#include <string.h>

static json_t *number_or_null(bool there, double number) {
    return there ? json_real(number) : json_null();
}

static json_t *report_one(const struct heal_trial *trial, const struct heal_trial_result *result) {
    size_t kind = strcspn(trial->fault, " ");
    const char *diagnosis = result->detected ? heal_diagnosis_slug(result->diagnosis) : NULL;

    return json_pack("{s:s%,s:s,s:b,s:s,s:b,s:b,s:o,s:o,s:s?,s:b,s:s?,s:f,s:I,s:I,s:I,s:I,s:i,s:i,s:i,s:b}",
                     "kind", trial->fault, kind, "fault", trial->fault, "hard", (int)trial->hard, "measured",
                     result->measured, "verified", (int)result->verified, "harmed", (int)result->harmed,
                     "detect_s", number_or_null(result->detected, result->detect_s), "heal_s",
                     number_or_null(result->healed, result->heal_s), "diagnosis", diagnosis, "right",
                     (int)result->right, "remedy", result->remedy[0] ? result->remedy : NULL, "held_s",
                     result->held_s, "lost_with", (json_int_t)result->lost[HEAL_TWIN_WITH], "lost_without",
                     (json_int_t)result->lost[HEAL_TWIN_WITHOUT], "sent_with",
                     (json_int_t)result->sent[HEAL_TWIN_WITH], "sent_without",
                     (json_int_t)result->sent[HEAL_TWIN_WITHOUT], "acts", (int)result->acts, "acts_elsewhere",
                     (int)result->acts_elsewhere, "incidents_elsewhere", (int)result->incidents_elsewhere,
                     "calm_again", (int)result->calm_again);
}

static double share(unsigned part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : 0;
}

json_t *heal_trial_report(const struct heal_trial *trials, const struct heal_trial_result *results,
                          size_t count) {
    double ratio = heal_trial_lost_ratio(results, count);
    unsigned right = 0, verified = 0, elsewhere = 0;
    json_t *faults = json_array();

    for (size_t i = 0; i < count; i++) {
        right += results[i].right;
        verified += results[i].verified;
        elsewhere += results[i].acts_elsewhere;
        (void)json_array_append_new(faults, report_one(&trials[i], &results[i]));
    }
    return json_pack("{s:o,s:o,s:f,s:f,s:i}", "faults", faults, "lost_ratio",
                     number_or_null(ratio > 0, ratio), "right_first", share(right, count), "verified",
                     share(verified, count), "wrong_node", (int)elsewhere);
}
