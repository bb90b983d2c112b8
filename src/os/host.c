/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/host.h"

#include "os/host_parts.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "os/netlink_socket.h"
#include "os/nftables.h"
#include "os/process.h"
#include "os/procfs.h"
#include "os/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GREETING_MS = 500 };

enum heal_host_answer heal_host_yes_or_why(int code, struct heal_text *why) {
    if (code < 0) {
        heal_text_add(why, "%s", strerror(-code));
    }
    return code < 0 ? HEAL_HOST_NO : HEAL_HOST_YES;
}

/* A look at one thing. */
struct look {
    const char *name, *what;
    enum heal_host_answer (*at)(const struct heal_config *config, struct heal_text *why);
};

static void ignore(void *context, const struct heal_reading *reading) {
    (void)context;
    (void)reading;
}

static enum heal_host_answer look_at_rtnetlink(const struct heal_config *config, struct heal_text *why) {
    struct heal_netlink_socket socket = {0};
    int r = heal_netlink_socket_init(&socket, NETLINK_ROUTE);
    (void)config;
    if (r == 0) {
        r = heal_netlink_dump(&socket, RTM_GETROUTE, AF_INET6, sizeof(struct rtmsg), NULL, NULL);
        heal_netlink_socket_deinit(&socket);
    }
    /* -EAGAIN: routes changed meanwhile, so there are routes. */
    return heal_host_yes_or_why(r == -EAGAIN ? 0 : r, why);
}

static enum heal_host_answer look_at_procfs(const struct heal_config *config, struct heal_text *why) {
    const struct heal_procfs_options options = {.processes =
                                                    config->node_source == HEAL_CONFIG_NODE_PROCESSES};
    const struct heal_reading_sink sink = {.take = ignore};
    struct heal_procfs *procfs;
    int r = heal_procfs_open(&options, &procfs);
    if (r == 0) {
        r = heal_procfs_read(procfs, 0, &sink);
        heal_procfs_close(procfs);
    }
    return heal_host_yes_or_why(r, why);
}

static enum heal_host_answer look_at_pressure(const struct heal_config *config, struct heal_text *why) {
    char text[512];
    float share;
    ssize_t length = heal_small_file_read("/proc/pressure/cpu", text, sizeof(text));
    if (config->node_source == HEAL_CONFIG_NODE_PROCESSES) {
        return HEAL_HOST_UNUSED;
    }
    if (length == -ENOENT || length == -EOPNOTSUPP) {
        heal_text_add(why, "the kernel was built or started without it (CONFIG_PSI, psi=1)");
        return HEAL_HOST_NO;
    }
    return heal_host_yes_or_why(
        length < 0 ? (int)length : heal_proc_pressure_parse(text, (size_t)length, &share), why);
}

/* Takes what babeld says to whoever connects: "BABEL 1.0", "version babeld-1.13", … */
static enum heal_host_answer look_at_greeting(int fd, struct heal_text *why) {
    char text[256];
    struct pollfd answer = {.fd = fd, .events = POLLIN};
    ssize_t length = poll(&answer, 1, GREETING_MS) > 0 ? recv(fd, text, sizeof(text) - 1, 0) : -1;
    if (length < 0) {
        heal_text_add(why, "it lets itself be connected to, and says nothing");
        return HEAL_HOST_NO;
    }
    text[length] = '\0';
    if (strncmp(text, "BABEL ", strlen("BABEL ")) != 0) {
        heal_text_add(why, "what answers there is not babeld");
        return HEAL_HOST_NO;
    }
    const char *version = strstr(text, "\nversion ");
    version = version ? version + strlen("\nversion ") : text;
    heal_text_add(why, "%.*s", (int)strcspn(version, "\n"), version);
    return HEAL_HOST_YES;
}

static void say_why_not_connected(int code, const char *path, struct heal_text *why) {
    if (code == ENOENT) {
        heal_text_add(why, "nothing at %s: babeld does not run, or has no such local-path-readwrite", path);
    } else if (code == ECONNREFUSED) {
        heal_text_add(why, "nobody listens at %s: a babeld that has ended left it", path);
    } else if (code == EACCES || code == EPERM) {
        heal_text_add(why, "this user may not connect to %s", path);
    } else {
        heal_text_add(why, "%s: %s", path, strerror(code));
    }
}

static enum heal_host_answer look_at_babeld(const struct heal_config *config, struct heal_text *why) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    enum heal_host_answer answer = HEAL_HOST_NO;
    if (config->routing != HEAL_CONFIG_ROUTING_BABELD) {
        return HEAL_HOST_UNUSED;
    }
    heal_name_copy(address.sun_path, sizeof(address.sun_path), config->routing_socket);
    /* One that does not accept must not hold us up: a full queue is EAGAIN. */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
        answer = look_at_greeting(fd, why);
    } else {
        say_why_not_connected(errno, config->routing_socket, why);
    }
    if (fd >= 0) {
        close(fd);
    }
    return answer;
}

