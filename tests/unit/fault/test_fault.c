/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The words of a fault: every kind there and back, and everything refused, by the message and its column. */
#include "fault/fault.h"

#include "base/cleanup.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The built-in ring of eight, which is large. */
static int make_topology(void **state) {
    struct heal_topology *topology = malloc(sizeof *topology);

    if (!topology)
        return -1;
    heal_topology_init(topology);
    *state = topology;
    return 0;
}

static int free_topology(void **state) {
    free(*state);
    return 0;
}

static struct heal_fault parse(const struct heal_topology *topology, const char *text) {
    struct heal_error error = {0};
    struct heal_fault fault = {0};

    if (heal_fault_parse(text, topology, &fault, &error) < 0)
        fail_msg("%s: %d: %s", text, error.column, error.what);
    return fault;
}

/* What is written as it would be written back: the same, or in another way first. */
static const struct {
    enum heal_fault_kind kind;
    const char *text, *written; /* NULL: the same */
} good[] = {
    {HEAL_FAULT_LOSS,         "loss n1-n2 20%",                    NULL                               },
    {HEAL_FAULT_LOSS,         "loss n2>n1 0.5%",                   NULL                               },
    {HEAL_FAULT_LOSS,         "loss n2-n1 0.2",                    "loss n1-n2 20%"                   },
    {HEAL_FAULT_LOSS,         "  loss\tn1-n5   100%  ",            "loss n1-n5 100%"                  },
    {HEAL_FAULT_LOSS,         "loss n1-n2 0.00000016",             "loss n1-n2 0.000016%"             },
    {HEAL_FAULT_LOSS,         "loss n1-n2 12.3456789012%",         NULL                               },
    {HEAL_FAULT_MTU,          "mtu n1-n2 1300",                    NULL                               },
    {HEAL_FAULT_MTU,          "mtu n0>n7 68",                      NULL                               },
    {HEAL_FAULT_DELAY,        "delay n1-n2 100ms",                 NULL                               },
    {HEAL_FAULT_DELAY,        "delay n1>n2 20ms jitter 5ms",       NULL                               },
    {HEAL_FAULT_RATE,         "rate n1-n2 200kbit",                NULL                               },
    {HEAL_FAULT_RATE,         "rate n1-n2 1500bit",                NULL                               },
    {HEAL_FAULT_RATE,         "rate n1-n2 0.5Mbit",                "rate n1-n2 500kbit"               },
    {HEAL_FAULT_DOWN,         "down n3>n7",                        NULL                               },
    {HEAL_FAULT_CARRIER,      "carrier n7-n0",                     NULL                               },
    {HEAL_FAULT_CARRIER,      "carrier n0-n7",                     "carrier n7-n0"                    },
    {HEAL_FAULT_FLAP,         "flap n1-n2 down 1s every 5s",       NULL                               },
    {HEAL_FAULT_PARTITION,    "partition n0,n1|n2,n3,n4,n5,n6,n7", NULL                               },
    {HEAL_FAULT_PARTITION,    "partition n7,n6,n5,n4,n3,n2|n1,n0", "partition n2,n3,n4,n5,n6,n7|n0,n1"},
    {HEAL_FAULT_PAUSE,        "pause n3",                          NULL                               },
    {HEAL_FAULT_KILL,         "kill n3",                           NULL                               },
    {HEAL_FAULT_CPU,          "cpu n3 25%",                        NULL                               },
    {HEAL_FAULT_LEAK,         "leak n3 2MiB/s",                    NULL                               },
    {HEAL_FAULT_LEAK,         "leak n3 1024/s",                    "leak n3 1KiB/s"                   },
    {HEAL_FAULT_SERVICE,      "service n3 worker",                 NULL                               },
    {HEAL_FAULT_BABELD,       "babeld n3",                         NULL                               },
    {HEAL_FAULT_NOISE,        "noise 50,-20 radius 30.5 +15dB",    NULL                               },
    {HEAL_FAULT_NOISE,        "noise 50,-20 radius 30.5 15dB",     "noise 50,-20 radius 30.5 +15dB"   },
    {HEAL_FAULT_NOISE,        "noise 50,-0 radius 3 -0dB",         "noise 50,0 radius 3 +0dB"         },
    {HEAL_FAULT_FORWARDING,   "forwarding n1 off",                 NULL                               },
    {HEAL_FAULT_BLACKHOLE,    "blackhole n1 n2",                   NULL                               },
    {HEAL_FAULT_FLUSH_ROUTES, "flush-routes n1",                   NULL                               },
};

