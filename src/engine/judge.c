/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/judge.h"

#include "base/number.h"
#include "base/text.h"
#include "engine/judge_memory.h"
#include "engine/network.h"
#include "engine/probation.h"
#include "model/output.h"

#include <string.h>

const struct heal_probation *heal_engine_probation(const struct heal_engine *engine) {
    return &engine->probation;
}

void heal_engine_put_model(struct heal_engine *engine, enum heal_slot slot,
                           const struct heal_candidate_model *model) {
    heal_probation_put(&engine->probation, slot, model, &engine->world.settings.detector);
}

static struct heal_docket docket_of(struct heal_engine *engine, enum heal_slot slot) {
    return heal_probation_docket(&engine->probation, slot, &engine->world.settings.detector);
}

bool heal_judge_is_at(const struct heal_world *world, const struct heal_incident *incident,
                      const struct heal_port *port) {
    const struct heal_element *element = &incident->element;
    if (!incident->used || incident->view.role == HEAL_ROLE_UPSTREAM)
        return false;
    if (element->kind == HEAL_ELEMENT_LINK)
        return heal_port_key_equal(&element->port, &port->key);
    return element->kind == HEAL_ELEMENT_NODE && element->node != 0 &&
           (element->node == world->id || element->node == port->neighbour);
}

/* An incident that rests on the network's own word is no witness of that word. */
static bool is_networks(const struct heal_incident *incident) {
    return heal_incident_diagnosis(incident) == HEAL_ANOMALY;
}

static bool is_fault_at(const struct heal_world *world, const struct heal_fault_told *fault,
                        const struct heal_port *port) {
    return port->known && (port->neighbour == fault->neighbour || world->id == fault->neighbour);
}

/* Do the thresholds see something there, or look into it, or does who has made a fault say so? */
static bool is_troubled(const struct heal_engine *engine, const struct heal_port *port) {
    const struct heal_world *world = &engine->world;
    for (size_t i = 0; i < HEAL_FAULTS_TOLD_MAX; i++)
        if (engine->fault[i].begun != 0 && is_fault_at(world, &engine->fault[i], port))
            return true;
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        if (incident->view.closed == 0 && heal_judge_is_at(world, incident, port) && !is_networks(incident))
            return true;
    }
    return port->examined_since != 0 && !port->for_network;
}

static void tell(struct heal_world *world, const struct heal_network_verdict *verdict, const char *to) {
    bool observes = verdict->mode == HEAL_MODE_OBSERVE || world->mode == HEAL_MODE_OBSERVE;
    struct heal_command *command = observes ? NULL : heal_output_command(world, HEAL_COMMAND_NOTIFY, 0);
    struct heal_text text;
    if (!command)
        return;
    heal_text_init(&text, command->notify.text, sizeof command->notify.text);
    heal_text_add(&text, "%s: the network calls the link to %s (%s) sick: verdict %llu", world->name, to,
                  verdict->port.ifname, (unsigned long long)verdict->id);
}

void heal_judge_look(struct heal_engine *engine, enum heal_slot slot, const struct heal_port *port,
                     int32_t logit) {
    struct heal_world *world = &engine->world;
    struct heal_docket docket = docket_of(engine, slot);
    struct heal_look look = {.now = world->now,
                             .port = port->key,
                             .neighbour = port->neighbour,
                             .features = port->features,
                             .logit = logit,
                             .trouble = is_troubled(engine, port),
                             .mode = slot == HEAL_SLOT_SHADOW ? HEAL_MODE_OBSERVE : engine->probation.mode};
    struct heal_network_verdict *verdict =
        heal_merit_look(docket.merit, docket.verdicts, &docket.choice, &look);
    if (!verdict)
        return;
    const char *to = port->neighbour_name[0] != '\0' ? port->neighbour_name : "an unknown node";
    struct heal_text would;
    heal_text_init(&would, verdict->would, sizeof verdict->would);
    heal_text_add(&would, "an incident of the link to %s over %s", to, port->key.ifname);
    heal_output_decide(world, HEAL_DECISION_OBSERVATION, 0,
                       "verdict=%llu model=%016llx slot=%s port=%s to=%s logit=%.3f threshold=%.3f mode=%s",
                       (unsigned long long)verdict->id, (unsigned long long)verdict->model,
                       heal_slot_names[slot], port->key.ifname, to, (double)logit / HEAL_LOGIT_ONE,
                       (double)verdict->threshold / HEAL_LOGIT_ONE, heal_mode_name(verdict->mode));
    tell(world, verdict, to);
}

