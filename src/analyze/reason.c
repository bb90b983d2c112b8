/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A verdict of the network in plain words: what it said, what speaks for it, and what was true. */
#include "base/amount.h"
#include "base/text.h"
#include "heal/engine.h"
#include "heal/judgement.h"
#include "heal/verdict.h"

#include <math.h>
#include <string.h>

static const char *const unit_of[HEAL_FEATURES] = {
    [HEAL_FEATURE_RSSI] = "dBm",   [HEAL_FEATURE_SNR] = "dB",       [HEAL_FEATURE_LOSS] = "share",
    [HEAL_FEATURE_LINK_AGE] = "s", [HEAL_FEATURE_LATENCY] = "ms",   [HEAL_FEATURE_THROUGHPUT] = "bit/s",
    [HEAL_FEATURE_CPU] = "share",  [HEAL_FEATURE_MEMORY] = "share",
};

const char *heal_reason_part_name(unsigned part) {
    return part < HEAL_FEATURES ? heal_feature_names[part] : "neighbours";
}

float heal_reason_part(const struct heal_reason *reason, unsigned part) {
    return part < HEAL_FEATURES ? reason->share[part] : (float)reason->logit - (float)reason->alone;
}

unsigned heal_reason_weightiest(const struct heal_reason *reason) {
    unsigned weightiest = 0;
    for (unsigned i = 1; i < HEAL_REASON_PARTS; i++)
        if (heal_reason_part(reason, i) > heal_reason_part(reason, weightiest))
            weightiest = i;
    return weightiest;
}

static bool is_measured(const struct heal_features *features, unsigned feature) {
    return features->valid >> feature & 1;
}

/* In logits; without the sign of what is shown as nothing. */
static double shown(double units) {
    double logits = units / HEAL_LOGIT_ONE;
    return fabs(logits) < 0.005 ? 0 : logits;
}

static void add_share(struct heal_text *text, const char *what, double units) {
    heal_text_add(text, "    %-50s %+7.2f", what, shown(units));
}

static void add_feature(struct heal_text *text, const struct heal_reason *reason, unsigned feature) {
    char line[120], amount[HEAL_AMOUNT_MAX];
    struct heal_text what;
    heal_text_init(&what, line, sizeof line);
    heal_text_add(&what, "%-11s %s", heal_feature_names[feature],
                  heal_amount_format((double)reason->seen.value[feature], unit_of[feature], amount));
    if (is_measured(&reason->normal, feature))
        heal_text_add(&what, " (normal here: %s)",
                      heal_amount_format((double)reason->normal.value[feature], unit_of[feature], amount));
    add_share(text, line, (double)reason->share[feature]);
    heal_text_add(text, "\n");
}

