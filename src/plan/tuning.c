/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/tuning.h"

#include "base/text.h"
#include "model/output.h"

#include <errno.h>
#include <string.h>

static const heal_us radio_fresh_us = 5 * HEAL_US_PER_S, mesh_fresh_us = 5 * HEAL_US_PER_S;

/* A radio's settings come with the counters of any neighbour behind it. */
static bool radio_now(const struct heal_world *world, enum heal_tuning what, const char *ifname,
                      uint32_t *ret_value) {
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (strcmp(port->key.ifname, ifname) != 0 ||
            !heal_station_is_fresh(&port->station, world->now, radio_fresh_us))
            continue;
        *ret_value =
            what == HEAL_TUNE_CHANNEL ? port->station.last.frequency_mhz : port->station.last.power_mbm;
        return *ret_value != 0;
    }
    return false;
}

bool heal_tuning_now(const struct heal_world *world, enum heal_tuning what, const char *ifname,
                     uint32_t *ret_value) {
    const struct heal_reading_mesh *mesh = &world->mesh.is;
    const struct heal_reading_hard *hard = heal_world_hard(world, ifname);
    bool is_mesh = heal_world_has_mesh(world) && strcmp(mesh->ifname, ifname) == 0;
    switch (what) {
    case HEAL_TUNE_PENALTY:
        *ret_value = hard ? hard->penalty : 0;
        return hard && hard->has_penalty;
    case HEAL_TUNE_OVERRIDE:
        *ret_value = hard ? hard->override_kbit : 0;
        return hard && hard->has_override && mesh->by_throughput;
    case HEAL_TUNE_ELP:
        *ret_value = hard ? hard->elp_ms : 0;
        return hard && hard->elp_ms != 0 && mesh->by_throughput;
    case HEAL_TUNE_ORIGINATOR:
        *ret_value = mesh->originator_ms;
        return is_mesh && mesh->originator_ms != 0;
    case HEAL_TUNE_GATEWAY:
        *ret_value = mesh->gateway;
        return is_mesh;
    case HEAL_TUNE_CHANNEL:
    case HEAL_TUNE_POWER:
        return radio_now(world, what, ifname, ret_value);
    case HEAL_TUNINGS:
        break;
    }
    return false;
}

/* @return the step of an open incident that is in place; NULL: it has none. */
static const struct heal_step *step_in_place(const struct heal_incident *incident) {
    int active = heal_incident_open_step(incident);
    bool is = active >= 0 && heal_step_is_in_place(incident->view.step[active].state);
    return is ? &incident->step[active] : NULL;
}

/* Another incident's step that has the same in place. */
static const struct heal_step *in_place(const struct heal_world *world, enum heal_remedy remedy,
                                        const char *ifname) {
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        const struct heal_step *step = step_in_place(incident);
        if (step && incident->view.step[step - incident->step].remedy == remedy &&
            strcmp(step->port.ifname, ifname) == 0)
            return step;
    }
    return NULL;
}

/* Just now, for a neighbour behind the same interface: no reading shows that yet. */
static bool is_ordered(const struct heal_world *world, const struct heal_step *step) {
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_step *other = step_in_place(&world->incident[i]);
        if (other && other != step && !other->shown && other->tune.on &&
            other->tune.what == step->tune.what && other->tune.to == step->tune.to &&
            strcmp(other->port.ifname, step->port.ifname) == 0)
            return true;
    }
    return false;
}

bool heal_tuning_applies(const struct heal_world *world, enum heal_remedy remedy, enum heal_tuning what,
                         const char *ifname, uint32_t value) {
    uint32_t now;
    return heal_tuning_now(world, what, ifname, &now) &&
           (now != value || in_place(world, remedy, ifname) != NULL);
}

int heal_tuning_aim(const struct heal_world *world, enum heal_remedy remedy, enum heal_tuning what,
                    const char *ifname, uint32_t value, struct heal_step *step) {
    const struct heal_step *other = in_place(world, remedy, ifname);
    uint32_t now;
    if (!heal_tuning_now(world, what, ifname, &now))
        return -ENOENT;
    step->tune = other ? other->tune : (struct heal_retuning){true, what, now, value};
    heal_name_copy(step->port.ifname, sizeof step->port.ifname, ifname);
    return 0;
}

