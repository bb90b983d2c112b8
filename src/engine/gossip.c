/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/gossip.h"

#include "base/text.h"
#include "model/output.h"
#include "model/way.h"
#include "monitor/intake.h"

#include <string.h>

static const heal_us paths_again_us = 5 * HEAL_US_PER_S, paths_spacing_us = 200 * HEAL_US_PER_MS;
static const heal_us over_again_us = HEAL_US_PER_S, over_again_for_us = 4 * HEAL_US_PER_S;
static const heal_us news_again_us = 2 * HEAL_US_PER_S, forward_spacing_us = 1500 * HEAL_US_PER_MS;
enum {
    HOPS_PER_MESSAGE = 80, /* keeps a message of paths below the 1,400 bytes of a datagram */
    TRANSIT_MS = 500,
};

static struct heal_message *message_to(struct heal_world *world, const struct heal_port *port,
                                       enum heal_message_kind kind) {
    struct heal_command *command = heal_output_command(world, HEAL_COMMAND_SEND, 0);
    if (!command)
        return NULL;
    struct heal_message *message = &command->message;
    message->kind = kind;
    message->port = port->key;
    message->from = world->id;
    memcpy(message->from_name, world->name, sizeof message->from_name);
    return message;
}

static bool is_overloaded(const struct heal_world *world) {
    for (size_t i = 0; i < HEAL_INCIDENTS_MAX; i++)
        if (heal_incident_is_open(&world->incident[i]) &&
            heal_incident_diagnosis(&world->incident[i]) == HEAL_NODE_OVERLOAD)
            return true;
    return false;
}

static void list_neighbours(const struct heal_world *world, struct heal_message_link *link) {
    for (size_t i = 0; i < world->ports && link->neighbours < HEAL_MESSAGE_NEIGHBOURS_MAX; i++) {
        const struct heal_port *port = &world->port[i];
        if (!port->known || port->neighbour == 0)
            continue;
        link->neighbour[link->neighbours++] = (struct heal_neighbour_state){
            .node = port->neighbour,
            .address = port->peer.address,
            .alive = heal_port_hears(port, world->threshold[HEAL_METRIC_SILENCE]),
            .sick = heal_world_port_is_sick(world, port),
        };
    }
}

static void send_link(struct heal_world *world, const struct heal_port *port, bool overloaded) {
    struct heal_message *message = message_to(world, port, HEAL_MESSAGE_LINK);
    if (!message)
        return;
    struct heal_message_link *link = &message->link;
    const struct heal_sample *newest = heal_history_newest(&port->in);
    link->in.silence_ms = UINT32_MAX;
    if (newest)
        link->in = newest->account;
    link->features = port->features;
    link->address = world->address;
    link->mtu = port->mtu;
    link->noise_dbm = port->has_radio && port->has_noise ? port->noise_dbm : 0;
    link->examining = port->own_suspicion;
    link->node_overloaded = overloaded;
    list_neighbours(world, link);
}

/* The set of paths that this node has, its own destinations first. @return how many. */
static size_t collect_paths(const struct heal_world *world, struct heal_path *path, size_t max) {
    size_t count = 0;
    for (size_t i = 0; i < world->rib.routes && count < max; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        bool own = route->via.ifname[0] == '\0';
        if (own)
            path[count++] = (struct heal_path){.destination = route->prefix};
        else if (route->installed && heal_way_path(world, &route->prefix, &path[count]))
            count++;
    }
    return count;
}

static uint64_t digest(const struct heal_path *path, size_t count) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < count; i++) {
        const struct heal_path *p = &path[i];
        for (size_t j = 0; j < sizeof p->destination.address.byte; j++)
            hash = (hash ^ p->destination.address.byte[j]) * UINT64_C(1099511628211);
        hash = (hash ^ p->destination.length ^ (uint64_t)p->metric << 8 ^ (uint64_t)p->hops << 24) *
               UINT64_C(1099511628211);
        for (size_t j = 0; j < p->hops; j++)
            hash = (hash ^ p->hop[j]) * UINT64_C(1099511628211);
    }
    return hash != 0 ? hash : 1;
}

/* The digest numbers the set: what is told again has the same number, even after a restart. */
static void send_paths_to(struct heal_world *world, const struct heal_port *port, uint64_t set,
                          const struct heal_path *path, size_t count) {
    size_t sent = 0;
    do {
        struct heal_message *message = message_to(world, port, HEAL_MESSAGE_PATHS);
        if (!message)
            return;
        size_t hops = 0;
        message->paths.set = set;
        message->paths.first = (uint8_t)sent;
        while (sent < count && message->paths.paths < HEAL_MESSAGE_PATHS_MAX &&
               hops + path[sent].hops <= HOPS_PER_MESSAGE) {
            hops += path[sent].hops;
            message->paths.path[message->paths.paths++] = path[sent++];
        }
        message->paths.more = sent < count;
    } while (sent < count);
}

