/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/cleanup.h"
#include "base/text.h"
#include "wire/message_check.h"
#include "wire/message_codec.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "heal/v1/mesh.pb-c.h"

static void free_message(Heal__V1__Message **message) {
    if (*message)
        heal__v1__message__free_unpacked(*message, NULL);
}

static int refuse(struct heal_error *error, const char *what) {
    return heal_error_set(error, -EBADMSG, 0, 0, "%s", what);
}

static bool take_address(struct heal_address *into, const ProtobufCBinaryData *bytes) {
    if (bytes->len != 0 && bytes->len != sizeof into->byte)
        return false;
    if (bytes->len)
        memcpy(into->byte, bytes->data, sizeof into->byte);
    return true;
}

static int take_account(struct heal_link_account *into, const Heal__V1__Account *account,
                        struct heal_error *error) {
    into->epoch = account->epoch;
    into->expected[HEAL_PROBE_SMALL] = account->expected_small;
    into->expected[HEAL_PROBE_FULL] = account->expected_full;
    into->received[HEAL_PROBE_SMALL] = account->received_small;
    into->received[HEAL_PROBE_FULL] = account->received_full;
    into->outages = account->outages;
    into->outage_lost[HEAL_PROBE_SMALL] = account->outage_lost_small;
    into->outage_lost[HEAL_PROBE_FULL] = account->outage_lost_full;
    into->silence_ms = account->silence_ms;
    into->pair_sent = account->pair_sent;
    into->pair_received = account->pair_received;
    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++) {
        /* Totals may have wrapped, each at its own time: differences are what must make sense. */
        uint32_t lost = into->expected[size] - into->received[size];

        if (into->outage_lost[size] > lost)
            return refuse(error, "an account lost more in outages than in all");
        if (lost > UINT32_MAX / 2)
            return refuse(error, "an account received more than was expected");
    }
    return 0;
}

static int take_features(struct heal_features *into, const Heal__V1__Link *link, struct heal_error *error) {
    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        if (!(link->features_valid >> i & 1))
            continue;
        if (i >= link->n_feature || !isfinite(link->feature[i]))
            return refuse(error, "a feature is said to be valid and is not there or not a number");
        into->value[i] = link->feature[i];
        into->valid = (uint8_t)(into->valid | 1U << i);
    }
    return 0;
}

static int take_link(struct heal_message_link *into, const Heal__V1__Link *link, struct heal_error *error) {
    if (link->n_neighbour > HEAL_MESSAGE_NEIGHBOURS_MAX)
        return refuse(error, "too many neighbours");
    if (!isfinite(link->noise_dbm))
        return refuse(error, "the noise is not a number");
    if (!take_address(&into->address, &link->address))
        return refuse(error, "an address is not of 16 bytes");
    int r = take_features(&into->features, link, error);
    if (r == 0 && link->in)
        r = take_account(&into->in, link->in, error);
    if (r < 0)
        return r;
    into->mtu = link->mtu;
    into->noise_dbm = link->noise_dbm;
    into->examining = link->examining;
    into->node_overloaded = link->node_overloaded;
    into->paths_set = link->paths_set;
    into->neighbours = (uint8_t)link->n_neighbour;
    for (size_t i = 0; i < link->n_neighbour; i++) {
        struct heal_neighbour_state *neighbour = &into->neighbour[i];

        if (!take_address(&neighbour->address, &link->neighbour[i]->address))
            return refuse(error, "a neighbour's address is not of 16 bytes");
        neighbour->node = link->neighbour[i]->node;
        neighbour->alive = link->neighbour[i]->alive;
        neighbour->sick = link->neighbour[i]->sick;
    }
    return 0;
}

static int take_vertex(struct heal_message_vertex *into, const Heal__V1__Vertex *vertex,
                       struct heal_error *error) {
    if (vertex->tick == 0 || vertex->input.len != sizeof into->input)
        return refuse(error, "a vertex without a tick, or not of 8 inputs");
    if (vertex->state.len > sizeof into->state || (vertex->state.len > 0) != (vertex->heard != 0))
        return refuse(error, "a state of more than 64 bytes, or of nothing that was heard");
    into->model = vertex->model;
    into->tick = vertex->tick;
    into->heard = vertex->heard;
    into->inputs = (uint8_t)vertex->input.len;
    into->states = (uint8_t)vertex->state.len;
    memcpy(into->input, vertex->input.data, vertex->input.len);
    if (vertex->state.len > 0)
        memcpy(into->state, vertex->state.data, vertex->state.len);
    return 0;
}

static int take_vertices(struct heal_message *into, const Heal__V1__Link *link, struct heal_error *error) {
    if (link->n_vertex > HEAL_MESSAGE_VERTICES_MAX)
        return refuse(error, "too many vertices");
    if (link->n_vertex == 2 && link->vertex[0]->model == link->vertex[1]->model)
        return refuse(error, "two vertices of one network");
    into->vertices = (uint8_t)link->n_vertex;
    for (size_t i = 0; i < link->n_vertex; i++) {
        int r = take_vertex(&into->vertex[i], link->vertex[i], error);

        if (r < 0)
            return r;
    }
    return 0;
}

