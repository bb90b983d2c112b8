/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The executor that acts, in a network of its own: what it does is there, what it takes back is gone, and
 * every order is answered once. */
#include "live.h"
#include "os/executor.h"
#include "os/netlink.h"
#include "os/service.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWERS_MAX = 8 };

struct fixture {
    struct event_base *base;
    char folder[40];
    heal_us command_limit;
    struct heal_config config;
    struct heal_netlink *netlink;
    struct heal_services *services;
    struct heal_executor *executor;
    pid_t worker;
    size_t answers, wanted;
    struct heal_event_result answer[ANSWERS_MAX];
    bool orders_more; /* when it is answered */
    size_t leftovers;
    struct heal_executor_leftover leftover;
    char logged[200];
};

static void on_result(void *context, const struct heal_event_result *result);

static void ignore(void *context, const struct heal_reading *reading) {
    (void)context;
    (void)reading;
}

static void note_line(void *context, const char *text) {
    struct fixture *fixture = context;
    snprintf(fixture->logged, sizeof(fixture->logged), "%s", text);
}

static struct heal_executor_options options_of(struct fixture *fixture) {
    return (struct heal_executor_options){.base = fixture->base,
                                          .config = &fixture->config,
                                          .netlink = fixture->netlink,
                                          .services = fixture->services,
                                          .command_limit = fixture->command_limit,
                                          .log = note_line,
                                          .context = fixture};
}

static void open_services(struct fixture *fixture) {
    struct heal_services_options options = {
        fixture->base, &fixture->config, 1, {ignore, NULL},
           NULL
    };
    assert_int_equal(heal_services_open(&options, &fixture->services), 0);
}

/* One service, restarted by a shell command, and a hook. */
static void configure(struct fixture *fixture, const char *restart) {
    char text[1024];
    struct heal_config_error error;
    snprintf(text, sizeof(text),
             "state: %s\nnotify: {hook: [\"/bin/sh\", \"-c\", \"cat >%s/told\"]}\n"
             "services:\n  - {name: worker, pidfile: %s/pid, sheddable: true, "
             "restart: [\"/bin/sh\", \"-c\", \"%s\"]}\n",
             fixture->folder, fixture->folder, fixture->folder, restart);
    heal_config_init(&fixture->config);
    if (heal_config_read_text(&fixture->config, text, strlen(text), "test", &error) < 0) {
        fail_msg("%s", error.error.what);
    }
}

static void start_worker(struct fixture *fixture) {
    fixture->worker = fork();
    if (fixture->worker == 0) {
        for (;;) {
            pause();
        }
    }
    live_run("echo %d >%s/pid", (int)fixture->worker, fixture->folder);
}

static int make_with_limit(void **state, heal_us command_limit) {
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    *state = fixture;
    fixture->command_limit = command_limit;
    strcpy(fixture->folder, "/tmp/heal-executor-XXXXXX");
    if (!mkdtemp(fixture->folder)) {
        return -1;
    }
    live_try("ip link del v0 2>/dev/null");
    live_run("ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11");
    live_run("ip link set v0 up && ip link set v1 up");
    fixture->base = event_base_new();
    struct heal_netlink_options options = {
        fixture->base, {ignore, NULL}
    };
    assert_int_equal(heal_netlink_open(&options, &fixture->netlink), 0);
    configure(fixture, "exit 0");
    start_worker(fixture);
    open_services(fixture);
    struct heal_executor_options acting = options_of(fixture);
    return heal_executor_real_new(&acting, &fixture->executor);
}

/* On a busy machine even a shell that only exits needs its time. */
static int make(void **state) {
    return make_with_limit(state, LIVE_PATIENCE_MS * HEAL_US_PER_MS);
}

static int make_impatient(void **state) {
    return make_with_limit(state, HEAL_US_PER_S / 4);
}

static int unmake(void **state) {
    struct fixture *fixture = *state;
    heal_executor_close(fixture->executor);
    heal_services_close(fixture->services);
    heal_netlink_close(fixture->netlink);
    event_base_free(fixture->base);
    if (fixture->worker > 0) {
        kill(fixture->worker, SIGKILL);
        waitpid(fixture->worker, NULL, 0);
    }
    live_run("rm -r %s", fixture->folder);
    free(fixture);
    return 0;
}

