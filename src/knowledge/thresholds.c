/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/thresholds.h"

#include "base/pairs.h"

#include <errno.h>
#include <string.h>

static const enum heal_metric metric_of[HEAL_DIAGNOSES] = {
    [HEAL_LINK_LOSS] = HEAL_METRIC_LOSS,
    [HEAL_MTU_BLACKHOLE] = HEAL_METRIC_LOSS,
    [HEAL_ONE_WAY_LINK] = HEAL_METRIC_LOSS,
    [HEAL_LINK_LATENCY] = HEAL_METRIC_LATENCY,
    [HEAL_LINK_FLAP] = HEAL_METRIC_FLAPS,
    [HEAL_NEIGHBOUR_LOST] = HEAL_METRIC_SILENCE,
    [HEAL_INTERFERENCE] = HEAL_METRIC_SNR_DROP,
    [HEAL_RATE_LIMITED] = HEAL_METRIC_LATENCY,
    [HEAL_ROUTES_LOST] = HEAL_METRIC_ROUTES,
    [HEAL_NOT_FORWARDING] = HEAL_METRIC_TRANSIT_LOSS,
    [HEAL_NODE_OVERLOAD] = HEAL_METRIC_CPU,
    [HEAL_MEMORY_LEAK] = HEAL_METRIC_MEMORY_GROWTH,
    [HEAL_SERVICE_DOWN] = HEAL_METRIC_SERVICE,
    [HEAL_HIDDEN_LOSS] = HEAL_METRIC_RETRIES,
    [HEAL_WEAK_SIGNAL] = HEAL_METRIC_SIGNAL_DROP,
    [HEAL_GATEWAY_LOST] = HEAL_METRIC_UPLINK,
    [HEAL_ANOMALY] = HEAL_METRICS,
};

enum heal_metric heal_thresholds_metric_of(enum heal_diagnosis diagnosis) {
    return metric_of[diagnosis];
}

void heal_thresholds_init(struct heal_thresholds *thresholds, const struct heal_settings *settings) {
    memset(thresholds, 0, sizeof *thresholds);
    for (int i = 0; i < HEAL_METRICS; i++)
        thresholds->of[i].value = settings->threshold[i].start;
    heal_thresholds_configure(thresholds, settings);
}

static float within(const struct heal_threshold_status *threshold, float value) {
    return value < threshold->min ? threshold->min : value > threshold->max ? threshold->max : value;
}

void heal_thresholds_configure(struct heal_thresholds *thresholds, const struct heal_settings *settings) {
    for (int i = 0; i < HEAL_METRICS; i++) {
        struct heal_threshold_status *threshold = &thresholds->of[i];
        const struct heal_threshold_setting *setting = &settings->threshold[i];
        bool untouched = threshold->value == threshold->start;
        threshold->metric = (enum heal_metric)i;
        threshold->min = setting->min;
        threshold->max = setting->max;
        threshold->start = setting->start;
        threshold->value = within(threshold, untouched ? setting->start : threshold->value);
    }
}

static bool move(struct heal_threshold_status *threshold, float factor) {
    float before = threshold->value;
    threshold->value = within(threshold, before * factor);
    return threshold->value != before;
}

bool heal_thresholds_tighten(struct heal_thresholds *thresholds, enum heal_metric metric, float factor) {
    bool moved = move(&thresholds->of[metric], factor);
    thresholds->of[metric].tightened += moved;
    return moved;
}

bool heal_thresholds_relax(struct heal_thresholds *thresholds, enum heal_metric metric, float factor) {
    bool moved = move(&thresholds->of[metric], factor);
    thresholds->of[metric].relaxed += moved;
    return moved;
}

int heal_threshold_format(const struct heal_threshold_status *threshold, char *buffer, size_t size) {
    struct heal_text text;
    heal_text_init(&text, buffer, size);
    heal_text_pair_float(&text, "value", threshold->value);
    heal_text_pair_u64(&text, "tightened", threshold->tightened);
    heal_text_pair_u64(&text, "relaxed", threshold->relaxed);
    return text.cut ? -ENOSPC : 0;
}

int heal_threshold_parse(struct heal_thresholds *thresholds, const char *key, const char *value) {
    enum heal_metric metric;
    struct heal_pairs pairs;
    int r = heal_metric_parse(key, &metric);
    if (r < 0)
        return r;
    struct heal_threshold_status read = thresholds->of[metric];
    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while (r >= 0 && (r = heal_pairs_next(&pairs)) > 0) {
        if (heal_pairs_is(&pairs, "value"))
            r = heal_pairs_float(&pairs, &read.value);
        else if (heal_pairs_is(&pairs, "tightened"))
            r = heal_pairs_u32(&pairs, 0, UINT32_MAX, &read.tightened);
        else if (heal_pairs_is(&pairs, "relaxed"))
            r = heal_pairs_u32(&pairs, 0, UINT32_MAX, &read.relaxed);
    }
    if (r < 0)
        return -EINVAL;
    read.value = within(&read, read.value);
    thresholds->of[metric] = read;
    return 0;
}
