/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Addresses and prefixes as people write them, and the names of nodes as numbers. */
#include "heal/types.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_prefixes_are_read_and_written(void **state) {
    (void)state;
    static const struct {
        const char *text, *canonical;
        unsigned length;
    } cases[] = {
        {"::/0",                "::/0",        0  },
        {"FD00:0:0::7",         "fd00::7/128", 128},
        {"fd00::/64",           "fd00::/64",   64 },
        {"10.8.0.0/16",         "10.8.0.0/16", 112},
        {"0.0.0.0/0",           "0.0.0.0/0",   96 },
        {"10.9.0.2",            "10.9.0.2/32", 128},
        {"::ffff:10.9.0.2/128", "10.9.0.2/32", 128},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[HEAL_ADDRESS_TEXT];
        struct heal_prefix prefix;

        assert_int_equal(heal_prefix_parse(cases[i].text, &prefix), 0);
        assert_int_equal(prefix.length, cases[i].length);
        assert_string_equal(heal_prefix_format(&prefix, buffer), cases[i].canonical);
    }
}

static void test_what_is_no_prefix(void **state) {
    (void)state;
    static const char *const cases[] = {"",
                                        "/",
                                        "/64",
                                        "fd00::/",
                                        "fd00::/129",
                                        "10.0.0.0/33",
                                        "fd00::/-1",
                                        "fd00::/ 64",
                                        "fd00::/0064",
                                        "fd00::/64/64",
                                        "fd00::%v0",
                                        "10.0.0/8",
                                        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/64"};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct heal_prefix prefix = {.length = 42};

        if (heal_prefix_parse(cases[i], &prefix) != -EINVAL || prefix.length != 42)
            fail_msg("\"%s\" was taken", cases[i]);
    }
}

/* The hash is part of the protocol: FNV-1a of 64 bits, by its authors' own test vectors. */
static void test_node_ids(void **state) {
    (void)state;
    assert_true(heal_node_id_of("") == 0xcbf29ce484222325);
    assert_true(heal_node_id_of("a") == 0xaf63dc4c8601ec8c);
    assert_true(heal_node_id_of("foobar") == 0x85944171f73967e8);
    /* A name is as long as what a message carries of it. */
    assert_true(heal_node_id_of("a-name-of-31-characters-exactly") ==
                heal_node_id_of("a-name-of-31-characters-exactly, and more"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes_are_read_and_written),
        cmocka_unit_test(test_what_is_no_prefix),
        cmocka_unit_test(test_node_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
