/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <string.h>

#include "base/cleanup.h"
#include "heal/status.h"
#include "healctl/show.h"

void heal_show_subject(const json_t *incident, char *buffer, size_t size) {
    const char *node = heal_field_text(incident, "node", "?");
    const char *other = heal_field_text(incident, "other", NULL);
    const char *part = heal_field_text(incident, "service", heal_field_text(incident, "mesh", NULL));
    const char *ifname = heal_field_text(incident, "ifname", NULL);

    if (part)
        snprintf(buffer, size, "%s: %s", node, part);
    else if (other)
        snprintf(buffer, size, "%s–%s%s%s%s", node, other, ifname ? " (" : "", ifname ? ifname : "",
                 ifname ? ")" : "");
    else
        snprintf(buffer, size, "%s", node);
}

void heal_show_remedy(struct heal_table *table, const json_t *step, const char *indent) {
    const char *target = heal_field_text(step, "target", "");

    heal_table_add(table, HEAL_PLAIN, "%s%s%s%s", indent, heal_field_text(step, "remedy", "-"),
                   target[0] ? " " : "", target);
}

static bool is_null(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);

    return !value || json_is_null(value);
}

bool heal_show_is_open(const json_t *incident) {
    return is_null(incident, "closed");
}

const char *heal_show_state(const json_t *step) {
    const char *name = heal_field_text(step, "state", "-");

    for (int i = 0; i < HEAL_STEP_STATES; i++)
        if (strcmp(heal_step_state_names[i], name) == 0)
            return heal_step_state_words((enum heal_step_state)i);
    return name;
}

/* What is being done, in a word: the last step's remedy and state, or why nothing is done. */
static void add_doing(struct heal_table *table, const json_t *incident) {
    const json_t *steps = json_object_get(incident, "steps");
    const json_t *step = json_array_size(steps) ? json_array_get(steps, json_array_size(steps) - 1) : NULL;
    const char *held_back = heal_field_text(incident, "suppressed", NULL);

    if (heal_field_text(incident, "others", NULL) && is_null(incident, "closed"))
        heal_table_add(table, HEAL_WARN, "somebody else at work");
    else if (step && !is_null(step, "remedy"))
        heal_table_add(table, HEAL_PLAIN, "%s: %s", heal_field_text(step, "remedy", "?"),
                       heal_show_state(step));
    else if (held_back)
        heal_table_add(table, HEAL_WARN, "nothing: %s", held_back);
    else
        heal_table_add(table, HEAL_DIM, "-");
}

static void add_state(struct heal_table *table, const json_t *incident) {
    if (heal_field_true(incident, "refuted"))
        heal_table_add(table, HEAL_DIM, "refuted");
    else if (heal_field_true(incident, "withdrawn"))
        heal_table_add(table, HEAL_DIM, "withdrawn");
    else if (heal_field_true(incident, "on_trial"))
        heal_table_add(table, HEAL_WARN, "on trial");
    else if (!is_null(incident, "closed"))
        heal_table_add(table, HEAL_DIM, "closed");
    else if (!is_null(incident, "healed"))
        heal_table_add(table, HEAL_GOOD, "healed");
    else if (heal_field_integer(incident, "cut_off") > 0)
        heal_table_add(table, HEAL_BAD, "cut off");
    else if (strcmp(heal_field_text(incident, "role", ""), "upstream") == 0)
        heal_table_add(table, HEAL_WARN, "reported");
    else
        heal_table_add(table, HEAL_BAD, "open");
}

static void add_diagnosis(struct heal_table *table, const json_t *incident) {
    const char *first = heal_field_text(incident, "opened_as", NULL);

    heal_table_add(table, HEAL_PLAIN, "%s%s%s%s", heal_field_text(incident, "diagnosis", "-"),
                   first ? " (was " : "", first ? first : "", first ? ")" : "");
}

