/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/memory.h"

#include "base/pairs.h"
#include "base/text.h"
#include "engine/judge.h"
#include "engine/standing.h"
#include "execute/records.h"
#include "model/output.h"

#include <errno.h>
#include <string.h>

enum { RECORDS_OF_AN_INCIDENT = 3 }; /* the incident, its last step, and that step's line in the audit */
static const heal_us keep_every_us = 300 * HEAL_US_PER_S;

/* Pairs of a baseline record, by quantity: the middle under this name, then the deviation. */
static const char *const middle_name[HEAL_QUANTITIES] = {
    [HEAL_QUANTITY_RTT] = "rtt",
    [HEAL_QUANTITY_LOSS] = "loss",
    [HEAL_QUANTITY_RSSI] = "rssi",
    [HEAL_QUANTITY_SNR] = "snr",
    [HEAL_QUANTITY_NOISE] = "noise",
    [HEAL_QUANTITY_PEER_SNR] = "peer-snr",
    [HEAL_QUANTITY_PEER_NOISE] = "peer-noise",
    [HEAL_QUANTITY_THROUGHPUT] = "throughput",
    [HEAL_QUANTITY_RETRIES] = "retries",
};

/* @return false: there was no room for it in this round. */
static bool keep_port(struct heal_world *world, const struct heal_port *port) {
    char key[96], value[512], peer[HEAL_ADDRESS_TEXT];
    struct heal_text text;
    heal_text_init(&text, key, sizeof key);
    heal_text_add(&text, "%s/%s", port->key.ifname, heal_address_format(&port->key.peer, peer));
    heal_text_init(&text, value, sizeof value);
    for (int i = 0; i < HEAL_QUANTITIES; i++) {
        const struct heal_baseline *normal = &port->normal[i];
        if (!heal_baseline_is_warm(normal))
            continue;
        heal_text_pair_float(&text, middle_name[i], normal->middle);
        heal_text_pair_float(&text, "deviation", normal->deviation);
    }
    return text.length == 0 || text.cut || heal_output_store(world, HEAL_RECORD_BASELINE, 0, key, value) != 0;
}

void heal_memory_keep(struct heal_engine *engine) {
    struct heal_world *world = &engine->world;
    if (engine->baselines_kept == 0)
        engine->baselines_kept = world->now;
    if (world->now - engine->baselines_kept >= keep_every_us) {
        engine->baselines_kept = world->now;
        engine->baselines_left = true;
    }
    if (!engine->baselines_left)
        return;
    for (size_t i = 0; i < world->ports; i++) {
        struct heal_port *port = &world->port[i];
        if (!port->established || port->kept_at == engine->baselines_kept)
            continue;
        if (!keep_port(world, port))
            return;
        port->kept_at = engine->baselines_kept;
    }
    engine->baselines_left = false;
}

static int read_baseline(struct heal_pairs *pairs, struct heal_port *port, int *last) {
    if (heal_pairs_is(pairs, "deviation"))
        return *last < 0 ? -EINVAL : heal_pairs_float(pairs, &port->normal[*last].deviation);
    for (int i = 0; i < HEAL_QUANTITIES; i++) {
        if (!heal_pairs_is(pairs, middle_name[i]))
            continue;
        *last = i;
        /* Warm, but soon corrected where the world has moved on meanwhile. */
        port->normal[i].samples = HEAL_BASELINE_WARM;
        return heal_pairs_float(pairs, &port->normal[i].middle);
    }
    return 0; /* of a later version */
}

static int restore_baseline(struct heal_engine *engine, const char *key, const char *value) {
    struct heal_port_key port_key = {.ifname = ""};
    const char *slash = strchr(key, '/');
    if (!slash || (size_t)(slash - key) >= sizeof port_key.ifname)
        return -EINVAL;
    memcpy(port_key.ifname, key, (size_t)(slash - key));
    int r = heal_address_parse(slash + 1, &port_key.peer), last = -1;
    if (r < 0)
        return r;
    /* What is remembered takes no place from what is there, nor from what is remembered better. */
    bool room = engine->world.ports < engine->world.ports_max;
    struct heal_port *port = heal_world_port(&engine->world, &port_key);
    if (!port && room)
        port = heal_world_port_make(&engine->world, &port_key);
    if (!port)
        return 0;
    struct heal_pairs pairs;
    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while (r >= 0 && (r = heal_pairs_next(&pairs)) > 0)
        r = read_baseline(&pairs, port, &last);
    if (r < 0)
        memset(port->normal, 0, sizeof port->normal);
    return r;
}

/* What was in place or under way is taken back by execute/leftovers.c, from the records of the steps. */
static void end_steps(struct heal_incident_status *incident) {
    for (size_t i = 0; i < incident->steps; i++) {
        struct heal_step_status *step = &incident->step[i];
        if (heal_step_is_over(step->state))
            continue;
        step->state = HEAL_STEP_FAILED;
        heal_name_copy(step->outcome, sizeof step->outcome,
                       "heald ended meanwhile; taken back at the next start");
    }
}

/* What the incident was about. Its port is not on record: a link is known by its ends. */
static struct heal_element element_of(const struct heal_world *world,
                                      const struct heal_incident_status *incident) {
    struct heal_element element = {.kind = HEAL_ELEMENT_NODE, .node = heal_node_id_of(incident->node)};
    if (incident->service[0] != '\0') {
        element.kind = HEAL_ELEMENT_SERVICE;
        element.node = world->id;
        memcpy(element.service, incident->service, sizeof element.service);
    } else if (incident->mesh[0] != '\0') {
        element.kind = HEAL_ELEMENT_MESH;
        element.node = world->id;
        memcpy(element.mesh, incident->mesh, sizeof element.mesh);
    } else if (incident->other[0] != '\0') {
        element.kind = HEAL_ELEMENT_LINK;
        element.other = heal_node_id_of(incident->other);
    }
    return element;
}

