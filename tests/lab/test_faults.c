/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Every fault of the air and of the nodes in a real lab with babeld: that it is measured to have taken hold,
 * that an effect is seen which the measurement did not look at, and that nothing is left when it is undone.
 */
#include "live_lab.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fault/injector.h"
#include "lab/clock.h"
#include "lab/lab_state.h"

/* A path, so that what fails fails and is not routed around. */
static const char path4[] =
    "name: faults\nnodes:\n  - {name: n0}\n  - {name: n1, services: [worker]}\n  - {name: n2}\n"
    "  - {name: n3, services: [worker]}\n"
    "links:\n  - {a: n0, b: n1}\n  - {a: n1, b: n2}\n  - {a: n2, b: n3}\n"
    "traffic:\n  - {from: n0, to: n2, rate: 200, size: 200, large-size: 1400, large-share: 0.2}\n"
    "  - {from: n2, to: n0, rate: 200, size: 200, large-size: 1400, large-share: 0.2}\n"
    "  - {from: n2, to: n3, rate: 200, size: 200}\n";

enum { N0, N1, N2, N3 };
/* The flows: from n0 by n1 to n2, back, and from n2 to n3. */
enum { THERE, BACK, LEAF };

static void assert_well(struct live_lab *live) {
    heal_us begin = heal_lab_now();

    assert_int_equal(live_traffic(live, THERE, begin, 60).lost, 0);
    assert_int_equal(live_traffic(live, BACK, begin, 60).lost, 0);
}

static void assert_no_rules(struct live_lab *live) {
    char text[16384];

    assert_int_equal(live_shell(live, HEAL_LAB_AIR, text, sizeof text, "nft list table netdev air"), 0);
    assert_non_null(strstr(text, "fwd to"));
    assert_null(strstr(text, "counter"));
    assert_null(strstr(text, " drop\n"));
}

static void converge(struct live_lab *live) {
    heal_us took;

    assert_int_equal(heal_lab_wait_converged(live->lab, LIVE_PATIENCE_MS * HEAL_US_PER_MS, &took), 0);
    print_message("    converged in %.1f s\n", (double)took / HEAL_US_PER_S);
}

static void test_routes(void **state) {
    struct live_lab *live = *state;

    converge(live);
    assert_int_equal(heal_traffic_start(live->lab), 0);
    assert_well(live);
}

static void test_loss(void **state) {
    struct live_lab *live = *state;
    heal_us begin = heal_lab_now();
    int handle = live_apply(live, "loss n0-n1 30%");
    struct heal_traffic_count count;

    live_verify(live, handle, NULL);
    count = live_traffic(live, THERE, begin, 200);
    assert_in_range(count.lost * 100 / count.sent, 15, 45);
    count = live_traffic(live, BACK, begin, 200);
    assert_in_range(count.lost * 100 / count.sent, 15, 45);
    live_undo(live, handle);
    assert_no_rules(live);
    assert_well(live);
}

static void test_loss_one_way(void **state) {
    struct live_lab *live = *state;
    heal_us begin;
    int handle = live_apply(live, "loss n0>n1 100%");
    struct heal_traffic_count count;

    begin = heal_lab_now();
    live_verify(live, handle, NULL);
    count = live_traffic(live, THERE, begin, 50);
    assert_int_equal(count.lost, count.sent);
    count = live_traffic(live, BACK, begin, 50);
    assert_int_equal(count.lost, 0);
    live_undo(live, handle);
    assert_well(live);
}

static void test_mtu(void **state) {
    struct live_lab *live = *state;
    int handle = live_apply(live, "mtu n0-n1 1000");
    heal_us begin = heal_lab_now();
    struct heal_traffic_count count;

    live_verify(live, handle, NULL);
    count = live_traffic(live, THERE, begin, 100);
    assert_true(count.large_sent > 0);
    assert_int_equal(count.large_lost, count.large_sent);
    assert_int_equal(count.lost, count.large_lost);
    live_undo(live, handle);
    assert_well(live);
}