static void incidents(struct heal_page *page, const json_t *reply, bool all) {
    static const struct heal_column column[] = {
        {"ID",           true },
        {"STATE",        false},
        {"DIAGNOSIS",    false},
        {"SURE",         true },
        {"WHERE",        false},
        {"SINCE",        true },
        {"HEALED AFTER", true },
        {"DOING",        false},
    };
    struct heal_table table;
    const json_t *incident;
    size_t i, closed = 0, on_trial = 0;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(reply, "incidents"), i, incident) {
        char subject[HEAL_WORDS_MAX];

        closed += !is_null(incident, "closed");
        on_trial += heal_field_true(incident, "on_trial");
        if (!all && !is_null(incident, "closed"))
            continue;
        heal_show_subject(incident, subject, sizeof subject);
        heal_table_add_number(&table, incident, "id", 1, 0, "");
        add_state(&table, incident);
        add_diagnosis(&table, incident);
        heal_table_add_number(&table, incident, "confidence", 100, 0, "%");
        heal_table_add(&table, HEAL_PLAIN, "%s", subject);
        heal_table_add_age(&table, incident, "opened");
        heal_table_add_span(&table, incident, "opened", "healed");
        add_doing(&table, incident);
    }
    heal_table_print(&table, all ? "no incident so far" : "no open incident");
    if (!all && on_trial)
        fprintf(page->out, "%zu closed, %zu of them on trial (--all shows them)\n", closed, on_trial);
    else if (!all && closed)
        fprintf(page->out, "%zu closed (--all shows them)\n", closed);
}

void heal_show_incidents_open(struct heal_page *page, const json_t *reply) {
    incidents(page, reply, false);
}

void heal_show_incidents_all(struct heal_page *page, const json_t *reply) {
    incidents(page, reply, true);
}

static void moment(const struct heal_page *page, const json_t *incident, const char *name,
                   const char *words) {
    char text[HEAL_SPAN_MAX];
    double then;

    if (heal_field_number(incident, name, &then) && page->now >= 0)
        fprintf(page->out, "  %s %s ago\n", words, heal_span_format(page->now - then, text));
}

static void evidence(struct heal_page *page, const json_t *incident) {
    static const struct heal_column column[] = {
        {"  SEEN",    false},
        {"VALUE",     true },
        {"NORMAL",    true },
        {"THRESHOLD", true },
        {"SAMPLES",   true }
    };
    struct heal_table table;
    const json_t *item;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(incident, "evidence"), i, item) {
        const char *unit = heal_field_text(item, "unit", "");

        heal_table_add(&table, HEAL_PLAIN, "  %s", heal_field_text(item, "what", "-"));
        heal_table_add_amount(&table, item, "seen", unit);
        heal_table_add_amount(&table, item, "normal", unit);
        heal_table_add_amount(&table, item, "threshold", unit);
        heal_table_add_number(&table, item, "samples", 1, 0, "");
    }
    heal_table_print(&table, "  no evidence");
}

static void steps(struct heal_page *page, const json_t *incident) {
    static const struct heal_column column[] = {
        {"  REMEDY", false},
        {"STATE",    false},
        {"TOOK",     true },
        {"RULE",     false},
        {"OUTCOME",  false}
    };
    struct heal_table table;
    const json_t *step;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(incident, "steps"), i, step) {
        heal_show_remedy(&table, step, "  ");
        heal_table_add(&table, HEAL_PLAIN, "%s", heal_show_state(step));
        heal_table_add_span(&table, step, "started", "settled");
        heal_table_add_text(&table, HEAL_PLAIN, step, "rule");
        heal_table_add_text(&table, HEAL_PLAIN, step, "outcome");
    }
    heal_table_print(&table, "  nothing was done");
    json_array_foreach(json_object_get(incident, "steps"), i, step) {
        const char *changed = heal_field_text(step, "changed", "");

        if (!changed[0])
            continue;
        heal_page_print(page, HEAL_PLAIN, "  %s led %s", heal_field_text(step, "remedy", "-"), changed);
        fputc('\n', page->out);
    }
}

