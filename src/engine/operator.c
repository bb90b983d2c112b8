/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/operator.h"

#include "base/pairs.h"
#include "base/text.h"
#include "engine/judge.h"
#include "engine/judge_memory.h"
#include "engine/standing.h"
#include "execute/records.h"
#include "model/output.h"

#include <string.h>

static void set_mode(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    struct heal_world *world = &engine->world;
    for (int mode = 0; mode < HEAL_MODES; mode++) {
        if (strcmp(operator_->argument, heal_mode_name((enum heal_mode)mode)) != 0)
            continue;
        heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "mode=%s was=%s", operator_->argument,
                           heal_mode_name(world->mode));
        world->mode = (enum heal_mode)mode;
        heal_standing_keep_mode(world);
        return;
    }
    heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "mode=refused why=no-such-mode");
}

static void pause(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    struct heal_world *world = &engine->world;
    world->paused = true;
    bool for_good = operator_->number == 0 || operator_->number > (HEAL_NEVER - world->now) / HEAL_US_PER_S;
    world->paused_until = for_good ? HEAL_NEVER : world->now + operator_->number * HEAL_US_PER_S;
    heal_name_copy(world->pause_reason, sizeof world->pause_reason, operator_->argument);
    heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "paused-for-s=%llu reason=\"%s\"",
                       (unsigned long long)operator_->number, operator_->argument);
    heal_standing_keep_pause(world);
}

static void resume(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    (void)operator_;
    heal_standing_resume(&engine->world, "by-operator");
}

static void keep_label(struct heal_world *world, const struct heal_event_operator *operator_) {
    char key[32], value[256];
    struct heal_text text;
    heal_text_init(&text, key, sizeof key);
    heal_text_add(&text, "%llu", (unsigned long long)operator_->incident);
    heal_text_init(&text, value, sizeof value);
    heal_text_pair_bool(&text, "true", operator_->number == 1);
    heal_text_pair_text(&text, "note", operator_->argument, sizeof operator_->argument);
    heal_output_store(world, HEAL_RECORD_LABEL, operator_->incident, key, value);
}

static void label(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    struct heal_world *world = &engine->world;
    struct heal_incident *incident = heal_world_incident_by_id(world, operator_->incident);
    bool is_true = operator_->number == 1;
    if (!incident) {
        heal_output_decide(world, HEAL_DECISION_OUTCOME, operator_->incident,
                           "label=refused why=no-such-incident");
        return;
    }
    keep_label(world, operator_);
    if (incident->view.label == (int8_t)is_true)
        return; /* the same word twice is one word */
    incident->view.label = is_true;
    heal_feedback_label(&engine->knowledge, world, operator_->incident, heal_incident_diagnosis(incident),
                        is_true);
    heal_judge_incident(engine, incident, HEAL_WITNESS_OPERATOR, is_true);
}

static void missed(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    enum heal_diagnosis diagnosis;
    if (heal_diagnosis_parse(operator_->argument, &diagnosis) < 0) {
        heal_output_decide(&engine->world, HEAL_DECISION_OUTCOME, 0, "missed=refused why=no-such-diagnosis");
        return;
    }
    heal_feedback_missed(&engine->knowledge, &engine->world, diagnosis);
    heal_judge_missed(engine, diagnosis);
}

/* Takes back what is in place; what is still under way is taken back when it is. */
static void undo(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    struct heal_incident *incident = heal_world_incident_by_id(&engine->world, operator_->incident);
    bool can = incident && heal_incident_is_open(incident);
    heal_output_decide(&engine->world, HEAL_DECISION_OUTCOME, operator_->incident, "undo=%s",
                       can ? "by-operator" : "refused why=no-such-open-incident");
    if (!can)
        return;
    incident->dismissed = true;
    incident->view.healed = 0;
    heal_output_suppress(&engine->world, incident, HEAL_SUPPRESSED_OPERATOR);
    heal_records_incident(&engine->world, incident); /* it outlives the run */
    heal_machine_update(&engine->machine, &engine->world);
}

static void (*const verbs[HEAL_OPERATOR_VERBS])(struct heal_engine *, const struct heal_event_operator *) = {
    [HEAL_OPERATOR_MODE] = set_mode,
    [HEAL_OPERATOR_PAUSE] = pause,
    [HEAL_OPERATOR_RESUME] = resume,
    [HEAL_OPERATOR_LABEL] = label,
    [HEAL_OPERATOR_MISSED] = missed,
    [HEAL_OPERATOR_UNDO] = undo,
    [HEAL_OPERATOR_DETECTOR] = heal_judge_mode,
    [HEAL_OPERATOR_VERDICT] = heal_judge_label,
    [HEAL_OPERATOR_TRUTH] = heal_judge_truth,
    [HEAL_OPERATOR_ACTIVATE] = heal_judge_activate,
};

/* What is acknowledged is durable: a word about the network is kept with the order, not with the next round.
 */
void heal_operator_take(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    if ((unsigned)operator_->verb >= HEAL_OPERATOR_VERBS)
        return;
    verbs[operator_->verb](engine, operator_);
    heal_judge_keep(engine);
}