/* 200 bytes of payload, 8 of UDP and 40 of IPv6: an MTU of 248 lets them pass, one of 247 does not. */
static void test_mtu_is_of_layer_3(void **state) {
    struct live_lab *live = *state;
    int handle = live_apply(live, "mtu n0>n1 248");
    struct heal_traffic_count count = live_traffic(live, THERE, heal_lab_now(), 100);

    assert_int_equal(count.large_lost, count.large_sent);
    assert_int_equal(count.lost, count.large_lost);
    live_undo(live, handle);
    handle = live_apply(live, "mtu n0>n1 247");
    count = live_traffic(live, THERE, heal_lab_now(), 100);
    assert_int_equal(count.lost, count.sent);
    live_undo(live, handle);
    assert_well(live);
}

static void test_down(void **state) {
    struct live_lab *live = *state;
    int handle = live_apply(live, "down n1>n0");
    heal_us begin = heal_lab_now();
    struct heal_traffic_count count;

    live_verify(live, handle, NULL);
    count = live_traffic(live, BACK, begin, 50);
    assert_int_equal(count.lost, count.sent);
    count = live_traffic(live, THERE, begin, 50);
    assert_int_equal(count.lost, 0);
    live_undo(live, handle);
    assert_well(live);
}

static void test_partition(void **state) {
    struct live_lab *live = *state;
    int handle = live_apply(live, "partition n0,n1|n2,n3");
    heal_us begin = heal_lab_now();
    struct heal_traffic_count count;

    live_verify(live, handle, NULL);
    count = live_traffic(live, THERE, begin, 50);
    assert_int_equal(count.lost, count.sent);
    count = live_traffic(live, BACK, begin, 50);
    assert_int_equal(count.lost, count.sent);
    count = live_traffic(live, LEAF, begin, 50);
    assert_int_equal(count.lost, 0);
    live_undo(live, handle);
    assert_no_rules(live);
    assert_well(live);
}

static bool has_flapped(struct live_lab *live, void *context) {
    struct heal_fault_measured measured;

    assert_int_equal(heal_faults_measure(live->faults, *(int *)context, &measured), 0);
    return measured.verified && strtoul(measured.what, NULL, 10) >= 4;
}

static void test_flap(void **state) {
    struct live_lab *live = *state;
    heal_us begin = heal_lab_now();
    int handle = live_apply(live, "flap n0-n1 down 200ms every 600ms");
    struct heal_traffic_count count;

    assert_true(live_wait(live, has_flapped, &handle, LIVE_PATIENCE_MS));
    live_verify(live, handle, NULL);
    count = live_traffic(live, THERE, begin, 300);
    assert_in_range(count.lost * 100 / count.sent, 15, 55);
    live_undo(live, handle);
    assert_no_rules(live);
    assert_well(live);
}

static bool has_link(struct live_lab *live, unsigned node, const char *ifname) {
    char text[1024];

    assert_int_equal(live_shell(live, (int)node, text, sizeof text, "cat /sys/class/net/%s/carrier", ifname),
                     0);
    return text[0] == '1';
}

static bool has_cable(struct live_lab *live, void *context) {
    (void)context;
    return has_link(live, N2, "n3") && has_link(live, N3, "n2");
}

static void test_carrier(void **state) {
    struct live_lab *live = *state;
    int handle, twice;

    assert_true(has_link(live, N2, "n3") && has_link(live, N3, "n2"));
    handle = live_apply(live, "carrier n2-n3");
    live_verify(live, handle, NULL);
    assert_false(has_link(live, N2, "n3") || has_link(live, N3, "n2"));
    assert_true(live_lost(live, LEAF) == 1);
    twice = live_apply(live, "carrier n2-n3");
    live_undo(live, handle);
    assert_false(has_link(live, N2, "n3") || has_link(live, N3, "n2"));
    live_undo(live, twice);
    assert_true(live_wait(live, has_cable, NULL, LIVE_PATIENCE_MS));
    converge(live);
    assert_true(live_lost(live, LEAF) == 0);
}

/* The letter of a process's state, as its node sees it. */
static char state_of(struct live_lab *live, unsigned node, int pid) {
    char text[64] = "";

    assert_true(pid > 0);
    (void)live_shell(live, (int)node, text, sizeof text, "sed -n 's/^State:.//p' /proc/%d/status", pid);
    return text[0];
}

