/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/ipcore.h"

#include "base/text.h"
#include "dataset/draft.h"
#include "dataset/ipcore_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[HEAL_IPCORE_FILES] = {
    [HEAL_IPCORE_INTERFACES] = "interfaces.tsv",
    [HEAL_IPCORE_FAILURE] = "failure.tsv",
    [HEAL_IPCORE_ADMIN] = "admin-status.tsv",
    [HEAL_IPCORE_CPU] = "cpu_util.tsv",
    [HEAL_IPCORE_IN] = "network-incoming-packets-rate.tsv",
    [HEAL_IPCORE_OUT] = "network-outgoing-packets-rate.tsv",
    [HEAL_IPCORE_RX] = "rx-pps.tsv",
    [HEAL_IPCORE_TX] = "tx-pps.tsv",
    [HEAL_IPCORE_PREFIXES] = "prefix-activity-received-current-prefixes.tsv",
};

enum status { NORMAL, HIJACK, INJECTION, NODE_DOWN, INTERFACE_DOWN, LOSS, DELAY };

static const char *const kinds[HEAL_IPCORE_KINDS] = {
    [NORMAL] = "normal",
    [HIJACK] = "bgp-hijack",
    [INJECTION] = "bgp-injection",
    [NODE_DOWN] = "node-down",
    [INTERFACE_DOWN] = "interface-down",
    [LOSS] = "loss-delay",
};

static int read_tables(const struct heal_table_text *file, struct heal_ipcore_tables *tables,
                       struct heal_error *error) {
    int r = heal_ipcore_read_mesh(&file[HEAL_IPCORE_INTERFACES], &tables->mesh, error);

    if (r < 0)
        return heal_folder_name(names[HEAL_IPCORE_INTERFACES], r, error);
    r = heal_ipcore_read_minutes(&file[HEAL_IPCORE_FAILURE], &tables->mesh, &tables->minutes, error);
    if (r < 0)
        return heal_folder_name(names[HEAL_IPCORE_FAILURE], r, error);
    for (int i = HEAL_IPCORE_ADMIN; r == 0 && i < HEAL_IPCORE_FILES; i++) {
        enum heal_ipcore_file which = (enum heal_ipcore_file)i;

        r = heal_folder_name(names[which], heal_ipcore_read_values(which, &file[i], tables, error), error);
    }
    return r;
}

/* Seconds since 1970 of a civil time, as if it were UTC (days: H. Hinnant, "chrono-compatible low-level date
 * algorithms", days_from_civil). */
static int64_t seconds_of(int64_t stamp) {
    int64_t date = stamp / 1000000, time = stamp % 1000000;
    int64_t day = date % 100, month = date / 100 % 100, year = date / 10000 - (month <= 2);
    int64_t era_year = year % 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t days = year / 400 * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + of_year - 719468;

    return days * 86400 + time / 10000 * 3600 + time / 100 % 100 * 60 + time % 100;
}

static int join_ports(struct heal_draft *draft, const struct heal_ipcore_mesh *mesh) {
    int r = 0;

    for (unsigned i = 0; i < mesh->ports; i++)
        for (unsigned j = i + 1; r == 0 && j < mesh->ports; j++)
            if (mesh->port[i].router == mesh->port[j].router || mesh->port[i].peer == (int)j)
                r = heal_draft_edge(draft, i, j);
    return r;
}

/* What is published about this set does not tell loss and delay apart. */
static uint8_t kind_of(const struct heal_ipcore_minute *minute) {
    return minute->status == DELAY ? LOSS : minute->status;
}

static bool is_sick(const struct heal_ipcore_minute *minute, const struct heal_ipcore_mesh *mesh,
                    unsigned port) {
    return minute->status == NODE_DOWN ? (int)mesh->port[port].router == (int)minute->router
                                       : minute->status > NODE_DOWN && minute->port == (int)port;
}

static int add_minute(const struct heal_ipcore_tables *tables, size_t index, struct heal_draft *draft,
                      struct heal_dataset *set, struct heal_error *error) {
    const struct heal_ipcore_minute *minute = &tables->minutes.minute[index];

    heal_draft_clear(draft);
    draft->head.time = seconds_of(minute->stamp);
    draft->head.run = (uint32_t)(minute->stamp / 1000000);
    draft->head.kind = kind_of(minute);
    for (unsigned i = 0; i < tables->mesh.ports; i++) {
        bool sick = is_sick(minute, &tables->mesh, i);
        float *feature = heal_draft_vertex(draft, sick ? HEAL_GNN_SICK : HEAL_GNN_HEALTHY, kind_of(minute));

        if (!feature)
            return heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
        draft->node[i] = tables->mesh.port[i].router;
        heal_ipcore_reckon(tables, index, i, feature);
    }
    if (join_ports(draft, &tables->mesh) < 0)
        return heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
    return heal_draft_add(draft, set->graphs, error);
}

static int add_all(const struct heal_ipcore_tables *tables, struct heal_dataset *set,
                   struct heal_error *error) {
    struct heal_draft draft;
    int r = 0;

    heal_name_copy(set->made, sizeof set->made, "healctl dataset import --format ipcore");
    for (int i = 0; i < HEAL_IPCORE_KINDS; i++)
        heal_dataset_kind(set, kinds[i]);
    heal_draft_init(&draft, HEAL_IPCORE_INPUTS);
    for (size_t i = 0; r == 0 && i < tables->minutes.count; i++)
        r = add_minute(tables, i, &draft, set, error);
    heal_draft_deinit(&draft);
    return r;
}

static void free_tables(struct heal_ipcore_tables *tables) {
    free(tables->minutes.minute);
    for (int i = 0; i < HEAL_IPCORE_FILES; i++)
        free(tables->value[i]);
    free(tables);
}

int heal_ipcore_parse(const struct heal_table_text *file, struct heal_dataset *ret_set,
                      struct heal_ipcore_mesh *ret_mesh, struct heal_error *error) {
    struct heal_ipcore_tables *tables = calloc(1, sizeof *tables);
    struct heal_dataset set = {.graphs = NULL};

    if (!tables || heal_dataset_init(&set, heal_ipcore_features, HEAL_IPCORE_INPUTS) < 0) {
        free(tables);
        return heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
    }
    int r = read_tables(file, tables, error);
    if (r == 0)
        r = add_all(tables, &set, error);
    if (r == 0) {
        *ret_mesh = tables->mesh;
        *ret_set = set;
    } else {
        heal_dataset_deinit(&set);
    }
    free_tables(tables);
    return r;
}

int heal_ipcore_load(const char *folder, struct heal_dataset *ret_set, struct heal_ipcore_mesh *ret_mesh,
                     struct heal_error *error) {
    struct heal_table_text file[HEAL_IPCORE_FILES];
    int r = heal_folder_read(folder, names, HEAL_IPCORE_FILES, file, error);

    if (r < 0)
        return r;
    r = heal_ipcore_parse(file, ret_set, ret_mesh, error);
    heal_folder_free(file, HEAL_IPCORE_FILES);
    return r;
}
