/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The bytes of probes. One head of 64 bytes for all kinds, in network order; a probe that is to be longer is
 * filled up with zeros. A check sum over the whole (FNV-1a) makes damage that the link let through count as
 * loss, which it is.
 */
#ifndef HEAL_WIRE_PROBE_PACKET_H
#define HEAL_WIRE_PROBE_PACKET_H

#include "heal/reading.h"

enum {
    HEAL_PROBE_HEAD_BYTES = 64,
    HEAL_PROBE_BYTES_MAX = 9216, /**< longer ones are not sent, whatever the MTU */
};

enum heal_probe_kind {
    HEAL_PROBE_LINK,    /**< to a neighbour */
    HEAL_PROBE_TRANSIT, /**< to a node beyond one */
    HEAL_PROBE_ANSWER,  /**< to the sender of a transit probe */
    HEAL_PROBE_KINDS,
};

struct heal_probe_packet {
    enum heal_probe_kind kind;
    uint32_t epoch; /**< LINK: of the sender; TRANSIT, ANSWER: of the stream */
    union {
        struct {
            enum heal_probe_size size;
            uint32_t sent[HEAL_PROBE_SIZES]; /**< so far, this one included */
            heal_us time;                    /**< on the sender's clock, when it was sent */
            bool has_echo, has_pair;
            uint32_t echo_epoch;   /**< of whom the echoed probe came from */
            heal_us echo_time;     /**< the `time` of the last probe that came in … */
            uint32_t echo_hold_us; /**< … and how long ago that was */
            uint64_t pair_sent;    /**< packets that the sender's interface has sent, this one included */
        } link;
        struct {
            uint32_t number;  /**< TRANSIT: its own; ANSWER: the highest that arrived */
            uint32_t arrived; /**< ANSWER: how many different ones arrived */
        } transit;
    };
};

/** Writes exactly @p length bytes (at least HEAL_PROBE_HEAD_BYTES). */
void heal_probe_packet_encode(const struct heal_probe_packet *packet, uint8_t *buffer, size_t length);

/** @return 0, or -EBADMSG for what is no probe of this version or was damaged. */
int heal_probe_packet_decode(const uint8_t *bytes, size_t length, struct heal_probe_packet *ret_packet);

#endif
