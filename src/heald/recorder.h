/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The recorder: writes every event that the engine is told of to an event log, so that a replay makes the
 * same decisions again. A log begins with a head: lines that an event log's reader passes over as comments.
 *
 *     # heald event log 1
 *     #@ begin node=NAME seed=HEX part=N unix=SECONDS sha256=HEX
 *     #| …                        the settings as YAML, of which that is the SHA-256
 *     #@ run
 *     SECONDS.MICROSECONDS KIND name=value …
 *
 * New settings are recorded where they were taken: "#@ configure sha256=HEX", "#| …", "#@ run". Only what the
 * engine takes is written: no commands of services, no hooks. So is a network's model, by its id and its
 * file, which is not in the log: "#@ network slot=active id=HEX path=FILE", with an id of 0 where there is
 * none any more.
 *
 * A part that reaches its size is renamed to FILE.N (N from 1) and the next one begun; a replay needs them
 * all from the first, so after the last part allowed recording stops, and says so, rather than losing the
 * start. What a round wrote is given to the kernel at its end: kill -9 loses at most the round under way. It
 * is forced to the disk when a part ends, not before: recording must not slow the loop.
 */
#ifndef HEALD_RECORDER_H
#define HEALD_RECORDER_H

#include "config/config.h"
#include "heal/event.h"

#include <stdio.h>

enum { HEALD_RECORDER_PARTS = 16, HEALD_SETTINGS_HASH_TEXT = 65 };

struct heald_recorder_options {
    const char *path;
    const char *node;
    uint64_t seed;
    const struct heal_settings *settings;
    uint64_t part_bytes; /**< 0: 64 MiB */
    unsigned parts_max;  /**< 0: HEALD_RECORDER_PARTS */
};

struct heald_recorder {
    FILE *file; /**< NULL: stopped, or never begun */
    char path[HEAL_CONFIG_PATH_MAX];
    char node[HEAL_NAME_MAX];
    uint64_t seed, part_bytes, part_written, total_bytes;
    unsigned part, parts_max;
    int code; /**< why it stopped; 0: it did not */
    struct heal_settings settings;
};

/** Begins a log; a file that is there is replaced, with its parts. @return 0 or a negative errno. */
int heald_recorder_init(struct heald_recorder *recorder, const struct heald_recorder_options *options);

/** Ends the log and forces it to the disk. Also for one that was never begun. */
void heald_recorder_deinit(struct heald_recorder *recorder);

/** Records an event. @return 0, or why recording stopped just now; does nothing once it has stopped. */
int heald_recorder_event(struct heald_recorder *recorder, heal_us now, const struct heal_event *event);

/** Records that the engine takes new settings. @return as above. */
int heald_recorder_configure(struct heald_recorder *recorder, const struct heal_settings *settings);

/** Records that the engine has another model in a slot, by its id and file. @param id 0: none any more.
 * @return as above. */
int heald_recorder_network(struct heald_recorder *recorder, enum heal_slot slot, uint64_t id,
                           const char *path);

/** Gives what was written to the kernel. @return as above. */
int heald_recorder_flush(struct heald_recorder *recorder);

/**
 * Writes settings as YAML, as a log has them.
 * @param ret_text on the heap, the caller frees it. @return 0 or a negative errno.
 */
int heald_settings_format(const struct heal_settings *settings, char **ret_text,
                          char ret_hash[static HEALD_SETTINGS_HASH_TEXT]);

/** Reads them back. @param error may be NULL. @return 0 or a negative errno. */
int heald_settings_parse(const char *text, size_t length, struct heal_settings *ret_settings,
                         struct heal_config_error *error);

/** Computes the SHA-256 of a text in hexadecimal digits. @return 0 or -EIO. */
int heald_settings_hash(const char *text, size_t length, char ret_hash[static HEALD_SETTINGS_HASH_TEXT]);

#endif
