/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/verdicts.h"

#include <string.h>

static size_t place_of(const struct heal_verdicts *verdicts, const struct heal_network_verdict *verdict) {
    return (size_t)(verdict - verdicts->of);
}

static bool is_unkept(const struct heal_verdicts *verdicts, size_t place) {
    return verdicts->unkept[place / 8] >> place % 8 & 1;
}

static void mark(struct heal_verdicts *verdicts, size_t place, bool unkept) {
    uint8_t bit = (uint8_t)(1 << place % 8);
    verdicts->unkept[place / 8] =
        (uint8_t)(unkept ? verdicts->unkept[place / 8] | bit : verdicts->unkept[place / 8] & ~bit);
}

static void take_out(struct heal_verdicts *verdicts, size_t place) {
    verdicts->count--;
    memmove(&verdicts->of[place], &verdicts->of[place + 1],
            (verdicts->count - place) * sizeof verdicts->of[0]);
    for (size_t i = place; i < verdicts->count; i++)
        mark(verdicts, i, is_unkept(verdicts, i + 1));
    mark(verdicts, verdicts->count, false);
}

static void make_room(struct heal_verdicts *verdicts) {
    size_t place = 0;
    if (verdicts->count < HEAL_VERDICTS_MAX)
        return;
    while (place < verdicts->count && verdicts->of[place].truth == HEAL_TRUTH_OPEN)
        place++;
    take_out(verdicts, place < verdicts->count ? place : 0);
}

struct heal_network_verdict *heal_verdicts_make(struct heal_verdicts *verdicts) {
    make_room(verdicts);
    if (verdicts->next == 0)
        verdicts->next = 1;
    struct heal_network_verdict *verdict = &verdicts->of[verdicts->count++];
    *verdict = (struct heal_network_verdict){.id = verdicts->next++, .diagnosis = HEAL_DIAGNOSIS_UNNAMED};
    heal_verdicts_touch(verdicts, verdict);
    return verdict;
}

void heal_verdicts_restore(struct heal_verdicts *verdicts, const struct heal_network_verdict *verdict) {
    if (heal_verdicts_find(verdicts, verdict->id))
        return;
    make_room(verdicts);
    size_t place = verdicts->count;
    while (place > 0 && verdicts->of[place - 1].id > verdict->id)
        place--;
    memmove(&verdicts->of[place + 1], &verdicts->of[place],
            (verdicts->count - place) * sizeof verdicts->of[0]);
    for (size_t i = verdicts->count; i > place; i--)
        mark(verdicts, i, is_unkept(verdicts, i - 1));
    verdicts->of[place] = *verdict;
    mark(verdicts, place, false);
    verdicts->count++;
    if (verdict->id >= verdicts->next)
        verdicts->next = verdict->id + 1;
}

const struct heal_network_verdict *heal_verdicts_find_const(const struct heal_verdicts *verdicts,
                                                            uint64_t id) {
    for (size_t i = verdicts->count; i > 0; i--)
        if (verdicts->of[i - 1].id == id)
            return &verdicts->of[i - 1];
    return NULL;
}

struct heal_network_verdict *heal_verdicts_find(struct heal_verdicts *verdicts, uint64_t id) {
    const struct heal_network_verdict *found = heal_verdicts_find_const(verdicts, id);
    return found ? &verdicts->of[place_of(verdicts, found)] : NULL;
}

void heal_verdicts_touch(struct heal_verdicts *verdicts, const struct heal_network_verdict *verdict) {
    mark(verdicts, place_of(verdicts, verdict), true);
}

const struct heal_network_verdict *heal_verdicts_unkept(const struct heal_verdicts *verdicts) {
    for (size_t i = 0; i < verdicts->count; i++)
        if (is_unkept(verdicts, i))
            return &verdicts->of[i];
    return NULL;
}

void heal_verdicts_kept(struct heal_verdicts *verdicts, const struct heal_network_verdict *verdict) {
    mark(verdicts, place_of(verdicts, verdict), false);
}