static enum heal_host_answer has_capability(unsigned capability, struct heal_text *why) {
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    if (syscall(SYS_capget, &head, data) < 0) {
        return heal_host_yes_or_why(-errno, why);
    }
    if (data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability)) {
        return HEAL_HOST_YES;
    }
    heal_text_add(why, "whoever asks here has it not; heald.service gives it to heald");
    return HEAL_HOST_NO;
}

static enum heal_host_answer look_at_net_admin(const struct heal_config *config, struct heal_text *why) {
    (void)config;
    return has_capability(CAP_NET_ADMIN, why);
}

static enum heal_host_answer look_at_net_raw(const struct heal_config *config, struct heal_text *why) {
    (void)config;
    return has_capability(CAP_NET_RAW, why);
}

static enum heal_host_answer look_at_nftables(const struct heal_config *config, struct heal_text *why) {
    char program[256];
    (void)config;
    if (heal_spawn_find("nft", program, sizeof(program)) < 0) {
        heal_text_add(why, "the program nft is not installed");
        return HEAL_HOST_NO;
    }
    /* As heald does at its start; a kernel that has it as a module loads that at the question. */
    int r = heal_nftables_is_there();
    if (r >= 0) {
        heal_text_add(why, "%s", program);
        return HEAL_HOST_YES;
    }
    if (r == -EPERM) {
        heal_text_add(why, "the kernel tells those with CAP_NET_ADMIN only");
        return HEAL_HOST_NO;
    }
    heal_text_add(why, "the kernel has none: %s", strerror(-r));
    return HEAL_HOST_NO;
}

static enum heal_host_answer look_at_systemd(const struct heal_config *config, struct heal_text *why) {
    char program[256];
    (void)config;
    if (heal_spawn_find("systemctl", program, sizeof(program)) < 0) {
        heal_text_add(why, "the program systemctl is not installed");
        return HEAL_HOST_NO;
    }
    if (access("/run/systemd/system", F_OK) < 0) {
        heal_text_add(why, "systemctl is there, but this host was not started by systemd");
        return HEAL_HOST_NO;
    }
    return HEAL_HOST_YES;
}

static bool has_word(const char *text, const char *word) {
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += length) {
        if ((at == text || at[-1] == ' ') && strchr(" \n", at[length])) {
            return true;
        }
    }
    return false;
}

static enum heal_host_answer look_at_cgroup(const struct heal_config *config, struct heal_text *why) {
    static const char *const lists[] = {"/sys/fs/cgroup/cgroup.controllers",
                                        "/sys/fs/cgroup/unified/cgroup.controllers"};
    char text[512];
    bool version2 = false;
    (void)config;
    for (size_t i = 0; i < HEAL_COUNT(lists); i++) {
        ssize_t length = heal_small_file_read(lists[i], text, sizeof(text));
        version2 |= length >= 0;
        if (length > 0 && has_word(text, "cpu")) {
            heal_text_add(why, "version 2");
            return HEAL_HOST_YES;
        }
    }
    if (access("/sys/fs/cgroup/cpu/cgroup.procs", F_OK) == 0) {
        heal_text_add(why, "version 1");
        return HEAL_HOST_YES;
    }
    heal_text_add(why, "%s; services are stopped and continued in turn",
                  version2 ? "version 2 is there, without its cpu controller"
                           : "no cgroup of CPU is mounted");
    return HEAL_HOST_NO;
}

static enum heal_host_answer look_at_forwarding(const struct heal_config *config, struct heal_text *why) {
    char text[16];
    ssize_t length = heal_small_file_read("/proc/sys/net/ipv6/conf/all/forwarding", text, sizeof(text));
    (void)config;
    if (length <= 0) {
        heal_text_add(why, "this kernel has no IPv6: %s", strerror(length < 0 ? (int)-length : EIO));
        return HEAL_HOST_NO;
    }
    bool on = text[0] != '0';
    heal_text_add(why, "net.ipv6.conf.all.forwarding = %.*s", (int)strcspn(text, "\n"), text);
    return on ? HEAL_HOST_YES : HEAL_HOST_NO;
}

/* The folder, or the nearest above it that is there. @return whether it is the folder itself. */
static bool nearest_folder(char *path) {
    bool itself = true;
    while (access(path, F_OK) < 0 && errno == ENOENT) {
        char *slash = strrchr(path, '/');
        itself = false;
        if (!slash || slash == path) {
            strcpy(path, slash ? "/" : ".");
            break;
        }
        *slash = '\0';
    }
    return itself;
}

