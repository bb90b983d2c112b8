/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The reading of command lines, and that every row of the table of verbs is one that help can show. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "healctl/call.h"

static char said[1000];

static int parse(struct heal_call *call, char **argv) {
    int argc = 0, at;

    while (argv[argc])
        argc++;
    memset(said, 0, sizeof said);
    *call = (struct heal_call){.socket = "default", .err = fmemopen(said, sizeof said - 1, "w")};
    int r = heal_call_parse(call, argc, argv, &at);
    fclose(call->err);
    return r;
}

#define PARSE(call, ...) parse(call, (char *[]){__VA_ARGS__, NULL})

static void test_options_anywhere(void **state) {
    struct heal_call call;

    (void)state;
    assert_int_equal(PARSE(&call, "--json", "pause", "--for", "1h", "--reason=a b", "--socket=/s"), 0);
    assert_string_equal(call.verb->name, "pause");
    assert_true(call.json);
    assert_string_equal(call.socket, "/s");
    assert_string_equal(heal_call_option(&call, "--for"), "1h");
    assert_string_equal(heal_call_option(&call, "--reason"), "a b");
    assert_null(heal_call_option(&call, "--none"));
    assert_int_equal(PARSE(&call, "label", "7", "--note", "--json", "true"), 0);
    assert_string_equal(heal_call_option(&call, "--note"), "--json");
    assert_false(call.json);
    assert_int_equal(call.arguments, 2);
    assert_int_equal(PARSE(&call, "missed", "--", "--json"), 0);
    assert_string_equal(call.argument[0], "--json");
}

static void test_names_of_two_words(void **state) {
    struct heal_call call;

    (void)state;
    assert_int_equal(PARSE(&call, "audit", "verify"), 0);
    assert_string_equal(call.verb->name, "audit verify");
    assert_int_equal(PARSE(&call, "audit"), 0);
    assert_string_equal(call.verb->name, "audit");
    assert_int_equal(PARSE(&call, "config"), 0);
    assert_null(call.verb);
    assert_int_equal(PARSE(&call, "--help"), 0);
    assert_true(call.help && !call.verb);
}

static void test_what_is_refused(void **state) {
    struct heal_call call;

    (void)state;
    assert_int_equal(PARSE(&call, "audit", "verfy"), -EINVAL);
    assert_non_null(strstr(said, "unexpected 'verfy'"));
    assert_int_equal(PARSE(&call, "mode", "atc"), -EINVAL);
    assert_non_null(strstr(said, "observe warn act"));
    assert_int_equal(PARSE(&call, "mode", "ob"), -EINVAL);
    assert_int_equal(PARSE(&call, "mode", ""), -EINVAL);
    assert_int_equal(PARSE(&call, "explain"), -EINVAL);
    assert_int_equal(PARSE(&call, "--socket"), -EINVAL);
    assert_int_equal(PARSE(&call, "links", "--jason"), -EINVAL);
    assert_non_null(strstr(said, "did you mean --json"));
    assert_int_equal(PARSE(&call, "links", "--json=1"), -EINVAL);
    assert_int_equal(PARSE(&call, "help", "--completion", "tcsh"), -EINVAL);
    assert_non_null(strstr(said, "bash zsh fish"));
}

/* A command of others keeps its own options. */
static void test_command_of_others(void **state) {
    struct heal_call call;

    (void)state;
    assert_int_equal(PARSE(&call, "lab", "exec", "n1", "--name", "x", "--", "ls", "--json", "-l"), 0);
    assert_string_equal(call.argument[0], "n1");
    assert_int_equal(call.arguments, 1);
    assert_string_equal(heal_call_option(&call, "--name"), "x");
    assert_string_equal(call.command[0], "ls");
    assert_string_equal(call.command[2], "-l");
    assert_null(call.command[3]);
    assert_false(call.json);
    assert_int_equal(PARSE(&call, "lab", "exec", "n1", "ls", "--help"), 0);
    assert_false(call.help);
    assert_string_equal(call.command[1], "--help");
    assert_int_equal(PARSE(&call, "lab", "exec", "n1", "--help"), 0);
    assert_true(call.help);
    assert_int_equal(PARSE(&call, "lab", "exec", "n1", "--"), -EINVAL);
    assert_non_null(strstr(said, "NODE -- COMMAND"));
    assert_int_equal(PARSE(&call, "lab", "exec"), -EINVAL);
}

/* A place may lie to the left of the origin. */
static void test_numbers_are_no_options(void **state) {
    struct heal_call call;

    (void)state;
    assert_int_equal(PARSE(&call, "lab", "fault", "noise", "-71,71", "radius", "50", "--for", "3s"), 0);
    assert_int_equal(call.arguments, 4);
    assert_string_equal(call.argument[1], "-71,71");
    assert_string_equal(heal_call_option(&call, "--for"), "3s");
    assert_int_equal(PARSE(&call, "lab", "fault", "noise", "-x"), -EINVAL);
}

static void test_rows_are_whole(void **state) {
    const struct heal_verb *verb;

    (void)state;
    for (size_t i = 0; (verb = heal_verb_at(i)); i++) {
        assert_non_null(verb->summary);
        assert_non_null(verb->arguments);
        assert_non_null(verb->run);
        assert_true(verb->summary[strlen(verb->summary) - 1] != '.');
        assert_true(verb->arguments_max <= HEAL_VERB_ARGUMENTS_MAX);
        assert_ptr_equal(heal_verb_find(verb->name), verb);
        for (const struct heal_verb_option *o = verb->option; o->name; o++) {
            assert_int_equal(strncmp(o->name, "--", 2), 0);
            assert_non_null(o->text);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_anywhere),       cmocka_unit_test(test_names_of_two_words),
        cmocka_unit_test(test_what_is_refused),        cmocka_unit_test(test_command_of_others),
        cmocka_unit_test(test_numbers_are_no_options), cmocka_unit_test(test_rows_are_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
