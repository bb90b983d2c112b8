/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/cleanup.h"
#include "base/random.h"
#include "wire/message_codec.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint8_t bytes[HEAL_MESSAGE_BYTES_MAX];

static struct heal_message message_from(const char *name, enum heal_message_kind kind) {
    struct heal_message message;

    memset(&message, 0, sizeof message);
    message.kind = kind;
    strcpy(message.from_name, name);
    message.from = heal_node_id_of(name);
    return message;
}

static void check_round_trip(const struct heal_message *message) {
    static struct heal_message back;
    struct heal_error error = {0};

    int length = heal_message_encode(message, bytes, sizeof bytes);
    assert_in_range(length, 1, HEAL_MESSAGE_BYTES_MAX);
    memset(&back, 0xa5, sizeof back);
    int r = heal_message_decode(bytes, (size_t)length, &back, &error);
    if (r != 0)
        fail_msg("%s", error.what);
    assert_memory_equal(&back, message, sizeof back);
    assert_int_equal(heal_message_encode(message, bytes, (size_t)length - 1), -EMSGSIZE);
}

static void add_vertices(struct heal_message *message) {
    message->vertices = HEAL_MESSAGE_VERTICES_MAX;
    for (unsigned i = 0; i < HEAL_MESSAGE_VERTICES_MAX; i++) {
        struct heal_message_vertex *vertex = &message->vertex[i];

        vertex->model = UINT64_MAX - i;
        vertex->tick = vertex->heard = UINT32_MAX;
        vertex->inputs = HEAL_FEATURES;
        vertex->states = HEAL_STATE_MAX;
        memset(vertex->input, -127, sizeof vertex->input);
        memset(vertex->state, 127, sizeof vertex->state);
    }
}

static struct heal_message full_link_message(void) {
    struct heal_message message = message_from("a-name-of-31-characters-exactly", HEAL_MESSAGE_LINK);
    struct heal_message_link *link = &message.link;
    /* static: its padding is zero, as messages are compared by their bytes */
    static const struct heal_link_account account = {
        .epoch = UINT32_MAX,
        .expected = {UINT32_MAX,     5         },
        .received = {UINT32_MAX - 9, UINT32_MAX},
        .outages = 4,
        .outage_lost = {9,              6         },
        .silence_ms = UINT32_MAX,
        .pair_sent = UINT64_MAX,
        .pair_received = UINT64_MAX
    };

    add_vertices(&message);
    memcpy(&link->in, &account, sizeof account);
    link->features.valid = 0xff;
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        link->features.value[i] = -1.0f / (float)(i + 1);
    memset(&link->address, 0xfd, sizeof link->address);
    link->mtu = UINT32_MAX;
    link->noise_dbm = -95.5f;
    link->examining = link->node_overloaded = true;
    link->paths_set = UINT64_MAX;
    link->neighbours = HEAL_MESSAGE_NEIGHBOURS_MAX;
    for (unsigned i = 0; i < link->neighbours; i++) {
        link->neighbour[i].node = UINT64_MAX - i;
        memset(&link->neighbour[i].address, (int)i, sizeof link->neighbour[i].address);
        link->neighbour[i].alive = i % 2;
        link->neighbour[i].sick = i % 3 == 0;
    }
    return message;
}

static void test_link_round_trips(void **state) {
    (void)state;
    struct heal_message message = full_link_message();

    check_round_trip(&message);
    message = message_from("b", HEAL_MESSAGE_LINK);
    check_round_trip(&message);
    message.link.features.valid = 0x21;
    message.link.features.value[0] = 1;
    message.link.features.value[5] = 2;
    check_round_trip(&message);
    message.vertices = 1;
    message.vertex[0] = (struct heal_message_vertex){
        .tick = 1, .inputs = HEAL_FEATURES, .input = {-1, 1}
    };
    check_round_trip(&message);
}

static struct heal_message paths_message(unsigned paths, unsigned hops, unsigned nodes) {
    struct heal_message message = message_from("node-1", HEAL_MESSAGE_PATHS);
    struct heal_random random;

    heal_random_init(&random, 3);
    message.paths.paths = (uint8_t)paths;
    for (unsigned i = 0; i < paths; i++) {
        struct heal_path *path = &message.paths.path[i];

        memset(&path->destination.address, (int)(i + 1), sizeof path->destination.address);
        path->destination.length = 128;
        path->metric = UINT16_MAX;
        path->hops = (uint8_t)hops;
        for (unsigned j = 0; j < hops; j++)
            path->hop[j] = heal_random_next(&random) % nodes + 1;
    }
    return message;
}

