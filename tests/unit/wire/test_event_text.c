/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/cleanup.h"
#include "base/random.h"
#include "wire/fields.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 200 };

static struct heal_random dice;

static void fill_text(char *into, size_t size) {
    size_t length = heal_random_next(&dice) % size;

    memset(into, 0, size);
    for (size_t i = 0; i < length; i++)
        into[i] = (char)(heal_random_next(&dice) % 255 + 1);
}

static void fill_random(void *into, size_t size) {
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)into)[i] = (uint8_t)heal_random_next(&dice);
}

static void fill_float(const struct heal_field *field, char *into) {
    float value;

    if (field->most > 0) {
        value = (float)heal_random_uniform(&dice) * field->most;
    } else {
        do
            fill_random(&value, sizeof value);
        while (!isfinite(value));
    }
    memcpy(into, &value, sizeof value);
}

static void fill_port(char *into) {
    struct heal_port_key key = {0};

    if (heal_random_next(&dice) % 4 != 0) {
        fill_text(key.ifname, sizeof key.ifname);
        fill_random(&key.peer, sizeof key.peer);
    }
    memcpy(into, &key, sizeof key);
}

static void fill(const struct heal_field *fields, char *base);

static void fill_list(const struct heal_field *field, char *base) {
    uint8_t count = (uint8_t)(heal_random_next(&dice) % ((unsigned)field->most + 1));

    base[field->aside] = (char)count;
    for (unsigned i = 0; i < count; i++) {
        char *element = base + field->offset + i * field->size;

        if (field->type == HEAL_FIELD_NODES)
            fill_random(element, sizeof(heal_node_id));
        else
            fill(field->element, element);
    }
}

static void fill_field(const struct heal_field *field, char *base) {
    static const size_t sizes[HEAL_FIELD_TYPES] = {
        [HEAL_FIELD_U8] = 1,  [HEAL_FIELD_U16] = 2,  [HEAL_FIELD_U32] = 4,      [HEAL_FIELD_U64] = 8,
        [HEAL_FIELD_I32] = 4, [HEAL_FIELD_NODE] = 8, [HEAL_FIELD_ADDRESS] = 16,
    };
    char *into = base + field->offset;
    unsigned choices = 0;

    switch ((int)field->type) {
    case HEAL_FIELD_BOOL:
        *into = (char)(heal_random_next(&dice) % 2);
        return;
    case HEAL_FIELD_FEATURE:
        if (heal_random_next(&dice) % 2 == 0)
            return;
        base[field->aside] = (char)((uint8_t)base[field->aside] | 1U << field->size);
        fill_float(field, into);
        return;
    case HEAL_FIELD_FLOAT:
        fill_float(field, into);
        return;
    case HEAL_FIELD_TEXT:
        fill_text(into, field->size);
        return;
    case HEAL_FIELD_CHOICE:
        do
            choices++;
        while (field->names[choices]);
        choices = heal_random_next(&dice) % choices;
        memcpy(into, &choices, sizeof choices);
        return;
    case HEAL_FIELD_PREFIX:
        fill_random(into, sizeof(struct heal_address));
        into[sizeof(struct heal_address)] = (char)(heal_random_next(&dice) % 129);
        return;
    case HEAL_FIELD_PORT:
        fill_port(into);
        return;
    case HEAL_FIELD_BYTES:
        base[field->aside] = (char)(heal_random_next(&dice) % (field->size + 1));
        fill_random(into, (uint8_t)base[field->aside]);
        return;
    case HEAL_FIELD_NODES:
    case HEAL_FIELD_LIST:
        fill_list(field, base);
        return;
    default:
        assert_true(sizes[field->type] > 0);
        fill_random(into, sizes[field->type]);
    }
}

static void fill(const struct heal_field *fields, char *base) {
    for (const struct heal_field *field = fields; field->name; field++)
        fill_field(field, base);
}

