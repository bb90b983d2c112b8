/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a set of faults is inside: shared by faults.c, which has the injections, and injection.c, which has
 * their rules in the air, and by nobody else.
 */
#ifndef HEAL_LAB_FAULTS_STATE_H
#define HEAL_LAB_FAULTS_STATE_H

#include "lab/injector.h"

enum { HEAL_FAULTS_MAX = 32, HEAL_HANDLE_FREE = -1 };

/**
 * What an injection does to one direction of a link. Its rules have named counters, c`first` and those that
 * follow, which live on as long as the rules do, however often the chain is written anew.
 */
struct heal_rules {
    int handle; /**< of the injection */
    unsigned link;
    enum heal_lab_direction direction;
    char *text;
    unsigned first, count;
};

struct heal_faults {
    struct heal_lab *lab;
    struct heal_radios *radios;
    struct heal_injection injection[HEAL_FAULTS_MAX]; /**< handle HEAL_HANDLE_FREE: none */
    int next_handle;
    unsigned next_counter;
    struct heal_rules *rules; /**< by handle, which is the order in the chains */
    size_t rules_count, rules_room;
};

#endif