static void remember_uses(struct heal_world *world, const struct heal_incident *incident) {
    for (size_t i = 0; i < incident->view.steps; i++) {
        const struct heal_step_status *step = &incident->view.step[i];
        const struct heal_use use = {.element = incident->element,
                                     .diagnosis = heal_incident_diagnosis(incident),
                                     .remedy = step->remedy,
                                     .at = step->started};
        if (step->state != HEAL_STEP_WOULD && !heal_remedy_only_tells(step->remedy))
            heal_uses_note(&world->uses, &use);
    }
}

/* What was done lately counts towards cooldown and budget, whichever run has done it: a heald that is started
 * again and again must not repeat itself for ever. */
static void remember(struct heal_world *world, const struct heal_incident_status *incident) {
    enum heal_diagnosis diagnosis = incident->ranked[0].diagnosis;
    bool dismissed = incident->suppressed == HEAL_SUPPRESSED_OPERATOR;
    bool lately = incident->closed <= world->now &&
                  world->now - incident->closed <= world->settings.policy[diagnosis].window_us;
    struct heal_incident *place =
        (lately || dismissed) && incident->ranks > 0 ? heal_world_incident_make(world) : NULL;
    if (!place)
        return;
    world->next_incident = place->view.id; /* it has a number of its own */
    place->view = *incident;
    place->element = element_of(world, incident);
    place->dismissed = dismissed; /* until the trouble is over, however often heald is started anew */
    remember_uses(world, place);
    if (incident->id >= world->next_incident)
        world->next_incident = incident->id + 1;
}

/* When something was last written down of it. */
static heal_us last_word(const struct heal_incident_status *incident) {
    heal_us last = incident->healed > incident->opened ? incident->healed : incident->opened;
    for (size_t i = 0; i < incident->steps; i++) {
        const struct heal_step_status *step = &incident->step[i];
        last = step->started > last ? step->started : last;
        last = step->settled > last ? step->settled : last;
    }
    return last;
}

/* An incident that the earlier run left open is closed by this one: what is still wrong will be found again.
 */
static int restore_incident(struct heal_engine *engine, const char *key, const char *value) {
    struct heal_world *world = &engine->world;
    struct heal_incident_status incident;
    int r = heal_incident_parse(value, &incident, NULL);
    if (r < 0)
        return r;
    if (incident.id >= world->next_incident)
        world->next_incident = incident.id + 1;
    if (incident.closed != 0) {
        remember(world, &incident);
        return 0;
    }
    end_steps(&incident);
    incident.closed = last_word(&incident);
    remember(world, &incident);
    char text[sizeof(((struct heal_record *)NULL)->value)];
    if (heal_incident_format(&incident, text, sizeof text) == 0)
        heal_output_store(world, HEAL_RECORD_INCIDENT, incident.id, key, text);
    return 0;
}

static void retire_step(struct heal_world *world, const struct heal_incident *incident,
                        struct heal_step_status *step) {
    bool begun = step->state != HEAL_STEP_PLANNED && step->state != HEAL_STEP_RECORDING;
    step->state = begun ? HEAL_STEP_DONE : HEAL_STEP_FAILED;
    heal_name_copy(step->outcome, sizeof step->outcome,
                   begun ? "taken back: heald was stopped" : "not begun: heald was stopped");
    heal_records_step(world, incident);
}

bool heal_memory_retire(struct heal_engine *engine) {
    struct heal_world *world = &engine->world;
    for (size_t i = 0; i < world->incidents; i++) {
        struct heal_incident *incident = &world->incident[i];
        if (!heal_incident_is_open(incident))
            continue;
        if (HEAL_OUTPUT_COMMANDS - world->output->commands < RECORDS_OF_AN_INCIDENT)
            return false;
        int active = heal_incident_active_step(incident);
        if (active >= 0)
            retire_step(world, incident, &incident->view.step[active]);
        incident->view.closed = world->now;
        heal_records_incident(world, incident);
    }
    return true;
}

void heal_memory_restore(struct heal_engine *engine, const struct heal_record *record) {
    int r = 0;
    switch (record->kind) {
    case HEAL_RECORD_THRESHOLD:
        r = heal_threshold_parse(&engine->knowledge.thresholds, record->key, record->value);
        heal_knowledge_apply(&engine->knowledge, &engine->world);
        break;
    case HEAL_RECORD_STRATEGY:
        r = heal_strategy_parse(&engine->knowledge.strategies, record->key, record->value);
        break;
    case HEAL_RECORD_BASELINE:
        r = restore_baseline(engine, record->key, record->value);
        break;
    case HEAL_RECORD_INCIDENT:
        r = restore_incident(engine, record->key, record->value);
        break;
    case HEAL_RECORD_STEP:
        r = heal_records_restore_step(&engine->world, record->key, record->value);
        break;
    case HEAL_RECORD_ORDER:
        /* Which models run, the shell has read before. */
        if (strcmp(record->key, "model") == 0 || strcmp(record->key, "shadow") == 0)
            break;
        r = strcmp(record->key, "detector") == 0 ? heal_judge_restore(engine, record)
                                                 : heal_standing_restore(engine, record->key, record->value);
        break;
    case HEAL_RECORD_VERDICT:
    case HEAL_RECORD_MERIT:
        r = heal_judge_restore(engine, record);
        break;
    case HEAL_RECORD_LABEL:
    case HEAL_RECORD_AUDIT:
    case HEAL_RECORD_KINDS:
        break;
    }
    if (r < 0)
        heal_output_decide(&engine->world, HEAL_DECISION_OUTCOME, 0, "restore=refused key=\"%s\"",
                           record->key);
}
