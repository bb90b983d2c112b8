/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Every part is done once, whoever does it, and all of them are done at the end. */
#include "training/workers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

enum { PARTS = 37, TIMES = 200 };

static void do_part(void *what, size_t part) {
    atomic_uint *done = what;

    atomic_fetch_add(&done[part], 1);
}

static void try_threads(unsigned threads) {
    struct heal_workers *workers = heal_workers_new(threads);
    atomic_uint done[PARTS] = {0};

    assert_non_null(workers);
    struct heal_gnn_workers seen = heal_workers_of(workers);
    for (unsigned i = 1; i <= TIMES; i++) {
        seen.run(seen.context, PARTS, do_part, done);
        for (unsigned part = 0; part < PARTS; part++)
            assert_int_equal(atomic_load(&done[part]), i);
    }
    assert_null(heal_workers_free(workers));
}

static void every_part_is_done_once(void **state) {
    (void)state;
    try_threads(0);
    try_threads(1);
    try_threads(7);
    try_threads(10 * HEAL_WORKERS_MAX);
    assert_null(heal_workers_free(NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_done_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
