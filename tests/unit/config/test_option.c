/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Every row of the option table: its name is its own, its default reads, fits its range and is explained. */
#include "config/option.h"

#include "base/cleanup.h"
#include "config/value.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t size_of_type(const struct heal_option *option) {
    switch (option->type) {
    case HEAL_OPTION_COMMAND:
        return sizeof(struct heal_config_command);
    case HEAL_OPTION_ADDRESS:
        return sizeof(struct heal_address);
    case HEAL_OPTION_CHOICE:
        return sizeof(int);
    case HEAL_OPTION_BOOL:
        return sizeof(bool);
    case HEAL_OPTION_DURATION:
    case HEAL_OPTION_SIZE:
        return sizeof(uint64_t);
    case HEAL_OPTION_MILLIS:
    case HEAL_OPTION_COUNT:
        return sizeof(uint16_t);
    case HEAL_OPTION_NUMBER:
        return sizeof(float);
    case HEAL_OPTION_STEPS:
        return sizeof(((struct heal_policy *)0)->step);
    case HEAL_OPTION_NAME:
    case HEAL_OPTION_PATH:
    case HEAL_OPTION_UNIT:
    case HEAL_OPTION_WORDS:
    case HEAL_OPTION_LISTEN:
    case HEAL_OPTION_TYPES:
        break;
    }
    return option->size; /* a text: any */
}

static void test_rows(void **state) {
    const struct heal_option *option;
    size_t rows = 0;

    (void)state;
    for (; (option = heal_option_at(rows)); rows++) {
        if (option->size != size_of_type(option))
            fail_msg("%s.%s: its field is not of its type", option->section, option->key);
        assert_ptr_equal(heal_option_find(option->section, option->key), option);
        assert_true(strlen(option->what) > 10 && option->what[strlen(option->what) - 1] == '.');
        assert_true(option->type != HEAL_OPTION_CHOICE || option->names[0]);
        assert_true(option->min <= option->max);
    }
    assert_true(rows > 40);
    assert_null(heal_option_at(rows));
    assert_null(heal_option_find("probe", "mode"));
}

static void test_slots_have_numbers_and_names_of_their_own(void **state) {
    static bool taken[HEAL_CONFIG_ORIGINS_MAX];
    struct heal_config *config HEAL_CLEANUP(heal_free_pointer) = malloc(sizeof *config);
    struct heal_option_slot slot = {NULL, 0};

    (void)state;
    heal_config_init(config);
    memset(taken, 0, sizeof taken);
    while (heal_option_next(&slot)) {
        size_t number = heal_option_number(&slot);
        char name[HEAL_CONFIG_NAME_MAX];

        assert_in_range(number, 0, HEAL_CONFIG_ORIGINS_MAX - 1);
        assert_false(taken[number]);
        taken[number] = true;
        assert_true(strlen(heal_option_name(&slot, config, name)) < HEAL_CONFIG_NAME_MAX - 1);
    }
}

/* The values that heald starts with obey the rules that a file must obey. */
static void test_defaults_read_back(void **state) {
    static struct heal_config config_memory, other_memory;
    struct heal_config *config = &config_memory, *other = &other_memory;
    struct heal_option_slot slot = {NULL, 0};
    struct heal_config_error error = {0};

    (void)state;
    heal_config_init(config);
    memset(other, 0, sizeof *other);
    while (heal_option_next(&slot)) {
        char buffer[512], name[HEAL_CONFIG_NAME_MAX];
        struct heal_text text;

        if (heal_option_is_service(slot.option))
            continue;
        heal_text_init(&text, buffer, sizeof buffer);
        heal_value_format(slot.option, heal_option_value(&slot, config), &text);
        heal_option_name(&slot, config, name);
        /* Lists are set as YAML has them, texts without their quotes. */
        char *value = buffer[0] == '"' ? buffer + 1 : buffer;
        if (buffer[0] == '"')
            value[strlen(value) - 1] = '\0';
        if (heal_config_set(other, name, value, &error) < 0)
            fail_msg("%s", error.error.what);
        assert_true(
            heal_value_equal(slot.option, heal_option_value(&slot, config), heal_option_value(&slot, other)));
    }
    assert_int_equal(heal_config_check(config, &error), 0);
    assert_string_equal(config->state, "/var/lib/heald");
    assert_string_equal(config->socket, "/run/heald/heald.sock");
    assert_string_equal(config->metrics_listen, "127.0.0.1:9177");
    assert_int_equal(config->mesh_port, 6697);
    assert_int_equal(config->mesh_probe_port, 6698);
    assert_int_equal(config->routing, HEAL_CONFIG_ROUTING_BABELD);
    assert_string_equal(config->routing_socket, "/run/babeld/babeld.sock");
    assert_int_equal(config->log, HEAL_CONFIG_LOG_INFO);
    assert_string_equal(heal_config_log_name(config->log), "info");
}

