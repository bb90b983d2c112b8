/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A node's init: the first process in its network, PID, mount and UTS namespace. It makes its namespace
 * ready, starts the daemons and the watched services, reaps what ends, starts a daemon again that ended
 * (after a second; a service never, that is heald's work), and carries out the owner's commands.
 */
#ifndef HEAL_LAB_NODE_H
#define HEAL_LAB_NODE_H

#include "lab/lab_state.h"

/** Is the init until the end. @param channel to the keeper, and after that to the owner. @return on failure.
 */
int heal_node_run(const struct heal_lab *lab, unsigned node, int channel);

#endif
