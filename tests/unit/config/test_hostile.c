/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Configuration made to harm: nothing crashes, nothing grows without bound, and each gets a message that is
 * safe to print. */
#include "config/config.h"
#include "config/yaml.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The largest file there may be, made of one piece again and again. */
static char *filled(const char *head, const char *piece, size_t *ret_length) {
    char *text = malloc(HEAL_CONFIG_INPUT_MAX + 1);
    size_t head_length = strlen(head), step = strlen(piece), length = 0;

    assert_non_null(text);
    for (; length < head_length; length++)
        text[length] = head[length];
    size_t whole = length + (HEAL_CONFIG_INPUT_MAX - length) / step * step;
    for (; length < whole; length++)
        text[length] = piece[(length - head_length) % step];
    *ret_length = length;
    return text;
}

static int read(const char *text, size_t length, struct heal_config_error *error) {
    struct heal_config *config HEAL_CLEANUP(heal_free_pointer) = malloc(sizeof *config);

    assert_non_null(config);
    heal_config_init(config);
    memset(error, 0, sizeof *error);
    return heal_config_read_text(config, text, length, "heald.yaml", error);
}

static void check_message(const struct heal_config_error *error) {
    char message[1024];

    heal_config_error_format(error, message, sizeof message);
    assert_true(strlen(message) > strlen("heald.yaml: "));
    for (const char *c = message; *c; c++)
        assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
}

/* Spaces, lines, comments and ends of documents: a fine configuration. */
static bool is_nothing(const char *piece) {
    return strchr("\n\r #\t", piece[0]) || strcmp(piece, "...\n") == 0 || strcmp(piece, "\xe2\x80\xa8") == 0;
}

static void test_full_files_of_one_piece(void **state) {
    static const char *const pieces[][2] = {
        {"",                              "["                  },
        {"",                              "{"                  },
        {"",                              "- "                 },
        {"",                              "? "                 },
        {"",                              "a: "                },
        {"",                              "\n- a"              },
        {"",                              "a: 1\n"             },
        {"",                              "'"                  },
        {"",                              "\""                 },
        {"",                              "&a "                },
        {"",                              "*a "                },
        {"",                              "!!"                 },
        {"",                              "---\n"              },
        {"",                              "...\n"              },
        {"",                              "%YAML 1.1\n"        },
        {"",                              "|"                  },
        {"",                              ">\n "               },
        {"",                              "\t"                 },
        {"",                              " "                  },
        {"",                              "\n"                 },
        {"",                              "\r"                 },
        {"",                              ","                  },
        {"",                              "[]"                 },
        {"",                              "{}"                 },
        {"",                              "#"                  },
        {"",                              "x"                  },
        {"",                              "\\"                 },
        {"",                              "[a,"                },
        {"",                              "{a: "               },
        {"",                              "{? "                },
        {"mode: ",                        "x"                  },
        {"mode: \"",                      "\\u2028"            },
        {"",                              "- -\n"              },
        {"services: [",                   "{name: a, unit: a},"},
        {"services: [",                   "{name: "            },
        {"notify: {hook: [",              "/a,"                },
        {"policy: {link-loss: {steps: [", "notify,"            },
        {"policy: {",                     "link-loss: {},"     },
        {"\"",                            "\\\n"               },
        {"a: |\n",                        " x\n"               },
        {"a: >\n",                        " x\n\n"             },
        {"\xef\xbb\xbf",                  "a"                  },
        {"",                              "\xc3\xa9"           },
        {"",                              "\xc2\x85"           },
        {"",                              "\xe2\x80\xa8"       },
        {"",                              "@"                  },
        {"",                              "a: b: "             },
        {"",                              "- a: "              },
    };

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(pieces); i++) {
        size_t length;
        char *text HEAL_CLEANUP(heal_free_pointer) = filled(pieces[i][0], pieces[i][1], &length);
        struct heal_config_error error;

        if (read(text, length, &error) < 0)
            check_message(&error);
        else if (!is_nothing(pieces[i][1]))
            fail_msg("'%s' and many '%s' were taken", pieces[i][0], pieces[i][1]);
    }
}

static void test_every_prefix_and_every_byte(void **state) {
    static const char text[] =
        "node: a\nservices:\n  - {name: w, pidfile: /w, restart: [/bin/sh, \"-c\", 'x'], "
        "memory-limit: 1MiB}\nprobe: {fast: 20ms}\npolicy: {link-flap: {for: 1s, steps: [notify]}}\n";
    struct heal_config_error error;
    size_t taken = 0;

    (void)state;
    for (size_t length = 0; length < sizeof text; length++) {
        char *prefix = malloc(length + 1); /* of the exact size, for the sanitizers */

        assert_non_null(prefix);
        memcpy(prefix, text, length);
        prefix = realloc(prefix, length ? length : 1);
        if (read(prefix, length, &error) < 0)
            check_message(&error);
        free(prefix);
    }
    for (size_t i = 0; i < sizeof text - 1; i++)
        for (int byte = 0; byte < 256; byte += 3) {
            char changed[sizeof text];

            memcpy(changed, text, sizeof text);
            changed[i] = (char)byte;
            if (read(changed, sizeof text - 1, &error) < 0)
                check_message(&error);
            else
                taken++;
        }
    assert_true(taken > 0);
}

