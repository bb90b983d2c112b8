/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Events that came while the engine was being stepped or its commands carried out: they wait here, in order,
 * so that nothing ever calls the engine from within itself. Bounded; what does not fit is the caller's to
 * count.
 */
#ifndef HEALD_QUEUE_H
#define HEALD_QUEUE_H

#include "heal/event.h"

/** A step gives at most HEAL_OUTPUT_COMMANDS commands, and each is answered at most once. */
enum { HEALD_QUEUE_MAX = 256 };

struct heald_queue {
    size_t first, count;
    struct heal_event event[HEALD_QUEUE_MAX];
};

/** @return 0 or -ENOBUFS. */
int heald_queue_put(struct heald_queue *queue, const struct heal_event *event);

/** @return false when it is empty. */
bool heald_queue_take(struct heald_queue *queue, struct heal_event *ret_event);

#endif
