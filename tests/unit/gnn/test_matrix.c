/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The products, against the schoolbook's to the bit, for sizes on both sides of every tile. */
#include "base/random.h"
#include "gnn/matrix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 40 };

static float x[MOST * MOST], w[MOST * MOST], y[MOST * MOST], got[MOST * MOST], wanted[MOST * MOST];

static void fill(struct heal_random *random, float *value) {
    for (size_t i = 0; i < (size_t)MOST * MOST; i++)
        value[i] = (float)heal_random_normal(random);
}

/* The order of the sums is part of the promise. */
static void schoolbook_multiply(size_t rows, size_t inputs, size_t outputs) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t o = 0; o < outputs; o++) {
            float sum = wanted[r * outputs + o];

            for (size_t i = 0; i < inputs; i++) {
                volatile float product = x[r * inputs + i] * w[i * outputs + o];

                sum += product;
            }
            wanted[r * outputs + o] = sum;
        }
    }
}

static void schoolbook_gradient(size_t rows, size_t inputs, size_t outputs) {
    for (size_t i = 0; i < inputs; i++) {
        for (size_t o = 0; o < outputs; o++) {
            float sum = wanted[i * outputs + o];

            for (size_t r = 0; r < rows; r++) {
                volatile float product = x[r * inputs + i] * y[r * outputs + o];

                sum += product;
            }
            wanted[i * outputs + o] = sum;
        }
    }
}

static void products_are_the_schoolbooks(void **state) {
    static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 40};
    enum { SIZES = sizeof sizes / sizeof sizes[0] };
    struct heal_random random;

    (void)state;
    heal_random_init(&random, 3);
    for (size_t trial = 0; trial < 400; trial++) {
        size_t rows = sizes[heal_random_next(&random) % SIZES],
               inputs = sizes[heal_random_next(&random) % SIZES],
               outputs = sizes[heal_random_next(&random) % SIZES];

        fill(&random, x);
        fill(&random, w);
        fill(&random, y);
        memcpy(got, y, sizeof got);
        memcpy(wanted, y, sizeof wanted);
        heal_matrix_multiply(rows, inputs, outputs, x, w, got);
        schoolbook_multiply(rows, inputs, outputs);
        assert_memory_equal(got, wanted, sizeof got);
        memcpy(got, w, sizeof got);
        memcpy(wanted, w, sizeof wanted);
        heal_matrix_gradient(rows, inputs, outputs, x, y, got);
        schoolbook_gradient(rows, inputs, outputs);
        assert_memory_equal(got, wanted, sizeof got);
    }
}

static void a_transpose_is_turned(void **state) {
    const float wide[] = {1, 2, 3, 4, 5, 6}, tall[] = {1, 4, 2, 5, 3, 6};
    float turned[6];

    (void)state;
    heal_matrix_transpose(2, 3, wide, turned);
    assert_memory_equal(turned, tall, sizeof tall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_the_schoolbooks),
        cmocka_unit_test(a_transpose_is_turned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
