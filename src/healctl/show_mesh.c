/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/cleanup.h"
#include "healctl/show.h"

void heal_show_nodes(struct heal_page *page, const json_t *reply) {
    static const struct heal_column column[] = {
        {"NODE",      false},
        {"LINKS",     true },
        {"ALIVE",     true },
        {"INCIDENTS", false}
    };
    struct heal_table table;
    const json_t *node, *incident;
    size_t i, j;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(reply, "nodes"), i, node) {
        bool self = heal_field_true(node, "self");
        char text[HEAL_WORDS_MAX] = "";
        size_t length = 0;

        heal_table_add(&table, self ? HEAL_BOLD : HEAL_PLAIN, "%s%s", heal_field_text(node, "name", "-"),
                       self ? " (this one)" : "");
        heal_table_add_number(&table, node, "links", 1, 0, "");
        heal_table_add_number(&table, node, "links_alive", 1, 0, "");
        json_array_foreach(json_object_get(node, "incidents"), j, incident) {
            if (length < sizeof text)
                length += (size_t)snprintf(text + length, sizeof text - length, "%s%" JSON_INTEGER_FORMAT,
                                           j ? ", " : "", json_integer_value(incident));
        }
        heal_table_add(&table, text[0] ? HEAL_BAD : HEAL_DIM, "%s", text[0] ? text : "-");
    }
    heal_table_print(&table, "no node is known");
}

static void add_state(struct heal_table *table, const json_t *link) {
    if (!heal_field_true(link, "up"))
        heal_table_add(table, HEAL_BAD, "down");
    else if (!heal_field_true(link, "hears"))
        heal_table_add(table, HEAL_BAD, "silent");
    else if (heal_field_true(link, "examined"))
        heal_table_add(table, HEAL_WARN, "examined");
    else
        heal_table_add(table, HEAL_GOOD, "up");
}

void heal_show_links(struct heal_page *page, const json_t *reply) {
    static const struct heal_column column[] = {
        {"LINK",      false},
        {"NEIGHBOUR", false},
        {"STATE",     false},
        {"COST",      true },
        {"LOSS IN",   true },
        {"LOSS OUT",  true },
        {"LATENCY",   true },
        {"SIGNAL",    true },
        {"SNR",       true },
        {"TRAFFIC",   true },
        {"INCIDENT",  true },
    };
    struct heal_table table;
    const json_t *link;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(reply, "links"), i, link) {
        const json_t *features = json_object_get(link, "features");

        heal_table_add_text(&table, HEAL_PLAIN, link, "ifname");
        heal_table_add(&table, HEAL_PLAIN, "%s",
                       heal_field_text(link, "neighbour", heal_field_text(link, "peer", "-")));
        add_state(&table, link);
        heal_table_add_number(&table, link, "cost", 1, 0, "");
        heal_table_add_number(&table, link, "loss_in", 100, 1, "%");
        heal_table_add_number(&table, link, "loss_out", 100, 1, "%");
        heal_table_add_number(&table, features, "latency", 1, 1, "ms");
        heal_table_add_number(&table, features, "rssi", 1, 0, "dBm");
        heal_table_add_number(&table, features, "snr", 1, 0, "dB");
        heal_table_add_amount(&table, features, "throughput", "bit/s");
        heal_table_add_number(&table, link, "incident", 1, 0, "");
    }
    heal_table_print(&table, "no link is known yet");
}