static bool has_answers(void *context) {
    const struct fixture *fixture = context;
    return fixture->answers >= fixture->wanted;
}

static struct heal_command a_command(enum heal_command_kind kind) {
    static uint32_t ticket;
    return (struct heal_command){.kind = kind, .ticket = ++ticket};
}

static void on_result(void *context, const struct heal_event_result *result) {
    struct fixture *fixture = context;
    assert_true(fixture->answers < ANSWERS_MAX);
    fixture->answer[fixture->answers++] = *result;
    if (fixture->orders_more) {
        fixture->orders_more = false;
        struct heal_command more = a_command(HEAL_COMMAND_FORWARDING);
        heal_executor_execute(fixture->executor, &more, on_result, fixture);
    }
}

static void wait_for_answers(struct fixture *fixture, size_t wanted) {
    fixture->wanted = wanted;
    if (!live_wait(fixture->base, has_answers, fixture, LIVE_PATIENCE_MS)) {
        fail_msg("no answer came");
    }
}

/* Orders, and waits for the answer. */
static const struct heal_event_result *order(struct fixture *fixture, const struct heal_command *command) {
    fixture->answers = 0;
    heal_executor_execute(fixture->executor, command, on_result, fixture);
    wait_for_answers(fixture, 1);
    assert_int_equal(fixture->answers, 1);
    assert_int_equal(fixture->answer[0].ticket, command->ticket);
    return &fixture->answer[0];
}

static struct heal_command a_link(enum heal_command_kind kind, const char *ifname, uint32_t value) {
    struct heal_command command = a_command(kind);
    snprintf(command.link.ifname, sizeof(command.link.ifname), "%s", ifname);
    command.link.value = value;
    return command;
}

static struct heal_command of_service(enum heal_command_kind kind, float share) {
    struct heal_command command = a_command(kind);
    strcpy(command.service.name, "worker");
    command.service.share = share;
    return command;
}

static void test_routes_come_and_go(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = a_command(HEAL_COMMAND_ROUTE_ADD);
    assert_int_equal(heal_prefix_parse("fd00::5/128", &command.route.prefix), 0);
    assert_int_equal(heal_address_parse("fe80::9", &command.route.via.peer), 0);
    strcpy(command.route.via.ifname, "v0");
    command.route.metric = HEAL_ROUTE_METRIC;
    assert_int_equal(order(fixture, &command)->code, 0);
    assert_int_equal(order(fixture, &command)->code, 0);
    live_run("ip -6 route show proto 104 | grep -q 'fd00::5 via fe80::9 dev v0 .*metric 512'");
    command.kind = HEAL_COMMAND_ROUTE_DELETE;
    assert_int_equal(order(fixture, &command)->code, 0);
    assert_int_equal(order(fixture, &command)->code, 0);
    live_run("test -z \"$(ip -6 route show proto 104)\"");
    command.kind = HEAL_COMMAND_ROUTE_ADD;
    strcpy(command.route.via.ifname, "nope");
    assert_int_equal(order(fixture, &command)->code, -ENODEV);
}

/* What somebody else has set is forgotten, and nobody is asked for it: there is no daemon here. */
static void test_cost_of_somebody_else(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = a_link(HEAL_COMMAND_LINK_COST, "v0", HEAL_COST_FORGET);
    assert_int_equal(order(fixture, &command)->code, 0);
    assert_string_equal(fixture->answer[0].text, "left as it is: heald has not set that");
    command.link.value = 0;
    assert_int_equal(order(fixture, &command)->code, -ENOTSUP);
}

