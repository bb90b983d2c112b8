/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The files of the configuration: their order, their folders, and that a bad one leaves the old configuration
 * running. HEAL_EXAMPLE is the documented example, which must load as it is. */
#include "os/config_files.h"
#include "os/file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct heal_config_places places = {"heald.yaml", "conf.d", "policy.d", NULL};

struct fixture {
    char folder[64];
    struct heal_config config;
    struct heal_config_error error;
    char message[600];
};

static int setup(void **state) {
    static struct fixture fixture;

    memset(&fixture, 0, sizeof fixture);
    heal_config_init(&fixture.config);
    strcpy(fixture.folder, "/tmp/heald-test-config-XXXXXX");
    *state = &fixture;
    return mkdtemp(fixture.folder) && chdir(fixture.folder) == 0 ? 0 : -1;
}

static int teardown(void **state) {
    static const char *const names[] = {"conf.d/10-a.yaml",  "conf.d/9-b.yaml", "conf.d/.hidden.yaml",
                                        "conf.d/a.yaml.bak", "policy.d/p.yaml", "heald.yaml"};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(names[i]);
    rmdir("conf.d");
    rmdir("policy.d");
    return chdir("/") == 0 ? rmdir(fixture->folder) : -1;
}

static void put(const char *name, const char *text) {
    assert_int_equal(heal_file_write(name, text, strlen(text), 0600), 0);
}

static int load(struct fixture *fixture, const struct heal_config_places *from) {
    int r = heal_config_load(from, &fixture->config, &fixture->error);

    heal_config_error_format(&fixture->error, fixture->message, sizeof fixture->message);
    return r;
}

static void test_all_places_add_up(void **state) {
    static const char *const environment[] = {"HEALD_ROUND=3s", NULL};
    struct heal_config_places with_environment = places;
    struct fixture *fixture = *state;
    const struct heal_settings *settings = &fixture->config.settings;

    with_environment.environment = environment;
    assert_int_equal(mkdir("conf.d", 0700) | mkdir("policy.d", 0700), 0);
    put("heald.yaml", "node: n\nmode: warn\nlog: error\nround: 2s\nports-max: 3\n");
    put("conf.d/10-a.yaml", "log: debug\nmode: act\n");
    put("conf.d/9-b.yaml", "log: warning\n");
    put("conf.d/.hidden.yaml", "hidden: 1\n");
    put("conf.d/a.yaml.bak", "backup: 1\n");
    put("policy.d/p.yaml", "policy: {link-flap: {for: 7s}}\n");
    assert_int_equal(load(fixture, &with_environment), 0);
    assert_string_equal(fixture->config.node, "n");
    assert_int_equal(settings->mode, HEAL_MODE_ACT);
    assert_int_equal(fixture->config.log, HEAL_CONFIG_LOG_WARNING); /* "9" is behind "10" */
    assert_int_equal(settings->round_us, 3000000);
    assert_int_equal(settings->ports_max, 3);
    assert_int_equal(settings->policy[HEAL_LINK_FLAP].for_us, 7000000);
}

static void test_no_places(void **state) {
    struct fixture *fixture = *state;

    assert_int_equal(load(fixture, &(struct heal_config_places){0}), 0);
    assert_true(fixture->config.node[0]); /* the host's */
    put("heald.yaml", "# all as by default\n");
    assert_int_equal(load(fixture, &places), 0); /* the folders need not be there */
}

static void check_failure(struct fixture *fixture, int code, const char *message) {
    heal_config_init(&fixture->config);
    fixture->config.mesh_port = 1234;
    assert_int_equal(load(fixture, &places), code);
    assert_string_equal(fixture->message, message);
    assert_int_equal(fixture->config.mesh_port, 1234);
    assert_int_equal(fixture->config.settings.mode, HEAL_MODE_OBSERVE);
}

