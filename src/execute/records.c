/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/records.h"

#include "base/cleanup.h"
#include "base/pairs.h"
#include "model/output.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { KEY_SIZE = 96 };

/* What a step retunes, by the words of its record. */
static const struct retuning {
    const char *what, *from, *to;
    size_t offset;
} retunings[] = {
    {"tune",  "tune-from",  "tune-to",  offsetof(struct heal_step, tune) },
    {"drain", "drain-from", "drain-to", offsetof(struct heal_step, drain)},
};

static void add_retuning(struct heal_text *text, const struct retuning *words, const struct heal_step *step) {
    const struct heal_retuning *retuning = (const void *)((const char *)step + words->offset);
    if (!retuning->on)
        return;
    heal_text_pair_text(text, words->what, heal_tuning_names[retuning->what], HEAL_NAME_MAX);
    heal_text_pair_u64(text, words->from, retuning->from);
    heal_text_pair_u64(text, words->to, retuning->to);
}

static uint32_t store_step(struct heal_world *world, uint64_t incident, unsigned number,
                           enum heal_remedy remedy, enum heal_step_state state,
                           const struct heal_step *step) {
    char key[KEY_SIZE], value[512], peer[HEAL_ADDRESS_TEXT];
    struct heal_text text;
    heal_text_init(&text, key, KEY_SIZE);
    heal_text_add(&text, "%llu/%u", (unsigned long long)incident, number);
    heal_text_init(&text, value, sizeof value);
    heal_text_pair_text(&text, "remedy", heal_remedy_slug(remedy), HEAL_NAME_MAX);
    heal_text_pair_text(&text, "state", heal_step_state_name(state), HEAL_NAME_MAX);
    heal_text_pair_text(&text, "ifname", step->port.ifname, sizeof step->port.ifname);
    heal_text_pair_text(&text, "peer", heal_address_format(&step->port.peer, peer), sizeof peer);
    heal_text_pair_text(&text, "service", step->service, sizeof step->service);
    heal_text_pair_u64(&text, "before", step->before);
    if (step->cured)
        heal_text_pair_bool(&text, "cured", true);
    for (size_t i = 0; i < HEAL_COUNT(retunings); i++)
        add_retuning(&text, &retunings[i], step);
    return heal_output_store(world, HEAL_RECORD_STEP, incident, key, value);
}

static bool write_incident(struct heal_world *world, const struct heal_incident *incident) {
    char key[KEY_SIZE], value[sizeof(((struct heal_record *)NULL)->value)];
    struct heal_text text;
    heal_text_init(&text, key, sizeof key);
    heal_text_add(&text, "%llu", (unsigned long long)incident->view.id);
    return heal_incident_format(&incident->view, value, sizeof value) == 0 &&
           heal_output_store(world, HEAL_RECORD_INCIDENT, incident->view.id, key, value) != 0;
}

void heal_records_incident(struct heal_world *world, const struct heal_incident *incident) {
    write_incident(world, incident);
}

static void audit(struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_step_status *step = &incident->view.step[incident->view.steps - 1];
    char value[512];
    struct heal_text text;
    heal_text_init(&text, value, sizeof value);
    heal_text_pair_u64(&text, "incident", incident->view.id);
    heal_text_pair_text(&text, "diagnosis", heal_diagnosis_slug(heal_incident_diagnosis(incident)),
                        HEAL_NAME_MAX);
    heal_text_pair_text(&text, "node", incident->view.node, sizeof incident->view.node);
    heal_text_pair_text(&text, "other", incident->view.other, sizeof incident->view.other);
    heal_text_pair_text(&text, "remedy", heal_remedy_slug(step->remedy), HEAL_NAME_MAX);
    heal_text_pair_text(&text, "state", heal_step_state_name(step->state), HEAL_NAME_MAX);
    heal_text_pair_text(&text, "rule", step->rule, sizeof step->rule);
    if (heal_step_is_over(step->state))
        heal_text_pair_text(&text, "outcome", step->outcome, sizeof step->outcome);
    heal_output_store(world, HEAL_RECORD_AUDIT, incident->view.id, "", value);
}

static uint32_t store_last_step(struct heal_world *world, const struct heal_incident *incident) {
    unsigned last = incident->view.steps - 1u;
    return store_step(world, incident->view.id, last, incident->view.step[last].remedy,
                      incident->view.step[last].state, &incident->step[last]);
}

bool heal_records_evidence(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    if (!write_incident(world, incident))
        return false;
    audit(world, incident);
    /* The store keeps its order: when this last record is durable, so is the evidence before it. */
    step->record_ticket = store_last_step(world, incident);
    if (step->record_ticket == 0)
        return false;
    world->pending[step->record_ticket % HEAL_PENDING_MAX] =
        (struct heal_pending){.ticket = step->record_ticket, .incident = incident->view.id, .step = step};
    return true;
}

void heal_records_step(struct heal_world *world, const struct heal_incident *incident) {
    store_last_step(world, incident);
    audit(world, incident);
}

static int read_state(struct heal_pairs *pairs, enum heal_step_state *ret_state) {
    unsigned index = 0;
    int r = heal_pairs_choice(pairs, heal_step_state_names, &index);
    if (r == 0)
        *ret_state = (enum heal_step_state)index;
    return r;
}

