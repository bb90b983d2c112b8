/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A lab: a mesh of network namespaces that this process holds. heal_lab_open makes a user, mount, PID and
 * network namespace, whose network is the *air*, and in it one network, PID, mount and UTS namespace a node,
 * each below a small init that runs babeld, heald and the watched services. The lab dies with the process
 * that opened it, whatever kills that. Several labs may be open at the same time.
 *
 * Places are where programs run: a node by its index, or HEAL_LAB_AIR. The caller must have one thread only;
 * it may reap its own children, but not those of heal_lab_open.
 */
#ifndef HEAL_LAB_LAB_H
#define HEAL_LAB_LAB_H

#include <sys/types.h>

#include "heal/engine.h"
#include "lab/topology.h"

struct heal_lab;

enum { HEAL_LAB_AIR = -1, HEAL_LAB_PATH_MAX = 256 };

struct heal_lab_options {
    const char *folder; /**< made if it is not there; NULL: heal_lab_folder() */
    bool with_heald;    /**< else babeld alone */
    enum heal_mode mode;
    const char *heald, *worker; /**< programs; NULL: $HEALD, $HEAL_LAB_WORKER, else beside this program */
    const char *heald_extra;    /**< YAML for the end of every heald.yaml; may be NULL */
};

enum heal_lab_daemon { HEAL_LAB_BABELD, HEAL_LAB_HEALD, HEAL_LAB_DAEMONS };

/** A program to run somewhere in the lab. */
struct heal_lab_program {
    int place;
    const char *const *argv;  /**< ends with NULL; found on PATH */
    int input, output, error; /**< its descriptors 0, 1 and 2; -1: nothing (/dev/null) */
    bool apart;               /**< in a session of its own, which a terminal's Ctrl-C does not reach */
    const int *passed;        /**< descriptors that it has, too, under their numbers; may be NULL */
    int passed_count;
};

/** A process of a node, as its kernel tells of it. */
struct heal_lab_process {
    double cpu_s; /**< processor time that it has used */
    double resident_bytes;
};

/** What a program is given and says. */
struct heal_lab_capture {
    const char *input; /**< NULL: nothing */
    char *output;      /**< gets what it says on 1 and 2, terminated; NULL: not wanted */
    size_t size;       /**< of output */
    size_t length;     /**< filled in */
    heal_us timeout;   /**< then it is killed; 0: 10 s */
};

/** Writes the default folder of the lab called @p name. @return @p buffer. */
const char *heal_lab_folder(const char *name, char buffer[static HEAL_LAB_PATH_MAX]);

/**
 * Makes the folder of a lab, if it is not there: @p wanted, or the default one of the lab called @p name.
 * heal_lab_open does so by itself; this is for who wants the folder before. @param folder its path without
 * links. @return 0, or a negative errno with the reason in words in @p error.
 */
int heal_lab_make_folder(const char *name, const char *wanted, char folder[static HEAL_LAB_PATH_MAX],
                         struct heal_error *error);
/**
 * Makes a lab and starts everything in it but the traffic. Does not wait for routes. Copies the topology.
 * @return 0, or a negative errno with the reason in words in @p error.
 */
int heal_lab_open(const struct heal_topology *topology, const struct heal_lab_options *options,
                  struct heal_lab **ret_lab, struct heal_error *error);
/**
 * Ends all that runs in it, and waits until that is gone; then it can only be closed. heal_lab_close does so
 * by itself; this is for who wants to know what came of it.
 * @return 0, or -ETIMEDOUT: something in it does not end. Again: 0.
 */
int heal_lab_end(struct heal_lab *lab);
/** Ends it, with all that runs in it, and waits until it is gone. Takes NULL. @return NULL. */
struct heal_lab *heal_lab_close(struct heal_lab *lab);
void heal_lab_close_pointer(struct heal_lab **lab);

