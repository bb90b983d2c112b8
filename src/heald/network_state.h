/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** How the active network stands, for the pages: whether the thresholds have its word beside theirs. */
#ifndef HEALD_NETWORK_STATE_H
#define HEALD_NETWORK_STATE_H

#include "heald/view.h"

enum heald_network_state {
    HEALD_NETWORK_AT_WORK,
    HEALD_NETWORK_STALE,   /**< it has a model, and has not judged a port for some seconds */
    HEALD_NETWORK_REFUSED, /**< the file of its model cannot be used, and no other is at work */
    HEALD_NETWORK_NONE,    /**< no model is wanted, or none is installed */
    HEALD_NETWORK_STATES,
};
/** "at-work", "stale", "refused", "none"; NULL past the last. In all but the first the thresholds judge
 * alone.
 */
extern const char *const heald_network_state_names[HEALD_NETWORK_STATES + 1];

/** @param now of the engine's clock */
enum heald_network_state heald_network_state(const struct heald_view *view, heal_us now);

#endif
