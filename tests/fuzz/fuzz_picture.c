/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Whatever answers on the socket, the page that is drawn of it has no element of its own making, no control
 * character, and no place that is not a number. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "healctl/draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;

    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

static void check(const char *page, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)page[i] < 0x20 && page[i] != '\n') || page[i] == 0x7f)
            abort();
    bool marked_up = count_of(page, "<script") != 1 || count_of(page, "<style") != 1 ||
                     count_of(page, "<svg") != count_of(page, "</svg>") ||
                     count_of(page, "<title") != count_of(page, "</title>");
    bool nowhere =
        strstr(page, "='nan") || strstr(page, "='-nan") || strstr(page, "='inf") || strstr(page, "='-inf");
    if (marked_up || nowhere)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *reply = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);
    const struct heal_drawn drawn = {.status = reply, .links = reply, .incidents = reply};
    struct heal_picture *picture = reply ? heal_picture_new("fuzz") : NULL;
    char *page = NULL;
    size_t length = 0;
    FILE *memory = picture ? open_memstream(&page, &length) : NULL;

    if (memory) {
        if (heal_draw(picture, &drawn) < 0 || heal_picture_write(picture, memory) < 0)
            abort();
        fclose(memory);
        check(page, length);
    }
    free(page);
    heal_picture_free(picture);
    json_decref(reply);
    return 0;
}
