/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A topology: the built-in one, one from YAML, its limits, and everything refused, by message and place. */
#include "lab/topology.h"

#include "base/cleanup.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int make_topology(void **state) {
    *state = calloc(1, sizeof(struct heal_topology));
    return *state ? 0 : -1;
}

static int free_topology(void **state) {
    free(*state);
    return 0;
}

static void test_built_in(void **state) {
    struct heal_topology *topology = *state;
    unsigned hops[HEAL_LAB_NODES_MAX];

    heal_topology_init(topology);
    assert_int_equal(topology->nodes, 8);
    assert_int_equal(topology->links, 10);
    assert_int_equal(topology->flows, 4);
    assert_int_equal(heal_topology_node_find(topology, "n7"), 7);
    assert_int_equal(heal_topology_node_find(topology, "n8"), -ENOENT);
    assert_int_equal(heal_topology_link_named(topology, "n5-n1"), 8);
    assert_int_equal(heal_topology_link_named(topology, "n0-n2"), -ENOENT);
    assert_int_equal(heal_topology_link_find(topology, 0, 7), 7);
    heal_topology_hops(topology, 0, hops);
    assert_int_equal(hops[0], 0);
    assert_int_equal(hops[2], 2);
    assert_int_equal(hops[5], 2);
    assert_int_equal(hops[4], 3);
    assert_int_equal(hops[8], UINT_MAX);
    assert_int_equal(heal_topology_receiver(topology, 7, HEAL_LAB_A_TO_B), topology->link[7].b);
    assert_int_equal(heal_topology_receiver(topology, 7, HEAL_LAB_B_TO_A), topology->link[7].a);
    assert_int_equal(heal_lab_opposite(HEAL_LAB_B_TO_A), HEAL_LAB_A_TO_B);
    assert_true(heal_topology_distance(topology, 0) > 76 && heal_topology_distance(topology, 0) < 77);
}

static const char full[] = "traffic:\n"
                           "  - {from: a-1, to: c, rate: 50, size: 100, large-size: 1000, large-share: 25%}\n"
                           "  - {from: c, to: a-1}\n"
                           "name: hill\n"
                           "babeld-alone: true\n"
                           "radio: {noise: -90}\n"
                           "links:\n"
                           "  - {a: a-1, b: b_2}\n"
                           "  - {a: b_2, b: c, radio: {power: 10, exponent: 2.5}}\n"
                           "nodes:\n"
                           "  - {name: a-1, x: 1.5, y: -2, services: [web, db]}\n"
                           "  - name: b_2\n"
                           "  - {name: c, x: 4.5, y: 2}\n"
                           "  - {name: alone}\n";

static void test_good(void **state) {
    struct heal_topology *topology = *state;
    struct heal_error error = {0};
    unsigned hops[HEAL_LAB_NODES_MAX];

    assert_int_equal(heal_topology_parse(full, strlen(full), topology, &error), 0);
    assert_string_equal(topology->name, "hill");
    assert_true(topology->babeld_alone);
    assert_int_equal(topology->nodes, 4);
    assert_string_equal(topology->node[0].name, "a-1");
    assert_int_equal(topology->node[0].services, 2);
    assert_string_equal(topology->node[0].service[1], "db");
    assert_true(topology->node[0].x_m == 1.5 && topology->node[0].y_m == -2);
    assert_int_equal(topology->links, 2);
    assert_false(topology->link[0].has_radio);
    assert_true(topology->link[1].has_radio);
    assert_true(topology->link[1].radio.power_dbm == 10 && topology->link[1].radio.noise_dbm == -90);
    assert_true(topology->link[1].radio.exponent == 2.5 && topology->link[1].radio.frequency_mhz == 2437);
    assert_int_equal(topology->flows, 2);
    assert_int_equal(topology->flow[0].rate, 50);
    assert_int_equal(topology->flow[0].large_bytes, 1000);
    assert_true(topology->flow[0].large_share == 0.25);
    assert_int_equal(topology->flow[1].rate, 200);
    assert_true(topology->flow[1].large_share == 0);
    assert_int_equal(heal_topology_link_named(topology, "b_2-a-1"), 0);
    heal_topology_hops(topology, 0, hops);
    assert_int_equal(hops[2], 2);
    assert_int_equal(hops[3], UINT_MAX);
}

