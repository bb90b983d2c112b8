/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/gossip.h"

#include "analyze/news.h"
#include "base/text.h"
#include "engine/network.h"
#include "engine/paths.h"
#include "model/output.h"
#include "monitor/intake.h"
#include "monitor/suspicion.h"

#include <string.h>

static const heal_us over_again_us = HEAL_US_PER_S, over_again_for_us = 4 * HEAL_US_PER_S;
static const heal_us news_again_us = 2 * HEAL_US_PER_S, forward_spacing_us = 1500 * HEAL_US_PER_MS;

struct heal_message *heal_gossip_message(struct heal_world *world, const struct heal_port *port,
                                         enum heal_message_kind kind, enum heal_room room) {
    if (world->output->commands + (size_t)room >= HEAL_OUTPUT_COMMANDS)
        return NULL;
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

/* Or busy, and may turn out to be: what is late because of it shows on the links before that is certain. */
static bool is_overloaded(const struct heal_world *world) {
    if (world->overloaded_since != 0)
        return true;
    for (size_t i = 0; i < world->incidents; i++)
        if (heal_incident_is_open(&world->incident[i]) &&
            heal_incident_diagnosis(&world->incident[i]) == HEAL_NODE_OVERLOAD)
            return true;
    return false;
}

/* What is sent that way does not arrive, and that is not this node's fault. */
static bool is_unheard(const struct heal_world *world, const struct heal_port *port) {
    return port->vitals.flow[HEAL_OUT].silence_s > world->threshold[HEAL_METRIC_SILENCE];
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
            .sick = heal_world_port_is_sick(world, port) || is_unheard(world, port),
        };
    }
}

static bool send_link(struct heal_engine *engine, const struct heal_port *port, bool overloaded) {
    struct heal_world *world = &engine->world;
    struct heal_message *message = heal_gossip_message(world, port, HEAL_MESSAGE_LINK, HEAL_ROOM_ROUND);
    if (!message)
        return false;
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
    link->paths_set = port->paths_superseded ? 0 : port->paths_set;
    list_neighbours(world, link);
    heal_network_tell(engine, port, message);
    return true;
}

/* @return false where some have to wait for the next round, which begins with them. */
static bool send_links(struct heal_engine *engine) {
    struct heal_world *world = &engine->world;
    bool overloaded = is_overloaded(world);
    for (size_t i = 0; i < world->ports; i++) {
        size_t place = (engine->links_next + i) % world->ports;
        const struct heal_port *port = &world->port[place];
        if (!port->known || !port->up || send_link(engine, port, overloaded))
            continue;
        engine->links_next = place;
        return false;
    }
    return true;
}

/* When there last was something new to say. */
static heal_us last_word(const struct heal_incident *incident) {
    const struct heal_incident_status *view = &incident->view;
    heal_us planned = view->steps > 0 ? view->step[view->steps - 1].started : 0;
    if (view->closed != 0)
        return view->closed;
    heal_us undone = view->steps > 0 ? incident->step[view->steps - 1].undone_at : 0;
    heal_us latest = planned > incident->confident_at ? planned : incident->confident_at;
    return undone > latest ? undone : latest;
}

static bool has_news(const struct heal_world *world, const struct heal_incident *incident) {
    if (!incident->used || incident->view.role != HEAL_ROLE_OWNER)
        return false;
    if (incident->announcing_at != 0)
        return true; /* some have not heard it yet */
    bool over = incident->view.closed != 0;
    if (incident->announced_at == 0)
        return !over;
    heal_us since = world->now - incident->announced_at;
    /* That it is over is said more than once, too: the link may be as bad as ever. */
    bool again = over ? world->now - incident->view.closed < over_again_for_us && since >= over_again_us
                      : since >= news_again_us;
    return again || incident->announced_at < last_word(incident);
}

static struct heal_message_incident news_of(const struct heal_world *world,
                                            const struct heal_incident *incident) {
    const struct heal_incident_status *view = &incident->view;
    struct heal_message_incident news = {
        .incident = view->id,
        .owner = world->id,
        .node = incident->element.node,
        .other = incident->element.kind == HEAL_ELEMENT_LINK ? incident->element.other : 0,
        .confidence = view->ranked[0].confidence,
        .open = view->closed == 0,
    };
    memcpy(news.node_name, view->node, sizeof news.node_name);
    memcpy(news.other_name, view->other, sizeof news.other_name);
    heal_name_copy(news.diagnosis, sizeof news.diagnosis,
                   heal_diagnosis_slug(heal_incident_diagnosis(incident)));
    int active = heal_incident_active_step(incident);
    if (active >= 0 && view->step[active].state != HEAL_STEP_UNDOING)
        heal_name_copy(news.remedy, sizeof news.remedy, heal_remedy_slug(view->step[active].remedy));
    return news;
}