/* What an incident says of verdicts; of no ports where it says nothing. */
static struct heal_trouble trouble_of(const struct heal_world *world, const struct heal_incident *incident,
                                      enum heal_witness witness, bool is_true) {
    const struct heal_incident_status *view = &incident->view;
    struct heal_trouble trouble = {
        .is_true = is_true,
        .witness = witness,
        .incident = view->id,
        .diagnosis = (uint8_t)heal_incident_diagnosis(incident),
        .begun = view->first_seen != 0 ? view->first_seen : view->opened,
        .ended = view->closed != 0 ? view->closed : world->now,
    };
    for (size_t i = 0; i < world->ports; i++)
        if (world->port[i].known && heal_judge_is_at(world, incident, &world->port[i]))
            trouble.port[trouble.ports++] = world->port[i].key;
    return trouble;
}

static void hold_against(struct heal_engine *engine, const struct heal_trouble *trouble) {
    for (int slot = 0; slot < HEAL_SLOTS; slot++) {
        struct heal_docket docket = docket_of(engine, (enum heal_slot)slot);
        if (docket.merit->model != 0)
            heal_judging_trouble(&docket, trouble);
    }
}

/* One that another node has told of, and that was not seen here, says nothing. Nor does one of the network's
 * own, unless an operator says what it was. */
void heal_judge_incident(struct heal_engine *engine, const struct heal_incident *incident,
                         enum heal_witness witness, bool is_true) {
    bool says = witness == HEAL_WITNESS_OPERATOR || (!incident->view.withdrawn && !is_networks(incident));
    struct heal_trouble trouble = trouble_of(&engine->world, incident, witness, is_true);
    if (says && trouble.ports > 0)
        hold_against(engine, &trouble);
}

static void refuse(struct heal_world *world, const char *what, const char *why) {
    heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "%s=refused why=\"%s\"", what, why);
}

void heal_judge_label(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    struct heal_probation *probation = &engine->probation;
    struct heal_network_verdict *verdict = heal_verdicts_find(&probation->verdicts, operator_->incident);
    enum heal_slot slot = verdict ? heal_probation_slot(probation, verdict->model) : HEAL_SLOTS;
    if (slot == HEAL_SLOTS) {
        refuse(&engine->world, "verdict", verdict ? "its model is gone" : "no such verdict");
        return;
    }
    struct heal_docket docket = docket_of(engine, slot);
    bool changed = heal_judging_label(&docket, verdict, operator_->number == 1);
    heal_output_decide(&engine->world, HEAL_DECISION_FEEDBACK, 0, "verdict=%llu label=%s%s",
                       (unsigned long long)verdict->id, operator_->number == 1 ? "true" : "false",
                       changed ? "" : " as-before");
}

void heal_judge_missed(struct heal_engine *engine, enum heal_diagnosis diagnosis) {
    for (int slot = 0; slot < HEAL_SLOTS; slot++) {
        struct heal_docket docket = docket_of(engine, (enum heal_slot)slot);
        if (docket.merit->model != 0)
            heal_judging_missed(&docket, (uint8_t)diagnosis, engine->world.now);
    }
}

static void tell_of_mode(struct heal_engine *engine, const char *event) {
    const struct heal_probation *probation = &engine->probation;
    struct heal_world *world = &engine->world;
    char value[320];
    struct heal_text text;
    heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "detector=%s event=%s forced=%s words=\"%s\"",
                       heal_mode_name(probation->mode), event, probation->forced ? "yes" : "no",
                       probation->words);
    heal_text_init(&text, value, sizeof value);
    heal_text_add(&text, "event=detector what=%s mode=%s forced=%s words=\"%s\"", event,
                  heal_mode_name(probation->mode), probation->forced ? "yes" : "no", probation->words);
    heal_output_store(world, HEAL_RECORD_AUDIT, 0, "", value);
    heal_judge_keep_mode(engine);
}

void heal_judge_mode(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    for (int mode = 0; mode < HEAL_MODES; mode++) {
        if (strcmp(operator_->argument, heal_mode_name((enum heal_mode)mode)) != 0)
            continue;
        int r = heal_probation_order(&engine->probation, (enum heal_mode)mode, operator_->number == 1,
                                     &engine->world.settings.detector);
        tell_of_mode(engine, r < 0 ? "refused" : engine->probation.forced ? "forced" : "ordered");
        return;
    }
    refuse(&engine->world, "detector", "no such mode");
}

