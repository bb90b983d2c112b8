/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a fault makes sick, and what that is called. */
#include "fault/truth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* In the ring of eight with the chords n1-n5 and n3-n7: which ends of links are sick. */
static const struct {
    const char *fault, *diagnosis, *sick; /* NODE>NEIGHBOUR of each, in the order of the links */
    bool shows;
} truths[] = {
    {"loss n1-n2 20%",                    "link-loss",      "n1>n2 n2>n1",                         true },
    {"loss n1>n2 20%",                    "one-way-link",   "n1>n2 n2>n1",                         true },
    {"mtu n1-n2 1300",                    "mtu-blackhole",  "n1>n2 n2>n1",                         true },
    {"delay n1-n2 100ms",                 "link-latency",   "n1>n2 n2>n1",                         true },
    {"rate n1-n2 200kbit",                "rate-limited",   "n1>n2 n2>n1",                         true },
    {"down n1-n2",                        "neighbour-lost", "n1>n2 n2>n1",                         true },
    {"down n1>n2",                        "one-way-link",   "n1>n2 n2>n1",                         true },
    {"carrier n1-n2",                     "neighbour-lost", "n1>n2 n2>n1",                         true },
    {"pause n0",                          "neighbour-lost", "n0>n1 n1>n0 n7>n0 n0>n7",             true },
    {"partition n0,n1|n2,n3,n4,n5,n6,n7", "neighbour-lost", "n1>n2 n2>n1 n7>n0 n0>n7 n1>n5 n5>n1", true },
    {"cpu n0 50%",                        "node-overload",  "n0>n1 n0>n7",                         true },
    {"forwarding n0 off",                 "not-forwarding", "n0>n1 n0>n7",                         false},
    {"blackhole n0 n2",                   "not-forwarding", "n0>n1 n0>n7",                         false},
    {"flush-routes n0",                   "routes-lost",    "n0>n1 n0>n7",                         false},
    {"babeld n0",                         "service-down",   "n0>n1 n1>n0 n7>n0 n0>n7",             false},
};

static void list(const struct heal_fault *fault, const struct heal_topology *topology, char *text,
                 size_t size) {
    size_t at = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < topology->links; i++) {
        const unsigned end[2] = {topology->link[i].a, topology->link[i].b};

        for (int side = 0; side < 2; side++)
            if (heal_fault_ails(fault, topology, i, end[side]))
                at += (size_t)snprintf(text + at, size - at, "%s%s>%s", at ? " " : "",
                                       topology->node[end[side]].name, topology->node[end[!side]].name);
    }
}

static void follows_from_what_was_done(void **state) {
    struct heal_topology *topology = malloc(sizeof *topology);

    (void)state;
    assert_non_null(topology);
    heal_topology_init(topology);
    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++) {
        struct heal_fault fault;
        struct heal_error error = {.code = 0};
        char text[512];

        if (heal_fault_parse(truths[i].fault, topology, &fault, &error) < 0)
            fail_msg("%s: %s", truths[i].fault, error.what);
        list(&fault, topology, text, sizeof text);
        if (strcmp(text, truths[i].sick) != 0)
            fail_msg("%s: %s, not %s", truths[i].fault, text, truths[i].sick);
        assert_string_equal(heal_diagnosis_slug(heal_fault_truth(&fault)), truths[i].diagnosis);
        assert_int_equal(heal_fault_shows(&fault), truths[i].shows);
    }
    free(topology);
}

/* Both ends of a radio's link with one of them in the noise; a link without a radio hears none. */
static void noise_is_heard_by_radios(void **state) {
    static const char line[] = "name: line\nnodes:\n  - {name: a, x: 0, y: 0}\n  - {name: b, x: 60, y: 0}\n"
                               "  - {name: c, x: 120, y: 0}\n  - {name: d, x: 0, y: 10}\n"
                               "links:\n  - {a: a, b: b, radio: {}}\n  - {a: b, b: c, radio: {}}\n"
                               "  - {a: a, b: d}\n";
    struct heal_topology *topology = malloc(sizeof *topology);
    struct heal_error error = {.code = 0};
    const struct heal_fault fault = {
        .kind = HEAL_FAULT_NOISE, .x_m = 0, .y_m = 0, .radius_m = 20, .rise_db = 20};
    char text[64];

    (void)state;
    assert_non_null(topology);
    if (heal_topology_parse(line, sizeof line - 1, topology, &error) < 0)
        fail_msg("%d: %s", error.line, error.what);
    list(&fault, topology, text, sizeof text);
    assert_string_equal(text, "a>b b>a");
    assert_int_equal(heal_fault_truth(&fault), HEAL_INTERFERENCE);
    free(topology);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_from_what_was_done),
        cmocka_unit_test(noise_is_heard_by_radios),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
