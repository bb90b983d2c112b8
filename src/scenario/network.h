/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The network that a script gives its mesh: made by hand, so that a script says what it expects of it. */
#ifndef HEAL_SCENARIO_NETWORK_H
#define HEAL_SCENARIO_NETWORK_H

#include "gnn/model.h"
#include "heal/message.h"

/** @param ret_model calls a port sick whose latency is above @p limit_ms, whatever else it is like; the
 * caller frees it. @return 0 or -ENOMEM. */
int heal_scenario_network_new(float limit_ms, struct heal_gnn_model **ret_model);

#endif