static void test_addresses(void **state) {
    struct heal_address address = heal_topology_address(0);
    char text[HEAL_ADDRESS_TEXT];

    (void)state;
    assert_string_equal(heal_address_format(&address, text), "fd00:6865:616c::1");
    address = heal_topology_link_address(2, 255);
    assert_string_equal(heal_address_format(&address, text), "fe80::3:100");
}

#define AB "nodes: [{name: a}, {name: b, services: [web]}]\n"

/* The text, where it is wrong, and how the message begins. */
static const struct {
    const char *text;
    int line, column;
    const char *what;
} bad[] = {
    {"",                                                  1, 1,  "the file is empty"                         },
    {"# nothing\n",                                       1, 1,  "the file is empty"                         },
    {"[a]",                                               1, 1,  "a topology: expected a mapping"            },
    {"nodes: [",                                          2, 1,  ""                                          },
    {"node: []",                                          1, 1,  "unknown key"                               },
    {"name: lab",                                         1, 1,  "has no nodes"                              },
    {"nodes: []",                                         1, 1,  "has no nodes"                              },
    {"name: \"a b\"\nnodes: [{name: a}]",                 1, 7,  "name: letters, digits, _ and -"            },
    {"babeld-alone: maybe\nnodes: [{name: a}]",           1, 15, "expected true or false, not 'maybe'"       },
    {"nodes: {name: a}",                                  1, 8,  "nodes: expected a list"                    },
    {"nodes: [a]",                                        1, 9,  "node: expected a mapping"                  },
    {"nodes:\n  - {x: 1}",                                2, 5,  "has no 'name'"                             },
    {"nodes:\n  - {name: a, z: 1}",                       2, 15, "unknown key 'z' in nodes"                  },
    {"nodes: [{name: sixteen-bytes-xx}]",                 1, 16, "node: letters, digits, _ and -, at most 15"},
    {"nodes: [{name: lo}]",                               1, 16, "node: letters, digits, _ and -"            },
    {"nodes: [{name: -a}]",                               1, 16, "node: letters, digits, _ and -"            },
    {"nodes: [{name: [a]}]",                              1, 16, "node: expected"                            },
    {"nodes: [{name: a}, {name: a}]",                     1, 20, "there is already a node 'a'"               },
    {"nodes: [{name: a, x: east}]",                       1, 22, "expected a number, not 'east'"             },
    {"nodes: [{name: a, y: -1000001}]",                   1, 22, "y: from -1e+06 to 1e+06"                   },
    {"nodes: [{name: a, services: web}]",                 1, 29, "services: expected a list"                 },
    {"nodes: [{name: a, services: [w, w]}]",              1, 33, "this node already has a service 'w'"       },
    {"nodes: [{name: a, services: [1, 2, 3, 4, 5]}]",     1, 42, "at most 4 services a node"                 },
    {AB "links: [{a: a}]",                                2, 9,  "has no 'b'"                                },
    {AB "links: [{a: a, b: a}]",                          2, 9,  "a link joins two nodes"                    },
    {AB "links: [{a: a, b: bb}]",                         2, 19, "no node 'bb'"                              },
    {AB "links: [{a: a, b: b}, {a: b, b: a}]",            2, 23, "these nodes already have a link"           },
    {AB "links: [{a: a, b: b, radio: {volume: 11}}]",     2, 30, "unknown key 'volume' in radio"             },
    {AB "links: [{a: a, b: b, radio: {exponent: 9}}]",    2, 40, "exponent: from 1 to 8"                     },
    {AB "radio: {noise: 1}",                              2, 16, "noise: from -150 to 0"                     },
    {AB "traffic: [{from: a}]",                           2, 11, "has no 'to'"                               },
    {AB "traffic: [{from: a, to: a}]",                    2, 11, "traffic flows from one node to another"    },
    {AB "traffic: [{from: a, to: b, rate: 0}]",           2, 34, "rate: from 1 to 10000"                     },
    {AB "traffic: [{from: a, to: b, rate: 1.5}]",         2, 34, "expected a whole number, not '1.5'"        },
    {AB "traffic: [{from: a, to: b, size: 31}]",          2, 34, "size: from 32 to 1452"                     },
    {AB "traffic: [{from: a, to: b, large-share: 101%}]", 2, 41, "large-share: from 0 to 1"                  },
};

