/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A lab as people read it. */
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "healctl/show.h"

static void headline(struct heal_page *page, const json_t *reply) {
    char span[HEAL_SPAN_MAX];
    double started;

    heal_page_print(page, HEAL_BOLD, "%s", heal_field_text(reply, "name", "?"));
    if (heal_field_number(reply, "started", &started))
        heal_page_print(page, HEAL_PLAIN, ": up %s", heal_span_format(page->now - started, span));
    if (heal_field_true(reply, "heald"))
        heal_page_print(page, HEAL_PLAIN, ", heald in mode %s", heal_field_text(reply, "mode", "?"));
    else
        heal_page_print(page, HEAL_PLAIN, ", babeld alone");
    heal_page_print(page, HEAL_PLAIN, ", held by process %lld", heal_field_integer(reply, "pid"));
    fputs("\n  ", page->out);
    heal_page_print(page, HEAL_DIM, "%s", heal_field_text(reply, "folder", "?"));
    fputs("\n\n", page->out);
}

static enum heal_style style_of(const char *state) {
    if (strcmp(state, "up") == 0 || strcmp(state, "well") == 0)
        return HEAL_GOOD;
    return strcmp(state, "partly") == 0 || strcmp(state, "sick") == 0 ? HEAL_WARN : HEAL_BAD;
}

static void add_state(struct heal_table *table, const json_t *object) {
    const char *state = heal_field_text(object, "state", "?");

    heal_table_add(table, style_of(state), "%s", state);
}

/* A process id, or that it does not run. */
static void add_process(struct heal_table *table, const json_t *node, const char *name) {
    const json_t *pid = json_object_get(node, name);

    if (json_is_integer(pid))
        heal_table_add(table, HEAL_PLAIN, "%lld", (long long)json_integer_value(pid));
    else
        heal_table_add(table, HEAL_BAD, "-");
}

static void add_services(struct heal_table *table, const json_t *services) {
    enum heal_style style = HEAL_PLAIN;
    struct heal_text text;
    char buffer[HEAL_WORDS_MAX];
    const char *name;
    json_t *pid;

    heal_text_init(&text, buffer, sizeof buffer);
    /* json_object_foreach wants one that it may write to, and does not. */
    json_object_foreach((json_t *)(uintptr_t)services, name, pid) {
        const char *between = text.length ? ", " : "";

        if (json_is_integer(pid))
            heal_text_add(&text, "%s%s %lld", between, name, (long long)json_integer_value(pid));
        else
            heal_text_add(&text, "%s%s -", between, name);
        style = json_is_integer(pid) ? style : HEAL_BAD;
    }
    heal_table_add(table, style, "%s", text.length ? buffer : "-");
}

static void show_nodes(struct heal_page *page, const json_t *reply) {
    static const struct heal_column with[] = {
        {"NODE",     false},
        {"STATE",    false},
        {"BABELD",   true },
        {"HEALD",    true },
        {"SERVICES", false}
    };
    static const struct heal_column without[] = {
        {"NODE",     false},
        {"STATE",    false},
        {"BABELD",   true },
        {"SERVICES", false}
    };
    bool heald = heal_field_true(reply, "heald");
    struct heal_table table;
    const json_t *node;
    size_t i;

    heal_table_init(&table, page, heald ? with : without, heald ? HEAL_COUNT(with) : HEAL_COUNT(without));
    json_array_foreach(json_object_get(reply, "nodes"), i, node) {
        heal_table_add_text(&table, HEAL_PLAIN, node, "name");
        add_state(&table, node);
        add_process(&table, node, "babeld");
        if (heald)
            add_process(&table, node, "heald");
        add_services(&table, json_object_get(node, "services"));
    }
    heal_table_print(&table, "no nodes");
}

static void add_handles(struct heal_table *table, const json_t *handles) {
    char buffer[HEAL_WORDS_MAX];
    struct heal_text text;
    const json_t *handle;
    size_t i;

    heal_text_init(&text, buffer, sizeof buffer);
    json_array_foreach(handles, i, handle)
        heal_text_add(&text, "%s%lld", i > 0 ? ", " : "", (long long)json_integer_value(handle));
    heal_table_add(table, HEAL_PLAIN, "%s", text.length ? buffer : "-");
}

static bool has_radio(const json_t *links) {
    const json_t *link;
    size_t i;

    json_array_foreach(links, i, link) if (json_object_get(link, "radio")) return true;
    return false;
}

static void show_links(struct heal_page *page, const json_t *reply) {
    static const struct heal_column with[] = {
        {"LINK",     false},
        {"STATE",    false},
        {"DISTANCE", true },
        {"SIGNAL",   true },
        {"SNR",      true },
        {"FAULTS",   false}
    };
    static const struct heal_column without[] = {
        {"LINK",   false},
        {"STATE",  false},
        {"FAULTS", false}
    };
    const json_t *links = json_object_get(reply, "links"), *link;
    bool radio = has_radio(links);
    struct heal_table table;
    size_t i;

    heal_table_init(&table, page, radio ? with : without, radio ? HEAL_COUNT(with) : HEAL_COUNT(without));
    json_array_foreach(links, i, link) {
        const json_t *about = json_object_get(link, "radio");

        heal_table_add_text(&table, HEAL_PLAIN, link, "name");
        add_state(&table, link);
        if (radio) {
            heal_table_add_number(&table, about, "distance_m", 1, 0, "m");
            heal_table_add_number(&table, about, "rssi_dbm", 1, 0, "dBm");
            heal_table_add_number(&table, about, "snr_db", 1, 0, "dB");
        }
        add_handles(&table, json_object_get(link, "faults"));
    }
    heal_table_print(&table, "no links");
}

