/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* heald-helper: acts for the daemon, which may do nothing itself. It comes by one connection, gives up what
 * it does not need, serves, and ends. */
#include "helper/serving.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "os/helper_socket.h"
#include "os/privilege.h"
#include "os/sandbox.h"
#include "wire/helper_order.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_PASSED = 3, EXIT_USAGE = 64 };

/* Routes, links, rules; frames; stopping other users' processes; telling people as the daemon's user. */
#define KEPT                                                                                                 \
    (HEAL_CAPABILITY(CAP_NET_ADMIN) | HEAL_CAPABILITY(CAP_NET_RAW) | HEAL_CAPABILITY(CAP_KILL) |             \
     HEAL_CAPABILITY(CAP_SETUID) | HEAL_CAPABILITY(CAP_SETGID))

/* @return whether systemd listens, and has passed the socket (sd_listen_fds(3)). */
static bool is_passed(void) {
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");

    return pid && count && strtol(pid, NULL, 10) == getpid() && strcmp(count, "1") == 0;
}

/* @return the connection to the daemon, or a negative errno. */
static int connect_daemon(bool connected, const struct heal_config *config) {
    struct heal_user user = {.uid = geteuid()};

    if (connected)
        return FIRST_PASSED;
    if (config->user[0] && heal_user_find(config->user, &user) < 0)
        fprintf(stderr, "heald-helper: there is no user %s: only root may order\n", config->user);
    int listening = is_passed() ? FIRST_PASSED : heal_helper_socket_listen(config->helper, user.gid);
    if (listening < 0)
        return listening;
    fprintf(stderr, "heald-helper: listens\n");
    int fd = heal_helper_socket_accept(listening, user.uid);
    close(listening);
    return fd;
}

/* Before the first byte of the daemon's is looked at. */
static int give_up_privileges(void) {
    int r = heal_capabilities_keep(KEPT);

    if (r == 0)
        r = heal_privilege_seal();
    if (r < 0)
        return r;
    r = heal_sandbox_enter(HEAL_SANDBOX_HELPER);
    if (r < 0)
        fprintf(stderr, "heald-helper: no filter of system calls: %s\n", strerror(-r));
    return r == -ENOTSUP || r == -ENOSYS ? 0 : r;
}

/* Who waits for the helper hears why there is none. */
static void say_why(bool connected, int code, const char *words) {
    struct heal_helper_answer said = {.version = HEAL_HELPER_VERSION, .code = code};
    int fd = connected ? FIRST_PASSED : is_passed() ? accept(FIRST_PASSED, NULL, NULL) : -1;

    fprintf(stderr, "heald-helper: %s\n", words);
    heal_name_copy(said.text, sizeof said.text, words);
    (void)heal_helper_socket_send(fd, &said, sizeof said, -1);
}

/* @param places the file and the folders of the configuration; "": where heald looks by itself. */
static int run(bool connected, const char *const places[static 3]) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_config *config = calloc(1, sizeof *config);
    char words[HEAL_CONFIG_PATH_MAX + 256] = "";
    struct heal_config_beside beside;
    struct heal_config_places from = heal_config_places_beside(places[0][0] ? places[0] : NULL, &beside);

    if (!config)
        return -ENOMEM;
    from.conf_folder = places[1][0] ? places[1] : from.conf_folder;
    from.policy_folder = places[2][0] ? places[2] : from.policy_folder;
    int r = heal_serving_configure(&from, config, words, sizeof words);
    if (r < 0) {
        say_why(connected, r, words);
        return r;
    }
    /* Where it cannot be made, no note of a quota can be kept: said then. */
    (void)mkdir(config->helper, 0755);
    struct heal_serving_options options = {connect_daemon(connected, config), &from, config};
    if (options.socket < 0)
        return options.socket;
    fcntl(options.socket, F_SETFD, FD_CLOEXEC);
    r = give_up_privileges();
    return r < 0 ? r : heal_serving_run(&options);
}

int main(int argc, char **argv) {
    bool connected = argc > 1 && strcmp(argv[1], "--connected") == 0;
    int first = connected ? 2 : 1;
    const char *places[3] = {"", "", ""};

    if (argc > first + 3 || (argc > first && argv[first][0] == '-')) {
        fprintf(stderr, "usage: heald-helper [--connected] [FILE [CONF-DIR [POLICY-DIR]]]\n");
        return EXIT_USAGE;
    }
    for (int i = first; i < argc; i++)
        places[i - first] = argv[i];
    /* A terminal's signals are the daemon's; what it must end is told by the end of the connection. */
    if (connected)
        (void)setsid();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    int r = run(connected, places);
    if (r < 0)
        fprintf(stderr, "heald-helper: ended: %s\n", strerror(-r));
    return r < 0;
}
