/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/message_codec.h"

#include "wire/message_check.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "heal/v1/mesh.pb-c.h"

enum { NODES_MAX = 256 };

/* Everything that a protobuf message points to while it is packed. */
struct parts {
    Heal__V1__Message message;
    Heal__V1__Link link;
    Heal__V1__Account account;
    Heal__V1__Neighbour neighbour[HEAL_MESSAGE_NEIGHBOURS_MAX];
    Heal__V1__Neighbour *neighbours[HEAL_MESSAGE_NEIGHBOURS_MAX];
    Heal__V1__Vertex vertex[HEAL_MESSAGE_VERTICES_MAX];
    Heal__V1__Vertex *vertices[HEAL_MESSAGE_VERTICES_MAX];
    Heal__V1__Paths paths;
    Heal__V1__Path path[HEAL_MESSAGE_PATHS_MAX];
    Heal__V1__Path *path_list[HEAL_MESSAGE_PATHS_MAX];
    uint64_t node[NODES_MAX];
    uint8_t hops[HEAL_MESSAGE_PATHS_MAX][HEAL_PATH_MAX];
    Heal__V1__Incident incident;
};

/* protobuf-c's types are not const although packing only reads. */
static ProtobufCBinaryData bytes_of(const struct heal_address *address) {
    return (ProtobufCBinaryData){.len = sizeof address->byte, .data = (uint8_t *)address->byte};
}

static ProtobufCBinaryData bytes_unless_zero(const struct heal_address *address) {
    return heal_address_is_zero(address) ? (ProtobufCBinaryData){0} : bytes_of(address);
}

static void put_account(Heal__V1__Account *into, const struct heal_link_account *account) {
    heal__v1__account__init(into);
    into->epoch = account->epoch;
    into->expected_small = account->expected[HEAL_PROBE_SMALL];
    into->expected_full = account->expected[HEAL_PROBE_FULL];
    into->received_small = account->received[HEAL_PROBE_SMALL];
    into->received_full = account->received[HEAL_PROBE_FULL];
    into->outages = account->outages;
    into->outage_lost_small = account->outage_lost[HEAL_PROBE_SMALL];
    into->outage_lost_full = account->outage_lost[HEAL_PROBE_FULL];
    into->silence_ms = account->silence_ms;
    into->pair_sent = account->pair_sent;
    into->pair_received = account->pair_received;
}

static int put_link(struct parts *parts, const struct heal_message_link *link) {
    Heal__V1__Link *into = &parts->link;

    heal__v1__link__init(into);
    put_account(&parts->account, &link->in);
    into->in = &parts->account;
    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        if ((link->features.valid >> i & 1) && !isfinite(link->features.value[i]))
            return -EINVAL;
    }
    if (!isfinite(link->noise_dbm) || link->neighbours > HEAL_MESSAGE_NEIGHBOURS_MAX)
        return -EINVAL;
    into->features_valid = link->features.valid;
    into->n_feature = HEAL_FEATURES;
    into->feature = (float *)link->features.value;
    into->address = bytes_unless_zero(&link->address);
    into->mtu = link->mtu;
    into->noise_dbm = link->noise_dbm;
    into->examining = link->examining;
    into->node_overloaded = link->node_overloaded;
    into->paths_set = link->paths_set;
    into->n_neighbour = link->neighbours;
    into->neighbour = parts->neighbours;
    for (unsigned i = 0; i < link->neighbours; i++) {
        Heal__V1__Neighbour *neighbour = &parts->neighbour[i];

        heal__v1__neighbour__init(neighbour);
        neighbour->node = link->neighbour[i].node;
        neighbour->address = bytes_unless_zero(&link->neighbour[i].address);
        neighbour->alive = link->neighbour[i].alive;
        neighbour->sick = link->neighbour[i].sick;
        parts->neighbours[i] = neighbour;
    }
    parts->message.link = into;
    parts->message.body_case = HEAL__V1__MESSAGE__BODY_LINK;
    return 0;
}

static bool vertex_is_valid(const struct heal_message_vertex *vertex) {
    return vertex->tick != 0 && vertex->inputs == sizeof vertex->input &&
           vertex->states <= sizeof vertex->state && (vertex->states > 0) == (vertex->heard != 0);
}

static int put_vertices(struct parts *parts, const struct heal_message *message) {
    if (message->vertices > HEAL_MESSAGE_VERTICES_MAX ||
        (message->vertices == 2 && message->vertex[0].model == message->vertex[1].model))
        return -EINVAL;
    parts->link.n_vertex = message->vertices;
    parts->link.vertex = parts->vertices;
    for (unsigned i = 0; i < message->vertices; i++) {
        const struct heal_message_vertex *vertex = &message->vertex[i];
        Heal__V1__Vertex *into = &parts->vertex[i];

        if (!vertex_is_valid(vertex))
            return -EINVAL;
        heal__v1__vertex__init(into);
        into->model = vertex->model;
        into->tick = vertex->tick;
        into->heard = vertex->heard;
        into->input = (ProtobufCBinaryData){.len = vertex->inputs, .data = (uint8_t *)vertex->input};
        into->state = (ProtobufCBinaryData){.len = vertex->states, .data = (uint8_t *)vertex->state};
        parts->vertices[i] = into;
    }
    return 0;
}

