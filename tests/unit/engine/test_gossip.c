/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Sets of paths in several parts, from one engine to another, in virtual time: "west" tells "here" its
 * destinations, and parts get lost on the way. What west has withdrawn proves nothing. */
#include "engine/internal.h"
#include "model/way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HERE, WEST, NODES, DESTINATIONS = 60, PARTS = 3, NONE = 254, ALL = 255 };

static const heal_us second = HEAL_US_PER_S;

struct pair {
    struct heal_engine *engine[NODES];
    heal_us now;
    struct heal_output output;
    struct heal_message part[2 * PARTS]; /* of the set that west has sent last */
    unsigned parts;
};

static struct heal_prefix destination(unsigned number) {
    struct heal_prefix prefix = {.length = 128};

    prefix.address.byte[0] = 0xfd;
    prefix.address.byte[15] = (uint8_t)number;
    return prefix;
}

static struct heal_port_key key_of(int node) {
    struct heal_port_key key = {.ifname = "mesh0"};

    key.peer.byte[0] = 0xfe;
    key.peer.byte[15] = (uint8_t)(node == HERE ? WEST : HERE);
    return key;
}

static void step(struct pair *pair, int node, const struct heal_event *event) {
    heal_engine_step(pair->engine[node], pair->now, event, &pair->output);
}

/* West begins, or ceases, to be where a destination is. */
static void own(struct pair *pair, unsigned number, bool present) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_ROUTE};

    event.reading.route =
        (struct heal_reading_route){.prefix = destination(number), .present = present, .installed = true};
    step(pair, WEST, &event);
}

static void hear(struct pair *pair, int node, const struct heal_message *message) {
    struct heal_event event = {.kind = HEAL_EVENT_MESSAGE, .message = *message};

    event.message.port = key_of(node);
    step(pair, node, &event);
}

static void bring_up(struct pair *pair, int node) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_LINK};

    event.reading.link = (struct heal_reading_link){
        .ifname = "mesh0", .present = true, .up = true, .carrier = true, .mtu = 1500};
    step(pair, node, &event);
}

/* A round of west's: what it says on the link goes to here, but for one part of the paths, or ALL. */
static void round_of_west(struct pair *pair, unsigned lost) {
    static struct heal_message said[HEAL_OUTPUT_COMMANDS];
    struct heal_event event = {.kind = HEAL_EVENT_ROUND};
    size_t messages = 0;
    unsigned parts = 0;

    pair->now += second;
    step(pair, WEST, &event);
    for (size_t i = 0; i < pair->output.commands; i++)
        if (pair->output.command[i].kind == HEAL_COMMAND_SEND)
            said[messages++] = pair->output.command[i].message;
    for (size_t i = 0; i < messages; i++) {
        bool path = said[i].kind == HEAL_MESSAGE_PATHS;
        if (path) {
            assert_in_range(parts, 0, 2 * PARTS - 1);
            pair->part[parts] = said[i];
            pair->parts = parts + 1;
        }
        if (!path || (parts++ != lost && lost != ALL))
            hear(pair, HERE, &said[i]);
    }
    event.kind = HEAL_EVENT_ROUND;
    step(pair, HERE, &event);
}

/* West hears what here said about the link in the round just done. @return the set that here has whole. */
static uint64_t answer_of_here(struct pair *pair) {
    static struct heal_message link;
    link.kind = HEAL_MESSAGE_KINDS;
    for (size_t i = 0; i < pair->output.commands; i++) {
        const struct heal_command *command = &pair->output.command[i];
        if (command->kind == HEAL_COMMAND_SEND && command->message.kind == HEAL_MESSAGE_LINK)
            link = command->message;
    }
    assert_int_equal(link.kind, HEAL_MESSAGE_LINK);
    hear(pair, WEST, &link);
    return link.link.paths_set;
}

