/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a node's daemons are told: babeld.conf and heald.yaml in the node's folder. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/lab_state.h"

/* What counts as all of a node: a small router's share of this machine. */
#define NODE_CPUS "0.25"
#define NODE_MEMORY "64MiB"
/* What babeld is told of its interfaces, and heald of what babeld is told. */
#define INTERFACE_PARAMETERS "type wireless hello-interval 1"
#define SERVICE_MEMORY "32MiB"

static FILE *create(const struct heal_lab *lab, unsigned node, const char *name) {
    char path[HEAL_LAB_PATH_MAX];

    FILE *out = fopen(heal_lab_file(lab, (int)node, name, path), "we");

    if (out)
        (void)fchmod(fileno(out), 0644); /* whatever the umask is: the helper believes no file of a group's */
    return out;
}

static int finish(FILE *out) {
    int failed = ferror(out);

    return fclose(out) != 0 || failed ? -EIO : 0;
}

static int write_babeld(const struct heal_lab *lab, unsigned node) {
    const struct heal_topology *topology = &lab->topology;
    struct heal_address address = heal_topology_address(node);
    char path[HEAL_LAB_PATH_MAX], text[HEAL_ADDRESS_TEXT];
    FILE *out = create(lab, node, "babeld.conf");

    if (!out)
        return -errno;
    fprintf(out, "skip-kernel-setup true\nrandom-id true\nlink-detect true\n");
    fprintf(out, "local-path-readwrite %s\n", heal_lab_file(lab, (int)node, "babel.sock", path));
    fprintf(out, "state-file %s\n", heal_lab_file(lab, (int)node, "babel.state", path));
    fprintf(out, "pid-file /run/babeld.pid\n");
    for (unsigned i = 0; i < topology->links; i++) {
        const struct heal_topology_link *link = &topology->link[i];

        if (link->a == node || link->b == node)
            fprintf(out, "interface %s " INTERFACE_PARAMETERS "\n",
                    topology->node[link->a == node ? link->b : link->a].name);
    }
    fprintf(out, "redistribute local ip %s/128 allow\nredistribute local deny\n",
            heal_address_format(&address, text));
    return finish(out);
}

static void print_services(FILE *out, const struct heal_lab *lab, const struct heal_topology_node *node) {
    if (node->services == 0)
        return;
    fprintf(out, "services:\n");
    for (unsigned i = 0; i < node->services; i++)
        fprintf(out,
                "  - {name: %s, pidfile: /run/%s.pid, restart: [\"%s\", service, restart, %s], "
                "restartable: true, sheddable: true, memory-limit: " SERVICE_MEMORY "}\n",
                node->service[i], node->service[i], lab->worker, node->service[i]);
}

static bool has_radio(const struct heal_topology *topology, unsigned node) {
    for (unsigned i = 0; i < topology->links; i++)
        if (topology->link[i].has_radio && (topology->link[i].a == node || topology->link[i].b == node))
            return true;
    return false;
}

static int write_heald(const struct heal_lab *lab, unsigned node) {
    struct heal_address address = heal_topology_address(node);
    char path[HEAL_LAB_PATH_MAX], text[HEAL_ADDRESS_TEXT];
    FILE *out = create(lab, node, "heald.yaml");

    if (!out)
        return -errno;
    /* A node has no user but its root. */
    fprintf(out, "node: %s\nmode: %s\nuser: \"\"\n", lab->topology.node[node].name,
            heal_mode_name(lab->mode));
    fprintf(out, "state: \"%s\"\n", heal_lab_file(lab, (int)node, "state", path));
    fprintf(out, "socket: \"%s\"\n", heal_lab_file(lab, (int)node, "heald.sock", path));
    fprintf(out, "metrics: {listen: \"127.0.0.1:9177\"}\n");
    fprintf(out, "mesh: {address: \"%s\"}\n", heal_address_format(&address, text));
    fprintf(out,
            "routing: {daemon: babeld, socket: \"%s\", interface-parameters: " INTERFACE_PARAMETERS "}\n",
            heal_lab_file(lab, (int)node, "babel.sock", path));
    fprintf(out, "sources: {node: processes, cpu-capacity: " NODE_CPUS ", memory: " NODE_MEMORY);
    if (has_radio(&lab->topology, node))
        fprintf(out, ", radio-file: \"%s\"", heal_lab_file(lab, (int)node, "radio", path));
    fprintf(out, "}\n");
    print_services(out, lab, &lab->topology.node[node]);
    if (lab->heald_extra)
        fprintf(out, "%s\n", lab->heald_extra);
    return finish(out);
}

/* What heald learned in an earlier lab of this name: a new lab begins with nodes that know nothing. */
static int forget(const char *folder) {
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    int r = entries ? 0 : -errno;

    while (entries && (entry = readdir(entries)))
        if (entry->d_name[0] != '.' && unlinkat(dirfd(entries), entry->d_name, 0) < 0)
            r = -errno;
    if (entries)
        closedir(entries);
    return r;
}

int heal_lab_write_files(const struct heal_lab *lab, unsigned node) {
    char path[HEAL_LAB_PATH_MAX];
    int r;

    if (mkdir(heal_lab_file(lab, (int)node, "", path), 0700) < 0 && errno != EEXIST)
        return -errno;
    if (mkdir(heal_lab_file(lab, (int)node, "state", path), 0700) < 0 && errno != EEXIST)
        return -errno;
    r = forget(path);
    if (r == 0)
        r = write_babeld(lab, node);
    return r == 0 ? write_heald(lab, node) : r;
}
