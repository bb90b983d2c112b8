/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The log: one line an entry, "event=NAME name=value …", on standard error. Below journald a line begins with
 * its priority (sd-daemon(3)), elsewhere with the time. An event that repeats more than ten times in ten
 * seconds is held back, and told how often afterwards. Values are the caller's: nobody logs a secret here,
 * command lines are never logged, only their results.
 */
#ifndef HEALD_LOG_H
#define HEALD_LOG_H

#include "config/config.h"

enum { HEALD_LOG_EVENTS = 32, HEALD_LOG_LINE_MAX = 512 };

/** How often one event was logged of late. */
struct heald_log_rate {
    const char *event;
    heal_us since;
    unsigned lines, held;
};

struct heald_log {
    enum heal_config_log level;
    bool journald;
    int file;
    uint64_t held_total;
    struct heald_log_rate rate[HEALD_LOG_EVENTS];
};

/** @param file descriptor, as a rule standard error. */
void heald_log_init(struct heald_log *log, enum heal_config_log level, int file);

/**
 * Writes an entry if @p level is wanted.
 * @param event a constant text, the entry's name for ever.
 */
void heald_log_write(struct heald_log *log, enum heal_config_log level, const char *event, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));

/** Tells of what was held back and has calmed down; now and then. */
void heald_log_settle(struct heald_log *log, heal_us now);

#endif