/* Tells all ports, going on where it stopped in the round before. @return false: it stopped again. */
static bool announce(struct heal_world *world, struct heal_incident *incident) {
    const struct heal_message_incident news = news_of(world, incident);
    if (incident->announcing_at == 0)
        incident->announcing_at = world->now;
    for (; incident->announced_to < world->ports; incident->announced_to++) {
        const struct heal_port *port = &world->port[incident->announced_to];
        if (!port->known)
            continue;
        struct heal_message *message =
            heal_gossip_message(world, port, HEAL_MESSAGE_INCIDENT, HEAL_ROOM_PATHS);
        if (!message)
            return false;
        message->incident = news;
    }
    /* What came up meanwhile is not in what the first were told. */
    incident->announced_at = incident->announcing_at;
    incident->announcing_at = 0;
    incident->announced_to = 0;
    return true;
}

static bool send_news(struct heal_engine *engine) {
    struct heal_world *world = &engine->world;
    for (size_t i = 0; i < world->incidents; i++) {
        size_t place = (engine->news_next + i) % world->incidents;
        struct heal_incident *incident = &world->incident[place];
        if (!has_news(world, incident) || announce(world, incident))
            continue;
        engine->news_next = place;
        return false;
    }
    return true;
}

void heal_gossip_send(struct heal_engine *engine) {
    bool links = send_links(engine), news = send_news(engine), paths = heal_paths_send(engine);
    engine->gossip_left = !links || !news || !paths;
}

static struct heal_remote *remote_of(struct heal_world *world, const struct heal_message_incident *news) {
    struct heal_remote *place = &world->remote[0];
    for (size_t i = 0; i < world->remotes; i++) {
        struct heal_remote *remote = &world->remote[i];
        if (remote->news.owner == news->owner && remote->news.incident == news->incident)
            return remote;
        if (remote->at < place->at)
            place = remote;
    }
    if (world->remotes < HEAL_REMOTES_MAX)
        place = &world->remote[world->remotes++];
    *place = (struct heal_remote){.first = world->now};
    return place;
}

/* @return whether all could be told. */
static bool forward(struct heal_world *world, const struct heal_message_incident *news,
                    const struct heal_port_key *except) {
    bool all = true;
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!port->known || heal_port_key_equal(&port->key, except))
            continue;
        struct heal_message *message =
            heal_gossip_message(world, port, HEAL_MESSAGE_INCIDENT, HEAL_ROOM_NONE);
        if (message)
            message->incident = *news;
        all = all && message != NULL;
    }
    return all;
}

static void take_news(struct heal_world *world, const struct heal_message *message) {
    const struct heal_message_incident *news = &message->incident;
    if (news->owner == world->id || news->owner == 0)
        return;
    struct heal_remote *remote = remote_of(world, news);
    bool changed = remote->news.owner == 0 || remote->news.open != news->open ||
                   strcmp(remote->news.diagnosis, news->diagnosis) != 0 ||
                   strcmp(remote->news.remedy, news->remedy) != 0;
    if (heal_news_contains(&remote->news) && !heal_news_contains(news))
        remote->released_at = world->now;
    remote->news = *news;
    remote->at = world->now;
    if (changed)
        world->urgent = true;
    bool again = news->hops + 1 < HEAL_INCIDENT_HOPS &&
                 (changed || world->now - remote->forwarded_at >= forward_spacing_us);
    if (!again)
        return;
    struct heal_message_incident farther = *news;
    farther.hops++;
    if (forward(world, &farther, &message->port)) /* else when it is said again */
        remote->forwarded_at = world->now;
}

/* A peer that suspects the link is helped at once: how soon both know what it has depends on the probes. */
static void take_word(struct heal_engine *engine, const struct heal_message *message) {
    struct heal_world *world = &engine->world;
    const struct heal_port *known = heal_world_port_const(world, &message->port);
    bool acknowledges = known && known->peer.paths_set != message->link.paths_set;
    heal_intake_peer(world, message);
    heal_network_take(engine, message);
    world->pressing = world->pressing || (acknowledges && heal_detours_wait(&world->detours));
    struct heal_port *port = heal_world_port(world, &message->port);
    if (port && port->peer.examining && port->examined_since == 0)
        heal_suspicion_update(world, port);
}

/* Who has told new paths may wait for the word that they are here, to act on them. */
static void take_paths(struct heal_engine *engine, const struct heal_message *message) {
    const struct heal_port *port = heal_world_port(&engine->world, &message->port);
    uint64_t before = port ? port->paths_set : 0;
    heal_paths_take(engine, message);
    if (port && port->paths_set != before && port->up)
        send_link(engine, port, is_overloaded(&engine->world));
}

void heal_gossip_take(struct heal_engine *engine, const struct heal_message *message) {
    switch (message->kind) {
    case HEAL_MESSAGE_LINK:
        take_word(engine, message);
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
