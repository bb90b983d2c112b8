/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/queue.h"

#include <errno.h>

int heald_queue_put(struct heald_queue *queue, const struct heal_event *event) {
    if (queue->count == HEALD_QUEUE_MAX)
        return -ENOBUFS;
    queue->event[(queue->first + queue->count) % HEALD_QUEUE_MAX] = *event;
    queue->count++;
    return 0;
}

bool heald_queue_take(struct heald_queue *queue, struct heal_event *ret_event) {
    if (queue->count == 0)
        return false;
    *ret_event = queue->event[queue->first];
    /* From the front again when empty: a queue that is rarely long touches little memory. */
    queue->first = --queue->count == 0 ? 0 : (queue->first + 1) % HEALD_QUEUE_MAX;
    return true;
}
