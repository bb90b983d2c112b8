/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heal/settings.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

enum {
    POLICY_COOLDOWN_S = 15,
    POLICY_MAX_PER_WINDOW = 6,
    POLICY_WINDOW_S = 600,
};

const char *const heal_mode_names[HEAL_MODES + 1] = {
    [HEAL_MODE_OBSERVE] = "observe",
    [HEAL_MODE_WARN] = "warn",
    [HEAL_MODE_ACT] = "act",
};

static const struct {
    const char *slug;
    enum heal_effect effect;
    bool both_ends;
} remedies[HEAL_REMEDIES] = {
    [HEAL_ROUTE_AROUND] = {"route-around",         HEAL_EFFECT_RELIEVES, false},
    [HEAL_LINK_COST] = {"link-cost",            HEAL_EFFECT_RELIEVES, false},
    [HEAL_CLAMP_MTU] = {"clamp-mtu",            HEAL_EFFECT_CONTAINS, true },
    [HEAL_BOUNCE_LINK] = {"bounce-link",          HEAL_EFFECT_CURES,    false},
    [HEAL_RESTORE_ROUTES] = {"restore-routes",       HEAL_EFFECT_RELIEVES, false},
    [HEAL_SET_FORWARDING] = {"set-forwarding",       HEAL_EFFECT_CURES,    false},
    [HEAL_RESTART_SERVICE] = {"restart-service",      HEAL_EFFECT_CURES,    false},
    [HEAL_SHED_LOAD] = {"shed-load",            HEAL_EFFECT_CONTAINS, false},
    [HEAL_QUARANTINE_NEIGHBOUR] = {"quarantine-neighbour", HEAL_EFFECT_RELIEVES, false},
    [HEAL_HOP_PENALTY] = {"hop-penalty",          HEAL_EFFECT_RELIEVES, true },
    [HEAL_THROUGHPUT_OVERRIDE] = {"throughput-override",  HEAL_EFFECT_RELIEVES, true },
    [HEAL_HASTEN_ROUTING] = {"hasten-routing",       HEAL_EFFECT_RELIEVES, false},
    [HEAL_STOP_GATEWAY] = {"stop-gateway",         HEAL_EFFECT_RELIEVES, false},
    [HEAL_RENEW_MESH] = {"renew-mesh",           HEAL_EFFECT_CURES,    false},
    [HEAL_SWITCH_CHANNEL] = {"switch-channel",       HEAL_EFFECT_CURES,    false},
    [HEAL_RAISE_POWER] = {"raise-power",          HEAL_EFFECT_CONTAINS, true },
    [HEAL_NOTIFY] = {"notify",               HEAL_EFFECT_TELLS,    false},
};

/* A diagnosis: its slug, and the remedies of its built-in policy in the order of preference. Those that lose
 * no traffic come first, those that interrupt something last, and people hear of what nothing helped. */
struct diagnosis {
    const char *slug;
    uint8_t steps;
    enum heal_remedy step[HEAL_REMEDIES_PER_POLICY];
};

