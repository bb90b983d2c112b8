/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "fault/fault.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "config/quantity.h"
#include "fault/word.h"

/* clang-format 14 breaks down over this table. */
/* clang-format off */
const struct heal_fault_row heal_fault_rows[HEAL_FAULT_KINDS] = {
    [HEAL_FAULT_LOSS] = {"loss", "loss NODE-NODE|NODE>NODE SHARE%", "drops a share of the packets of a link, both ways or one",
                         {HEAL_WORD_LINK, HEAL_WORD_SHARE}},
    [HEAL_FAULT_MTU] = {"mtu", "mtu NODE-NODE|NODE>NODE BYTES", "drops packets above a size: an MTU black hole",
                        {HEAL_WORD_LINK, HEAL_WORD_BYTES}},
    [HEAL_FAULT_DELAY] = {"delay", "delay NODE-NODE|NODE>NODE TIME [jitter TIME]", "holds packets back, each for up to the jitter longer",
                          {HEAL_WORD_LINK, HEAL_WORD_TIME, HEAL_WORD_JITTER}},
    [HEAL_FAULT_RATE] = {"rate", "rate NODE-NODE|NODE>NODE NUMBER(bit|kbit|Mbit)", "lets only so many bits a second through",
                         {HEAL_WORD_LINK, HEAL_WORD_BITS_PER_S}},
    [HEAL_FAULT_DOWN] = {"down", "down NODE-NODE|NODE>NODE", "drops all packets of a link in silence: the carrier stays",
                         {HEAL_WORD_LINK}},
    [HEAL_FAULT_CARRIER] = {"carrier", "carrier NODE-NODE", "pulls the cable: both ends see the link go down",
                            {HEAL_WORD_LINK_BOTH}},
    [HEAL_FAULT_FLAP] = {"flap", "flap NODE-NODE|NODE>NODE down TIME every TIME", "drops all for a while, again and again",
                         {HEAL_WORD_LINK, HEAL_WORD_DOWN, HEAL_WORD_EVERY}},
    [HEAL_FAULT_PARTITION] = {"partition", "partition NODE,NODE…|NODE,NODE…", "drops all packets between two groups of nodes",
                              {HEAL_WORD_SIDES}},
    [HEAL_FAULT_PAUSE] = {"pause", "pause NODE", "stops all of a node where it is, and its radio is silent",
                          {HEAL_WORD_NODE}},
    [HEAL_FAULT_KILL] = {"kill", "kill NODE", "kills all of a node, as a power cut does", {HEAL_WORD_NODE}},
    [HEAL_FAULT_CPU] = {"cpu", "cpu NODE SHARE%", "has the node's service burn a share of a processor (a node of the lab has a quarter of one)",
                        {HEAL_WORD_NODE, HEAL_WORD_SHARE}},
    [HEAL_FAULT_LEAK] = {"leak", "leak NODE SIZE/s", "has the node's service leak memory",
                         {HEAL_WORD_NODE, HEAL_WORD_BYTES_PER_S}},
    [HEAL_FAULT_SERVICE] = {"service", "service NODE NAME", "kills a watched service", {HEAL_WORD_NODE, HEAL_WORD_SERVICE}},
    [HEAL_FAULT_BABELD] = {"babeld", "babeld NODE", "kills the routing daemon (it is started again after a second)", {HEAL_WORD_NODE}},
    [HEAL_FAULT_NOISE] = {"noise", "noise X,Y radius METRES +RISEdB", "raises the noise that radios within a region hear",
                          {HEAL_WORD_PLACE, HEAL_WORD_RADIUS, HEAL_WORD_RISE}},
    [HEAL_FAULT_FORWARDING] = {"forwarding", "forwarding NODE off", "switches forwarding off on a node",
                               {HEAL_WORD_NODE, HEAL_WORD_OFF}},
    [HEAL_FAULT_BLACKHOLE] = {"blackhole", "blackhole NODE DESTINATION", "puts a stray route on a node that swallows what is for another",
                              {HEAL_WORD_NODE, HEAL_WORD_OTHER}},
    [HEAL_FAULT_FLUSH_ROUTES] = {"flush-routes", "flush-routes NODE", "deletes the routing daemon's routes from a node's kernel",
                                 {HEAL_WORD_NODE}},
};
/* clang-format on */

const char *heal_fault_service(const struct heal_fault *fault, const struct heal_topology *topology) {
    const struct heal_topology_node *node = &topology->node[fault->node];

    if (fault->service[0])
        return fault->service;
    return node->services > 0 ? node->service[0] : NULL;
}

bool heal_fault_suffers(const struct heal_fault *fault, enum heal_lab_direction direction) {
    return direction == HEAL_LAB_A_TO_B ? fault->a_to_b : fault->b_to_a;
}

const char *heal_fault_usage(enum heal_fault_kind kind) {
    return heal_fault_rows[kind].usage;
}