static void test_errors(void **state) {
    for (size_t i = 0; i < HEAL_COUNT(bad); i++) {
        struct heal_topology *topology = *state;
        struct heal_error error = {0};
        int r;

        topology->nodes = 77;
        r = heal_topology_parse(bad[i].text, strlen(bad[i].text), topology, &error);

        assert_int_equal(r, error.code);
        assert_true(error.code == -EINVAL || error.code == -EFBIG);
        if (strncmp(error.what, bad[i].what, strlen(bad[i].what)) != 0 || error.line != bad[i].line ||
            error.column != bad[i].column)
            fail_msg("'%s': %d:%d: %s", bad[i].text, error.line, error.column, error.what);
        assert_int_equal(topology->nodes, 77);
    }
}

/* Nodes in a row, each linked to the next `links` ones, with flows between the first two. */
static int parse_row(struct heal_topology *topology, unsigned nodes, unsigned links, unsigned flows,
                     struct heal_error *error) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    fprintf(out, "nodes:\n");
    for (unsigned i = 0; i < nodes; i++)
        fprintf(out, "  - {name: n%u}\n", i);
    fprintf(out, "links:\n");
    for (unsigned step = 1, made = 0; made < links; step++)
        for (unsigned i = 0; i + step < nodes && made < links; i++, made++)
            fprintf(out, "  - {a: n%u, b: n%u}\n", i, i + step);
    fprintf(out, "traffic:\n");
    for (unsigned i = 0; i < flows; i++)
        fprintf(out, "  - {from: n0, to: n1}\n");
    assert_int_equal(fclose(out), 0);
    return heal_topology_parse(text, length, topology, error);
}

static void test_limits(void **state) {
    struct heal_topology *topology = *state;
    struct heal_error error = {0};

    assert_int_equal(parse_row(topology, HEAL_LAB_NODES_MAX, HEAL_LAB_LINKS_MAX, HEAL_LAB_FLOWS_MAX, &error),
                     0);
    assert_int_equal(topology->nodes, HEAL_LAB_NODES_MAX);
    assert_int_equal(topology->links, HEAL_LAB_LINKS_MAX);
    assert_int_equal(topology->flows, HEAL_LAB_FLOWS_MAX);
    assert_int_equal(parse_row(topology, HEAL_LAB_NODES_MAX + 1, 0, 0, &error), -EFBIG);
    assert_string_equal(error.what, "nodes: at most 64");
    assert_int_equal(error.line, HEAL_LAB_NODES_MAX + 2);
    assert_int_equal(parse_row(topology, HEAL_LAB_NODES_MAX, HEAL_LAB_LINKS_MAX + 1, 0, &error), -EFBIG);
    assert_string_equal(error.what, "links: at most 256");
    assert_int_equal(parse_row(topology, 2, 1, HEAL_LAB_FLOWS_MAX + 1, &error), -EFBIG);
    assert_string_equal(error.what, "traffic: at most 64");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in), cmocka_unit_test(test_good),   cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_errors),   cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, make_topology, free_topology);
}
