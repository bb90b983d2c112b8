/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "scene.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void make_port(struct scene *scene, int number, const char *name) {
    struct heal_world *world = &scene->world;
    struct heal_port_key key = {0};

    snprintf(key.ifname, sizeof key.ifname, "mesh%d", number);
    key.peer.byte[0] = 0xfe;
    key.peer.byte[15] = (uint8_t)(number + 1);
    struct heal_port *port = heal_world_port_make(world, &key);
    port->known = port->established = port->up = port->carrier = port->routed = true;
    port->neighbour = heal_node_id_of(name);
    heal_name_copy(port->neighbour_name, sizeof port->neighbour_name, name);
    port->mtu = 1500;
    port->cost = 96;
    port->vitals.flow[HEAL_IN].silence_s = 0.01F;
    port->peer_at = port->paths_at = port->in_at = world->now;
}

int scene_make(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);

    if (!scene)
        return -1;
    struct heal_world *world = &scene->world;
    heal_settings_init(&world->settings);
    strcpy(world->settings.interface_parameters, "type wireless hello-interval 1");
    heal_name_copy(world->name, sizeof world->name, "here");
    world->id = heal_node_id_of("here");
    world->now = 100 * HEAL_US_PER_S;
    world->mode = HEAL_MODE_ACT;
    world->next_incident = 1;
    world->port = scene->port;
    world->ports_max = SCENE_PORTS;
    world->output = &scene->output;
    for (int i = 0; i < HEAL_METRICS; i++)
        world->threshold[i] = world->settings.threshold[i].start;
    make_port(scene, WEST, "west");
    make_port(scene, EAST, "east");
    *state = scene;
    return 0;
}

int scene_unmake(void **state) {
    free(*state);
    return 0;
}

struct heal_prefix scene_prefix(unsigned number) {
    struct heal_prefix prefix = {.length = 128};

    prefix.address.byte[0] = 0xfd;
    prefix.address.byte[15] = (uint8_t)number;
    return prefix;
}

void scene_path(struct scene *scene, int port, unsigned destination, unsigned metric, ...) {
    struct heal_port *to = &scene->port[port];
    struct heal_path *path = &to->path[to->paths++];
    va_list names;

    *path = (struct heal_path){.destination = scene_prefix(destination), .metric = (uint16_t)metric};
    va_start(names, metric);
    for (const char *name = va_arg(names, const char *); name; name = va_arg(names, const char *))
        path->hop[path->hops++] = heal_node_id_of(name);
    va_end(names);
}

void scene_route(struct scene *scene, int port, unsigned destination, bool installed, uint16_t metric,
                 uint16_t refmetric) {
    struct heal_reading_route route = {.prefix = scene_prefix(destination),
                                       .via = scene->port[port].key,
                                       .present = true,
                                       .installed = installed,
                                       .metric = metric,
                                       .refmetric = refmetric};

    heal_severed_take_route(&scene->world, &route);
}

void scene_fib(struct scene *scene, int port, unsigned destination, uint8_t protocol, uint32_t metric,
               bool present) {
    struct heal_reading_fib fib = {.prefix = scene_prefix(destination),
                                   .via = scene->port[port].key,
                                   .type = HEAL_FIB_UNICAST,
                                   .protocol = protocol,
                                   .metric = metric,
                                   .present = present};

    heal_rib_take_fib(&scene->world.rib, &fib);
}

static struct heal_incident *open_incident(struct scene *scene, enum heal_diagnosis diagnosis,
                                           enum heal_element_kind kind) {
    struct heal_world *world = &scene->world;
    struct heal_incident *incident = heal_world_incident_make(world);

    assert_non_null(incident);
    incident->view.role = HEAL_ROLE_OWNER;
    incident->view.owner = incident->element.node = world->id;
    incident->view.opened = incident->view.first_seen = world->now;
    incident->seen_at = incident->confident_at = incident->view.diagnosed = world->now;
    incident->view.opened_as = diagnosis;
    incident->witnessed = true;
    incident->view.ranks = 1;
    incident->view.ranked[0] = (struct heal_ranked){.diagnosis = diagnosis, .confidence = 0.95F};
    incident->element.kind = kind;
    return incident;
}

struct heal_incident *scene_link_incident(struct scene *scene, enum heal_diagnosis diagnosis) {
    struct heal_incident *incident = open_incident(scene, diagnosis, HEAL_ELEMENT_LINK);

    incident->element.other = scene->port[WEST].neighbour;
    incident->element.port = scene->port[WEST].key;
    return incident;
}

struct heal_incident *scene_own_incident(struct scene *scene, enum heal_diagnosis diagnosis,
                                         const char *service) {
    struct heal_incident *incident =
        open_incident(scene, diagnosis, service ? HEAL_ELEMENT_SERVICE : HEAL_ELEMENT_NODE);

    heal_name_copy(incident->element.service, sizeof incident->element.service, service ? service : "");
    return incident;
}

struct heal_service *scene_service(struct scene *scene, const char *name, float cpu) {
    struct heal_world *world = &scene->world;
    struct heal_service_setting *setting = &world->settings.service[world->settings.services++];
    struct heal_service *service = &world->service[world->services++];

    *setting = (struct heal_service_setting){.sheddable = true, .restartable = true};
    heal_name_copy(setting->name, sizeof setting->name, name);
    heal_name_copy(service->last.name, sizeof service->last.name, name);
    service->last.running = true;
    service->last.cpu = cpu;
    service->last.rss_bytes = 1 << 20;
    service->at = service->started = world->now;
    return service;
}

unsigned scene_count(const struct scene *scene, enum heal_command_kind kind) {
    unsigned count = 0;

    for (size_t i = 0; i < scene->output.commands; i++)
        count += scene->output.command[i].kind == kind;
    return count;
}

struct heal_command scene_take(struct scene *scene, enum heal_command_kind kind) {
    struct heal_command found = {0};

    assert_int_equal(scene_count(scene, kind), 1);
    for (size_t i = 0; i < scene->output.commands; i++)
        if (scene->output.command[i].kind == kind)
            found = scene->output.command[i];
    scene->output.commands = scene->output.decisions = 0;
    return found;
}
