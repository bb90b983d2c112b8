/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The insides of a scenario under way: a mesh in virtual time, and the sentences of its script. sentences.c
 * has all sentences; what they do is in a file a kind: about_*.c, and expect.c for what is expected.
 * placeholder.c and sentence.c say how they are read, names.c how what they name is looked up, scenario.c how
 * a script is gone through, finding.c what the engines have found and whose it is, kept.c what has to stay
 * healed.
 */
#ifndef HEAL_SCENARIO_SCENARIO_PARTS_H
#define HEAL_SCENARIO_SCENARIO_PARTS_H

#include "scenario/invariants.h"
#include "scenario/scenario.h"
#include "sim/sim_state.h"

/* A script is gone through four times, each time only if nothing was wrong with it the time before. */
enum heal_scenario_pass {
    HEAL_SCENARIO_READS,  /* its sentences */
    HEAL_SCENARIO_DRAWS,  /* what stands before the mesh comes true, and the mesh is drawn up */
    HEAL_SCENARIO_CHECKS, /* all that the others name is looked up in it, and whether they can come true */
    HEAL_SCENARIO_LIVES,  /* they do */
};

enum { HEAL_KEPT_MAX = 16 };

/* An incident that was expected to be healed, and was: so it has to stay, as long as nothing else befalls. */
struct heal_kept {
    unsigned node;
    uint64_t incident;
    int line;
};

struct heal_scenario {
    struct heal_sim *sim;      /* NULL: not made yet */
    struct heal_sim_plan plan; /* what it is made of */
    bool radio, late;          /* as its sentence says */
    struct heal_settings settings;
    struct heal_gnn_model *model; /* NULL: no node has a network */
    const struct heal_scenario_options *options;
    heal_us since;     /* incidents opened before this are old */
    unsigned node;     /* where the incident of the last expectation is */
    uint64_t incident; /* 0: none was expected yet */
    unsigned kept;
    struct heal_kept keeps[HEAL_KEPT_MAX]; /* the first so many */
    int line;
    unsigned expectations, failures;
    unsigned unmet;    /* expectations that failed */
    unsigned mistakes; /* of the script's own: it never comes to life */
    int r;             /* -ENOMEM: what happened since is not to be believed */
    struct heal_invariants invariants;
    bool has_mesh; /* a sentence has drawn it up, or, while the script is only read, would have */
    /* While it is checked: what the sentences so far have done. */
    bool is_expected;       /* an incident is */
    struct heal_fate *fate; /* of each node */
};

/* What a script has done to a node. */
struct heal_fate {
    bool dead, gateway;
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
    int column;      /* from 1 */
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
    int column; /* of its first word, from 1 */
    int arguments;
    struct argument argument[WORDS_MAX];
    unsigned options; /* bit i: the pattern's word i, an [optional] one, is there */
};

/* A sentence of the language: its words, placeholders in capitals, [optional] ones; where it may stand; what
 * it does; and what must be so that it can, which is refused if it is not. */
struct sentence_row {
    const char *pattern;
    bool before_mesh; /* else after it was made */
    void (*perform)(struct heal_scenario *, const struct sentence *);
    void (*check)(struct heal_scenario *, const struct sentence *); /* NULL: nothing else */
};

/* A word in capitals, and what may stand for it. */
struct placeholder {
    const char *name, *example;
    bool (*read)(const char *text, struct argument *argument);
    /* In the mesh; refuses what is not there. NULL: is no name. */
    bool (*find)(struct heal_scenario *scenario, struct argument *argument);
};

/* @return NULL for a word that is none. */
const struct placeholder *heal_placeholder(const char *word);

/* How names are looked up: the nodes, links and services of the plan. @return false after they were refused.
 */
bool heal_find_node(struct heal_scenario *scenario, struct argument *argument);
bool heal_find_link(struct heal_scenario *scenario, struct argument *argument);
bool heal_find_place(struct heal_scenario *scenario, struct argument *argument);
bool heal_find_service(struct heal_scenario *scenario, struct argument *argument);

/* Those of a kind, up to one without a pattern. */
extern const struct sentence_row heal_sentences_mesh[], heal_sentences_links[], heal_sentences_nodes[],
    heal_sentences_operators[], heal_sentences_expect[];

/** @return the @p index-th of all, or NULL past the last. */
const struct sentence_row *heal_sentence_row(size_t index);

/** Says at which sentence something did not come true, or what must hold broke; and counts it. */
void heal_scenario_fail(struct heal_scenario *scenario, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Says where in the present line the script is wrong, and counts it. @param column from 1. */
void heal_scenario_refuse(struct heal_scenario *scenario, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Says what came of an expectation. */
void heal_scenario_tell(struct heal_scenario *scenario, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Fails where what was expected to be healed, and was, is so no longer; then forgets it. To be called before
 * something befalls the mesh, and at the end. */
void heal_scenario_look_back(struct heal_scenario *scenario);

/** Lets time pass, and its watcher know. Without memory it passes, but nothing happens in it, and `r` says
 * so. */
void heal_scenario_wait(struct heal_scenario *scenario, heal_us span);

/** An incident, as a node knows it. */
struct heal_scenario_finding {
    unsigned node;
    struct heal_incident_status incident;
};

/** @return whether one was opened after @p since, at the node that it is about or an end of its link; gives
 * the first. */
bool heal_scenario_find(const struct heal_scenario *scenario, heal_us since,
                        struct heal_scenario_finding *ret_finding);
/** An end may know before the owner does, who will see to it: the next sentences are about his incident,
 * which is waited for, a second at most. */
void heal_scenario_follow_owner(struct heal_scenario *scenario, struct heal_scenario_finding *found);

/**
 * Reads a line by the table; a sentence is not to be copied. What it cannot be is said.
 * @return 1; 0 for an empty line or a comment; -1 after it was refused.
 */
int heal_sentence_read(struct heal_scenario *scenario, const char *line, struct sentence *ret_sentence);

/** Looks up the sentence's nodes, links and services in the mesh. @return false after it was refused. */
bool heal_sentence_find(struct heal_scenario *scenario, struct sentence *sentence);

/** Refuses a sentence about the incident of the last expectation where nothing was expected before. */
void heal_scenario_check_incident(struct heal_scenario *scenario, const struct sentence *sentence);
/** Refuses a link that has no end at the node. */
void heal_scenario_check_end(struct heal_scenario *scenario, const struct argument *link,
                             const struct argument *node);
/** @return the end of a link at a node, which has one there. */
struct heal_sim_port *heal_scenario_port(struct heal_scenario *scenario, const struct argument *link,
                                         const struct argument *node);

#endif
