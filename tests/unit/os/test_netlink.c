/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "live.h"
#include "os/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct event_base *base;
    struct heal_netlink *netlink;
    struct live_notes notes;
};

/* What is awaited: a reading that says so. */
struct wanted {
    struct fixture *fixture;
    const char *name;
    bool present;
    bool link, up;
};

static bool has_come(void *context) {
    const struct wanted *wanted = context;
    const struct heal_reading *reading =
        live_find(&wanted->fixture->notes, wanted->link ? live_is_link : live_is_fib, wanted->name);
    if (!reading) {
        return false;
    }
    return wanted->link ? reading->link.present == wanted->present && reading->link.up == wanted->up
                        : reading->fib.present == wanted->present;
}

static void expect(struct wanted wanted) {
    if (!live_wait(wanted.fixture->base, has_come, &wanted, LIVE_PATIENCE_MS)) {
        fail_msg("%s did not come", wanted.name);
    }
}

static int set_up(void **state) {
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    fixture->base = event_base_new();
    live_try("ip link del v0 2>/dev/null");
    live_run("ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11");
    live_run("ip link set v0 up && ip link set v1 up");
    struct heal_netlink_options options = {
        fixture->base, {live_note, &fixture->notes}
    };
    assert_int_equal(heal_netlink_open(&options, &fixture->netlink), 0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    heal_netlink_close(fixture->netlink);
    event_base_free(fixture->base);
    free(fixture);
    return 0;
}

static void test_links_come_and_go(void **state) {
    struct fixture *fixture = *state;
    const struct heal_reading *link = live_find(&fixture->notes, live_is_link, "v0");
    assert_non_null(link);
    assert_true(link->link.up && link->link.present);
    assert_int_equal(link->link.mtu, 1500);
    assert_null(live_find(&fixture->notes, live_is_link, "lo"));
    live_run("ip link set v0 down");
    expect((struct wanted){fixture, "v0", .present = true, .link = true, .up = false});
    live_run("ip link set v0 up");
    expect((struct wanted){fixture, "v0", .present = true, .link = true, .up = true});
    live_run("ip link set v1 down");
    live_run("ip link set v1 name v2");
    expect((struct wanted){fixture, "v1", .present = false, .link = true, .up = false});
    live_run("ip link del v0");
    expect((struct wanted){fixture, "v0", .present = false, .link = true, .up = false});
    expect((struct wanted){fixture, "v2", .present = false, .link = true, .up = false});
}

/* 500 bytes to fd00::9. */
static void send_datagram(void) {
    static const char bytes[500];
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(inet_pton(AF_INET6, "fd00::9", &to.sin6_addr), 1);
    live_run("ip addr add fd00::1/128 dev v0 nodad");
    assert_int_equal(sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, sizeof(to)), sizeof(bytes));
    close(fd);
}

static void test_counters(void **state) {
    struct fixture *fixture = *state;
    fixture->notes.count = 0;
    assert_int_equal(heal_netlink_read_links(fixture->netlink), 0);
    uint64_t before = live_find(&fixture->notes, live_is_link, "v0")->link.tx_bytes;
    live_run("ip -6 route add fd00::9/128 dev v0 && ip neigh add fd00::9 lladdr 02:00:00:00:00:11 dev v0");
    send_datagram();
    assert_int_equal(heal_netlink_read_links(fixture->netlink), 0);
    assert_true(live_find(&fixture->notes, live_is_link, "v0")->link.tx_bytes >= before + 500);
}

static void test_routes_come_and_go(void **state) {
    struct fixture *fixture = *state;
    live_run("ip -6 route add fd00::5/128 via fe80::9 dev v0 proto 42 metric 1024");
    expect((struct wanted){fixture, "fd00::5/128", .present = true});
    const struct heal_reading_fib *fib = &live_find(&fixture->notes, live_is_fib, "fd00::5/128")->fib;
    assert_string_equal(fib->via.ifname, "v0");
    assert_int_equal(fib->protocol, 42);
    assert_int_equal(fib->metric, 1024);
    live_run("ip -6 route replace fd00::5/128 via fe80::a dev v0 proto 42 metric 1024");
    live_run("ip -6 route add blackhole fd00::7/128 && ip addr add fd00::2/128 dev lo");
    live_run("ip route add 10.9.0.5/32 via inet6 fe80::9 dev v0");
    expect((struct wanted){fixture, "fd00::7/128", .present = true});
    assert_int_equal(live_find(&fixture->notes, live_is_fib, "fd00::7/128")->fib.type, HEAL_FIB_BLACKHOLE);
    expect((struct wanted){fixture, "10.9.0.5/32", .present = true});
    expect((struct wanted){fixture, "fd00::2/128", .present = true});
    live_run("ip -6 route del fd00::5/128 && ip -6 route del fd00::7/128");
    expect((struct wanted){fixture, "fd00::5/128", .present = false});
    expect((struct wanted){fixture, "fd00::7/128", .present = false});
    /* The kernel does not tell of this one. */
    live_run("ip link set v0 down");
    expect((struct wanted){fixture, "10.9.0.5/32", .present = false});
}

