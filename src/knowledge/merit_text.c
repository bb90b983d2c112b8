/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/merit_text.h"

#include "base/pairs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCORES_HALF = HEAL_CONFORMAL_SCORES / 2, SCORE_DIGITS = 4 };

static const char *const names[HEAL_MERIT_PARTS + 1] = {
    [HEAL_MERIT_COUNTS] = "counts",
    [HEAL_MERIT_SEEN] = "seen",
    [HEAL_MERIT_TRUSTED] = "trusted",
    [HEAL_MERIT_SCORES] = "scores",
    [HEAL_MERIT_SCORES_NEWER] = "scores-newer",
    [HEAL_MERIT_RIVAL] = "rival",
};

static void write_confusion(struct heal_text *text, const struct heal_confusion *confusion) {
    for (int i = 0; i < HEAL_CELLS; i++)
        heal_text_pair_u64(text, heal_cell_names[i], confusion->cell[i]);
    for (int i = 0; i < HEAL_DIAGNOSES_AND_UNNAMED; i++) {
        const struct heal_found *incidents = &confusion->incidents[i];
        if (incidents->found == 0 && incidents->missed == 0)
            continue;
        heal_text_pair_text(text, "of", i < HEAL_DIAGNOSES ? heal_diagnosis_slug((enum heal_diagnosis)i) : "",
                            HEAL_NAME_MAX);
        heal_text_pair_u64(text, "found", incidents->found);
        heal_text_pair_u64(text, "lost", incidents->missed);
    }
}

static void write_counts(struct heal_text *text, const struct heal_merit *merit) {
    write_confusion(text, &merit->confusion);
    for (int i = 0; i < HEAL_CALIBRATION_BINS; i++) {
        const struct heal_calibration_bin *bin = &merit->calibration.bin[i];
        heal_text_pair_u64(text, "bin", (uint64_t)i);
        heal_text_pair_u64(text, "count", bin->count);
        heal_text_pair_u64(text, "sick", bin->sick);
        heal_text_pair_float(text, "chance", bin->chance);
    }
}

static void write_drift(struct heal_text *text, const struct heal_drift_counts *counts) {
    for (int i = 0; i < HEAL_FEATURES; i++) {
        heal_text_pair_text(text, "feature", heal_feature_names[i], HEAL_NAME_MAX);
        heal_text_pair_u64(text, "missing", counts->missing[i]);
        for (int bin = 0; bin < HEAL_DRIFT_BINS; bin++)
            heal_text_pair_u64(text, "bin", counts->bin[i][bin]);
    }
}

/* In two's complement, four digits a score. */
static void write_scores(struct heal_text *text, const struct heal_conformal *conformal, size_t from) {
    size_t to = from + SCORES_HALF < conformal->count ? from + SCORES_HALF : conformal->count;
    heal_text_add(text, "scores=\"");
    for (size_t i = from; i < to; i++)
        heal_text_add(text, "%04" PRIx16, (uint16_t)conformal->score[i]);
    heal_text_add(text, "\"");
}

int heal_merit_format(const struct heal_merit *merit, enum heal_merit_part part, char *key, size_t key_size,
                      char *value, size_t value_size) {
    struct heal_text text;
    heal_text_init(&text, key, key_size);
    heal_text_add(&text, "%016" PRIx64 "/%s", merit->model, names[part]);
    bool cut = text.cut;
    heal_text_init(&text, value, value_size);
    switch (part) {
    case HEAL_MERIT_COUNTS:
        write_counts(&text, merit);
        break;
    case HEAL_MERIT_RIVAL:
        heal_text_pair_u64(&text, "model", merit->rival.model);
        write_confusion(&text, &merit->rival.before);
        break;
    case HEAL_MERIT_SEEN:
        write_drift(&text, &merit->drift.now);
        break;
    case HEAL_MERIT_TRUSTED:
        write_drift(&text, &merit->drift.trusted);
        break;
    case HEAL_MERIT_SCORES:
        write_scores(&text, &merit->conformal, 0);
        break;
    case HEAL_MERIT_SCORES_NEWER:
        write_scores(&text, &merit->conformal, SCORES_HALF);
        break;
    case HEAL_MERIT_PARTS:
        return -EINVAL;
    }
    return cut || text.cut ? -ENOSPC : 0;
}

int heal_merit_parse_key(const char *key, uint64_t *ret_model, enum heal_merit_part *ret_part) {
    char *end;
    uint64_t model = strtoull(key, &end, 16);
    if (end - key != 16 || *end != '/' || key[0] == '-' || key[0] == '+')
        return -EINVAL;
    for (int part = 0; part < HEAL_MERIT_PARTS; part++) {
        if (strcmp(end + 1, names[part]) != 0)
            continue;
        *ret_model = model;
        *ret_part = (enum heal_merit_part)part;
        return 0;
    }
    return -EINVAL;
}

/* What the pairs that follow belong to. */
struct reading {
    struct heal_confusion confusion;
    struct heal_calibration calibration;
    struct heal_drift_counts counts;
    uint64_t model;
    unsigned diagnosis, bin, feature, features, bins; /**< bins, features: so many have come */
};

static int read_diagnosis(struct heal_pairs *pairs, struct reading *reading) {
    char slug[HEAL_NAME_MAX];
    enum heal_diagnosis diagnosis;
    int r = heal_pairs_text(pairs, slug, sizeof slug);
    if (r < 0)
        return r;
    /* One that this heald does not know has no name here. */
    reading->diagnosis = HEAL_DIAGNOSIS_UNNAMED;
    if (heal_diagnosis_parse(slug, &diagnosis) == 0)
        reading->diagnosis = (unsigned)diagnosis;
    return 0;
}

