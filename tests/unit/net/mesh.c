/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "mesh.h"

#include "../os/live.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int space[MESH_NODES];
static char why[256];

static bool write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return written;
}

void mesh_enter(enum mesh_node node) {
    if (setns(space[node], CLONE_NEWNET) < 0) {
        perror("setns");
        abort();
    }
}

int mesh_run(enum mesh_node node, const char *format, ...) {
    char command[2048];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    mesh_enter(node);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The user namespace gives the rights; where even that is not allowed, root may do without. */
static bool own_namespace(void) {
    char map[64];
    unsigned uid = getuid(), gid = getgid();

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
        return unshare(CLONE_NEWNET) == 0;
    snprintf(map, sizeof map, "0 %u 1", uid);
    bool mapped = write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", gid);
    return mapped && write_file("/proc/self/gid_map", map);
}

static bool make_spaces(void) {
    for (unsigned i = 0; i < MESH_NODES; i++) {
        if (i > 0 && unshare(CLONE_NEWNET) < 0)
            return false;
        /* Inherited by commands: ip names a namespace by its descriptor. */
        space[i] = open("/proc/self/ns/net", O_RDONLY);
        if (space[i] < 0)
            return false;
    }
    return true;
}

static int make_end(enum mesh_node node, const char *name, const char *other) {
    return mesh_run(node,
                    "ip link add to%s type veth peer name k%s%s netns /proc/self/fd/%d && "
                    "ip link set to%s addrgenmode none && ip link set to%s up && "
                    "ip addr add fe80::%s/64 dev to%s nodad && "
                    "{ ethtool -K to%s tso off gso off tx off >/dev/null 2>&1 || true; }",
                    other, name, other, space[MESH_AIR], other, other, name, other, other) ||
           mesh_run(MESH_AIR, "echo 1 > /proc/sys/net/ipv6/conf/k%s%s/disable_ipv6; ip link set k%s%s up",
                    name, other, name, other);
}

static int make_node(enum mesh_node node, const char *name) {
    return mesh_run(node,
                    "ip link set lo up && ip addr add fd00::%s/128 dev lo nodad && "
                    "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding",
                    name);
}

static int make_air(const char *one, const char *other) {
    return mesh_run(MESH_AIR,
                    "nft 'add table netdev air; add counter netdev air lost; "
                    "add chain netdev air k%s%s { type filter hook ingress device \"k%s%s\" priority 0; "
                    "policy drop; }; "
                    "add chain netdev air k%s%s { type filter hook ingress device \"k%s%s\" priority 0; "
                    "policy drop; };'",
                    one, other, one, other, other, one, other, one);
}

const char *mesh_open(void) {
    if (!own_namespace() || !make_spaces()) {
        snprintf(why, sizeof why, "no network namespace of our own: %s", strerror(errno));
        return why;
    }
    if (system("command -v ip >/dev/null && command -v nft >/dev/null") != 0)
        return "ip or nft is not installed";
    if (make_node(MESH_A, "a") || make_node(MESH_B, "b") || make_node(MESH_C, "c") ||
        make_end(MESH_A, "a", "b") || make_end(MESH_B, "b", "a") || make_end(MESH_B, "b", "c") ||
        make_end(MESH_C, "c", "b"))
        return "no veth links in a namespace of our own";
    if (make_air("a", "b") || make_air("b", "c"))
        return "no nftables netdev hooks in a namespace of our own";
    mesh_fault("a", "b", "");
    mesh_fault("b", "a", "");
    mesh_fault("b", "c", "");
    mesh_fault("c", "b", "");
    if (mesh_run(
            MESH_A,
            "ip -6 route add fd00::b via fe80::b dev tob && ip -6 route add fd00::c via fe80::b dev tob") ||
        mesh_run(
            MESH_B,
            "ip -6 route add fd00::a via fe80::a dev toa && ip -6 route add fd00::c via fe80::c dev toc") ||
        mesh_run(MESH_C, "ip -6 route add default via fe80::b dev tob"))
        return "no routes in a namespace of our own";
    return NULL;
}

void mesh_fault(const char *from, const char *to, const char *rule) {
    char line[512] = "";

    if (rule[0])
        snprintf(line, sizeof line, "add rule netdev air k%s%s %s; ", from, to, rule);
    if (mesh_run(MESH_AIR, "nft 'flush chain netdev air k%s%s; %sadd rule netdev air k%s%s fwd to \"k%s%s\"'",
                 from, to, line, from, to, to, from) != 0) {
        fprintf(stderr, "the fault was not put in: %s\n", rule);
        abort();
    }
}

unsigned long mesh_lost(void) {
    char line[256];
    unsigned long packets = 0;

    mesh_enter(MESH_AIR);
    FILE *output = popen("nft list counter netdev air lost", "r");
    while (output && fgets(line, sizeof line, output)) {
        char *found = strstr(line, "packets ");
        if (found)
            packets = strtoul(found + strlen("packets "), NULL, 10);
    }
    if (output)
        pclose(output);
    return packets;
}

struct heal_address mesh_address(const char *node) {
    struct heal_address address = {{0}};
    char text[HEAL_ADDRESS_TEXT];

    snprintf(text, sizeof text, "fd00::%s", node);
    heal_address_parse(text, &address);
    return address;
}

struct heal_port_key mesh_port(const char *neighbour) {
    struct heal_port_key key = {{0}, {{0}}};
    char text[HEAL_ADDRESS_TEXT];

    snprintf(key.ifname, sizeof key.ifname, "to%s", neighbour);
    snprintf(text, sizeof text, "fe80::%s", neighbour);
    heal_address_parse(text, &key.peer);
    return key;
}

struct question {
    bool (*happened)(void);
};

static bool ask(void *context) {
    return ((const struct question *)context)->happened();
}

bool mesh_wait(struct event_base *base, bool (*happened)(void)) {
    struct question question = {happened};

    return live_wait(base, ask, &question, LIVE_PATIENCE_MS);
}
