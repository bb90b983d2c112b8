/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/judge_memory.h"

#include "base/pairs.h"
#include "engine/judge.h"
#include "knowledge/merit_text.h"
#include "model/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The features' counts change each minute: kept this often. What is judged is kept at once. */
static const heal_us keep_every_us = 300 * HEAL_US_PER_S;

void heal_judge_keep_mode(struct heal_engine *engine) {
    const struct heal_probation *probation = &engine->probation;
    char value[400];
    struct heal_text text;
    heal_text_init(&text, value, sizeof value);
    heal_text_pair_u64(&text, "model", probation->merit[HEAL_SLOT_ACTIVE].model);
    heal_text_pair_text(&text, "mode", heal_mode_name(probation->mode), HEAL_NAME_MAX);
    heal_text_pair_text(&text, "wanted", heal_mode_name(probation->wanted), HEAL_NAME_MAX);
    heal_text_pair_text(&text, "configured", heal_mode_name(engine->world.settings.detector.mode),
                        HEAL_NAME_MAX);
    heal_text_pair_bool(&text, "forced", probation->forced);
    heal_text_pair_u64(&text, "since", probation->acts_since);
    heal_text_pair_text(&text, "fell", heal_gate_names[probation->fell], HEAL_NAME_MAX);
    heal_text_pair_text(&text, "words", probation->words, sizeof probation->words);
    heal_output_store(&engine->world, HEAL_RECORD_ORDER, 0, "detector", value);
}

/* Nobody waits for these: no ticket is answered, and what is written is told again with the next change. */
static bool keep(struct heal_world *world, enum heal_record_kind kind, const char *key, const char *value) {
    struct heal_command *command = heal_output_command(world, HEAL_COMMAND_STORE, 0);
    if (!command)
        return false;
    command->record.kind = kind;
    snprintf(command->record.key, sizeof command->record.key, "%s", key);
    snprintf(command->record.value, sizeof command->record.value, "%s", value);
    return true;
}

static void keep_merit(struct heal_world *world, struct heal_merit *merit) {
    char key[48], value[sizeof(((struct heal_record *)NULL)->value)];
    if (!merit->unkept || merit->model == 0)
        return;
    for (int part = 0; part < HEAL_MERIT_PARTS; part++)
        if (heal_merit_format(merit, (enum heal_merit_part)part, key, sizeof key, value, sizeof value) == 0)
            (void)keep(world, HEAL_RECORD_MERIT, key, value);
    merit->unkept = false;
}

static bool keep_verdict(struct heal_world *world, struct heal_verdicts *verdicts) {
    const struct heal_network_verdict *verdict = heal_verdicts_unkept(verdicts);
    char key[24], value[sizeof(((struct heal_record *)NULL)->value)];
    if (!verdict)
        return false;
    snprintf(key, sizeof key, "%llu", (unsigned long long)verdict->id);
    if (heal_verdict_format(verdict, value, sizeof value) == 0)
        (void)keep(world, HEAL_RECORD_VERDICT, key, value);
    heal_verdicts_kept(verdicts, verdict);
    return true;
}

/* All of a model's record or, for now, nothing. Verdicts that there is no room for come with the next rounds.
 */
void heal_judge_keep(struct heal_engine *engine) {
    enum { ROOM = HEAL_SLOTS * HEAL_MERIT_PARTS };
    struct heal_probation *probation = &engine->probation;
    struct heal_world *world = &engine->world;
    if (engine->merits_kept == 0 || world->now - engine->merits_kept >= keep_every_us) {
        for (int slot = 0; slot < HEAL_SLOTS; slot++)
            probation->merit[slot].unkept = true;
        engine->merits_kept = world->now;
    }
    if (HEAL_OUTPUT_COMMANDS - world->output->commands < 2 * ROOM)
        return;
    for (int slot = 0; slot < HEAL_SLOTS; slot++)
        keep_merit(world, &probation->merit[slot]);
    while (HEAL_OUTPUT_COMMANDS - world->output->commands > ROOM && keep_verdict(world, &probation->verdicts))
        continue;
}

