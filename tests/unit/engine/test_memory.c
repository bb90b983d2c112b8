/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What one run has learned, the next one knows: records kept, and given back. */
#include "base/cleanup.h"
#include "bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static struct heal_strategy_status strategy(const struct bench *bench, enum heal_diagnosis diagnosis,
                                            enum heal_remedy remedy) {
    struct heal_strategy_status status = {0};

    for (size_t i = 0; heal_engine_strategy(bench->engine, i, &status); i++)
        if (status.diagnosis == diagnosis && status.remedy == remedy)
            return status;
    fail_msg("no such strategy");
    return status;
}

static void test_strategies_come_back(void **state) {
    struct bench *bench = *state;

    bench_restore(bench, HEAL_RECORD_STRATEGY, "link-loss/link-cost", "tried=10 worked=9 mttr-sum=18");
    struct heal_strategy_status status = strategy(bench, HEAL_LINK_LOSS, HEAL_LINK_COST);
    assert_int_equal(status.tried, 10);
    assert_int_equal(status.worked, 9);
    assert_float_equal(status.mttr_s, 2, 1e-6);
    assert_int_equal(strategy(bench, HEAL_LINK_FLAP, HEAL_LINK_COST).tried, 0);
}

static void test_thresholds_come_back(void **state) {
    struct bench *bench = *state;

    bench_operator(bench, HEAL_OPERATOR_MISSED, 0, 0, "link-loss");
    struct heal_threshold_status moved = bench_threshold(bench, HEAL_METRIC_LOSS);
    assert_true(moved.value < moved.start);
    char value[256];
    strcpy(value, bench_kept(bench, HEAL_RECORD_THRESHOLD, "loss"));
    bench->engine = heal_engine_free(bench->engine);
    assert_int_equal(heal_engine_new("here", &bench->settings, 2, &bench->engine), 0);
    assert_float_equal(bench_threshold(bench, HEAL_METRIC_LOSS).value, moved.start, 0);
    bench_restore(bench, HEAL_RECORD_THRESHOLD, "loss", value);
    assert_float_equal(bench_threshold(bench, HEAL_METRIC_LOSS).value, moved.value, 1e-6);
    assert_int_equal(bench_threshold(bench, HEAL_METRIC_LOSS).tightened, 1);
}

static void test_what_is_normal_comes_back(void **state) {
    struct bench *bench = *state;
    struct heal_port_status port;
    char value[1024];

    bench_run(bench, 320 * second);
    strcpy(value, bench_kept(bench, HEAL_RECORD_BASELINE, "mesh0/fe80::1"));
    assert_true(heal_engine_port(bench->engine, 0, &port));
    float normal = port.normal.value[HEAL_FEATURE_LATENCY];
    assert_float_equal(normal, 4.1, 0.3);

    bench->engine = heal_engine_free(bench->engine);
    assert_int_equal(heal_engine_new("here", &bench->settings, 2, &bench->engine), 0);
    bench_restore(bench, HEAL_RECORD_BASELINE, "mesh0/fe80::1", value);
    assert_false(heal_engine_port(bench->engine, 0, &port)); /* remembered, but nobody is there yet */
    bench_run(bench, second);
    assert_true(heal_engine_port(bench->engine, 0, &port));
    assert_true(port.normal.valid >> HEAL_FEATURE_LATENCY & 1);
    assert_float_equal(port.normal.value[HEAL_FEATURE_LATENCY], normal, 0.1);
    assert_null(strstr(bench->said, "restore=refused"));
}

static void test_baselines_are_kept_in_calm_intervals(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 290 * second);
    assert_int_equal(bench->kept, 0);
    bench_run(bench, 30 * second);
    assert_int_equal(bench->kept, 1);
}