static const struct diagnosis diagnoses[HEAL_DIAGNOSES] = {
    [HEAL_LINK_LOSS] = {"link-loss",
                        6,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                         HEAL_BOUNCE_LINK, HEAL_NOTIFY}                    },
    [HEAL_MTU_BLACKHOLE] = {"mtu-blackhole",
                        6,                   {HEAL_CLAMP_MTU, HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY,
                             HEAL_THROUGHPUT_OVERRIDE, HEAL_NOTIFY}        },
    [HEAL_ONE_WAY_LINK] = {"one-way-link",
                        6,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                            HEAL_BOUNCE_LINK, HEAL_NOTIFY}                 },
    [HEAL_LINK_LATENCY] = {"link-latency",
                        5,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                            HEAL_NOTIFY}                                   },
    [HEAL_LINK_FLAP] = {"link-flap",
                        5,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                         HEAL_NOTIFY}                                      },
    [HEAL_NEIGHBOUR_LOST] = {"neighbour-lost",
                        5,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HASTEN_ROUTING, HEAL_HOP_PENALTY,
                              HEAL_NOTIFY}                                 },
    [HEAL_INTERFERENCE] = {"interference",
                        5,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                            HEAL_NOTIFY}                                   },
    [HEAL_RATE_LIMITED] = {"rate-limited",
                        5,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                            HEAL_NOTIFY}                                   },
    [HEAL_ROUTES_LOST] = {"routes-lost",    3, {HEAL_RESTORE_ROUTES, HEAL_RESTART_SERVICE, HEAL_NOTIFY}},
    [HEAL_NOT_FORWARDING] = {"not-forwarding",
                        5,                   {HEAL_SET_FORWARDING, HEAL_RESTORE_ROUTES, HEAL_ROUTE_AROUND,
                              HEAL_QUARANTINE_NEIGHBOUR, HEAL_NOTIFY}      },
    [HEAL_NODE_OVERLOAD] = {"node-overload",  3, {HEAL_SHED_LOAD, HEAL_RESTART_SERVICE, HEAL_NOTIFY}     },
    [HEAL_MEMORY_LEAK] = {"memory-leak",    2, {HEAL_RESTART_SERVICE, HEAL_NOTIFY}                     },
    [HEAL_SERVICE_DOWN] = {"service-down",   2, {HEAL_RESTART_SERVICE, HEAL_NOTIFY}                     },
    [HEAL_HIDDEN_LOSS] = {"hidden-loss",
                        5,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                           HEAL_NOTIFY}                                    },
    [HEAL_WEAK_SIGNAL] = {"weak-signal",
                        5,                   {HEAL_ROUTE_AROUND, HEAL_LINK_COST, HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                           HEAL_NOTIFY}                                    },
    [HEAL_GATEWAY_LOST] = {"gateway-lost",   3, {HEAL_STOP_GATEWAY, HEAL_RENEW_MESH, HEAL_NOTIFY}       },
    [HEAL_ANOMALY] = {"anomaly",        2, {HEAL_ROUTE_AROUND, HEAL_NOTIFY}                        },
};

struct metric {
    const char *name, *unit;
    struct heal_threshold_setting threshold;
};

static const struct metric metrics[HEAL_METRICS] = {
    [HEAL_METRIC_LOSS] = {"loss",          "share",      {0.03F, 0.01F, 0.15F}},
    [HEAL_METRIC_LATENCY] = {"latency",       "deviations", {8.0F, 4.0F, 20.0F}  },
    [HEAL_METRIC_SNR_DROP] = {"snr-drop",      "dB",         {6.0F, 3.0F, 15.0F}  },
    [HEAL_METRIC_SILENCE] = {"silence",       "s",          {1.4F, 0.8F, 5.0F}   },
    [HEAL_METRIC_FLAPS] = {"flaps",         "outages",    {3.0F, 2.0F, 8.0F}   },
    [HEAL_METRIC_TRANSIT_LOSS] = {"transit-loss",  "share",      {0.8F, 0.5F, 0.95F}  },
    [HEAL_METRIC_CPU] = {"cpu",           "share",      {0.9F, 0.7F, 0.98F}  },
    [HEAL_METRIC_MEMORY_GROWTH] = {"memory-growth", "share/min",  {0.10F, 0.03F, 0.5F} },
    [HEAL_METRIC_SERVICE] = {"service",       "s",          {0.5F, 0.2F, 5.0F}   },
    [HEAL_METRIC_ROUTES] = {"routes",        "s",          {0.6F, 0.3F, 5.0F}   },
    [HEAL_METRIC_RETRIES] = {"retries",       "share",      {0.25F, 0.1F, 0.6F}  },
    [HEAL_METRIC_SIGNAL_DROP] = {"signal-drop",   "dB",         {8.0F, 4.0F, 20.0F}  },
    [HEAL_METRIC_UPLINK] = {"uplink",        "s",          {2.0F, 0.5F, 30.0F}  },
};