void heal_judge_activate(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    struct heal_probation *probation = &engine->probation;
    const struct heal_merit *shadow = &probation->merit[HEAL_SLOT_SHADOW];
    struct heal_world *world = &engine->world;
    char words[HEAL_PROBATION_WORDS], value[320];
    uint64_t model = 0;
    struct heal_text text;
    if (heal_number_parse_u64(operator_->argument, 16, &model) < 0 || model == 0 || model != shadow->model) {
        refuse(world, "activate", "no such model in the shadow");
        return;
    }
    heal_text_init(&text, words, sizeof words);
    enum heal_gate gate =
        heal_gate_compare(shadow, &probation->merit[HEAL_SLOT_ACTIVE], &world->settings.detector.gate, &text);
    bool passes = gate == HEAL_GATE_PASSED || operator_->number == 1;
    heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "activate=%016llx %s words=\"%s\"",
                       (unsigned long long)model, passes ? "done" : "refused", words);
    heal_text_init(&text, value, sizeof value);
    heal_text_add(&text, "event=detector what=%s model=%016llx gate=%s words=\"%s\"",
                  !passes                    ? "activate-refused"
                  : gate == HEAL_GATE_PASSED ? "activated"
                                             : "activated-by-force",
                  (unsigned long long)model, heal_gate_names[gate], words);
    heal_output_store(world, HEAL_RECORD_AUDIT, 0, "", value);
    if (!passes)
        return;
    (void)heal_probation_promote(probation, &world->settings.detector);
    heal_network_promote(engine);
    heal_judge_keep_mode(engine);
}

static size_t free_place(const struct heal_engine *engine) {
    size_t place = 0;
    while (place < HEAL_FAULTS_TOLD_MAX && engine->fault[place].begun != 0)
        place++;
    return place;
}

bool heal_engine_can_be_told(const struct heal_engine *engine) {
    return free_place(engine) < HEAL_FAULTS_TOLD_MAX;
}

/* The port, or ports, to the neighbour that a fault was made at. */
static void begin_fault(struct heal_engine *engine, const char *name, uint8_t diagnosis) {
    size_t place = free_place(engine);
    if (place == HEAL_FAULTS_TOLD_MAX) {
        refuse(&engine->world, "truth", "too many faults at once");
        return;
    }
    engine->fault[place] = (struct heal_fault_told){
        .neighbour = heal_node_id_of(name), .begun = engine->world.now, .diagnosis = diagnosis};
}

static void end_fault(struct heal_engine *engine, struct heal_fault_told *fault) {
    const struct heal_world *world = &engine->world;
    struct heal_trouble trouble = {.is_true = true,
                                   .witness = HEAL_WITNESS_INJECTOR,
                                   .diagnosis = fault->diagnosis,
                                   .begun = fault->begun,
                                   .ended = world->now};
    for (size_t i = 0; i < world->ports; i++)
        if (is_fault_at(world, fault, &world->port[i]))
            trouble.port[trouble.ports++] = world->port[i].key;
    if (trouble.ports > 0)
        hold_against(engine, &trouble);
    fault->begun = 0;
}

/* Of those with a name the one that began first; without one all that are there. */
static void end_faults(struct heal_engine *engine, heal_node_id neighbour, uint8_t diagnosis) {
    struct heal_fault_told *first = NULL;
    for (size_t i = 0; i < HEAL_FAULTS_TOLD_MAX; i++) {
        struct heal_fault_told *fault = &engine->fault[i];
        if (fault->begun == 0 || fault->neighbour != neighbour)
            continue;
        if (diagnosis == HEAL_DIAGNOSIS_UNNAMED)
            end_fault(engine, fault);
        else if (fault->diagnosis == diagnosis && (!first || fault->begun < first->begun))
            first = fault;
    }
    if (first)
        end_fault(engine, first);
}

void heal_judge_truth(struct heal_engine *engine, const struct heal_event_operator *operator_) {
    char name[HEAL_NAME_MAX];
    enum heal_diagnosis diagnosis;
    size_t length = strcspn(operator_->argument, " ");
    const char *slug = operator_->argument + length + (operator_->argument[length] == ' ');
    uint8_t told = HEAL_DIAGNOSIS_UNNAMED;
    if (length == 0 || length >= sizeof name) {
        refuse(&engine->world, "truth", "no node");
        return;
    }
    memcpy(name, operator_->argument, length);
    name[length] = '\0';
    if (heal_diagnosis_parse(slug, &diagnosis) == 0)
        told = (uint8_t)diagnosis;
    if (operator_->number == 1) {
        begin_fault(engine, name, told);
        return;
    }
    end_faults(engine, heal_node_id_of(name), told);
}

void heal_judge_update(struct heal_engine *engine, bool blind) {
    struct heal_probation *probation = &engine->probation;
    for (int slot = 0; slot < HEAL_SLOTS; slot++) {
        struct heal_docket docket = docket_of(engine, (enum heal_slot)slot);
        if (docket.merit->model == 0)
            continue;
        if (blind)
            heal_judging_gap(&docket);
        else
            heal_judging_time(&docket, engine->world.now);
    }
    switch (heal_probation_update(probation, &engine->world.settings.detector)) {
    case HEAL_PROBATION_ACTS:
        tell_of_mode(engine, "passed");
        break;
    case HEAL_PROBATION_FALLS:
        tell_of_mode(engine, "fell");
        break;
    case HEAL_PROBATION_BEGINS:
        tell_of_mode(engine, "another-model");
        break;
    case HEAL_PROBATION_STANDS:
        break;
    }
    heal_judge_keep(engine);
}