static void test_paths_round_trip(void **state) {
    (void)state;
    struct heal_message message = paths_message(0, 0, 1);

    check_round_trip(&message);
    message.paths.more = true;
    message.paths.stands = true;
    message.paths.set = UINT64_MAX;
    message.paths.first = UINT8_MAX;
    check_round_trip(&message);
    /* as many as there may be, as long as they may be, through a mesh of 36 nodes, fit in one message */
    message = paths_message(HEAL_MESSAGE_PATHS_MAX, HEAL_PATH_MAX, 36);
    check_round_trip(&message);
    /* nodes that are all different do not, and that is said */
    message = paths_message(HEAL_MESSAGE_PATHS_MAX, HEAL_PATH_MAX, UINT32_MAX);
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EMSGSIZE);
    message = paths_message(HEAL_MESSAGE_PATHS_MAX / 4, HEAL_PATH_MAX, UINT32_MAX);
    check_round_trip(&message);
}

static void test_incident_round_trips(void **state) {
    (void)state;
    struct heal_message message = message_from("node-1", HEAL_MESSAGE_INCIDENT);

    message.incident = (struct heal_message_incident){.incident = UINT64_MAX,
                                                      .owner = 1,
                                                      .diagnosis = "one-way-link",
                                                      .remedy = "clamp-mtu",
                                                      .node = 2,
                                                      .other = UINT64_MAX,
                                                      .node_name = "node-2",
                                                      .confidence = 0.1f,
                                                      .open = true,
                                                      .hops = 255};
    check_round_trip(&message);
}

static void test_encoder_refuses(void **state) {
    (void)state;
    struct heal_message good = full_link_message(), message = good;

    message.from++;
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = good;
    message.link.features.value[2] = NAN;
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = good;
    message.link.neighbours = HEAL_MESSAGE_NEIGHBOURS_MAX + 1;
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = good;
    message.vertices = HEAL_MESSAGE_VERTICES_MAX + 1;
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = good;
    message.vertex[1].model = message.vertex[0].model;
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = good;
    message.vertex[1].heard = 0;
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = good;
    message.kind = HEAL_MESSAGE_KINDS;
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = message_from("bad\nname", HEAL_MESSAGE_LINK);
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = paths_message(1, 1, 1);
    message.paths.path[0].hops = HEAL_PATH_MAX + 1;
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
    message = message_from("a", HEAL_MESSAGE_INCIDENT);
    assert_int_equal(heal_message_encode(&message, bytes, sizeof bytes), -EINVAL);
}

/* ---- hostile bytes, written by hand: key, length, content ---- */

struct writer {
    uint8_t data[HEAL_MESSAGE_BYTES_MAX + 64];
    size_t length;
};

static void put(struct writer *writer, const void *data, size_t length) {
    assert_true(writer->length + length <= sizeof writer->data);
    memcpy(writer->data + writer->length, data, length);
    writer->length += length;
}

static void put_varint(struct writer *writer, uint64_t value) {
    do {
        uint8_t byte = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));

        put(writer, &byte, 1);
        value >>= 7;
    } while (value);
}

static void put_number(struct writer *writer, unsigned field, uint64_t value) {
    put_varint(writer, field << 3);
    put_varint(writer, value);
}

static void put_block(struct writer *writer, unsigned field, const void *data, size_t length) {
    put_varint(writer, field << 3 | 2);
    put_varint(writer, length);
    put(writer, data, length);
}

static void put_sender(struct writer *writer, const char *name) {
    uint64_t id = heal_node_id_of(name);

    put_varint(writer, 1 << 3 | 1);
    put(writer, &id, sizeof id); /* little-endian machines only, as all that run this test */
    put_block(writer, 2, name, strlen(name));
}

static int decode(const struct writer *writer, const char *what) {
    struct heal_message message;
    struct heal_error error = {0};

    int r = heal_message_decode(writer->data, writer->length, &message, &error);
    if (what && !strstr(error.what, what))
        fail_msg("wanted \"%s\", got \"%s\"", what, error.what);
    return r;
}

static void test_unknown_fields_are_skipped(void **state) {
    (void)state;
    struct writer writer = {0}, body = {0};

    put_sender(&writer, "n");
    put_number(&writer, 99, 12345);
    put_block(&writer, 100, "later", 5);
    put_number(&body, 50, 1);
    put_number(&body, 5, 1500);
    put_block(&writer, 3, body.data, body.length);
    assert_int_equal(decode(&writer, NULL), 0);
}

