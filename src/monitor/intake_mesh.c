/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "monitor/intake_mesh.h"

#include <string.h>

void heal_intake_mesh(struct heal_world *world, const struct heal_reading *reading) {
    world->mesh.is = reading->mesh;
    world->mesh.at = world->now;
}

void heal_intake_hard(struct heal_world *world, const struct heal_reading *reading) {
    struct heal_mesh *mesh = &world->mesh;
    size_t i = 0;
    while (i < mesh->interfaces && strcmp(mesh->interface[i].is.ifname, reading->hard.ifname) != 0)
        i++;
    if (i == HEAL_MESH_INTERFACES_MAX)
        return;
    mesh->interface[i] = (struct heal_mesh_interface){.at = world->now, .is = reading->hard};
    mesh->interfaces += i == mesh->interfaces;
}

static void note_return(const struct heal_world *world, struct heal_port *port) {
    memmove(&port->returned_at[1], &port->returned_at[0],
            (HEAL_OUTAGES_KEPT - 1) * sizeof port->returned_at[0]);
    port->returned_at[0] = world->now;
}

void heal_intake_relay(struct heal_world *world, const struct heal_reading *reading) {
    struct heal_port *port = heal_world_port(world, &reading->relay.port);
    if (!port)
        return;
    port->relay = reading->relay;
    port->relay_at = world->now;
    if (reading->relay.returned > 0) /* however many have: one change of mind */
        note_return(world, port);
}

void heal_intake_station(struct heal_world *world, const struct heal_reading *reading) {
    struct heal_port *port = heal_world_port(world, &reading->station.port);
    if (port)
        heal_station_add(&port->station, world->now, &reading->station);
}
