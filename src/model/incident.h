/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * An incident as the engine works on it: what people see of it (heal/status.h) and what only the loop needs.
 * Plain data in a bounded table that the world owns; the oldest closed incident makes room for a new one.
 */
#ifndef HEAL_MODEL_INCIDENT_H
#define HEAL_MODEL_INCIDENT_H

#include "model/symptom.h"

enum { HEAL_INCIDENTS_MAX = 48 };

/** One setting of a mesh or a radio that a step changes. Of which interface, its port says. */
struct heal_retuning {
    bool on; /**< false: none */
    enum heal_tuning what;
    uint32_t from, to;
};

/** What only the step machine and the remedies know of a step; its visible half is heal_step_status. */
struct heal_step {
    uint32_t record_ticket; /**< of the record that must be durable first; 0: it is */
    uint32_t pending;       /**< acts that are still unanswered */
    int code;               /**< the first bad result of its acts */
    bool unsaved;           /**< is over without having begun: its evidence could not be saved */
    bool begun;             /**< its acts were ordered */
    bool cured;             /**< worked, and stays: only what was done before the acts is taken back */
    bool worked;            /**< was checked, and did */
    bool failed;            /**< did not work: it is being, or was, taken back */
    const char *why;        /**< worked, and is taken back: for this reason, in constant words */
    bool undone_again;      /**< taking it back has failed once already */
    bool undo_ordered;      /**< all of taking it back */
    bool shown;             /**< what it has put in place was seen there */
    bool unsure;            /**< left over, and perhaps not in place: not yet, or no longer */
    heal_us deadline;
    /** what it treats, and when that diagnosis was made: its record is of that, whatever comes of the
     * incident */
    enum heal_diagnosis treats;
    heal_us treats_since;
    heal_us drained_at; /**< since when its rule's drain is in place; 0: it is not */
    heal_us acted;      /**< when the acts were all answered */
    heal_us undone_at;  /**< when it was ordered to be taken back; 0: it was not */
    /* What it is done to, and what undoing it takes: aimed at, and on record, before anything is done. */
    struct heal_port_key port;
    char service[HEAL_NAME_MAX];
    uint32_t before;
    struct heal_retuning tune;  /**< the setting that it changes */
    struct heal_retuning drain; /**< the one that its rule's drain makes before and beside that */
    uint32_t mark;              /**< the remedy's own, and not on record */
};

struct heal_incident {
    bool used;
    struct heal_incident_status view;
    struct heal_element element;
    heal_us seen_at;    /**< when a symptom of its first diagnosis last spoke for it */
    heal_us sick_at;    /**< when any symptom of its element last did */
    heal_us gone_since; /**< since when none has; 0: one does */
    bool witnessed;     /**< a symptom that this node has seen itself has spoken for it */
    bool reported;      /**< its owner, another node, says that it goes on */
    /** when the diagnosis was made whose repair is in the mean time to repair; 0: none is */
    heal_us counted;
    heal_us well_at; /**< when last nothing suffered from it, by what was done or by itself */
    /** what the owner, another node, does about it; HEAL_REMEDIES: not known */
    enum heal_remedy owner_remedy;
    bool owner_idle; /**< another node's incident, and it has nothing in place for it (any more) */
    uint32_t barred; /**< bit r: somebody else has changed what remedy r did; not again for this trouble */
    bool dismissed;  /**< an operator wants nothing done about it */
    bool owner_done; /**< another node's incident, and it has said that it is over */
    heal_us confident_at;   /**< since when its first diagnosis has held */
    uint8_t hold_doublings; /**< so often the same trouble came back lately, up to a limit */
    heal_us hold_us;        /**< how long trouble must be gone before a step that holds is undone */
    heal_us announced_at;   /**< news of it last went out */
    heal_us announcing_at;  /**< it is on its way out since; 0: it is not */
    size_t announced_to;    /**< so many ports have been told meanwhile */
    char drained_ifname[HEAL_IFNAME_MAX]; /**< an interface that nothing is to go out by; empty: none */
    uint32_t tried;                       /**< bit r: remedy r was used or passed over in this incident */
    uint32_t passed_over; /**< of these, cures of an earlier incident after which the trouble came back */
    heal_us unsaved_at;   /**< when the evidence of a step last could not be saved; 0: never */
    uint8_t recurrences;  /**< how often it came back within the window */
    struct heal_step step[HEAL_STEPS_MAX];
    struct heal_series series[HEAL_SERIES_MAX]; /**< of its evidence; a track of none: a free place */
};

/** @return whether it is not closed yet. */
static inline bool heal_incident_is_open(const struct heal_incident *incident) {
    return incident->used && incident->view.closed == 0;
}

/** @return its most likely diagnosis. */
static inline enum heal_diagnosis heal_incident_diagnosis(const struct heal_incident *incident) {
    return incident->view.ranked[0].diagnosis;
}

/**
 * What takes both ends is done by both or by none, and the owner of the link's incident has the choice; what
 * was tried here already is not asked for again.
 * @return whether this node may do @p remedy beside what the owner does.
 */
bool heal_incident_agrees_with_owner(const struct heal_incident *incident, enum heal_remedy remedy);

/** @return what people see of one of its steps; NULL: it is another's, such as that of an earlier run. */
struct heal_step_status *heal_incident_step_view(struct heal_incident *incident,
                                                 const struct heal_step *step);

/** @return the index of its step that is not over yet, or -1. */
int heal_incident_active_step(const struct heal_incident *incident);

/** As the above, of an incident that is open; -1 of a closed one. */
int heal_incident_open_step(const struct heal_incident *incident);

/** @return whether a step of it is in place and works. */
bool heal_incident_is_held(const struct heal_incident *incident);

/** @return whether the state is one in which nothing more happens by itself. */
bool heal_step_is_over(enum heal_step_state state);

/** @return whether what the step does is, or may be, in place: ordered, and not being taken back. */
bool heal_step_is_in_place(enum heal_step_state state);

#endif
