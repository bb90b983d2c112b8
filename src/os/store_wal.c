/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_wal.h"

#include <string.h>

/* "The WAL File Format", https://www.sqlite.org/fileformat2.html#walformat. All numbers are big-endian; the
 * last bit of the magic number says how the checksum reads its words. */
enum {
    HEADER = 32,
    HEADER_SUMMED = 24,
    PAGE_SIZE_AT = 8,
    SALT_AT = 16,
    FRAME_HEADER = 24,
    FRAME_SUMMED = 8,
    FRAME_COMMIT_AT = 4, /* the size of the database after a commit; 0 in other frames */
    FRAME_SALT_AT = 8,
    FRAME_SUM_AT = 16,
    SALT = 8,
};
static const uint32_t magic = 0x377f0682;

struct sum {
    uint32_t a, b;
};

static uint32_t big(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t little(const uint8_t *at) {
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

static struct sum add_up(struct sum sum, bool is_big, const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i + 8 <= length; i += 8) {
        sum.a += (is_big ? big : little)(bytes + i) + sum.b;
        sum.b += (is_big ? big : little)(bytes + i + 4) + sum.a;
    }
    return sum;
}

static bool is_at(struct sum sum, const uint8_t *at) {
    return sum.a == big(at) && sum.b == big(at + 4);
}

/* Of the frames from here on, as far as they are of this log's present round. */
static unsigned count_commits(const uint8_t *log, size_t length, size_t at, size_t frame) {
    unsigned commits = 0;

    for (; length - at >= frame && memcmp(log + at + FRAME_SALT_AT, log + SALT_AT, SALT) == 0; at += frame)
        commits += big(log + at + FRAME_COMMIT_AT) != 0;
    return commits;
}

bool heal_store_wal_is_damaged(const uint8_t *log, size_t length) {
    if (length <= HEADER)
        return false;
    bool is_big = log[3] & 1;
    size_t page = big(log + PAGE_SIZE_AT), frame = FRAME_HEADER + page, at = HEADER;
    struct sum sum = add_up((struct sum){0, 0}, is_big, log, HEADER_SUMMED);
    if ((big(log) & ~1U) != magic || !is_at(sum, log + HEADER_SUMMED) || page < 512 || page > 65536)
        return true;
    for (; length - at >= frame; at += frame) {
        if (memcmp(log + at + FRAME_SALT_AT, log + SALT_AT, SALT) != 0)
            return false; /* of an earlier round: here the log ends */
        sum = add_up(sum, is_big, log + at, FRAME_SUMMED);
        sum = add_up(sum, is_big, log + at + FRAME_HEADER, page);
        /* A loss of power may leave the last transaction in pieces, its commit among them. */
        if (!is_at(sum, log + at + FRAME_SUM_AT))
            return count_commits(log, length, at, frame) > 1;
    }
    return false;
}