/* @return the node's place among those told, which it gets if it has none; -EMSGSIZE when they are too many.
 */
static int place_of(struct parts *parts, heal_node_id node) {
    size_t place = 0;

    while (place < parts->paths.n_node && parts->node[place] != node)
        place++;
    if (place == NODES_MAX)
        return -EMSGSIZE;
    if (place == parts->paths.n_node)
        parts->node[parts->paths.n_node++] = node;
    return (int)place;
}

static int put_path(struct parts *parts, unsigned index, const struct heal_path *path) {
    Heal__V1__Path *into = &parts->path[index];

    if (path->hops > HEAL_PATH_MAX || path->destination.length > 128)
        return -EINVAL;
    heal__v1__path__init(into);
    into->address = bytes_of(&path->destination.address);
    into->prefix_length = path->destination.length;
    into->metric = path->metric;
    for (unsigned i = 0; i < path->hops; i++) {
        int place = place_of(parts, path->hop[i]);

        if (place < 0)
            return place;
        parts->hops[index][i] = (uint8_t)place;
    }
    into->hops = (ProtobufCBinaryData){.len = path->hops, .data = parts->hops[index]};
    parts->path_list[index] = into;
    return 0;
}

static int put_paths(struct parts *parts, const struct heal_message_paths *paths) {
    Heal__V1__Paths *into = &parts->paths;

    if (paths->paths > HEAL_MESSAGE_PATHS_MAX)
        return -EINVAL;
    heal__v1__paths__init(into);
    into->set = paths->set;
    into->first = paths->first;
    into->more = paths->more;
    into->stands = paths->stands;
    into->node = parts->node;
    into->n_path = paths->paths;
    into->path = parts->path_list;
    for (unsigned i = 0; i < paths->paths; i++) {
        int r = put_path(parts, i, &paths->path[i]);

        if (r < 0)
            return r;
    }
    parts->message.paths = into;
    parts->message.body_case = HEAL__V1__MESSAGE__BODY_PATHS;
    return 0;
}

static int put_incident(struct parts *parts, const struct heal_message_incident *incident) {
    Heal__V1__Incident *into = &parts->incident;

    if (!heal_message_text_is_valid(incident->diagnosis) || !heal_message_is_name(incident->remedy) ||
        !heal_message_is_name(incident->node_name) || !heal_message_is_name(incident->other_name) ||
        !heal_message_share_is_valid(incident->confidence))
        return -EINVAL;
    heal__v1__incident__init(into);
    into->incident = incident->incident;
    into->owner = incident->owner;
    into->diagnosis = (char *)incident->diagnosis;
    into->remedy = (char *)incident->remedy;
    into->node = incident->node;
    into->other = incident->other;
    into->node_name = (char *)incident->node_name;
    into->other_name = (char *)incident->other_name;
    into->confidence = incident->confidence;
    into->open = incident->open;
    into->hops = incident->hops;
    parts->message.incident = into;
    parts->message.body_case = HEAL__V1__MESSAGE__BODY_INCIDENT;
    return 0;
}

static int put_body(struct parts *parts, const struct heal_message *message) {
    int r;

    switch (message->kind) {
    case HEAL_MESSAGE_LINK:
        r = put_link(parts, &message->link);
        return r < 0 ? r : put_vertices(parts, message);
    case HEAL_MESSAGE_PATHS:
        return put_paths(parts, &message->paths);
    case HEAL_MESSAGE_INCIDENT:
        return put_incident(parts, &message->incident);
    case HEAL_MESSAGE_KINDS:
        break;
    }
    return -EINVAL;
}

int heal_message_encode(const struct heal_message *message, uint8_t *buffer, size_t size) {
    struct parts parts;

    if (!heal_message_sender_is_valid(message->from_name, message->from))
        return -EINVAL;
    memset(&parts, 0, sizeof parts);
    heal__v1__message__init(&parts.message);
    parts.message.from = message->from;
    parts.message.from_name = (char *)message->from_name;
    int r = put_body(&parts, message);
    if (r < 0)
        return r;
    size_t length = heal__v1__message__get_packed_size(&parts.message);
    if (length > size || length > HEAL_MESSAGE_BYTES_MAX)
        return -EMSGSIZE;
    heal__v1__message__pack(&parts.message, buffer);
    return (int)length;
}
