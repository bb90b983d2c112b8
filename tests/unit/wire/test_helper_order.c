/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Orders to the helper: what can be goes through as it is, and what cannot be never gets out of the decoder.
 */
#include "base/cleanup.h"
#include "wire/helper_order.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct heal_port_key port = {"wlan0", {{0xfe, 0x80, [15] = 1}}};

static struct heal_command route_command(void) {
    struct heal_command command = {.kind = HEAL_COMMAND_ROUTE_ADD};

    command.route = (struct heal_command_route){.via = port, .metric = HEAL_ROUTE_METRIC};
    command.route.prefix = (struct heal_prefix){{{0xfd, [15] = 3}}, 128};
    return command;
}

/* Orders of a command, through the decoder. @return what that says. */
static int pass(const struct heal_command *command, struct heal_helper_order *ret_order) {
    struct heal_helper_order order;

    assert_int_equal(heal_helper_order_of(command, &order), 0);
    order.number = 7;
    return heal_helper_order_decode(&order, sizeof order, ret_order);
}

static void assert_refused(const struct heal_command *command) {
    struct heal_helper_order order = {.number = 1, .verb = 99};

    assert_int_equal(pass(command, &order), -EINVAL);
    assert_int_equal(order.number, 7);
    assert_int_equal(order.verb, 99);
}

static void test_goes_through_as_it_is(void **state) {
    struct heal_command command = route_command(), back;
    struct heal_helper_order order;

    (void)state;
    assert_int_equal(pass(&command, &order), 0);
    assert_string_equal(heal_helper_order_ifname(&order), "wlan0");
    heal_helper_order_command(&order, &back);
    assert_int_equal(back.kind, command.kind);
    assert_memory_equal(&back.route, &command.route, sizeof back.route);
    command = (struct heal_command){
        .kind = HEAL_COMMAND_SERVICE_SHED, .service = {"gate.way-1", 0.25F}
    };
    assert_int_equal(pass(&command, &order), 0);
    assert_null(heal_helper_order_ifname(&order));
    heal_helper_order_command(&order, &back);
    assert_string_equal(back.service.name, "gate.way-1");
    assert_true(back.service.share > 0.24F && back.service.share < 0.26F);
}

/* Each act that changes the world is either the helper's or goes over the routing daemon's socket. */
static void test_every_act_is_somebodys(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < HEAL_COMMAND_KINDS; kind++) {
        struct heal_command command = {.kind = (enum heal_command_kind)kind};
        struct heal_helper_order order;
        bool acts = heal_command_is_act(command.kind) || kind == HEAL_COMMAND_NOTIFY;
        bool routing = kind == HEAL_COMMAND_LINK_COST || kind == HEAL_COMMAND_ROUTES_REFRESH;

        assert_int_equal(heal_helper_order_of(&command, &order), acts && !routing ? 0 : -ENOTSUP);
    }
}

static void test_other_datagrams(void **state) {
    struct heal_command command = route_command();
    struct heal_helper_order order, taken = {.number = 3};

    (void)state;
    assert_int_equal(heal_helper_order_of(&command, &order), 0);
    assert_int_equal(heal_helper_order_decode(&order, sizeof order - 1, &taken), -EBADMSG);
    assert_int_equal(heal_helper_order_decode(&order, 0, &taken), -EBADMSG);
    order.version++;
    assert_int_equal(heal_helper_order_decode(&order, sizeof order, &taken), -EPROTO);
    assert_int_equal(taken.number, 3);
    order.version--;
    order.verb = HEAL_HELPER_VERBS;
    assert_int_equal(heal_helper_order_decode(&order, sizeof order, &taken), -EINVAL);
    order.verb = HEAL_HELPER_SWEEP; /* with an act that it does not have */
    assert_int_equal(heal_helper_order_decode(&order, sizeof order, &taken), -EINVAL);
    order.verb = HEAL_HELPER_ACT;
    order.act = HEAL_COMMAND_STORE;
    assert_int_equal(heal_helper_order_decode(&order, sizeof order, &taken), -EINVAL);
    order.act = UINT32_MAX;
    assert_int_equal(heal_helper_order_decode(&order, sizeof order, &taken), -EINVAL);
}