static void test_mtu(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = a_link(HEAL_COMMAND_LINK_MTU, "v0", 1280);
    assert_int_equal(order(fixture, &command)->code, 0);
    live_run("ip link show v0 | grep -q 'mtu 1280'");
    command.link.value = 1500;
    assert_int_equal(order(fixture, &command)->code, 0);
    live_run("ip link show v0 | grep -q 'mtu 1500'");
    command.link = (struct heal_command_link){.ifname = "v0", .value = 1500, .only_from = 1280};
    live_run("ip link set v0 mtu 1400"); /* an operator has another idea */
    assert_int_equal(order(fixture, &command)->code, 0);
    assert_string_equal(fixture->answer[0].text, "left at 1400: heald has not set that");
    live_run("ip link show v0 | grep -q 'mtu 1400'");
    live_run("ip link set v0 mtu 1280");
    assert_int_equal(order(fixture, &command)->code, 0);
    live_run("ip link show v0 | grep -q 'mtu 1500'");
    strcpy(command.link.ifname, "nope");
    assert_int_equal(order(fixture, &command)->code, -ENODEV);
    command = a_link(HEAL_COMMAND_LINK_MTU, "v0", 0);
    command.link.value = 1279;
    assert_int_equal(order(fixture, &command)->code, -EINVAL);
    assert_non_null(strstr(fixture->answer[0].text, "would end IPv6 on v0"));
    live_run("ip link show v0 | grep -q 'mtu 1500'");
}

static void test_forwarding(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = a_command(HEAL_COMMAND_FORWARDING);
    if (live_try("echo 0 >/proc/sys/net/ipv6/conf/all/forwarding") != 0) {
        print_message("the sysctls cannot be written here\n");
        skip();
    }
    assert_int_equal(order(fixture, &command)->code, 0);
    live_run("test $(cat /proc/sys/net/ipv6/conf/all/forwarding) = 1");
    live_run("test $(cat /proc/sys/net/ipv4/ip_forward) = 1");
}

static void note_leftover(void *context, const struct heal_executor_leftover *leftover) {
    struct fixture *fixture = context;
    fixture->leftovers++;
    fixture->leftover = *leftover;
}

static size_t sweep(struct fixture *fixture) {
    struct heal_executor_options options = options_of(fixture);
    fixture->leftovers = 0;
    size_t count = heal_executor_sweep(&options, note_leftover, fixture);
    assert_int_equal(count, fixture->leftovers);
    return fixture->leftovers;
}

static void test_quarantine(void **state) {
    struct fixture *fixture = *state;
    struct heal_executor_options options = options_of(fixture);
    struct heal_command command = a_command(HEAL_COMMAND_QUARANTINE);
    if (!live_has("nft") || live_try("nft list tables 2>/dev/null") != 0) {
        print_message("there is no nft(8) here\n");
        skip();
    }
    assert_int_equal(heal_address_parse("fe80::9", &command.quarantine.port.peer), 0);
    strcpy(command.quarantine.port.ifname, "v0");
    command.quarantine.on = true;
    assert_int_equal(order(fixture, &command)->code, -ENOENT);
    assert_string_equal(fixture->answer[0].text, "the neighbour's MAC address is not known");
    live_run("ip neigh replace fe80::9 lladdr 02:00:00:00:00:11 dev v0");
    assert_int_equal(order(fixture, &command)->code, 0);
    live_run("nft list table netdev heald | grep -q 02:00:00:00:00:11");
    command.quarantine.on = false;
    assert_int_equal(order(fixture, &command)->code, 0);
    assert_int_not_equal(live_try("nft list ruleset | grep -q 02:00:00:00:00:11"), 0);
    command.quarantine.on = true;
    assert_int_equal(order(fixture, &command)->code, 0);
    assert_int_equal(sweep(fixture), 1);
    assert_int_equal(fixture->leftover.kind, HEAL_LEFTOVER_QUARANTINE);
    assert_int_equal(heal_executor_undo(&options, &fixture->leftover), 0);
    assert_int_equal(sweep(fixture), 0);
}

static void test_notice_goes_to_the_log_and_the_hook(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = a_command(HEAL_COMMAND_NOTIFY);
    strcpy(command.notify.text, "link-loss on a b: nothing else is left");
    assert_int_equal(order(fixture, &command)->code, 0);
    live_run("test \"$(cat %s/told)\" = 'link-loss on a b: nothing else is left'", fixture->folder);
    assert_string_equal(fixture->logged, "link-loss on a b: nothing else is left");
    fixture->config.notify_hook.arguments = 0;
    assert_int_equal(order(fixture, &command)->code, 0);
    assert_string_equal(fixture->answer[0].text, "only in the log: no hook is configured (notify.hook)");
}

