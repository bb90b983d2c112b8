/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <jansson.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "healctl/cmd.h"
#include "healctl/page.h"
#include "os/host.h"

struct findings {
    struct heal_table table;
    json_t *list;
    size_t missing;
};

static void add(void *context, const struct heal_host_item *item) {
    struct findings *findings = context;

    findings->missing += !item->available;
    heal_table_add(&findings->table, HEAL_PLAIN, "%s", item->name);
    heal_table_add(&findings->table, item->available ? HEAL_GOOD : HEAL_WARN, item->available ? "yes" : "no");
    heal_table_add(&findings->table, HEAL_PLAIN, "%s", item->what);
    heal_table_add(&findings->table, HEAL_PLAIN, "%s", item->why[0] ? item->why : "-");
    json_array_append_new(findings->list,
                          json_pack("{s:s, s:b, s:s, s:s}", "name", item->name, "available",
                                    (int)item->available, "what", item->what, "why", item->why));
}

int heal_cmd_probe(const struct heal_call *call) {
    static const struct heal_column column[] = {
        {"THING", false},
        {"HERE",  false},
        {"FOR",   false},
        {"NOTE",  false}
    };
    HEAL_CLEANUP(heal_free_pointer) struct heal_config *config = calloc(1, sizeof *config);
    struct heal_page page;
    struct findings findings = {0};

    if (!config)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    int r = heal_cmd_config_load(call, false, config);
    if (r != HEAL_EXIT_OK)
        return r;
    findings.list = json_array();
    heal_page_init(&page, call->out, NULL);
    heal_table_init(&findings.table, &page, column, HEAL_COUNT(column));
    heal_probe_host(config, add, &findings);
    if (call->json) {
        free(findings.table.cell);
        heal_page_json(call->out, findings.list);
    } else {
        heal_table_print(&findings.table, "nothing was looked at");
        fprintf(call->out, "%zu missing; heald works without, but for what they are for\n", findings.missing);
    }
    json_decref(findings.list);
    return HEAL_EXIT_OK;
}
