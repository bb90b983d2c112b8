/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a step has led where: each way once, none taken for another, and a word where there is no more room.
 */
#include "model/changes.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *note(struct heal_incident *incident, unsigned destination, const char *ifname) {
    struct heal_command_route route = {.prefix = scene_prefix(destination)};

    strcpy(route.via.ifname, ifname);
    heal_changes_note(incident, &incident->step[0], &route);
    return incident->view.step[0].changed;
}

static void test_each_way_once(void **state) {
    struct heal_incident *incident = scene_link_incident(*state, HEAL_LINK_LOSS);
    char before[HEAL_CHANGES_MAX];

    incident->view.steps = 1;
    assert_non_null(strstr(note(incident, 1, "mesh10"), " over mesh10"));
    strcpy(before, note(incident, 1, "mesh1")); /* which is no mesh10 */
    assert_non_null(strstr(before, "mesh10, "));
    assert_string_equal(before + strlen(before) - strlen(" over mesh1"), " over mesh1");
    assert_string_equal(note(incident, 1, "mesh1"), before);
    assert_string_equal(note(incident, 1, "mesh10"), before);
}

static void test_what_does_not_fit_is_an_ellipsis(void **state) {
    struct heal_incident *incident = scene_link_incident(*state, HEAL_LINK_LOSS);
    const char *changed = "";

    incident->view.steps = 1;
    for (unsigned i = 1; i <= 100; i++)
        changed = note(incident, i, "mesh0");
    assert_in_range(strlen(changed), HEAL_CHANGES_MAX / 2, HEAL_CHANGES_MAX - 1);
    assert_string_equal(changed + strlen(changed) - strlen(", …"), ", …");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_way_once, scene_make, scene_unmake),
        cmocka_unit_test_setup_teardown(test_what_does_not_fit_is_an_ellipsis, scene_make, scene_unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
