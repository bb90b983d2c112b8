/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The YAML tree: its shape and marks, and everything it refuses, by the exact message and place. */
#include "config/yaml.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_tree(void **state) {
    static const char text[] = "# a comment\n"
                               "nodes:\n"
                               "  - {name: alpha, \"x\": '1'}\n"
                               "  - beta\n"
                               "empty:\n"
                               "quoted: \"\"\n"
                               "text: \"\xc3\xa9 \\u00e9\"\n";
    struct heal_error error;
    struct heal_yaml *yaml HEAL_CLEANUP(heal_yaml_free_pointer) = NULL;

    (void)state;
    assert_int_equal(heal_yaml_parse(text, strlen(text), &yaml, &error), 0);
    assert_int_equal(yaml->root->kind, HEAL_YAML_MAP);
    assert_int_equal(yaml->root->length, 4);
    const struct heal_yaml_node *nodes = heal_yaml_get(yaml->root, "nodes");
    assert_int_equal(nodes->kind, HEAL_YAML_LIST);
    assert_int_equal(nodes->length, 2);
    assert_int_equal(nodes->key->line, 2);
    const struct heal_yaml_node *name = heal_yaml_get(nodes->first, "name");
    assert_string_equal(name->text, "alpha");
    assert_int_equal(name->line, 3);
    assert_int_equal(name->column, 12);
    assert_true(heal_yaml_get(nodes->first, "x")->quoted);
    assert_string_equal(nodes->first->next->text, "beta");
    assert_null(nodes->first->next->next);
    assert_null(heal_yaml_get(yaml->root, "absent"));
    assert_true(heal_yaml_is_null(heal_yaml_get(yaml->root, "empty")));
    assert_false(heal_yaml_is_null(heal_yaml_get(yaml->root, "quoted")));
    assert_string_equal(heal_yaml_get(yaml->root, "text")->text, "\xc3\xa9 \xc3\xa9");
}

static void test_nothing(void **state) {
    static const char *const texts[] = {"", "\n", "# only a comment\n", "---\n", "\xef\xbb\xbf# a mark\n"};

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(texts); i++) {
        struct heal_yaml *yaml HEAL_CLEANUP(heal_yaml_free_pointer) = NULL;

        assert_int_equal(heal_yaml_parse(texts[i], strlen(texts[i]), &yaml, NULL), 0);
        assert_true(!yaml->root || heal_yaml_is_null(yaml->root));
        assert_null(heal_yaml_first(yaml->root));
    }
}

struct refusal {
    const char *text;
    size_t length; /* 0: up to the NUL */
    int line, column;
    const char *what;
};

static void check_refusal(const struct refusal *refusal) {
    size_t length = refusal->length ? refusal->length : strlen(refusal->text);
    struct heal_yaml *yaml = NULL;
    struct heal_error error = {0};

    assert_int_equal(heal_yaml_parse(refusal->text, length, &yaml, &error), -EINVAL);
    assert_null(yaml);
    assert_string_equal(error.what, refusal->what);
    assert_int_equal(error.line, refusal->line);
    assert_int_equal(error.column, refusal->column);
    assert_int_equal(error.code, -EINVAL);
    assert_int_equal(heal_yaml_parse(refusal->text, length, &yaml, NULL), -EINVAL);
}

static void test_refusals(void **state) {
    static const struct refusal refusals[] = {
        {"a: &x 1\n",          0, 1, 4, "anchors and aliases are not taken here"                         },
        {"a: &x [1]\n",        0, 1, 4, "anchors and aliases are not taken here"                         },
        {"a: *x\n",            0, 1, 4, "anchors and aliases are not taken here"                         },
        {"a: !!str 1\n",       0, 1, 4, "tags are not taken here"                                        },
        {"a: !x {b: 1}\n",     0, 1, 4, "tags are not taken here"                                        },
        {"a: 1\n---\nb: 2\n",  0, 2, 1, "a second document; one file holds one"                          },
        {"a: 1\nb: 2\na: 3\n", 0, 3, 1, "'a' is here twice, first in line 1"                             },
        {"{a: 1, \"a\": 2}",   0, 1, 8, "'a' is here twice, first in line 1"                             },
        {"{? [a] : 1}\n",      0, 1, 4, "a key must be a word"                                           },
        {"a: \"\\0\"\n",       0, 1, 4, "a NUL in a text"                                                },
        {"a: b\0c\n",          7, 1, 5, "a control character (byte 0x00)"                                },
        {"a:\n  \x1b[31m\n",   0, 2, 3, "a control character (byte 0x1b)"                                },
        {"a: \xc2\x9b\n",      0, 1, 4, "a control character (byte 0x9b)"                                },
        {"a: \xff\n",          0, 1, 4, "no UTF-8 (byte 0xff)"                                           },
        {"\xc3\xa9: \xc3\n",   0, 1, 4, "no UTF-8 (byte 0xc3)"                                           },
        {"a: \xed\xa0\x80\n",  0, 1, 4, "no UTF-8 (byte 0xed)"                                           },
        {"a: \xc0\x80\n",      0, 1, 4, "no UTF-8 (byte 0xc0)"                                           },
        {"\xff\xfe"
         "a\0:\0 \0", 8, 1, 1, "no UTF-8 (byte 0xff)"                                           },
        {"a:\n\tb: 1\n",       0, 2, 1, "indented by a tab; YAML takes spaces only"                      },
        {"a: [1, 2\n",         0, 2, 1, "while parsing a flow sequence: did not find expected ',' or ']'"},
        {"a: 1\n b: 2\n",      0, 2, 3, "mapping values are not allowed in this context"                 },
        {"a: 'x\n",            0, 2, 1, "while scanning a quoted scalar: found unexpected end of stream" },
    };

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(refusals); i++)
        check_refusal(&refusals[i]);
}