static void test_pause(void **state) {
    struct live_lab *live = *state;
    int babeld = heal_lab_daemon_pid(live->lab, N3, HEAL_LAB_BABELD);
    int worker = heal_lab_service_pid(live->lab, N3, "worker");
    int handle = live_apply(live, "pause n3");

    live_verify(live, handle, NULL);
    assert_int_equal(state_of(live, N3, babeld), 'T');
    assert_int_equal(state_of(live, N3, worker), 'T');
    assert_true(live_lost(live, LEAF) == 1);
    live_undo(live, handle);
    assert_int_equal(state_of(live, N3, babeld), 'S');
    assert_int_equal(state_of(live, N3, worker), 'S');
    assert_no_rules(live);
    converge(live);
    assert_true(live_lost(live, LEAF) == 0);
}

static void test_kill(void **state) {
    struct live_lab *live = *state;
    int handle = live_apply(live, "kill n3");

    live_verify(live, handle, NULL);
    assert_int_equal(heal_lab_daemon_pid(live->lab, N3, HEAL_LAB_BABELD), 0);
    assert_int_equal(heal_lab_service_pid(live->lab, N3, "worker"), 0);
    assert_true(live_lost(live, LEAF) == 1);
    live_undo(live, handle);
    assert_no_rules(live);
    converge(live);
    assert_true(heal_lab_daemon_pid(live->lab, N3, HEAL_LAB_BABELD) > 0);
    assert_true(heal_lab_service_pid(live->lab, N3, "worker") > 0);
    assert_true(live_lost(live, LEAF) == 0);
}

/* Nanoseconds that the scheduler gave to the process; resident pages. */
static unsigned long long number_of(struct live_lab *live, const char *file, int field) {
    int pid = heal_lab_service_pid(live->lab, N1, "worker");
    char text[128];

    assert_true(pid > 0);
    assert_int_equal(live_shell(live, N1, text, sizeof text, "cut -d' ' -f%d /proc/%d/%s", field, pid, file),
                     0);
    return strtoull(text, NULL, 10);
}

static bool has_passed(struct live_lab *live, void *context) {
    (void)live;
    return heal_lab_now() >= *(heal_us *)context;
}

/* The share of a processor that the worker burns in the next half second. */
static double burnt(struct live_lab *live) {
    heal_us begin = heal_lab_now(), end = begin + HEAL_US_PER_S / 2;
    unsigned long long before = number_of(live, "schedstat", 1);

    assert_true(live_wait(live, has_passed, &end, LIVE_PATIENCE_MS));
    return (double)(number_of(live, "schedstat", 1) - before) / 1000 / (double)(heal_lab_now() - begin);
}

