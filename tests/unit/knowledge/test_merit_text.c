/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is kept is given back exactly; what is not that is refused, and changes nothing. */
#include "heal/command.h"
#include "knowledge/merit_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* All that there is room for, and as large as it gets. */
static struct heal_merit *full(void) {
    struct heal_merit *merit = calloc(1, sizeof *merit);

    assert_non_null(merit);
    merit->model = 0xfedcba9876543210;
    for (int i = 0; i < HEAL_CELLS; i++)
        merit->confusion.cell[i] = UINT32_MAX - (uint32_t)i;
    for (int i = 0; i < HEAL_DIAGNOSES_AND_UNNAMED; i++)
        merit->confusion.incidents[i] = (struct heal_found){UINT32_MAX - (uint32_t)i, 4000000000};
    for (int i = 0; i < HEAL_CALIBRATION_BINS; i++)
        merit->calibration.bin[i] = (struct heal_calibration_bin){4000000000, 3000000000, 1.23456789e9F};
    for (int i = 0; i < HEAL_FEATURES; i++) {
        merit->drift.now.missing[i] = UINT32_MAX - (uint32_t)i;
        for (int bin = 0; bin < HEAL_DRIFT_BINS; bin++) {
            merit->drift.now.bin[i][bin] = UINT32_MAX - (uint32_t)bin;
            merit->drift.trusted.bin[i][bin] = (uint32_t)(i * bin);
        }
    }
    merit->rival = (struct heal_rival){.model = UINT64_MAX, .before = merit->confusion};
    merit->rival.before.cell[HEAL_CELL_MISSED] = 5;
    for (int32_t i = 0; i < HEAL_CONFORMAL_SCORES; i++)
        heal_conformal_add(&merit->conformal, i * 61 - 30000);
    return merit;
}

static void test_what_is_kept_is_given_back(void **state) {
    (void)state;
    struct heal_merit *merit = full(), *back = calloc(1, sizeof *back);
    char key[96], value[sizeof(((struct heal_record *)NULL)->value)];

    assert_non_null(back);
    for (int part = 0; part < HEAL_MERIT_PARTS; part++) {
        enum heal_merit_part read;

        assert_int_equal(
            heal_merit_format(merit, (enum heal_merit_part)part, key, sizeof key, value, sizeof value), 0);
        assert_int_equal(heal_merit_parse_key(key, &back->model, &read), 0);
        assert_int_equal(read, part);
        assert_int_equal(heal_merit_parse(back, read, value), 0);
    }
    assert_memory_equal(merit, back, sizeof *merit);
    free(merit);
    free(back);
}

static void test_few_scores(void **state) {
    (void)state;
    static const unsigned counts[] = {0, 1, 511, 512, 513};

    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct heal_merit *merit = calloc(1, sizeof *merit), *back = calloc(1, sizeof *back);
        char key[96], value[3600];

        assert_non_null(merit);
        assert_non_null(back);
        for (unsigned k = 0; k < counts[i]; k++)
            heal_conformal_add(&merit->conformal, -(int32_t)k);
        for (int part = HEAL_MERIT_SCORES; part <= HEAL_MERIT_SCORES_NEWER; part++) {
            assert_int_equal(
                heal_merit_format(merit, (enum heal_merit_part)part, key, sizeof key, value, sizeof value),
                0);
            assert_int_equal(heal_merit_parse(back, (enum heal_merit_part)part, value), 0);
        }
        assert_memory_equal(merit, back, sizeof *merit);
        free(merit);
        free(back);
    }
}

static void test_what_is_not_that_is_refused(void **state) {
    (void)state;
    static const struct {
        enum heal_merit_part part;
        const char *value;
    } bad[] = {
        {HEAL_MERIT_COUNTS,       "missed=-1"                         },
        {HEAL_MERIT_COUNTS,       "bin=10 count=1"                    },
        {HEAL_MERIT_COUNTS,       "bin=3 count=1 sick=2"              },
        {HEAL_MERIT_COUNTS,       "bin=3 count=9 sick=2 count=1"      }, /* counted anew */
        {HEAL_MERIT_RIVAL,        "model=-1 missed=3"                 },
        {HEAL_MERIT_SEEN,         "bin=1"                             },
        {HEAL_MERIT_SEEN,         "feature=colour bin=1"              },
        {HEAL_MERIT_TRUSTED,      "feature=cpu bin=4294967296"        },
        {HEAL_MERIT_SEEN,         "feature=cpu bin=1 bin=1 bin=1 bin=1 bin=1 bin=1 bin=1 bin=1 bin=1 bin=1 "
                          "bin=1 bin=1 bin=1"},
        {HEAL_MERIT_SCORES,       ""                                  },
        {HEAL_MERIT_SCORES,       "scores=\""                         },
        {HEAL_MERIT_SCORES,       "scores=\"123\""                    },
        {HEAL_MERIT_SCORES,       "scores=\"12g4\""                   },
        {HEAL_MERIT_SCORES_NEWER, "scores=\"1234\""                   }, /* without the older half */
    };
    struct heal_merit *merit = full(), *before = full();

    merit->conformal.count = before->conformal.count = 7;
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        if (heal_merit_parse(merit, bad[i].part, bad[i].value) != -EINVAL)
            fail_msg("taken: %s", bad[i].value);
    assert_memory_equal(merit, before, sizeof *merit);
    free(merit);
    free(before);
}

static void test_keys(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "/",
        "0123456789abcdef",
        "0123456789abcdef/",
        "0123456789abcdef/colour",
        "123/counts",
        "-123456789abcdef/counts",
        "0123456789abcdeg/counts",
    };
    enum heal_merit_part part = HEAL_MERIT_PARTS;
    uint64_t id = 5;

    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(heal_merit_parse_key(bad[i], &id, &part), -EINVAL);
    assert_true(id == 5 && part == HEAL_MERIT_PARTS);
}