static void test_restart_command(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = of_service(HEAL_COMMAND_SERVICE_RESTART, 0);
    assert_int_equal(order(fixture, &command)->code, 0);
    configure(fixture, "echo no such thing; exit 3");
    assert_int_equal(order(fixture, &command)->code, -ECHILD);
    assert_string_equal(fixture->answer[0].text, "status 3: no such thing");
    strcpy(command.service.name, "nobody");
    assert_int_equal(order(fixture, &command)->code, -ENOENT);
}

static void test_restart_command_has_a_limit(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = of_service(HEAL_COMMAND_SERVICE_RESTART, 0);
    configure(fixture, "sleep 100");
    assert_int_equal(order(fixture, &command)->code, -ETIMEDOUT);
    assert_string_equal(fixture->answer[0].text, "took too long");
}

/* SIGHUP: what is under way goes on to its answer, what is in place stays in place. */
static void test_changed_services_leave_acts_alone(void **state) {
    struct fixture *fixture = *state;
    struct heal_command restart = of_service(HEAL_COMMAND_SERVICE_RESTART, 0);
    struct heal_command shed = of_service(HEAL_COMMAND_SERVICE_SHED, 0.5f);
    configure(fixture, "sleep 0.1; exit 4");
    assert_int_equal(order(fixture, &shed)->code, 0);
    fixture->answers = 0;
    heal_executor_execute(fixture->executor, &restart, on_result, fixture);
    heal_services_close(fixture->services);
    configure(fixture, "exit 5");
    open_services(fixture);
    heal_executor_change_services(fixture->executor, fixture->services);
    assert_int_equal(fixture->answers, 0);
    wait_for_answers(fixture, 1);
    assert_string_equal(fixture->answer[0].text, "status 4: ");
    assert_int_equal(order(fixture, &restart)->code, -ECHILD);
    assert_string_equal(fixture->answer[0].text, "status 5: ");
    /* Of a service that is not configured any more, too. */
    heal_executor_change_services(fixture->executor, NULL);
    heal_config_init(&fixture->config);
    shed.service.share = 0;
    assert_int_equal(order(fixture, &shed)->code, 0);
    assert_string_equal(fixture->answer[0].text, "lifted");
}

static void test_closing_answers_each_once(void **state) {
    struct fixture *fixture = *state;
    struct heal_command restart = of_service(HEAL_COMMAND_SERVICE_RESTART, 0);
    char path[64];
    snprintf(path, sizeof(path), "%s/late", fixture->folder);
    configure(fixture, "sleep 0.1; echo >$(dirname $0)/late");
    heal_executor_execute(fixture->executor, &restart, on_result, fixture);
    heal_executor_execute(fixture->executor, &restart, on_result, fixture);
    fixture->orders_more = true;
    heal_executor_close(fixture->executor);
    fixture->executor = NULL;
    assert_int_equal(fixture->answers, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fixture->answer[i].code, -ECANCELED);
    }
    fixture->wanted = 4;
    assert_false(live_wait(fixture->base, has_answers, fixture, 150));
}

static bool is_stopped(void *context) {
    const struct fixture *fixture = context;
    return live_try("grep -q '^State:.T' /proc/%d/status", (int)fixture->worker) == 0;
}