static void test_decoder_refuses(void **state) {
    (void)state;
    struct writer writer = {0}, body = {0};

    assert_int_equal(decode(&writer, "sender"), -EBADMSG);
    put_sender(&writer, "n");
    assert_int_equal(decode(&writer, "unknown kind"), -EBADMSG);
    /* seventeen neighbours */
    for (unsigned i = 0; i <= HEAL_MESSAGE_NEIGHBOURS_MAX; i++)
        put_block(&body, 9, "", 0);
    put_block(&writer, 3, body.data, body.length);
    assert_int_equal(decode(&writer, "too many neighbours"), -EBADMSG);
    /* a hop that is no node */
    struct writer path = {0}, paths = {0};
    writer.length = 0;
    put_sender(&writer, "n");
    put_block(&path, 1, "0123456789abcdef", 16);
    put_block(&path, 4, "\0", 1);
    put_block(&paths, 3, path.data, path.length);
    put_block(&writer, 4, paths.data, paths.length);
    assert_int_equal(decode(&writer, "none of the nodes"), -EBADMSG);
    /* an address of 15 bytes */
    writer.length = path.length = paths.length = 0;
    put_sender(&writer, "n");
    put_block(&path, 1, "0123456789abcde", 15);
    put_block(&paths, 3, path.data, path.length);
    put_block(&writer, 4, paths.data, paths.length);
    assert_int_equal(decode(&writer, "no prefix"), -EBADMSG);
    /* a set of 256 paths and more */
    writer.length = paths.length = 0;
    put_sender(&writer, "n");
    put_number(&paths, 5, 256);
    put_block(&writer, 4, paths.data, paths.length);
    assert_int_equal(decode(&writer, "too many paths"), -EBADMSG);
    /* more than a message may have */
    struct heal_message message;
    static const uint8_t many[HEAL_MESSAGE_BYTES_MAX + 1];
    assert_int_equal(heal_message_decode(many, sizeof many, &message, NULL), -EMSGSIZE);
}

/* Fields of heal.v1.Message. */
enum { BODY_LINK = 3, BODY_PATHS = 4, BODY_INCIDENT = 5 };

static void check_refused(unsigned kind, const struct writer *body, const char *what) {
    struct writer writer = {0};

    put_sender(&writer, "n");
    put_block(&writer, kind, body->data, body->length);
    assert_int_equal(decode(&writer, what), -EBADMSG);
}

static void put_float(struct writer *writer, unsigned field, float value) {
    put_varint(writer, field << 3 | 5);
    put(writer, &value, sizeof value);
}

static void test_links_out_of_range(void **state) {
    (void)state;
    struct writer noise = {0}, address = {0}, feature = {0}, inner = {0}, neighbour = {0};

    put_float(&noise, 6, NAN);
    check_refused(BODY_LINK, &noise, "the noise is not a number");
    put_block(&address, 4, "0123456789abcde", 15);
    check_refused(BODY_LINK, &address, "an address is not of 16 bytes");
    put_number(&feature, 2, 1);
    check_refused(BODY_LINK, &feature, "a feature is said to be valid");
    put_block(&inner, 2, "short", 5);
    put_block(&neighbour, 9, inner.data, inner.length);
    check_refused(BODY_LINK, &neighbour, "a neighbour's address is not of 16 bytes");
}

/* Fields of heal.v1.Vertex: tick, input, heard, state. */
static struct writer vertex_of(uint32_t tick, size_t inputs, uint32_t heard, size_t states) {
    static const uint8_t zeros[2 * HEAL_STATE_MAX];
    struct writer vertex = {0}, body = {0};

    put_number(&vertex, 2, tick);
    put_block(&vertex, 3, zeros, inputs);
    put_number(&vertex, 4, heard);
    put_block(&vertex, 5, zeros, states);
    put_block(&body, 11, vertex.data, vertex.length);
    return body;
}

static void test_vertices_out_of_range(void **state) {
    (void)state;
    struct writer body = vertex_of(0, 8, 0, 0), more, good = {0};

    check_refused(BODY_LINK, &body, "a vertex without a tick");
    body = vertex_of(1, 7, 0, 0);
    check_refused(BODY_LINK, &body, "not of 8 inputs");
    body = vertex_of(1, 9, 0, 0);
    check_refused(BODY_LINK, &body, "not of 8 inputs");
    body = vertex_of(1, 8, 1, HEAL_STATE_MAX + 1);
    check_refused(BODY_LINK, &body, "a state of more than 64 bytes");
    body = vertex_of(1, 8, 0, HEAL_STATE_MAX);
    check_refused(BODY_LINK, &body, "of nothing that was heard");
    body = vertex_of(1, 8, 1, 0);
    check_refused(BODY_LINK, &body, "of nothing that was heard");
    body = vertex_of(1, 8, 1, HEAL_STATE_MAX);
    put_sender(&good, "n");
    put_block(&good, BODY_LINK, body.data, body.length);
    assert_int_equal(decode(&good, NULL), 0);
    more = body;
    put(&body, more.data, more.length);
    check_refused(BODY_LINK, &body, "two vertices of one network");
    put(&body, more.data, more.length);
    check_refused(BODY_LINK, &body, "too many vertices");
}

