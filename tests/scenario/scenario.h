/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A scenario under way: a mesh in virtual time, and the sentences of its script. How a script is written is
 * in README.md. sentences.c has the table of all sentences and what they do, expect.c what they expect,
 * sentence.c how they are read, run.c the program.
 */
#ifndef HEAL_SCENARIO_SCENARIO_H
#define HEAL_SCENARIO_SCENARIO_H

#include "sim/mesh.h"

struct scenario {
    struct sim_mesh *mesh;
    struct heal_settings settings;
    heal_us since;     /* incidents opened before this are old */
    int node;          /* where the incident of the last expectation is */
    uint64_t incident; /* 0: none was expected yet */
    const char *file;
    int line, failures;
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
    double number;   /* COUNT, LEVEL, SHARE (0 to 1), SIZE (bytes) */
    int choice;      /* MODE, DIAGNOSIS, REMEDY */
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
    void (*perform)(struct scenario *, const struct sentence *);
};

extern const struct sentence_row scenario_sentences[];
extern const size_t scenario_sentences_count;

/** Says where in the script something is wrong, and counts it. */
void scenario_fail(struct scenario *scenario, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * Reads a line by the table; a sentence is not to be copied. What it cannot be is said.
 * @return 1; 0 for an empty line or a comment; -1 after it has failed.
 */
int scenario_read(struct scenario *scenario, const char *line, struct sentence *ret_sentence);

/** Looks up the sentence's nodes, links and services in the mesh. @return false after it has failed. */
bool scenario_find(struct scenario *scenario, struct sentence *sentence);

/* What is expected: see the table. */
void expect_incident(struct scenario *scenario, const struct sentence *sentence);
void expect_healed(struct scenario *scenario, const struct sentence *sentence);
void expect_closed(struct scenario *scenario, const struct sentence *sentence);
void expect_all_closed(struct scenario *scenario, const struct sentence *sentence);
void expect_remedy(struct scenario *scenario, const struct sentence *sentence);
void expect_quiet(struct scenario *scenario, const struct sentence *sentence);
void expect_reach(struct scenario *scenario, const struct sentence *sentence);
void expect_avoids(struct scenario *scenario, const struct sentence *sentence);
void expect_no_acts(struct scenario *scenario, const struct sentence *sentence);

#endif