static void test_there_and_back(void **state) {
    bool seen[HEAL_FAULT_KINDS] = {false};
    char text[HEAL_FAULT_TEXT];

    for (size_t i = 0; i < HEAL_COUNT(good); i++) {
        struct heal_fault fault = parse(*state, good[i].text), back;

        assert_int_equal(fault.kind, good[i].kind);
        assert_string_equal(heal_fault_format(&fault, *state, text),
                            good[i].written ? good[i].written : good[i].text);
        back = parse(*state, text);
        assert_string_equal(heal_fault_format(&back, *state, text),
                            good[i].written ? good[i].written : good[i].text);
        seen[fault.kind] = true;
    }
    for (int kind = 0; kind < HEAL_FAULT_KINDS; kind++)
        assert_true(seen[kind]);
}

static void test_what_words_mean(void **state) {
    struct heal_fault fault = parse(*state, "loss n2>n1 30%");

    assert_int_equal(fault.link, 1);
    assert_true(fault.b_to_a && !fault.a_to_b);
    assert_true(heal_fault_suffers(&fault, HEAL_LAB_B_TO_A) && !heal_fault_suffers(&fault, HEAL_LAB_A_TO_B));
    assert_true(fault.share == 0.3);
    fault = parse(*state, "down n1-n2");
    assert_true(fault.a_to_b && fault.b_to_a);
    fault = parse(*state, "delay n5-n1 20ms jitter 5ms");
    assert_int_equal(fault.link, 8);
    assert_int_equal(fault.time, 20000);
    assert_int_equal(fault.spread, 5000);
    fault = parse(*state, "partition n0,n7|n1,n2,n3,n4,n5,n6");
    assert_int_equal(fault.side, 0x81);
    fault = parse(*state, "rate n1-n2 2Mbit");
    assert_int_equal(fault.amount, 2000000);
    fault = parse(*state, "blackhole n1 n2");
    assert_int_equal(fault.node, 1);
    assert_int_equal(fault.other, 2);
    fault = parse(*state, "service n3 worker");
    assert_string_equal(fault.service, "worker");
}

