/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The judge of a case: it lets the mesh live, hears what all engines decide and do after the fault, and
 * compares that with the truth.
 */
#ifndef BENCH_DRAWN_JUDGE_H
#define BENCH_DRAWN_JUDGE_H

#include "drawn/case.h"
#include "heal/status.h"

#include <stdio.h>

/** What came of a case. */
struct drawn_verdict {
    char what[160];   /**< the case in words */
    bool found;       /**< an incident was opened in time, at the place itself or anywhere else */
    bool right_name;  /**< its first diagnosis is the true one */
    bool right_place; /**< it is about what is sick */
    double after_s;   /**< from the fault to the first incident */
    enum heal_diagnosis said;
    char place[2 * HEAL_NAME_MAX + 2]; /**< what it is about */
    unsigned early;                    /**< incidents before the fault: false alarms */
    unsigned astray;                   /**< acts on behalf of incidents about what is not sick, or of none */
    char astray_why[2 * HEAL_NAME_MAX + 64]; /**< the first of them */
};

/** @return 0 or -ENOMEM. @param trace where every decision of every node goes; NULL: nowhere. */
int drawn_judge(const struct heal_drawn_case *of, FILE *trace, struct drawn_verdict *ret_verdict);

#endif
