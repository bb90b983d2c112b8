/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heal/engine.h"

#include "analyze/course.h"
#include "analyze/incidents.h"
#include "base/text.h"
#include "engine/gossip.h"
#include "engine/internal.h"
#include "engine/judge.h"
#include "engine/memory.h"
#include "engine/network.h"
#include "engine/operator.h"
#include "engine/standing.h"
#include "engine/transit.h"
#include "execute/leftovers.h"
#include "model/output.h"
#include "monitor/gap.h"
#include "monitor/intake.h"
#include "monitor/suspicion.h"
#include "monitor/vitals.h"
#include "plan/choose.h"
#include "plan/remedies.h"
#include "plan/strays.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const heal_us urgent_us = 50 * HEAL_US_PER_MS, learn_every_us = 900 * HEAL_US_PER_MS;

static void step_ended(void *context, struct heal_incident *incident, size_t step, bool worked) {
    struct heal_engine *engine = context;
    heal_feedback_step(&engine->knowledge, &engine->world, incident, step, worked);
}

static void incident_closed(void *context, struct heal_incident *incident) {
    struct heal_engine *engine = context;
    heal_feedback_incident(&engine->knowledge, &engine->world, incident);
    heal_judge_incident(engine, incident, HEAL_WITNESS_INCIDENT, !incident->view.refuted);
}

size_t heal_engine_bytes(const struct heal_settings *settings) {
    size_t unit = _Alignof(max_align_t);
    size_t bytes = sizeof(struct heal_engine) + settings->ports_max * sizeof(struct heal_port);
    return (bytes + unit - 1) / unit * unit;
}

int heal_engine_place(void *memory, const char *node, const struct heal_settings *settings, uint64_t seed,
                      struct heal_engine **ret_engine) {
    if (!node || node[0] == '\0' || settings->ports_max == 0)
        return -EINVAL;
    struct heal_engine *engine = memory;
    struct heal_world *world = &engine->world;
    world->port = engine->port;
    world->ports_max = settings->ports_max;
    world->settings = *settings;
    world->mode = settings->mode;
    world->next_incident = 1;
    heal_name_copy(world->name, sizeof world->name, node);
    world->id = heal_node_id_of(world->name);
    heal_random_init(&world->random, seed);
    heal_thresholds_init(&engine->knowledge.thresholds, settings);
    heal_knowledge_apply(&engine->knowledge, world);
    heal_probation_configure(&engine->probation, &settings->detector, true);
    engine->machine = (struct heal_machine){
        .rule_of = heal_remedies_rule,
        .ear = {.context = engine, .step_ended = step_ended, .incident_closed = incident_closed},
    };
    *ret_engine = engine;
    return 0;
}

int heal_engine_new(const char *node, const struct heal_settings *settings, uint64_t seed,
                    struct heal_engine **ret_engine) {
    void *memory = calloc(1, heal_engine_bytes(settings));
    int r = memory ? heal_engine_place(memory, node, settings, seed, ret_engine) : -ENOMEM;
    if (r < 0)
        free(memory);
    return r;
}

struct heal_engine *heal_engine_free(struct heal_engine *engine) {
    free(engine);
    return NULL;
}

static void begin_step(struct heal_engine *engine, heal_us now, struct heal_output *output) {
    struct heal_world *world = &engine->world;
    output->commands = output->decisions = output->decisions_dropped = 0;
    world->output = output;
    if (now > world->now)
        world->now = now;
}

bool heal_engine_retire(struct heal_engine *engine, heal_us now, struct heal_output *output) {
    begin_step(engine, now, output);
    return heal_memory_retire(engine);
}

void heal_engine_configure(struct heal_engine *engine, const struct heal_settings *settings) {
    struct heal_world *world = &engine->world;
    bool mode_changed = settings->mode != world->settings.mode;
    bool detector_changed = settings->detector.mode != world->settings.detector.mode;
    world->settings = *settings;
    if (mode_changed) {
        world->mode = settings->mode;
        engine->mode_unkept = true;
    }
    heal_thresholds_configure(&engine->knowledge.thresholds, settings);
    heal_knowledge_apply(&engine->knowledge, world);
    heal_probation_configure(&engine->probation, &settings->detector, detector_changed);
}

static void look_at_ports(struct heal_world *world) {
    for (size_t i = 0; i < world->ports; i++) {
        struct heal_port *port = &world->port[i];
        if (!port->known)
            continue;
        heal_vitals_update(world, port);
        heal_vitals_transit(world, port);
        heal_suspicion_update(world, port);
        bool calm = port->examined_since == 0 && world->now - port->learned_at >= learn_every_us &&
                    heal_port_hears(port, world->threshold[HEAL_METRIC_SILENCE]);
        if (!calm)
            continue;
        port->learned_at = world->now;
        heal_vitals_learn(world, port);
    }
}

static bool step_is_moving(const struct heal_world *world) {
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        int active = heal_incident_open_step(incident);
        if (active >= 0 && incident->view.step[active].state != HEAL_STEP_HOLDING)
            return true;
    }
    return false;
}