static void test_limits(void **state) {
    static char text[HEAL_YAML_LENGTH_MAX + 2];
    struct heal_yaml *yaml = NULL;
    struct heal_error error = {0};

    (void)state;
    memset(text, '#', sizeof text);
    assert_int_equal(heal_yaml_parse(text, HEAL_YAML_LENGTH_MAX + 1, &yaml, &error), -EFBIG);
    assert_string_equal(error.what, "larger than 1048576 bytes");
    assert_int_equal(heal_yaml_parse(text, HEAL_YAML_LENGTH_MAX, &yaml, &error), 0);
    yaml = heal_yaml_free(yaml);

    memset(text, '[', HEAL_YAML_DEPTH_MAX + 1);
    assert_int_equal(heal_yaml_parse(text, HEAL_YAML_DEPTH_MAX + 1, &yaml, &error), -EINVAL);
    assert_string_equal(error.what, "nested too deeply");
    assert_int_equal(error.column, HEAL_YAML_DEPTH_MAX + 1);
    memset(text + HEAL_YAML_DEPTH_MAX, ']', HEAL_YAML_DEPTH_MAX);
    assert_int_equal(heal_yaml_parse(text, (size_t)HEAL_YAML_DEPTH_MAX * 2, &yaml, &error), 0);
    yaml = heal_yaml_free(yaml);

    for (size_t i = 0; i < HEAL_YAML_NODES_MAX; i++)
        strcpy(text + 3 * i, "- \n");
    assert_int_equal(heal_yaml_parse(text, (HEAL_YAML_NODES_MAX - 1) * (size_t)3, &yaml, &error), 0);
    yaml = heal_yaml_free(yaml);
    assert_int_equal(heal_yaml_parse(text, HEAL_YAML_NODES_MAX * (size_t)3, &yaml, &error), -EINVAL);
    assert_string_equal(error.what, "too many values");
    assert_int_equal(error.line, HEAL_YAML_NODES_MAX);
}

static void test_wanted(void **state) {
    static const char text[] = "a: {colour: 1}\nb: [1]\nc: x\n";
    static const char *const near[] = {"color", "cost", NULL}, *const far[] = {"mtu", "loss", NULL};
    struct heal_yaml *yaml HEAL_CLEANUP(heal_yaml_free_pointer) = NULL;
    struct heal_error error = {0};

    (void)state;
    assert_int_equal(heal_yaml_parse(text, strlen(text), &yaml, &error), 0);
    const struct heal_yaml_node *a = heal_yaml_get(yaml->root, "a");
    assert_int_equal(heal_yaml_want_keys(a, near, "a", &error), -EINVAL);
    assert_string_equal(error.what, "unknown key 'colour' in a; did you mean 'color'?");
    assert_int_equal(error.column, 5);
    assert_int_equal(heal_yaml_want_keys(a, far, "", &error), -EINVAL);
    assert_string_equal(error.what, "unknown key 'colour'; known here: mtu, loss");
    assert_int_equal(heal_yaml_want(heal_yaml_get(yaml->root, "b"), HEAL_YAML_MAP, "b", &error), -EINVAL);
    assert_string_equal(error.what, "b: expected a mapping, not a list");
    assert_int_equal(heal_yaml_want(heal_yaml_get(yaml->root, "c"), HEAL_YAML_LIST, "c", &error), -EINVAL);
    assert_string_equal(error.what, "c: expected a list, not a single value");
    assert_int_equal(heal_yaml_want(a, HEAL_YAML_SCALAR, "a", &error), -EINVAL);
    assert_string_equal(error.what, "a: expected a single value, not a mapping");
}

/* A message never carries what would move a terminal's cursor, and never cuts a character in two. */
static void test_show(void **state) {
    char shown[HEAL_YAML_SHOWN_MAX];

    (void)state;
    assert_string_equal(heal_yaml_show("plain", shown), "plain");
    assert_string_equal(heal_yaml_show("a\x1b[2Jb\x7f\n", shown), "a?[2Jb??");
    assert_string_equal(heal_yaml_show("\xc2\x9b"
                                       "1",
                                       shown),
                        "?1");
    assert_string_equal(heal_yaml_show("\xff\xfe", shown), "??");
    assert_string_equal(
        heal_yaml_show("0123456789012345678901234567890123456789012345678901234567890", shown),
        "01234567890123456789012345678901234567890123…");
    assert_string_equal(heal_yaml_show("0123456789012345678901234567890123456789012\xc3\xa9 and more", shown),
                        "0123456789012345678901234567890123456789012…");
    assert_string_equal(heal_yaml_show("01234567890123456789012345678901234567890123456", shown),
                        "01234567890123456789012345678901234567890123456");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),   cmocka_unit_test(test_nothing), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_wanted),  cmocka_unit_test(test_show),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