/* The words, where they are wrong, and how the message begins. */
static const struct {
    const char *text;
    int column;
    const char *what;
} bad[] = {
    {"",                                     1,  "no fault is called ''"                                  },
    {"los n1-n2 20%",                        1,  "no fault is called 'los'; nearest: loss"                },
    {"  flush-route n1",                     3,  "no fault is called 'flush-route'; nearest: flush-routes"},
    {"xyzzy",                                1,  "no fault is called 'xyzzy'"                             },
    {"loss",                                 5,  "a link of the lab is wanted"                            },
    {"loss n1-n3 20%",                       6,  "a link of the lab is wanted, not n1-n3"                 },
    {"loss n1-m2 20%",                       9,  "the lab has no node 'm2'"                               },
    {"loss m1>n2 20%",                       6,  "the lab has no node 'm1'"                               },
    {"loss n1>nn2 20%",                      9,  "the lab has no node 'nn2'; nearest: n2"                 },
    {"loss n1> 20%",                         9,  "the lab has no node ''"                                 },
    {"loss n1-n2",                           11, "a share above 0 and up to 100% is wanted"               },
    {"loss n1-n2 0%",                        12, "a share above 0 and up to 100% is wanted, not 0%"       },
    {"loss n1-n2 101%",                      12, "a share above 0 and up to 100% is wanted, not 101%"     },
    {"loss n1-n2 20% more",                  16, "nothing more is wanted here, not more"                  },
    {"mtu n1-n2 67",                         11, "a size in bytes is wanted, 68 to 65535, not 67"         },
    {"mtu n1-n2 65536",                      11, "a size in bytes is wanted"                              },
    {"delay n1-n2 100",                      13, "a time is wanted"                                       },
    {"delay n1-n2 11min",                    13, "a time is wanted"                                       },
    {"delay n1-n2 1ms jiter 1ms",            17, "'jitter' is wanted, not jiter"                          },
    {"delay n1-n2 1ms jitter",               23, "a time is wanted"                                       },
    {"rate n1-n2 200",                       12, "a rate in bit, kbit or Mbit"                            },
    {"rate n1-n2 999bit",                    12, "a rate from 1kbit to 10000Mbit is wanted"               },
    {"carrier n1>n2",                        9,  "a link of the lab is wanted, not n1>n2"                 },
    {"flap n1-n2 up 1s every 2s",            12, "'down' is wanted, not up"                               },
    {"flap n1-n2 down 2s every 2s",          26, "a flapping link has to be up for a while"               },
    {"partition n0",                         11, "two groups of nodes are wanted"                         },
    {"partition n0|n1",                      11, "each node belongs in one of the two groups"             },
    {"partition n0,n1|n1,n2,n3,n4,n5,n6,n7", 11, "each node belongs in one of the two groups"             },
    {"partition n0,nope|n1",                 14, "the lab has no node 'nope'"                             },
    {"pause",                                6,  "the lab has no node '' (a name is missing)"             },
    {"pause n8",                             7,  "the lab has no node 'n8'"                               },
    {"cpu n3 150%",                          8,  "a share above 0"                                        },
    {"leak n3 2MiB",                         9,  "a size a second up to 1GiB/s is wanted"                 },
    {"leak n3 2GiB/s",                       9,  "a size a second up to 1GiB/s is wanted"                 },
    {"service n3 workr",                     12, "node n3 has no service 'workr'; nearest: worker"        },
    {"noise 50 radius 3 +1dB",               7,  "a place in metres is wanted"                            },
    {"noise 5,5 radius x +1dB",              18, "a distance in metres is wanted"                         },
    {"noise 5,5 radius 3 +1",                20, "a rise of the noise is wanted"                          },
    {"noise nan,5 radius 3 +1dB",            7,  "a place in metres is wanted"                            },
    {"forwarding n1 on",                     15, "'off' is wanted, not on"                                },
    {"blackhole n1 n1",                      14, "the destination has to be another node"                 },
};

static void test_errors(void **state) {
    for (size_t i = 0; i < HEAL_COUNT(bad); i++) {
        struct heal_fault fault = {.node = 77}, untouched = fault;
        struct heal_error error = {0};

        assert_int_equal(heal_fault_parse(bad[i].text, *state, &fault, &error), -EINVAL);
        if (strncmp(error.what, bad[i].what, strlen(bad[i].what)) != 0 || error.column != bad[i].column)
            fail_msg("'%s': %d: %s", bad[i].text, error.column, error.what);
        assert_int_equal(error.line, 1);
        assert_memory_equal(&fault, &untouched, sizeof fault);
        assert_int_equal(heal_fault_parse(bad[i].text, *state, &fault, NULL), -EINVAL);
    }
}

/* What a program may fill in wrong, and why it is; NULL: it is not. Fields that a kind does not use are free.
 */