static void check_round_trip(const struct heal_event *event) {
    char line[HEAL_EVENT_LINE_MAX], again[HEAL_EVENT_LINE_MAX];
    static struct heal_event back;
    struct heal_error error = {0};
    heal_us now = (heal_us)heal_random_next(&dice) << 20, then = 0;

    int length = heal_event_format(now, event, line, sizeof line);
    assert_true(length > 0);
    assert_int_equal(strlen(line), length);
    assert_null(strchr(line, '\n'));
    int r = heal_event_parse(line, (size_t)length, &then, &back, &error);
    if (r != 0)
        fail_msg("%s\n%d: %s", line, error.column, error.what);
    assert_true(then == now);
    assert_memory_equal(&back, event, sizeof back);
    assert_int_equal(heal_event_format(then, &back, again, sizeof again), length);
    assert_string_equal(again, line);
}

static void test_every_kind_round_trips(void **state) {
    (void)state;
    static struct heal_event event;

    heal_random_init(&dice, 7);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < HEAL_READING_KINDS; i++) {
            memset(&event, 0, sizeof event);
            event.kind = HEAL_EVENT_READING;
            event.reading.kind = i;
            fill(heal_wire_readings[i].fields, (char *)&event.reading.link);
            check_round_trip(&event);
        }
        for (unsigned i = 0; i < HEAL_MESSAGE_KINDS; i++) {
            memset(&event, 0, sizeof event);
            event.kind = HEAL_EVENT_MESSAGE;
            event.message.kind = i;
            fill(heal_wire_messages[i].fields, (char *)&event.message);
            check_round_trip(&event);
        }
        for (unsigned i = HEAL_EVENT_ROUND; i < HEAL_EVENT_KINDS; i++) {
            if (!heal_wire_others[i].fields)
                continue;
            memset(&event, 0, sizeof event);
            event.kind = i;
            if (i != HEAL_EVENT_ROUND)
                fill(heal_wire_others[i].fields, (char *)&event.message);
            check_round_trip(&event);
        }
    }
}

/* A field that is missing in a table would be lost in the log without a word: what the tables do not cover of
 * a struct can only be padding. */
static size_t uncovered(const struct heal_field *fields, size_t size) {
    static const size_t sizes[HEAL_FIELD_TYPES] = {
        [HEAL_FIELD_U8] = 1,     [HEAL_FIELD_U16] = 2,      [HEAL_FIELD_U32] = 4,
        [HEAL_FIELD_U64] = 8,    [HEAL_FIELD_I32] = 4,      [HEAL_FIELD_NODE] = 8,
        [HEAL_FIELD_BOOL] = 1,   [HEAL_FIELD_FLOAT] = 4,    [HEAL_FIELD_FEATURE] = 4,
        [HEAL_FIELD_CHOICE] = 4, [HEAL_FIELD_ADDRESS] = 16, [HEAL_FIELD_PREFIX] = 17,
        [HEAL_FIELD_PORT] = 32,
    };
    static char covered[HEAL_EVENT_LINE_MAX * 4];
    size_t count = 0;

    assert_true(size <= sizeof covered);
    memset(covered, 0, sizeof covered);
    for (const struct heal_field *field = fields; field->name; field++) {
        size_t length = sizes[field->type];

        if (field->type == HEAL_FIELD_TEXT || field->type == HEAL_FIELD_BYTES)
            length = field->size;
        if (field->type == HEAL_FIELD_LIST)
            length = field->size * (size_t)field->most;
        if (field->type == HEAL_FIELD_NODES)
            length = sizeof(heal_node_id) * (size_t)field->most;
        memset(covered + field->offset, 1, length);
        if (field->aside)
            covered[field->aside] = 1;
        if (field->type == HEAL_FIELD_LIST)
            assert_true(uncovered(field->element, 0) == 0);
    }
    for (size_t i = 0; i < size; i++)
        count += !covered[i];
    return count;
}

