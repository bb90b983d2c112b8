/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Safetensors, written. */
#include "weights/safetensors.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8, EVEN = 8 /* so that whoever maps the file finds the numbers aligned */ };

static size_t number_bytes(enum heal_tensor_type type) {
    switch (type) {
    case HEAL_TENSOR_U8:
    case HEAL_TENSOR_I8:
        return 1;
    case HEAL_TENSOR_I16:
        return 2;
    case HEAL_TENSOR_I32:
    case HEAL_TENSOR_F32:
    case HEAL_TENSOR_OTHER:
    case HEAL_TENSOR_TYPES:
        break;
    }
    return 4;
}

static size_t count_of(const struct heal_tensor_draft *tensor) {
    size_t count = 1;

    for (unsigned d = 0; d < tensor->dimensions; d++)
        count *= tensor->dimension[d];
    return count;
}

static void add_string(struct heal_text *text, const char *string) {
    heal_text_add(text, "\"");
    for (; *string; string++) {
        if (*string == '"' || *string == '\\')
            heal_text_add(text, "\\%c", *string);
        else if ((unsigned char)*string < 0x20)
            heal_text_add(text, "\\u%04x", (unsigned)*string);
        else
            heal_text_add(text, "%c", *string);
    }
    heal_text_add(text, "\"");
}

static void add_tensor(struct heal_text *text, const struct heal_tensor_draft *tensor, size_t begin,
                       size_t end) {
    heal_text_add(text, ",");
    add_string(text, tensor->name);
    heal_text_add(text, ":{\"dtype\":\"%s\",\"shape\":[", heal_tensor_type_name(tensor->type));
    for (unsigned d = 0; d < tensor->dimensions; d++)
        heal_text_add(text, "%s%u", d > 0 ? "," : "", tensor->dimension[d]);
    heal_text_add(text, "],\"data_offsets\":[%zu,%zu]}", begin, end);
}

/* Calls for each tensor, those of the widest type first. */
#define EACH_BY_WIDTH(tensor, tensors, at)                                                                   \
    for (size_t width_ = 4; width_ > 0; width_ /= 2)                                                         \
        for (size_t at = 0; at < (tensors); at++)                                                            \
            if (number_bytes((tensor)[at].type) == width_)

static int write_header(const struct heal_entry_draft *entry, size_t entries,
                        const struct heal_tensor_draft *tensor, size_t tensors, struct heal_text *text) {
    size_t begin = 0;

    heal_text_add(text, "{\"__metadata__\":{");
    for (size_t i = 0; i < entries; i++) {
        heal_text_add(text, "%s", i > 0 ? "," : "");
        add_string(text, entry[i].name);
        heal_text_add(text, ":");
        add_string(text, entry[i].value);
    }
    heal_text_add(text, "}");
    EACH_BY_WIDTH(tensor, tensors, i) {
        size_t end = begin + count_of(&tensor[i]) * number_bytes(tensor[i].type);

        add_tensor(text, &tensor[i], begin, end);
        begin = end;
    }
    heal_text_add(text, "}");
    while (text->length % EVEN != 0 && !text->cut)
        heal_text_add(text, " ");
    return text->cut ? -E2BIG : 0;
}

/* A number as this machine has it, least byte first. */
static uint8_t *put_number(const struct heal_tensor_draft *tensor, size_t index, uint8_t *to) {
    size_t bytes = number_bytes(tensor->type);
    const uint8_t *from = (const uint8_t *)tensor->numbers + index * bytes;
    uint32_t value = *from;

    if (bytes == 2) {
        uint16_t half;

        memcpy(&half, from, sizeof half);
        value = half;
    } else if (bytes == 4) {
        memcpy(&value, from, sizeof value);
    }
    for (size_t i = 0; i < bytes; i++, value >>= 8)
        *to++ = (uint8_t)value;
    return to;
}

int heal_safetensors_encode(const struct heal_entry_draft *entry, size_t entries,
                            const struct heal_tensor_draft *tensor, size_t tensors, uint8_t **ret_bytes,
                            size_t *ret_length) {
    size_t room = LENGTH_BYTES + HEAL_SAFETENSORS_HEADER_MAX + 1;
    struct heal_text text;

    for (size_t i = 0; i < tensors; i++)
        room += count_of(&tensor[i]) * number_bytes(tensor[i].type);
    uint8_t *bytes = malloc(room);
    if (!bytes)
        return -ENOMEM;
    heal_text_init(&text, (char *)bytes + LENGTH_BYTES, HEAL_SAFETENSORS_HEADER_MAX + 1);
    int r = write_header(entry, entries, tensor, tensors, &text);
    if (r < 0) {
        free(bytes);
        return r;
    }
    for (unsigned i = 0; i < LENGTH_BYTES; i++)
        bytes[i] = (uint8_t)((uint64_t)text.length >> 8 * i);
    uint8_t *to = bytes + LENGTH_BYTES + text.length;
    EACH_BY_WIDTH(tensor, tensors, i) {
        for (size_t k = 0; k < count_of(&tensor[i]); k++)
            to = put_number(&tensor[i], k, to);
    }
    *ret_bytes = bytes;
    *ret_length = (size_t)(to - bytes);
    return 0;
}