static void test_explain(void **state) {
    char name[HEAL_CONFIG_NAME_MAX], text[8192];
    struct heal_config_error error = {0};
    size_t names = 0;

    (void)state;
    for (; heal_config_option_name(names, name); names++) {
        int length = heal_config_explain(name, text, sizeof text, &error);

        assert_true(length > 0);
        assert_int_equal(strlen(text), length);
        assert_memory_equal(text, name, strlen(name));
    }
    assert_true(names > 140);
    assert_true(heal_config_explain("probe.fast", text, sizeof text, &error) > 0);
    assert_string_equal(text, "probe.fast\n"
                              "  Time between two probes of either size while a port is examined.\n"
                              "  value:       a duration such as 250ms, 1s or 10min\n"
                              "  range:       10ms to 10s\n"
                              "  default:     50ms\n"
                              "  environment: HEALD_PROBE_FAST\n"
                              "  change:      at a reload (SIGHUP)\n");
    assert_true(heal_config_explain("thresholds.loss.start", text, sizeof text, &error) > 0);
    assert_non_null(strstr(text, "unit:        share\n"));
    assert_non_null(strstr(text, "HEALD_THRESHOLDS_LOSS_START\n"));
    assert_true(heal_config_explain("policy.*.steps", text, sizeof text, &error) > 0);
    assert_null(strstr(text, "environment"));
    assert_true(heal_config_explain("services.worker.unit", text, sizeof text, &error) > 0);
    assert_true(heal_config_explain("state", text, sizeof text, &error) > 0);
    assert_non_null(strstr(text, "change:      when heald starts anew\n"));
    assert_true(heal_config_explain("guard", text, sizeof text, &error) > 0);
    assert_non_null(strstr(text, "guard.storm-limit"));
    assert_int_equal(heal_config_explain("probe.fats", text, sizeof text, &error), -ENOENT);
    assert_string_equal(error.error.what, "no option 'probe.fats'; did you mean 'probe.fast'?");
    assert_int_equal(heal_config_explain("qqqqqqqqqqqq", text, sizeof text, &error), -ENOENT);
    assert_string_equal(error.error.what, "no option 'qqqqqqqqqqqq'");
    assert_int_equal(heal_config_explain("policy..for", text, sizeof text, NULL), -ENOENT);
    assert_int_equal(heal_config_explain("mode", text, 20, &error), -ENOSPC);
}

static void test_manual(void **state) {
    static char text[HEAL_CONFIG_TEXT_MAX];
    size_t entries = 0, rows = 0;

    (void)state;
    int length = heal_config_manual(text, HEAL_CONFIG_TEXT_MAX);
    assert_true(length > 0);
    for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        entries += strncmp(line, ".TP\n", 4) == 0;
        /* Nothing of ours is taken for a request. */
        assert_true((line[0] != '.' && line[0] != '\'') || strncmp(line, ".TP", 3) == 0 ||
                    strncmp(line, ".B ", 3) == 0 || strncmp(line, ".SS ", 4) == 0);
    }
    while (heal_option_at(rows))
        rows++;
    assert_int_equal(entries, rows);
    assert_non_null(strstr(text, ".SS probe\n"));
    assert_non_null(strstr(text, ".B round\\-fast\n"));
    assert_int_equal(heal_config_manual(text, 100), -ENOSPC);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_slots_have_numbers_and_names_of_their_own),
        cmocka_unit_test(test_defaults_read_back),
        cmocka_unit_test(test_explain),
        cmocka_unit_test(test_manual),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