static void test_bad_records_are_refused_and_named(void **state) {
    struct bench *bench = *state;
    static const struct {
        enum heal_record_kind kind;
        const char *key, *value;
    } bad[] = {
        {HEAL_RECORD_STRATEGY,  "link-loss/reboot",                      "tried=1"                   },
        {HEAL_RECORD_STRATEGY,  "link-loss/notify",                      "tried=1 worked=2"          },
        {HEAL_RECORD_THRESHOLD, "no-such-metric",                        "value=1"                   },
        {HEAL_RECORD_THRESHOLD, "loss",                                  "value=nan"                 },
        {HEAL_RECORD_BASELINE,  "mesh0",                                 "rtt=4 deviation=1"         },
        {HEAL_RECORD_BASELINE,  "mesh0/nowhere",                         "rtt=4 deviation=1"         },
        {HEAL_RECORD_BASELINE,  "an-interface-with-a-long-name/fe80::1", "rtt=4 deviation=1"         },
        {HEAL_RECORD_BASELINE,  "mesh0/fe80::1",                         "deviation=1 rtt=4"         },
        {HEAL_RECORD_BASELINE,  "mesh0/fe80::1",                         "rtt=4 deviation=inf"       },
        {HEAL_RECORD_INCIDENT,  "7",                                     "id=7"                      },
        {HEAL_RECORD_STEP,      "7",                                     "remedy=notify state=acting"},
        {HEAL_RECORD_STEP,      "7/0",                                   "remedy=reboot state=acting"},
        {HEAL_RECORD_STEP,      "7/0",                                   "remedy=notify state=asleep"},
        {HEAL_RECORD_STEP,      "7/0",                                   "remedy=link-cost peer=west"},
    };

    for (size_t i = 0; i < HEAL_COUNT(bad); i++) {
        char words[160];

        print_message("%s: %s\n", bad[i].key, bad[i].value);
        bench->said[0] = '\0';
        bench_restore(bench, bad[i].kind, bad[i].key, bad[i].value);
        snprintf(words, sizeof words, "restore=refused key=\"%s\"", bad[i].key);
        assert_non_null(strstr(bench->said, words));
    }
    bench_run(bench, second);
    struct heal_port_status port;
    assert_true(heal_engine_port(bench->engine, 0, &port));
    assert_int_equal(port.normal.valid, 0); /* nothing of a bad baseline stays */
    assert_int_equal(strategy(bench, HEAL_LINK_LOSS, HEAL_NOTIFY).tried, 0);
}

/* What was open when the earlier run ended is closed by this one, and ids go on where that one stopped. */
static void test_open_incident_is_closed_and_ids_go_on(void **state) {
    struct bench *bench = *state;
    struct heal_incident_status incident;

    bench_restore(bench, HEAL_RECORD_INCIDENT, "41",
                  "id=41 rank=link-loss first-seen=1000000 opened=2000000 healed=5000000 closed=0");
    assert_int_equal(heal_incident_parse(bench_kept(bench, HEAL_RECORD_INCIDENT, "41"), &incident, NULL), 0);
    assert_int_equal(incident.closed, 5000000);
    size_t kept = bench->kept;
    bench_restore(bench, HEAL_RECORD_INCIDENT, "40", "id=40 rank=link-loss opened=2000000 closed=3000000");
    assert_int_equal(bench->kept, kept); /* that one was over */
    bench_run(bench, 30 * second);
    bench->lost_of_ten = 5;
    bench_run(bench, 20 * second);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.id, 42);
}

/* What an earlier run has done lately is known, so that it counts towards cooldown and budget: a heald that
 * is started each few seconds must not repeat itself. What is long over does not. */
static void test_what_was_done_lately_is_known(void **state) {
    struct bench *bench = *state;
    struct heal_incident_status incident;
    char value[300];

    for (int i = 0; i < 2; i++) { /* an hour ago, and just now */
        heal_us closed = bench->now - (i == 0 ? 3600 : 5) * second;
        snprintf(value, sizeof value,
                 "id=%d node=here other=west rank=link-loss confidence=0.9 opened=%llu closed=%llu "
                 "step=link-cost state=failed started=%llu",
                 41 + i, (unsigned long long)(closed - second), (unsigned long long)closed,
                 (unsigned long long)(closed - second));
        bench_restore(bench, HEAL_RECORD_INCIDENT, i == 0 ? "41" : "42", value);
    }
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.id, 42);
    assert_int_equal(incident.steps, 1);
    assert_false(heal_engine_incident(bench->engine, 1, &incident));
}

/* Trouble that has lasted for longer than the window, and what was done about it a minute ago. */
static void test_what_was_done_about_lasting_trouble_is_known(void **state) {
    struct bench *bench = *state;
    struct heal_incident_status incident;
    char value[300];

    snprintf(
        value, sizeof value,
        "id=41 node=here other=west rank=link-loss confidence=0.9 opened=%llu step=link-cost state=failed "
        "started=%llu",
        (unsigned long long)(bench->now - 900 * second), (unsigned long long)(bench->now - 60 * second));
    bench_restore(bench, HEAL_RECORD_INCIDENT, "41", value);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.id, 41);
    assert_int_equal(incident.closed, bench->now - 60 * second);
}