/* @return 0, a negative errno, or 1: the field is another. */
static int read_retuning(struct heal_pairs *pairs, const struct retuning *words, struct heal_step *step) {
    struct heal_retuning *retuning = (void *)((char *)step + words->offset);
    unsigned what = 0;
    if (heal_pairs_is(pairs, words->from))
        return heal_pairs_u32(pairs, 0, UINT32_MAX, &retuning->from);
    if (heal_pairs_is(pairs, words->to))
        return heal_pairs_u32(pairs, 0, UINT32_MAX, &retuning->to);
    if (!heal_pairs_is(pairs, words->what))
        return 1;
    int r = heal_pairs_choice(pairs, heal_tuning_names, &what);
    retuning->on = r == 0;
    retuning->what = (enum heal_tuning)what;
    return r;
}

static int read_retunings(struct heal_pairs *pairs, struct heal_step *step) {
    int r = 1;
    for (size_t i = 0; r == 1 && i < HEAL_COUNT(retunings); i++)
        r = read_retuning(pairs, &retunings[i], step);
    return r == 1 ? 0 : r; /* else of a later version */
}

static int read_field(struct heal_pairs *pairs, struct heal_leftover *leftover,
                      enum heal_step_state *ret_state) {
    char text[HEAL_ADDRESS_TEXT];
    struct heal_step *step = &leftover->step;
    if (heal_pairs_is(pairs, "state"))
        return read_state(pairs, ret_state);
    if (heal_pairs_is(pairs, "ifname"))
        return heal_pairs_text(pairs, step->port.ifname, sizeof step->port.ifname);
    if (heal_pairs_is(pairs, "service"))
        return heal_pairs_text(pairs, step->service, sizeof step->service);
    if (heal_pairs_is(pairs, "before"))
        return heal_pairs_u32(pairs, 0, UINT32_MAX, &step->before);
    if (heal_pairs_is(pairs, "cured"))
        return heal_pairs_bool(pairs, &step->cured);
    if (heal_pairs_is(pairs, "remedy")) {
        int r = heal_pairs_text(pairs, text, sizeof text);
        return r < 0 ? r : heal_remedy_parse(text, &leftover->remedy);
    }
    if (heal_pairs_is(pairs, "peer")) {
        int r = heal_pairs_text(pairs, text, sizeof text);
        return r < 0 ? r : heal_address_parse(text, &step->port.peer);
    }
    return read_retunings(pairs, step);
}

static int read_value(const char *value, struct heal_leftover *leftover, enum heal_step_state *ret_state) {
    struct heal_pairs pairs;
    int r = 0;
    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while (r >= 0 && (r = heal_pairs_next(&pairs)) > 0)
        r = read_field(&pairs, leftover, ret_state);
    return r < 0 ? -EINVAL : 0;
}

/* What is intended is on record before it is done; what is aimed at nothing yet has not been. */
static bool is_begun(const struct heal_leftover *leftover, enum heal_step_state state) {
    bool aimed = leftover->step.port.ifname[0] != '\0' || leftover->step.service[0] != '\0';
    return !heal_step_is_over(state) && state != HEAL_STEP_PLANNED && (aimed || state != HEAL_STEP_RECORDING);
}

bool heal_step_record_is_open(const char *value) {
    struct heal_leftover leftover = {0};
    enum heal_step_state state = HEAL_STEP_DONE;
    return read_value(value, &leftover, &state) == 0 && is_begun(&leftover, state);
}

int heal_records_restore_step(struct heal_world *world, const char *key, const char *value) {
    struct heal_leftover leftover = {.used = true};
    enum heal_step_state state = HEAL_STEP_DONE;
    unsigned long long incident;
    int r = sscanf(key, "%llu/%u", &incident, &leftover.number) == 2 ? 0 : -EINVAL;
    if (r < 0 || read_value(value, &leftover, &state) < 0)
        return -EINVAL;
    leftover.incident = incident;
    /* What is intended is durable before the act, what came of it only after: that run may have ended between
     * the two. So with the taking back. */
    leftover.step.unsure =
        state == HEAL_STEP_RECORDING || state == HEAL_STEP_DRAINING || state == HEAL_STEP_UNDOING;
    if (!is_begun(&leftover, state)) {
        if (!heal_step_is_over(state))
            heal_records_leftover_done(world, &leftover, "not-begun");
        return 0;
    }
    struct heal_leftover *place = heal_world_leftover_place(world);
    if (!place)
        return -ENOSPC; /* it stays on record, for the next run */
    *place = leftover;
    return 0;
}

void heal_records_still_there(struct heal_world *world, const struct heal_incident *incident,
                              unsigned number) {
    store_step(world, incident->view.id, number, incident->view.step[number].remedy, HEAL_STEP_UNDOING,
               &incident->step[number]);
}

void heal_records_leftover_done(struct heal_world *world, const struct heal_leftover *leftover,
                                const char *state) {
    char value[512];
    store_step(world, leftover->incident, leftover->number, leftover->remedy, HEAL_STEP_FAILED,
               &leftover->step);
    struct heal_text text;
    heal_text_init(&text, value, sizeof value);
    heal_text_pair_u64(&text, "incident", leftover->incident);
    heal_text_pair_text(&text, "remedy", heal_remedy_slug(leftover->remedy), HEAL_NAME_MAX);
    heal_text_pair_text(&text, "state", state, HEAL_NAME_MAX);
    heal_text_pair_bool(&text, "left-over", true);
    heal_output_store(world, HEAL_RECORD_AUDIT, leftover->incident, "", value);
}
