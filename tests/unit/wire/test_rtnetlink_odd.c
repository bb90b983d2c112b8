/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Messages that no kernel of today sends, attribute by attribute: what contradicts itself is refused, what is
 * merely of no use is passed over. */
#include "wire/rtnetlink.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { BYTES_MAX = 512, IPV4 = 2, IPV6 = 10 };

struct written {
    size_t length;
    uint8_t byte[BYTES_MAX];
};

static void put(struct written *written, const void *data, size_t size) {
    assert_true(written->length + NLMSG_ALIGN(size) <= BYTES_MAX);
    if (size > 0) {
        memcpy(written->byte + written->length, data, size);
    }
    written->length += NLMSG_ALIGN(size);
}

static struct written begin(unsigned type, const void *body, size_t size) {
    struct written written = {0};
    put(&written, &(struct nlmsghdr){.nlmsg_type = (uint16_t)type}, sizeof(struct nlmsghdr));
    put(&written, body, size);
    return written;
}

static void put_attribute(struct written *written, unsigned type, const void *data, size_t size) {
    put(written,
        &(struct nlattr){.nla_type = (uint16_t)type, .nla_len = (uint16_t)(sizeof(struct nlattr) + size)},
        sizeof(struct nlattr));
    put(written, data, size);
}

static int decode(struct written *written, struct heal_rtnetlink_message *ret_message) {
    uint32_t length = (uint32_t)written->length;
    size_t used;
    memcpy(written->byte, &length, sizeof(length));
    return heal_rtnetlink_decode(written->byte, written->length, ret_message, &used);
}

static void check_refused(struct written *written) {
    struct heal_rtnetlink_message message = {.sequence = 42};
    assert_int_equal(decode(written, &message), -EBADMSG);
    assert_int_equal(message.sequence, 42);
}

static void check_passed_over(struct written *written) {
    struct heal_rtnetlink_message message;
    assert_int_equal(decode(written, &message), 0);
    assert_int_equal(message.kind, HEAL_RTNETLINK_OTHER);
}

static struct written a_link(struct ifinfomsg info, const char *name, size_t size) {
    struct written written = begin(RTM_NEWLINK, &info, sizeof(info));
    put_attribute(&written, IFLA_IFNAME, name, size);
    return written;
}

static void test_links(void **state) {
    (void)state;
    struct ifinfomsg up = {.ifi_index = 3, .ifi_flags = IFF_UP};
    struct heal_rtnetlink_message message;
    struct written written = a_link(up, "mesh0", 6);
    assert_int_equal(decode(&written, &message), 0);
    assert_int_equal(message.kind, HEAL_RTNETLINK_LINK);
    assert_string_equal(message.link.reading.ifname, "mesh0");
    assert_true(message.link.reading.up && !message.link.reading.carrier);
    assert_int_equal(message.link.reading.mtu, 0);        /* not told */
    assert_int_equal(message.link.reading.rx_packets, 0); /* nor that */
    written = a_link(up, "mesh0", 5);                     /* not ended by a NUL */
    check_passed_over(&written);
    written = a_link(up, "a-name-of-17-byte", 18);
    check_passed_over(&written);
    written = a_link((struct ifinfomsg){.ifi_index = 3, .ifi_family = 7}, "mesh0", 6); /* a bridge's port */
    check_passed_over(&written);
    written = a_link((struct ifinfomsg){.ifi_index = 0}, "mesh0", 6);
    check_passed_over(&written);
    written = begin(RTM_NEWLINK, &up, sizeof(up) - 4);
    check_refused(&written);
}

static struct written a_route(unsigned family, unsigned length, const void *destination, size_t size) {
    struct rtmsg info = {.rtm_family = (uint8_t)family,
                         .rtm_dst_len = (uint8_t)length,
                         .rtm_table = RT_TABLE_MAIN,
                         .rtm_type = RTN_UNICAST};
    struct written written = begin(RTM_NEWROUTE, &info, sizeof(info));
    if (destination) {
        put_attribute(&written, RTA_DST, destination, size);
    }
    return written;
}

static const uint8_t host[16] = {0xfd, [15] = 7};

