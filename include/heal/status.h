/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Looking at an engine: snapshots for status pages, metrics and the command line. Nothing here changes it.
 */
#ifndef HEAL_STATUS_H
#define HEAL_STATUS_H

#include "heal/judgement.h"
#include "heal/series.h"
#include "heal/settings.h"

enum { HEAL_EVIDENCE_MAX = 6, HEAL_RANKED_MAX = 3, HEAL_STEPS_MAX = 8, HEAL_CHANGES_MAX = 120 };

/** One thing that was seen, against what is normal here. */
struct heal_evidence {
    char what[40]; /**< e.g. "loss out, full-size" */
    char unit[8];
    float seen, normal, threshold;
    bool has_normal, has_threshold;
    uint32_t samples;      /**< what `seen` rests on; 0: a direct look */
    enum heal_track track; /**< what shows it over time */
};

struct heal_ranked {
    enum heal_diagnosis diagnosis;
    float confidence;
};

enum heal_step_state {
    HEAL_STEP_PLANNED,
    HEAL_STEP_RECORDING, /**< its evidence and intent are being made durable */
    HEAL_STEP_DRAINING,  /**< traffic is led away from the interface that it is about to take away */
    HEAL_STEP_ACTING,
    HEAL_STEP_VERIFYING,
    HEAL_STEP_HOLDING, /**< it works, and stays in place while the trouble lasts */
    HEAL_STEP_UNDOING,
    HEAL_STEP_DONE, /**< worked, and is over */
    HEAL_STEP_FAILED,
    HEAL_STEP_WOULD, /**< observe or warn: was not done */
    HEAL_STEP_STATES,
};
const char *heal_step_state_name(enum heal_step_state state);
/** @return the same for people, e.g. "would be done in mode act". */
const char *heal_step_state_words(enum heal_step_state state);
/** All of them, with a NULL at the end. */
extern const char *const heal_step_state_names[HEAL_STEP_STATES + 1];

struct heal_step_status {
    enum heal_remedy remedy;
    enum heal_step_state state;
    heal_us started, settled; /**< settled: verified or failed; 0: not yet */
    uint16_t commands;
    char target[HEAL_NAME_MAX]; /**< the service that it is done to; empty: it is done to none */
    char rule[80];              /**< which rule chose it */
    /** the destinations that it led otherwise, as "PREFIX over INTERFACE, …"; empty: none */
    char changed[HEAL_CHANGES_MAX];
    char outcome[80]; /**< in words, once there is one */
};

/** Why nothing is done about an incident. */
enum heal_suppression {
    HEAL_NOT_SUPPRESSED, /**< nothing holds it back */
    HEAL_SUPPRESSED_PAUSED,
    HEAL_SUPPRESSED_WAITING,
    HEAL_SUPPRESSED_CONFIDENCE,
    HEAL_SUPPRESSED_COOLDOWN,
    HEAL_SUPPRESSED_BUDGET,
    HEAL_SUPPRESSED_STORM,
    HEAL_SUPPRESSED_MIN_NEIGHBOURS,
    HEAL_SUPPRESSED_EXHAUSTED,
    HEAL_SUPPRESSED_EVIDENCE,
    HEAL_SUPPRESSED_OPERATOR,
    HEAL_SUPPRESSIONS,
};
/** @return its slug; NULL for HEAL_NOT_SUPPRESSED. */
const char *heal_suppression_name(enum heal_suppression reason);

enum heal_role { HEAL_ROLE_OWNER, HEAL_ROLE_END, HEAL_ROLE_UPSTREAM };
/** @return "owner", "end" or "upstream". */
const char *heal_role_name(enum heal_role role);

struct heal_incident_status {
    uint64_t id;
    enum heal_role role;
    heal_node_id owner;
    char node[HEAL_NAME_MAX], other[HEAL_NAME_MAX]; /**< the sick node, or the ends of the sick link */
    char ifname[HEAL_IFNAME_MAX];                   /**< of this node's port, if one is concerned */
    char service[HEAL_NAME_MAX];                    /**< of this node, if it is the one that is sick */
    char mesh[HEAL_IFNAME_MAX];                     /**< its interface, if it is this node's part in it */
    heal_us first_seen, opened, healed, closed; /**< first_seen: when the trouble began to show; 0: not yet */
    heal_us diagnosed;             /**< when its present diagnosis was made; `opened` where it is the first */
    enum heal_diagnosis opened_as; /**< its first diagnosis */
    bool refuted;                  /**< this node saw it, and saw it gone before anything was done */
    bool withdrawn; /**< another node had reported it, and no longer does; nothing was seen of it here */
    /** only in a snapshot: closed, for what kept the trouble away was taken back to see whether it is over */
    bool on_trial;
    int8_t label; /**< -1 none, 0 false, 1 true */
    uint8_t ranks, evidences, steps;
    struct heal_ranked ranked[HEAL_RANKED_MAX];
    struct heal_evidence evidence[HEAL_EVIDENCE_MAX];
    struct heal_step_status step[HEAL_STEPS_MAX];
    enum heal_suppression suppressed;
    /** so many destinations had their last way through what is sick, and no other way to them is known */
    uint16_t cut_off;
    char others[96]; /**< what somebody else has changed there meanwhile, in words; empty: nothing was seen */
};

