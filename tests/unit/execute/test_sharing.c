/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Which remedies' acts are one where two incidents have them in place, and which are not. */
#include "base/cleanup.h"
#include "execute/sharing.h"
#include "plan/remedies.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A step of an incident of its own. */
static struct heal_step *add(struct scene *scene, enum heal_remedy remedy, enum heal_step_state state,
                             const char *ifname, uint8_t peer, const char *service) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_step *step = &incident->step[0];

    incident->view.steps = 1;
    incident->view.step[0] = (struct heal_step_status){.remedy = remedy, .state = state};
    strcpy(step->port.ifname, ifname);
    step->port.peer.byte[15] = peer;
    strcpy(step->service, service);
    return step;
}

static bool goes_on(const struct scene *scene, enum heal_remedy remedy, const struct heal_step *step) {
    return heal_sharing_goes_on(&scene->world, heal_remedies_rule(remedy), step);
}

static void test_whose_acts_are_one(void **state) {
    static const struct {
        enum heal_remedy remedy;
        bool same_interface, same_place;
    } row[] = {
        {HEAL_LINK_COST,            true,  true },
        {HEAL_CLAMP_MTU,            true,  true },
        {HEAL_BOUNCE_LINK,          true,  true },
        {HEAL_QUARANTINE_NEIGHBOUR, false, true },
        {HEAL_SHED_LOAD,            false, true },
        {HEAL_ROUTE_AROUND,         false, false},
        {HEAL_RESTORE_ROUTES,       false, false},
    };

    for (size_t i = 0; i < HEAL_COUNT(row); i++) {
        enum heal_remedy remedy = row[i].remedy;
        assert_int_equal(scene_make(state), 0);
        struct scene *scene = *state;
        struct heal_step *step = add(scene, remedy, HEAL_STEP_HOLDING, "mesh0", 1, "worker");

        add(scene, remedy, HEAL_STEP_HOLDING, "mesh1", 1, "worker");
        assert_false(goes_on(scene, remedy, step));
        add(scene, remedy, HEAL_STEP_HOLDING, "mesh0", 2, "worker");
        assert_int_equal(goes_on(scene, remedy, step), row[i].same_interface);
        add(scene, remedy, HEAL_STEP_HOLDING, "mesh0", 1, "other");
        assert_int_equal(goes_on(scene, remedy, step), row[i].same_interface);
        add(scene, remedy, HEAL_STEP_HOLDING, "mesh0", 1, "worker");
        assert_int_equal(goes_on(scene, remedy, step), row[i].same_place);
        scene_unmake(state);
    }
}

/* Of two that take it back at the same time each does; what is not there yet, or no more, holds nothing. */
static void test_only_what_is_in_place_counts(void **state) {
    struct scene *scene = *state;
    struct heal_step *step = add(scene, HEAL_CLAMP_MTU, HEAL_STEP_HOLDING, "mesh0", 1, "");
    struct heal_step_status *view = &scene->world.incident[1].view.step[0];

    add(scene, HEAL_CLAMP_MTU, HEAL_STEP_PLANNED, "mesh0", 2, "");
    for (int i = 0; i < HEAL_STEP_STATES; i++) {
        view->state = (enum heal_step_state)i;
        bool in_place = i == HEAL_STEP_ACTING || i == HEAL_STEP_VERIFYING || i == HEAL_STEP_HOLDING;
        assert_int_equal(goes_on(scene, HEAL_CLAMP_MTU, step), in_place);
    }
    view->state = HEAL_STEP_HOLDING;
    view->remedy = HEAL_LINK_COST;
    assert_false(goes_on(scene, HEAL_CLAMP_MTU, step));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whose_acts_are_one),
        cmocka_unit_test_setup_teardown(test_only_what_is_in_place_counts, scene_make, scene_unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
