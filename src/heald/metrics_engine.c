/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The parts of the metrics page that come from the engine's snapshots. */
#include <stdio.h>

#include "base/cleanup.h"
#include "heald/feature.h"
#include "heald/metrics_parts.h"

/* A sample with one label. */
static void sample_of(struct heal_exposition *x, const char *name, const char *value, double number) {
    const struct heal_exposition_label label[] = {
        {name, value},
        {NULL, NULL }
    };

    heal_exposition_sample(x, number, label);
}

/* How long the oldest incident is open that is this node's own, as its owner or an end of its link. */
static double oldest_s(const struct heald_view *view) {
    struct heal_incident_status incident;
    double now = (double)heald_now(), oldest = 0;

    for (size_t i = 0; heal_engine_incident(view->engine, i, &incident); i++) {
        double age = (now - (double)incident.opened) / 1e6;

        if (incident.closed == 0 && incident.role != HEAL_ROLE_UPSTREAM && age > oldest)
            oldest = age;
    }
    return oldest;
}

void heald_metrics_incidents(struct heal_exposition *x, const struct heald_view *view) {
    struct heal_engine_status status;

    heal_engine_status(view->engine, &status);
    heal_exposition_family(x, "heald_incidents_total", HEAL_EXPOSITION_COUNTER,
                           "Incidents by first diagnosis.");
    for (unsigned i = 0; i < HEAL_DIAGNOSES; i++)
        sample_of(x, "diagnosis", heal_diagnosis_slug((enum heal_diagnosis)i), status.incidents_total[i]);
    heal_exposition_family(x, "heald_incidents_open", HEAL_EXPOSITION_GAUGE,
                           "Incidents of this node and its links that are open.");
    heal_exposition_sample(x, (double)status.incidents_open, NULL);
    heal_exposition_family(
        x, "heald_incidents_reported", HEAL_EXPOSITION_GAUGE,
        "Other nodes' incidents where this node's traffic passes, as long as they are open.");
    heal_exposition_sample(x, (double)status.incidents_reported, NULL);
    heal_exposition_family(x, "heald_incident_oldest_seconds", HEAL_EXPOSITION_GAUGE,
                           "How long the oldest open incident of this node or of its links has been open; 0: "
                           "none is.");
    heal_exposition_sample(x, oldest_s(view), NULL);
    /* Sums without buckets are a summary, not a histogram. */
    heal_exposition_family(x, "heald_mttd_seconds", HEAL_EXPOSITION_SUMMARY,
                           "Time from the first sign of trouble to its incident.");
    heal_exposition_summary(x, status.mttd_count, (double)status.mttd_sum_s);
    heal_exposition_family(x, "heald_mttr_seconds", HEAL_EXPOSITION_SUMMARY,
                           "Time from the diagnosis that a remedy treats until nothing suffers any more.");
    heal_exposition_summary(x, status.mttr_count, (double)status.mttr_sum_s);
}

void heald_metrics_actions(struct heal_exposition *x, const struct heald_view *view) {
    /* What would have been done was so because of the mode; what was done was done in mode act. */
    static const struct {
        const char *mode, *outcome;
    } column[] = {
        {"act",     "worked"},
        {"act",     "failed"},
        {"observe", "would" }
    };
    struct heal_engine_status status;

    heal_engine_status(view->engine, &status);
    heal_exposition_family(x, "heald_actions_total", HEAL_EXPOSITION_COUNTER,
                           "Remedies by what came of them.");
    for (unsigned i = 0; i < HEAL_REMEDIES; i++)
        for (size_t j = 0; j < HEAL_COUNT(column); j++) {
            const struct heal_exposition_label label[] = {
                {"remedy",  heal_remedy_slug((enum heal_remedy)i)},
                {"mode",    column[j].mode                       },
                {"outcome", column[j].outcome                    },
                {NULL,      NULL                                 }
            };

            heal_exposition_sample(x, status.actions_total[i][j], label);
        }
    heal_exposition_family(x, "heald_actions_suppressed_total", HEAL_EXPOSITION_COUNTER,
                           "Decisions to do nothing, by their reason.");
    for (unsigned i = HEAL_NOT_SUPPRESSED + 1; i < HEAL_SUPPRESSIONS; i++)
        sample_of(x, "reason", heal_suppression_name((enum heal_suppression)i), status.suppressed_total[i]);
}