static void send_paths(struct heal_engine *engine) {
    struct heal_world *world = &engine->world;
    struct heal_path path[HEAL_PATHS_MAX];
    heal_us age = world->now - engine->paths_sent;
    bool due = engine->paths_sent == 0 || age >= paths_again_us;
    if (!due && (!engine->paths_dirty || age < paths_spacing_us))
        return;
    size_t count = collect_paths(world, path, HEAL_PATHS_MAX);
    uint64_t now = digest(path, count);
    engine->paths_dirty = false;
    if (!due && now == engine->paths_digest)
        return;
    engine->paths_digest = now;
    engine->paths_sent = world->now;
    for (size_t i = 0; i < world->ports; i++)
        if (world->port[i].known)
            send_paths_to(world, &world->port[i], now, path, count);
}

static void send_news_to_all(struct heal_world *world, const struct heal_message_incident *news,
                             const struct heal_port_key *except) {
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!port->known || (except && heal_port_key_equal(&port->key, except)))
            continue;
        struct heal_message *message = message_to(world, port, HEAL_MESSAGE_INCIDENT);
        if (message)
            message->incident = *news;
    }
}

/* When there last was something new to say. */
static heal_us last_word(const struct heal_incident *incident) {
    const struct heal_incident_status *view = &incident->view;
    heal_us planned = view->steps > 0 ? view->step[view->steps - 1].started : 0;
    if (view->closed != 0)
        return view->closed;
    return planned > incident->confident_at ? planned : incident->confident_at;
}

static void send_news(struct heal_world *world) {
    for (size_t i = 0; i < HEAL_INCIDENTS_MAX; i++) {
        struct heal_incident *incident = &world->incident[i];
        struct heal_incident_status *view = &incident->view;
        bool mine = incident->used && view->role == HEAL_ROLE_OWNER;
        bool over = view->closed != 0;
        bool news = incident->announced_at == 0 || incident->announced_at < last_word(incident);
        heal_us since = world->now - incident->announced_at;
        /* That it is over is said more than once, too: the link may be as bad as ever. */
        bool again = over ? world->now - view->closed < over_again_for_us && since >= over_again_us
                          : since >= news_again_us;
        if (!mine || (!news && !again) || (over && incident->announced_at == 0))
            continue;
        struct heal_message_incident message = {
            .incident = view->id,
            .owner = world->id,
            .node = incident->element.node,
            .other = incident->element.kind == HEAL_ELEMENT_LINK ? incident->element.other : 0,
            .confidence = view->ranked[0].confidence,
            .open = !over,
        };
        memcpy(message.node_name, view->node, sizeof message.node_name);
        memcpy(message.other_name, view->other, sizeof message.other_name);
        heal_name_copy(message.diagnosis, sizeof message.diagnosis,
                       heal_diagnosis_slug(heal_incident_diagnosis(incident)));
        int active = heal_incident_active_step(incident);
        if (active >= 0)
            heal_name_copy(message.remedy, sizeof message.remedy,
                           heal_remedy_slug(view->step[active].remedy));
        incident->announced_at = world->now;
        send_news_to_all(world, &message, NULL);
    }
}

static void find_own_address(struct heal_world *world) {
    for (size_t i = 0; i < world->rib.routes && heal_address_is_zero(&world->address); i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        if (route->via.ifname[0] == '\0' && route->prefix.length == 128)
            world->address = route->prefix.address;
    }
}

void heal_gossip_send(struct heal_engine *engine) {
    struct heal_world *world = &engine->world;
    bool overloaded = is_overloaded(world);
    find_own_address(world);
    for (size_t i = 0; i < world->ports; i++)
        if (world->port[i].known && world->port[i].up)
            send_link(world, &world->port[i], overloaded);
    send_news(world);
    send_paths(engine);
}

/* All parts of the set are there: it takes the place of the one before. */
static void use_paths(struct heal_engine *engine, struct heal_port *port) {
    memcpy(port->path, port->arriving, port->paths_arriving * sizeof port->path[0]);
    port->paths = port->paths_arriving;
    port->paths_set = port->arriving_set;
    port->paths_at = engine->world.now;
    port->paths_superseded = false;
    port->paths_arriving = 0;
    port->arriving_set = 0;
    engine->paths_dirty = true;
}

/* The set in use is told again: if another had begun, its content is what it was before. */
static void keep_paths(struct heal_engine *engine, struct heal_port *port) {
    engine->paths_dirty = engine->paths_dirty || port->paths_superseded;
    port->paths_at = engine->world.now;
    port->paths_superseded = false;
    port->paths_arriving = 0;
    port->arriving_set = 0;
}