static void test_paths_out_of_range(void **state) {
    (void)state;
    struct writer metric = {0}, hops = {0}, many = {0}, body = {0};

    put_block(&metric, 1, "0123456789abcdef", 16);
    put_number(&metric, 3, UINT16_MAX + 1);
    put_block(&body, 3, metric.data, metric.length);
    check_refused(BODY_PATHS, &body, "metric is not in 0 to 65535");
    put_block(&hops, 1, "0123456789abcdef", 16);
    put_block(&hops, 4, (uint8_t[HEAL_PATH_MAX + 1]){0}, HEAL_PATH_MAX + 1);
    body.length = 0;
    put_block(&body, 3, hops.data, hops.length);
    check_refused(BODY_PATHS, &body, "too many hops");
    for (unsigned i = 0; i <= HEAL_MESSAGE_PATHS_MAX; i++)
        put_block(&many, 3, "", 0);
    check_refused(BODY_PATHS, &many, "too many paths");
}

static void test_incidents_out_of_range(void **state) {
    (void)state;
    struct writer body = {0};

    check_refused(BODY_INCIDENT, &body, "diagnosis is not 1 to 31");
    put_block(&body, 3, "link-loss", 9);
    put_float(&body, 6, 1.5F);
    check_refused(BODY_INCIDENT, &body, "confidence is not in 0 to 1");
    put_float(&body, 6, 0.5F); /* of a field that comes twice the last counts */
    put_number(&body, 8, UINT8_MAX + 1);
    check_refused(BODY_INCIDENT, &body, "travelled too far");
    put_number(&body, 8, 1);
    put_block(&body, 11, "a\tb", 3);
    check_refused(BODY_INCIDENT, &body, "remedy is not up to 31");
    put_block(&body, 11, "notify", 6);
    put_block(&body, 10, "a-name-of-32-characters-just-over", 32);
    check_refused(BODY_INCIDENT, &body, "a name in an incident");
    put_block(&body, 10, "n2", 2);
    struct writer good = {0};
    put_sender(&good, "n");
    put_block(&good, BODY_INCIDENT, body.data, body.length);
    assert_int_equal(decode(&good, NULL), 0);
}

static void test_sender_must_be_himself(void **state) {
    (void)state;
    struct heal_message message = message_from("node-1", HEAL_MESSAGE_LINK), back;

    int length = heal_message_encode(&message, bytes, sizeof bytes);
    assert_true(length > 0);
    uint8_t *name = memmem(bytes, (size_t)length, "node-1", 6);
    assert_non_null(name);
    name[5] = '2';
    assert_int_equal(heal_message_decode(bytes, (size_t)length, &back, NULL), -EBADMSG);
    name[5] = '\n';
    assert_int_equal(heal_message_decode(bytes, (size_t)length, &back, NULL), -EBADMSG);
}

/* Whatever bytes come, what is taken can be sent on: no value out of range gets in. */
static void test_damaged_messages(void **state) {
    (void)state;
    static struct heal_message back;
    struct heal_message good = full_link_message();
    uint8_t damaged[HEAL_MESSAGE_BYTES_MAX], again[HEAL_MESSAGE_BYTES_MAX];
    struct heal_random random;
    unsigned taken = 0;

    heal_random_init(&random, 5);
    int length = heal_message_encode(&good, bytes, sizeof bytes);
    for (unsigned round = 0; round < 20000; round++) {
        size_t cut = (size_t)length -
                     (heal_random_next(&random) % 4 == 0 ? heal_random_next(&random) % (unsigned)length : 0);

        memcpy(damaged, bytes, (size_t)length);
        for (unsigned i = heal_random_next(&random) % 4; i > 0; i--)
            damaged[heal_random_next(&random) % (unsigned)length] = (uint8_t)heal_random_next(&random);
        if (heal_message_decode(damaged, cut, &back, NULL) == 0) {
            taken++;
            assert_true(heal_message_encode(&back, again, sizeof again) > 0);
        }
    }
    assert_true(taken > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link_round_trips),           cmocka_unit_test(test_paths_round_trip),
        cmocka_unit_test(test_incident_round_trips),       cmocka_unit_test(test_encoder_refuses),
        cmocka_unit_test(test_unknown_fields_are_skipped), cmocka_unit_test(test_decoder_refuses),
        cmocka_unit_test(test_links_out_of_range),         cmocka_unit_test(test_paths_out_of_range),
        cmocka_unit_test(test_incidents_out_of_range),     cmocka_unit_test(test_sender_must_be_himself),
        cmocka_unit_test(test_damaged_messages),           cmocka_unit_test(test_vertices_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