struct heal_port_status {
    struct heal_port_key key;
    heal_node_id neighbour;
    char neighbour_name[HEAL_NAME_MAX];
    bool up, hears, examined;
    uint16_t cost;
    struct heal_features features, normal; /**< normal: the baselines */
    float loss_in, loss_out;               /**< shares; 1 where nothing comes through; below 0: not known */
};

struct heal_threshold_status {
    enum heal_metric metric;
    float value, start, min, max;
    uint32_t tightened, relaxed;
};

struct heal_strategy_status {
    enum heal_diagnosis diagnosis;
    enum heal_remedy remedy;
    uint32_t tried, worked;
    float success; /**< the expectation of its Beta record */
    float mttr_s;  /**< mean time to repair; 0: never worked */
};

struct heal_feedback_status {
    uint32_t updates, confirmed, refuted, missed, tightened, relaxed, strategies;
};

struct heal_engine_status {
    char node[HEAL_NAME_MAX];
    enum heal_mode mode;
    bool paused;
    heal_us paused_until; /**< HEAL_NEVER: until resumed */
    char pause_reason[HEAL_NAME_MAX * 4];
    bool storm;
    unsigned leftovers; /**< steps, mostly of an earlier run, that are still to be taken back */
    size_t ports, neighbours_healthy, routes;
    size_t incidents_open;     /**< of this node, or of its links */
    size_t incidents_reported; /**< open, too, and another's: this node's traffic passes there */
    uint64_t rounds;
    struct heal_features node_features; /**< CPU and memory */
    struct heal_feedback_status feedback;
    uint32_t incidents_total[HEAL_DIAGNOSES];
    uint32_t actions_total[HEAL_REMEDIES][3]; /**< worked, failed, would */
    uint32_t suppressed_total[HEAL_SUPPRESSIONS];
    float mttd_sum_s, mttr_sum_s;
    uint32_t mttd_count, mttr_count;
};

void heal_engine_status(const struct heal_engine *engine, struct heal_engine_status *ret_status);

/** Each: fills the @p index-th and @return true, or false past the end. */
bool heal_engine_port(const struct heal_engine *engine, size_t index, struct heal_port_status *ret_status);
bool heal_engine_incident(const struct heal_engine *engine, size_t index,
                          struct heal_incident_status *ret_status);
/** As the above, by its number. @return false where the engine does not have it. */
bool heal_engine_incident_find(const struct heal_engine *engine, uint64_t id,
                               struct heal_incident_status *ret_status);
/** @return whether the engine has such a network; then @p ret_model is its number, and @p ret_threshold the
 * logit above which it calls a port sick, in 1 / 1024. */
bool heal_engine_network(const struct heal_engine *engine, enum heal_slot slot, uint64_t *ret_model,
                         int32_t *ret_threshold);
/** As heal_engine_port, what a network says of the ports. */
bool heal_engine_judgement(const struct heal_engine *engine, enum heal_slot slot, size_t index,
                           struct heal_judgement *ret_judgement);

/** What its evidence has done over time, from before it began to show. @return how many series there are:
 * none where the engine does not have the incident, or it is not about this node. */
size_t heal_engine_incident_series(const struct heal_engine *engine, uint64_t id,
                                   struct heal_series ret_series[static HEAL_SERIES_MAX]);
bool heal_engine_threshold(const struct heal_engine *engine, size_t index,
                           struct heal_threshold_status *ret_status);
bool heal_engine_strategy(const struct heal_engine *engine, size_t index,
                          struct heal_strategy_status *ret_status);

/** @return what a diagnosis means, in a sentence. */
const char *heal_diagnosis_meaning(enum heal_diagnosis diagnosis);
/** @return what a remedy does, in words that go on after "it would". */
const char *heal_remedy_meaning(enum heal_remedy remedy);

/**
 * Says in plain words what was seen against what is normal, which detector, which rule chose the remedy, and
 * what came of it. @return the length written (always terminated; a text that does not fit ends in "…").
 */
size_t heal_incident_explain(const struct heal_incident_status *incident, heal_us now, char *buffer,
                             size_t size);

/**
 * Says in plain words what comes next for an incident of the engine's table: when what is in place is taken
 * back, what would be tried after it, what holds heald back, what it will not do here. A sentence a line.
 * @return 0, or -ENOENT with an empty text: the engine no longer has it, so it is over.
 */
int heal_engine_outlook(const struct heal_engine *engine, uint64_t id, char *buffer, size_t size);

/**
 * Says in plain words what a verdict of the network said, why, and what was true (heal/verdict.h).
 * @return the text's length (cut where it does not fit), or -ENOENT: the engine no longer has it.
 */
int heal_engine_verdict_explain(const struct heal_engine *engine, uint64_t id, char *buffer, size_t size);
/** @return the newest verdict of the active network that is about an incident of the engine's table: an alarm
 * at its port, at its time; 0: there is none. */
uint64_t heal_engine_incident_verdict(const struct heal_engine *engine, uint64_t id);

/** @return whether a step's record is of one that the next run has to find: begun, and not over. */
bool heal_step_record_is_open(const char *value);

/** @return whether two incidents, perhaps as different nodes have them, are about the same link, node,
 * service or mesh. */
bool heal_incident_shares_place(const struct heal_incident_status *a, const struct heal_incident_status *b);

/** An incident as a record's value, and back: how the history is kept. @return 0 or negative errno. */
int heal_incident_format(const struct heal_incident_status *incident, char *buffer, size_t size);
int heal_incident_parse(const char *text, struct heal_incident_status *ret_incident,
                        struct heal_error *error);

#endif