static void test_tables_cover_the_structs(void **state) {
    (void)state;
    static const struct {
        size_t size, padding;
    } reading[HEAL_READING_KINDS] = {
        [HEAL_READING_LINK] = {sizeof(struct heal_reading_link),      1},
        [HEAL_READING_RADIO] = {sizeof(struct heal_reading_radio),     3},
        [HEAL_READING_NODE] = {sizeof(struct heal_reading_node),      2},
        [HEAL_READING_SERVICE] = {sizeof(struct heal_reading_service),   7},
        [HEAL_READING_NEIGHBOUR] = {sizeof(struct heal_reading_neighbour), 1},
        [HEAL_READING_ROUTE] = {sizeof(struct heal_reading_route),     1},
        [HEAL_READING_FIB] = {sizeof(struct heal_reading_fib),       9},
        [HEAL_READING_PROBE] = {sizeof(struct heal_reading_probe),     8},
        [HEAL_READING_TRANSIT] = {sizeof(struct heal_reading_transit),   4},
        [HEAL_READING_STATION] = {sizeof(struct heal_reading_station),   0},
        [HEAL_READING_MESH] = {sizeof(struct heal_reading_mesh),      2},
        [HEAL_READING_HARD] = {sizeof(struct heal_reading_hard),      1},
        [HEAL_READING_RELAY] = {sizeof(struct heal_reading_relay),     2},
        [HEAL_READING_DAEMON] = {sizeof(struct heal_reading_daemon),    0},
    };

    for (unsigned i = 0; i < HEAL_READING_KINDS; i++)
        assert_in_range(uncovered(heal_wire_readings[i].fields, reading[i].size), 0, reading[i].padding);
    assert_int_equal(uncovered(heal_wire_others[HEAL_EVENT_RESULT].fields, sizeof(struct heal_event_result)),
                     0);
    assert_in_range(
        uncovered(heal_wire_others[HEAL_EVENT_OPERATOR].fields, sizeof(struct heal_event_operator)), 0, 4);
    assert_int_equal(uncovered(heal_wire_record, sizeof(struct heal_record)), 0);
}

/* The spelling is a format that people keep files in: it does not change by accident. */
static void test_spelling(void **state) {
    (void)state;
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_FIB};
    struct heal_reading_fib *fib = &event.reading.fib;
    char line[HEAL_EVENT_LINE_MAX];

    assert_int_equal(heal_prefix_parse("fd00::7/128", &fib->prefix), 0);
    assert_int_equal(heal_address_parse("fe80::1", &fib->via.peer), 0);
    strcpy(fib->via.ifname, "to b");
    fib->protocol = 42;
    fib->metric = 1024;
    fib->present = true;
    assert_true(heal_event_format(12000345, &event, line, sizeof line) > 0);
    assert_string_equal(line, "12.000345 reading-fib prefix=fd00::7/128 via=\"fe80::1%to b\" type=unicast "
                              "protocol=42 metric=1024 present=1");
    event = (struct heal_event){.kind = HEAL_EVENT_ROUND};
    assert_true(heal_event_format(UINT64_MAX, &event, line, sizeof line) > 0);
    assert_string_equal(line, "18446744073709.551615 round");
}

static void test_longest_line_fits(void **state) {
    (void)state;
    static struct heal_event event;
    struct heal_message_paths *paths = &event.message.paths;

    memset(&event, 0, sizeof event);
    heal_random_init(&dice, 1);
    event.kind = HEAL_EVENT_MESSAGE;
    event.message.kind = HEAL_MESSAGE_PATHS;
    memset(event.message.from_name, 1, sizeof event.message.from_name - 1);
    memset(event.message.port.ifname, 1, sizeof event.message.port.ifname - 1);
    memset(&event.message.port.peer, 0xff, sizeof event.message.port.peer);
    event.message.from = UINT64_MAX;
    paths->set = UINT64_MAX;
    paths->first = UINT8_MAX;
    paths->paths = HEAL_MESSAGE_PATHS_MAX;
    for (unsigned i = 0; i < HEAL_MESSAGE_PATHS_MAX; i++) {
        paths->path[i].metric = UINT16_MAX;
        paths->path[i].hops = HEAL_PATH_MAX;
        memset(&paths->path[i].destination.address, 0xff, sizeof(struct heal_address));
        paths->path[i].destination.length = 128;
    }
    check_round_trip(&event);
    memset(&event, 0, sizeof event);
    event.kind = HEAL_EVENT_RESTORE;
    /* Values are printable text; quotes are what takes most room. */
    memset(event.record.value, '"', sizeof event.record.value - 1);
    memset(event.record.key, '"', sizeof event.record.key - 1);
    check_round_trip(&event);
}