static void test_routes(void **state) {
    (void)state;
    struct heal_rtnetlink_message message;
    struct written written = a_route(IPV6, 128, host, sizeof(host));
    assert_int_equal(decode(&written, &message), 0);
    assert_int_equal(message.kind, HEAL_RTNETLINK_ROUTE);
    written = a_route(IPV6, 129, host, sizeof(host));
    check_refused(&written);
    written = a_route(IPV4, 33, host, 4);
    check_refused(&written);
    written = a_route(IPV6, 128, host, 4); /* an address of the other family */
    check_refused(&written);
    written = a_route(7, 0, NULL, 0);
    check_passed_over(&written);
    static const uint8_t link_local[16] = {0xfe, 0x80}, loopback[4] = {127};
    written = a_route(IPV6, 64, link_local, sizeof(link_local));
    check_passed_over(&written);
    written = a_route(IPV4, 8, loopback, sizeof(loopback));
    check_passed_over(&written);
    written = begin(RTM_NEWROUTE, "short", 5);
    check_refused(&written);
}

static struct written a_route_of_hops(const void *hops, size_t size) {
    struct written written = a_route(IPV6, 128, host, sizeof(host));
    put_attribute(&written, RTA_MULTIPATH, hops, size);
    return written;
}

static void test_next_hops(void **state) {
    (void)state;
    struct heal_rtnetlink_message message;
    struct rtnexthop hop = {.rtnh_len = sizeof(hop), .rtnh_ifindex = 5};
    struct written written = a_route_of_hops(&hop, sizeof(hop));
    assert_int_equal(decode(&written, &message), 0);
    assert_int_equal(message.route.ifindex, 5);
    written = a_route_of_hops(&hop, sizeof(hop) - 4);
    check_refused(&written);
    hop.rtnh_len = sizeof(hop) - 1; /* less than itself */
    written = a_route_of_hops(&hop, sizeof(hop));
    check_refused(&written);
    hop.rtnh_len = sizeof(hop) + 4; /* out of the attribute */
    written = a_route_of_hops(&hop, sizeof(hop));
    check_refused(&written);
    hop.rtnh_len = sizeof(hop);
    hop.rtnh_ifindex = -1;
    written = a_route_of_hops(&hop, sizeof(hop));
    assert_int_equal(decode(&written, &message), 0);
    assert_int_equal(message.route.ifindex, 0);
}

static void test_neighbours(void **state) {
    (void)state;
    static const uint8_t mac[6] = {2, 0, 0, 0, 0, 0x11};
    struct ndmsg info = {.ndm_family = IPV6, .ndm_ifindex = 3};
    struct heal_rtnetlink_message message;
    struct written written = begin(RTM_NEWNEIGH, &info, sizeof(info));
    put_attribute(&written, NDA_DST, host, sizeof(host));
    check_passed_over(&written); /* not resolved yet */
    put_attribute(&written, NDA_LLADDR, mac, sizeof(mac));
    assert_int_equal(decode(&written, &message), 0);
    assert_int_equal(message.kind, HEAL_RTNETLINK_NEIGHBOUR);
    info.ndm_ifindex = 0;
    written = begin(RTM_NEWNEIGH, &info, sizeof(info));
    put_attribute(&written, NDA_DST, host, sizeof(host));
    put_attribute(&written, NDA_LLADDR, mac, sizeof(mac));
    check_passed_over(&written);
    written = begin(RTM_NEWNEIGH, &info, sizeof(info) - 4);
    check_refused(&written);
}

static void test_answers(void **state) {
    (void)state;
    struct heal_rtnetlink_message message;
    int32_t code = -ENODEV;
    struct written written = begin(NLMSG_ERROR, &code, sizeof(code));
    assert_int_equal(decode(&written, &message), 0);
    assert_int_equal(message.kind, HEAL_RTNETLINK_ERROR);
    assert_int_equal(message.code, -ENODEV);
    written = begin(NLMSG_ERROR, NULL, 0);
    check_refused(&written);
    code = 1; /* errors are negative */
    written = begin(NLMSG_ERROR, &code, sizeof(code));
    check_refused(&written);
    written = begin(NLMSG_DONE, NULL, 0);
    assert_int_equal(decode(&written, &message), 0);
    assert_int_equal(message.kind, HEAL_RTNETLINK_DONE);
    written = begin(NLMSG_NOOP, NULL, 0);
    check_passed_over(&written);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links),      cmocka_unit_test(test_routes),  cmocka_unit_test(test_next_hops),
        cmocka_unit_test(test_neighbours), cmocka_unit_test(test_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
