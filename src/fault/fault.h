/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A fault as plain data, and as the words that people write: "loss n1-n2 20%", "mtu n1-n2 1300", "cpu n3
 * 25%". One row a kind says how it is written, and reads and writes it. Nothing here does anything to a lab:
 * that is fault/faults.h.
 */
#ifndef HEAL_FAULT_FAULT_H
#define HEAL_FAULT_FAULT_H

#include "lab/topology.h"

enum heal_fault_kind {
    HEAL_FAULT_LOSS,
    HEAL_FAULT_MTU,
    HEAL_FAULT_DELAY,
    HEAL_FAULT_RATE,
    HEAL_FAULT_DOWN,    /**< silent: the carrier stays */
    HEAL_FAULT_CARRIER, /**< both ends see the link go down */
    HEAL_FAULT_FLAP,
    HEAL_FAULT_PARTITION,
    HEAL_FAULT_PAUSE,
    HEAL_FAULT_KILL,
    HEAL_FAULT_CPU,
    HEAL_FAULT_LEAK,
    HEAL_FAULT_SERVICE,
    HEAL_FAULT_BABELD,
    HEAL_FAULT_NOISE,
    HEAL_FAULT_FORWARDING,
    HEAL_FAULT_BLACKHOLE,
    HEAL_FAULT_FLUSH_ROUTES,
    HEAL_FAULT_KINDS,
};

enum { HEAL_FAULT_TEXT = 512 };

/** Each kind uses the fields that its words name, and leaves the others zero. */
struct heal_fault {
    enum heal_fault_kind kind;
    unsigned link;
    bool a_to_b, b_to_a;  /**< the directions of the link that suffer */
    unsigned node, other; /**< other: BLACKHOLE, the destination */
    uint64_t side;        /**< PARTITION: bit i: node i is on the first side */
    char service[HEAL_NAME_MAX];
    double share;                       /**< LOSS: of the packets; CPU: of one processor */
    heal_us time, spread;               /**< DELAY: at least, and up to so much more; FLAP: down for, every */
    uint64_t amount;                    /**< MTU: bytes; RATE: bit/s; LEAK: bytes/s */
    double x_m, y_m, radius_m, rise_db; /**< NOISE: the region, and how much noise there is more */
};

/**
 * Reads a fault. @param ret_fault untouched on failure.
 * @return 0, or -EINVAL with the column in @p error (may be NULL); a name that is not known gets the nearest.
 */
int heal_fault_parse(const char *text, const struct heal_topology *topology, struct heal_fault *ret_fault,
                     struct heal_error *error);

/** Checks a fault that a program has filled in, as one is that was read. @return 0, or -EINVAL with words in
 * @p error (may be NULL). */
int heal_fault_check(const struct heal_fault *fault, const struct heal_topology *topology,
                     struct heal_error *error);

/** Writes the words that read back to the same. @return @p buffer. */
const char *heal_fault_format(const struct heal_fault *fault, const struct heal_topology *topology,
                              char buffer[static HEAL_FAULT_TEXT]);

/** @return the service that it is about, which is its node's first where the words name none; NULL: the node
 * has none. */
const char *heal_fault_service(const struct heal_fault *fault, const struct heal_topology *topology);
/** @return whether a direction of its link suffers. */
bool heal_fault_suffers(const struct heal_fault *fault, enum heal_lab_direction direction);

/** @return how a kind is written: "loss NODE-NODE|NODE>NODE SHARE%". */
const char *heal_fault_usage(enum heal_fault_kind kind);
/** @return what a kind does, in a line. */
const char *heal_fault_summary(enum heal_fault_kind kind);

#endif