static void west_tells_its_name(struct bench *bench) {
    struct heal_event hello = {.kind = HEAL_EVENT_MESSAGE, .message.kind = HEAL_MESSAGE_LINK};

    strcpy(hello.message.port.ifname, "mesh0");
    assert_int_equal(heal_address_parse("fe80::1", &hello.message.port.peer), 0);
    hello.message.from = heal_node_id_of("west");
    strcpy(hello.message.from_name, "west");
    bench_step(bench, &hello);
}

/* An operator's undo holds until the trouble is over, however the run ended in between. */
static void test_what_an_operator_took_back_stays_so_over_a_stop(void **state) {
    struct bench *bench = *state;
    struct heal_incident_status incident;
    char value[300];

    snprintf(value, sizeof value,
             "id=41 node=here other=west rank=link-loss confidence=0.9 opened=%llu closed=%llu "
             "suppressed=operator",
             (unsigned long long)(bench->now - 900 * second),
             (unsigned long long)(bench->now - 700 * second));
    bench->settings.mode = HEAL_MODE_ACT;
    heal_engine_configure(bench->engine, &bench->settings);
    bench_restore(bench, HEAL_RECORD_INCIDENT, "41", value);
    bench_run(bench, 9 * second);
    west_tells_its_name(bench);
    bench->lost_of_ten = 5;
    bench_run(bench, 10 * second);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.closed, 0);
    assert_int_equal(incident.suppressed, HEAL_SUPPRESSED_OPERATOR);
    assert_int_equal(incident.steps, 0);
}

/* The node's part in a mesh is known again by the mesh's interface, in the words of an earlier heald, too. */
static void undone_in_a_mesh(struct bench *bench, const char *words) {
    const struct heal_event deaf = {
        .kind = HEAL_EVENT_READING,
        .reading =
            {
                      .kind = HEAL_READING_MESH,
                      .mesh = {.ifname = "bat0", .gateway = HEAL_GATEWAY_CLIENT, .chosen_ms = 60000, .gateways = 1},
                      },
    };
    struct heal_incident_status incident;
    char value[300];

    snprintf(value, sizeof value,
             "id=41 node=here %s rank=gateway-lost confidence=0.9 opened=%llu closed=%llu "
             "suppressed=operator",
             words, (unsigned long long)(bench->now - 900 * second),
             (unsigned long long)(bench->now - 700 * second));
    bench->settings.mode = HEAL_MODE_ACT;
    heal_engine_configure(bench->engine, &bench->settings);
    bench_restore(bench, HEAL_RECORD_INCIDENT, "41", value);
    bench_run(bench, 9 * second);
    bench_step(bench, &deaf);
    bench_run(bench, 2 * second);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.closed, 0);
    assert_string_equal(incident.mesh, "bat0");
    assert_int_equal(incident.suppressed, HEAL_SUPPRESSED_OPERATOR);
}

static void test_what_an_operator_took_back_in_a_mesh_stays_so(void **state) {
    undone_in_a_mesh(*state, "mesh=bat0");
}

static void test_what_an_operator_took_back_in_a_mesh_before_it_had_a_name(void **state) {
    undone_in_a_mesh(*state, "service=bat0");
}

/* After a stop in order nothing is left to be taken back at the next start. */
static void test_retired(void **state) {
    struct bench *bench = *state;
    struct heal_incident_status incident;

    bench->settings.mode = HEAL_MODE_ACT;
    heal_engine_configure(bench->engine, &bench->settings);
    bench_run(bench, 30 * second);
    bench->lost_of_ten = 5;
    bench_run(bench, 10 * second);
    heal_engine_retire(bench->engine, bench->now, &bench->output);
    assert_true(bench->output.commands > 0);
    for (size_t i = 0; i < bench->output.commands; i++)
        assert_int_equal(bench->output.command[i].kind, HEAL_COMMAND_STORE);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.closed, bench->now);
    for (size_t i = 0; i < incident.steps; i++)
        assert_true(incident.step[i].state == HEAL_STEP_DONE || incident.step[i].state == HEAL_STEP_FAILED);
}