static void test_refuses_with_the_column(void **state) {
    (void)state;
    static const struct {
        const char *line;
        int column;
        const char *what;
    } cases[] = {
        {"x round",                                                                1,  "SECONDS.MICROSECONDS"         },
        {"1 round",                                                                1,  "SECONDS.MICROSECONDS"         },
        {"1.5 round",                                                              1,  "SECONDS.MICROSECONDS"         },
        {"18446744073709.551616 round",                                            1,  "SECONDS.MICROSECONDS"         },
        {"1.000000",                                                               9,  "kind of event is missing"     },
        {"1.000000 rond",                                                          10, "do you mean \"round\"?"       },
        {"1.000000 reading-lonk x=1",                                              10, "do you mean \"reading-link\"?"},
        {"1.000000 round x=1",                                                     16, "\"x\" is not known here"      },
        {"1.000000 result ticket=1 code=0",                                        32, "text=… is missing"          },
        {"1.000000 result tickt=1",                                                17, "do you mean \"ticket\"?"      },
        {"1.000000 result ticket=4294967296",                                      24, "not in 0 to 4294967295"       },
        {"1.000000 result ticket=1 ticket=1",                                      33, "comes twice"                  },
        {"1.000000 result code=2147483648",                                        22, "too large"                    },
        {"1.000000 operator verb=pase",                                            24, "do you mean \"pause\"?"       },
        {"1.000000 flood",                                                         10, "\"flood\" is no kind of event"},
        {"1.000000 operator verb=zzzzzzzz",                                        24, "\"zzzzzzzz\" is not known"    },
        {"1.000000 result ticket=one",                                             24, "\"one\" is not a whole number"},
        {"1.000000 result code=-",                                                 22, "\"-\" is not a whole number"  },
        {"1.000000 reading-radio port=mesh0%fe80::1",                              29, "\"mesh0\" is not an address"  },
        {"1.000000 message-link neighbour=west,::1,1,0",                           33, "is not a node's id"           },
        {"1.000000 message-link neighbour=1,west,1,0",                             33, "\"west\" is not an address"   },
        {"1.000000 message-paths path=::/0,1,1/west",                              29, "\"west\" is not a node's id"  },
        {"1.000000 reading-radio rssi=nan",                                        29, "not a finite number"          },
        {"1.000000 reading-radio port=fe80::1",                                    29, "ADDRESS%INTERFACE"            },
        {"1.000000 reading-radio port=fe80::1%a234567890123456",                   29, "ADDRESS%INTERFACE"            },
        {"1.000000 reading-route prefix=fd00::/129",                               31, "ADDRESS/LENGTH"               },
        {"1.000000 message-incident confidence=1.5",                               38, "not in 0 to 1"                },
        {"1.000000 message-link neighbour=1,::1,1",                                33, "the sick is missing"          },
        {"1.000000 message-link neighbour=1,::1,1,0,0",                            33, "one value too many"           },
        {"1.000000 message-link vertex=1,1,0,0x,-",                                30, "\"0x\" is not two"            },
        {"1.000000 message-link vertex=1,1,0,AA,-",                                30, "\"AA\" is not two"            },
        {"1.000000 message-link vertex=1,1,0,000,-",                               30, "up to 8 bytes of two"         },
        {"1.000000 message-link vertex=1,1,0,000102030405060708,-",                30, "up to 8 bytes of two"         },
        {"1.000000 message-paths path=::/0,1,1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/10/11", 29, "more than 16"                 },
    };

    for (size_t i = 0; i < HEAL_COUNT(cases); i++) {
        struct heal_event event = {.kind = HEAL_EVENT_KINDS};
        struct heal_error error = {0};
        heal_us now = 99;

        assert_int_equal(heal_event_parse(cases[i].line, strlen(cases[i].line), &now, &event, &error),
                         -EINVAL);
        if (!strstr(error.what, cases[i].what) || error.column != cases[i].column)
            fail_msg("%s\n%d: %s", cases[i].line, error.column, error.what);
        assert_int_equal(now, 99);
        assert_int_equal(event.kind, HEAL_EVENT_KINDS);
    }
}