/* The features by the size of their shares; of equals the first stays first. */
static void rank(const struct heal_reason *reason, unsigned order[static HEAL_FEATURES]) {
    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        unsigned at = i;
        for (; at > 0 && fabsf(reason->share[order[at - 1]]) < fabsf(reason->share[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void add_features(struct heal_text *text, const struct heal_reason *reason) {
    unsigned order[HEAL_FEATURES], missing = 0;
    rank(reason, order);
    heal_text_add(text, "  Its features, against the same port with nothing measured (%+.2f):\n",
                  shown(reason->unmeasured));
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        if (is_measured(&reason->seen, order[i]))
            add_feature(text, reason, order[i]);
    add_share(text, "together", (double)reason->logit - reason->unmeasured);
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        if (!is_measured(&reason->seen, i))
            heal_text_add(text, "%s%s", missing++ == 0 ? "\n    not measured: " : ", ",
                          heal_feature_names[i]);
    heal_text_add(text, "\n");
}

/* Of a node that nobody knows by name there is only its number. */
static void add_name(struct heal_text *text, const struct heal_name_book *names, heal_node_id node) {
    const char *name = node != 0 ? names->name_of(names->context, node) : "an unknown node";
    if (name)
        heal_text_add(text, "%s", name);
    else
        heal_text_add(text, "node %016llx", (unsigned long long)node);
}

static void add_neighbour(struct heal_text *text, const struct heal_reason_neighbour *neighbour,
                          const struct heal_name_book *names) {
    char line[120];
    struct heal_text what;
    heal_text_init(&what, line, sizeof line);
    heal_text_add(&what, neighbour->other_end ? "the link's other end, at " : "this node's link to ");
    add_name(&what, names, neighbour->node);
    add_share(text, line, (double)neighbour->share);
    if (neighbour->error > 0)
        heal_text_add(text, " ± %.2f", (double)neighbour->error / HEAL_LOGIT_ONE);
    heal_text_add(text, "\n");
}

static void add_neighbours(struct heal_text *text, const struct heal_reason *reason,
                           const struct heal_name_book *names) {
    if (reason->shown == 0) {
        heal_text_add(text,
                      "  It had no neighbours: no other link of this node, no word of the other end.\n");
        return;
    }
    heal_text_add(text, "  Its neighbours, against the same port without any (%+.2f):\n",
                  shown(reason->alone));
    for (unsigned i = 0; i < reason->shown; i++)
        add_neighbour(text, &reason->neighbour[i], names);
    if (reason->shown == HEAL_REASON_NEIGHBOURS_MAX && reason->others != 0) {
        add_share(text, "all others", (double)reason->others);
        heal_text_add(text, "\n");
    }
    add_share(text, "together", (double)reason->logit - reason->alone);
    heal_text_add(text, "\n");
}

static void add_why(struct heal_text *text, const struct heal_network_verdict *verdict,
                    const struct heal_name_book *names) {
    const struct heal_reason *why = &verdict->why;
    if (!why->known) {
        heal_text_add(text, "\nWhy it says so was not worked out.\n");
        return;
    }
    heal_text_add(text, "\nWhy: its logit was %+.2f, and above %+.2f it calls a port sick", shown(why->logit),
                  shown(verdict->threshold));
    if (why->at - verdict->begun >= HEAL_US_PER_S)
        heal_text_add_span(text, " (", why->at - verdict->begun, " after the alarm began)");
    heal_text_add(text, ".\nShares of it, each +1 of which makes the odds for sick 2.7 times as high:\n");
    add_features(text, why);
    add_neighbours(text, why, names);
}

static const char *const witness_words[HEAL_WITNESSES] = {
    [HEAL_WITNESS_NONE] = "nobody",
    [HEAL_WITNESS_SILENCE] = "the silence of all else",
    [HEAL_WITNESS_INCIDENT] = "the thresholds",
    [HEAL_WITNESS_INJECTOR] = "who made the fault",
    [HEAL_WITNESS_OPERATOR] = "an operator",
};

static void add_truth(struct heal_text *text, const struct heal_network_verdict *verdict) {
    static const char *const words[HEAL_TRUTHS] = {
        [HEAL_TRUTH_OPEN] = "nobody knows yet",
        [HEAL_TRUTH_TRUE] = "there was trouble",
        [HEAL_TRUTH_FALSE] = "there was no trouble",
        [HEAL_TRUTH_UNKNOWN] = "nobody can tell",
    };
    heal_text_add(text, "What was true: %s", words[verdict->truth]);
    if (verdict->diagnosis < HEAL_DIAGNOSES && verdict->truth == HEAL_TRUTH_TRUE)
        heal_text_add(text, " (%s)", heal_diagnosis_slug((enum heal_diagnosis)verdict->diagnosis));
    if (verdict->truth == HEAL_TRUTH_TRUE || verdict->truth == HEAL_TRUTH_FALSE)
        heal_text_add(text, ", by the word of %s", witness_words[verdict->witness]);
    if (verdict->incident != 0)
        heal_text_add(text, ": incident %llu", (unsigned long long)verdict->incident);
    heal_text_add(text, ".\n");
}

static void add_times(struct heal_text *text, const struct heal_network_verdict *verdict, heal_us now) {
    heal_text_add(text, "The detector was in mode %s", heal_mode_names[verdict->mode]);
    if (!verdict->earlier)
        heal_text_add_span(text, "; the alarm began ", now - verdict->begun, " ago");
    if (!verdict->over)
        heal_text_add(text, " and is not over");
    else if (verdict->last > verdict->begun)
        heal_text_add_span(text, verdict->earlier ? "; the alarm lasted for " : " and lasted for ",
                           verdict->last - verdict->begun, "");
    heal_text_add(text, ".\n");
}

static void add_place(struct heal_text *text, const struct heal_network_verdict *verdict,
                      const struct heal_name_book *names) {
    if (verdict->port.ifname[0] == '\0') {
        heal_text_add(text, "this node");
        return;
    }
    heal_text_add(text, "the link to ");
    add_name(text, names, verdict->neighbour);
    heal_text_add(text, " (interface %s)", verdict->port.ifname);
}

size_t heal_verdict_explain(const struct heal_network_verdict *verdict, const struct heal_name_book *names,
                            heal_us now, char *buffer, size_t size) {
    double chance = 100 * (double)heal_judgement_probability(verdict->logit);
    struct heal_text text;
    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "Verdict v%llu of the %snetwork %016llx: ", (unsigned long long)verdict->id,
                  verdict->shadow ? "shadow's " : "", (unsigned long long)verdict->model);
    add_place(&text, verdict, names);
    if (verdict->alarm) {
        heal_text_add(&text, " is sick, with a chance of %.1f %%.\n", chance);
        add_times(&text, verdict, now);
        heal_text_add(&text, "%s: %s.\n",
                      verdict->mode == HEAL_MODE_ACT ? "What is done about it"
                                                     : "What would be done in mode act",
                      verdict->would);
    } else if (verdict->port.ifname[0] != '\0') {
        heal_text_add(&text, " had no alarm: it said %.1f %% at most.\n", chance);
    } else {
        heal_text_add(&text, " had no alarm.\n");
    }
    add_truth(&text, verdict);
    if (verdict->alarm)
        add_why(&text, verdict, names);
    return text.length;
}