static void test_retired_before_it_began(void **state) {
    struct bench *bench = *state;
    const struct heal_event round = {.kind = HEAL_EVENT_ROUND};
    struct heal_incident_status incident;

    bench_run(bench, 30 * second);
    bench->lost_of_ten = 5;
    bench_run(bench, 10 * second);
    bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, "act");
    heal_engine_step(bench->engine, bench->now, &round, &bench->output); /* nobody says that it is written */
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.step[incident.steps - 1].state, HEAL_STEP_RECORDING);
    heal_engine_retire(bench->engine, bench->now, &bench->output);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.step[incident.steps - 1].state, HEAL_STEP_FAILED);
    assert_string_equal(incident.step[incident.steps - 1].outcome, "not begun: heald was stopped");
}

/* A step that was under way is taken back at the first round, also by a heald that may only observe: what an
 * earlier run has stopped, clamped or shut out must not stay so for ever. */
static void test_step_under_way_is_taken_back_in_any_mode(void **state) {
    struct bench *bench = *state;

    bench_restore(bench, HEAL_RECORD_STEP, "17/0",
                  "remedy=quarantine-neighbour state=holding ifname=mesh0 peer=fe80::1 of-a-later-version=1");
    bench_restore(bench, HEAL_RECORD_STEP, "18/0", "remedy=link-cost state=done ifname=mesh0");
    bench_restore(bench, HEAL_RECORD_STEP, "19/0",
                  "remedy=clamp-mtu state=recording ifname=mesh0 peer=fe80::1 before=1500");
    bench_restore(bench, HEAL_RECORD_STEP, "20/0", "remedy=link-cost state=recording"); /* names nothing */
    bench_restore(bench, HEAL_RECORD_STEP, "21/0", "remedy=restart-service state=acting service=worker");
    bench_run(bench, second);
    assert_non_null(strstr(bench->said, "incident=17 remedy=quarantine-neighbour state=undone"));
    assert_non_null(strstr(bench->said, "do=quarantine"));
    assert_null(strstr(bench->said, "incident=18"));
    assert_non_null(strstr(bench->said, "incident=19 remedy=clamp-mtu state=undone"));
    assert_null(strstr(bench->said, "incident=20"));
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_STEP, "17/0"), "state=failed"));
    assert_non_null(strstr(bench->said, "incident=21 remedy=restart-service state=unknown"));
    bench->said[0] = '\0';
    bench_run(bench, second);
    assert_null(strstr(bench->said, "was under way")); /* once */
}

/* The incident of a step that is left over is known again under its own number; the answer to taking the step
 * back is for the step all the same. */
static void test_left_over_step_of_an_incident_that_is_known(void **state) {
    struct bench *bench = *state;
    char value[200];

    snprintf(value, sizeof value,
             "id=17 node=here other=west rank=mtu-blackhole opened=%llu step=clamp-mtu state=holding",
             (unsigned long long)(bench->now - 5 * second));
    bench_restore(bench, HEAL_RECORD_INCIDENT, "17", value);
    bench_restore(bench, HEAL_RECORD_STEP, "17/0",
                  "remedy=clamp-mtu state=holding ifname=mesh0 peer=fe80::1 before=1500");
    bench_run(bench, 5 * second);
    assert_non_null(strstr(bench->said, "incident=17 remedy=clamp-mtu state=undone"));
    assert_int_equal(bench_status(bench).leftovers, 0);
}

/* What cannot be taken back yet stays on record, and is tried again. */
static void test_step_that_cannot_be_taken_back_yet(void **state) {
    struct bench *bench = *state;

    bench->act_code = -ENODEV;
    bench_restore(bench, HEAL_RECORD_STEP, "17/0",
                  "remedy=clamp-mtu state=holding ifname=mesh0 peer=fe80::1 before=1500");
    bench_run(bench, 5 * second);
    assert_non_null(strstr(bench->said, "state=left-over"));
    assert_null(strstr(bench->said, "state=undone"));
    assert_int_equal(bench_status(bench).leftovers, 1);
    bench->act_code = 0; /* the interface is there again */
    bench_run(bench, 10 * second);
    assert_non_null(strstr(bench->said, "incident=17 remedy=clamp-mtu state=undone"));
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_STEP, "17/0"), "state=failed"));
    assert_int_equal(bench_status(bench).leftovers, 0);
}

