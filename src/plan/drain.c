/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/drain.h"

#include "base/text.h"
#include "plan/avoid.h"
#include "plan/detour.h"
#include "plan/tuning.h"

/* The setting that makes the mesh avoid the interface: BATMAN V goes by throughput, IV by the penalty. None,
 * where it would change nothing, or somebody else has set it. */
static struct heal_retuning find_lever(const struct heal_world *world, const char *ifname) {
    uint32_t now;
    if (heal_tuning_now(world, HEAL_TUNE_OVERRIDE, ifname, &now) && now == 0)
        return (struct heal_retuning){true, HEAL_TUNE_OVERRIDE, now, HEAL_AVOID_KBIT};
    if (heal_tuning_now(world, HEAL_TUNE_PENALTY, ifname, &now) && now < HEAL_AVOID_PENALTY)
        return (struct heal_retuning){true, HEAL_TUNE_PENALTY, now, HEAL_AVOID_PENALTY};
    return (struct heal_retuning){0};
}

static void aim(const struct heal_world *world, struct heal_step *step) {
    step->drain = find_lever(world, step->port.ifname);
}

static int begin(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    heal_name_copy(incident->drained_ifname, sizeof incident->drained_ifname, step->port.ifname);
    return step->drain.on ? heal_tuning_order(world, incident, step, step->port.ifname, &step->drain, false)
                          : 0;
}

static void tend(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    if (!heal_world_has_mesh(world))
        heal_detour_order(world, incident, step);
}

/* How the nodes around route is not seen from here: they know when they have heard from this one once more,
 * at the latest, and choose anew soon after. BATMAN V averages what it knows of a link before it passes that
 * on, which takes twice as long. */
static bool is_done(const struct heal_world *world, const struct heal_incident *incident,
                    const struct heal_step *step) {
    heal_us halves = step->drain.what == HEAL_TUNE_OVERRIDE ? 6 : 3;
    heal_us reaction = (heal_us)world->mesh.is.originator_ms * HEAL_US_PER_MS * halves / 2;
    if (step->drain.on)
        return world->now - step->drained_at >= reaction;
    return heal_detour_in_place(world, incident);
}

static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    incident->drained_ifname[0] = '\0';
    int r =
        step->drain.on ? heal_tuning_order(world, incident, step, step->port.ifname, &step->drain, true) : 0;
    return r < 0 ? r : heal_detour_withdraw(world, incident, step);
}

const struct heal_drain heal_drain_interface = {
    .aim = aim,
    .begin = begin,
    .tend = tend,
    .is_done = is_done,
    .undo = undo,
};
