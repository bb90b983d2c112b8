/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A picture of a mesh and its incidents as one HTML page that needs nothing else: a map, a timeline, a card
 * an incident. Whoever has the facts, a daemon's answers or a simulation, adds them in any order and writes
 * the page. The picture copies what it is given and owns it. It trusts no text: whatever names and words
 * hold, they are shown, never obeyed.
 */
#ifndef HEAL_PICTURE_PICTURE_H
#define HEAL_PICTURE_PICTURE_H

#include "heal/series.h"
#include "heal/status.h"

#include <stdio.h>

enum { HEAL_PICTURE_WORDS_MAX = 1024 };

struct heal_picture_node {
    char name[HEAL_NAME_MAX];
    bool self;       /**< the page is this node's view */
    bool placed;     /**< its position is known */
    double x_m, y_m; /**< east and north of anywhere */
};

enum heal_picture_link_state {
    HEAL_PICTURE_UP,
    HEAL_PICTURE_EXAMINED, /**< under a short, dense look */
    HEAL_PICTURE_SILENT,
    HEAL_PICTURE_DOWN,
    HEAL_PICTURE_HEARSAY, /**< known only from an incident on it */
};

struct heal_picture_link {
    char a[HEAL_NAME_MAX], b[HEAL_NAME_MAX];
    enum heal_picture_link_state state;
    float loss_to_b, loss_to_a; /**< share; below 0: not known */
    float latency_ms;           /**< below 0: not known */
};

struct heal_picture_incident {
    char at[HEAL_NAME_MAX]; /**< the node that tells of it */
    struct heal_incident_status status;
    char others[HEAL_PICTURE_WORDS_MAX]; /**< what other nodes did about it, a sentence a line; or empty */
    char next[HEAL_PICTURE_WORDS_MAX];   /**< what comes next, a sentence a line; empty: nothing is said */
    size_t series;
    struct heal_series of[HEAL_SERIES_MAX];
};

/** Something that was done to the mesh, and is no incident. */
struct heal_picture_note {
    heal_us time;
    char text[160];
};

struct heal_picture {
    char title[120], subtitle[200];
    char command[80]; /**< what says more of an incident, but for its number: "healctl explain"; empty:
                         nothing */
    heal_us now;      /**< the moment of the picture, on the clock of its times */
    double
        unix_at_zero; /**< what that clock's zero was in seconds since 1970; 0: the clock is no calendar's */
    size_t nodes, links, incidents, notes;
    struct heal_picture_node *node;
    struct heal_picture_link *link;
    struct heal_picture_incident *incident;
    struct heal_picture_note *note; /**< in the order of time */
};

/** @param title what the page is headed by. @return an empty picture, or NULL without memory. */
struct heal_picture *heal_picture_new(const char *title);
struct heal_picture *heal_picture_free(struct heal_picture *picture);

/** Each adds a copy. A node or a link that is there already stays as it is. @return 0 or -ENOMEM. */
int heal_picture_add_node(struct heal_picture *picture, const struct heal_picture_node *node);
int heal_picture_add_link(struct heal_picture *picture, const struct heal_picture_link *link);
/** Nodes and links that it names and nobody has added are added, as hearsay. */
int heal_picture_add_incident(struct heal_picture *picture, const struct heal_picture_incident *incident);

/** Times go up from note to note. */
int heal_picture_add_note(struct heal_picture *picture, heal_us time, const char *text);

/** Writes the page. @return 0, -ENOMEM, or -EIO where @p out does not take all. */
int heal_picture_write(const struct heal_picture *picture, FILE *out);

#endif
