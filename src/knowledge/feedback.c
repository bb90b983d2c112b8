/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/feedback.h"

#include "model/output.h"

/* A false alarm weighs more than a slow one: people switch off what cries wolf. */
static const float relax_false = 1.15f, tighten_late = 0.97f, tighten_missed = 0.85f;
/* From the first sign of trouble: found later than this, or mended later than that, is late. */
static const float late_found_s = 6, late_mended_s = 12;

void heal_knowledge_apply(const struct heal_knowledge *knowledge, struct heal_world *world) {
    for (int i = 0; i < HEAL_METRICS; i++)
        world->threshold[i] = knowledge->thresholds.of[i].value;
}

static void keep_threshold(const struct heal_knowledge *knowledge, struct heal_world *world,
                           enum heal_metric metric) {
    char value[128];
    if (heal_threshold_format(&knowledge->thresholds.of[metric], value, sizeof value) == 0)
        heal_output_store(world, HEAL_RECORD_THRESHOLD, 0, heal_metric_name(metric), value);
}

static void move_threshold(struct heal_knowledge *knowledge, struct heal_world *world, uint64_t incident,
                           enum heal_diagnosis diagnosis, float factor, const char *why) {
    enum heal_metric metric = heal_thresholds_metric_of(diagnosis);
    if (metric == HEAL_METRICS)
        return; /* the network's: it is not moved case by case */
    float before = knowledge->thresholds.of[metric].value;
    bool relaxes = factor > 1;
    bool moved = relaxes ? heal_thresholds_relax(&knowledge->thresholds, metric, factor)
                         : heal_thresholds_tighten(&knowledge->thresholds, metric, factor);
    heal_output_decide(world, HEAL_DECISION_FEEDBACK, incident, "threshold=%s from=%.4g to=%.4g why=%s%s",
                       heal_metric_name(metric), (double)before,
                       (double)knowledge->thresholds.of[metric].value, why, moved ? "" : " at-its-bound");
    if (!moved)
        return;
    struct heal_feedback_status *count = &world->count.feedback;
    count->updates++;
    *(relaxes ? &count->relaxed : &count->tightened) += 1;
    heal_knowledge_apply(knowledge, world);
    keep_threshold(knowledge, world, metric);
}

void heal_feedback_step(struct heal_knowledge *knowledge, struct heal_world *world,
                        const struct heal_incident *incident, size_t step, bool worked) {
    enum heal_diagnosis diagnosis = incident->step[step].treats;
    enum heal_remedy remedy = incident->view.step[step].remedy;
    /* Its own time: what was tried before it, or what the trouble was before, is not its doing. */
    float mttr_s = heal_world_seconds_since(world, incident->view.step[step].started);
    heal_strategies_record(&knowledge->strategies, diagnosis, remedy, worked, mttr_s);
    world->count.feedback.updates++;
    world->count.feedback.strategies++;
    const struct heal_strategy *strategy = &knowledge->strategies.of[diagnosis][remedy];
    heal_output_decide(world, HEAL_DECISION_FEEDBACK, incident->view.id, "strategy=%s/%s worked=%u tried=%u",
                       heal_diagnosis_slug(diagnosis), heal_remedy_slug(remedy), strategy->worked,
                       strategy->tried);
    char key[2 * HEAL_NAME_MAX], value[128];
    if (heal_strategy_format(&knowledge->strategies, diagnosis, remedy, key, sizeof key, value,
                             sizeof value) == 0)
        heal_output_store(world, HEAL_RECORD_STRATEGY, incident->view.id, key, value);
}

void heal_feedback_incident(struct heal_knowledge *knowledge, struct heal_world *world,
                            const struct heal_incident *incident) {
    const struct heal_incident_status *view = &incident->view;
    enum heal_diagnosis diagnosis = heal_incident_diagnosis(incident);
    if (view->role == HEAL_ROLE_UPSTREAM || view->withdrawn)
        return;
    if (view->refuted) {
        world->count.feedback.refuted++;
        move_threshold(knowledge, world, view->id, diagnosis, relax_false, "refuted");
        return;
    }
    world->count.feedback.confirmed++;
    /* One that was diagnosed anew was found long ago, as another: of its present diagnosis nobody knows when
     * it first showed, and its clock is of that. */
    bool anew = view->diagnosed > view->opened;
    float found_s = (float)((double)(view->opened - view->first_seen) / 1e6);
    heal_us mended = view->healed != 0 ? view->healed : view->closed;
    float mended_s = (float)(((double)mended - (double)(anew ? view->diagnosed : view->first_seen)) / 1e6);
    if (found_s > late_found_s && !anew)
        move_threshold(knowledge, world, view->id, diagnosis, tighten_late, "found-late");
    else if (mended_s > late_mended_s)
        move_threshold(knowledge, world, view->id, diagnosis, tighten_late, "mended-late");
}

void heal_feedback_label(struct heal_knowledge *knowledge, struct heal_world *world, uint64_t incident,
                         enum heal_diagnosis diagnosis, bool is_true) {
    if (is_true) {
        world->count.feedback.confirmed++;
        world->count.feedback.updates++;
        heal_output_decide(world, HEAL_DECISION_FEEDBACK, incident, "label=true");
        return;
    }
    world->count.feedback.refuted++;
    move_threshold(knowledge, world, incident, diagnosis, relax_false, "label-false");
}

void heal_feedback_missed(struct heal_knowledge *knowledge, struct heal_world *world,
                          enum heal_diagnosis diagnosis) {
    world->count.feedback.missed++;
    move_threshold(knowledge, world, 0, diagnosis, tighten_missed, "missed");
}