/* Rounds until west tells its paths again, each answered by here. */
static void until_told_again(struct pair *pair) {
    pair->parts = 0;
    for (unsigned rounds = 0; pair->parts == 0; rounds++) {
        round_of_west(pair, NONE);
        answer_of_here(pair);
        assert_in_range(rounds, 0, 9);
    }
}

static bool proven(const struct pair *pair, unsigned number) {
    const struct heal_world *world = &pair->engine[HERE]->world;
    struct heal_obstacle obstacle = {.node = heal_node_id_of("elsewhere")};
    struct heal_prefix prefix = destination(number);

    assert_int_equal(world->ports, 1);
    return heal_way_is_safe(world, &world->port[0], &prefix, &obstacle);
}

static int pair_make(void **state) {
    struct pair *pair = calloc(1, sizeof *pair);
    struct heal_settings settings;

    if (!pair)
        return -1;
    heal_settings_init(&settings);
    settings.ports_max = 2;
    pair->now = 1000 * second;
    *state = pair;
    for (int i = 0; i < NODES; i++) {
        struct heal_message hello = {.kind = HEAL_MESSAGE_LINK, .from = heal_node_id_of(i ? "here" : "west")};

        if (heal_engine_new(i ? "west" : "here", &settings, 1, &pair->engine[i]) < 0)
            return -1;
        strcpy(hello.from_name, i ? "here" : "west");
        hear(pair, i, &hello);
        bring_up(pair, i);
    }
    for (unsigned i = 1; i <= DESTINATIONS; i++)
        own(pair, i, true);
    round_of_west(pair, NONE);
    return 0;
}

static int pair_unmake(void **state) {
    struct pair *pair = *state;

    for (int i = 0; i < NODES; i++)
        pair->engine[i] = heal_engine_free(pair->engine[i]);
    free(pair);
    return 0;
}

static void test_a_set_comes_in_parts(void **state) {
    struct pair *pair = *state;

    assert_int_equal(pair->parts, PARTS);
    for (unsigned i = 0; i < PARTS; i++) {
        assert_true(pair->part[i].paths.set != 0 && pair->part[i].paths.set == pair->part[0].paths.set);
        assert_int_equal(pair->part[i].paths.first, i * HEAL_MESSAGE_PATHS_MAX);
        assert_int_equal(pair->part[i].paths.more, i + 1 < PARTS);
    }
    assert_true(proven(pair, 1) && proven(pair, DESTINATIONS));
    assert_false(proven(pair, DESTINATIONS + 1));
}

/* The fault that this is about: the next set was put behind what there was of the one before. */
static void test_what_is_withdrawn_proves_nothing(void **state) {
    struct pair *pair = *state;

    for (unsigned lost = 0; lost < PARTS; lost++) {
        own(pair, lost + 1, false);
        round_of_west(pair, lost);
        assert_int_equal(pair->parts, PARTS);
        assert_false(proven(pair, lost + 1));
        assert_false(proven(pair, DESTINATIONS));
    }
    own(pair, PARTS + 1, false);
    round_of_west(pair, NONE);
    for (unsigned i = 1; i <= DESTINATIONS; i++)
        assert_int_equal(proven(pair, i), i > PARTS + 1);
    assert_int_equal(pair->engine[HERE]->world.port[0].paths, DESTINATIONS - PARTS - 1);
}

static void test_told_again_it_is_whole(void **state) {
    struct pair *pair = *state;

    own(pair, 1, false);
    round_of_west(pair, 1);
    assert_false(proven(pair, 2));
    for (pair->parts = 0; pair->parts == 0;)
        round_of_west(pair, 0); /* the first part is there from the first time */
    assert_true(proven(pair, 2) && proven(pair, DESTINATIONS));
    assert_false(proven(pair, 1));
}

static void test_it_was_as_before(void **state) {
    struct pair *pair = *state;

    own(pair, DESTINATIONS + 1, true);
    round_of_west(pair, 2);
    assert_false(proven(pair, 1));
    own(pair, DESTINATIONS + 1, false);
    round_of_west(pair, 0);
    assert_true(proven(pair, 1));
    assert_false(proven(pair, DESTINATIONS + 1));
}

