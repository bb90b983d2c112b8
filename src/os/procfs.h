/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * This node's CPU, memory, pressure and forwarding, from /proc. Of the host, or, in a container and in the
 * lab, as the sum over the processes of this PID namespace against a given capacity. It reports a share of
 * the time since the last read, so the first read only takes its bearings.
 */
#ifndef HEAL_OS_PROCFS_H
#define HEAL_OS_PROCFS_H

#include "os/source.h"

struct heal_procfs;

struct heal_procfs_options {
    bool processes;        /**< the sum over this PID namespace; else the host */
    float cpu_capacity;    /**< CPUs; 0: the host's */
    uint64_t memory_bytes; /**< 0: the host's */
};

/** @return 0, -ENOMEM, or why /proc cannot be read. */
int heal_procfs_open(const struct heal_procfs_options *options, struct heal_procfs **ret_procfs);

/** Takes NULL. @return NULL. */
struct heal_procfs *heal_procfs_close(struct heal_procfs *procfs);

/**
 * Reads and reports one NODE reading. @param now on the monotonic clock.
 * @return 0; 1: the first read, nothing reported; or a negative errno.
 */
int heal_procfs_read(struct heal_procfs *procfs, heal_us now, const struct heal_reading_sink *sink);

/** @return the capacity that shares are of, in CPUs. */
float heal_procfs_cpu_capacity(const struct heal_procfs *procfs);

/** @return how many CPUs a node's shares are of: @p configured, or where that is 0 all of the host's. */
float heal_cpu_capacity(float configured);

#endif
