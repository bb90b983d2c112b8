/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Whatever answers on the socket, healctl shows it without a control character but the line's end. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "healctl/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void (*const show[])(struct heal_page *, const json_t *) = {
    heal_show_status,        heal_show_nodes,      heal_show_links,    heal_show_incidents_open,
    heal_show_incidents_all, heal_show_incident,   heal_show_actions,  heal_show_audit,
    heal_show_thresholds,    heal_show_strategies, heal_show_feedback,
};

static void check(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7f)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *reply = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);

    for (size_t i = 0; reply && i < HEAL_COUNT(show); i++) {
        struct heal_page page;
        char *text = NULL;
        size_t length = 0;
        FILE *memory = open_memstream(&text, &length);

        if (!memory)
            break;
        heal_page_init(&page, memory, reply);
        show[i](&page, reply);
        fclose(memory);
        check(text, length);
        free(text);
    }
    json_decref(reply);
    return 0;
}