static void test_what_stands_is_said_in_a_word(void **state) {
    struct pair *pair = *state;
    uint64_t set = pair->part[0].paths.set;

    assert_int_equal(answer_of_here(pair), set);
    for (unsigned i = 0; i < 5; i++) { /* for longer than what is not told would count */
        until_told_again(pair);
        assert_int_equal(pair->parts, 1);
        assert_true(pair->part[0].paths.stands && pair->part[0].paths.set == set);
        assert_int_equal(pair->part[0].paths.paths, 0);
        assert_true(proven(pair, 1) && proven(pair, DESTINATIONS));
    }
    own(pair, 1, false);
    round_of_west(pair, NONE);
    assert_int_equal(pair->parts, PARTS);
    assert_true(!proven(pair, 1) && proven(pair, 2));
}

static void test_who_lacks_a_part_is_told_all(void **state) {
    struct pair *pair = *state;

    answer_of_here(pair);
    own(pair, 1, false);
    round_of_west(pair, 1);
    assert_int_equal(answer_of_here(pair), 0);
    until_told_again(pair);
    assert_int_equal(pair->parts, PARTS);
    assert_false(pair->part[0].paths.stands);
    assert_true(!proven(pair, 1) && proven(pair, 2));
}

/* Its word is behind: what it says it has is not what it has. */
static void test_a_word_about_another_set_proves_nothing(void **state) {
    struct pair *pair = *state;
    struct heal_message word = {.kind = HEAL_MESSAGE_PATHS, .from = heal_node_id_of("west")};

    strcpy(word.from_name, "west");
    word.paths.set = pair->part[0].paths.set + 1;
    word.paths.stands = true;
    hear(pair, HERE, &word);
    assert_false(proven(pair, 1));
    word.paths.set--;
    hear(pair, HERE, &word);
    assert_true(proven(pair, 1));
}

static void test_what_is_no_longer_told_proves_nothing(void **state) {
    struct pair *pair = *state;

    for (unsigned i = 0; i < 14; i++)
        round_of_west(pair, ALL);
    assert_true(proven(pair, 1));
    for (unsigned i = 0; i < 2; i++)
        round_of_west(pair, ALL);
    assert_false(proven(pair, 1));
    for (unsigned i = 0; i < 5; i++)
        round_of_west(pair, 0); /* any part says that it is still so */
    assert_true(proven(pair, 1));
}

/* From an earlier heald, or a stranger: nothing can be told apart, so only one message is a set. */
static void test_without_a_number(void **state) {
    struct pair *pair = *state;
    struct heal_message message = pair->part[0];

    message.paths.set = 0;
    hear(pair, HERE, &message);
    assert_false(proven(pair, 1));
    message.paths.more = false;
    hear(pair, HERE, &message);
    assert_true(proven(pair, 1));
    assert_int_equal(pair->engine[HERE]->world.port[0].paths, HEAL_MESSAGE_PATHS_MAX);
}

static void test_a_set_has_its_limit(void **state) {
    struct pair *pair = *state;
    struct heal_message message = pair->part[0];

    message.paths.set++;
    message.paths.more = true;
    for (unsigned first = 0; first < 240; first += HEAL_MESSAGE_PATHS_MAX) {
        message.paths.first = (uint8_t)first;
        hear(pair, HERE, &message);
    }
    message.paths.more = false;
    hear(pair, HERE, &message);
    assert_false(proven(pair, 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_set_comes_in_parts, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_what_is_withdrawn_proves_nothing, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_told_again_it_is_whole, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_it_was_as_before, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_what_stands_is_said_in_a_word, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_who_lacks_a_part_is_told_all, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_a_word_about_another_set_proves_nothing, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_what_is_no_longer_told_proves_nothing, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_without_a_number, pair_make, pair_unmake),
        cmocka_unit_test_setup_teardown(test_a_set_has_its_limit, pair_make, pair_unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