static bool service_is_down(const struct heal_world *world) {
    for (size_t i = 0; i < world->services; i++)
        if (world->service[i].down_since != 0 &&
            world->now - world->service[i].down_since < 10 * HEAL_US_PER_S)
            return true;
    return false;
}

/* News that is fresh may soon be something to act on. */
static bool heard_news(const struct heal_world *world) {
    for (size_t i = 0; i < world->remotes; i++)
        if (world->remote[i].news.owner != 0 && world->now - world->remote[i].first < 3 * HEAL_US_PER_S)
            return true;
    return false;
}

static bool is_hasty(const struct heal_world *world) {
    return heal_suspicion_any(world) || step_is_moving(world) || service_is_down(world) ||
           heard_news(world) || world->overloaded_since != 0 || world->forwarding_off_since != 0 ||
           world->drops_since != 0 ||
           (world->routes_differ_since != 0 && world->now - world->routes_differ_since < 10 * HEAL_US_PER_S);
}

static heal_us until_next_round(const struct heal_engine *engine) {
    const struct heal_world *world = &engine->world;
    if (heal_suspicion_of_silence(world))
        return world->settings.round_fast_us / 2;
    if (heal_detours_wait(&world->detours))
        return urgent_us;
    bool hasty = is_hasty(world) || engine->gossip_left;
    return hasty ? world->settings.round_fast_us : world->settings.round_us;
}

static void take_round(struct heal_engine *engine, const struct heal_event *event) {
    struct heal_world *world = &engine->world;
    (void)event;
    if (world->started == 0)
        world->started = world->now;
    world->count.rounds++;
    uint32_t rib_before = world->rib_checked;
    if (world->paused && world->now >= world->paused_until)
        heal_standing_resume(world, "in-time");
    if (engine->mode_unkept)
        heal_standing_keep_mode(world);
    engine->mode_unkept = false;
    bool blind = heal_gap_update(world, engine->next_round);
    heal_intake_forget_gone(world);
    if (!blind)
        look_at_ports(world);
    heal_vitals_routes(world);
    heal_network_update(engine, blind);
    engine->paths_dirty = engine->paths_dirty || rib_before != world->rib_checked;
    if (!blind) {
        heal_incidents_update(world);
        heal_course_update(world);
    }
    heal_strays_sweep(world);
    heal_leftovers_update(&engine->machine, world);
    if (heal_gap_is_over(world))
        heal_plan_update(world, &engine->knowledge.strategies);
    if (!blind)
        heal_machine_update(&engine->machine, world);
    /* Also what was announced or ordered between rounds, by the result of a command. */
    engine->paths_dirty = engine->paths_dirty || engine->detours_told != world->detours.revision;
    engine->detours_told = world->detours.revision;
    heal_gossip_send(engine);
    heal_transit_update(world);
    heal_memory_keep(engine);
    heal_judge_update(engine, blind);
    world->urgent = world->pressing = false;
    engine->next_round = world->now + until_next_round(engine);
}

static void take_reading(struct heal_engine *engine, const struct heal_event *event) {
    heal_intake_reading(&engine->world, &event->reading);
}

static void take_message(struct heal_engine *engine, const struct heal_event *event) {
    heal_gossip_take(engine, &event->message);
}

static void take_result(struct heal_engine *engine, const struct heal_event *event) {
    if (heal_machine_result(&engine->world, &event->result))
        heal_machine_update(&engine->machine, &engine->world);
    else if (heal_leftovers_result(&engine->world, &event->result))
        heal_leftovers_update(&engine->machine, &engine->world);
}

static void take_operator(struct heal_engine *engine, const struct heal_event *event) {
    heal_operator_take(engine, &event->operator_);
}

static void take_restore(struct heal_engine *engine, const struct heal_event *event) {
    heal_memory_restore(engine, &event->record);
}

/* In the order of enum heal_event_kind. */
static void (*const take[HEAL_EVENT_KINDS])(struct heal_engine *, const struct heal_event *) = {
    [HEAL_EVENT_READING] = take_reading,   [HEAL_EVENT_ROUND] = take_round,
    [HEAL_EVENT_MESSAGE] = take_message,   [HEAL_EVENT_RESULT] = take_result,
    [HEAL_EVENT_OPERATOR] = take_operator, [HEAL_EVENT_RESTORE] = take_restore,
};

void heal_engine_step(struct heal_engine *engine, heal_us now, const struct heal_event *event,
                      struct heal_output *ret_output) {
    struct heal_world *world = &engine->world;
    begin_step(engine, now, ret_output);
    if ((unsigned)event->kind < HEAL_EVENT_KINDS)
        take[event->kind](engine, event);
    if (world->urgent && engine->next_round > world->now + urgent_us)
        engine->next_round = world->now + urgent_us;
    if (world->pressing)
        engine->next_round = world->now;
}

heal_us heal_engine_next_deadline(const struct heal_engine *engine) {
    return engine->next_round;
}
