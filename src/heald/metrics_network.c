/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The part of the metrics page that tells of the mesh's network. */
#include <inttypes.h>
#include <stdio.h>

#include "heald/metrics_parts.h"
#include "heald/network.h"
#include "heald/network_state.h"

typedef double figure(const struct heal_judgement *judgement);

static double probability(const struct heal_judgement *judgement) {
    return (double)heal_judgement_probability(judgement->logit);
}

static double alone(const struct heal_judgement *judgement) {
    return (double)heal_judgement_probability(judgement->alone);
}

static double sick(const struct heal_judgement *judgement) {
    return judgement->sick;
}

static double whole(const struct heal_judgement *judgement) {
    return judgement->whole;
}

static void port_name(const struct heal_port_key *key, char *buffer, size_t size) {
    char address[HEAL_ADDRESS_TEXT];

    snprintf(buffer, size, "%s/%s", key->ifname, heal_address_format(&key->peer, address));
}

static void by_port(struct heal_exposition *x, const struct heald_view *view, const char *name,
                    const char *help, figure *figure_of) {
    struct heal_judgement judgement;
    char port[HEAL_IFNAME_MAX + HEAL_ADDRESS_TEXT];

    heal_exposition_family(x, name, HEAL_EXPOSITION_GAUGE, help);
    for (unsigned slot = 0; slot < HEAL_SLOTS; slot++)
        for (size_t i = 0; heal_engine_judgement(view->engine, (enum heal_slot)slot, i, &judgement); i++) {
            const struct heal_exposition_label label[] = {
                {"slot", heal_slot_names[slot]},
                {"port", port                 },
                {NULL,   NULL                 }
            };

            port_name(&judgement.port, port, sizeof port);
            if (judgement.judged)
                heal_exposition_sample(x, figure_of(&judgement), label);
        }
}

static void lacked(struct heal_exposition *x, const struct heald_view *view) {
    struct heal_judgement judgement;
    char port[HEAL_IFNAME_MAX + HEAL_ADDRESS_TEXT];

    heal_exposition_family(x, "heald_gnn_lacked_total", HEAL_EXPOSITION_COUNTER,
                           "Ticks in which a port's other end was left out, by why.");
    for (size_t i = 0; heal_engine_judgement(view->engine, HEAL_SLOT_ACTIVE, i, &judgement); i++)
        for (unsigned why = HEAL_TOLD_FRESH + 1; why < HEAL_TOLDS; why++) {
            const struct heal_exposition_label label[] = {
                {"port",   port                },
                {"reason", heal_told_names[why]},
                {NULL,     NULL                }
            };

            port_name(&judgement.port, port, sizeof port);
            if (judgement.lacked[why] > 0)
                heal_exposition_sample(x, judgement.lacked[why], label);
        }
}

static void models(struct heal_exposition *x, const struct heald_view *view) {
    char id[17];
    uint64_t model;
    int32_t threshold;

    heal_exposition_family(x, "heald_gnn_model_info", HEAL_EXPOSITION_GAUGE,
                           "Which model is where; always 1.");
    for (unsigned slot = 0; slot < HEAL_SLOTS; slot++) {
        const struct heal_exposition_label label[] = {
            {"slot",  heal_slot_names[slot]},
            {"model", id                   },
            {NULL,    NULL                 }
        };

        if (!heal_engine_network(view->engine, (enum heal_slot)slot, &model, &threshold))
            continue;
        snprintf(id, sizeof id, "%016" PRIx64, model);
        heal_exposition_sample(x, 1, label);
    }
    heal_exposition_family(x, "heald_gnn_threshold", HEAL_EXPOSITION_GAUGE,
                           "The probability above which a port is called sick.");
    for (unsigned slot = 0; slot < HEAL_SLOTS; slot++) {
        const struct heal_exposition_label label[] = {
            {"slot", heal_slot_names[slot]},
            {NULL,   NULL                 }
        };

        if (heal_engine_network(view->engine, (enum heal_slot)slot, &model, &threshold))
            heal_exposition_sample(x, (double)heal_judgement_probability(threshold), label);
    }
}

static void state(struct heal_exposition *x, const struct heald_view *view) {
    enum heald_network_state present = heald_network_state(view, heald_now());

    heal_exposition_family(
        x, "heald_gnn_state", HEAL_EXPOSITION_GAUGE,
        "1 for how the active network stands; but for at-work the thresholds judge alone.");
    for (unsigned i = 0; i < HEALD_NETWORK_STATES; i++) {
        const struct heal_exposition_label label[] = {
            {"state", heald_network_state_names[i]},
            {NULL,    NULL                        }
        };

        heal_exposition_sample(x, i == (unsigned)present, label);
    }
}

void heald_metrics_network(struct heal_exposition *x, const struct heald_view *view) {
    state(x, view);
    models(x, view);
    by_port(x, view, "heald_gnn_probability", "That a port is sick, by the network.", probability);
    by_port(x, view, "heald_gnn_probability_alone",
            "The same, by this node's own inputs, without a neighbour's word.", alone);
    by_port(x, view, "heald_gnn_sick", "1 where the network calls a port sick.", sick);
    by_port(x, view, "heald_gnn_whole", "1 where nothing was missing of what a verdict rests on.", whole);
    lacked(x, view);
    heal_exposition_family(x, "heald_gnn_ticks_total", HEAL_EXPOSITION_COUNTER,
                           "Times that all ports were judged.");
    heal_exposition_sample(x, (double)view->network->ticks, NULL);
    heal_exposition_family(x, "heald_gnn_inference_seconds_total", HEAL_EXPOSITION_COUNTER,
                           "Time that it took, without the reasons of alarms.");
    heal_exposition_sample(x, view->network->seconds, NULL);
}
