/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <string.h>

#include "base/cleanup.h"
#include "healctl/show.h"

static void add_verdict(struct heal_table *table, const json_t *port) {
    if (!heal_field_true(port, "judged"))
        heal_table_add(table, HEAL_DIM, "not yet");
    else if (heal_field_true(port, "sick"))
        heal_table_add(table, HEAL_BAD, "sick");
    else
        heal_table_add(table, HEAL_GOOD, "healthy");
}

/* What may be made of its word is up to the active one's mode; the one in the shadow never has one. */
static void headline(struct heal_page *page, const char *slot, const json_t *network, const char *mode) {
    double threshold = 0;

    (void)heal_field_number(network, "threshold", &threshold);
    heal_page_print(page, HEAL_BOLD, "%s", slot);
    heal_page_print(page, HEAL_PLAIN, ": model %s%s%s, sick above %.1f %%, %lld judged, %lld of them whole",
                    heal_field_text(network, "model", "?"), mode ? " in mode " : "", mode ? mode : "",
                    threshold * 100, heal_field_integer(network, "judged"),
                    heal_field_integer(network, "whole"));
    fputc('\n', page->out);
}

static void ports(struct heal_page *page, const json_t *network) {
    static const struct heal_column column[] = {
        {"LINK",      false},
        {"NEIGHBOUR", false},
        {"VERDICT",   false},
        {"SICK",      true },
        {"ALONE",     true },
        {"INPUTS",    false},
        {"STATE",     false},
        {"SINCE",     true },
    };
    struct heal_table table;
    const json_t *port;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(network, "ports"), i, port) {
        heal_table_add_text(&table, HEAL_PLAIN, port, "ifname");
        heal_table_add(&table, HEAL_PLAIN, "%s",
                       heal_field_text(port, "neighbour", heal_field_text(port, "peer", "-")));
        add_verdict(&table, port);
        heal_table_add_number(&table, port, "probability", 100, 1, "%");
        heal_table_add_number(&table, port, "alone", 100, 1, "%");
        heal_table_add_text(&table, HEAL_PLAIN, port, "inputs");
        heal_table_add_text(&table, HEAL_PLAIN, port, "state");
        heal_table_add_age(&table, port, "since");
    }
    heal_table_print(&table, "no link is known yet");
}

void heal_show_network(struct heal_page *page, const json_t *reply) {
    static const char *const slots[] = {"active", "shadow"};
    const json_t *networks = json_object_get(reply, "network");
    const char *state = heal_field_text(networks, "state", "at-work");
    bool any = false;

    for (size_t i = 0; i < HEAL_COUNT(slots); i++) {
        const json_t *network = json_object_get(networks, slots[i]);

        if (!json_is_object(network))
            continue;
        any = true;
        headline(page, slots[i], network, i == 0 ? heal_field_text(networks, "mode", NULL) : NULL);
        ports(page, network);
    }
    if (!any)
        fputs("no model is at work (`healctl config explain detector.model` says where one is looked for)",
              page->out);
    else if (strcmp(state, "at-work") != 0)
        fprintf(page->out, "the network is %s", state);
    if (!any || strcmp(state, "at-work") != 0)
        fputs(": heald judges by its thresholds alone\n", page->out);
}
