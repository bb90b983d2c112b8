/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "live.h"
#include "os/host.h"

#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ITEMS_MAX = 32, NOBODY = 65534, SKIPPED = 77 };

struct found {
    size_t count;
    struct heal_host_item item[ITEMS_MAX];
};

struct fixture {
    char folder[64], path[96];
    struct heal_config config;
    struct found found;
};

static void note(void *context, const struct heal_host_item *item) {
    struct found *found = context;
    if (found->count < ITEMS_MAX) {
        found->item[found->count++] = *item;
    }
}

static int set_up(void **state) {
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/heal-host-XXXXXX");
    if (!mkdtemp(fixture->folder)) {
        return -1;
    }
    chmod(fixture->folder, 0755);
    snprintf(fixture->path, sizeof(fixture->path), "%s/thing", fixture->folder);
    heal_config_init(&fixture->config);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    live_try("rm -rf %s", fixture->folder);
    free(fixture);
    return 0;
}

static void look(struct fixture *fixture) {
    fixture->found.count = 0;
    heal_probe_host(&fixture->config, note, &fixture->found);
}

static const struct heal_host_item *find(const struct fixture *fixture, const char *name) {
    for (size_t i = 0; i < fixture->found.count; i++) {
        if (strcmp(fixture->found.item[i].name, name) == 0) {
            return &fixture->found.item[i];
        }
    }
    return NULL;
}

/* Looks, and expects an answer with these words. */
static void expect(struct fixture *fixture, const char *name, bool available, const char *words) {
    look(fixture);
    const struct heal_host_item *item = find(fixture, name);
    assert_non_null(item);
    if (item->available != available || !strstr(item->why, words)) {
        fail_msg("%s: %s, '%s'", name, item->available ? "yes" : "no", item->why);
    }
}

/* Whether what was found is what a reader can use: every thing once, and why it is not there. */
static bool is_sound(const struct fixture *fixture) {
    const struct found *found = &fixture->found;
    for (size_t i = 0; i < found->count; i++) {
        const struct heal_host_item *item = &found->item[i];
        bool sound = item->name[0] && !strchr(item->name, ' ') && item->what[0] &&
                     find(fixture, item->name) == item && (item->available || item->why[0]);
        if (!sound) {
            printf("%s (%s): %d, '%s'\n", item->name, item->what, item->available, item->why);
            return false;
        }
    }
    return found->count >= 10 && found->count < ITEMS_MAX;
}

static void test_each_thing_once_in_words(void **state) {
    struct fixture *fixture = *state;
    char before[65], after[65];
    size_t descriptors = live_descriptors();
    gethostname(before, sizeof(before));
    look(fixture);
    assert_true(is_sound(fixture));
    assert_true(find(fixture, "rtnetlink")->available);
    assert_true(find(fixture, "procfs")->available);
    /* It leaves nothing behind, the name of the namespace that it tried least of all. */
    gethostname(after, sizeof(after));
    assert_string_equal(before, after);
    assert_int_equal(live_descriptors(), descriptors);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void test_what_is_not_wanted_is_not_looked_for(void **state) {
    struct fixture *fixture = *state;
    look(fixture);
    assert_non_null(find(fixture, "babeld"));
    assert_null(find(fixture, "radio-file"));
    fixture->config.routing = HEAL_CONFIG_ROUTING_NONE;
    fixture->config.node_source = HEAL_CONFIG_NODE_PROCESSES;
    look(fixture);
    assert_true(is_sound(fixture));
    assert_null(find(fixture, "babeld"));
    assert_null(find(fixture, "pressure"));
}

/* A socket at the fixture's path. @param backlog below 0: nobody listens. */
static int bind_there(struct fixture *fixture, int backlog) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture->path);
    unlink(fixture->path);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    if (backlog >= 0) {
        assert_int_equal(listen(fd, backlog), 0);
    }
    return fd;
}

/* A daemon that greets whoever comes first. */
static void expect_greeted(struct fixture *fixture, const char *greeting, bool available, const char *words) {
    int fd = bind_there(fixture, 1);
    pid_t child = fork();
    if (child == 0) {
        int client = accept(fd, NULL, NULL);
        bool good = client >= 0 && write(client, greeting, strlen(greeting)) == (ssize_t)strlen(greeting);
        _exit(good ? 0 : 1);
    }
    expect(fixture, "babeld", available, words);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(fd);
}