/* The MiB by which it grows in that time. */
static double grown(struct live_lab *live) {
    heal_us end = heal_lab_now() + HEAL_US_PER_S / 2;
    unsigned long long before = number_of(live, "statm", 2);

    assert_true(live_wait(live, has_passed, &end, LIVE_PATIENCE_MS));
    return (double)(number_of(live, "statm", 2) - before) * (double)sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

static bool runs_worker(struct live_lab *live, void *context) {
    return heal_lab_service_pid(live->lab, *(unsigned *)context, "worker") > 0;
}

static void test_cpu_and_leak(void **state) {
    struct live_lab *live = *state;
    unsigned node = N1;
    int cpu, leak;

    assert_true(live_wait(live, runs_worker, &node, LIVE_PATIENCE_MS));
    assert_true(burnt(live) < 0.02 && grown(live) < 0.1);
    cpu = live_apply(live, "cpu n1 25%");
    leak = live_apply(live, "leak n1 4MiB/s");
    live_verify(live, cpu, NULL);
    live_verify(live, leak, NULL);
    assert_true(burnt(live) > 0.1 && grown(live) > 0.5);
    live_undo(live, cpu);
    assert_true(burnt(live) < 0.05 && grown(live) > 0.5);
    live_undo(live, leak);
    assert_true(burnt(live) < 0.02 && grown(live) < 0.1);
}

static void test_process(void **state) {
    struct live_lab *live = *state;
    int pid = heal_lab_service_pid(live->lab, N1, "worker");
    struct heal_lab_process process = {.cpu_s = -1};

    assert_int_equal(heal_lab_process_read(live->lab, N1, 32000, &process), -ESRCH);
    assert_int_equal(heal_lab_process_read(live->lab, N1, 0, &process), -EINVAL);
    assert_true(process.cpu_s == -1);
    assert_int_equal(heal_lab_process_read(live->lab, N1, pid, &process), 0);
    /* It has leaked some MiB, in the test before. */
    assert_true(process.cpu_s > 0.05 && process.cpu_s < 60);
    assert_true(process.resident_bytes > 1e6 && process.resident_bytes < 1e9);
}

/* The load goes with the process: nothing is taken back from the one that comes after it. */
static void test_load_of_a_dead_process(void **state) {
    struct live_lab *live = *state;
    int cpu = live_apply(live, "cpu n1 25%"), service;
    struct heal_fault_measured measured;

    live_verify(live, cpu, NULL);
    service = live_apply(live, "service n1 worker");
    live_verify(live, service, NULL);
    assert_int_equal(heal_faults_measure(live->faults, cpu, &measured), 0);
    assert_true(measured.verified);
    assert_non_null(strstr(measured.what, "gone"));
    live_undo(live, cpu);
    live_undo(live, service);
    assert_true(burnt(live) < 0.02);
}

static void test_service(void **state) {
    struct live_lab *live = *state;
    int old = heal_lab_service_pid(live->lab, N1, "worker");
    int handle = live_apply(live, "service n1 worker");

    live_verify(live, handle, NULL);
    assert_int_equal(heal_lab_service_pid(live->lab, N1, "worker"), 0);
    assert_int_not_equal(live_shell(live, N1, NULL, 0, "kill -0 %d", old), 0);
    live_undo(live, handle);
    assert_true(heal_lab_service_pid(live->lab, N1, "worker") > old);
}

static void test_forwarding(void **state) {
    struct live_lab *live = *state;
    int handle = live_apply(live, "forwarding n1 off");

    live_verify(live, handle, NULL);
    assert_true(live_lost(live, THERE) == 1);
    live_undo(live, handle);
    assert_well(live);
}

static void test_blackhole(void **state) {
    struct live_lab *live = *state;
    int handle = live_apply(live, "blackhole n1 n2");
    struct heal_error error = {0};
    char text[4096];

    live_verify(live, handle, NULL);
    assert_true(live_lost(live, THERE) == 1);
    assert_true(live_lost(live, BACK) == 0);
    assert_int_equal(heal_faults_apply(live->faults, heal_faults_at(live->faults, handle, NULL), &error),
                     -EEXIST);
    assert_string_equal(error.what, "node n1 already has that route");
    live_undo(live, handle);
    assert_int_equal(live_shell(live, N1, text, sizeof text, "ip -6 route show table all"), 0);
    assert_null(strstr(text, "blackhole"));
    assert_well(live);
    /* Whoever finds and deletes it is not in the way of its undo. */
    handle = live_apply(live, "blackhole n1 n2");
    assert_int_equal(
        live_shell(live, N1, NULL, 0, "ip -6 route del blackhole fd00:6865:616c::3/128 metric 64"), 0);
    live_undo(live, handle);
    /* Whoever only overrides it, as heald does, does not hide it from its undo. */
    handle = live_apply(live, "blackhole n1 n2");
    assert_int_equal(
        live_shell(live, N1, NULL, 0,
                   "ip -6 route add fd00:6865:616c::3/128 via $(ip -6 route show "
                   "fd00:6865:616c::3 proto babel | sed 's/.*via \\([^ ]*\\) dev \\([^ ]*\\) .*/\\1 "
                   "dev \\2/') metric 63"),
        0);
    live_undo(live, handle);
    assert_int_equal(live_shell(live, N1, text, sizeof text, "ip -6 route show table all"), 0);
    assert_null(strstr(text, "blackhole"));
    assert_int_equal(live_shell(live, N1, NULL, 0, "ip -6 route del fd00:6865:616c::3/128 metric 63"), 0);
}

static bool runs_babeld(struct live_lab *live, void *context) {
    return heal_lab_daemon_pid(live->lab, *(unsigned *)context, HEAL_LAB_BABELD) > 0;
}

/* babeld never puts back what was deleted behind it; one that is started anew does. */
static void test_flush_routes_and_babeld(void **state) {
    struct live_lab *live = *state;
    unsigned node = N1;
    int old = heal_lab_daemon_pid(live->lab, N1, HEAL_LAB_BABELD);
    int routes = live_apply(live, "flush-routes n1"), babeld;
    struct heal_fault_measured measured;
    struct heal_error error = {0};

    live_verify(live, routes, NULL);
    assert_true(live_lost(live, THERE) == 1);
    assert_int_equal(heal_faults_apply(live->faults, heal_faults_at(live->faults, routes, NULL), &error),
                     -ENODATA);
    assert_string_equal(error.what, "node n1 has no routes of babeld's to delete");
    babeld = live_apply(live, "babeld n1");
    live_verify(live, babeld, NULL);
    assert_int_not_equal(live_shell(live, N1, NULL, 0, "kill -0 %d", old), 0);
    assert_true(live_wait(live, runs_babeld, &node, 3000));
    live_verify(live, babeld, &measured);
    assert_non_null(strstr(measured.what, "runs again"));
    live_undo(live, babeld);
    live_undo(live, routes);
    converge(live);
    assert_well(live);
    live_undo(live, live_apply(live, "flush-routes n1")); /* which starts babeld anew by itself */
    converge(live);
    assert_well(live);
}

/* Each counts its own, and the first goes on counting where it was when the second comes. */
static void test_two_on_one_direction(void **state) {
    struct live_lab *live = *state;
    int loss = live_apply(live, "loss n0>n1 30%"), mtu;
    struct heal_fault_measured before, after;
    unsigned long long packets_before, packets_after;
    struct heal_traffic_count count;
    double share;

    live_verify(live, loss, &before);
    mtu = live_apply(live, "mtu n0>n1 1000");
    live_verify(live, mtu, NULL);
    live_verify(live, loss, &after);
    assert_int_equal(sscanf(before.what, "%lf %% of %llu", &share, &packets_before), 2);
    assert_int_equal(sscanf(after.what, "%lf %% of %llu", &share, &packets_after), 2);
    assert_true(packets_after > packets_before);
    live_undo(live, loss);
    count = live_traffic(live, THERE, heal_lab_now(), 100);
    assert_int_equal(count.large_lost, count.large_sent);
    assert_int_equal(count.lost, count.large_lost);
    live_verify(live, mtu, NULL);
    live_undo(live, mtu);
    assert_no_rules(live);
    assert_well(live);
}

/* What goes to a relay goes there last, whichever came first: the loss still has its share. */
static void test_what_passes_on_comes_last(void **state) {
    struct live_lab *live = *state;
    struct heal_rules *rules = heal_faults_rules(live->faults);
    struct heal_rules_owner relay = heal_rules_own(rules);
    uint64_t passed, later;
    int loss;

    assert_int_equal(heal_rules_set(rules, relay, 0, HEAL_LAB_A_TO_B, "counter fwd to \"k0b\""), 0);
    assert_true(live_lost(live, THERE) == 0);
    assert_int_equal(heal_rules_counted(rules, relay, 0, HEAL_LAB_A_TO_B, &passed), 0);
    assert_true(passed >= 60);
    loss = live_apply(live, "loss n0>n1 100%");
    assert_int_equal(heal_rules_counted(rules, relay, 0, HEAL_LAB_A_TO_B, &passed), 0);
    live_verify(live, loss, NULL);
    assert_true(live_lost(live, THERE) == 1);
    assert_int_equal(heal_rules_counted(rules, relay, 0, HEAL_LAB_A_TO_B, &later), 0);
    assert_int_equal(later, passed);
    live_undo(live, loss);
    /* Nobody's rules are not everybody's. */
    assert_int_equal(heal_rules_clear(rules, (struct heal_rules_owner){0}), 0);
    assert_int_equal(heal_rules_counted(rules, relay, 0, HEAL_LAB_A_TO_B, &passed), 0);
    assert_true(passed >= later);
    assert_int_equal(heal_rules_set(rules, (struct heal_rules_owner){0}, 0, HEAL_LAB_A_TO_B, "counter"),
                     -EINVAL);
    assert_int_equal(heal_rules_clear(rules, relay), 0);
    assert_no_rules(live);
    assert_well(live);
}

static void test_undo_all(void **state) {
    struct live_lab *live = *state;
    int handles[] = {live_apply(live, "loss n0-n1 50%"), live_apply(live, "down n1-n2"),
                     live_apply(live, "forwarding n1 off"), live_apply(live, "pause n3")};

    heal_faults_undo_all(live->faults);
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        assert_null(heal_faults_at(live->faults, handles[i], NULL));
        assert_int_equal(heal_faults_undo(live->faults, handles[i]), -ENOENT);
    }
    assert_no_rules(live);
    assert_int_equal(state_of(live, N3, heal_lab_daemon_pid(live->lab, N3, HEAL_LAB_BABELD)), 'S');
    assert_well(live);
}

