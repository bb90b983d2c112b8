/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/detour.h"

struct heal_detour *heal_detours_find(struct heal_detours *detours, uint64_t incident,
                                      const struct heal_prefix *destination) {
    for (size_t i = 0; i < detours->count; i++) {
        struct heal_detour *detour = &detours->detour[i];
        if (detour->incident == incident && heal_prefix_equal(&detour->route.prefix, destination))
            return detour;
    }
    return NULL;
}

bool heal_detours_has_room(const struct heal_detours *detours, uint64_t incident,
                           const struct heal_prefix *destination) {
    for (size_t i = 0; i < detours->count; i++)
        if (detours->detour[i].incident != incident &&
            heal_prefix_equal(&detours->detour[i].route.prefix, destination))
            return false;
    return detours->count < HEAL_DETOURS_MAX;
}

void heal_detours_forget(struct heal_detours *detours, struct heal_detour *detour) {
    *detour = detours->detour[--detours->count];
    detours->revision++;
}

void heal_detours_call_off(struct heal_detours *detours, struct heal_detour *detour) {
    detours->revision += detour->announced != 0;
    detour->announced = 0;
}

bool heal_detours_lead(const struct heal_detours *detours, const struct heal_prefix *destination) {
    for (size_t i = 0; i < detours->count; i++)
        if (detours->detour[i].seen && heal_prefix_equal(&detours->detour[i].route.prefix, destination))
            return true;
    return false;
}

bool heal_detours_wait(const struct heal_detours *detours) {
    for (size_t i = 0; i < detours->count; i++)
        if (detours->detour[i].announced != 0)
            return true;
    return false;
}

const struct heal_port_key *heal_detours_coming(const struct heal_detours *detours,
                                                const struct heal_prefix *destination) {
    for (size_t i = 0; i < detours->count; i++) {
        const struct heal_detour *detour = &detours->detour[i];
        if (!heal_prefix_equal(&detour->route.prefix, destination))
            continue;
        if (detour->announced != 0)
            return &detour->next;
        if (!detour->seen && detour->gone_at == 0)
            return &detour->route.via;
    }
    return NULL;
}
