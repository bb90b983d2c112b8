/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/safetensors.h"

#include "base/cleanup.h"
#include "weights/header.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LENGTH_BYTES = 8 };

static const char metadata[] = "__metadata__";

/* The format's types, by their names in it. */
static const struct type {
    char name[8];
    uint8_t bytes;
    enum heal_tensor_type type;
} types[] = {
    {"U8",   1, HEAL_TENSOR_U8   },
    {"I8",   1, HEAL_TENSOR_I8   },
    {"I16",  2, HEAL_TENSOR_I16  },
    {"I32",  4, HEAL_TENSOR_I32  },
    {"F32",  4, HEAL_TENSOR_F32  },
    {"BOOL", 1, HEAL_TENSOR_OTHER},
    {"U16",  2, HEAL_TENSOR_OTHER},
    {"F16",  2, HEAL_TENSOR_OTHER},
    {"BF16", 2, HEAL_TENSOR_OTHER},
    {"U32",  4, HEAL_TENSOR_OTHER},
    {"U64",  8, HEAL_TENSOR_OTHER},
    {"I64",  8, HEAL_TENSOR_OTHER},
    {"F64",  8, HEAL_TENSOR_OTHER},
};

const char *heal_tensor_type_name(enum heal_tensor_type type) {
    return type < HEAL_TENSOR_OTHER ? types[type].name : "another type";
}

int heal_safetensors_refuse(struct heal_error *error, size_t place, const char *format, ...) {
    char what[sizeof error->what];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return heal_error_set(error, -EINVAL, 0, (int)place, "%s", what);
}

const struct heal_tensor *heal_safetensors_find(const struct heal_safetensors *file, const char *name) {
    for (unsigned i = 0; i < file->tensors; i++)
        if (strcmp(file->tensor[i].name, name) == 0)
            return &file->tensor[i];
    return NULL;
}

const struct heal_tensor_entry *heal_safetensors_entry(const struct heal_safetensors *file,
                                                       const char *name) {
    for (unsigned i = 0; i < file->entries; i++)
        if (strcmp(file->entry[i].name, name) == 0)
            return &file->entry[i];
    return NULL;
}

/* ---- the numbers ---- */

static uint32_t bytes_at(const uint8_t *bytes, unsigned count) {
    uint32_t value = 0;

    while (count-- > 0)
        value = value << 8 | bytes[count];
    return value;
}

int32_t heal_tensor_whole(const struct heal_tensor *tensor, size_t index) {
    unsigned bytes = types[tensor->type].bytes;
    uint32_t value = bytes_at(tensor->bytes + index * bytes, bytes);

    switch (tensor->type) {
    case HEAL_TENSOR_I8:
        return (int8_t)value;
    case HEAL_TENSOR_I16:
        return (int16_t)value;
    case HEAL_TENSOR_U8:
    case HEAL_TENSOR_I32:
    case HEAL_TENSOR_F32:
    case HEAL_TENSOR_OTHER:
    case HEAL_TENSOR_TYPES:
        break;
    }
    return (int32_t)value;
}

