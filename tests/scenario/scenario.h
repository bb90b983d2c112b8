/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A scenario under way: a mesh in virtual time, and the sentences of its script. How a script is written is
 * in README.md. run.c has what sentences do, expect.c what they expect.
 */
#ifndef HEAL_SCENARIO_SCENARIO_H
#define HEAL_SCENARIO_SCENARIO_H

#include "sim/mesh.h"

struct scenario {
    struct sim_mesh *mesh;
    struct heal_settings settings;
    uint64_t seed;
    heal_us since; /* incidents opened before this are old */
    int node;      /* where the incident of the last expectation is */
    uint64_t incident;
    const char *file;
    int line, failures;
};

enum { WORDS_MAX = 16 };
struct sentence {
    int words;
    char *word[WORDS_MAX];
};

/** Says where in the script something is wrong, and counts it. */
void scenario_fail(struct scenario *scenario, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** "10s", "900ms". @return 0 where it is none. */
heal_us scenario_span(const char *text);
/** @return the node's index, or a negative number after it has failed. */
int scenario_node(struct scenario *scenario, const char *name);
/** "n1-n2" or "n1>n2". @return the link; -1 after it has failed. */
int scenario_link(struct scenario *scenario, const char *text, int *ret_a, int *ret_b, bool *ret_one_way);

/** @return whether the sentence has this word there. */
bool sentence_is(const struct sentence *sentence, int index, const char *word);
double sentence_number(const struct sentence *sentence, int index);

/** What begins with "expect". */
void scenario_expect(struct scenario *scenario, const struct sentence *sentence);

#endif
