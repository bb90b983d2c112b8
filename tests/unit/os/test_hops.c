/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A mesh that leads a node now by one neighbour, now by another: only coming back counts. */
#include "os/hops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t far_end[6] = {2, 0, 0, 0, 3, 0}, other_end[6] = {2, 0, 0, 0, 4, 0};
static const uint8_t west[6] = {2, 0, 0, 0, 1, 0}, east[6] = {2, 0, 0, 0, 2, 0},
                     south[6] = {2, 0, 0, 0, 5, 0};

static void test_coming_back(void **state) {
    struct heal_hops hops = {0};
    (void)state;

    assert_false(heal_hops_note(&hops, far_end, west));
    assert_false(heal_hops_note(&hops, far_end, west));
    assert_false(heal_hops_note(&hops, far_end, east)); /* it may be for good */
    assert_false(heal_hops_note(&hops, other_end, west));
    assert_true(heal_hops_note(&hops, far_end, west));
    assert_false(heal_hops_note(&hops, far_end, west));
    assert_true(heal_hops_note(&hops, far_end, east));
    assert_false(heal_hops_note(&hops, far_end, south)); /* on it goes, not back */
    assert_false(heal_hops_note(&hops, far_end, west));
}

static void test_more_nodes_than_there_is_room_for(void **state) {
    struct heal_hops hops = {0};
    (void)state;

    heal_hops_note(&hops, far_end, west);
    heal_hops_note(&hops, other_end, west);
    heal_hops_note(&hops, far_end, east); /* the other end is the oldest now */
    for (unsigned i = 0; i < HEAL_HOPS_MAX - 1; i++) {
        const uint8_t node[6] = {4, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i};

        assert_false(heal_hops_note(&hops, node, west));
    }
    assert_int_equal(hops.count, HEAL_HOPS_MAX);
    assert_true(heal_hops_note(&hops, far_end, west));
    assert_false(heal_hops_note(&hops, other_end, east)); /* forgotten: that it was led by west, too */
    assert_false(heal_hops_note(&hops, other_end, west));
    assert_int_equal(hops.count, HEAL_HOPS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coming_back),
        cmocka_unit_test(test_more_nodes_than_there_is_room_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
