/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The insides of a scenario under way: a mesh in virtual time, and the sentences of its script. sentences.c
 * has all sentences; what they do is in a file a kind: about_*.c, and expect.c for what is expected.
 * sentence.c says how they are read, scenario.c how a script is gone through.
 */
#ifndef HEAL_SCENARIO_SCENARIO_PARTS_H
#define HEAL_SCENARIO_SCENARIO_PARTS_H

#include "scenario/invariants.h"
#include "scenario/scenario.h"

struct heal_scenario {
    struct heal_sim *sim; /* NULL: not made yet */
    struct heal_settings settings;
    const struct heal_scenario_options *options;
    heal_us since;     /* incidents opened before this are old */
    unsigned node;     /* where the incident of the last expectation is */
    uint64_t incident; /* 0: none was expected yet */
    int line;
    unsigned expectations, failures;
    struct heal_invariants invariants;
    bool has_mesh; /* a sentence has made it, or, while the script is only read, would have */
};

enum { WORDS_MAX = 16 };

/* The words of a line, or of a pattern. */
struct words {
    size_t count;
    char *word[WORDS_MAX + 1];
    char room[256];
};

/* What a placeholder of a pattern stood for. Names are looked up before the sentence is performed. */
struct argument {
    const char *text;
    heal_us span;    /* SPAN */
    double number;   /* COUNT, LEVEL, DISTANCE (m), SHARE (0 to 1), SIZE (bytes) */
    int choice;      /* MODE, SHAPE, DIAGNOSIS, REMEDY */
    int node;        /* NODE; PLACE, LINK: the first; -1 before it was looked up */
    int other, link; /* LINK; PLACE: -1 where it is a node */
    int service;     /* SERVICE */
    bool one_way;    /* LINK: "n1>n2" */
};

struct sentence {
    const struct sentence_row *row;
    struct words words;
    int arguments;
    struct argument argument[WORDS_MAX];
    unsigned options; /* bit i: the pattern's word i, an [optional] one, is there */
};

/* A sentence of the language: its words, placeholders in capitals, [optional] ones; where it may stand; and
 * what it does. */
struct sentence_row {
    const char *pattern;
    bool before_mesh; /* else after it was made */
    void (*perform)(struct heal_scenario *, const struct sentence *);
};

/* Those of a kind, up to one without a pattern. */
extern const struct sentence_row heal_sentences_mesh[], heal_sentences_links[], heal_sentences_nodes[],
    heal_sentences_operators[], heal_sentences_expect[];

/** @return the @p index-th of all, or NULL past the last. */
const struct sentence_row *heal_sentence_row(size_t index);

/** Says where in the script something is wrong, and counts it. */
void heal_scenario_fail(struct heal_scenario *scenario, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Says what came of an expectation. */
void heal_scenario_tell(struct heal_scenario *scenario, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Lets time pass, and its watcher know. */
void heal_scenario_pass(struct heal_scenario *scenario, heal_us span);

/**
 * Reads a line by the table; a sentence is not to be copied. What it cannot be is said.
 * @return 1; 0 for an empty line or a comment; -1 after it has failed.
 */
int heal_sentence_read(struct heal_scenario *scenario, const char *line, struct sentence *ret_sentence);

/** Looks up the sentence's nodes, links and services in the mesh. @return false after it has failed. */
bool heal_sentence_find(struct heal_scenario *scenario, struct sentence *sentence);

/** @return the end of a link at a node; NULL after it has failed: the link has none there. */
struct heal_sim_port *heal_scenario_port(struct heal_scenario *scenario, const struct argument *link,
                                         const struct argument *node);

#endif