static int read_count(struct heal_pairs *pairs, struct reading *reading) {
    struct heal_found *incidents = &reading->confusion.incidents[reading->diagnosis];
    struct heal_calibration_bin *bin = &reading->calibration.bin[reading->bin];
    for (int i = 0; i < HEAL_CELLS; i++)
        if (heal_pairs_is(pairs, heal_cell_names[i]))
            return heal_pairs_u32(pairs, 0, UINT32_MAX, &reading->confusion.cell[i]);
    if (heal_pairs_is(pairs, "model"))
        return heal_pairs_u64(pairs, 0, UINT64_MAX, &reading->model);
    if (heal_pairs_is(pairs, "of"))
        return read_diagnosis(pairs, reading);
    if (heal_pairs_is(pairs, "found"))
        return heal_pairs_u32(pairs, 0, UINT32_MAX, &incidents->found);
    if (heal_pairs_is(pairs, "lost"))
        return heal_pairs_u32(pairs, 0, UINT32_MAX, &incidents->missed);
    if (heal_pairs_is(pairs, "bin"))
        return heal_pairs_u32(pairs, 0, HEAL_CALIBRATION_BINS - 1, &reading->bin);
    if (heal_pairs_is(pairs, "count"))
        return heal_pairs_u32(pairs, 0, UINT32_MAX, &bin->count);
    if (heal_pairs_is(pairs, "sick"))
        return heal_pairs_u32(pairs, 0, UINT32_MAX, &bin->sick);
    if (heal_pairs_is(pairs, "chance"))
        return heal_pairs_float(pairs, &bin->chance);
    return 0; /* of a later version */
}

static int read_pairs(const char *value, int (*read)(struct heal_pairs *, struct reading *),
                      struct reading *reading) {
    struct heal_pairs pairs;
    int r;
    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while ((r = heal_pairs_next(&pairs)) > 0)
        if ((r = read(&pairs, reading)) < 0)
            return r;
    return r;
}

/* Pairs may come in any order, and more than once: what they say together counts. */
static int read_counts(const char *value, struct reading *reading) {
    int r = read_pairs(value, read_count, reading);
    for (int i = 0; r == 0 && i < HEAL_CALIBRATION_BINS; i++)
        if (reading->calibration.bin[i].sick > reading->calibration.bin[i].count)
            r = -EINVAL;
    return r;
}

static int read_bin(struct heal_pairs *pairs, struct reading *reading) {
    unsigned index;
    int r;
    if (heal_pairs_is(pairs, "feature")) {
        r = heal_pairs_choice(pairs, heal_feature_names, &index);
        reading->feature = r < 0 ? reading->feature : index;
        reading->bins = 0;
        reading->features++;
        return r;
    }
    if (reading->features == 0)
        return -EINVAL;
    if (heal_pairs_is(pairs, "missing"))
        return heal_pairs_u32(pairs, 0, UINT32_MAX, &reading->counts.missing[reading->feature]);
    if (!heal_pairs_is(pairs, "bin"))
        return 0;
    if (reading->bins == HEAL_DRIFT_BINS)
        return -EINVAL;
    return heal_pairs_u32(pairs, 0, UINT32_MAX, &reading->counts.bin[reading->feature][reading->bins++]);
}

static int read_scores(const char *value, struct heal_conformal *conformal, size_t from) {
    const char *digits = value + strlen("scores=\"");
    size_t length = strlen(value), scores;
    if (strncmp(value, "scores=\"", strlen("scores=\"")) != 0 || value[length - 1] != '"')
        return -EINVAL;
    length = (size_t)(value + length - 1 - digits);
    scores = length / SCORE_DIGITS;
    if (length % SCORE_DIGITS != 0 || scores > SCORES_HALF || strspn(digits, "0123456789abcdef") != length ||
        (scores > 0 && conformal->count < from))
        return -EINVAL;
    for (size_t i = 0; i < scores; i++) {
        char four[SCORE_DIGITS + 1] = "";
        memcpy(four, digits + i * SCORE_DIGITS, SCORE_DIGITS);
        conformal->score[from + i] = (int16_t)strtoul(four, NULL, 16);
    }
    if (scores > 0 || from == 0)
        conformal->count = (uint16_t)(from + scores);
    return 0;
}

int heal_merit_parse(struct heal_merit *merit, enum heal_merit_part part, const char *value) {
    struct reading reading = {.diagnosis = HEAL_DIAGNOSIS_UNNAMED};
    int r = -EINVAL;
    switch (part) {
    case HEAL_MERIT_COUNTS:
    case HEAL_MERIT_RIVAL:
        r = read_counts(value, &reading);
        break;
    case HEAL_MERIT_SEEN:
    case HEAL_MERIT_TRUSTED:
        r = read_pairs(value, read_bin, &reading);
        break;
    case HEAL_MERIT_SCORES:
        return read_scores(value, &merit->conformal, 0);
    case HEAL_MERIT_SCORES_NEWER:
        return read_scores(value, &merit->conformal, SCORES_HALF);
    case HEAL_MERIT_PARTS:
        break;
    }
    if (r < 0)
        return -EINVAL;
    if (part == HEAL_MERIT_COUNTS) {
        merit->confusion = reading.confusion;
        merit->calibration = reading.calibration;
    } else if (part == HEAL_MERIT_RIVAL) {
        merit->rival = (struct heal_rival){.model = reading.model, .before = reading.confusion};
    } else {
        *(part == HEAL_MERIT_SEEN ? &merit->drift.now : &merit->drift.trusted) = reading.counts;
    }
    return 0;
}
