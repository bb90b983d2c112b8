/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/uses.h"

void heal_uses_note(struct heal_uses *uses, const struct heal_use *use) {
    uses->use[uses->next] = *use;
    uses->next = (uses->next + 1) % HEAL_USES_MAX;
    uses->count += uses->count < HEAL_USES_MAX;
}

/* @return the place of the use that is so many back; 1: of the latest. */
static size_t place_of(const struct heal_uses *uses, size_t back) {
    return (uses->next + HEAL_USES_MAX - back) % HEAL_USES_MAX;
}

void heal_uses_withdraw(struct heal_uses *uses, const struct heal_element *element, enum heal_remedy remedy) {
    for (size_t back = 1; back <= uses->count; back++) {
        const struct heal_use *use = &uses->use[place_of(uses, back)];
        if (use->remedy != remedy || !heal_element_equal(&use->element, element))
            continue;
        for (; back > 1; back--)
            uses->use[place_of(uses, back)] = uses->use[place_of(uses, back - 1)];
        uses->next = place_of(uses, 1);
        uses->count--;
        return;
    }
}

unsigned heal_uses_against(const struct heal_uses *uses, const struct heal_element *element,
                           enum heal_diagnosis diagnosis, heal_us since) {
    unsigned count = 0;
    for (size_t i = 0; i < uses->count; i++) {
        const struct heal_use *use = &uses->use[i];
        count +=
            use->at >= since && use->diagnosis == diagnosis && heal_element_equal(&use->element, element);
    }
    return count;
}

unsigned heal_uses_of(const struct heal_uses *uses, const struct heal_element *element,
                      enum heal_remedy remedy, heal_us since) {
    unsigned count = 0;
    for (size_t i = 0; i < uses->count; i++) {
        const struct heal_use *use = &uses->use[i];
        count += use->at >= since && use->remedy == remedy && heal_element_equal(&use->element, element);
    }
    return count;
}

bool heal_uses_overflow(const struct heal_uses *uses, heal_us since) {
    return uses->count == HEAL_USES_MAX && uses->use[uses->next].at >= since;
}
