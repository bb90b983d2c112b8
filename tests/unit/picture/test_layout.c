/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Where nodes go: at their positions, or where the links draw them; the same each time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "picture/layout.h"

/* A ring of nodes called n0 …. */
static struct heal_picture *ring_of(size_t nodes) {
    struct heal_picture *picture = heal_picture_new("ring");

    assert_non_null(picture);
    for (size_t i = 0; i < nodes; i++) {
        struct heal_picture_node node = {0};
        struct heal_picture_link link = {0};

        snprintf(node.name, sizeof node.name, "n%zu", i);
        snprintf(link.a, sizeof link.a, "n%zu", i);
        snprintf(link.b, sizeof link.b, "n%zu", (i + 1) % nodes);
        assert_int_equal(heal_picture_add_node(picture, &node), 0);
        assert_int_equal(heal_picture_add_link(picture, &link), 0);
    }
    return picture;
}

/* How far apart two are on a map as high as wide. */
static double apart(const struct heal_spot *a, const struct heal_spot *b) {
    return hypot(a->x - b->x, a->y - b->y);
}

static void test_is_the_same_each_time_and_on_the_map(void **state) {
    (void)state;
    for (size_t nodes = 1; nodes <= 40; nodes += 13) {
        struct heal_picture *picture = ring_of(nodes);
        struct heal_spot *spot = NULL, *again = NULL;
        enum heal_form form;

        assert_int_equal(heal_layout_make(picture, &form, &spot), 0);
        assert_int_equal(heal_layout_make(picture, &form, &again), 0);
        assert_memory_equal(spot, again, nodes * sizeof *spot);
        for (size_t i = 0; i < nodes; i++) {
            assert_true(spot[i].x > 0 && spot[i].x < 1 && spot[i].y > 0 && spot[i].y < 1);
            for (size_t j = 0; j < i; j++)
                assert_true(apart(&spot[i], &spot[j]) > 0.01);
        }
        free(spot);
        free(again);
        heal_picture_free(picture);
    }
}

/* A neighbour on the ring is nearer than the node across. */
static void test_links_draw(void **state) {
    struct heal_picture *picture = ring_of(12);
    struct heal_spot *spot = NULL;
    enum heal_form form;

    (void)state;
    assert_int_equal(heal_layout_make(picture, &form, &spot), 0);
    for (size_t i = 0; i < 12; i++)
        assert_true(1.5 * apart(&spot[i], &spot[(i + 1) % 12]) < apart(&spot[i], &spot[(i + 6) % 12]));
    free(spot);
    heal_picture_free(picture);
}

static void test_positions_keep_their_proportions(void **state) {
    static const struct heal_picture_node node[] = {
        {.name = "west",  .placed = true, .x_m = 100, .y_m = 0  },
        {.name = "east",  .placed = true, .x_m = 300, .y_m = 0  },
        {.name = "north", .placed = true, .x_m = 200, .y_m = 100},
    };
    struct heal_picture *picture = heal_picture_new("placed");
    struct heal_spot *spot = NULL;
    enum heal_form form;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(heal_picture_add_node(picture, &node[i]), 0);
    assert_int_equal(heal_layout_make(picture, &form, &spot), 0);
    assert_true(spot[0].x < spot[2].x && spot[2].x < spot[1].x);
    assert_true(spot[2].y < spot[0].y); /* north is up */
    assert_int_equal(form, HEAL_FORM_BLOCK);
    double width = (spot[1].x - spot[0].x) * heal_form_ratio[form], height = spot[0].y - spot[2].y;
    assert_float_equal((width / height), 2, 1e-6);
    free(spot);
    heal_picture_free(picture);
}

/* Two parts without a link between them; a link to nowhere; many nodes. */
static void test_odd_meshes(void **state) {
    struct heal_picture *picture = ring_of(5);
    struct heal_picture_link nowhere = {.a = "n0", .b = "nobody"};
    struct heal_spot *spot = NULL;
    enum heal_form form;

    (void)state;
    for (int i = 0; i < 900; i++) {
        struct heal_picture_node node = {0};

        snprintf(node.name, sizeof node.name, "alone%d", i);
        assert_int_equal(heal_picture_add_node(picture, &node), 0);
        if (i == 3) {
            assert_int_equal(heal_picture_add_link(picture, &nowhere), 0);
            assert_int_equal(heal_layout_make(picture, &form, &spot), 0);
            for (size_t j = 0; j < picture->nodes; j++)
                assert_true(isfinite(spot[j].x) && isfinite(spot[j].y));
            free(spot);
        }
    }
    assert_int_equal(heal_layout_make(picture, &form, &spot), 0);
    assert_true(isfinite(spot[904].x));
    free(spot);
    heal_picture_free(picture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_the_same_each_time_and_on_the_map),
        cmocka_unit_test(test_links_draw),
        cmocka_unit_test(test_positions_keep_their_proportions),
        cmocka_unit_test(test_odd_meshes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