static void test_the_routing_daemon(void **state) {
    struct fixture *fixture = *state;
    snprintf(fixture->config.routing_socket, sizeof(fixture->config.routing_socket), "%s", fixture->path);
    expect(fixture, "babeld", false, "nothing at /tmp/heal-host-");
    close(bind_there(fixture, -1));
    expect(fixture, "babeld", false, "nobody listens at /tmp/heal-host-");
    int silent = bind_there(fixture, 1);
    expect(fixture, "babeld", false, "says nothing");
    close(silent);
    expect_greeted(fixture, "BABEL 1.0\nversion babeld-1.13.1\nhost west\nok\n", true, "babeld-1.13.1");
    expect_greeted(fixture, "220 mail.example ESMTP\r\n", false, "not babeld");
    expect_greeted(fixture, "", false, "not babeld");
}

static void test_the_state_folder(void **state) {
    struct fixture *fixture = *state;
    snprintf(fixture->config.state, sizeof(fixture->config.state), "%s", fixture->folder);
    expect(fixture, "state", true, fixture->folder);
    snprintf(fixture->config.state, sizeof(fixture->config.state), "%s/a/b", fixture->folder);
    expect(fixture, "state", true, "is not there yet");
    assert_int_equal(live_try("test -e %s/a", fixture->folder), 1);
    live_run("touch %s", fixture->path);
    snprintf(fixture->config.state, sizeof(fixture->config.state), "%s", fixture->path);
    expect(fixture, "state", false, "Not a directory");
}

static void test_the_radio_file(void **state) {
    struct fixture *fixture = *state;
    snprintf(fixture->config.radio_file, sizeof(fixture->config.radio_file), "%s", fixture->path);
    expect(fixture, "radio-file", false, "No such file");
    live_run("echo nonsense >%s", fixture->path);
    expect(fixture, "radio-file", false, fixture->path);
    live_run(": >%s", fixture->path);
    expect(fixture, "radio-file", true, fixture->path);
}

/* In a child: @return the exit code. */
static int as_nobody(struct fixture *fixture) {
    if (getuid() == 0 && (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
                          setresuid(NOBODY, NOBODY, NOBODY) < 0)) {
        return SKIPPED;
    }
    snprintf(fixture->config.routing_socket, sizeof(fixture->config.routing_socket), "%s", fixture->path);
    look(fixture);
    const struct heal_host_item *admin = find(fixture, "CAP_NET_ADMIN"), *raw = find(fixture, "CAP_NET_RAW"),
                                *babeld = find(fixture, "babeld"), *rules = find(fixture, "nftables"),
                                *folder = find(fixture, "state");
    bool good = is_sound(fixture) && !admin->available && !raw->available && !rules->available &&
                !folder->available && find(fixture, "rtnetlink")->available;
    good = good && !babeld->available && strstr(babeld->why, "may not connect");
    good = good && strstr(folder->why, "Permission denied");
    for (size_t i = 0; !good && i < fixture->found.count; i++) {
        printf("%s: %d, '%s'\n", fixture->found.item[i].name, fixture->found.item[i].available,
               fixture->found.item[i].why);
    }
    return good ? 0 : 1;
}

static int in_namespace(struct fixture *fixture) {
    live_enter(); /* exits with SKIPPED */
    look(fixture);
    bool good = is_sound(fixture) && find(fixture, "CAP_NET_ADMIN")->available &&
                find(fixture, "CAP_NET_RAW")->available && find(fixture, "rtnetlink")->available;
    return good ? 0 : 1;
}

static void in_child(struct fixture *fixture, int (*what)(struct fixture *fixture)) {
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int code = what(fixture);
        fflush(stdout);
        _exit(code);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == SKIPPED) {
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_as_an_unprivileged_user(void **state) {
    struct fixture *fixture = *state;
    int fd = bind_there(fixture, 1);
    live_run("chmod 0 %s; mkdir -m 500 %s/state", fixture->path, fixture->folder);
    snprintf(fixture->config.state, sizeof(fixture->config.state), "%s/state", fixture->folder);
    in_child(fixture, as_nobody);
    close(fd);
}

static void test_in_a_user_namespace(void **state) {
    in_child(*state, in_namespace);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_thing_once_in_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_not_wanted_is_not_looked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_routing_daemon, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_state_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_radio_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_as_an_unprivileged_user, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_in_a_user_namespace, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