/* Names end up in the paths of sysctls and in the rules of nftables. */
static void test_names_of_interfaces(void **state) {
    static const char *const wrong[] = {
        "", ".", "..", "all", "default", "../../etc", "a/b", "a b", "a\"b", "a;b", "a\nb", "\x80", "a{",
    };

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(wrong); i++) {
        struct heal_command command = {.kind = HEAL_COMMAND_LINK_BOUNCE};

        strncpy(command.link.ifname, wrong[i], sizeof command.link.ifname - 1);
        assert_refused(&command);
        command = route_command();
        memcpy(command.route.via.ifname, wrong[i], strlen(wrong[i]) + 1);
        assert_refused(&command);
    }
    struct heal_command command = {.kind = HEAL_COMMAND_LINK_BOUNCE};
    memset(command.link.ifname, 'a', sizeof command.link.ifname); /* without an end */
    assert_refused(&command);
}

static void test_routes(void **state) {
    struct heal_command command = route_command();

    (void)state;
    command.route.prefix.length = 129;
    assert_refused(&command);
    command = route_command();
    command.route.prefix.address.byte[0] = 0xff; /* multicast */
    assert_refused(&command);
    command = route_command();
    command.route.via.peer.byte[0] = 0x20; /* no neighbour's address */
    assert_refused(&command);
    command = route_command();
    command.route.metric = 0; /* the kernel's default, which is another */
    assert_refused(&command);
    command.kind = HEAL_COMMAND_ROUTE_DELETE;
    assert_refused(&command);
}

static void test_amounts(void **state) {
    static const float shares[] = {-0.1F, 1.1F, NAN, INFINITY};
    static const uint32_t mtus[] = {0, HEAL_MTU_MIN - 1, 65536, UINT32_MAX};
    struct heal_helper_order order;

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(shares); i++) {
        struct heal_command command = {
            .kind = HEAL_COMMAND_SERVICE_SHED, .service = {"a", shares[i]}
        };

        assert_refused(&command);
    }
    for (size_t i = 0; i < HEAL_COUNT(mtus); i++) {
        struct heal_command command = {
            .kind = HEAL_COMMAND_LINK_MTU, .link = {"wlan0", mtus[i], 0}
        };

        assert_refused(&command);
        command.link.value = HEAL_MTU_MIN;
        assert_int_equal(pass(&command, &order), 0);
    }
}

/* Each setting has a least and a most: an ELP interval of 0 would send without end. */
static void test_tunings(void **state) {
    static const struct {
        enum heal_tuning what;
        uint32_t value;
        bool fits;
    } cases[] = {
        {HEAL_TUNE_PENALTY,    0,          true },
        {HEAL_TUNE_PENALTY,    255,        true },
        {HEAL_TUNE_PENALTY,    256,        false},
        {HEAL_TUNE_OVERRIDE,   0,          true },
        {HEAL_TUNE_OVERRIDE,   0x80000000, false},
        {HEAL_TUNE_ELP,        0,          false},
        {HEAL_TUNE_ELP,        39,         false},
        {HEAL_TUNE_ELP,        500,        true },
        {HEAL_TUNE_ORIGINATOR, 0,          false},
        {HEAL_TUNE_ORIGINATOR, 40,         true },
        {HEAL_TUNE_ORIGINATOR, UINT32_MAX, false},
        {HEAL_TUNE_GATEWAY,    2,          true },
        {HEAL_TUNE_GATEWAY,    3,          false},
        {HEAL_TUNE_CHANNEL,    0,          false},
        {HEAL_TUNE_CHANNEL,    2412,       true },
        {HEAL_TUNE_CHANNEL,    7126,       false},
        {HEAL_TUNE_POWER,      2000,       true },
        {HEAL_TUNE_POWER,      4001,       false},
    };
    struct heal_command command = {.kind = HEAL_COMMAND_TUNE, .tune = {.ifname = "wlan0"}};
    struct heal_helper_order order;

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(cases); i++) {
        command.tune.what = cases[i].what;
        command.tune.value = cases[i].value;
        if (cases[i].fits)
            assert_int_equal(pass(&command, &order), 0);
        else
            assert_refused(&command);
    }
    command.tune.value = 500;
    command.tune.what = HEAL_TUNINGS;
    assert_refused(&command);
    command.tune.what = HEAL_TUNE_ELP;
    strcpy(command.tune.ifname, "../x");
    assert_refused(&command);
    command = (struct heal_command){.kind = HEAL_COMMAND_MESH_RENEW, .link = {.ifname = "wlan0"}};
    assert_int_equal(pass(&command, &order), 0);
    strcpy(command.link.ifname, "all");
    assert_refused(&command);
}

