/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/batadv.h"

#include "recording.h"
#include "wire/genetlink.h"

#include <errno.h>
#include <linux/batman_adv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct recording recording;

/* The last but one byte of its address tells a node of the recordings from the others. */
static unsigned node(const uint8_t mac[6]) {
    return mac[4];
}

static void test_the_mesh(void **state) {
    struct heal_batadv_mesh mesh;
    (void)state;
    recording_read(&recording, "batadv-iv-mesh");
    assert_true(recording.acknowledged);
    assert_int_equal(recording.frames, 1);
    assert_int_equal(heal_genetlink_command(&recording.frame[0]), BATADV_CMD_GET_MESH);
    assert_int_equal(heal_batadv_mesh_decode(&recording.frame[0], &mesh), 0);
    assert_int_equal(mesh.ifindex, 3);
    assert_string_equal(mesh.ifname, "bat0");
    assert_string_equal(mesh.algorithm, "BATMAN_IV");
    assert_true(mesh.has_gateway_mode);
    assert_int_equal(mesh.gateway_mode, BATADV_GW_MODE_CLIENT);
    assert_int_equal(mesh.originator_interval_ms, 1000);
    recording_read(&recording, "batadv-v-mesh");
    assert_int_equal(heal_batadv_mesh_decode(&recording.frame[0], &mesh), 0);
    assert_string_equal(mesh.algorithm, "BATMAN_V");
}

static void test_hard_interfaces(void **state) {
    struct heal_batadv_hard hard;
    (void)state;
    recording_read(&recording, "batadv-v-hard");
    assert_true(recording.done);
    assert_int_equal(recording.datagrams, 2);
    assert_int_equal(heal_batadv_hard_decode(&recording.frame[0], &hard), 0);
    assert_string_equal(hard.ifname, "wlan0");
    assert_true(hard.has_hop_penalty);
    assert_int_equal(hard.hop_penalty, 0);
    assert_int_equal(hard.elp_interval_ms, 500);
    assert_int_equal(hard.throughput_override_kbit, 0);
}

static void test_originators(void **state) {
    struct heal_batadv_originator originator;
    (void)state;
    recording_read(&recording, "batadv-iv-originators");
    assert_int_equal(recording.frames, 6);
    assert_int_equal(heal_batadv_originator_decode(&recording.frame[0], &originator), 0);
    assert_int_equal(node(originator.mac), 1);
    assert_int_equal(node(originator.neighbour), 2);
    assert_true(originator.best);
    assert_int_equal(originator.tq, 156);
    assert_int_equal(originator.last_seen_ms, 364);
    assert_string_equal(originator.ifname, "wlan0");
    assert_int_equal(heal_batadv_originator_decode(&recording.frame[1], &originator), 0);
    assert_int_equal(node(originator.neighbour), 1);
    assert_false(originator.best);
    assert_int_equal(originator.tq, 95);
    recording_read(&recording, "batadv-v-originators");
    assert_int_equal(heal_batadv_originator_decode(&recording.frame[1], &originator), 0);
    assert_true(originator.best);
    assert_int_equal(originator.tq, 0);
}

static void test_neighbours(void **state) {
    struct heal_batadv_neighbour neighbour;
    (void)state;
    recording_read(&recording, "batadv-v-neighbours");
    assert_int_equal(recording.frames, 2);
    assert_int_equal(heal_batadv_neighbour_decode(&recording.frame[1], &neighbour), 0);
    assert_int_equal(node(neighbour.mac), 1);
    assert_int_equal(neighbour.last_seen_ms, 1148);
    assert_int_equal(neighbour.throughput_kbit, 16900);
    recording_read(&recording, "batadv-iv-neighbours");
    assert_int_equal(heal_batadv_neighbour_decode(&recording.frame[0], &neighbour), 0);
    assert_int_equal(neighbour.throughput_kbit, 0);
}

static void test_gateways(void **state) {
    struct heal_batadv_gateway gateway;
    (void)state;
    recording_read(&recording, "batadv-v-gateways");
    assert_int_equal(recording.frames, 2);
    assert_int_equal(heal_batadv_gateway_decode(&recording.frame[1], &gateway), 0);
    assert_int_equal(node(gateway.mac), 2);
    assert_true(gateway.best);
    assert_int_equal(gateway.down_100kbit, 50);
    assert_int_equal(gateway.up_100kbit, 10);
    recording_read(&recording, "batadv-iv-gateways");
    assert_int_equal(heal_batadv_gateway_decode(&recording.frame[0], &gateway), 0);
    assert_false(gateway.best);
}

static int decode_originator(const struct heal_netlink_frame *frame) {
    struct heal_batadv_originator originator;
    return heal_batadv_originator_decode(frame, &originator);
}

static void test_cut_short(void **state) {
    (void)state;
    recording_read(&recording, "batadv-v-originators");
    recording_cut(&recording, decode_originator);
}

static void test_no_answer(void **state) {
    struct heal_netlink_frame frame = {.kind = HEAL_NETLINK_FRAME_ERROR, .code = -ENODEV};
    struct heal_batadv_mesh mesh = {.ifindex = 77};
    (void)state;
    assert_int_equal(heal_batadv_mesh_decode(&frame, &mesh), -EBADMSG);
    assert_int_equal(mesh.ifindex, 77);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_mesh),    cmocka_unit_test(test_hard_interfaces),
        cmocka_unit_test(test_originators), cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_gateways),    cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