static void show_flows(struct heal_page *page, const json_t *reply) {
    static const struct heal_column columns[] = {
        {"FLOW",      false},
        {"PACKETS/S", true },
        {"LOSS",      true },
        {"SENT",      true },
        {"LOST",      true },
        {"LATE",      true }
    };
    struct heal_table table;
    const json_t *flow;
    size_t i;

    heal_table_init(&table, page, columns, HEAL_COUNT(columns));
    json_array_foreach(json_object_get(reply, "flows"), i, flow) {
        double loss;

        heal_table_add(&table, HEAL_PLAIN, "%s → %s", heal_field_text(flow, "from", "?"),
                       heal_field_text(flow, "to", "?"));
        heal_table_add_number(&table, flow, "rate", 1, 0, "");
        if (heal_field_number(flow, "loss", &loss))
            heal_table_add(&table, loss > 0.01 ? HEAL_BAD : HEAL_GOOD, "%.1f %%", loss * 100);
        else
            heal_table_add(&table, HEAL_DIM, "-");
        heal_table_add_number(&table, flow, "sent", 1, 0, "");
        heal_table_add_number(&table, flow, "lost", 1, 0, "");
        heal_table_add_number(&table, flow, "late", 1, 0, "");
    }
    heal_table_print(&table, heal_field_true(reply, "traffic") ? "no flows" : "no traffic was started");
}

void heal_show_lab_faults(struct heal_page *page, const json_t *reply) {
    static const struct heal_column columns[] = {
        {"NUMBER",   true },
        {"FAULT",    false},
        {"SINCE",    true },
        {"FOR",      true },
        {"MEASURED", false}
    };
    struct heal_table table;
    const json_t *fault;
    size_t i;

    heal_table_init(&table, page, columns, HEAL_COUNT(columns));
    json_array_foreach(json_object_get(reply, "faults"), i, fault) {
        char span[HEAL_SPAN_MAX];
        double until;

        heal_table_add(&table, HEAL_BOLD, "%lld", heal_field_integer(fault, "handle"));
        heal_table_add_text(&table, HEAL_PLAIN, fault, "fault");
        heal_table_add_age(&table, fault, "since");
        if (heal_field_number(fault, "until", &until))
            heal_table_add(&table, HEAL_PLAIN, "%s", heal_span_format(until - page->now, span));
        else
            heal_table_add(&table, HEAL_DIM, "-");
        if (heal_field_true(fault, "verified"))
            heal_table_add_text(&table, HEAL_GOOD, fault, "measured");
        else
            heal_table_add(&table, HEAL_WARN, "not verified: %s", heal_field_text(fault, "measured", "?"));
    }
    heal_table_print(&table, "no fault is in force");
}

void heal_show_lab(struct heal_page *page, const json_t *reply) {
    headline(page, reply);
    show_nodes(page, reply);
    fputc('\n', page->out);
    show_links(page, reply);
    fputc('\n', page->out);
    show_flows(page, reply);
    fputc('\n', page->out);
    heal_show_lab_faults(page, reply);
}

void heal_show_lab_fault(struct heal_page *page, const json_t *reply) {
    bool verified = heal_field_true(reply, "verified");
    double until;

    heal_page_print(page, HEAL_BOLD, "fault %lld", heal_field_integer(reply, "handle"));
    heal_page_print(page, HEAL_PLAIN, ": %s", heal_field_text(reply, "fault", "?"));
    if (heal_field_number(reply, "until", &until)) {
        char span[HEAL_SPAN_MAX];

        heal_page_print(page, HEAL_PLAIN, ", for %s more", heal_span_format(until - page->now, span));
    }
    fputs("\n  ", page->out);
    if (verified)
        heal_page_print(page, HEAL_GOOD, "measured: %s", heal_field_text(reply, "measured", "?"));
    else
        heal_page_print(page, HEAL_WARN, "in force, but not verified: %s",
                        heal_field_text(reply, "measured", "?"));
    fprintf(page->out, "\n  `healctl lab fault clear %lld` takes it back\n",
            heal_field_integer(reply, "handle"));
}

void heal_show_lab_list(struct heal_page *page, const json_t *running) {
    static const struct heal_column columns[] = {
        {"LAB",    false},
        {"UP",     true },
        {"WHAT",   false},
        {"FOLDER", false}
    };
    struct heal_table table;
    const json_t *lab;
    size_t i;

    heal_table_init(&table, page, columns, HEAL_COUNT(columns));
    json_array_foreach(running, i, lab) {
        heal_table_add_text(&table, HEAL_BOLD, lab, "name");
        heal_table_add_age(&table, lab, "started");
        heal_table_add(&table, HEAL_PLAIN, "%lld nodes, %lld links, %lld flows, %lld faults",
                       heal_field_integer(lab, "node_count"), heal_field_integer(lab, "link_count"),
                       heal_field_integer(lab, "flow_count"), heal_field_integer(lab, "fault_count"));
        heal_table_add_text(&table, HEAL_PLAIN, lab, "folder");
    }
    heal_table_print(&table, "no lab runs");
}