const struct heal_topology *heal_lab_topology(const struct heal_lab *lab);
bool heal_lab_has_heald(const struct heal_lab *lab);
/** @return the path of heal-lab-worker, the lab's small processes. */
const char *heal_lab_worker(const struct heal_lab *lab);
/** Writes the path of a file in the lab's folder, or with @p node >= 0 in that node's. @return @p buffer. */
const char *heal_lab_file(const struct heal_lab *lab, int node, const char *name,
                          char buffer[static HEAL_LAB_PATH_MAX]);

/**
 * Waits until the kernels' routes lead from every node to every other along a shortest path (where the
 * topology has radios: along any path).
 * @param ret_took may be NULL. @return 0, or -ETIMEDOUT.
 */
int heal_lab_wait_converged(struct heal_lab *lab, heal_us timeout, heal_us *ret_took);

/** Starts a program. It is this process's child, to wait for, and ends with it. @return 0 or negative errno.
 */
int heal_lab_spawn(struct heal_lab *lab, const struct heal_lab_program *program, pid_t *ret_pid);
/** Runs a program to its end. @return its exit code, 128 + the signal that ended it, or a negative errno. */
int heal_lab_exec(struct heal_lab *lab, int place, const char *const *argv, struct heal_lab_capture *capture);

/**
 * Looks at a process of a node. @param pid in the node's PID namespace.
 * @return 0; -ESRCH: there is none, or it has ended; or another negative errno.
 */
int heal_lab_process_read(struct heal_lab *lab, unsigned node, int pid, struct heal_lab_process *ret_process);

/* Faults stand on these. The fault injectors know what they set, and take it back. */

/**
 * Sets what happens to one direction of a link, in one atomic step.
 * @param rules nftables statements, one a line, that come before the packet is passed on ("numgen random mod
 * 1000 < 100 counter drop"); "": none, which heals the link. @param before nftables commands before them and
 * @param after behind them in that step, which make and delete what rules name.
 */
int heal_lab_air_replace(struct heal_lab *lab, unsigned link, enum heal_lab_direction direction,
                         const char *before, const char *rules, const char *after);
/** The air's interface where packets of that direction come in, and which names their chain (netdev air). */
const char *heal_lab_air_device(unsigned link, enum heal_lab_direction direction,
                                char buffer[static HEAL_IFNAME_MAX]);
/** Signals every process of a node but its init (the traffic's are not of the node). */
int heal_lab_node_signal(struct heal_lab *lab, unsigned node, int signal);
/** Kills all of a node's processes and starts nothing again, or starts its daemons and services. */
int heal_lab_node_kill(struct heal_lab *lab, unsigned node);
int heal_lab_node_start(struct heal_lab *lab, unsigned node);
/** Signals a daemon; it is started again when it ends, after a second. -ESRCH: it does not run. */
int heal_lab_daemon_signal(struct heal_lab *lab, unsigned node, enum heal_lab_daemon daemon, int signal);
/** @return the daemon's process id in the node's PID namespace; 0: it does not run; or negative errno. */
int heal_lab_daemon_pid(struct heal_lab *lab, unsigned node, enum heal_lab_daemon daemon);

/** Signals a service; nothing starts it again but its restart command. -ESRCH: it does not run. */
int heal_lab_service_signal(struct heal_lab *lab, unsigned node, const char *service, int signal);
/** Has a service burn a share of a CPU and grow by so many bytes a second, until it is restarted. */
int heal_lab_service_load(struct heal_lab *lab, unsigned node, const char *service, double cpu_share,
                          uint64_t leak_bytes_per_s);
/** Starts a service, again if it runs, as its restart command does. @return 0; -ENOENT; other negative errno.
 */
int heal_lab_service_start(struct heal_lab *lab, unsigned node, const char *service);
/** @return the service's process id in the node's PID namespace; 0: it does not run; or negative errno. */
int heal_lab_service_pid(struct heal_lab *lab, unsigned node, const char *service);

#endif