/* Its child and who made that tell of it in no order. One that is left over stays in the PID namespace, whose
 * end would wait for it. */
static void test_programs_that_are_not_there(void **state) {
    static const char *const argv[] = {"/no/such/program", NULL};
    struct live_lab *live = *state;
    struct heal_lab_program program = {.place = N0, .argv = argv, .input = -1, .output = -1, .error = -1};

    for (int i = 0; i < 100; i++) {
        siginfo_t left = {0};
        pid_t pid;

        assert_int_equal(heal_lab_spawn(live->lab, &program, &pid), -ENOENT);
        assert_int_equal(waitid(P_ALL, 0, &left, WEXITED | WNOHANG | WNOWAIT), 0);
        assert_int_equal(left.si_pid, 0);
    }
}

static void test_what_cannot_be(void **state) {
    struct live_lab *live = *state;
    struct heal_fault fault = {.kind = HEAL_FAULT_SERVICE, .node = N1, .service = "nobody"};
    struct heal_fault_measured measured;
    struct heal_error error = {0};

    assert_int_equal(heal_faults_apply(live->faults, &fault, &error), -ENOENT);
    assert_string_equal(error.what, "node n1 has no service 'nobody'");
    fault = (struct heal_fault){.kind = HEAL_FAULT_CPU, .node = N0, .share = 0.5};
    assert_int_equal(heal_faults_apply(live->faults, &fault, &error), -ENOENT);
    assert_string_equal(error.what, "node n0 has no service that could do that");
    fault = (struct heal_fault){.kind = HEAL_FAULT_PARTITION, .side = 0xf};
    assert_int_equal(heal_faults_apply(live->faults, &fault, &error), -EINVAL);
    assert_string_equal(error.what, "no link joins the two groups of nodes");
    fault = (struct heal_fault){.kind = HEAL_FAULT_DOWN, .link = 3, .a_to_b = true};
    assert_int_equal(heal_faults_apply(live->faults, &fault, &error), -EINVAL);
    fault = (struct heal_fault){.kind = HEAL_FAULT_FLAP, .link = 2, .a_to_b = true, .time = 1000};
    assert_int_equal(heal_faults_apply(live->faults, &fault, &error), -EINVAL);
    fault = (struct heal_fault){.kind = HEAL_FAULT_DOWN, .link = 2};
    assert_int_equal(heal_faults_apply(live->faults, &fault, &error), -EINVAL);
    assert_int_equal(heal_faults_measure(live->faults, 100000, &measured), -ENOENT);
    assert_int_equal(heal_faults_undo(live->faults, -1), -ENOENT);
    assert_no_rules(live);
}