/* "A billion laughs" is refused at its first anchor. */
static void test_alias_bomb(void **state) {
    static const char text[] =
        "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n";
    struct heal_config_error error;

    (void)state;
    assert_int_equal(read(text, strlen(text), &error), -EINVAL);
    assert_string_equal(error.error.what, "anchors and aliases are not taken here");
    assert_int_equal(error.error.line, 1);
    assert_int_equal(error.error.column, 4);
}

static void test_too_much_of_everything(void **state) {
    char *text HEAL_CLEANUP(heal_free_pointer) = malloc(1 << 16);
    struct heal_config_error error;
    size_t length;

    (void)state;
    assert_non_null(text);
    length = (size_t)sprintf(text, "services:\n");
    for (int i = 0; i <= HEAL_SERVICES_MAX; i++)
        length += (size_t)sprintf(text + length, "  - {name: s%d, unit: u}\n", i);
    assert_int_equal(read(text, length, &error), -EINVAL);
    assert_string_equal(error.error.what, "more than 16 services");
    assert_int_equal(error.error.line, HEAL_SERVICES_MAX + 2);

    length = (size_t)sprintf(text, "notify: {hook: [/x");
    for (int i = 0; i < HEAL_CONFIG_ARGUMENTS_MAX; i++)
        length += (size_t)sprintf(text + length, ", x");
    length += (size_t)sprintf(text + length, "]}\n");
    assert_int_equal(read(text, length, &error), -EINVAL);
    assert_string_equal(error.error.what, "notify.hook: more than 32 arguments");

    length = (size_t)sprintf(text, "notify: {hook: [/x, ");
    memset(text + length, 'x', HEAL_CONFIG_COMMAND_MAX);
    length += HEAL_CONFIG_COMMAND_MAX;
    length += (size_t)sprintf(text + length, "]}\n");
    assert_int_equal(read(text, length, &error), -EINVAL);
    assert_string_equal(error.error.what, "notify.hook: longer than 1024 bytes");

    length = (size_t)sprintf(text, "socket: /");
    memset(text + length, 'x', HEAL_CONFIG_SOCKET_MAX);
    length += HEAL_CONFIG_SOCKET_MAX;
    assert_int_equal(read(text, length, &error), -EINVAL);
    assert_string_equal(error.error.what, "socket: longer than 107 bytes");

    char *large HEAL_CLEANUP(heal_free_pointer) = calloc(1, HEAL_CONFIG_INPUT_MAX + 1);
    assert_int_equal(read(large, HEAL_CONFIG_INPUT_MAX + 1, &error), -EFBIG);
    assert_string_equal(error.error.what, "larger than 1048576 bytes");
}

static void test_too_many_files(void **state) {
    struct heal_config *config HEAL_CLEANUP(heal_free_pointer) = malloc(sizeof *config);
    struct heal_config_error error = {0};

    (void)state;
    heal_config_init(config);
    for (int i = 0; i < HEAL_CONFIG_FILES_MAX; i++)
        assert_int_equal(heal_config_read_text(config, "log: info", 9, "f.yaml", &error), 0);
    assert_int_equal(heal_config_read_text(config, "log: info", 9, "f.yaml", &error), -E2BIG);
    assert_string_equal(error.error.what, "more than 64 configuration files");
}

/* A key or a value cannot write to the terminal of who reads the message, and cannot flood it. */
static void test_messages_are_safe_to_print(void **state) {
    static const char *const texts[] = {
        "\"\\e]0;title\\a\": 1\n",
        "mode: \"\\e[31m\\r\\n\\x9b\"\n",
        "policy: {link-loss: {steps: [\"\\b\\b\\x7f\"]}}\n",
        "services: [{name: \"\\n\\n\"}]\n",
        "\"a\\r\": 1\n\"a\\r\": 2\n",
        "state: \"\\u2028\\u0085\"\n",
    };
    char *text HEAL_CLEANUP(heal_free_pointer) = malloc(5000);
    struct heal_config_error error;

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(texts); i++) {
        assert_int_equal(read(texts[i], strlen(texts[i]), &error), -EINVAL);
        check_message(&error);
    }
    memset(text, 'k', 4999);
    text[4998] = ':';
    assert_int_equal(read(text, 4999, &error), -EINVAL);
    check_message(&error);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_files_of_one_piece),
        cmocka_unit_test(test_every_prefix_and_every_byte),
        cmocka_unit_test(test_alias_bomb),
        cmocka_unit_test(test_too_much_of_everything),
        cmocka_unit_test(test_too_many_files),
        cmocka_unit_test(test_messages_are_safe_to_print),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
