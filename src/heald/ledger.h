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

/** Notes an act that was carried out: it adds an entry, or takes one out. */
void heald_ledger_note(struct heald_ledger *ledger, const struct heal_command *command);

/** Takes out the newest entry, as a command to carry out. @return false when nothing is in place. */
bool heald_ledger_take(struct heald_ledger *ledger, struct heal_command *ret_command);

#endif