static void feedback(struct heal_exposition *x, const struct heal_feedback_status *feedback) {
    heal_exposition_family(x, "heald_feedback_updates_total", HEAL_EXPOSITION_COUNTER,
                           "Times that feedback was applied after a cycle.");
    heal_exposition_sample(x, feedback->updates, NULL);
    heal_exposition_family(x, "heald_feedback_detections_total", HEAL_EXPOSITION_COUNTER,
                           "Detections that were confirmed, refuted, or missing.");
    sample_of(x, "verdict", "confirmed", feedback->confirmed);
    sample_of(x, "verdict", "refuted", feedback->refuted);
    sample_of(x, "verdict", "missed", feedback->missed);
    heal_exposition_family(x, "heald_threshold_adjustments_total", HEAL_EXPOSITION_COUNTER,
                           "Moves of thresholds by feedback.");
    sample_of(x, "direction", "tightened", feedback->tightened);
    sample_of(x, "direction", "relaxed", feedback->relaxed);
}

void heald_metrics_knowledge(struct heal_exposition *x, const struct heald_view *view) {
    struct heal_engine_status status;
    struct heal_threshold_status threshold;
    struct heal_strategy_status strategy;

    heal_engine_status(view->engine, &status);
    feedback(x, &status.feedback);
    heal_exposition_family(x, "heald_threshold", HEAL_EXPOSITION_GAUGE,
                           "The threshold of a metric, in its own unit.");
    for (size_t i = 0; heal_engine_threshold(view->engine, i, &threshold); i++)
        sample_of(x, "metric", heal_metric_name(threshold.metric), (double)threshold.value);
    heal_exposition_family(x, "heald_strategy_success_ratio", HEAL_EXPOSITION_GAUGE,
                           "The share of successes that is expected of a remedy for a diagnosis.");
    for (size_t i = 0; heal_engine_strategy(view->engine, i, &strategy); i++) {
        const struct heal_exposition_label label[] = {
            {"diagnosis", heal_diagnosis_slug(strategy.diagnosis)},
            {"remedy",    heal_remedy_slug(strategy.remedy)      },
            {NULL,        NULL                                   }
        };

        if (strategy.tried > 0)
            heal_exposition_sample(x, (double)strategy.success, label);
    }
}

/* Interface and neighbour: what tells ports of one node apart. */
static void port_name(const struct heal_port_key *key, char *buffer, size_t size) {
    char address[HEAL_ADDRESS_TEXT];

    snprintf(buffer, size, "%s/%s", key->ifname, heal_address_format(&key->peer, address));
}

static void feature_samples(struct heal_exposition *x, const char *port,
                            const struct heal_features *features) {
    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        const struct heal_exposition_label label[] = {
            {"port",    port                 },
            {"feature", heal_feature_names[i]},
            {NULL,      NULL                 }
        };

        if (heald_feature_is_known(features, i))
            heal_exposition_sample(x, (double)features->value[i], label);
    }
}

static void port_info(struct heal_exposition *x, const struct heald_view *view) {
    struct heal_port_status port;
    char name[HEAL_IFNAME_MAX + HEAL_ADDRESS_TEXT];

    heal_exposition_family(x, "heald_port_info", HEAL_EXPOSITION_GAUGE,
                           "Which neighbour a port leads to; always 1.");
    for (size_t i = 0; heal_engine_port(view->engine, i, &port); i++) {
        const struct heal_exposition_label label[] = {
            {"port",      name               },
            {"ifname",    port.key.ifname    },
            {"neighbour", port.neighbour_name},
            {NULL,        NULL               }
        };

        port_name(&port.key, name, sizeof name);
        heal_exposition_sample(x, 1, label);
    }
    heal_exposition_family(x, "heald_port_up", HEAL_EXPOSITION_GAUGE,
                           "1 where the port hears its neighbour.");
    for (size_t i = 0; heal_engine_port(view->engine, i, &port); i++) {
        port_name(&port.key, name, sizeof name);
        sample_of(x, "port", name, port.up && port.hears);
    }
}

void heald_metrics_ports(struct heal_exposition *x, const struct heald_view *view) {
    struct heal_port_status port;
    char name[HEAL_IFNAME_MAX + HEAL_ADDRESS_TEXT];

    port_info(x, view);
    heal_exposition_family(x, "heald_feature_value", HEAL_EXPOSITION_GAUGE,
                           "A port's features: dBm, dB, shares of 1, seconds, milliseconds, bit/s.");
    for (size_t i = 0; heal_engine_port(view->engine, i, &port); i++) {
        port_name(&port.key, name, sizeof name);
        feature_samples(x, name, &port.features);
    }
    heal_exposition_family(x, "heald_feature_expected", HEAL_EXPOSITION_GAUGE,
                           "What is normal for a port's feature, in the same unit.");
    for (size_t i = 0; heal_engine_port(view->engine, i, &port); i++) {
        port_name(&port.key, name, sizeof name);
        feature_samples(x, name, &port.normal);
    }
}
