/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/drain.h"

#include "base/text.h"
#include "plan/detour.h"
#include "plan/tuning.h"

/* The setting that makes the mesh avoid the interface: BATMAN V goes by throughput, IV by the penalty.
 * @return false: there is none that would change anything, or somebody else has set it. */
static bool find_lever(const struct heal_world *world, const char *ifname, enum heal_tuning *ret_what,
                       uint32_t *ret_now) {
    if (heal_tuning_now(world, HEAL_TUNE_OVERRIDE, ifname, ret_now) && *ret_now == 0) {
        *ret_what = HEAL_TUNE_OVERRIDE;
        return true;
    }
    *ret_what = HEAL_TUNE_PENALTY;
    return heal_tuning_now(world, HEAL_TUNE_PENALTY, ifname, ret_now) && *ret_now < HEAL_AVOID_PENALTY;
}

static uint32_t avoiding(enum heal_tuning what) {
    return what == HEAL_TUNE_OVERRIDE ? HEAL_AVOID_KBIT : HEAL_AVOID_PENALTY;
}

static void aim(const struct heal_world *world, struct heal_step *step) {
    step->drain_tunes = find_lever(world, step->port.ifname, &step->drain_what, &step->drain_from);
}

static int begin(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    heal_name_copy(incident->drained, sizeof incident->drained, step->port.ifname);
    struct heal_command_tune away = {
        .what = step->drain_what, .from = step->drain_from, .value = avoiding(step->drain_what)};
    return step->drain_tunes ? heal_tuning_order(world, incident, step, away) : 0;
}

static void tend(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    if (!heal_world_has_mesh(world))
        heal_detour_order(world, incident, step);
}

/* How the nodes around route is not seen from here: they know when they have heard from this one once more,
 * at the latest, and choose anew soon after. */
static bool is_done(const struct heal_world *world, const struct heal_incident *incident,
                    const struct heal_step *step) {
    heal_us reaction = (heal_us)world->mesh.is.originator_ms * HEAL_US_PER_MS * 3 / 2;
    if (step->drain_tunes)
        return world->now - step->drained_at >= reaction;
    return heal_detour_in_place(world, incident);
}

static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    struct heal_command_tune back = {.what = step->drain_what,
                                     .from = avoiding(step->drain_what),
                                     .value = step->drain_from,
                                     .back = true};
    incident->drained[0] = '\0';
    int r = step->drain_tunes ? heal_tuning_order(world, incident, step, back) : 0;
    return r < 0 ? r : heal_detour_withdraw(world, incident, step);
}

const struct heal_drain heal_drain_interface = {
    .aim = aim,
    .begin = begin,
    .tend = tend,
    .is_done = is_done,
    .undo = undo,
};
