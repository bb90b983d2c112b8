/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/haste.h"

#include "plan/tuning.h"

#include <errno.h>

/* Of all nodes together fifty announcements a second: a mesh of fifty that is left alone has as many. */
enum { LEAST_MS = 100, EACH_MS = 20 };

static const heal_us mesh_heard_within_us = 60 * HEAL_US_PER_S; /* of the start */

uint32_t heal_haste_ms(const struct heal_world *world) {
    uint32_t nodes = 1, ms;
    for (size_t i = 0; i < world->ports; i++)
        if (world->port[i].relay_at != 0)
            nodes += 1U + world->port[i].relay.destinations;
    ms = EACH_MS * nodes;
    return ms > LEAST_MS ? ms : LEAST_MS;
}

static bool hastens(const struct heal_retuning *retuning) {
    return retuning->on && retuning->what == HEAL_TUNE_ORIGINATOR;
}

static bool is_beside(const struct heal_incident *incident, int active) {
    const struct heal_step *step = &incident->step[active];
    bool over = incident->view.step[active].state == HEAL_STEP_HOLDING && step->drained_at == 0;
    return hastens(&step->drain) && !over;
}

static bool is_itself(const struct heal_incident *incident, int active) {
    return hastens(&incident->step[active].tune);
}

static bool any_step(const struct heal_world *world, bool (*does)(const struct heal_incident *, int active)) {
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        int active = heal_incident_open_step(incident);
        if (active >= 0 && does(incident, active))
            return true;
    }
    return false;
}

bool heal_haste_is_beside(const struct heal_world *world) {
    return any_step(world, is_beside);
}

static bool is_on(const struct heal_world *world) {
    return any_step(world, is_beside) || any_step(world, is_itself);
}

static void aim(const struct heal_world *world, struct heal_step *step) {
    uint32_t now, fast = heal_haste_ms(world);
    if (heal_tuning_now(world, HEAL_TUNE_ORIGINATOR, world->mesh.is.ifname, &now) && now > fast &&
        !is_on(world))
        step->drain = (struct heal_retuning){true, HEAL_TUNE_ORIGINATOR, now, fast};
}

static int begin(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return step->drain.on
               ? heal_tuning_order(world, incident, step, world->mesh.is.ifname, &step->drain, false)
               : 0;
}

static void tend(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    (void)world, (void)incident, (void)step;
}

static bool is_done(const struct heal_world *world, const struct heal_incident *incident,
                    const struct heal_step *step) {
    (void)world, (void)incident, (void)step;
    return true;
}

/* What has been taken back before, when its time was over, may be in place for another step by now. */
static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    uint32_t now;
    if (!step->drain.on)
        return 0;
    /* Left by an earlier run, and the mesh is not heard of yet; one that never is has gone, and took it
     * along. */
    if (!heal_tuning_now(world, HEAL_TUNE_ORIGINATOR, world->mesh.is.ifname, &now))
        return world->now - world->started < mesh_heard_within_us ? -EAGAIN : 0;
    if (step->drained_at == 0 && (now != step->drain.to || is_on(world)))
        return 0;
    return heal_tuning_order(world, incident, step, world->mesh.is.ifname, &step->drain, true);
}

const struct heal_drain heal_haste = {
    .aim = aim,
    .begin = begin,
    .tend = tend,
    .is_done = is_done,
    .undo = undo,
    .stays_us = HEAL_HASTE_US,
};