static void test_failures_leave_the_old(void **state) {
    static char large[HEAL_CONFIG_INPUT_MAX + 1];
    struct fixture *fixture = *state;

    check_failure(fixture, -ENOENT, "heald.yaml: No such file or directory");
    put("heald.yaml", "\n");
    check_failure(fixture, -EINVAL, "heald.yaml: empty; `{}` says that all is to be as by default");
    put("heald.yaml", "mode: act\n");
    assert_int_equal(mkdir("conf.d", 0700) | mkdir("policy.d", 0700), 0);
    put("conf.d/9-b.yaml", "mode: act\nlogg: info\n");
    check_failure(fixture, -EINVAL, "conf.d/9-b.yaml:2:1: unknown key 'logg'; did you mean 'log'?");
    put("conf.d/9-b.yaml", "probe: {fast: 10s}\n");
    check_failure(fixture, -EINVAL,
                  "conf.d/9-b.yaml:1:15: probe.fast: must not be longer than probe.small (500 ms)");
    put("conf.d/9-b.yaml", "{}");
    put("policy.d/p.yaml", "\nmode: act\n");
    check_failure(fixture, -EINVAL,
                  "policy.d/p.yaml:2:1: unknown key 'mode' in a policy file; known here: policy");
    memset(large, '\n', sizeof large);
    assert_int_equal(heal_file_write("heald.yaml", large, sizeof large, 0600), 0);
    check_failure(fixture, -EFBIG, "heald.yaml: larger than 1 MiB");
    assert_int_equal(unlink("heald.yaml") | mkdir("heald.yaml", 0700), 0);
    check_failure(fixture, -EISDIR, "heald.yaml: Is a directory");
    assert_int_equal(rmdir("heald.yaml") | mkfifo("heald.yaml", 0600), 0);
    check_failure(fixture, -EINVAL, "heald.yaml: not a regular file");
    assert_int_equal(heal_config_load(&places, &fixture->config, NULL), -EINVAL);
}

static void test_the_folders_beside_a_file(void **state) {
    static const struct {
        const char *file, *conf_folder, *policy_folder;
    } beside[] = {
        {"/x/y/h.yaml", "/x/y/conf.d",       "/x/y/policy.d"      },
        {"h.yaml",      "conf.d",            "policy.d"           },
        {NULL,          "/etc/heald/conf.d", "/etc/heald/policy.d"},
    };
    struct heal_config_beside room;

    (void)state;
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        struct heal_config_places found = heal_config_places_beside(beside[i].file, &room);

        assert_string_equal(found.conf_folder, beside[i].conf_folder);
        assert_string_equal(found.policy_folder, beside[i].policy_folder);
        assert_ptr_equal(found.environment, environ);
        if (beside[i].file)
            assert_string_equal(found.file, beside[i].file);
        else
            assert_int_equal(found.file != NULL, access(HEAL_CONFIG_FILE, F_OK) == 0);
    }
}

static void test_the_example(void **state) {
    struct heal_config_places example = {.file = HEAL_EXAMPLE};
    struct fixture *fixture = *state;

    if (load(fixture, &example) < 0)
        fail_msg("%s", fixture->message);
    assert_string_equal(fixture->config.node, "relay-7");
    assert_int_equal(fixture->config.settings.mode, HEAL_MODE_OBSERVE);
    assert_int_equal(fixture->config.settings.services, 3);
    assert_int_equal(fixture->config.settings.policy[HEAL_LINK_LOSS].steps, 3);
    assert_int_equal(fixture->config.notify_hook.arguments, 5);
    /* What a restart starts must not be inside heald.service. */
    for (size_t i = 0; i < 3; i++)
        if (fixture->config.service[i].restart.arguments > 0)
            assert_string_equal(fixture->config.service[i].restart.text, "/usr/bin/systemctl");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_places_add_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_places, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failures_leave_the_old, setup, teardown),
        cmocka_unit_test(test_the_folders_beside_a_file),
        cmocka_unit_test_setup_teardown(test_the_example, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
