/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/nl80211.h"

#include "recording.h"
#include "wire/genetlink.h"

#include <errno.h>
#include <linux/nl80211.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct recording recording;

static void test_stations(void **state) {
    struct heal_nl80211_station station;
    (void)state;
    recording_read(&recording, "nl80211-stations");
    assert_int_equal(recording.datagrams, 2); /* DONE comes in a datagram of its own */
    assert_true(recording.done);
    assert_int_equal(recording.frames, 2);
    assert_int_equal(heal_genetlink_command(&recording.frame[0]), NL80211_CMD_NEW_STATION);
    assert_int_equal(heal_nl80211_station_decode(&recording.frame[0], &station), 0);
    assert_memory_equal(station.mac, "\x02\x00\x00\x00\x01\x00", 6);
    assert_true(station.has_signal);
    assert_int_equal(station.signal_dbm, -66);
    assert_true(station.has_packets && station.has_retries && station.has_failed);
    assert_int_equal(station.tx_packets, 247);
    assert_int_equal(station.tx_retries, 164);
    assert_int_equal(station.tx_failed, 0);
    assert_int_equal(station.expected_kbit, 17906);
    assert_int_equal(station.airtime, 456 /* 0.01 TU */);
    assert_int_equal(heal_nl80211_station_decode(&recording.frame[1], &station), 0);
    assert_memory_equal(station.mac, "\x02\x00\x00\x00\x02\x00", 6);
    assert_int_equal(station.signal_dbm, -68);
    assert_int_equal(station.tx_packets, 240);
    assert_int_equal(station.tx_retries, 35);
}

static void test_the_interface(void **state) {
    struct heal_nl80211_interface interface;
    (void)state;
    recording_read(&recording, "nl80211-interface");
    assert_int_equal(recording.frames, 1);
    assert_int_equal(heal_nl80211_interface_decode(&recording.frame[0], &interface), 0);
    assert_int_equal(interface.ifindex, 2);
    assert_string_equal(interface.ifname, "wlan0");
    assert_int_equal(interface.frequency_mhz, 2412);
    assert_int_equal(interface.width, NL80211_CHAN_WIDTH_20_NOHT);
    assert_true(interface.has_tx_power);
    assert_int_equal(interface.tx_power_mbm, 2000);
}

/* hwsim invents a noise floor after a scan; it is of no channel in use, and so of no use. */
static void test_the_survey(void **state) {
    struct heal_nl80211_survey survey;
    (void)state;
    recording_read(&recording, "nl80211-survey");
    assert_int_equal(recording.frames, 2);
    assert_int_equal(heal_nl80211_survey_decode(&recording.frame[1], &survey), 0);
    assert_true(survey.has_noise);
    assert_int_equal(survey.noise_dbm, -92);
    assert_false(survey.in_use);
}

static int decode_station(const struct heal_netlink_frame *frame) {
    struct heal_nl80211_station station;
    return heal_nl80211_station_decode(frame, &station);
}

static void test_cut_short(void **state) {
    struct heal_nl80211_station station = {.tx_packets = 77};
    (void)state;
    recording_read(&recording, "nl80211-stations");
    recording_cut(&recording, decode_station);
    struct heal_netlink_frame bad = recording.frame[0];
    bad.size -= 5; /* within the last attribute */
    assert_int_equal(heal_nl80211_station_decode(&bad, &station), -EBADMSG);
    assert_int_equal(station.tx_packets, 77);
}

static void test_a_number_of_another_size(void **state) {
    struct heal_nl80211_interface interface;
    uint8_t body[4 + 8 + 4] = {NL80211_CMD_NEW_INTERFACE, 1};
    uint16_t head[2] = {6, NL80211_ATTR_IFINDEX}; /* two bytes, where four are said */
    (void)state;
    memcpy(body + 4, head, sizeof(head));
    body[8] = 9;
    struct heal_netlink_frame frame = {.body = body, .size = 12};
    assert_int_equal(heal_nl80211_interface_decode(&frame, &interface), 0);
    assert_int_equal(interface.ifindex, 0);
}

/* The controller's answer, as `genl ctrl get` has it. */
static void test_the_family(void **state) {
    static const uint8_t body[] = {1,   2,   0,   0, 12, 0, 2, 0, 'n', 'l', '8', '0',
                                   '2', '1', '1', 0, 6,  0, 1, 0, 32,  0,   0,   0};
    struct heal_netlink_frame frame = {.body = body, .size = sizeof(body)};
    (void)state;
    assert_int_equal(heal_genetlink_family(&frame), 32);
    frame.size = 16; /* the name alone */
    assert_int_equal(heal_genetlink_family(&frame), -ENOENT);
    frame.size = 3;
    assert_int_equal(heal_genetlink_family(&frame), -EBADMSG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stations),
        cmocka_unit_test(test_the_interface),
        cmocka_unit_test(test_the_survey),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_a_number_of_another_size),
        cmocka_unit_test(test_the_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