static void test_a_verdict_is_given_back(void **state) {
    (void)state;
    struct heal_network_verdict verdict = {.id = 17,
                                           .model = UINT64_MAX,
                                           .alarm = true,
                                           .port = {.ifname = "wlan0"},
                                           .neighbour = 99,
                                           .logit = -4096,
                                           .threshold = INT32_MAX,
                                           .begun = 1234567,
                                           .last = HEAL_NEVER - 1,
                                           .mode = HEAL_MODE_WARN,
                                           .truth = HEAL_TRUTH_FALSE,
                                           .witness = HEAL_WITNESS_OPERATOR,
                                           .incident = 3,
                                           .diagnosis = HEAL_LINK_FLAP,
                                           .again = true,
                                           .would = "a \"link\" it was"};
    struct heal_network_verdict back = {.id = 0};
    char value[1024];

    verdict.port.peer.byte[0] = 0xfe;
    verdict.port.peer.byte[1] = 0x80;
    assert_int_equal(heal_verdict_format(&verdict, value, sizeof value), 0);
    assert_non_null(strstr(value, "diagnosis=link-flap"));
    assert_int_equal(heal_verdict_parse(value, &back), 0);
    assert_memory_equal(&verdict, &back, sizeof verdict);
    assert_int_equal(heal_verdict_parse("id=1", &back), -EINVAL);
    memcpy(strstr(value, "id=17"), "id=00", 5);
    assert_int_equal(heal_verdict_parse(value, &back), -EINVAL); /* none has that */
    assert_int_equal(heal_verdict_format(&verdict, value, 40), -ENOSPC);
}

static void test_verdicts_make_room(void **state) {
    (void)state;
    struct heal_verdicts *verdicts = calloc(1, sizeof *verdicts);

    assert_non_null(verdicts);
    for (unsigned i = 0; i < HEAL_VERDICTS_MAX; i++)
        heal_verdicts_make(verdicts)->truth = i == 4 ? HEAL_TRUTH_FALSE : HEAL_TRUTH_OPEN;
    for (const struct heal_network_verdict *verdict; (verdict = heal_verdicts_unkept(verdicts));)
        heal_verdicts_kept(verdicts, verdict);
    assert_int_equal(heal_verdicts_make(verdicts)->id, HEAL_VERDICTS_MAX + 1);
    assert_null(heal_verdicts_find(verdicts, 5)); /* the oldest whose truth is known */
    assert_non_null(heal_verdicts_find(verdicts, 1));
    assert_int_equal(heal_verdicts_unkept(verdicts)->id, HEAL_VERDICTS_MAX + 1);
    (void)heal_verdicts_make(verdicts);
    assert_null(heal_verdicts_find(verdicts, 1)); /* all are open: the oldest */
    assert_int_equal(verdicts->count, HEAL_VERDICTS_MAX);
    free(verdicts);
}

/* What is to be kept stays so wherever it comes to lie; there is never more than there is room for. */
static void test_marks_move_with_their_verdicts(void **state) {
    (void)state;
    struct heal_verdicts *verdicts = calloc(1, sizeof *verdicts);

    assert_non_null(verdicts);
    verdicts->next = 10;
    for (unsigned i = 0; i < HEAL_VERDICTS_MAX; i++)
        heal_verdicts_make(verdicts)->truth = i == 4 ? HEAL_TRUTH_FALSE : HEAL_TRUTH_OPEN;
    for (const struct heal_network_verdict *verdict; (verdict = heal_verdicts_unkept(verdicts));)
        heal_verdicts_kept(verdicts, verdict);
    heal_verdicts_touch(verdicts, heal_verdicts_find(verdicts, 100));
    heal_verdicts_restore(verdicts, &(struct heal_network_verdict){.id = 200});
    assert_int_equal(heal_verdicts_unkept(verdicts)->id, 100);
    heal_verdicts_restore(verdicts, &(struct heal_network_verdict){.id = 5, .truth = HEAL_TRUTH_TRUE});
    assert_int_equal(verdicts->count, HEAL_VERDICTS_MAX);
    assert_int_equal(verdicts->of[0].id, 5);
    assert_null(heal_verdicts_find(verdicts, 14)); /* its truth was known */
    assert_int_equal(heal_verdicts_unkept(verdicts)->id, 100);
    free(verdicts);
}

static void test_verdicts_are_restored_in_any_order(void **state) {
    (void)state;
    struct heal_verdicts *verdicts = calloc(1, sizeof *verdicts);
    static const uint64_t order[] = {5, 9, 7, 9, 2};

    assert_non_null(verdicts);
    for (unsigned i = 0; i < 5; i++)
        heal_verdicts_restore(verdicts, &(struct heal_network_verdict){.id = order[i]});
    assert_int_equal(verdicts->count, 4);
    for (unsigned i = 1; i < 4; i++)
        assert_true(verdicts->of[i - 1].id < verdicts->of[i].id);
    assert_null(heal_verdicts_unkept(verdicts));
    assert_int_equal(heal_verdicts_make(verdicts)->id, 10);
    heal_verdicts_restore(verdicts, &(struct heal_network_verdict){.id = 3});
    assert_int_equal(heal_verdicts_unkept(verdicts)->id, 10);
    free(verdicts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_kept_is_given_back),
        cmocka_unit_test(test_few_scores),
        cmocka_unit_test(test_what_is_not_that_is_refused),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_a_verdict_is_given_back),
        cmocka_unit_test(test_verdicts_make_room),
        cmocka_unit_test(test_marks_move_with_their_verdicts),
        cmocka_unit_test(test_verdicts_are_restored_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