static void test_full(void **state) {
    struct live_lab *live = *state;
    struct heal_fault fault = {.kind = HEAL_FAULT_LOSS, .link = 2, .a_to_b = true, .share = 1e-5};
    struct heal_error error = {0};
    int first = heal_faults_apply(live->faults, &fault, &error), last = first, count = 1, again;

    for (int handle = first; handle >= 0; count++) {
        last = handle;
        handle = heal_faults_apply(live->faults, &fault, &error);
        assert_true(handle < 0 ? handle == -EBUSY : handle > last);
    }
    assert_int_equal(count - 1, 32);
    assert_non_null(strstr(error.what, "32 faults are in force"));
    live_undo(live, first);
    again = heal_faults_apply(live->faults, &fault, &error);
    assert_true(again > last);
    heal_faults_undo_all(live->faults);
    assert_no_rules(live);
}

static const char pair[] = "name: pair\nnodes: [{name: a, services: [worker]}, {name: b}]\nlinks: [{a: a, b: "
                           "b}]\ntraffic: [{from: a, to: b}]\n";

enum { PAIR_NODES = 2 };

/** A lab as its owner reports it before it is killed: who it is, and which network namespaces it has. */
struct report {
    pid_t keeper;
    ino_t network[PAIR_NODES + 1];
    char folder[HEAL_LAB_PATH_MAX];
};

