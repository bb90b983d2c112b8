/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/babel_text.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a field's text becomes. */
enum field_type { FIELD_ADDRESS, FIELD_PREFIX, FIELD_IFNAME, FIELD_U16, FIELD_HEX16, FIELD_YES, FIELD_TRUE };

struct field {
    const char *name;
    enum field_type type;
    bool needed;
    size_t offset; /* in the reading */
};

#define AT(kind, member) offsetof(struct heal_reading_##kind, member)

static const struct field neighbour_fields[] = {
    {"address",     FIELD_ADDRESS, true,       AT(neighbour,       port.peer)},
    {"if",             FIELD_IFNAME,                       true,         AT(neighbour, port.ifname)},
    {"reach", FIELD_HEX16,              true,                  AT(neighbour,                         reach)},
    {"rxcost", FIELD_U16,        true, AT(neighbour,rxcost)},
    {"txcost",         FIELD_U16,   true,      AT(neighbour,                                     txcost)},
    {"cost",FIELD_U16,   true,AT(neighbour,cost)},
    {NULL,        FIELD_U16,                 false,                     0                               },
};

static const struct field route_fields[] = {
    {"prefix",       FIELD_PREFIX,  true,        AT(route,        prefix)},
    {"installed",              FIELD_YES,                 true,      AT(route, installed)},
    {"metric",    FIELD_U16,                 true,                     AT(route,                        metric)},
    {"refmetric",      FIELD_U16,            true,   AT(route,refmetric)},
    {"via",          FIELD_ADDRESS,    true,   AT(route,                                  via.peer)},
    {"if",FIELD_IFNAME,true,AT(route,via.ifname)},
    {NULL,           FIELD_U16,                     false,                               0                                       },
};

static const struct field xroute_fields[] = {
    {"prefix", FIELD_PREFIX, true, AT(route,         prefix)},
    {"metric",        FIELD_U16,             true, AT(route, metric)},
    {NULL, FIELD_U16,             false,              0                    },
};

static const struct field interface_fields[] = {
    {"up", FIELD_TRUE, true, offsetof(struct heal_babel_interface, up)},
    {NULL,    FIELD_U16,           false,   0                       },
};

/* A line under the reader's eye, word by word. */
struct reader {
    const char *line;
    size_t length, at;
    size_t word_start;
    char word[HEAL_ADDRESS_TEXT * 2]; /* cut if longer */
    struct heal_error *error;
};

static bool next_word(struct reader *reader) {
    while (reader->at < reader->length && strchr(" \t\r", reader->line[reader->at])) {
        reader->at++;
    }
    reader->word_start = reader->at;
    while (reader->at < reader->length && !strchr(" \t\r", reader->line[reader->at])) {
        reader->at++;
    }
    size_t size = reader->at - reader->word_start;
    if (size >= sizeof(reader->word)) {
        size = sizeof(reader->word) - 1;
    }
    memcpy(reader->word, reader->line + reader->word_start, size);
    reader->word[size] = '\0';
    return size > 0;
}

static int refuse(struct reader *reader, const char *what) {
    return heal_error_set(reader->error, -EINVAL, 1, (int)reader->word_start + 1, "babeld: %s: \"%.60s\"",
                          what, reader->word);
}

static int read_u16(struct reader *reader, int base, uint16_t *ret_value) {
    char *end;
    unsigned long value = strtoul(reader->word, &end, base);
    if (reader->word[0] == '-' || reader->word[0] == '+' || end == reader->word || *end ||
        value > UINT16_MAX) {
        return refuse(reader, "not a 16-bit number");
    }
    *ret_value = (uint16_t)value;
    return 0;
}

static int read_bool(struct reader *reader, const char *yes, const char *no, bool *ret_value) {
    if (strcmp(reader->word, yes) != 0 && strcmp(reader->word, no) != 0) {
        return refuse(reader, "neither yes nor no");
    }
    *ret_value = strcmp(reader->word, yes) == 0;
    return 0;
}

static int read_ifname(struct reader *reader, char *ret_ifname) {
    size_t size = strlen(reader->word);
    if (size >= HEAL_IFNAME_MAX) {
        return refuse(reader, "not an interface's name");
    }
    memcpy(ret_ifname, reader->word, size + 1);
    return 0;
}

static int read_field(struct reader *reader, enum field_type type, void *target) {
    switch (type) {
    case FIELD_ADDRESS:
        return heal_address_parse(reader->word, target) < 0 ? refuse(reader, "not an address") : 0;
    case FIELD_PREFIX:
        return heal_prefix_parse(reader->word, target) < 0 ? refuse(reader, "not a prefix") : 0;
    case FIELD_IFNAME:
        return read_ifname(reader, target);
    case FIELD_U16:
        return read_u16(reader, 10, target);
    case FIELD_HEX16:
        return read_u16(reader, 16, target);
    case FIELD_YES:
        return read_bool(reader, "yes", "no", target);
    case FIELD_TRUE:
        return read_bool(reader, "true", "false", target);
    }
    return -EINVAL;
}