/* A bounce cannot be taken back, but an interface that is down must not stay so. */
static void test_bounce_that_was_killed_half_way(void **state) {
    struct bench *bench = *state;

    bench_restore(bench, HEAL_RECORD_STEP, "17/0",
                  "remedy=bounce-link state=acting ifname=away0 peer=fe80::1");
    bench_run(bench, 5 * second);
    assert_null(strstr(bench->said, "do=link-bounce")); /* it may still come up by itself */
    assert_int_equal(bench_status(bench).leftovers, 1);
    bench_run(bench, 20 * second);
    assert_non_null(strstr(bench->said, "do=link-bounce"));
    assert_non_null(strstr(bench->said, "incident=17 remedy=bounce-link state=recovered"));
    assert_int_equal(bench_status(bench).leftovers, 0);
}

/* What an earlier run has left, and this one does again for trouble of its own, is not taken away from it. */
static void test_left_over_step_that_is_needed_again(void **state) {
    struct bench *bench = *state;

    bench->settings.mode = HEAL_MODE_ACT;
    bench->settings.policy[HEAL_LINK_LOSS].steps = 1;
    bench->settings.policy[HEAL_LINK_LOSS].step[0] = HEAL_CLAMP_MTU;
    heal_engine_configure(bench->engine, &bench->settings);
    bench->act_code = -ENODEV;
    bench_restore(bench, HEAL_RECORD_STEP, "17/0",
                  "remedy=clamp-mtu state=holding ifname=mesh0 peer=fe80::1 before=1500");
    bench_run(bench, 32 * second);
    assert_int_equal(bench_status(bench).leftovers, 1);
    bench->act_code = 0;
    bench->lost_of_ten = 5;
    bench_run(bench, 60 * second);
    assert_null(strstr(bench->said, "incident=17 remedy=clamp-mtu state=undone"));
    assert_non_null(strstr(bench->said, "incident=17 remedy=clamp-mtu state=taken-over"));
    assert_int_equal(bench_status(bench).leftovers, 0);
}

#define MEMORY(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_unmake)

/* A new run, which is given back what the last one has kept under this key. */
static void start_anew(struct bench *bench, const char *key, heal_us now) {
    char value[512];

    strcpy(value, bench_kept(bench, HEAL_RECORD_ORDER, key));
    bench->engine = heal_engine_free(bench->engine);
    assert_int_equal(heal_engine_new("here", &bench->settings, 2, &bench->engine), 0);
    bench->now = now;
    bench_restore(bench, HEAL_RECORD_ORDER, key, value);
}

static void test_a_mode_that_was_ordered_comes_back(void **state) {
    struct bench *bench = *state;

    bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, "warn");
    start_anew(bench, "mode", bench->now);
    assert_int_equal(bench_status(bench).mode, HEAL_MODE_WARN);
    bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, "observe");
    bench->settings.mode = HEAL_MODE_ACT; /* the file was changed since: it has the word */
    start_anew(bench, "mode", bench->now);
    assert_int_equal(bench_status(bench).mode, HEAL_MODE_ACT);
}

/* An order that the file has overruled does not rise again when the file is as it was. */
static void test_a_mode_that_was_overruled_stays_so(void **state) {
    struct bench *bench = *state;

    bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, "act");
    bench->settings.mode = HEAL_MODE_WARN;
    heal_engine_configure(bench->engine, &bench->settings);
    bench_run(bench, second);
    bench->settings.mode = HEAL_MODE_OBSERVE;
    heal_engine_configure(bench->engine, &bench->settings);
    bench_run(bench, second);
    start_anew(bench, "mode", bench->now);
    assert_int_equal(bench_status(bench).mode, HEAL_MODE_OBSERVE);
    bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, "act");
    bench->settings.mode = HEAL_MODE_WARN; /* while heald is away */
    start_anew(bench, "mode", bench->now);
    bench_run(bench, second);
    bench->settings.mode = HEAL_MODE_OBSERVE;
    start_anew(bench, "mode", bench->now);
    assert_int_equal(bench_status(bench).mode, HEAL_MODE_OBSERVE);
}