static enum heal_host_answer look_at_state(const struct heal_config *config, struct heal_text *why) {
    char path[HEAL_CONFIG_PATH_MAX];
    struct stat status;
    heal_name_copy(path, sizeof(path), config->state);
    bool itself = nearest_folder(path);
    bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    int r = folder ? 0 : ENOTDIR;
    if (folder && faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) < 0) {
        r = errno;
    }
    heal_text_add(why, "%s%s", config->state, itself ? "" : " is not there yet");
    if (r && itself) {
        heal_text_add(why, ": %s", strerror(r));
    } else if (r) {
        heal_text_add(why, ", and cannot be made: %s: %s", path, strerror(r));
    }
    return r ? HEAL_HOST_NO : HEAL_HOST_YES;
}

/* In a child: what the lab does first. Some kernels allow the namespaces, and then nothing in them. */
_Noreturn static void try_namespaces(void) {
    static const char name[] = "heal";
    char map[32];
    snprintf(map, sizeof(map), "0 %u 1", (unsigned)geteuid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWPID) < 0) {
        _exit(errno);
    }
    int r = heal_small_file_write("/proc/self/uid_map", map);
    if (r == 0 && sethostname(name, strlen(name)) < 0) {
        r = -errno;
    }
    _exit(-r);
}

static enum heal_host_answer look_at_namespaces(const struct heal_config *config, struct heal_text *why) {
    int status = 0;
    pid_t child = fork(), ended;
    (void)config;
    if (child == 0) {
        try_namespaces();
    }
    do {
        ended = child < 0 ? -1 : waitpid(child, &status, 0);
    } while (ended < 0 && child > 0 && errno == EINTR);
    int code = ended < 0 ? errno : WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
    if (code) {
        heal_text_add(why, "%s: see user.max_user_namespaces, kernel.unprivileged_userns_clone, AppArmor",
                      strerror(code));
    }
    return code ? HEAL_HOST_NO : HEAL_HOST_YES;
}

static enum heal_host_answer look_at_programs(const struct heal_config *config, struct heal_text *why) {
    static const char *const names[] = {"ip", "tc", "nft", "babeld"};
    char program[256];
    size_t missing = 0;
    (void)config;
    for (size_t i = 0; i < HEAL_COUNT(names); i++) {
        if (heal_spawn_find(names[i], program, sizeof(program)) < 0) {
            heal_text_add(why, "%s%s", missing++ ? ", " : "not installed: ", names[i]);
        }
    }
    return missing ? HEAL_HOST_NO : HEAL_HOST_YES;
}

static const struct look looks[] = {
    {"rtnetlink",     "links, routes, and detours around what is sick",  look_at_rtnetlink           },
    {"procfs",        "the node's CPU, memory and services",             look_at_procfs              },
    {"pressure",      "evidence of a node's overload (PSI)",             look_at_pressure            },
    {"babeld",        "neighbours and their routes; the cost of a link", look_at_babeld              },
    {"CAP_NET_ADMIN", "changing routes, links and rules",                look_at_net_admin           },
    {"CAP_NET_RAW",   "probes through a neighbour to nodes beyond it",   look_at_net_raw             },
    {"nftables",      "the quarantine of a neighbour",                   look_at_nftables            },
    {"systemd",       "what units do, and restarting them",              look_at_systemd             },
    {"cgroup-cpu",    "throttling a service by its CPU quota",           look_at_cgroup              },
    {"forwarding",    "carrying others' traffic (IPv6)",                 look_at_forwarding          },
    {"state",         "keeping what heald knows",                        look_at_state               },
    {"batman-adv",    "a mesh below IP: its neighbours, and tuning it",  heal_host_look_at_batadv    },
    {"nl80211",       "signal and counters of the radios",               heal_host_look_at_nl80211   },
    {"radio-file",    "signal and noise of the radios",                  heal_host_look_at_radio_file},
    {"namespaces",    "the lab, without root",                           look_at_namespaces          },
    {"lab-programs",  "the lab",                                         look_at_programs            },
};

void heal_probe_host(const struct heal_config *config,
                     void (*each)(void *context, const struct heal_host_item *item), void *context) {
    for (size_t i = 0; i < HEAL_COUNT(looks); i++) {
        struct heal_host_item item = {.name = looks[i].name, .what = looks[i].what};
        struct heal_text why;
        heal_text_init(&why, item.why, sizeof(item.why));
        enum heal_host_answer answer = looks[i].at(config, &why);
        if (answer != HEAL_HOST_UNUSED) {
            item.available = answer == HEAL_HOST_YES;
            each(context, &item);
        }
    }
}