int heal_tuning_order(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                      const char *ifname, const struct heal_retuning *retuning, bool back) {
    struct heal_command *command = heal_output_act(world, HEAL_COMMAND_TUNE, incident->view.id, step);
    if (!command)
        return -ENOSPC;
    command->tune = (struct heal_command_tune){.what = retuning->what,
                                               .from = back ? retuning->to : retuning->from,
                                               .value = back ? retuning->from : retuning->to,
                                               .back = back};
    heal_name_copy(command->tune.ifname, sizeof command->tune.ifname, ifname);
    return 0;
}

int heal_tuning_act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    uint32_t now;
    if (!heal_tuning_now(world, step->tune.what, step->port.ifname, &now))
        return -ESTALE;
    if (now == step->tune.to || is_ordered(world, step))
        return 0;
    return now == step->tune.from
               ? heal_tuning_order(world, incident, step, step->port.ifname, &step->tune, false)
               : -ESTALE;
}

bool heal_tuning_shows(const struct heal_world *world, const struct heal_step *step) {
    uint32_t now;
    return heal_tuning_now(world, step->tune.what, step->port.ifname, &now) && now == step->tune.to;
}

int heal_tuning_undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return step->tune.on ? heal_tuning_order(world, incident, step, step->port.ifname, &step->tune, true) : 0;
}

/* What goes through the incident's own port. A neighbour of which nothing is told any more, while the mesh
 * tells of others, is nobody's next hop. */
static struct heal_reading_relay relay_of(const struct heal_world *world,
                                          const struct heal_incident *incident) {
    const struct heal_port *port = heal_world_port_const(world, &incident->element.port);
    bool told = port && port->relay_at != 0 && world->mesh.at <= port->relay_at + mesh_fresh_us;
    return told ? port->relay : (struct heal_reading_relay){0};
}

uint32_t heal_tuning_through(const struct heal_world *world, const struct heal_incident *incident) {
    return relay_of(world, incident).destinations;
}

enum heal_verdict heal_tuning_verify(const struct heal_world *world, const struct heal_incident *incident,
                                     const struct heal_step *step) {
    struct heal_reading_relay relay = relay_of(world, incident);
    bool led = relay.destinations <= relay.alone; /* all that has another way */
    if (!heal_tuning_shows(world, step))
        return HEAL_VERDICT_PENDING;
    if (led && relay.destinations < step->mark)
        return HEAL_VERDICT_WORKED;
    /* Nothing was to be led past it; or it is in place for the link's other end, whose traffic is not seen
     * here. */
    if ((led && (step->mark == 0 || step->worked)) || incident->view.role == HEAL_ROLE_END)
        return HEAL_VERDICT_IDLE;
    /* All its links are as bad: it is the others that the mesh leads past this node. */
    if (heal_world_neighbours_left(world, "") == 0)
        return HEAL_VERDICT_IDLE;
    return step->worked ? HEAL_VERDICT_FAILED : HEAL_VERDICT_PENDING;
}

bool heal_tuning_eases(const struct heal_world *world, const struct heal_incident *incident) {
    bool told = heal_world_has_mesh(world) && world->now - world->mesh.at <= mesh_fresh_us;
    struct heal_reading_relay relay = relay_of(world, incident);
    return told && relay.destinations == 0 && !relay.direct;
}

enum heal_takeover heal_tuning_taken_over(struct heal_world *world, struct heal_incident *incident,
                                          struct heal_step *step, struct heal_text *words) {
    uint32_t now;
    (void)incident;
    if (!heal_tuning_now(world, step->tune.what, step->port.ifname, &now))
        return HEAL_TAKEOVER_NONE;
    step->shown = step->shown || now == step->tune.to;
    if (!step->shown || now == step->tune.to)
        return HEAL_TAKEOVER_NONE;
    heal_text_add(words, "the %s of %s is %u, which heald has not set", heal_tuning_names[step->tune.what],
                  step->port.ifname, now);
    return HEAL_TAKEOVER_STEP;
}

bool heal_tuning_can_move(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_port *port = heal_world_port_const(world, &incident->element.port);
    bool stuck = port && port->relay.destinations > 0 && port->relay.alone == port->relay.destinations;
    return port && port->relay_at != 0 && (!stuck || incident->view.role == HEAL_ROLE_END);
}