static void test_a_pause_comes_back(void **state) {
    struct bench *bench = *state;

    bench_operator(bench, HEAL_OPERATOR_PAUSE, 0, 0, "on the mast");
    start_anew(bench, "pause", bench->now);
    assert_true(bench_status(bench).paused);
    assert_string_equal(bench_status(bench).pause_reason, "on the mast");
    bench_operator(bench, HEAL_OPERATOR_RESUME, 0, 0, "");
    start_anew(bench, "pause", bench->now);
    assert_false(bench_status(bench).paused);
}

static void test_a_pause_lasts_no_longer_than_ordered(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 500 * second);
    bench_operator(bench, HEAL_OPERATOR_PAUSE, 0, 60, "work");
    heal_us until = bench_status(bench).paused_until;
    start_anew(bench, "pause", bench->now + 10 * second);
    assert_int_equal(bench_status(bench).paused_until, until);
    bench_operator(bench, HEAL_OPERATOR_PAUSE, 0, 60, "work");
    start_anew(bench, "pause", second); /* a reboot: the clock begins anew */
    assert_int_equal(bench_status(bench).paused_until, 61 * second);
    bench_operator(bench, HEAL_OPERATOR_PAUSE, 0, 60, "work");
    start_anew(bench, "pause", bench->now + 61 * second);
    assert_false(bench_status(bench).paused);
}

static void test_orders_that_are_none(void **state) {
    struct bench *bench = *state;

    bench_restore(bench, HEAL_RECORD_ORDER, "mode", "mode=sleep configured=observe");
    bench_restore(bench, HEAL_RECORD_ORDER, "pause", "paused=1 until=x");
    bench_restore(bench, HEAL_RECORD_ORDER, "else", "x=1");
    assert_false(bench_status(bench).paused);
    assert_int_equal(bench_status(bench).mode, HEAL_MODE_OBSERVE);
}

/* A step that was only planned, or aimed at nothing yet, when its run ended: it is over, and that is on
 * record. */
static void test_step_that_was_not_begun_is_closed(void **state) {
    static const char *const VALUE[] = {"remedy=clamp-mtu state=planned ifname=mesh0 peer=fe80::1",
                                        "remedy=notify state=recording ifname=\"\" service=\"\""};
    struct bench *bench = *state;

    for (int i = 0; i < 2; i++) {
        char key[8];

        snprintf(key, sizeof key, "7/%d", i);
        assert_false(heal_step_record_is_open(VALUE[i]));
        bench_restore(bench, HEAL_RECORD_STEP, key, VALUE[i]);
        assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_STEP, key), "state=failed"));
    }
    assert_int_equal(bench_status(bench).leftovers, 0);
    assert_true(heal_step_record_is_open("remedy=clamp-mtu state=recording ifname=mesh0 peer=fe80::1"));
    assert_false(heal_step_record_is_open("remedy=clamp-mtu state=done ifname=mesh0 peer=fe80::1"));
    assert_false(heal_step_record_is_open("nonsense"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY(test_step_that_was_not_begun_is_closed),
        MEMORY(test_strategies_come_back),
        MEMORY(test_thresholds_come_back),
        MEMORY(test_what_is_normal_comes_back),
        MEMORY(test_baselines_are_kept_in_calm_intervals),
        MEMORY(test_bad_records_are_refused_and_named),
        MEMORY(test_open_incident_is_closed_and_ids_go_on),
        MEMORY(test_what_was_done_lately_is_known),
        MEMORY(test_what_was_done_about_lasting_trouble_is_known),
        MEMORY(test_what_an_operator_took_back_stays_so_over_a_stop),
        MEMORY(test_what_an_operator_took_back_in_a_mesh_stays_so),
        MEMORY(test_what_an_operator_took_back_in_a_mesh_before_it_had_a_name),
        MEMORY(test_retired),
        MEMORY(test_retired_before_it_began),
        MEMORY(test_step_under_way_is_taken_back_in_any_mode),
        MEMORY(test_step_that_cannot_be_taken_back_yet),
        MEMORY(test_bounce_that_was_killed_half_way),
        MEMORY(test_left_over_step_that_is_needed_again),
        MEMORY(test_left_over_step_of_an_incident_that_is_known),
        MEMORY(test_a_mode_that_was_ordered_comes_back),
        MEMORY(test_a_mode_that_was_overruled_stays_so),
        MEMORY(test_a_pause_comes_back),
        MEMORY(test_a_pause_lasts_no_longer_than_ordered),
        MEMORY(test_orders_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
