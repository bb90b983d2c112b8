/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/recorder.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PART_BYTES = 64 << 20, PATH_ROOM = HEAL_CONFIG_PATH_MAX + 16 };

static void part_path(const struct heald_recorder *recorder, unsigned part, char path[static PATH_ROOM]) {
    snprintf(path, PATH_ROOM, "%s.%u", recorder->path, part);
}

/* Stops for good; the first reason is the one that counts. */
static int stop(struct heald_recorder *recorder, int code) {
    if (recorder->file)
        fclose(recorder->file);
    recorder->file = NULL;
    recorder->code = recorder->code ? recorder->code : code;
    return code;
}

static void put_line(struct heald_recorder *recorder, const char *prefix, const char *line, size_t length) {
    int written = fprintf(recorder->file, "%s%.*s\n", prefix, (int)length, line);

    if (written > 0) {
        recorder->part_written += (uint64_t)written;
        recorder->total_bytes += (uint64_t)written;
    }
}

/* Writes a mark and below it the settings. */
static int put_settings(struct heald_recorder *recorder, const char *mark) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    char hash[HEALD_SETTINGS_HASH_TEXT], line[256];
    int r = heald_settings_format(&recorder->settings, &text, hash);

    if (r < 0)
        return r;
    int length = snprintf(line, sizeof line, "%s sha256=%s", mark, hash);
    put_line(recorder, "#@ ", line, (size_t)length);
    for (const char *at = text; *at;) {
        size_t end = strcspn(at, "\n");

        put_line(recorder, "#| ", at, end);
        at += end + (at[end] == '\n');
    }
    put_line(recorder, "#@ run", "", 0);
    return ferror(recorder->file) ? -EIO : 0;
}

static int begin_part(struct heald_recorder *recorder) {
    char mark[160];
    int descriptor = open(recorder->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (descriptor < 0)
        return -errno;
    recorder->file = fdopen(descriptor, "w");
    if (!recorder->file) {
        close(descriptor);
        return -ENOMEM;
    }
    recorder->part_written = 0;
    put_line(recorder, "# heald event log 1", "", 0);
    snprintf(mark, sizeof mark, "begin node=%s seed=%016llx part=%u unix=%llu", recorder->node,
             (unsigned long long)recorder->seed, recorder->part, (unsigned long long)time(NULL));
    return put_settings(recorder, mark);
}

int heald_recorder_init(struct heald_recorder *recorder, const struct heald_recorder_options *options) {
    char old[PATH_ROOM];

    memset(recorder, 0, sizeof *recorder);
    if (strlen(options->path) >= sizeof recorder->path)
        return recorder->code = -ENAMETOOLONG;
    heal_name_copy(recorder->path, sizeof recorder->path, options->path);
    heal_name_copy(recorder->node, sizeof recorder->node, options->node);
    recorder->seed = options->seed;
    recorder->settings = *options->settings;
    recorder->part_bytes = options->part_bytes ? options->part_bytes : PART_BYTES;
    recorder->parts_max = options->parts_max ? options->parts_max : HEALD_RECORDER_PARTS;
    recorder->part = 1;
    for (unsigned part = 1; part <= HEALD_RECORDER_PARTS; part++) {
        part_path(recorder, part, old);
        unlink(old);
    }
    int r = begin_part(recorder);
    return r < 0 ? stop(recorder, r) : 0;
}

static int end_part(struct heald_recorder *recorder) {
    int r = fflush(recorder->file) == 0 ? 0 : -errno;

    if (r == 0 && fdatasync(fileno(recorder->file)) < 0 && errno != EINVAL)
        r = -errno;
    return r;
}

static int next_part(struct heald_recorder *recorder) {
    char kept[PATH_ROOM];
    int r = end_part(recorder);

    if (r < 0)
        return stop(recorder, r);
    if (recorder->part == recorder->parts_max)
        return stop(recorder, -EFBIG);
    part_path(recorder, recorder->part, kept);
    if (rename(recorder->path, kept) < 0)
        return stop(recorder, -errno);
    fclose(recorder->file);
    recorder->file = NULL;
    recorder->part++;
    r = begin_part(recorder);
    return r < 0 ? stop(recorder, r) : 0;
}

int heald_recorder_event(struct heald_recorder *recorder, heal_us now, const struct heal_event *event) {
    char line[HEAL_EVENT_LINE_MAX];

    if (!recorder->file)
        return 0;
    int length = heal_event_format(now, event, line, sizeof line);
    if (length < 0)
        return stop(recorder, length);
    if (recorder->part_written + (uint64_t)length >= recorder->part_bytes) {
        int r = next_part(recorder);
        if (r < 0)
            return r;
    }
    put_line(recorder, "", line, (size_t)length);
    return ferror(recorder->file) ? stop(recorder, -EIO) : 0;
}

int heald_recorder_configure(struct heald_recorder *recorder, const struct heal_settings *settings) {
    if (!recorder->file)
        return 0;
    recorder->settings = *settings;
    int r = put_settings(recorder, "configure");
    return r < 0 ? stop(recorder, r) : 0;
}

int heald_recorder_network(struct heald_recorder *recorder, enum heal_slot slot, uint64_t id,
                           const char *path) {
    char mark[HEAL_CONFIG_PATH_MAX + 80];

    if (!recorder->file)
        return 0;
    int length = snprintf(mark, sizeof mark, "network slot=%s id=%016llx path=%s", heal_slot_names[slot],
                          (unsigned long long)id, path);
    put_line(recorder, "#@ ", mark, (size_t)length);
    return ferror(recorder->file) ? stop(recorder, -EIO) : 0;
}

int heald_recorder_flush(struct heald_recorder *recorder) {
    if (!recorder->file || fflush(recorder->file) == 0)
        return 0;
    return stop(recorder, -errno);
}

void heald_recorder_deinit(struct heald_recorder *recorder) {
    if (recorder->file)
        stop(recorder, end_part(recorder));
}
