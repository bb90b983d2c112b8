/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What systemctl says of a unit. */
#include "base/cleanup.h"
#include "wire/unit_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_any_order(void **state) {
    (void)state;
    static const char *const texts[] = {
        "LoadState=loaded\nActiveState=failed\nResult=exit-code\nControlGroup=/a.slice/b\\x2dc.service\n",
        "ControlGroup=/a.slice/b\\x2dc.service Result=exit-code ActiveState=failed LoadState=loaded",
    };
    for (size_t i = 0; i < HEAL_COUNT(texts); i++) {
        struct heal_unit_text unit;
        assert_int_equal(heal_unit_text_parse(texts[i], strlen(texts[i]), &unit), 0);
        assert_int_equal(unit.activity, HEAL_UNIT_FAILED);
        assert_true(unit.loaded);
        assert_false(unit.success);
        assert_string_equal(unit.cgroup, "/a.slice/b\\x2dc.service");
    }
}

/* A target has neither a result nor a control group; an old systemd leaves out what is empty. */
static void test_what_may_be_missing(void **state) {
    (void)state;
    static const char text[] = "ActiveState=inactive", empty[] = "ActiveState=active Result= ControlGroup=\n";
    struct heal_unit_text unit;
    assert_int_equal(heal_unit_text_parse(text, strlen(text), &unit), 0);
    assert_int_equal(unit.activity, HEAL_UNIT_INACTIVE);
    assert_true(unit.loaded && unit.success);
    assert_string_equal(unit.cgroup, "");
    assert_int_equal(heal_unit_text_parse(empty, strlen(empty), &unit), 0);
    assert_true(unit.success);
    assert_string_equal(unit.cgroup, "");
}

static void test_activities(void **state) {
    (void)state;
    static const char *const words[HEAL_UNIT_ACTIVITIES] = {"active",     "reloading",    "refreshing",
                                                            "activating", "deactivating", "maintenance",
                                                            "inactive",   "failed"};
    for (unsigned i = 0; i < HEAL_UNIT_ACTIVITIES; i++) {
        struct heal_unit_text unit;
        char text[64];
        int length = snprintf(text, sizeof(text), "ActiveState=%s", words[i]);
        assert_int_equal(heal_unit_text_parse(text, (size_t)length, &unit), 0);
        assert_int_equal(unit.activity, i);
    }
}

static void test_units_that_cannot_run(void **state) {
    (void)state;
    static const struct {
        const char *word;
        bool loaded;
    } cases[] = {
        {"loaded",      true },
        {"masked",      true },
        {"stub",        true },
        {"not-found",   false},
        {"error",       false},
        {"bad-setting", false},
    };
    for (size_t i = 0; i < HEAL_COUNT(cases); i++) {
        struct heal_unit_text unit;
        char text[64];
        int length = snprintf(text, sizeof(text), "ActiveState=inactive LoadState=%s", cases[i].word);
        assert_int_equal(heal_unit_text_parse(text, (size_t)length, &unit), 0);
        assert_int_equal(unit.loaded, cases[i].loaded);
    }
}

static void test_results(void **state) {
    (void)state;
    static const struct {
        const char *word;
        bool success;
    } cases[] = {
        {"success",         true },
        {"exec-condition",  true },
        {"signal",          false},
        {"oom-kill",        false},
        {"timeout",         false},
        {"start-limit-hit", false},
    };
    for (size_t i = 0; i < HEAL_COUNT(cases); i++) {
        struct heal_unit_text unit;
        char text[64];
        int length = snprintf(text, sizeof(text), "ActiveState=inactive Result=%s", cases[i].word);
        assert_int_equal(heal_unit_text_parse(text, (size_t)length, &unit), 0);
        assert_int_equal(unit.success, cases[i].success);
    }
}

static void test_refuses(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "\n \n",
        "Result=success",
        "ActiveState=",
        "ActiveState=activ",
        "ActiveState=actives",
        "ActiveState=active LoadState=",
        "ActiveState=active ActiveState=active",
        "ActiveState=active SubState=running",
        "Warning: ActiveState=active",
        "ActiveState=active ControlGroup=a.slice",
        "ActiveState=active ControlGroup=/a/../b",
        "ActiveState=active ControlGroup=/..",
    };
    struct heal_unit_text unit = {.activity = HEAL_UNIT_FAILED};
    for (size_t i = 0; i < HEAL_COUNT(texts); i++) {
        if (heal_unit_text_parse(texts[i], strlen(texts[i]), &unit) != -EINVAL) {
            fail_msg("understood: %s", texts[i]);
        }
    }
    char text[HEAL_UNIT_CGROUP_MAX + 64] = "ActiveState=active ControlGroup=/";
    size_t length = strlen(text);
    memset(text + length, 'a', HEAL_UNIT_CGROUP_MAX - 1);
    assert_int_equal(heal_unit_text_parse(text, length + HEAL_UNIT_CGROUP_MAX - 1, &unit), -EINVAL);
    assert_int_equal(unit.activity, HEAL_UNIT_FAILED); /* untouched */
    assert_int_equal(heal_unit_text_parse(text, length + HEAL_UNIT_CGROUP_MAX - 2, &unit), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order),  cmocka_unit_test(test_what_may_be_missing),
        cmocka_unit_test(test_activities), cmocka_unit_test(test_units_that_cannot_run),
        cmocka_unit_test(test_results),    cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
