/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The replay: lets the events of a recorded log happen again to a fresh engine, made from the log's own head,
 * and writes the decisions: the same, to the byte, as those of the recorded run. It carries nothing out.
 */
#ifndef HEALD_REPLAY_H
#define HEALD_REPLAY_H

#include "config/config.h"
#include "heal/engine.h"

#include <stdio.h>

struct heald_replay_report {
    uint64_t events, decisions;
    unsigned parts;
    bool cut; /**< the last line was not whole (a killed recorder) and was passed over */
};

/**
 * Replays one log, FILE.1, FILE.2 and so on first where @p path is the last of several parts.
 * @param trace where the decisions go. @param error says where and what; its file is the part's.
 * @return 0, -EINVAL for a log that is wrong, or a negative errno of reading.
 */
int heald_replay_file(const char *path, FILE *trace, struct heald_replay_report *ret_report,
                      struct heal_config_error *error);

struct heald_replay;

/** One replay, part after part. @return 0 or -ENOMEM. */
int heald_replay_new(FILE *trace, struct heald_replay **ret_replay);
/** Takes NULL. @return NULL. */
struct heald_replay *heald_replay_free(struct heald_replay *replay);

/** Lets one part happen. @param name for messages. @return as heald_replay_file. */
int heald_replay_part(struct heald_replay *replay, FILE *log, const char *name,
                      struct heal_config_error *error);

void heald_replay_report(const struct heald_replay *replay, struct heald_replay_report *ret_report);

#endif
