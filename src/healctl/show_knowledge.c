/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "healctl/show.h"

void heal_show_actions(struct heal_page *page, const json_t *reply) {
    static const struct heal_column column[] = {
        {"SINCE",     true },
        {"INCIDENT",  true },
        {"DIAGNOSIS", false},
        {"WHERE",     false},
        {"REMEDY",    false},
        {"STATE",     false},
        {"TOOK",      true },
        {"OUTCOME",   false},
    };
    struct heal_table table;
    const json_t *action;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(reply, "actions"), i, action) {
        const char *state = heal_field_text(action, "state", "-");
        char subject[HEAL_WORDS_MAX];

        heal_show_subject(action, subject, sizeof subject);
        heal_table_add_age(&table, action, "started");
        heal_table_add_number(&table, action, "incident", 1, 0, "");
        heal_table_add_text(&table, HEAL_PLAIN, action, "diagnosis");
        heal_table_add(&table, HEAL_PLAIN, "%s", subject);
        heal_show_remedy(&table, action, "");
        heal_table_add(&table, strcmp(state, "failed") == 0 ? HEAL_BAD : HEAL_PLAIN, "%s",
                       heal_show_state(action));
        heal_table_add_span(&table, action, "started", "settled");
        heal_table_add_text(&table, HEAL_PLAIN, action, "outcome");
    }
    heal_table_print(&table, "nothing has been done so far");
}

static void add_wall_time(struct heal_table *table, const json_t *record) {
    double seconds;
    char text[40] = "-";
    struct tm parts;

    if (heal_field_number(record, "time_unix", &seconds) && seconds > 0 && seconds < 4e9) {
        time_t whole = (time_t)seconds;

        if (localtime_r(&whole, &parts))
            strftime(text, sizeof text, "%F %T", &parts);
    }
    heal_table_add(table, HEAL_PLAIN, "%s", text);
}

static void verdict(struct heal_page *page, const json_t *chain) {
    const char *word = heal_field_text(chain, "verdict", "not checked");
    bool whole = strcmp(word, "whole") == 0, broken = strcmp(word, "broken") == 0;

    heal_page_print(page, HEAL_PLAIN, "chain: ");
    heal_page_print(page,
                    whole    ? HEAL_GOOD
                    : broken ? HEAL_BAD
                             : HEAL_WARN,
                    "%s", heal_field_text(chain, "words", word));
    fputc('\n', page->out);
}

void heal_show_audit(struct heal_page *page, const json_t *reply) {
    static const struct heal_column column[] = {
        {"NUMBER", true },
        {"TIME",   false},
        {"HASH",   false},
        {"WHAT",   false}
    };
    struct heal_table table;
    const json_t *record;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(reply, "records"), i, record) {
        heal_table_add_number(&table, record, "sequence", 1, 0, "");
        add_wall_time(&table, record);
        heal_table_add(&table, HEAL_DIM, "%.12s", heal_field_text(record, "hash", "-"));
        heal_table_add_text(&table, HEAL_PLAIN, record, "text");
    }
    heal_table_print(&table, "the audit is empty");
    verdict(page, json_object_get(reply, "chain"));
}

void heal_show_thresholds(struct heal_page *page, const json_t *reply) {
    static const struct heal_column column[] = {
        {"METRIC",    false},
        {"VALUE",     true },
        {"START",     true },
        {"MIN",       true },
        {"MAX",       true },
        {"TIGHTENED", true },
        {"RELAXED",   true },
        {"UNIT",      false},
    };
    struct heal_table table;
    const json_t *t;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(reply, "thresholds"), i, t) {
        heal_table_add_text(&table, HEAL_PLAIN, t, "metric");
        heal_table_add_number(&table, t, "value", 1, 3, "");
        heal_table_add_number(&table, t, "start", 1, 3, "");
        heal_table_add_number(&table, t, "min", 1, 3, "");
        heal_table_add_number(&table, t, "max", 1, 3, "");
        heal_table_add_number(&table, t, "tightened", 1, 0, "");
        heal_table_add_number(&table, t, "relaxed", 1, 0, "");
        heal_table_add_text(&table, HEAL_DIM, t, "unit");
    }
    heal_table_print(&table, "no threshold is known");
}

void heal_show_strategies(struct heal_page *page, const json_t *reply) {
    static const struct heal_column column[] = {
        {"DIAGNOSIS",   false},
        {"REMEDY",      false},
        {"TRIED",       true },
        {"WORKED",      true },
        {"EXPECTED",    true },
        {"HEALS AFTER", true }
    };
    struct heal_table table;
    const json_t *s;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(reply, "strategies"), i, s) {
        char span[HEAL_SPAN_MAX];
        double mttr;

        heal_table_add_text(&table, HEAL_PLAIN, s, "diagnosis");
        heal_table_add_text(&table, HEAL_PLAIN, s, "remedy");
        heal_table_add_number(&table, s, "tried", 1, 0, "");
        heal_table_add_number(&table, s, "worked", 1, 0, "");
        heal_table_add_number(&table, s, "success", 100, 0, "%");
        if (heal_field_number(s, "mttr", &mttr))
            heal_table_add(&table, HEAL_PLAIN, "%s", heal_span_format(mttr, span));
        else
            heal_table_add(&table, HEAL_DIM, "-");
    }
    heal_table_print(&table, "no strategy is known");
}
