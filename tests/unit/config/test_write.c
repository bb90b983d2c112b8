/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is written reads back to the same, and differences are found where they are. */
#include "config/config.h"

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

static const char full[] =
    "node: alpha\nmode: act\nlog: debug\nmetrics: {listen: off}\nmesh: {address: 10.0.0.1}\n"
    "routing: {daemon: none, socket: '', interface-parameters: type wired key id:1/a-b_c}\nsources: {node: "
    "processes, cpu-capacity: 0.333, memory: 65537}\n"
    "services:\n  - {name: worker, pidfile: /run/w.pid, restart: [/bin/sh, -c, \"a \\\"b\\\" \\\\ \\t\\n "
    "\\u0085 \\u2028 "
    "\\ufeff \\U0001f600 \\uffff # : {\"]}\n  - {name: b, unit: 'b@x\\x2d1.service'}\n"
    "round: 1234567us\nthresholds: {loss: {start: 0.0312345}}\n"
    "policy: {link-flap: {for: 90s, steps: [notify], escalate: false, min-confidence: 1%}}\n";

static void complain(void *context, const struct heal_config_difference *difference) {
    (void)context;
    fail_msg("%s: %s became %s", difference->name, difference->after, difference->before);
}

static void check_round_trip(const struct heal_config *config, enum heal_config_style style) {
    struct heal_config *back HEAL_CLEANUP(heal_free_pointer) = malloc(sizeof *back);
    char *text HEAL_CLEANUP(heal_free_pointer) = malloc(HEAL_CONFIG_TEXT_MAX);
    char message[512];
    struct heal_config_error error = {0};

    assert_true(back && text);
    int length = heal_config_write(config, style, text, HEAL_CONFIG_TEXT_MAX);
    assert_true(length > 0);
    assert_int_equal(strlen(text), length);
    heal_config_init(back);
    if (heal_config_read_text(back, text, (size_t)length, "written", &error) < 0)
        fail_msg("%s", heal_config_error_format(&error, message, sizeof message));
    assert_int_equal(heal_config_differences(back, config, complain, NULL), 0);
    assert_int_equal(back->settings.services, config->settings.services);
}

static struct heal_config *config_new(const char *text) {
    struct heal_config *config = malloc(sizeof *config);

    assert_non_null(config);
    heal_config_init(config);
    assert_int_equal(heal_config_read_text(config, text, strlen(text), "f.yaml", NULL), 0);
    return config;
}

static void test_round_trip(void **state) {
    static const char *const texts[] = {"", full};

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(texts); i++) {
        struct heal_config *config HEAL_CLEANUP(heal_free_pointer) = config_new(texts[i]);

        check_round_trip(config, HEAL_CONFIG_PLAIN);
        check_round_trip(config, HEAL_CONFIG_ORIGINS);
        check_round_trip(config, HEAL_CONFIG_EXPLAINED);
    }
}

/* The largest there can be fits the room that the header promises. */
static void test_largest(void **state) {
    struct heal_config *config HEAL_CLEANUP(heal_free_pointer) = config_new("");
    char text[4096], item[256];

    (void)state;
    memset(item, 0, sizeof item);
    for (size_t i = 0; i < 84; i++)
        strcpy(item + 3 * i, "\xef\xbb\xbf"); /* written as \ufeff, twice as long */
    for (int i = 0; i < HEAL_SERVICES_MAX; i++) {
        snprintf(
            text, sizeof text,
            "services: [{name: a23456789012345678901234567890%c, pidfile: \"/%.240s\", cgroup: \"/%.240s\", "
            "restart: [/bin/sh, \"%s\", \"%s\", \"%s\"]}]\n",
            'a' + i, item, item, item, item, item);
        assert_int_equal(heal_config_read_text(config, text, strlen(text), "f.yaml", NULL), 0);
    }
    check_round_trip(config, HEAL_CONFIG_EXPLAINED);
}

static void test_no_room(void **state) {
    struct heal_config *config HEAL_CLEANUP(heal_free_pointer) = config_new("");
    char small[100];

    (void)state;
    assert_int_equal(heal_config_write(config, HEAL_CONFIG_PLAIN, small, sizeof small), -ENOSPC);
    assert_true(strlen(small) < sizeof small);
}

static void test_origins(void **state) {
    static const char *const environment[] = {"HEALD_LOG=error", NULL};
    struct heal_config *config HEAL_CLEANUP(heal_free_pointer) =
        config_new("mode: act\nprobe:\n  fast: 20ms\n");
    char *text HEAL_CLEANUP(heal_free_pointer) = malloc(HEAL_CONFIG_TEXT_MAX);

    (void)state;
    assert_int_equal(heal_config_read_environment(config, environment, NULL), 0);
    assert_true(heal_config_write(config, HEAL_CONFIG_ORIGINS, text, HEAL_CONFIG_TEXT_MAX) > 0);
    assert_non_null(strstr(text, "\nmode: act  # f.yaml:1\n"));
    assert_non_null(strstr(text, "\n  fast: 20ms  # f.yaml:3\n"));
    assert_non_null(strstr(text, "\nlog: error  # environment\n"));
    assert_non_null(strstr(text, "\nround: 1s  # default\n"));
}

static void test_file_name_stays_in_its_comment(void **state) {
    struct heal_config *config HEAL_CLEANUP(heal_free_pointer) = malloc(sizeof *config);

    (void)state;
    heal_config_init(config);
    assert_int_equal(heal_config_read_text(config, "mode: warn", 10, "a\nmode: act\n.yaml", NULL), 0);
    check_round_trip(config, HEAL_CONFIG_ORIGINS);
}

static void collect(void *context, const struct heal_config_difference *difference) {
    char *all = context;
    size_t length = strlen(all);

    snprintf(all + length, 1000 - length, "%s %s>%s%s;", difference->name, difference->before,
             difference->after, difference->restart ? " restart" : "");
}

static void test_differences(void **state) {
    struct heal_config *before HEAL_CLEANUP(heal_free_pointer) =
        config_new("services: [{name: a, unit: a}, {name: b, unit: b}]\n");
    struct heal_config *after HEAL_CLEANUP(heal_free_pointer) =
        config_new("# elsewhere\nmode: act\nstate: /x\nprobe: {fast: 20ms}\nservices: [{name: b, unit: c}, "
                   "{name: d, unit: d}]\n"
                   "policy: {link-loss: {steps: [notify]}}\nthresholds: {loss: {min: 2%}}\n");
    char all[1000] = "";

    (void)state;
    before->node[HEAL_NAME_MAX - 1] = 'x'; /* behind the text's end */
    assert_int_equal(heal_config_differences(before, after, collect, all), 8);
    all[0] = '\0';
    before->node[HEAL_NAME_MAX - 1] = '\0';
    assert_int_equal(heal_config_differences(before, before, collect, all), 0);
    assert_string_equal(all, "");
    assert_int_equal(heal_config_differences(before, after, collect, all), 8);
    assert_string_equal(all,
                        "mode observe>act;state \"/var/lib/heald\">\"/x\" restart;probe.fast 50ms>20ms;"
                        "services.a.name \"a\">;services.d.name >\"d\";services.b.unit \"b\">\"c\";"
                        "thresholds.loss.min 0.01>0.02;"
                        "policy.link-loss.steps [route-around, link-cost, hop-penalty, throughput-override, "
                        "bounce-link, notify]>[notify];");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_largest),
        cmocka_unit_test(test_no_room),     cmocka_unit_test(test_origins),
        cmocka_unit_test(test_differences), cmocka_unit_test(test_file_name_stays_in_its_comment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
