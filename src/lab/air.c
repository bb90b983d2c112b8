/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/air.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lab/lab.h"
#include "lab/process.h"
#include "lab/sysctl.h"

int heal_air_prepare(void) {
    int r = heal_sysctl_write("net/ipv6/conf/all/disable_ipv6", 1);

    return r == 0 ? heal_sysctl_write("net/ipv6/conf/default/disable_ipv6", 1) : r;
}

const char *heal_lab_air_device(unsigned link, enum heal_lab_direction direction,
                                char buffer[static HEAL_IFNAME_MAX]) {
    snprintf(buffer, HEAL_IFNAME_MAX, "k%u%c", link, direction == HEAL_LAB_A_TO_B ? 'a' : 'b');
    return buffer;
}

static void print_link(FILE *out, const struct heal_topology *topology, unsigned link, const pid_t *pids) {
    for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++) {
        unsigned to = heal_topology_receiver(topology, link, way);
        unsigned from = heal_topology_receiver(topology, link, heal_lab_opposite(way));
        char device[HEAL_IFNAME_MAX];

        heal_lab_air_device(link, way, device);
        fprintf(out, "link add name %s type veth peer name %s netns %d\n", device, topology->node[to].name,
                (int)pids[from]);
        fprintf(out, "link set dev %s up\n", device);
    }
}

static void print_chain(FILE *out, unsigned link, enum heal_lab_direction direction) {
    char from[HEAL_IFNAME_MAX], to[HEAL_IFNAME_MAX];

    heal_lab_air_device(link, direction, from);
    heal_lab_air_device(link, heal_lab_opposite(direction), to);
    fprintf(out,
            "\tchain %s {\n\t\ttype filter hook ingress device \"%s\" priority 0; policy drop;\n"
            "\t\tfwd to \"%s\"\n\t}\n",
            from, from, to);
}

static int feed(const char *const *argv, const char *text) {
    int r = heal_process_run(argv, text);

    if (r < 0)
        return r;
    return r == 127 ? -ENOENT : r == 0 ? 0 : -EIO;
}

int heal_air_wire(const struct heal_topology *topology, const pid_t *pids, const char **ret_failed) {
    static const char *const ip[] = {"ip", "-batch", "-", NULL};
    static const char *const nft[] = {"nft", "-f", "-", NULL};
    HEAL_CLEANUP(heal_free_pointer) char *links = NULL;
    HEAL_CLEANUP(heal_free_pointer) char *rules = NULL;
    size_t length;
    FILE *out = open_memstream(&links, &length);
    int r;

    *ret_failed = "making the links with ip (iproute2)";
    if (!out)
        return -ENOMEM;
    for (unsigned i = 0; i < topology->links; i++)
        print_link(out, topology, i, pids);
    if (fclose(out) != 0)
        return -ENOMEM;
    r = feed(ip, links);
    if (r < 0)
        return r;
    *ret_failed = "joining the links with nft (nftables)";
    out = open_memstream(&rules, &length);
    if (!out)
        return -ENOMEM;
    fputs("table netdev air {\n", out);
    for (unsigned i = 0; i < topology->links; i++)
        for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++)
            print_chain(out, i, way);
    fputs("}\n", out);
    return fclose(out) != 0 ? -ENOMEM : feed(nft, rules);
}

static int run_nft(struct heal_lab *lab, const char *const *argv, struct heal_lab_capture *capture) {
    int r = heal_lab_exec(lab, HEAL_LAB_AIR, argv, capture);

    return r > 0 ? -EINVAL : r;
}

int heal_lab_air_replace(struct heal_lab *lab, unsigned link, enum heal_lab_direction direction,
                         const char *before, const char *rules, const char *after) {
    static const char *const nft[] = {"nft", "-f", "-", NULL};
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    struct heal_lab_capture capture = {0};
    char from[HEAL_IFNAME_MAX], to[HEAL_IFNAME_MAX];
    size_t length;
    FILE *out;

    if (link >= heal_lab_topology(lab)->links)
        return -EINVAL;
    out = open_memstream(&text, &length);
    if (!out)
        return -ENOMEM;
    heal_lab_air_device(link, direction, from);
    heal_lab_air_device(link, heal_lab_opposite(direction), to);
    fprintf(out, "%sflush chain netdev air %s\n", before, from);
    while (*rules) {
        size_t line = strcspn(rules, "\n");

        if (line > 0)
            fprintf(out, "add rule netdev air %s %.*s\n", from, (int)line, rules);
        rules += line + (rules[line] == '\n');
    }
    fprintf(out, "add rule netdev air %s fwd to \"%s\"\n%s", from, to, after);
    if (fclose(out) != 0)
        return -ENOMEM;
    capture.input = text;
    return run_nft(lab, nft, &capture);
}
