/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/radio.h"

#include "base/text.h"
#include "os/process.h"
#include "wire/radio_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct radio_file {
    struct heal_radio_source base; /* first */
    char path[256];
    char text[HEAL_RADIO_FILE_MAX];
};

static int read_file(struct heal_radio_source *self, const struct heal_reading_sink *sink) {
    struct radio_file *file = (struct radio_file *)self;
    struct heal_text words;
    struct heal_error error;
    ssize_t length = heal_small_file_read(file->path, file->text, sizeof(file->text));
    heal_text_init(&words, self->words, sizeof(self->words));
    if (length < 0) {
        heal_text_add(&words, "%s: %s", file->path, strerror((int)-length));
        return length == -ENOENT ? 0 : (int)length;
    }
    int number = 0;
    for (char *line = file->text, *end = file->text + length; line < end;) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        struct heal_reading reading = {.kind = HEAL_READING_RADIO};
        char *next = newline ? newline : end;
        int r = heal_radio_line_parse(line, (size_t)(next - line), &reading.radio, &error);
        number++;
        if (r == 0) {
            sink->take(sink->context, &reading);
        } else if (r < 0) {
            heal_text_init(&words, self->words, sizeof(self->words));
            heal_text_add(&words, "%s:%d:%d: %s", file->path, number, error.column, error.what);
        }
        line = next + 1;
    }
    return 0;
}

static void close_file(struct heal_radio_source *self) {
    free(self);
}

int heal_radio_file_open(const char *path, struct heal_radio_source **ret_source) {
    struct radio_file *file = calloc(1, sizeof(*file));
    if (!file) {
        return -ENOMEM;
    }
    if (strlen(path) >= sizeof(file->path)) {
        free(file);
        return -ENAMETOOLONG;
    }
    heal_name_copy(file->path, sizeof(file->path), path);
    file->base = (struct heal_radio_source){.read = read_file, .close = close_file};
    *ret_source = &file->base;
    return 0;
}

struct heal_radio_source *heal_radio_close(struct heal_radio_source *source) {
    if (source) {
        source->close(source);
    }
    return NULL;
}
