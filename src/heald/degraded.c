/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/degraded.h"

#include "base/text.h"

#include <stdarg.h>
#include <string.h>

void heald_degraded_raise(struct heald_degraded *degraded, enum heald_condition condition, const char *format,
                          ...) {
    struct heald_condition_status *status = &degraded->status[condition];
    struct heal_text words;
    va_list arguments;

    heal_text_init(&words, status->words, sizeof status->words);
    va_start(arguments, format);
    heal_text_add_v(&words, format, arguments);
    va_end(arguments);
    status->last = heald_now();
    if (status->holds)
        return;
    status->holds = true;
    status->since = status->last;
    heald_log_write(degraded->log, HEAL_CONFIG_LOG_WARNING, "degraded", "condition=%s what=\"%s\"",
                    heald_condition_rule(condition)->name, status->words);
}

void heald_degraded_clear(struct heald_degraded *degraded, enum heald_condition condition) {
    struct heald_condition_status *status = &degraded->status[condition];

    if (!status->holds)
        return;
    heald_log_write(degraded->log, HEAL_CONFIG_LOG_INFO, "recovered", "condition=%s after-s=%.1f",
                    heald_condition_rule(condition)->name, (double)(heald_now() - status->since) / 1e6);
    *status = (struct heald_condition_status){0};
}

void heald_degraded_take_parts(struct heald_degraded *degraded, const struct heald_part_status *part) {
    for (unsigned i = 0; i < HEALD_CONDITIONS; i++) {
        uint32_t parts = heald_condition_rule((enum heald_condition)i)->parts;
        char buffer[sizeof degraded->status->words];
        struct heal_text words;

        heal_text_init(&words, buffer, sizeof buffer);
        for (unsigned p = 0; p < HEALD_PARTS; p++)
            if ((parts >> p & 1) && part[p].wanted && !part[p].works)
                heal_text_add(&words, "%s%s: %s", words.length ? "; " : "",
                              heald_part_name((enum heald_part)p), part[p].words);
        if (words.length > 0)
            heald_degraded_raise(degraded, (enum heald_condition)i, "%s", buffer);
        else if (parts)
            heald_degraded_clear(degraded, (enum heald_condition)i);
    }
}

void heald_degraded_settle(struct heald_degraded *degraded, heal_us now) {
    for (unsigned i = 0; i < HEALD_CONDITIONS; i++) {
        heal_us lasts = heald_condition_rule((enum heald_condition)i)->lasts;

        if (lasts && degraded->status[i].holds && now >= degraded->status[i].last + lasts)
            heald_degraded_clear(degraded, (enum heald_condition)i);
    }
}