/* The sentences of what comes next, a line each. */
static void next(struct heal_page *page, const char *words) {
    if (!words[0])
        return;
    heal_page_print(page, HEAL_BOLD, "  NEXT");
    for (size_t length; words[0]; words += length + (words[length] != '\0')) {
        length = strcspn(words, "\n");
        fputs("\n  ", page->out);
        heal_page_print(page, HEAL_PLAIN, "%.*s", (int)length, words);
    }
    fputc('\n', page->out);
}

/* What can be ordered about it, as one would type it. */
static void choices(struct heal_page *page, const json_t *incident) {
    static const struct heal_column column[] = {
        {"  TO ORDER",   false},
        {"WHAT IT DOES", false}
    };
    struct heal_table table;
    const json_t *choice;
    size_t i;

    if (json_array_size(json_object_get(incident, "choices")) == 0)
        return;
    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(incident, "choices"), i, choice) {
        heal_table_add(&table, HEAL_PLAIN, "  %s", heal_field_text(choice, "order", "-"));
        heal_table_add_text(&table, HEAL_PLAIN, choice, "words");
    }
    heal_table_print(&table, "");
}

/* When it was diagnosed anew, and what it was taken for at first. */
static void rediagnosis(struct heal_page *page, const json_t *incident) {
    const char *first = heal_field_text(incident, "opened_as", NULL);

    if (!first)
        return;
    heal_page_print(page, HEAL_PLAIN, "  opened as %s", first);
    fputc('\n', page->out);
    moment(page, incident, "diagnosed", "diagnosed anew");
}

void heal_show_incident(struct heal_page *page, const json_t *incident) {
    char subject[HEAL_WORDS_MAX];
    const json_t *ranked;
    size_t i;

    heal_show_subject(incident, subject, sizeof subject);
    heal_page_print(page, HEAL_BOLD, "incident %lld: %s, %s", heal_field_integer(incident, "id"),
                    heal_field_text(incident, "diagnosis", "no diagnosis"), subject);
    fputc('\n', page->out);
    json_array_foreach(json_object_get(incident, "ranked"), i, ranked) {
        double confidence;

        if (heal_field_number(ranked, "confidence", &confidence))
            heal_page_print(page, i ? HEAL_DIM : HEAL_PLAIN, "  %3.0f %%  %s", confidence * 100,
                            heal_field_text(ranked, "diagnosis", "?"));
        fputc('\n', page->out);
    }
    moment(page, incident, "first_seen", "first seen");
    moment(page, incident, "opened", "opened");
    rediagnosis(page, incident);
    moment(page, incident, "healed", "healed");
    moment(page, incident, "closed", "closed");
    if (!is_null(incident, "label"))
        fprintf(page->out, "  labelled %s\n", heal_field_true(incident, "label") ? "true" : "false");
    if (heal_field_text(incident, "suppressed", NULL)) {
        heal_page_print(page, HEAL_WARN, "  nothing is done: %s",
                        heal_field_text(incident, "suppressed", ""));
        fputc('\n', page->out);
    }
    long long cut_off = heal_field_integer(incident, "cut_off");
    if (cut_off > 0) {
        heal_page_print(page, HEAL_BAD, "  cut off: %lld destination%s, and no other way is known", cut_off,
                        cut_off == 1 ? "" : "s");
        fputc('\n', page->out);
    }
    if (heal_field_text(incident, "others", NULL)) {
        heal_page_print(page, HEAL_WARN, "  not heald's doing: %s", heal_field_text(incident, "others", ""));
        fputc('\n', page->out);
    }
    evidence(page, incident);
    steps(page, incident);
    next(page, heal_field_text(incident, "next", ""));
    choices(page, incident);
}