static double burnt_s(pid_t pid) {
    struct timespec used;
    clockid_t clock;
    assert_int_equal(clock_getcpuclockid(pid, &clock), 0);
    assert_int_equal(clock_gettime(clock, &used), 0);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* What a process has burnt since. */
struct burning {
    pid_t pid;
    heal_us since;
    double before_s, burnt_s, elapsed_s;
};

/* A throttle is right over time: it may be late once, on a busy machine, and makes up for that. */
static bool is_throttled(void *context) {
    struct burning *burning = context;
    burning->elapsed_s = (double)(live_now() - burning->since) / HEAL_US_PER_S;
    burning->burnt_s = burnt_s(burning->pid) - burning->before_s;
    return burning->elapsed_s >= 1.5 && burning->burnt_s < 0.2 * burning->elapsed_s;
}

/* A share is of the node, as the readings are, whatever part of the machine that is. */
static void test_throttle_is_a_share_of_the_node(void **state) {
    struct fixture *fixture = *state;
    struct heal_command shed = of_service(HEAL_COMMAND_SERVICE_SHED, 0.5f);
    char text[160];
    struct heal_config_error error;
    kill(fixture->worker, SIGKILL);
    waitpid(fixture->worker, NULL, 0);
    fixture->worker = fork();
    if (fixture->worker == 0) {
        for (volatile unsigned burnt = 0;;) {
            burnt++;
        }
    }
    live_run("echo %d >%s/pid", (int)fixture->worker, fixture->folder);
    configure(fixture, "true");
    snprintf(text, sizeof(text), "sources: {cpu-capacity: 0.2}\n");
    assert_int_equal(heal_config_read_text(&fixture->config, text, strlen(text), "test", &error), 0);
    assert_int_equal(order(fixture, &shed)->code, 0);
    struct burning burning = {
        .pid = fixture->worker, .since = live_now(), .before_s = burnt_s(fixture->worker)};
    bool throttled = live_wait(fixture->base, is_throttled, &burning, LIVE_PATIENCE_MS);
    print_message("half of a fifth of a CPU: %.3f s in %.3f s\n", burning.burnt_s, burning.elapsed_s);
    assert_true(throttled);
    assert_true(burning.burnt_s > 0);
}

/* A debugger, a batch system, a person: none of that is heald's to take back. */
static void test_sweep_leaves_what_others_stopped(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(kill(fixture->worker, SIGSTOP), 0);
    assert_true(live_wait(fixture->base, is_stopped, fixture, LIVE_PATIENCE_MS));
    assert_int_equal(sweep(fixture), 0);
    /* It does when the store has it that heald had throttled that service. */
    struct heal_command lift = of_service(HEAL_COMMAND_SERVICE_SHED, 0);
    assert_int_equal(order(fixture, &lift)->code, 0);
    assert_false(is_stopped(fixture));
    /* Having throttled it in this run, and having lifted that, it knows better. */
    struct heal_command shed = of_service(HEAL_COMMAND_SERVICE_SHED, 0.5f);
    assert_int_equal(order(fixture, &shed)->code, 0);
    assert_int_equal(order(fixture, &lift)->code, 0);
    assert_int_equal(kill(fixture->worker, SIGSTOP), 0);
    assert_true(live_wait(fixture->base, is_stopped, fixture, LIVE_PATIENCE_MS));
    assert_int_equal(order(fixture, &lift)->code, 0);
    assert_true(is_stopped(fixture));
}

static void quota_is(struct fixture *fixture, const char *quota) {
    live_run("test \"$(cat %s/cpu.max)\" = '%s'", fixture->folder, quota);
}

/* An operator's quota on the service's own cgroup, for which a folder stands. */
static void give_cgroup(struct fixture *fixture, const char *quota) {
    snprintf(fixture->config.service[0].cgroup, sizeof(fixture->config.service[0].cgroup), "%s",
             fixture->folder);
    fixture->config.cpu_capacity = 1;
    live_run("echo %s >%s/cpu.max", quota, fixture->folder);
}

static void test_quota_comes_back(void **state) {
    struct fixture *fixture = *state;
    struct heal_command shed = of_service(HEAL_COMMAND_SERVICE_SHED, 0.1f);
    struct heal_command lift = of_service(HEAL_COMMAND_SERVICE_SHED, 0);
    give_cgroup(fixture, "20000 100000");
    assert_int_equal(order(fixture, &shed)->code, 0);
    assert_string_equal(fixture->answer[0].text, "by the quota of its cgroup (v2)");
    quota_is(fixture, "10000 100000");
    assert_int_equal(order(fixture, &lift)->code, 0);
    quota_is(fixture, "20000 100000");
    shed.service.share = 0.54f;
    assert_int_equal(order(fixture, &shed)->code, -EALREADY);
    assert_string_equal(fixture->answer[0].text, "its cgroup allows it no more already");
    quota_is(fixture, "20000 100000");
    assert_int_equal(order(fixture, &lift)->code, 0); /* which was never in place */
    quota_is(fixture, "20000 100000");
    shed.service.share = 0.1f;
    assert_int_equal(order(fixture, &shed)->code, 0);
    heal_executor_close(fixture->executor); /* a stop in order */
    fixture->executor = NULL;
    quota_is(fixture, "20000 100000");
}

/* What a kill leaves: the quota, and the note. */
static void shed_and_be_killed(struct fixture *fixture) {
    struct heal_executor_options options = options_of(fixture);
    struct heal_command shed = of_service(HEAL_COMMAND_SERVICE_SHED, 0.1f);
    assert_int_equal(order(fixture, &shed)->code, 0);
    live_run("cp %s/throttle-worker.quota %s/kept", fixture->folder, fixture->folder);
    heal_executor_close(fixture->executor);
    live_run("mv %s/kept %s/throttle-worker.quota", fixture->folder, fixture->folder);
    live_run("echo 10000 100000 >%s/cpu.max", fixture->folder);
    assert_int_equal(heal_executor_real_new(&options, &fixture->executor), 0);
}

static void test_quota_comes_back_after_a_kill(void **state) {
    struct fixture *fixture = *state;
    struct heal_executor_options options = options_of(fixture);
    struct heal_command lift = of_service(HEAL_COMMAND_SERVICE_SHED, 0);
    give_cgroup(fixture, "20000 100000");
    shed_and_be_killed(fixture);
    assert_int_equal(order(fixture, &lift)->code, 0); /* by the record of the step */
    quota_is(fixture, "20000 100000");
    assert_int_equal(sweep(fixture), 0);
    shed_and_be_killed(fixture);
    fixture->config.settings.services = 0; /* by the note alone, of a service that is configured no more */
    assert_int_equal(sweep(fixture), 1);
    assert_int_equal(fixture->leftover.kind, HEAL_LEFTOVER_THROTTLE);
    assert_string_equal(fixture->leftover.name, "worker");
    assert_int_equal(heal_executor_undo(&options, &fixture->leftover), 0);
    quota_is(fixture, "20000 100000");
    assert_int_equal(sweep(fixture), 0);
}

static bool is_in_bridge(void) {
    return live_try("ip link show v0 | grep -q 'master br0'") == 0;
}

/* An interface is taken out of the mesh and given back, here of a bridge, which the kernel joins the same
 * way; where it cannot be given back that is said, and where that is known before it is not taken out. */
static void test_renews_what_it_can_put_back(void **state) {
    struct fixture *fixture = *state;
    struct heal_executor_options options = options_of(fixture);
    struct heal_command command = a_link(HEAL_COMMAND_MESH_RENEW, "v0", 0);
    heal_executor_close(fixture->executor);
    options.batadv = (struct heal_batadv *)fixture; /* only whether there is one is looked at */
    assert_int_equal(heal_executor_real_new(&options, &fixture->executor), 0);
    live_run("ip link add br0 type bridge && ip link set v0 master br0");
    strcpy(fixture->config.routing_interface, "br0");
    assert_int_equal(order(fixture, &command)->code, 0);
    assert_true(is_in_bridge());
    strcpy(fixture->config.routing_interface, "gone0");
    assert_int_equal(order(fixture, &command)->code, -ENODEV);
    assert_true(is_in_bridge());
    strcpy(fixture->config.routing_interface, "v1"); /* which cannot have others */
    assert_int_equal(order(fixture, &command)->code, -EOPNOTSUPP);
    assert_string_equal(fixture->answer[0].text,
                        "taken out of v1, and not to be put back: Operation not supported");
    assert_false(is_in_bridge());
    live_run("ip link del br0");
}

static void test_what_is_no_act(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = a_command(HEAL_COMMAND_SEND);
    assert_int_equal(order(fixture, &command)->code, -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void) {
    live_enter();
    const struct CMUnitTest tests[] = {
        TEST(test_throttle_is_a_share_of_the_node),
        TEST(test_routes_come_and_go),
        TEST(test_cost_of_somebody_else),
        TEST(test_mtu),
        TEST(test_forwarding),
        TEST(test_quarantine),
        TEST(test_notice_goes_to_the_log_and_the_hook),
        TEST(test_restart_command),
        cmocka_unit_test_setup_teardown(test_restart_command_has_a_limit, make_impatient, unmake),
        TEST(test_changed_services_leave_acts_alone),
        TEST(test_closing_answers_each_once),
        TEST(test_sweep_leaves_what_others_stopped),
        TEST(test_quota_comes_back),
        TEST(test_quota_comes_back_after_a_kill),
        TEST(test_renews_what_it_can_put_back),
        TEST(test_what_is_no_act),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