float heal_tensor_real(const struct heal_tensor *tensor, size_t index) {
    uint32_t bits = bytes_at(tensor->bytes + 4 * index, 4);
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

size_t heal_tensor_place(const struct heal_tensor *tensor, size_t index) {
    return tensor->count == 0 ? tensor->begin
                              : tensor->begin + (tensor->end - tensor->begin) / tensor->count * index;
}

/* ---- a tensor's description ---- */

struct reading {
    struct heal_header header;
    struct heal_safetensors *file;
    size_t data, length; /* where in the file the numbers begin, and how many bytes they are */
};

/* What of a description was there. */
struct parts {
    bool type, shape, offsets;
    uint8_t number_bytes;
    size_t type_place, shape_place, offsets_place;
};

static int take_type(struct reading *reading, struct heal_tensor *tensor, struct parts *parts) {
    char name[16];

    int r = heal_header_name(&reading->header, name, sizeof name, &parts->type_place);
    if (r < 0)
        return r;
    for (size_t i = 0; i < HEAL_COUNT(types); i++) {
        if (strcmp(types[i].name, name) == 0) {
            tensor->type = types[i].type;
            parts->number_bytes = types[i].bytes;
            return 0;
        }
    }
    return heal_safetensors_refuse(reading->header.error, parts->type_place, "tensor %s: there is no type %s",
                                   tensor->name, name);
}

static int take_shape(struct reading *reading, struct heal_tensor *tensor, struct parts *parts) {
    bool more;

    heal_header_peek(&reading->header);
    parts->shape_place = reading->header.at;
    int r = heal_header_take(&reading->header, '[');
    tensor->count = 1;
    for (bool first = true; r == 0; first = false) {
        uint64_t dimension;

        r = heal_header_next(&reading->header, ']', first, &more);
        if (r < 0 || !more)
            break;
        r = heal_header_whole(&reading->header, HEAL_SAFETENSORS_DIMENSION_MAX, &dimension);
        if (r < 0)
            break;
        if (tensor->dimensions == HEAL_SAFETENSORS_DIMENSIONS_MAX)
            return heal_safetensors_refuse(reading->header.error, parts->shape_place,
                                           "tensor %s has more than %d dimensions", tensor->name,
                                           HEAL_SAFETENSORS_DIMENSIONS_MAX);
        tensor->dimension[tensor->dimensions++] = (uint32_t)dimension;
        tensor->count *= dimension;
        if (tensor->count > HEAL_SAFETENSORS_BYTES_MAX)
            return heal_safetensors_refuse(reading->header.error, parts->shape_place,
                                           "tensor %s has more numbers than a file may have bytes",
                                           tensor->name);
    }
    return r;
}

static int take_offsets(struct reading *reading, struct heal_tensor *tensor, struct parts *parts) {
    uint64_t begin, end;

    heal_header_peek(&reading->header);
    parts->offsets_place = reading->header.at;
    int r = heal_header_take(&reading->header, '[');
    r = r < 0 ? r : heal_header_whole(&reading->header, HEAL_SAFETENSORS_BYTES_MAX, &begin);
    r = r < 0 ? r : heal_header_take(&reading->header, ',');
    r = r < 0 ? r : heal_header_whole(&reading->header, HEAL_SAFETENSORS_BYTES_MAX, &end);
    r = r < 0 ? r : heal_header_take(&reading->header, ']');
    if (r < 0)
        return r;
    if (begin > end || end > reading->length)
        return heal_safetensors_refuse(reading->header.error, parts->offsets_place,
                                       "tensor %s lies at bytes %llu to %llu: there are %zu", tensor->name,
                                       (unsigned long long)begin, (unsigned long long)end, reading->length);
    tensor->begin = reading->data + begin;
    tensor->end = reading->data + end;
    tensor->bytes = reading->header.bytes + tensor->begin;
    return 0;
}

static int take_part(struct reading *reading, struct heal_tensor *tensor, struct parts *parts) {
    static const struct {
        char name[16];
        size_t had;
        int (*take)(struct reading *reading, struct heal_tensor *tensor, struct parts *parts);
    } part[] = {
        {"dtype",        offsetof(struct parts, type),    take_type   },
        {"shape",        offsetof(struct parts, shape),   take_shape  },
        {"data_offsets", offsetof(struct parts, offsets), take_offsets},
    };
    char name[HEAL_SAFETENSORS_NAME_MAX];
    size_t place;

    int r = heal_header_name(&reading->header, name, sizeof name, &place);
    for (size_t i = 0; r == 0 && i < HEAL_COUNT(part); i++) {
        bool *had = (bool *)((char *)parts + part[i].had);

        if (strcmp(part[i].name, name) != 0)
            continue;
        if (*had)
            return heal_safetensors_refuse(reading->header.error, place, "tensor %s says its %s twice",
                                           tensor->name, name);
        *had = true;
        r = heal_header_take(&reading->header, ':');
        return r < 0 ? r : part[i].take(reading, tensor, parts);
    }
    return r < 0 ? r
                 : heal_safetensors_refuse(reading->header.error, place,
                                           "tensor %s: there is no '%s' of a tensor", tensor->name, name);
}

static int check_tensor(const struct reading *reading, const struct heal_tensor *tensor,
                        const struct parts *parts) {
    struct heal_error *error = reading->header.error;

    if (!parts->type || !parts->shape || !parts->offsets)
        return heal_safetensors_refuse(error, tensor->place, "tensor %s does not say its %s", tensor->name,
                                       !parts->type    ? "dtype"
                                       : !parts->shape ? "shape"
                                                       : "data_offsets");
    if (tensor->count * parts->number_bytes != tensor->end - tensor->begin)
        return heal_safetensors_refuse(error, parts->offsets_place,
                                       "tensor %s has %zu bytes: its shape needs %zu", tensor->name,
                                       tensor->end - tensor->begin, tensor->count * parts->number_bytes);
    return 0;
}

/* The name being past. */
static int take_tensor(struct reading *reading, const char *name, size_t place) {
    struct heal_safetensors *file = reading->file;
    struct parts parts = {0};
    bool more;

    if (heal_safetensors_find(file, name))
        return heal_safetensors_refuse(reading->header.error, place, "there are two tensors %s", name);
    if (file->tensors == HEAL_SAFETENSORS_TENSORS_MAX)
        return heal_safetensors_refuse(reading->header.error, place, "more than %d tensors",
                                       HEAL_SAFETENSORS_TENSORS_MAX);
    struct heal_tensor *tensor = &file->tensor[file->tensors];
    *tensor = (struct heal_tensor){.place = place};
    memcpy(tensor->name, name, sizeof tensor->name);
    int r = heal_header_take(&reading->header, '{');
    for (bool first = true; r == 0; first = false) {
        r = heal_header_next(&reading->header, '}', first, &more);
        if (r < 0 || !more)
            break;
        r = take_part(reading, tensor, &parts);
    }
    r = r < 0 ? r : check_tensor(reading, tensor, &parts);
    if (r == 0)
        file->tensors++;
    return r;
}

/* ---- the header ---- */

static int take_entry(struct reading *reading) {
    struct heal_safetensors *file = reading->file;
    struct heal_tensor_entry *entry = &file->entry[file->entries];
    size_t place, length;

    if (file->entries == HEAL_SAFETENSORS_ENTRIES_MAX || file->text_length == sizeof file->text)
        return heal_safetensors_refuse(reading->header.error, reading->header.at, "%u texts are too many",
                                       file->entries + 1U);
    int r = heal_header_name(&reading->header, entry->name, sizeof entry->name, &place);
    if (r == 0 && heal_safetensors_entry(file, entry->name))
        return heal_safetensors_refuse(reading->header.error, place, "%s is said twice", entry->name);
    r = r < 0 ? r : heal_header_take(&reading->header, ':');
    if (r < 0)
        return r;
    heal_header_peek(&reading->header);
    entry->place = reading->header.at;
    entry->value = file->text + file->text_length;
    r = heal_header_string(&reading->header, file->text + file->text_length,
                           sizeof file->text - file->text_length, &length);
    if (r < 0)
        return r;
    file->text_length += length + 1;
    file->entries++;
    return 0;
}

static int take_metadata(struct reading *reading) {
    bool more;
    int r = heal_header_take(&reading->header, '{');

    for (bool first = true; r == 0; first = false) {
        r = heal_header_next(&reading->header, '}', first, &more);
        if (r < 0 || !more)
            break;
        r = take_entry(reading);
    }
    return r;
}

static int take_header(struct reading *reading) {
    bool more, described = false;
    int r = heal_header_take(&reading->header, '{');

    for (bool first = true; r == 0; first = false) {
        char name[HEAL_SAFETENSORS_NAME_MAX] = {0};
        size_t place = 0;

        r = heal_header_next(&reading->header, '}', first, &more);
        if (r < 0 || !more)
            break;
        r = heal_header_name(&reading->header, name, sizeof name, &place);
        r = r < 0 ? r : heal_header_take(&reading->header, ':');
        if (r < 0)
            break;
        if (strcmp(name, metadata) != 0) {
            r = take_tensor(reading, name, place);
            continue;
        }
        if (described)
            return heal_safetensors_refuse(reading->header.error, place, "%s is said twice", metadata);
        described = true;
        r = take_metadata(reading);
    }
    if (r == 0 && heal_header_peek(&reading->header) >= 0)
        return heal_safetensors_refuse(reading->header.error, reading->header.at,
                                       "the header goes on after its end");
    return r;
}

/* @return the tensor whose bytes begin there; NULL: none. */
static const struct heal_tensor *tensor_from(const struct heal_safetensors *file, size_t begin) {
    for (unsigned i = 0; i < file->tensors; i++)
        if (file->tensor[i].begin == begin && file->tensor[i].end > begin)
            return &file->tensor[i];
    return NULL;
}

/* Each byte belongs to one tensor: one begins where another ends, up to the end, and that are all. */
static int check_places(const struct reading *reading) {
    const struct heal_safetensors *file = reading->file;
    size_t at = reading->data, sum = 0;

    for (const struct heal_tensor *next; (next = tensor_from(file, at));)
        at = next->end;
    for (unsigned i = 0; i < file->tensors; i++)
        sum += file->tensor[i].end - file->tensor[i].begin;
    if (at != file->length)
        return heal_safetensors_refuse(reading->header.error, at,
                                       "no tensor begins at this byte, and %zu follow", file->length - at);
    if (sum != reading->length)
        return heal_safetensors_refuse(reading->header.error, reading->data,
                                       "tensors overlap: they have %zu bytes, and there are %zu", sum,
                                       reading->length);
    return 0;
}

int heal_safetensors_decode(const uint8_t *bytes, size_t length, struct heal_safetensors *ret_file,
                            struct heal_error *error) {
    uint64_t header = 0;

    ret_file->length = length;
    ret_file->tensors = ret_file->entries = 0;
    ret_file->text_length = 0;
    if (length > HEAL_SAFETENSORS_BYTES_MAX)
        return heal_safetensors_refuse(error, HEAL_SAFETENSORS_BYTES_MAX, "a file of %zu bytes: at most %d",
                                       length, HEAL_SAFETENSORS_BYTES_MAX);
    if (length < LENGTH_BYTES)
        return heal_safetensors_refuse(error, length, "the file ends before the header's length");
    for (unsigned i = LENGTH_BYTES; i > 0; i--)
        header = header << 8 | bytes[i - 1];
    if (header > HEAL_SAFETENSORS_HEADER_MAX)
        return heal_safetensors_refuse(error, 0, "not a safetensors file: a header of %llu bytes; at most %d",
                                       (unsigned long long)header, HEAL_SAFETENSORS_HEADER_MAX);
    if (header > length - LENGTH_BYTES)
        return heal_safetensors_refuse(error, 0, "a header of %llu bytes: the file has %zu more",
                                       (unsigned long long)header, length - LENGTH_BYTES);
    struct reading reading = {
        .header = {.bytes = bytes, .at = LENGTH_BYTES, .end = LENGTH_BYTES + header, .error = error},
        .file = ret_file,
        .data = LENGTH_BYTES + header,
        .length = length - LENGTH_BYTES - header,
    };
    int r = take_header(&reading);
    return r < 0 ? r : check_places(&reading);
}
