/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A verdict as a record's value, and its words. */
#include "base/field.h"
#include "heal/verdict.h"

#include <errno.h>

const char *const heal_truth_names[HEAL_TRUTHS + 1] = {
    [HEAL_TRUTH_OPEN] = "open",
    [HEAL_TRUTH_TRUE] = "true",
    [HEAL_TRUTH_FALSE] = "false",
    [HEAL_TRUTH_UNKNOWN] = "unknown",
};

const char *const heal_witness_names[HEAL_WITNESSES + 1] = {
    [HEAL_WITNESS_NONE] = "none",         [HEAL_WITNESS_SILENCE] = "silence",
    [HEAL_WITNESS_INCIDENT] = "incident", [HEAL_WITNESS_INJECTOR] = "injector",
    [HEAL_WITNESS_OPERATOR] = "operator",
};

/* A diagnosis is kept by its slug: the numbers are the source's own. */
struct kept {
    struct heal_network_verdict verdict;
    char diagnosis[HEAL_NAME_MAX];
};

#define FIELD(type, name, member) HEAL_FIELD_OF(type, name, struct kept, verdict.member)
#define WHY(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reason, member)
#define MEASURED(index, of)                                                                                  \
    {                                                                                                        \
        .name = #of, .type = HEAL_FIELD_FEATURE, .offset = offsetof(struct heal_reason, of.value[index]),    \
        .size = index, .aside = offsetof(struct heal_reason, of.valid)                                       \
    }
#define FEATURE(index) WHY(FLOAT, "share", share[index]), MEASURED(index, seen), MEASURED(index, normal)

_Static_assert(HEAL_FEATURES == 8, "a row below for each");
static const struct heal_field why[] = {
    WHY(U64, "at", at),
    WHY(I32, "logit", logit),
    WHY(I32, "unmeasured", unmeasured),
    WHY(I32, "alone", alone),
    WHY(FLOAT, "others", others),
    FEATURE(0),
    FEATURE(1),
    FEATURE(2),
    FEATURE(3),
    FEATURE(4),
    FEATURE(5),
    FEATURE(6),
    FEATURE(7),
    {.name = NULL},
};

#define BY(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reason_neighbour, member)

static const struct heal_field by[] = {
    BY(NODE, "node", node),
    BY(BOOL, "other-end", other_end),
    BY(FLOAT, "share", share),
    BY(FLOAT, "error", error),
    {.name = NULL},
};

static const struct heal_field fields[] = {
    FIELD(U64, "id", id),
    FIELD(U64, "model", model),
    FIELD(BOOL, "shadow", shadow),
    FIELD(BOOL, "alarm", alarm),
    FIELD(PORT, "port", port),
    FIELD(NODE, "neighbour", neighbour),
    FIELD(I32, "logit", logit),
    FIELD(I32, "threshold", threshold),
    FIELD(U64, "begun", begun),
    FIELD(U64, "last", last),
    FIELD(BOOL, "over", over),
    HEAL_FIELD_CHOICE_OF("mode", struct kept, verdict.mode, heal_mode_names),
    HEAL_FIELD_CHOICE_OF("truth", struct kept, verdict.truth, heal_truth_names),
    HEAL_FIELD_CHOICE_OF("witness", struct kept, verdict.witness, heal_witness_names),
    FIELD(U64, "incident", incident),
    HEAL_FIELD_TEXT_OF("diagnosis", struct kept, diagnosis),
    FIELD(BOOL, "first", first),
    FIELD(BOOL, "again", again),
    HEAL_FIELD_TEXT_OF("would", struct kept, verdict.would),
 /* Once, or not at all; then its neighbours. */
    {.name = "why",
     .type = HEAL_FIELD_LIST,
     .offset = offsetof(struct kept, verdict.why),
     .size = sizeof(struct heal_reason),
     .aside = offsetof(struct kept, verdict.why.known),
     .most = 1,
     .element = why},
    {.name = "by",
     .type = HEAL_FIELD_LIST,
     .offset = offsetof(struct kept, verdict.why.neighbour),
     .size = sizeof(struct heal_reason_neighbour),
     .aside = offsetof(struct kept, verdict.why.shown),
     .most = HEAL_REASON_NEIGHBOURS_MAX,
     .element = by},
    {.name = NULL},
};

int heal_verdict_format(const struct heal_network_verdict *verdict, char *buffer, size_t size) {
    struct kept kept = {.verdict = *verdict};
    struct heal_text text;
    if (verdict->diagnosis < HEAL_DIAGNOSES)
        heal_name_copy(kept.diagnosis, sizeof kept.diagnosis,
                       heal_diagnosis_slug((enum heal_diagnosis)verdict->diagnosis));
    heal_text_init(&text, buffer, size);
    int r = heal_fields_format(&text, fields, &kept);
    return r < 0 ? r : text.cut ? -ENOSPC : 0;
}

int heal_verdict_parse(const char *text, struct heal_network_verdict *ret_verdict) {
    struct kept kept = {.verdict.diagnosis = HEAL_DIAGNOSIS_UNNAMED};
    enum heal_diagnosis diagnosis;
    struct heal_pairs pairs;
    heal_pairs_init(&pairs, text, strlen(text), NULL);
    int r = heal_fields_parse(&pairs, fields, &kept);
    if (r < 0 || kept.verdict.id == 0)
        return -EINVAL;
    /* One that this heald does not know has no name here. */
    if (heal_diagnosis_parse(kept.diagnosis, &diagnosis) == 0)
        kept.verdict.diagnosis = (uint8_t)diagnosis;
    *ret_verdict = kept.verdict;
    return 0;
}
