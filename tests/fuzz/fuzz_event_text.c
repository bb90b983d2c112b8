/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A line of an event log: what is taken is written and taken again, the same. */
#include "heal/event.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct heal_event event, again;
    static char line[HEAL_EVENT_LINE_MAX * 4];
    struct heal_error error;
    heal_us now = 0, then = 0;

    memset(&event, 0, sizeof event);
    if (heal_event_parse((const char *)data, size, &now, &event, &error) != 0)
        return 0;
    int length = heal_event_format(now, &event, line, sizeof line);
    if (length < 0)
        abort();
    memset(&again, 0, sizeof again);
    if (heal_event_parse(line, (size_t)length, &then, &again, &error) != 0)
        abort();
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): both were zeroed, what lies between fields, too
    if (then != now || memcmp(&event, &again, sizeof event) != 0)
        abort();
    return 0;
}