static void hold_a_lab(int out) {
    struct live_lab live = {0};
    struct report report = {0};
    struct heal_error error;
    struct stat about;
    char path[64];

    if (live_open(&live, pair, &error) < 0 || heal_traffic_start(live.lab) < 0)
        _exit(1);
    (void)live_apply(&live, "flap a-b down 100ms every 1s");
    (void)live_apply(&live, "pause a");
    report.keeper = live.lab->keeper;
    snprintf(path, sizeof path, "/proc/%d/ns/net", (int)report.keeper);
    report.network[PAIR_NODES] = stat(path, &about) == 0 ? about.st_ino : 0;
    for (unsigned i = 0; i < PAIR_NODES; i++)
        report.network[i] = fstat(live.lab->node[i].network, &about) == 0 ? about.st_ino : 0;
    memcpy(report.folder, live.folder, sizeof report.folder);
    (void)!write(out, &report, sizeof report);
    for (;;)
        (void)pause();
}

static bool is_of(const struct report *report, const char *pid) {
    char path[300];
    struct stat about;

    snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
    if (stat(path, &about) < 0)
        return false;
    for (int i = 0; i <= PAIR_NODES; i++)
        if (report->network[i] == about.st_ino)
            return true;
    return false;
}

static unsigned count_processes(const struct report *report) {
    DIR *processes = opendir("/proc");
    unsigned count = 0;

    assert_non_null(processes);
    for (struct dirent *entry; (entry = readdir(processes));)
        count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && is_of(report, entry->d_name);
    closedir(processes);
    return count;
}

static bool is_gone(struct live_lab *live, void *context) {
    const struct report *report = context;

    (void)live;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    return kill(report->keeper, 0) < 0 && count_processes(report) == 0;
}

static void test_death_of_the_owner(void **state) {
    struct live_lab *live = *state;
    struct live_lab leavings = {0};
    struct report report;
    int ends[2];
    heal_us begin;
    pid_t owner;

    assert_int_equal(pipe(ends), 0);
    /* The orphans come here: a container's init may take seconds to reap them. */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    owner = fork();
    if (owner == 0)
        hold_a_lab(ends[1]);
    close(ends[1]);
    assert_int_equal(read(ends[0], &report, sizeof report), sizeof report);
    close(ends[0]);
    for (int i = 0; i <= PAIR_NODES; i++)
        assert_true(report.network[i] != 0);
    assert_true(count_processes(&report) >= 6);
    print_message("    %u processes in its namespaces\n", count_processes(&report));
    assert_int_equal(kill(owner, SIGKILL), 0);
    assert_int_equal(waitpid(owner, NULL, 0), owner);
    begin = heal_lab_now();
    assert_true(live_wait(live, is_gone, &report, 5000));
    print_message("    gone after %.1f s\n", (double)(heal_lab_now() - begin) / HEAL_US_PER_S);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
    memcpy(leavings.folder, report.folder, sizeof leavings.folder);
    live_close(&leavings);
    assert_true(heal_lab_daemon_pid(live->lab, N0, HEAL_LAB_BABELD) > 0);
}

static struct live_lab the_lab;

static int lend_lab(void **state) {
    *state = &the_lab;
    return 0;
}

int main(void) {
    /* While the routes come up, what needs none. */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpu_and_leak),
        cmocka_unit_test(test_process),
        cmocka_unit_test(test_load_of_a_dead_process),
        cmocka_unit_test(test_service),
        cmocka_unit_test(test_programs_that_are_not_there),
        cmocka_unit_test(test_what_cannot_be),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_death_of_the_owner),
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_loss),
        cmocka_unit_test(test_loss_one_way),
        cmocka_unit_test(test_mtu),
        cmocka_unit_test(test_mtu_is_of_layer_3),
        cmocka_unit_test(test_down),
        cmocka_unit_test(test_partition),
        cmocka_unit_test(test_flap),
        cmocka_unit_test(test_two_on_one_direction),
        cmocka_unit_test(test_what_passes_on_comes_last),
        cmocka_unit_test(test_forwarding),
        cmocka_unit_test(test_blackhole),
        cmocka_unit_test(test_undo_all),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_carrier),
        cmocka_unit_test(test_kill),
        cmocka_unit_test(test_flush_routes_and_babeld),
    };
    struct heal_error error = {0};
    int r = live_open(&the_lab, path4, &error);

    if (r < 0) {
        printf("skipped: no lab here: %s\n", error.what);
        live_close(&the_lab);
        return LIVE_SKIP;
    }
    r = cmocka_run_group_tests(tests, lend_lab, NULL);
    live_close(&the_lab);
    return r != 0;
}
