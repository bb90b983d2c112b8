/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* renew-mesh: takes this node's interface out of the mesh and gives it back, so that batman-adv forgets whom
 * it has not heard and chooses anew. For a node whose chosen gateway has vanished: that stays chosen for
 * minutes, by what was last heard of it. Costs the node all its ways for a second or two, and it has lost its
 * way out. */
#include "plan/drain.h"
#include "plan/remedies.h"

#include "base/text.h"

#include <errno.h>

/* The only interface of the mesh; where there are more, who has chosen what through which is not known here.
 */
static const struct heal_reading_hard *only_interface(const struct heal_world *world) {
    const struct heal_mesh *mesh = &world->mesh;
    return mesh->interfaces == 1 ? heal_world_hard(world, mesh->interface[0].is.ifname) : NULL;
}

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    return incident->element.node == world->id && world->mesh.is.gateway == HEAL_GATEWAY_CLIENT &&
           world->mesh.is.gateways > 0 && only_interface(world) != NULL;
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    const struct heal_reading_hard *hard = only_interface(world);
    (void)incident;
    if (!hard)
        return -ENOENT;
    heal_name_copy(step->port.ifname, sizeof step->port.ifname, hard->ifname);
    return 0;
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return heal_remedies_order_link(world, incident, step, HEAL_COMMAND_MESH_RENEW,
                                    (struct heal_command_link){0});
}

/* Another is chosen, or the same, and it is heard. */
static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)step;
    return heal_remedies_trouble_is_gone(world, incident, HEAL_US_PER_S) ? HEAL_VERDICT_WORKED
                                                                         : HEAL_VERDICT_PENDING;
}

const struct heal_remedy_rule heal_remedy_renew_mesh = {
    .remedy = HEAL_RENEW_MESH,
    .timeout = 15 * HEAL_US_PER_S,
    .risk = 0.3f,
    .shares = HEAL_SHARES_INTERFACE,
    .drain = &heal_drain_interface,
    .applies = applies,
    .aim = aim,
    .act = act,
    .verify = verify,
    .recover = act,
};
