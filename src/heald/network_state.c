/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/network_state.h"

#include "heal/engine.h"
#include "heal/status.h"

const char *const heald_network_state_names[HEALD_NETWORK_STATES + 1] = {"at-work", "stale", "refused",
                                                                         "none", NULL};

/* Where no port is known yet there is nothing to be stale about. */
enum heald_network_state heald_network_state(const struct heald_view *view, heal_us now) {
    const struct heald_part_status *part = &view->part[HEALD_PART_NETWORK];
    struct heal_judgement judgement;
    uint64_t model;
    int32_t threshold;
    size_t port = 0;

    if (!heal_engine_network(view->engine, HEAL_SLOT_ACTIVE, &model, &threshold))
        return part->wanted && !part->works ? HEALD_NETWORK_REFUSED : HEALD_NETWORK_NONE;
    for (; heal_engine_judgement(view->engine, HEAL_SLOT_ACTIVE, port, &judgement); port++)
        if (judgement.judged && judgement.at + HEAL_JUDGEMENT_FRESH_US >= now)
            return HEALD_NETWORK_AT_WORK;
    return port > 0 ? HEALD_NETWORK_STALE : HEALD_NETWORK_AT_WORK;
}
