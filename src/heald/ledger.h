/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The ledger: which acts of this heald are in place in the system now, each as the command that takes it
 * back. It exists for the orderly stop: nothing that heald has put in place may stay without its guardian.
 * (After kill -9 the next start finds the rest: in the store, and by the executor's sweep.)
 */
#ifndef HEALD_LEDGER_H
#define HEALD_LEDGER_H

#include "heal/command.h"

enum { HEALD_LEDGER_MAX = 256, HEALD_LEDGER_LINKS = 64 };

struct heald_ledger_link {
    char ifname[HEAL_IFNAME_MAX];
    uint32_t mtu;
};

/** The command that takes an act back: of its arguments only those that undoing needs. */
struct heald_ledger_entry {
    enum heal_command_kind kind;
    union {
        struct heal_command_route route;
        struct heal_command_link link;
        struct heal_command_service service;
        struct heal_command_quarantine quarantine;
        struct heal_command_tune tune;
    };
};

struct heald_ledger {
    size_t count;
    uint64_t lost; /**< acts that did not fit and would stay */
    struct heald_ledger_entry entry[HEALD_LEDGER_MAX];
    size_t links;
    struct heald_ledger_link
        link[HEALD_LEDGER_LINKS]; /**< the MTU of each interface before heald changed it */
};

/** Notes an interface's MTU, as a reading has it; not while an act of ours has changed it. */
void heald_ledger_mtu(struct heald_ledger *ledger, const char *ifname, uint32_t mtu);

/** Whether a command puts something in place, takes it back, or is over when it is done. */
enum heald_effect { HEALD_EFFECT_NONE, HEALD_EFFECT_PLACES, HEALD_EFFECT_LIFTS };

/** Tells a command's effect. @param ret_undo what undoes it, unless the effect is none. */
enum heald_effect heald_ledger_effect(const struct heald_ledger *ledger, const struct heal_command *command,
                                      struct heald_ledger_entry *ret_undo);

/** Notes that something is (or may be) in place: before the act, so that a failure half-way is undone, too.
 */
void heald_ledger_place(struct heald_ledger *ledger, const struct heald_ledger_entry *undo);

/** Notes that it is there no more. */
void heald_ledger_lift(struct heald_ledger *ledger, const struct heald_ledger_entry *undo);

/** Takes out the newest entry, as a command to carry out. @return false when nothing is in place. */
bool heald_ledger_take(struct heald_ledger *ledger, struct heal_command *ret_command);

#endif