/* What went on meanwhile nobody has seen: that it was silent afterwards says nothing. */
static int restore_verdict(struct heal_engine *engine, const char *value) {
    struct heal_network_verdict verdict;
    int r = heal_verdict_parse(value, &verdict);
    if (r < 0)
        return r;
    verdict.over = verdict.earlier = true;
    if (verdict.truth == HEAL_TRUTH_OPEN) {
        verdict.truth = HEAL_TRUTH_UNKNOWN;
        verdict.witness = HEAL_WITNESS_SILENCE;
    }
    heal_verdicts_restore(&engine->probation.verdicts, &verdict);
    return 0;
}

static int restore_merit(struct heal_engine *engine, const struct heal_record *record) {
    struct heal_probation *probation = &engine->probation;
    enum heal_merit_part part;
    uint64_t model;
    int r = heal_merit_parse_key(record->key, &model, &part);
    if (r < 0)
        return r;
    enum heal_slot slot = heal_probation_slot(probation, model);
    if (slot == HEAL_SLOTS)
        return 0; /* of a model that does not run */
    const struct heal_docket docket =
        heal_probation_docket(probation, slot, &engine->world.settings.detector);
    r = heal_merit_parse(docket.merit, part, record->value);
    if (r == 0)
        heal_merit_settle(docket.merit, &docket.choice);
    return r;
}

struct kept_mode {
    unsigned mode, wanted, configured, fell;
    bool forced;
    uint64_t model, since;
    char words[HEAL_PROBATION_WORDS];
};

static int read_mode(struct heal_pairs *pairs, struct kept_mode *kept) {
    if (heal_pairs_is(pairs, "model"))
        return heal_pairs_u64(pairs, 0, UINT64_MAX, &kept->model);
    if (heal_pairs_is(pairs, "mode"))
        return heal_pairs_choice(pairs, heal_mode_names, &kept->mode);
    if (heal_pairs_is(pairs, "wanted"))
        return heal_pairs_choice(pairs, heal_mode_names, &kept->wanted);
    if (heal_pairs_is(pairs, "configured"))
        return heal_pairs_choice(pairs, heal_mode_names, &kept->configured);
    if (heal_pairs_is(pairs, "forced"))
        return heal_pairs_bool(pairs, &kept->forced);
    if (heal_pairs_is(pairs, "since"))
        return heal_pairs_u64(pairs, 0, UINT64_MAX, &kept->since);
    if (heal_pairs_is(pairs, "fell"))
        return heal_pairs_choice(pairs, heal_gate_names, &kept->fell);
    if (heal_pairs_is(pairs, "words"))
        return heal_pairs_text(pairs, kept->words, sizeof kept->words);
    return 0;
}

/* The configuration has the word where it was changed since, as of heald's own mode. That another model was
 * let act says nothing of this one. */
static int restore_mode(struct heal_engine *engine, const char *value) {
    struct heal_probation *probation = &engine->probation;
    unsigned configured = (unsigned)engine->world.settings.detector.mode;
    struct kept_mode kept = {.configured = configured, .fell = HEAL_GATE_PASSED};
    struct heal_pairs pairs;
    int r;
    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while ((r = heal_pairs_next(&pairs)) > 0)
        if ((r = read_mode(&pairs, &kept)) < 0)
            return r;
    if (r < 0 || kept.configured != configured)
        return r;
    bool another = kept.model != probation->merit[HEAL_SLOT_ACTIVE].model;
    if (another && kept.mode == HEAL_MODE_ACT) {
        kept.mode = HEAL_MODE_OBSERVE;
        kept.forced = false;
    }
    probation->mode = (enum heal_mode)kept.mode;
    probation->wanted = (enum heal_mode)kept.wanted;
    probation->fell = (enum heal_gate)kept.fell;
    probation->forced = kept.forced;
    probation->acts_since = kept.since;
    memcpy(probation->words, kept.words, sizeof probation->words);
    return 0;
}

int heal_judge_restore(struct heal_engine *engine, const struct heal_record *record) {
    if (record->kind == HEAL_RECORD_VERDICT)
        return restore_verdict(engine, record->value);
    if (record->kind == HEAL_RECORD_MERIT)
        return restore_merit(engine, record);
    return restore_mode(engine, record->value);
}