const char *heal_fault_summary(enum heal_fault_kind kind) {
    return heal_fault_rows[kind].summary;
}

static void format_link(struct heal_text *text, const struct heal_fault *fault,
                        const struct heal_topology *topology) {
    const char *a = topology->node[topology->link[fault->link].a].name;
    const char *b = topology->node[topology->link[fault->link].b].name;

    if (fault->a_to_b && fault->b_to_a)
        heal_text_add(text, "%s-%s", a, b);
    else
        heal_text_add(text, "%s>%s", fault->a_to_b ? a : b, fault->a_to_b ? b : a);
}

static void format_sides(struct heal_text *text, const struct heal_fault *fault,
                         const struct heal_topology *topology) {
    for (unsigned side = 0; side < 2; side++) {
        const char *between = side == 0 ? "" : "|";

        for (unsigned i = 0; i < topology->nodes; i++) {
            if ((fault->side >> i & 1) == side)
                continue;
            heal_text_add(text, "%s%s", between, topology->node[i].name);
            between = ",";
        }
    }
}

/* Plain decimals, which are all that is read, to the twelve places of quantity.h. */
static void format_share(struct heal_text *text, double share) {
    char number[32];
    size_t length = (size_t)snprintf(number, sizeof number, "%.10f", share * 100);

    while (number[length - 1] == '0')
        length--;
    length -= number[length - 1] == '.';
    heal_text_add(text, "%.*s%%", (int)length, number);
}

static void format_bits(struct heal_text *text, uint64_t bits) {
    if (bits % 1000000 == 0)
        heal_text_add(text, "%" PRIu64 "Mbit", bits / 1000000);
    else if (bits % 1000 == 0)
        heal_text_add(text, "%" PRIu64 "kbit", bits / 1000);
    else
        heal_text_add(text, "%" PRIu64 "bit", bits);
}

static void format_word(struct heal_text *text, enum heal_fault_word word, const struct heal_fault *fault,
                        const struct heal_topology *topology) {
    char quantity[HEAL_QUANTITY_MAX];

    switch (word) {
    case HEAL_WORD_LINK:
    case HEAL_WORD_LINK_BOTH:
        format_link(text, fault, topology);
        break;
    case HEAL_WORD_NODE:
        heal_text_add(text, "%s", topology->node[fault->node].name);
        break;
    case HEAL_WORD_OTHER:
        heal_text_add(text, "%s", topology->node[fault->other].name);
        break;
    case HEAL_WORD_SERVICE:
        heal_text_add(text, "%s", fault->service);
        break;
    case HEAL_WORD_SIDES:
        format_sides(text, fault, topology);
        break;
    case HEAL_WORD_SHARE:
        format_share(text, fault->share);
        break;
    case HEAL_WORD_BYTES:
        heal_text_add(text, "%" PRIu64, fault->amount);
        break;
    case HEAL_WORD_BITS_PER_S:
        format_bits(text, fault->amount);
        break;
    case HEAL_WORD_BYTES_PER_S:
        heal_text_add(text, "%s/s", heal_size_format(fault->amount, quantity));
        break;
    case HEAL_WORD_TIME:
        heal_text_add(text, "%s", heal_duration_format(fault->time, quantity));
        break;
    case HEAL_WORD_JITTER:
        heal_text_add(text, "jitter %s", heal_duration_format(fault->spread, quantity));
        break;
    case HEAL_WORD_DOWN:
        heal_text_add(text, "down %s", heal_duration_format(fault->time, quantity));
        break;
    case HEAL_WORD_EVERY:
        heal_text_add(text, "every %s", heal_duration_format(fault->spread, quantity));
        break;
    case HEAL_WORD_PLACE:
        heal_text_add(text, "%.10g,%.10g", fault->x_m, fault->y_m);
        break;
    case HEAL_WORD_RADIUS:
        heal_text_add(text, "radius %.10g", fault->radius_m);
        break;
    case HEAL_WORD_RISE:
        heal_text_add(text, "+%.10gdB", fault->rise_db);
        break;
    case HEAL_WORD_OFF:
        heal_text_add(text, "off");
        break;
    case HEAL_WORD_END:
    case HEAL_WORDS:
        break;
    }
}

const char *heal_fault_format(const struct heal_fault *fault, const struct heal_topology *topology,
                              char buffer[static HEAL_FAULT_TEXT]) {
    const struct heal_fault_row *row = &heal_fault_rows[fault->kind];
    struct heal_text text;

    heal_text_init(&text, buffer, HEAL_FAULT_TEXT);
    heal_text_add(&text, "%s", row->name);
    for (size_t i = 0; i < HEAL_FAULT_WORDS && row->word[i] != HEAL_WORD_END; i++) {
        if (row->word[i] == HEAL_WORD_JITTER && fault->spread == 0)
            continue;
        heal_text_add(&text, " ");
        format_word(&text, row->word[i], fault, topology);
    }
    return buffer;
}
