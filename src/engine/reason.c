/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/reason.h"

#include "engine/judge.h"
#include "engine/probation.h"
#include "heal/status.h"
#include "inference/reason.h"

#include <errno.h>

/* The thresholds may find trouble so long after the network; and its alarm may come so long after they did.
 */
static const heal_us before_us = 600 * HEAL_US_PER_S, after_us = 120 * HEAL_US_PER_S;

/* @return what it says of the port in this tick; the least there is, where it says nothing. */
static int32_t logit_now(const struct heal_inference *inference, const struct heal_port_key *port,
                         heal_us now) {
    const struct heal_judgement *judgement;
    size_t count = heal_inference_judgements(inference, &judgement);
    for (size_t i = 0; i < count; i++)
        if (judgement[i].judged && judgement[i].at == now && heal_port_key_equal(&judgement[i].port, port))
            return judgement[i].logit;
    return INT32_MIN;
}

/* An alarm can begin faintly, and for another reason than it goes on for: a logit more, and it is asked anew.
 */
static bool wants_reason(const struct heal_network_verdict *verdict, const struct heal_inference *inference,
                         heal_us now) {
    int64_t least = verdict->why.known ? (int64_t)verdict->why.logit + HEAL_LOGIT_ONE : verdict->threshold;
    return verdict->alarm && !verdict->earlier && verdict->model == heal_inference_model(inference)->id &&
           verdict->last == now && logit_now(inference, &verdict->port, now) > least;
}

/* One a tick: they take a while, and where a whole node is sick all of its ports are called so at once. */
void heal_reason_update(struct heal_engine *engine, enum heal_slot slot) {
    struct heal_verdicts *verdicts = &engine->probation.verdicts;
    struct heal_merit *merit = &engine->probation.merit[slot];
    for (size_t i = verdicts->count; i > 0; i--) {
        struct heal_network_verdict *verdict = &verdicts->of[i - 1];
        if (!wants_reason(verdict, engine->inference[slot], engine->world.now) ||
            heal_inference_reason(engine->inference[slot], &engine->world, &verdict->port, &verdict->why) < 0)
            continue;
        merit->weightiest[heal_reason_weightiest(&verdict->why)]++;
        heal_verdicts_touch(verdicts, verdict);
        return;
    }
}

static const char *name_of(const void *context, heal_node_id node) {
    const struct heal_world *world = context;
    if (node == world->id)
        return world->name;
    for (size_t i = 0; i < world->ports; i++)
        if (world->port[i].neighbour == node && world->port[i].neighbour_name[0] != '\0')
            return world->port[i].neighbour_name;
    return NULL;
}

int heal_engine_verdict_explain(const struct heal_engine *engine, uint64_t id, char *buffer, size_t size) {
    const struct heal_name_book names = {.name_of = name_of, .context = &engine->world};
    const struct heal_network_verdict *verdict = heal_verdicts_find_const(&engine->probation.verdicts, id);
    if (!verdict)
        return -ENOENT;
    return (int)heal_verdict_explain(verdict, &names, engine->world.now, buffer, size);
}

static bool is_about(const struct heal_world *world, const struct heal_incident *incident,
                     const struct heal_network_verdict *verdict) {
    const struct heal_incident_status *view = &incident->view;
    const struct heal_port *port = heal_world_port_const(world, &verdict->port);
    heal_us until = view->closed != 0 ? view->closed : world->now;
    return verdict->incident == view->id ||
           (verdict->incident == 0 && !verdict->earlier && port && heal_judge_is_at(world, incident, port) &&
            verdict->last >= view->first_seen - before_us && verdict->begun <= until + after_us);
}

uint64_t heal_engine_incident_verdict(const struct heal_engine *engine, uint64_t id) {
    const struct heal_world *world = &engine->world;
    const struct heal_verdicts *verdicts = &engine->probation.verdicts;
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        if (!incident->used || incident->view.id != id)
            continue;
        for (size_t v = verdicts->count; v > 0; v--) {
            const struct heal_network_verdict *verdict = &verdicts->of[v - 1];
            if (verdict->alarm && !verdict->shadow && is_about(world, incident, verdict))
                return verdict->id;
        }
    }
    return 0;
}
