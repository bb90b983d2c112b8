/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "healctl/draw.h"
#include "os/file.h"

/* The page as text. */
static int write_page(const struct heal_picture *picture, char **ret_text, size_t *ret_length) {
    FILE *memory = open_memstream(ret_text, ret_length);

    if (!memory)
        return -ENOMEM;
    int r = heal_picture_write(picture, memory);
    if (fclose(memory) != 0 && r == 0)
        r = -ENOMEM;
    return r;
}

int heal_draw_file(const struct heal_call *call, const struct heal_picture *picture, const char *path) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    size_t length = 0;
    int r = write_page(picture, &text, &length);

    if (r == 0 && strcmp(path, "-") == 0)
        return fwrite(text, 1, length, call->out) == length ? HEAL_EXIT_OK : HEAL_EXIT_INTERNAL;
    r = r < 0 ? r : heal_file_save(path, text, length);
    if (r == -EINVAL)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s is there, and is no regular file", path);
    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "cannot write %s: %s", path, strerror(-r));
    fprintf(call->out, "%s: %zu incidents, %zu nodes, %zu KiB\n", path, picture->incidents, picture->nodes,
            (length + 1023) / 1024);
    return HEAL_EXIT_OK;
}
