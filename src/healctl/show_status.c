/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <string.h>

#include "base/cleanup.h"
#include "healctl/show.h"

/* "CPU 12 %" where it is known. */
static void share(const struct heal_page *page, const json_t *reply, const char *name, const char *title) {
    double value;

    if (heal_field_number(reply, name, &value))
        heal_page_print(page, HEAL_PLAIN, ", %s %.0f %%", title, value * 100);
}

static void span(const struct heal_page *page, const json_t *reply, const char *name, const char *format) {
    char text[HEAL_SPAN_MAX], words[80];
    double value;

    if (!heal_field_number(reply, name, &value))
        return;
    snprintf(words, sizeof words, "%s %s", format, heal_span_format(value, text));
    heal_page_print(page, HEAL_PLAIN, "%s", words);
}

static void headline(struct heal_page *page, const json_t *reply) {
    long long open = heal_field_integer(reply, "incidents_open"),
              reported = heal_field_integer(reply, "incidents_reported");

    heal_page_print(page, HEAL_BOLD, "%s", heal_field_text(reply, "node", "this node"));
    heal_page_print(page, HEAL_PLAIN, ": mode %s%s", heal_field_text(reply, "mode", "?"),
                    heal_field_true(reply, "dry_run") ? " (dry run)" : "");
    if (heal_field_true(reply, "storm"))
        heal_page_print(page, HEAL_BAD, ", storm: so many incidents that heald only calls for people");
    if (!heal_field_true(reply, "ready"))
        heal_page_print(page, HEAL_WARN, ", not ready yet");
    if (open == 0)
        heal_page_print(page, HEAL_GOOD, ", no open incident");
    else
        heal_page_print(page, HEAL_BAD, ", %lld open incident%s", open, open == 1 ? "" : "s");
    if (reported > 0)
        heal_page_print(page, HEAL_WARN, ", %lld reported by other nodes", reported);
    fputc('\n', page->out);
    if (!heal_field_true(reply, "paused"))
        return;
    double until;
    heal_page_print(page, HEAL_WARN, "  paused");
    if (heal_field_number(reply, "paused_until", &until)) {
        char text[HEAL_SPAN_MAX];

        heal_page_print(page, HEAL_WARN, " for %s more", heal_span_format(until - page->now, text));
    } else {
        heal_page_print(page, HEAL_WARN, " until resumed");
    }
    heal_page_print(page, HEAL_WARN, ": %s", heal_field_text(reply, "pause_reason", "no reason given"));
    fputc('\n', page->out);
}

static void vitals(struct heal_page *page, const json_t *reply) {
    const json_t *loop = json_object_get(reply, "loop");
    char text[HEAL_SPAN_MAX];
    double started;

    heal_page_print(page, HEAL_PLAIN, "  heald %s", heal_field_text(reply, "version", "?"));
    if (heal_field_number(reply, "started", &started))
        heal_page_print(page, HEAL_PLAIN, ", up %s", heal_span_format(page->now - started, text));
    heal_page_print(page, HEAL_PLAIN, ", round %lld", heal_field_integer(reply, "rounds"));
    span(page, loop, "lag_max", ", loop late by at most");
    share(page, reply, "cpu", "CPU");
    share(page, reply, "memory", "memory");
    fprintf(page->out, "\n  links %lld, healthy neighbours %lld, routes %lld\n",
            heal_field_integer(reply, "ports"), heal_field_integer(reply, "neighbours_healthy"),
            heal_field_integer(reply, "routes"));
    double value;
    if (!heal_field_number(reply, "mttd", &value) && !heal_field_number(reply, "mttr", &value))
        return;
    fputs("  on average", page->out);
    span(page, reply, "mttd", " detected after");
    if (heal_field_number(reply, "mttd", &value) && heal_field_number(reply, "mttr", &value))
        fputc(',', page->out);
    span(page, reply, "mttr", " healed after");
    fputc('\n', page->out);
}

static void degraded(struct heal_page *page, const json_t *reply) {
    const json_t *condition;
    size_t i;

    json_array_foreach(json_object_get(reply, "degraded"), i, condition) {
        const char *words = heal_field_text(condition, "words", NULL);
        char text[HEAL_SPAN_MAX] = "?";
        double since;

        if (heal_field_number(condition, "since", &since))
            heal_span_format(page->now - since, text);
        heal_page_print(page, HEAL_WARN, "  degraded for %s: %s%s%s", text,
                        heal_field_text(condition, "condition", "?"), words ? ": " : "", words ? words : "");
        fputc('\n', page->out);
        heal_page_print(page, HEAL_DIM, "    %s", heal_field_text(condition, "meaning", ""));
        fputc('\n', page->out);
    }
}

static void parts(struct heal_page *page, const json_t *reply) {
    const json_t *part;
    size_t i;

    json_array_foreach(json_object_get(reply, "parts"), i, part) {
        const char *words = heal_field_text(part, "words", NULL);
        bool works = heal_field_true(part, "works");

        /* What does not work is told as a condition, with what it means. */
        if (!heal_field_true(part, "wanted") || !words || (!works && json_object_get(reply, "degraded")))
            continue;
        heal_page_print(page, works ? HEAL_DIM : HEAL_WARN, "  %s: %s", heal_field_text(part, "name", "?"),
                        words);
        fputc('\n', page->out);
    }
    if (heal_field_text(reply, "reload_error", NULL)) {
        heal_page_print(page, HEAL_BAD, "  the new configuration was refused, the old one goes on: %s",
                        heal_field_text(reply, "reload_error", ""));
        fputc('\n', page->out);
    }
}

/* Whoever wants no model has no line. */
static void network(struct heal_page *page, const json_t *reply) {
    const json_t *object = json_object_get(reply, "network"), *active = json_object_get(object, "active");
    const char *state = heal_field_text(object, "state", "none");
    long long sick = heal_field_integer(active, "sick");

    if (strcmp(state, "none") == 0)
        return;
    if (!json_is_object(active)) {
        heal_page_print(page, HEAL_WARN, "  network %s: the thresholds judge alone\n", state);
        return;
    }
    heal_page_print(page, HEAL_PLAIN, "  network %s, mode %s: %lld ports judged, %lld whole, ",
                    heal_field_text(active, "model", "?"), heal_field_text(object, "mode", "?"),
                    heal_field_integer(active, "judged"), heal_field_integer(active, "whole"));
    heal_page_print(page, sick > 0 ? HEAL_WARN : HEAL_GOOD, "%lld sick%s", sick,
                    sick > 0 ? " (`healctl verdicts` says why)" : "");
    if (strcmp(state, "stale") == 0)
        heal_page_print(page, HEAL_WARN, "; stale: the thresholds judge alone");
    fputc('\n', page->out);
}

void heal_show_status(struct heal_page *page, const json_t *reply) {
    headline(page, reply);
    vitals(page, reply);
    network(page, reply);
    degraded(page, reply);
    parts(page, reply);
}

void heal_show_feedback(struct heal_page *page, const json_t *reply) {
    static const struct {
        const char *name, *words;
    } row[] = {
        {"updates",    "times feedback was applied"               },
        {"confirmed",  "detections confirmed"                     },
        {"refuted",    "detections refuted: the metric is relaxed"},
        {"missed",     "detections missed: the metric tightens"   },
        {"tightened",  "thresholds tightened"                     },
        {"relaxed",    "thresholds relaxed"                       },
        {"strategies", "strategies updated"                       },
    };

    for (size_t i = 0; i < HEAL_COUNT(row); i++)
        fprintf(page->out, "%6lld  %s\n", heal_field_integer(reply, row[i].name), row[i].words);
}
