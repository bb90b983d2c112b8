/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Answers to others' routed probes: how many of a stream arrived here. Anybody on the mesh may ask; what is
 * kept is bounded, and an answer is never longer than what it answers, nor are there more of them. */
#include "net/prober.h"

enum { ANSWER_BYTES = 64, ANSWERS_PER_S = 500, WINDOW = 64 };

static struct heal_probe_sender *find_sender(struct heal_prober *prober, const struct heal_address *address,
                                             uint32_t epoch) {
    struct heal_probe_sender *oldest = &prober->sender[0];

    for (size_t i = 0; i < HEAL_PROBER_SENDERS; i++) {
        struct heal_probe_sender *sender = &prober->sender[i];

        if (sender->heard && sender->epoch == epoch && heal_address_equal(&sender->address, address))
            return sender;
        if (sender->heard < oldest->heard)
            oldest = sender;
    }
    *oldest = (struct heal_probe_sender){.address = *address, .epoch = epoch};
    return oldest;
}

/* Counts a number once. Streams begin at 1 and are short of wrapping by years. */
static void count(struct heal_probe_sender *sender, uint32_t number) {
    if (number > sender->highest) {
        uint32_t ahead = number - sender->highest;

        sender->window = ahead < WINDOW ? sender->window << ahead | 1 : 1;
        sender->highest = number;
        sender->arrived++;
        return;
    }
    uint32_t behind = sender->highest - number;
    if (behind >= WINDOW || (sender->window >> behind & 1))
        return;
    sender->window |= UINT64_C(1) << behind;
    sender->arrived++;
}

static bool may_answer(struct heal_prober *prober, heal_us now) {
    prober->answers += (double)(now - prober->answers_filled) / (double)HEAL_US_PER_S * ANSWERS_PER_S;
    prober->answers_filled = now;
    if (prober->answers > ANSWERS_PER_S)
        prober->answers = ANSWERS_PER_S;
    if (prober->answers < 1)
        return false;
    prober->answers -= 1;
    return true;
}

void heal_probe_answer(struct heal_prober *prober, const struct heal_datagram *datagram,
                       const struct heal_probe_packet *packet) {
    const struct heal_address *from = &datagram->from.peer;
    heal_us now = heal_clock_now();
    uint8_t bytes[ANSWER_BYTES];

    if (heal_address_is_link_local(from) || heal_address_is_link_local(&datagram->to) ||
        datagram->to.byte[0] == 0xff || packet->transit.number == 0) {
        prober->counters.routed_refused++;
        return;
    }
    struct heal_probe_sender *sender = find_sender(prober, from, packet->epoch);
    sender->heard = now;
    count(sender, packet->transit.number);
    if (!may_answer(prober, now)) {
        prober->counters.routed_refused++;
        return;
    }
    struct heal_probe_packet answer = {
        .kind = HEAL_PROBE_ANSWER,
        .epoch = packet->epoch,
        .transit = {.number = sender->highest, .arrived = sender->arrived},
    };
    heal_probe_packet_encode(&answer, bytes, sizeof bytes);
    if (heal_link_socket_send_routed(prober->socket, &datagram->to, from, prober->config.port, bytes,
                                     sizeof bytes) < 0)
        prober->counters.send_failed++;
    else
        prober->counters.sent++;
}
