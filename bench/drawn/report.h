/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What came of many cases: sums by true name, and how they are printed.
 */
#ifndef BENCH_DRAWN_REPORT_H
#define BENCH_DRAWN_REPORT_H

#include "drawn/judge.h"

#include <stdio.h>

struct drawn_report {
    uint64_t seed;
    struct drawn_sum {
        unsigned cases, right, wrong_name, wrong_place, not_found, early, astray;
        double after_s; /**< of those that were found, in all */
    } by_truth[HEAL_DIAGNOSES];
};

/** @return whether there is nothing to say about a case. */
bool drawn_verdict_is_clean(const struct drawn_verdict *verdict);

void drawn_report_take(struct drawn_report *report, enum heal_diagnosis truth,
                       const struct drawn_verdict *verdict);
/** @return the share of the cases whose first diagnosis was right, in the right place. */
double drawn_report_right_first(const struct drawn_report *report);

/** @return how many acts were on behalf of incidents about what was not sick. */
unsigned drawn_report_astray(const struct drawn_report *report);

/** Prints a case in a line. */
void drawn_report_case(FILE *out, unsigned number, enum heal_diagnosis truth,
                       const struct drawn_verdict *verdict);
void drawn_report_text(FILE *out, const struct drawn_report *report);
void drawn_report_json(FILE *out, const struct drawn_report *report);
/** Prints the table of faults. */
void drawn_report_faults(FILE *out);

#endif