/* A list of the log is as long as the message that it stands for. */
static void test_refuses_more_than_there_may_be(void **state) {
    (void)state;
    char line[HEAL_EVENT_LINE_MAX] = "1.000000 message-link";
    struct heal_event event;
    struct heal_error error = {0};
    heal_us now;

    for (unsigned i = 0; i <= HEAL_MESSAGE_NEIGHBOURS_MAX; i++)
        strcat(line, " neighbour=1,::1,1,0");
    assert_int_equal(heal_event_parse(line, strlen(line), &now, &event, &error), -EINVAL);
    assert_non_null(strstr(error.what, "comes more than 16 times"));
}

static void test_empty_and_comment(void **state) {
    (void)state;
    struct heal_event event;
    heal_us now;

    assert_int_equal(heal_event_parse("", 0, &now, &event, NULL), 1);
    assert_int_equal(heal_event_parse("   # 1.000000 round", 19, &now, &event, NULL), 1);
    assert_int_equal(heal_event_parse("1.000000 round\0x=1", 18, &now, &event, NULL), 0);
    assert_int_equal(heal_event_parse("1.000000 round # so", 19, &now, &event, NULL), 0);
}

static void test_writer_refuses(void **state) {
    (void)state;
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_RADIO};
    char line[HEAL_EVENT_LINE_MAX];

    event.reading.radio.rssi_dbm = NAN;
    assert_int_equal(heal_event_format(0, &event, line, sizeof line), -EINVAL);
    event.reading.radio.rssi_dbm = INFINITY;
    assert_int_equal(heal_event_format(0, &event, line, sizeof line), -EINVAL);
    event.reading.radio.rssi_dbm = 0;
    int length = heal_event_format(0, &event, line, sizeof line);
    assert_true(length > 0);
    assert_int_equal(heal_event_format(0, &event, line, (size_t)length), -ENOSPC);
    assert_int_equal(heal_event_format(0, &event, line, (size_t)length + 1), length);
    event.reading.kind = HEAL_READING_KINDS;
    assert_int_equal(heal_event_format(0, &event, line, sizeof line), -EINVAL);
    event = (struct heal_event){.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_FIB};
    event.reading.fib.prefix.length = 129;
    assert_int_equal(heal_event_format(0, &event, line, sizeof line), -EINVAL);
    event.reading.fib.prefix.length = 128;
    event.reading.fib.type = HEAL_FIB_LOCAL + 1;
    assert_int_equal(heal_event_format(0, &event, line, sizeof line), -EINVAL);
    event = (struct heal_event){.kind = HEAL_EVENT_MESSAGE, .message.kind = HEAL_MESSAGE_LINK};
    event.message.link.neighbours = HEAL_MESSAGE_NEIGHBOURS_MAX + 1;
    assert_int_equal(heal_event_format(0, &event, line, sizeof line), -EINVAL);
    event = (struct heal_event){.kind = HEAL_EVENT_MESSAGE, .message.kind = HEAL_MESSAGE_PATHS};
    event.message.paths.paths = 1;
    event.message.paths.path[0].hops = HEAL_PATH_MAX + 1;
    assert_int_equal(heal_event_format(0, &event, line, sizeof line), -EINVAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_round_trips),
        cmocka_unit_test(test_tables_cover_the_structs),
        cmocka_unit_test(test_spelling),
        cmocka_unit_test(test_longest_line_fits),
        cmocka_unit_test(test_refuses_with_the_column),
        cmocka_unit_test(test_refuses_more_than_there_may_be),
        cmocka_unit_test(test_empty_and_comment),
        cmocka_unit_test(test_writer_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