static int take_path(struct heal_path *into, const Heal__V1__Path *path, const Heal__V1__Paths *paths,
                     struct heal_error *error) {
    if (path->address.len != sizeof into->destination.address.byte || path->prefix_length > 128)
        return refuse(error, "a path's destination is no prefix");
    if (path->metric > UINT16_MAX)
        return refuse(error, "a path's metric is not in 0 to 65535");
    if (path->hops.len > HEAL_PATH_MAX)
        return refuse(error, "a path has too many hops");
    take_address(&into->destination.address, &path->address);
    into->destination.length = (uint8_t)path->prefix_length;
    into->metric = (uint16_t)path->metric;
    into->hops = (uint8_t)path->hops.len;
    for (size_t i = 0; i < path->hops.len; i++) {
        if (path->hops.data[i] >= paths->n_node)
            return refuse(error, "a path's hop is none of the nodes told");
        into->hop[i] = paths->node[path->hops.data[i]];
    }
    return 0;
}

static int take_paths(struct heal_message_paths *into, const Heal__V1__Paths *paths,
                      struct heal_error *error) {
    if (paths->n_path > HEAL_MESSAGE_PATHS_MAX)
        return refuse(error, "too many paths");
    if (paths->first > UINT8_MAX)
        return refuse(error, "a set of too many paths");
    into->set = paths->set;
    into->first = (uint8_t)paths->first;
    into->more = paths->more;
    into->stands = paths->stands;
    into->paths = (uint8_t)paths->n_path;
    for (size_t i = 0; i < paths->n_path; i++) {
        int r = take_path(&into->path[i], paths->path[i], paths, error);

        if (r < 0)
            return r;
    }
    return 0;
}

static int take_incident(struct heal_message_incident *into, const Heal__V1__Incident *incident,
                         struct heal_error *error) {
    if (!heal_message_text_is_valid(incident->diagnosis))
        return refuse(error, "an incident's diagnosis is not 1 to 31 printable characters");
    if (!heal_message_share_is_valid(incident->confidence))
        return refuse(error, "an incident's confidence is not in 0 to 1");
    if (incident->hops > UINT8_MAX)
        return refuse(error, "an incident travelled too far");
    if (!heal_message_is_name(incident->remedy))
        return refuse(error, "an incident's remedy is not up to 31 printable characters");
    if (!heal_message_is_name(incident->node_name) || !heal_message_is_name(incident->other_name))
        return refuse(error, "a name in an incident is not up to 31 printable characters");
    into->incident = incident->incident;
    into->owner = incident->owner;
    heal_name_copy(into->diagnosis, sizeof into->diagnosis, incident->diagnosis);
    heal_name_copy(into->remedy, sizeof into->remedy, incident->remedy);
    into->node = incident->node;
    into->other = incident->other;
    heal_name_copy(into->node_name, sizeof into->node_name, incident->node_name);
    heal_name_copy(into->other_name, sizeof into->other_name, incident->other_name);
    into->confidence = incident->confidence;
    into->open = incident->open;
    into->hops = (uint8_t)incident->hops;
    return 0;
}

static int take_body(struct heal_message *into, const Heal__V1__Message *message, struct heal_error *error) {
    switch ((int)message->body_case) {
    case HEAL__V1__MESSAGE__BODY_LINK:
        into->kind = HEAL_MESSAGE_LINK;
        if (take_vertices(into, message->link, error) < 0)
            return -EBADMSG;
        return take_link(&into->link, message->link, error);
    case HEAL__V1__MESSAGE__BODY_PATHS:
        into->kind = HEAL_MESSAGE_PATHS;
        return take_paths(&into->paths, message->paths, error);
    case HEAL__V1__MESSAGE__BODY_INCIDENT:
        into->kind = HEAL_MESSAGE_INCIDENT;
        return take_incident(&into->incident, message->incident, error);
    default: /* none, or of a later version */
        return refuse(error, "a message of an unknown kind");
    }
}

int heal_message_decode(const uint8_t *bytes, size_t length, struct heal_message *ret_message,
                        struct heal_error *error) {
    HEAL_CLEANUP(free_message) Heal__V1__Message *message = NULL;
    struct heal_message decoded;

    if (length > HEAL_MESSAGE_BYTES_MAX)
        return heal_error_set(error, -EMSGSIZE, 0, 0, "more than %d bytes", HEAL_MESSAGE_BYTES_MAX);
    message = heal__v1__message__unpack(NULL, length, bytes);
    if (!message)
        return refuse(error, "not a message of heal.v1");
    if (!heal_message_sender_is_valid(message->from_name, message->from))
        return refuse(error, "the sender's name is not printable, or its id is another's");
    memset(&decoded, 0, sizeof decoded);
    decoded.from = message->from;
    heal_name_copy(decoded.from_name, sizeof decoded.from_name, message->from_name);
    int r = take_body(&decoded, message, error);
    if (r < 0)
        return r;
    *ret_message = decoded;
    return 0;
}