static void test_texts(void **state) {
    static const char *const names[] = {"", ".hidden", "../x", "a/b", "a b", "a\n"};
    struct heal_helper_order order;

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(names); i++) {
        struct heal_command command = {.kind = HEAL_COMMAND_SERVICE_RESTART};

        memcpy(command.service.name, names[i], strlen(names[i]) + 1);
        assert_refused(&command);
    }
    struct heal_command command = {.kind = HEAL_COMMAND_NOTIFY, .notify = {.text = "n4: lööp"}};
    assert_int_equal(pass(&command, &order), 0);
    command.notify.text[3] = '\x1b';
    assert_refused(&command);
    memset(command.notify.text, 'a', sizeof command.notify.text);
    assert_refused(&command);
}

/* A bool that is neither true nor false may be anything to the compiler. */
static void test_a_bool_is_one(void **state) {
    struct heal_command command = {
        .kind = HEAL_COMMAND_QUARANTINE, .quarantine = {port, true}
    };
    struct heal_helper_order order, taken;

    (void)state;
    assert_int_equal(pass(&command, &taken), 0);
    assert_int_equal(heal_helper_order_of(&command, &order), 0);
    memset((char *)&order.quarantine + offsetof(struct heal_command_quarantine, on), 2, 1);
    assert_int_equal(heal_helper_order_decode(&order, sizeof order, &taken), -EINVAL);
}

static void test_answers(void **state) {
    struct heal_helper_answer answer = {.version = HEAL_HELPER_VERSION, .number = 4, .leftovers = 1}, taken;

    (void)state;
    strcpy(answer.text, "done");
    assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), 0);
    assert_string_equal(taken.text, "done");
    assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer + 1, &taken), -EBADMSG);
    static const int32_t codes[] = {1, INT32_MAX, -4096, INT32_MIN};
    for (size_t i = 0; i < HEAL_COUNT(codes); i++) {
        answer.code = codes[i];
        assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), -EINVAL);
        answer.code = -EPERM;
        answer.leftover[0].code = codes[i];
        assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), -EINVAL);
        answer.leftover[0].code = 0;
    }
    assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), 0);
    answer.leftover[0].kind = HEAL_LEFTOVER_KINDS;
    assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), -EINVAL);
    answer.leftover[0].kind = HEAL_LEFTOVER_THROTTLE;
    answer.leftovers = HEAL_HELPER_LEFTOVERS_MAX + 1;
    assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), -EINVAL);
    answer.leftovers = 1;
    memset(answer.leftover[0].name, 'a', sizeof answer.leftover[0].name);
    assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), -EINVAL);
    answer.leftovers = 0;
    memset(answer.text, 'a', sizeof answer.text);
    assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), -EINVAL);
    answer.version = 0;
    assert_int_equal(heal_helper_answer_decode(&answer, sizeof answer, &taken), -EPROTO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_goes_through_as_it_is),
        cmocka_unit_test(test_every_act_is_somebodys),
        cmocka_unit_test(test_other_datagrams),
        cmocka_unit_test(test_names_of_interfaces),
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_tunings),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_a_bool_is_one),
        cmocka_unit_test(test_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