/* Whether a `from` narrows the route to some sources; heald does not follow such routes. */
static bool is_source_specific(const char *from) {
    return strcmp(from, "::/0") != 0 && strcmp(from, "0.0.0.0/0") != 0;
}

/* Reads "name value" pairs into the fields they belong to. @return 1 for a source-specific route. */
static int read_fields(struct reader *reader, const struct field *fields, void *reading) {
    unsigned have = 0;
    int specific = 0;
    while (next_word(reader)) {
        const struct field *field = fields;
        while (field->name && strcmp(field->name, reader->word) != 0) {
            field++;
        }
        bool from = strcmp(reader->word, "from") == 0;
        if (!next_word(reader)) {
            return refuse(reader, "a name without a value at the end");
        }
        if (from && is_source_specific(reader->word)) {
            specific = 1;
        }
        if (!field->name) {
            continue;
        }
        int r = read_field(reader, field->type, (char *)reading + field->offset);
        if (r < 0) {
            return r;
        }
        have |= 1U << (field - fields);
    }
    for (const struct field *field = fields; field->name; field++) {
        if (field->needed && !(have & 1U << (field - fields))) {
            return heal_error_set(reader->error, -EINVAL, 1, (int)reader->length + 1,
                                  "babeld: no \"%s\" in the line", field->name);
        }
    }
    return specific;
}

static int read_object(struct reader *reader, struct heal_babel_line *line) {
    bool present = line->verb != HEAL_BABEL_FLUSH;
    char noun[16];
    if (!next_word(reader)) {
        return refuse(reader, "what was changed is missing");
    }
    heal_name_copy(noun, sizeof(noun), reader->word);
    if (!next_word(reader)) {
        return refuse(reader, "the object's name is missing");
    }
    heal_name_copy(line->id, sizeof(line->id), reader->word);
    int r = 0;
    if (strcmp(noun, "neighbour") == 0) {
        line->kind = HEAL_BABEL_NEIGHBOUR;
        line->neighbour = (struct heal_reading_neighbour){.present = present};
        r = read_fields(reader, neighbour_fields, &line->neighbour);
    } else if (strcmp(noun, "route") == 0) {
        line->kind = HEAL_BABEL_ROUTE;
        line->route = (struct heal_reading_route){.present = present};
        r = read_fields(reader, route_fields, &line->route);
    } else if (strcmp(noun, "xroute") == 0) {
        line->kind = HEAL_BABEL_ROUTE;
        line->route = (struct heal_reading_route){.present = present, .installed = present};
        r = read_fields(reader, xroute_fields, &line->route);
    } else if (strcmp(noun, "interface") == 0) {
        line->kind = HEAL_BABEL_INTERFACE;
        line->interface = (struct heal_babel_interface){0};
        r = read_ifname(reader, line->interface.ifname);
        r = r < 0 ? r : read_fields(reader, interface_fields, &line->interface);
    }
    if (r > 0) {
        line->kind = HEAL_BABEL_OTHER;
    }
    return r < 0 ? r : 0;
}

/* The rest of the line, for people. */
static void read_text(struct reader *reader, struct heal_babel_line *line) {
    while (reader->at < reader->length && reader->line[reader->at] == ' ') {
        reader->at++;
    }
    size_t size = reader->length - reader->at;
    if (size >= sizeof(line->text)) {
        size = sizeof(line->text) - 1;
    }
    memcpy(line->text, reader->line + reader->at, size);
    line->text[size] = '\0';
}

int heal_babel_line_parse(const char *text, size_t length, struct heal_babel_line *ret_line,
                          struct heal_error *error) {
    static const struct {
        const char *word;
        enum heal_babel_kind kind;
    } replies[] = {
        {"ok",  HEAL_BABEL_OK },
        {"bad", HEAL_BABEL_BAD},
        {"no",  HEAL_BABEL_NO }
    };
    static const char *const verbs[] = {"add", "change", "flush"};
    if (length && text[length - 1] == '\n') {
        length--;
    }
    struct reader reader = {.line = text, .length = length, .error = error};
    struct heal_babel_line line = {.kind = HEAL_BABEL_OTHER};
    if (memchr(text, '\0', length) || memchr(text, '\n', length)) {
        return heal_error_set(error, -EINVAL, 1, 1, "babeld: a NUL or a line break inside a line");
    }
    next_word(&reader);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(reader.word, verbs[i]) == 0) {
            line.verb = (enum heal_babel_verb)i;
            int r = read_object(&reader, &line);
            if (r == 0) {
                *ret_line = line;
            }
            return r;
        }
    }
    bool greeting = true;
    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        if (strcmp(reader.word, replies[i].word) == 0) {
            line.kind = replies[i].kind;
            greeting = false;
        }
    }
    if (greeting) {
        reader.at = 0;
    }
    read_text(&reader, &line);
    *ret_line = line;
    return 0;
}

bool heal_babel_line_is_reply(const struct heal_babel_line *line) {
    return line->kind == HEAL_BABEL_OK || line->kind == HEAL_BABEL_BAD || line->kind == HEAL_BABEL_NO;
}
