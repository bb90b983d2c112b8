/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "recording.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void take_datagram(struct recording *recording, size_t start) {
    struct heal_netlink_frame frame;
    size_t used;
    int r;
    while ((r = heal_netlink_frame_decode(recording->bytes + start, recording->used - start, &frame,
                                          &used)) == 0) {
        start += used;
        recording->done |= frame.kind == HEAL_NETLINK_FRAME_DONE;
        recording->acknowledged |= frame.kind == HEAL_NETLINK_FRAME_ERROR && frame.code == 0;
        if (frame.kind == HEAL_NETLINK_FRAME_DATA) {
            assert_true(recording->frames < RECORDING_FRAMES_MAX);
            recording->frame[recording->frames++] = frame;
        }
    }
    assert_int_equal(r, -ENODATA);
}

static void take_line(struct recording *recording, const char *line) {
    size_t start = recording->used;
    for (; line[0] && line[0] != '\n'; line += 2) {
        char pair[3] = {line[0], line[1], '\0'};
        assert_true(recording->used < RECORDING_BYTES_MAX);
        recording->bytes[recording->used++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    recording->datagrams++;
    take_datagram(recording, start);
}

void recording_read(struct recording *recording, const char *name) {
    char path[256], *line = NULL;
    size_t size = 0;
    snprintf(path, sizeof(path), "%s/%s.hex", HEAL_RECORDINGS, name);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    memset(recording, 0, sizeof(*recording));
    while (getline(&line, &size, file) > 0) {
        if (line[0] != '#') {
            take_line(recording, line);
        }
    }
    free(line);
    fclose(file);
}

void recording_cut(const struct recording *recording, int (*decode)(const struct heal_netlink_frame *frame)) {
    unsigned refused = 0;
    for (size_t i = 0; i < recording->frames; i++) {
        struct heal_netlink_frame frame = recording->frame[i];
        for (size_t size = 0; size < recording->frame[i].size; size++) {
            uint8_t *copy = malloc(size ? size : 1); /* of the exact size, for the sanitizers */
            assert_non_null(copy);
            memcpy(copy, frame.body, size);
            struct heal_netlink_frame cut = frame;
            cut.body = copy;
            cut.size = size;
            int r = decode(&cut);
            assert_true(r == 0 || r == -EBADMSG);
            refused += r < 0;
            free(copy);
        }
    }
    assert_true(refused > 0);
}
