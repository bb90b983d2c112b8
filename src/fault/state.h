/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a set of faults is inside: shared by faults.c, which has the injections, and injection.c, which has
 * what all kinds of them need, and by nobody else.
 */
#ifndef HEAL_FAULT_STATE_H
#define HEAL_FAULT_STATE_H

#include "fault/injector.h"

enum { HEAL_HANDLE_FREE = -1 };

struct heal_faults {
    struct heal_lab *lab;
    struct heal_rules *rules;
    struct heal_radios *radios;
    struct heal_injection injection[HEAL_FAULTS_MAX]; /**< handle HEAL_HANDLE_FREE: none; with a state:
                                                           something is left to drain */
    int next_handle;
};

#endif