const char *heal_mode_name(enum heal_mode mode) {
    return heal_mode_names[mode];
}

const char *heal_diagnosis_slug(enum heal_diagnosis diagnosis) {
    return diagnoses[diagnosis].slug;
}

const char *heal_remedy_slug(enum heal_remedy remedy) {
    return remedies[remedy].slug;
}

bool heal_remedy_takes_both_ends(enum heal_remedy remedy) {
    return remedies[remedy].both_ends;
}

enum heal_effect heal_remedy_effect(enum heal_remedy remedy) {
    return remedies[remedy].effect;
}

const char *heal_metric_name(enum heal_metric metric) {
    return metrics[metric].name;
}

const char *heal_metric_unit(enum heal_metric metric) {
    return metrics[metric].unit;
}

int heal_diagnosis_parse(const char *slug, enum heal_diagnosis *ret_diagnosis) {
    for (size_t i = 0; i < HEAL_COUNT(diagnoses); i++)
        if (strcmp(diagnoses[i].slug, slug) == 0) {
            *ret_diagnosis = (enum heal_diagnosis)i;
            return 0;
        }
    return -EINVAL;
}

int heal_remedy_parse(const char *slug, enum heal_remedy *ret_remedy) {
    for (size_t i = 0; i < HEAL_COUNT(remedies); i++)
        if (strcmp(remedies[i].slug, slug) == 0) {
            *ret_remedy = (enum heal_remedy)i;
            return 0;
        }
    return -EINVAL;
}

int heal_metric_parse(const char *name, enum heal_metric *ret_metric) {
    for (size_t i = 0; i < HEAL_COUNT(metrics); i++)
        if (strcmp(metrics[i].name, name) == 0) {
            *ret_metric = (enum heal_metric)i;
            return 0;
        }
    return -EINVAL;
}

static void policy_init(struct heal_policy *policy, const struct diagnosis *diagnosis) {
    *policy = (struct heal_policy){
        .min_confidence = 0.7F,
        .steps = diagnosis->steps,
        .cooldown_us = POLICY_COOLDOWN_S * HEAL_US_PER_S,
        .max_per_window = POLICY_MAX_PER_WINDOW,
        .window_us = POLICY_WINDOW_S * HEAL_US_PER_S,
        .escalate = true,
    };
    memcpy(policy->step, diagnosis->step, sizeof policy->step);
}

heal_us heal_settings_gap_us(const struct heal_settings *settings) {
    /* Later than a busy machine or a slow disk makes a round. */
    const heal_us least = 10 * HEAL_US_PER_S, rounds = 5 * settings->round_us;

    return rounds > least ? rounds : least;
}

void heal_settings_init(struct heal_settings *settings) {
    *settings = (struct heal_settings){
        .mode = HEAL_MODE_OBSERVE,
        .round_us = HEAL_US_PER_S,
        .round_fast_us = 250 * HEAL_US_PER_MS,
        .probe_small_ms = 500,
        .probe_full_ms = 1000,
        .probe_fast_ms = 50,
        .examine_us = 2 * HEAL_US_PER_S,
        .ports_max = HEAL_PORTS_MAX,
        .min_healthy_neighbours = 1,
        .storm_limit = 8,
        .storm_window_us = 60 * HEAL_US_PER_S,
        .detector = {.mode = HEAL_MODE_OBSERVE,
                     .watch_us = 3600 * HEAL_US_PER_S,
                     .false_rate = 0.005F,
                     .gate = {.alarms = 30,
                              .watches = 200,
                              .precision = 0.9F,
                              .keep_precision = 0.8F,
                              .moved = 0.25F,
                              .outside = 0.05F}},
    };
    for (size_t i = 0; i < HEAL_METRICS; i++)
        settings->threshold[i] = metrics[i].threshold;
    for (size_t i = 0; i < HEAL_DIAGNOSES; i++)
        policy_init(&settings->policy[i], &diagnoses[i]);
}