/* A part that is missing comes when the set is told again; those that are there already, come twice. */
static void take_paths(struct heal_engine *engine, const struct heal_message *message) {
    const struct heal_message_paths *part = &message->paths;
    struct heal_port *port = heal_world_port(&engine->world, &message->port);
    if (!port)
        return;
    if (part->set != 0 && part->set == port->paths_set) {
        keep_paths(engine, port);
        return;
    }
    engine->paths_dirty = engine->paths_dirty || !port->paths_superseded;
    port->paths_superseded = true;
    if (part->set == 0 || part->set != port->arriving_set)
        port->paths_arriving = 0;
    port->arriving_set = part->set;
    if (part->first != port->paths_arriving || part->first + part->paths > HEAL_PATHS_MAX)
        return;
    memcpy(port->arriving + part->first, part->path, part->paths * sizeof part->path[0]);
    port->paths_arriving = (uint8_t)(part->first + part->paths);
    if (!part->more)
        use_paths(engine, port);
}

static struct heal_remote *remote_of(struct heal_world *world, const struct heal_message_incident *news) {
    struct heal_remote *place = &world->remote[0];
    for (size_t i = 0; i < HEAL_REMOTES_MAX; i++) {
        struct heal_remote *remote = &world->remote[i];
        if (remote->news.owner == news->owner && remote->news.incident == news->incident)
            return remote;
        if (remote->at < place->at)
            place = remote;
    }
    *place = (struct heal_remote){.first = world->now};
    return place;
}

static void take_news(struct heal_world *world, const struct heal_message *message) {
    const struct heal_message_incident *news = &message->incident;
    if (news->owner == world->id || news->owner == 0)
        return;
    struct heal_remote *remote = remote_of(world, news);
    bool changed = remote->news.owner == 0 || remote->news.open != news->open ||
                   strcmp(remote->news.diagnosis, news->diagnosis) != 0 ||
                   strcmp(remote->news.remedy, news->remedy) != 0;
    remote->news = *news;
    remote->at = world->now;
    if (changed)
        world->urgent = true;
    bool forward = news->hops + 1 < HEAL_INCIDENT_HOPS &&
                   (changed || world->now - remote->forwarded_at >= forward_spacing_us);
    if (!forward)
        return;
    remote->forwarded_at = world->now;
    struct heal_message_incident further = *news;
    further.hops++;
    send_news_to_all(world, &further, &message->port);
}

void heal_gossip_take(struct heal_engine *engine, const struct heal_message *message) {
    switch (message->kind) {
    case HEAL_MESSAGE_LINK:
        heal_intake_peer(&engine->world, message);
        break;
    case HEAL_MESSAGE_PATHS:
        take_paths(engine, message);
        break;
    case HEAL_MESSAGE_INCIDENT:
        take_news(&engine->world, message);
        break;
    case HEAL_MESSAGE_KINDS:
        break;
    }
}

static bool order_transit(struct heal_world *world, const struct heal_port *port,
                          const struct heal_transit *transit, uint16_t interval_ms) {
    struct heal_command *command = heal_output_command(world, HEAL_COMMAND_TRANSIT, 0);
    if (!command)
        return false;
    command->transit = (struct heal_command_transit){.via = port->key,
                                                     .target = transit->address,
                                                     .target_node = transit->target,
                                                     .interval_ms = interval_ms};
    return true;
}

/* Is this node beyond the neighbour worth probing through it? Not over a link that is sick itself. */
static bool is_target(const struct heal_world *world, const struct heal_port *port,
                      const struct heal_neighbour_state *state) {
    return state->node != 0 && state->node != world->id && state->alive && !state->sick &&
           !heal_address_is_zero(&state->address) && port->peer_at != 0;
}

static bool is_wanted(const struct heal_world *world, const struct heal_port *port, heal_node_id node) {
    for (size_t i = 0; i < port->peer.neighbours; i++)
        if (port->peer.neighbour[i].node == node && is_target(world, port, &port->peer.neighbour[i]))
            return true;
    return false;
}

static bool is_probed(const struct heal_port *port, heal_node_id node) {
    for (size_t i = 0; i < HEAL_TRANSITS_MAX; i++)
        if (port->transit[i].target == node)
            return true;
    return false;
}

static void begin_transit(struct heal_world *world, struct heal_port *port, struct heal_transit *transit) {
    for (size_t i = 0; i < port->peer.neighbours; i++) {
        const struct heal_neighbour_state *state = &port->peer.neighbour[i];
        if (!is_target(world, port, state) || is_probed(port, state->node))
            continue;
        struct heal_transit begun = {
            .target = state->node, .address = state->address, .mark = world->now, .loss = -1};
        if (order_transit(world, port, &begun, TRANSIT_MS))
            *transit = begun;
        return;
    }
}

void heal_gossip_transit(struct heal_engine *engine) {
    struct heal_world *world = &engine->world;
    for (size_t i = 0; i < world->ports; i++) {
        struct heal_port *port = &world->port[i];
        for (size_t j = 0; port->known && j < HEAL_TRANSITS_MAX; j++) {
            struct heal_transit *transit = &port->transit[j];
            if (transit->target != 0 && !is_wanted(world, port, transit->target) &&
                order_transit(world, port, transit, 0))
                *transit = (struct heal_transit){.loss = -1};
            if (transit->target == 0)
                begin_transit(world, port, transit);
        }
    }
}
