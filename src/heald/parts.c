/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/parts.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void change(struct heald_parts *parts, enum heald_part part, const struct heald_part_status *news) {
    parts->status[part] = *news;
    if (parts->degraded)
        heald_degraded_take_parts(parts->degraded, parts->status);
}

void heald_parts_say(struct heald_parts *parts, enum heald_part part, bool works, const char *format, ...) {
    struct heald_part_status *status = &parts->status[part];
    struct heald_part_status news = {.wanted = true, .works = works};
    enum heal_config_log level = works ? HEAL_CONFIG_LOG_INFO : HEAL_CONFIG_LOG_WARNING;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(news.words, sizeof news.words, format, arguments);
    va_end(arguments);
    if (status->wanted && status->works == works && strcmp(status->words, news.words) == 0)
        return;
    change(parts, part, &news);
    heald_log_write(parts->log, level, "part", "part=%s works=%s what=\"%s\"", heald_part_name(part),
                    works ? "yes" : "no", news.words);
}

void heald_parts_unwanted(struct heald_parts *parts, enum heald_part part, const char *words) {
    struct heald_part_status news = {.wanted = false};

    heal_name_copy(news.words, sizeof news.words, words);
    change(parts, part, &news);
}
