/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How often the first diagnosis is right: cases drawn from a seed, each a mesh of 4 to 64 nodes in virtual
 * time with one fault of the table in fault.c, judged by what was done to it.
 *   --seed N      any seed: other cases (1)
 *   --cases N     how many (320: twenty of each diagnosis)
 *   --only N      the N-th alone, with --trace every decision of it
 *   --floor SHARE ends 1 if fewer are right, or if anybody acts on what is not sick
 *   --faults      what is drawn, and why it has the name it has
 *   --json        one JSON object, else a line a case that went wrong
 * The same seed gives the same figures on every machine. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drawn/report.h"

enum { CASES = 320, BAD_USAGE = 64, NO_MEMORY = 70 };

struct how {
    uint64_t seed;
    unsigned cases, first;
    double floor;
    bool json, loud, trace, faults;
};

static void take(struct how *how, int option, const char *value) {
    how->seed = option == 's' ? strtoull(value, NULL, 0) : how->seed;
    how->cases = option == 'c' ? (unsigned)strtoul(value, NULL, 0) : how->cases;
    how->floor = option == 'f' ? strtod(value, NULL) : how->floor;
    how->json = how->json || option == 'j';
    how->loud = how->loud || option == 'l';
    how->trace = how->trace || option == 't';
    how->faults = how->faults || option == 'F';
    if (option != 'o')
        return;
    how->first = (unsigned)strtoul(value, NULL, 0);
    how->cases = 1;
    how->loud = true;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"seed",   required_argument, NULL, 's'},
        {"cases",  required_argument, NULL, 'c'},
        {"only",   required_argument, NULL, 'o'},
        {"floor",  required_argument, NULL, 'f'},
        {"json",   no_argument,       NULL, 'j'},
        {"loud",   no_argument,       NULL, 'l'},
        {"trace",  no_argument,       NULL, 't'},
        {"faults", no_argument,       NULL, 'F'},
        {NULL,     0,                 NULL, 0  }
    };
    struct how how = {.seed = 1, .cases = CASES};
    static struct drawn_report report;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == '?')
            return BAD_USAGE;
        take(&how, option, optarg);
    }
    if (how.faults) {
        drawn_report_faults(stdout);
        return 0;
    }
    report.seed = how.seed;
    for (unsigned i = how.first; i < how.first + how.cases; i++) {
        struct heal_drawn_case of;
        struct drawn_verdict verdict;
        if (heal_drawn_case_draw(how.seed, i, &of) < 0 ||
            drawn_judge(&of, how.trace ? stdout : NULL, &verdict) < 0) {
            fprintf(stderr, "scenarios: there is no memory for case %u\n", i);
            return NO_MEMORY;
        }
        drawn_report_take(&report, of.fault->truth, &verdict);
        if (how.loud || (!how.json && !drawn_verdict_is_clean(&verdict)))
            drawn_report_case(stderr, i, of.fault->truth, &verdict);
    }
    if (how.json)
        drawn_report_json(stdout, &report);
    else
        drawn_report_text(stdout, &report);
    return how.floor > 0 &&
           (drawn_report_right_first(&report) < how.floor || drawn_report_astray(&report) > 0);
}