static const struct {
    struct heal_fault fault;
    const char *what;
} filled_in[] = {
    {{.kind = HEAL_FAULT_FLAP, .a_to_b = true, .time = 5},
     "flap: a time is wanted, such as 100ms, up to 10min"                                                                                  },
    {{.kind = HEAL_FAULT_FLAP, .a_to_b = true, .time = 5, .spread = 5},
     "flap: a flapping link has to be up for a while: 'every' is longer than 'down'"                                                       },
    {{.kind = HEAL_FAULT_FLAP, .a_to_b = true, .time = 5, .spread = 6},             NULL                                                   },
    {{.kind = HEAL_FAULT_DOWN, .link = 10, .a_to_b = true},                         "down: a link of the lab is wanted"                    },
    {{.kind = HEAL_FAULT_DOWN, .link = 9},                                          "down: a direction of the link is wanted, or both"     },
    {{.kind = HEAL_FAULT_DOWN, .link = 9, .b_to_a = true, .node = 99, .share = -1}, NULL                                                   },
    {{.kind = HEAL_FAULT_CARRIER, .a_to_b = true},                                  "carrier: both directions of the link are wanted"      },
    {{.kind = HEAL_FAULT_PAUSE, .node = 8},                                         "pause: a node of the lab is wanted"                   },
    {{.kind = HEAL_FAULT_PAUSE, .node = 7, .link = 99},                             NULL                                                   },
    {{.kind = HEAL_FAULT_BLACKHOLE, .node = 1, .other = 8},                         "blackhole: a node of the lab is wanted"               },
    {{.kind = HEAL_FAULT_PARTITION, .side = 0x100},                                 "partition: each node belongs in one of the two groups"},
    {{.kind = HEAL_FAULT_LOSS, .a_to_b = true, .share = NAN},
     "loss: a share above 0 and up to 100% is wanted"                                                                                      },
    {{.kind = HEAL_FAULT_DELAY, .a_to_b = true, .time = 1},                         NULL                                                   },
    {{.kind = HEAL_FAULT_DELAY, .a_to_b = true, .time = 1, .spread = UINT64_MAX},
     "delay: a time is wanted, such as 100ms, up to 10min"                                                                                 },
    {{.kind = HEAL_FAULT_NOISE, .x_m = NAN, .radius_m = 1},
     "noise: a place in metres is wanted, such as 50,-20"                                                                                  },
    {{.kind = HEAL_FAULT_KINDS},                                                    "no fault has the number 18"                           },
};

static void test_checked_without_words(void **state) {
    for (size_t i = 0; i < HEAL_COUNT(filled_in); i++) {
        struct heal_error error = {0};

        assert_int_equal(heal_fault_check(&filled_in[i].fault, *state, &error),
                         filled_in[i].what ? -EINVAL : 0);
        assert_string_equal(error.what, filled_in[i].what ? filled_in[i].what : "");
        (void)heal_fault_check(&filled_in[i].fault, *state, NULL);
    }
    for (size_t i = 0; i < HEAL_COUNT(good); i++) {
        struct heal_fault fault = parse(*state, good[i].text);

        assert_int_equal(heal_fault_check(&fault, *state, NULL), 0);
    }
}

static void test_long_words(void **state) {
    struct heal_error error = {0};
    struct heal_fault fault;
    char text[400];

    memset(text, 'n', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(heal_fault_parse(text, *state, &fault, &error), -EINVAL);
    assert_int_equal(error.column, 1);
    memcpy(text, "pause ", 6);
    assert_int_equal(heal_fault_parse(text, *state, &fault, &error), -EINVAL);
    assert_int_equal(error.column, 7);
}

static void test_pages(void **state) {
    (void)state;
    for (int kind = 0; kind < HEAL_FAULT_KINDS; kind++) {
        const char *usage = heal_fault_usage((enum heal_fault_kind)kind);
        size_t word = strcspn(usage, " ");

        for (size_t i = 0; i < HEAL_COUNT(good); i++)
            if (good[i].kind == (enum heal_fault_kind)kind)
                assert_int_equal(strncmp(good[i].text + strspn(good[i].text, " "), usage, word), 0);
        assert_true(heal_fault_summary((enum heal_fault_kind)kind)[0] != '\0');
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_what_words_mean),
        cmocka_unit_test(test_errors),         cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_pages),          cmocka_unit_test(test_checked_without_words),
    };

    return cmocka_run_group_tests(tests, make_topology, free_topology);
}