/* Counts what is known of the prefix fd00::5/128: present less gone. */
static int balance(const struct live_notes *notes, const char *prefix) {
    int count = 0;
    for (size_t i = 0; i < notes->count; i++) {
        if (live_is_fib(&notes->reading[i], prefix)) {
            count += notes->reading[i].fib.present ? 1 : -1;
        }
    }
    return count;
}

static void test_a_replaced_route_is_gone(void **state) {
    struct fixture *fixture = *state;
    live_run("ip -6 route add fd00::5/128 via fe80::9 dev v0 metric 7");
    live_run("ip -6 route replace fd00::5/128 via fe80::a dev v0 metric 7");
    live_run("ip -6 route add fd00::6/128 via fe80::9 dev v0");
    expect((struct wanted){fixture, "fd00::6/128", .present = true});
    assert_int_equal(balance(&fixture->notes, "fd00::5/128"), 1);
}

static void test_overrun_is_made_good(void **state) {
    struct fixture *fixture = *state;
    enum { MANY = 4000 };
    FILE *batch = popen("ip -6 -batch -", "w");
    for (int i = 0; i < MANY; i++) {
        fprintf(batch, "route add fd01::%x/128 via fe80::9 dev v0\n", i + 1);
    }
    for (int i = 0; i < MANY - 1; i++) {
        fprintf(batch, "route del fd01::%x/128 via fe80::9 dev v0\n", i + 1);
    }
    assert_int_equal(pclose(batch), 0);
    char last[32];
    snprintf(last, sizeof(last), "fd01::%x/128", MANY);
    struct wanted wanted = {fixture, last, .present = true};
    expect(wanted);
    assert_true(heal_netlink_overruns(fixture->netlink) > 0);
    assert_int_equal(balance(&fixture->notes, "fd01::2/128"), 0);
}

static struct heal_netlink_route a_route(const char *prefix, const char *peer) {
    struct heal_netlink_route route = {.metric = 512, .protocol = 104};
    assert_int_equal(heal_prefix_parse(prefix, &route.prefix), 0);
    assert_int_equal(heal_address_parse(peer, &route.via.peer), 0);
    strcpy(route.via.ifname, "v0");
    return route;
}

static void test_orders(void **state) {
    struct fixture *fixture = *state;
    struct heal_netlink *netlink = fixture->netlink;
    struct heal_netlink_route route6 = a_route("fd00::5/128", "fe80::9");
    struct heal_netlink_route route4 = a_route("10.9.0.5/32", "fe80::9");
    assert_int_equal(heal_netlink_route_add(netlink, &route6), 0);
    assert_int_equal(heal_netlink_route_add(netlink, &route6), 0);
    assert_int_equal(heal_netlink_route_add(netlink, &route4), 0);
    assert_int_equal(heal_netlink_route_add(netlink, &route4), 0);
    live_run("ip -6 route show proto 104 | grep -q 'fd00::5 via fe80::9 dev v0 .*metric 512'");
    live_run("ip route show proto 104 | grep -q '10.9.0.5 via inet6 fe80::9 dev v0 .*metric 512'");
    route6 = a_route("fd00::5/128", "fe80::a");
    assert_int_equal(heal_netlink_route_add(netlink, &route6), 0);
    live_run("test \"$(ip -6 route show fd00::5 | wc -l)\" = 1 && ip -6 route show | grep -q 'via fe80::a'");
    live_run("ip -6 route add fd00::8/128 via fe80::b dev v0 proto static metric 512");
    struct heal_netlink_route theirs = a_route("fd00::8/128", "fe80::9");
    assert_int_equal(heal_netlink_route_add(netlink, &theirs), -EEXIST);
    assert_int_equal(heal_netlink_route_delete(netlink, &route6), 0);
    assert_int_equal(heal_netlink_route_delete(netlink, &route6), 0);
    assert_int_equal(heal_netlink_route_delete(netlink, &route4), 0);
    live_run("test -z \"$(ip -6 route show proto 104; ip route show proto 104)\"");
    assert_int_equal(heal_netlink_link_mtu(netlink, "v0", 1280), 0);
    live_run("ip link show v0 | grep -q 'mtu 1280'");
    assert_int_equal(heal_netlink_link_mtu(netlink, "nope", 1280), -ENODEV);
    struct heal_port_key port = {.ifname = "v0"};
    uint8_t mac[6] = {0}, expected[6] = {2, 0, 0, 0, 0, 0x11};
    heal_address_parse("fe80::9", &port.peer);
    assert_int_equal(heal_netlink_neighbour_mac(netlink, &port, mac), -ENOENT);
    live_run("ip neigh replace fe80::9 lladdr 02:00:00:00:00:11 dev v0");
    assert_int_equal(heal_netlink_neighbour_mac(netlink, &port, mac), 0);
    assert_memory_equal(mac, expected, sizeof(mac));
}

int main(void) {
    live_enter();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_links_come_and_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_counters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_routes_come_and_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_replaced_route_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_overrun_is_made_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_orders, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
