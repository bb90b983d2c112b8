/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What ends up in file names, command lines and sockets: each rule with what just passes and what just fails.
 */
#include "config/text_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct sample {
    const char *text;
    bool good;
};

static void check_each(bool (*is_good)(const char *text), const struct sample *samples) {
    for (; samples->text; samples++)
        if (is_good(samples->text) != samples->good)
            fail_msg("\"%s\" was %s", samples->text, samples->good ? "refused" : "taken");
}

static void test_names(void **state) {
    (void)state;
    check_each(heal_text_value_is_name, (const struct sample[]){
                                            {"n1",        true },
                                            {"a.b_c-d",   true },
                                            {"0",         true },
                                            {"",          false},
                                            {"-n",        false},
                                            {".",         false},
                                            {"a/b",       false},
                                            {"a b",       false},
                                            {"a\n",       false},
                                            {"n\xc3\xa4", false},
                                            {NULL,        false},
    });
}

static void test_paths(void **state) {
    (void)state;
    check_each(heal_text_value_is_path, (const struct sample[]){
                                            {"/",                                              true },
                                            {"/run/heald/heald.sock",                          true },
                                            {"/a..b/..c/d..",                                  true },
                                            {"/with blank/\xc3\xa4",                           true },
                                            {"",                                               false},
                                            {"run",                                            false},
                                            {"/..",                                            false},
                                            {"/a/../b",                                        false},
                                            {"/a/..",                                          false},
                                            {"/a\nb",                                          false},
                                            {"/a\x01"
                                             "b", false},
                                            {"/\xff",                                          false},
                                            {NULL,                                             false},
    });
}

static void test_units(void **state) {
    (void)state;
    check_each(heal_text_value_is_unit, (const struct sample[]){
                                            {"gateway.service",       true },
                                            {"getty@tty1.service",    true },
                                            {"dev-disk\\x2d1.device", true },
                                            {"-H.service",            false},
                                            {"--root=/tmp",           false},
                                            {"a b.service",           false},
                                            {"a/b.service",           false},
                                            {"",                      false},
                                            {NULL,                    false},
    });
}

static void test_words(void **state) {
    (void)state;
    check_each(heal_text_value_is_words, (const struct sample[]){
                                             {"type wireless hello-interval 1", true },
                                             {"a",                              true },
                                             {"",                               false},
                                             {" a",                             false},
                                             {"a ",                             false},
                                             {"a  b",                           false},
                                             {"a\nflush interface b",           false},
                                             {"a \"b\"",                        false},
                                             {"a # b",                          false},
                                             {NULL,                             false},
    });
}

static void test_listen(void **state) {
    (void)state;
    check_each(heal_text_value_is_listen,
               (const struct sample[]){
                   {"127.0.0.1:9177",                                                  true },
                   {"[::1]:1",                                                         true },
                   {"0.0.0.0:65535",                                                   true },
                   {"127.0.0.1",                                                       false},
                   {"127.0.0.1:",                                                      false},
                   {"127.0.0.1:0",                                                     false},
                   {"127.0.0.1:65536",                                                 false},
                   {"127.0.0.1:012",                                                   false},
                   {"127.0.0.1:1x",                                                    false},
                   {"127.0.0.1:123456",                                                false},
                   {"::1:9177",                                                        false},
                   {"[127.0.0.1]:9177",                                                false},
                   {"[::1:9177",                                                       false},
                   {"[]:9177",                                                         false},
                   {"localhost:9177",                                                  false},
                   {":9177",                                                           false},
                   {"[1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc]:1", false},
                   {NULL,                                                              false},
    });
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names), cmocka_unit_test(test_paths),  cmocka_unit_test(test_units),
        cmocka_unit_test(test_words), cmocka_unit_test(test_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
