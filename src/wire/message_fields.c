/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/fields.h"

#define MESSAGE(type, name, member) HEAL_FIELD_OF(type, name, struct heal_message, member)

/* What every message has. */
#define HEAD                                                                                                 \
    MESSAGE(PORT, "port", port), MESSAGE(NODE, "from", from),                                                \
        HEAL_FIELD_TEXT_OF("from-name", struct heal_message, from_name)

#define FEATURE(name_, bit)                                                                                  \
    {                                                                                                        \
        .name = "feature." name_, .type = HEAL_FIELD_FEATURE, .size = bit,                                   \
        .offset = offsetof(struct heal_message, link.features.value[bit]),                                   \
        .aside = offsetof(struct heal_message, link.features.valid)                                          \
    }

static const struct heal_field neighbour_fields[] = {
    HEAL_FIELD_OF(NODE, "node", struct heal_neighbour_state, node),
    HEAL_FIELD_OF(ADDRESS, "address", struct heal_neighbour_state, address),
    HEAL_FIELD_OF(BOOL, "alive", struct heal_neighbour_state, alive),
    HEAL_FIELD_OF(BOOL, "sick", struct heal_neighbour_state, sick),
    {0},
};

static const struct heal_field vertex_fields[] = {
    HEAL_FIELD_OF(NODE, "model", struct heal_message_vertex, model),
    HEAL_FIELD_OF(U32, "tick", struct heal_message_vertex, tick),
    HEAL_FIELD_OF(U32, "heard", struct heal_message_vertex, heard),
    HEAL_FIELD_BYTES_OF("input", struct heal_message_vertex, input, inputs),
    HEAL_FIELD_BYTES_OF("state", struct heal_message_vertex, state, states),
    {0},
};

static const struct heal_field link_fields[] = {
    HEAD,
    HEAL_WIRE_ACCOUNT_FIELDS(struct heal_message, link.in),
    FEATURE("rssi", HEAL_FEATURE_RSSI),
    FEATURE("snr", HEAL_FEATURE_SNR),
    FEATURE("loss", HEAL_FEATURE_LOSS),
    FEATURE("link-age", HEAL_FEATURE_LINK_AGE),
    FEATURE("latency", HEAL_FEATURE_LATENCY),
    FEATURE("throughput", HEAL_FEATURE_THROUGHPUT),
    FEATURE("cpu", HEAL_FEATURE_CPU),
    FEATURE("memory", HEAL_FEATURE_MEMORY),
    MESSAGE(ADDRESS, "address", link.address),
    MESSAGE(U32, "mtu", link.mtu),
    MESSAGE(FLOAT, "noise", link.noise_dbm),
    MESSAGE(BOOL, "examining", link.examining),
    MESSAGE(BOOL, "node-overloaded", link.node_overloaded),
    MESSAGE(U64, "paths-set", link.paths_set),
    {.name = "neighbour",
                                        .type = HEAL_FIELD_LIST,
                                        .offset = offsetof(struct heal_message, link.neighbour),
                                        .size = sizeof(struct heal_neighbour_state),
                                        .aside = offsetof(struct heal_message, link.neighbours),
                                        .most = HEAL_MESSAGE_NEIGHBOURS_MAX,
                                        .element = neighbour_fields},
    {.name = "vertex",
                                        .type = HEAL_FIELD_LIST,
                                        .offset = offsetof(struct heal_message, vertex),
                                        .size = sizeof(struct heal_message_vertex),
                                        .aside = offsetof(struct heal_message, vertices),
                                        .most = HEAL_MESSAGE_VERTICES_MAX,
                                        .element = vertex_fields},
    {0},
};

static const struct heal_field path_fields[] = {
    HEAL_FIELD_OF(PREFIX, "destination", struct heal_path, destination),
    HEAL_FIELD_OF(U16, "metric", struct heal_path, metric),
    {.name = "hops",
                                               .type = HEAL_FIELD_NODES,
                                               .offset = offsetof(struct heal_path, hop),
                                               .aside = offsetof(struct heal_path, hops),
                                               .most = HEAL_PATH_MAX},
    {0},
};

static const struct heal_field paths_fields[] = {
    HEAD,
    MESSAGE(U64, "set", paths.set),
    MESSAGE(U8, "first", paths.first),
    MESSAGE(BOOL, "more", paths.more),
    MESSAGE(BOOL, "stands", paths.stands),
    {.name = "path",
                                    .type = HEAL_FIELD_LIST,
                                    .offset = offsetof(struct heal_message, paths.path),
                                    .size = sizeof(struct heal_path),
                                    .aside = offsetof(struct heal_message, paths.paths),
                                    .most = HEAL_MESSAGE_PATHS_MAX,
                                    .element = path_fields},
    {0},
};

static const struct heal_field incident_fields[] = {
    HEAD,
    MESSAGE(U64, "incident", incident.incident),
    MESSAGE(NODE, "owner", incident.owner),
    HEAL_FIELD_TEXT_OF("diagnosis", struct heal_message, incident.diagnosis),
    HEAL_FIELD_TEXT_OF("remedy", struct heal_message, incident.remedy),
    MESSAGE(NODE, "node", incident.node),
    MESSAGE(NODE, "other", incident.other),
    HEAL_FIELD_TEXT_OF("node-name", struct heal_message, incident.node_name),
    HEAL_FIELD_TEXT_OF("other-name", struct heal_message, incident.other_name),
    HEAL_FIELD_RANGE_OF(FLOAT, "confidence", struct heal_message, incident.confidence, 0, 1),
    MESSAGE(BOOL, "open", incident.open),
    MESSAGE(U8, "hops", incident.hops),
    {0},
};

const struct heal_wire_kind heal_wire_messages[HEAL_MESSAGE_KINDS] = {
    [HEAL_MESSAGE_LINK] = {"message-link",     link_fields    },
    [HEAL_MESSAGE_PATHS] = {"message-paths",    paths_fields   },
    [HEAL_MESSAGE_INCIDENT] = {"message-incident", incident_fields},
};
