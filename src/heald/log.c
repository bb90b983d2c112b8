/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/log.h"

#include "base/text.h"
#include "heald/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WINDOW_S = 10, LINES_PER_WINDOW = 10 };

/* journald says by its device and inode which descriptor leads to it (systemd.exec(5)). */
static bool is_journal(int file) {
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long device, inode;
    struct stat about;

    return stream && sscanf(stream, "%lu:%lu", &device, &inode) == 2 && fstat(file, &about) == 0 &&
           about.st_dev == device && about.st_ino == inode;
}

void heald_log_init(struct heald_log *log, enum heal_config_log level, int file) {
    *log = (struct heald_log){.level = level, .file = file, .journald = is_journal(file)};
}

static int priority(enum heal_config_log level) {
    static const int PRIORITY[HEAL_CONFIG_LOGS] = {
        [HEAL_CONFIG_LOG_ERROR] = 3,
        [HEAL_CONFIG_LOG_WARNING] = 4,
        [HEAL_CONFIG_LOG_INFO] = 6,
        [HEAL_CONFIG_LOG_DEBUG] = 7,
    };

    return PRIORITY[level];
}

static void begin(const struct heald_log *log, enum heal_config_log level, const char *event,
                  struct heal_text *line) {
    struct timespec now;
    struct tm utc;
    char stamp[32];

    if (log->journald) {
        heal_text_add(line, "<%d>", priority(level));
    } else {
        clock_gettime(CLOCK_REALTIME, &now);
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", gmtime_r(&now.tv_sec, &utc));
        heal_text_add(line, "%s.%03ldZ %s ", stamp, now.tv_nsec / 1000000, heal_config_log_name(level));
    }
    heal_text_add(line, "event=%s", event);
}

/* One line is one write, so that lines of several processes do not mix; line breaks within would forge one.
 */
static void finish(const struct heald_log *log, struct heal_text *line) {
    for (size_t i = 0; i < line->length; i++)
        if ((unsigned char)line->buffer[i] < ' ' || line->buffer[i] == 0x7f)
            line->buffer[i] = ' ';
    if (line->length >= HEALD_LOG_LINE_MAX - 1)
        line->length = HEALD_LOG_LINE_MAX - 2;
    line->buffer[line->length++] = '\n';
    if (write(log->file, line->buffer, line->length) < 0)
        return; /* a log that cannot be written can tell no one */
}

static void tell_held(struct heald_log *log, struct heald_log_rate *rate) {
    char buffer[HEALD_LOG_LINE_MAX];
    struct heal_text line;

    if (rate->held == 0)
        return;
    heal_text_init(&line, buffer, sizeof buffer);
    begin(log, HEAL_CONFIG_LOG_WARNING, rate->event, &line);
    heal_text_add(&line, " held-back=%u what=\"the same event again and again\"", rate->held);
    finish(log, &line);
    rate->held = 0;
}

/* @return the event's row; the one that was quiet longest makes room for a new event. */
static struct heald_log_rate *rate_of(struct heald_log *log, const char *event) {
    struct heald_log_rate *oldest = &log->rate[0];

    for (size_t i = 0; i < HEALD_LOG_EVENTS; i++) {
        struct heald_log_rate *rate = &log->rate[i];

        if (rate->event && strcmp(rate->event, event) == 0)
            return rate;
        if (!rate->event || (oldest->event && rate->since < oldest->since))
            oldest = rate;
    }
    tell_held(log, oldest);
    *oldest = (struct heald_log_rate){.event = event};
    return oldest;
}

static bool is_held(struct heald_log *log, const char *event) {
    struct heald_log_rate *rate = rate_of(log, event);
    heal_us now = heald_now();

    if (rate->since == 0 || now - rate->since >= WINDOW_S * HEAL_US_PER_S) {
        tell_held(log, rate);
        rate->since = now;
        rate->lines = 0;
    }
    if (rate->lines++ < LINES_PER_WINDOW)
        return false;
    rate->held++;
    log->held_total++;
    return true;
}

void heald_log_write(struct heald_log *log, enum heal_config_log level, const char *event, const char *format,
                     ...) {
    char buffer[HEALD_LOG_LINE_MAX];
    struct heal_text line;
    va_list arguments;

    if (level > log->level || is_held(log, event))
        return;
    heal_text_init(&line, buffer, sizeof buffer);
    begin(log, level, event, &line);
    heal_text_add(&line, " ");
    va_start(arguments, format);
    heal_text_add_v(&line, format, arguments);
    va_end(arguments);
    finish(log, &line);
}

void heald_log_settle(struct heald_log *log, heal_us now) {
    for (size_t i = 0; i < HEALD_LOG_EVENTS; i++)
        if (log->rate[i].event && now - log->rate[i].since >= WINDOW_S * HEAL_US_PER_S)
            tell_held(log, &log->rate[i]);
}
