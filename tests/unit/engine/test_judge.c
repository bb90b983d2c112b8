/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The network's probation in an engine: what its incidents and operators say of verdicts, and what is kept.
 */
#include "bench.h"
#include "engine/judge.h"
#include "engine/probation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S, minute = 60 * HEAL_US_PER_S;
enum { MODEL = 0xfeed, HIGH = 5000, LOW = -5000 };

static const struct heal_probation *probation(const struct bench *bench) {
    return heal_engine_probation(bench->engine);
}

static const struct heal_confusion *counts(const struct bench *bench) {
    return &probation(bench)->merit[HEAL_SLOT_ACTIVE].confusion;
}

static void put(struct bench *bench, enum heal_slot slot, uint64_t id) {
    const struct heal_candidate_model model = {.id = id, .threshold = 0};

    heal_engine_put_model(bench->engine, slot, &model);
}

/* Rounds, in each of which the model says this of the port to west. */
static void say(struct bench *bench, int32_t logit, heal_us span) {
    for (heal_us end = bench->now + span; bench->now < end;) {
        if (bench->engine->world.ports > 0)
            heal_judge_look(bench->engine, HEAL_SLOT_ACTIVE, &bench->engine->world.port[0], logit);
        bench_run(bench, second);
    }
}

static void trouble(struct bench *bench, int32_t logit) {
    bench->lost_of_ten = 5;
    say(bench, logit, 20 * second);
    bench->lost_of_ten = 0;
    say(bench, LOW, minute);
}

static void test_an_incident_confirms_what_was_said(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    trouble(bench, HIGH);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_RIGHT_ALARM], 1);
    assert_int_equal(probation(bench)->verdicts.of[0].truth, HEAL_TRUTH_TRUE);
    assert_true(probation(bench)->verdicts.of[0].incident != 0);
    trouble(bench, LOW);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_MISSED], 1);
}

static void test_what_nothing_explains_was_false(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    say(bench, HIGH, minute);
    say(bench, LOW, 10 * minute);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_FALSE_ALARM], 1);
    bench_operator(bench, HEAL_OPERATOR_VERDICT, 1, 1, "it was the microwave");
    /* It is kept with the order, for that is acknowledged now; not with the next round. */
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_VERDICT, "1"), "truth=true witness=operator"));
    assert_int_equal(counts(bench)->cell[HEAL_CELL_FALSE_ALARM], 0);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_RIGHT_ALARM], 1);
    bench_operator(bench, HEAL_OPERATOR_VERDICT, 77, 1, "");
    assert_non_null(strstr(bench->said, "verdict=refused why=\"no such verdict\""));
}

/* At this node itself, and so at all its links. */
static void test_who_makes_a_fault_is_believed(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 1, "here link-latency");
    say(bench, HIGH, minute);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 0, "here");
    assert_int_equal(counts(bench)->incidents[HEAL_LINK_LATENCY].found, 1);
    say(bench, LOW, 5 * minute);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 1, "here");
    say(bench, LOW, minute);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 0, "here");
    assert_int_equal(counts(bench)->incidents[HEAL_DIAGNOSIS_UNNAMED].missed, 1);
}

/* Ten minutes and more: it is not held against what was said that the thresholds see nothing meanwhile, and a
 * watch in it is no right silence. */
static void test_a_fault_lasts_as_long_as_it_lasts(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 1, "here link-latency");
    say(bench, HIGH, 5 * second);
    say(bench, LOW, 70 * minute);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_FALSE_ALARM], 0);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_RIGHT_SILENCE], 0);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 0, "here link-latency");
    assert_int_equal(counts(bench)->incidents[HEAL_LINK_LATENCY].found, 1);
    assert_int_equal(probation(bench)->verdicts.of[0].witness, HEAL_WITNESS_INJECTOR);
}

/* Of two at one place the end of one says nothing of the other. */
static void test_two_faults_at_one_place_end_apart(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 1, "here link-latency");
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 1, "here link-loss");
    say(bench, LOW, 10 * second);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 0, "here link-loss");
    assert_int_equal(counts(bench)->incidents[HEAL_LINK_LOSS].missed, 1);
    say(bench, LOW, 5 * minute);
    say(bench, HIGH, 5 * second);
    say(bench, LOW, 12 * minute);
    assert_int_equal(probation(bench)->verdicts.of[1].alarm, true);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_FALSE_ALARM], 0);
    bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 0, "here link-latency");
    assert_int_equal(probation(bench)->verdicts.of[1].truth, HEAL_TRUTH_TRUE);
}

static void test_missed_counts_for_both(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    put(bench, HEAL_SLOT_SHADOW, MODEL + 1);
    bench_operator(bench, HEAL_OPERATOR_MISSED, 0, 0, "link-flap");
    for (int slot = 0; slot < HEAL_SLOTS; slot++)
        assert_int_equal(probation(bench)->merit[slot].confusion.incidents[HEAL_LINK_FLAP].missed, 1);
}

static void test_act_is_refused_forced_and_kept(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    bench_operator(bench, HEAL_OPERATOR_DETECTOR, 0, 0, "act");
    assert_int_equal(probation(bench)->mode, HEAL_MODE_OBSERVE);
    assert_non_null(strstr(bench->said, "event=refused"));
    bench_operator(bench, HEAL_OPERATOR_DETECTOR, 0, 1, "act");
    assert_int_equal(probation(bench)->mode, HEAL_MODE_ACT);
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_AUDIT, ""), "what=forced mode=act"));
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_ORDER, "detector"), "mode=act"));
    bench->said[0] = '\0';
    bench_operator(bench, HEAL_OPERATOR_DETECTOR, 0, 0, "fly");
    assert_non_null(strstr(bench->said, "no such mode"));
    assert_int_equal(probation(bench)->mode, HEAL_MODE_ACT);
}

static void test_a_forced_one_that_is_wrong_falls(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    bench_operator(bench, HEAL_OPERATOR_DETECTOR, 0, 1, "act");
    for (unsigned i = 0; i < HEAL_GATE_KEEP_LEAST; i++) {
        assert_int_equal(probation(bench)->mode, HEAL_MODE_ACT);
        say(bench, HIGH, 5 * second);
        say(bench, LOW, 11 * minute);
    }
    assert_int_equal(probation(bench)->mode, HEAL_MODE_OBSERVE);
    assert_int_equal(probation(bench)->fell, HEAL_GATE_PRECISION);
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_AUDIT, ""), "what=fell mode=observe"));
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_ORDER, "detector"), "fell=precision"));
}

/* An incident of the network's own is open, and its port examined, as long as the network calls it sick. */
static void test_its_own_incident_neither_confirms_nor_excuses(void **state) {
    struct bench *bench = *state;
    struct heal_world *world = &bench->engine->world;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    struct heal_incident *own = heal_world_incident_make(world);
    own->element = (struct heal_element){.kind = HEAL_ELEMENT_LINK,
                                         .node = world->id,
                                         .other = world->port[0].neighbour,
                                         .port = world->port[0].key};
    own->view.opened = own->view.first_seen = world->now;
    own->view.ranked[0] = (struct heal_ranked){HEAL_ANOMALY, 0.9F};
    own->view.ranks = 1;
    say(bench, HIGH, 5 * second);
    assert_true(world->port[0].examined_since != 0);
    assert_true(world->port[0].for_network);
    own->view.closed = world->now;
    heal_judge_incident(bench->engine, own, HEAL_WITNESS_INCIDENT, true);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_RIGHT_ALARM], 0);
    say(bench, LOW, 12 * minute);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_FALSE_ALARM], 1);
    heal_judge_incident(bench->engine, own, HEAL_WITNESS_OPERATOR, true); /* who knows better */
    assert_int_equal(counts(bench)->cell[HEAL_CELL_RIGHT_ALARM], 1);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_FALSE_ALARM], 0);
}

static void test_a_shadow_is_refused_or_forced(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    put(bench, HEAL_SLOT_SHADOW, MODEL + 1);
    bench_operator(bench, HEAL_OPERATOR_ACTIVATE, 0, 0, "feee");
    assert_int_equal(probation(bench)->merit[HEAL_SLOT_ACTIVE].model, MODEL);
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_AUDIT, ""), "what=activate-refused"));
    bench_operator(bench, HEAL_OPERATOR_ACTIVATE, 0, 1, "beef");
    assert_non_null(strstr(bench->said, "no such model in the shadow"));
    bench_operator(bench, HEAL_OPERATOR_ACTIVATE, 0, 1, "feee");
    assert_int_equal(probation(bench)->merit[HEAL_SLOT_ACTIVE].model, MODEL + 1);
    assert_int_equal(probation(bench)->merit[HEAL_SLOT_SHADOW].model, 0);
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_AUDIT, ""), "what=activated-by-force"));
}

/* Gives all that one engine has kept of its probation to another. */
static void hand_over(const struct bench *from, struct bench *to) {
    for (size_t i = 0; i < from->kept; i++) {
        const struct heal_record *record = &from->record[i];
        bool order = record->kind == HEAL_RECORD_ORDER && strcmp(record->key, "detector") == 0;

        if (order || record->kind == HEAL_RECORD_VERDICT || record->kind == HEAL_RECORD_MERIT)
            bench_restore(to, record->kind, record->key, record->value);
    }
}

static void test_a_later_run_has_it_all(void **state) {
    struct bench *bench = *state;
    void *other = NULL;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, 62 * minute);
    trouble(bench, HIGH);
    say(bench, HIGH, 5 * second);
    say(bench, LOW, 11 * minute);
    say(bench, HIGH, 5 * second); /* nobody knows yet */
    bench_operator(bench, HEAL_OPERATOR_DETECTOR, 0, 1, "act");
    say(bench, LOW, 5 * second);
    assert_int_equal(bench_make(&other), 0);
    struct bench *later = other;
    put(later, HEAL_SLOT_ACTIVE, MODEL);
    hand_over(bench, later);
    assert_memory_equal(counts(bench), counts(later), sizeof *counts(bench));
    assert_int_equal(counts(later)->cell[HEAL_CELL_RIGHT_SILENCE], 1);
    assert_int_equal(counts(later)->cell[HEAL_CELL_RIGHT_ALARM], 1);
    assert_int_equal(probation(later)->merit[HEAL_SLOT_ACTIVE].conformal.count, 1);
    assert_int_equal(probation(later)->verdicts.count, probation(bench)->verdicts.count);
    assert_int_equal(probation(later)->verdicts.next, probation(bench)->verdicts.next);
    const struct heal_verdicts *verdicts = &probation(later)->verdicts;
    assert_int_equal(verdicts->of[verdicts->count - 1].truth, HEAL_TRUTH_UNKNOWN);
    assert_int_equal(probation(later)->mode, HEAL_MODE_ACT);
    assert_true(probation(later)->forced);
    bench_unmake(&other);
}

/* Neither in this run nor in the next: what was let act was another model. */
static void test_another_model_does_not_act(void **state) {
    struct bench *bench = *state;
    void *other = NULL;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    bench_operator(bench, HEAL_OPERATOR_DETECTOR, 0, 1, "act");
    say(bench, LOW, 5 * second);
    assert_int_equal(bench_make(&other), 0);
    struct bench *later = other;
    put(later, HEAL_SLOT_ACTIVE, MODEL + 1);
    hand_over(bench, later);
    assert_int_equal(probation(later)->mode, HEAL_MODE_OBSERVE);
    assert_int_equal(probation(later)->wanted, HEAL_MODE_ACT);
    assert_false(probation(later)->forced);
    bench_unmake(&other);
    put(bench, HEAL_SLOT_ACTIVE, MODEL + 1);
    say(bench, LOW, 2 * second);
    assert_int_equal(probation(bench)->mode, HEAL_MODE_OBSERVE);
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_AUDIT, ""), "what=another-model mode=observe"));
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_ORDER, "detector"), "mode=observe wanted=act"));
}

/* What the active one had shown before its shadow came is known to the next run, too. */
static void test_a_later_run_compares_as_this_one(void **state) {
    struct bench *bench = *state;
    void *other = NULL;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    trouble(bench, HIGH);
    put(bench, HEAL_SLOT_SHADOW, MODEL + 1);
    say(bench, LOW, 2 * second);
    assert_int_equal(probation(bench)->merit[HEAL_SLOT_SHADOW].rival.before.cell[HEAL_CELL_RIGHT_ALARM], 1);
    assert_int_equal(bench_make(&other), 0);
    struct bench *later = other;
    put(later, HEAL_SLOT_ACTIVE, MODEL);
    put(later, HEAL_SLOT_SHADOW, MODEL + 1);
    hand_over(bench, later);
    say(later, LOW, 2 * second);
    assert_memory_equal(&probation(later)->merit[HEAL_SLOT_SHADOW].rival,
                        &probation(bench)->merit[HEAL_SLOT_SHADOW].rival, sizeof(struct heal_rival));
    bench_unmake(&other);
}

static void test_a_sleep_says_nothing_of_an_alarm(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    say(bench, HIGH, 5 * second);
    bench->now += 3600 * second;
    say(bench, LOW, minute);
    assert_int_equal(probation(bench)->verdicts.of[0].truth, HEAL_TRUTH_UNKNOWN);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_FALSE_ALARM], 0);
}

/* While it was away nobody watched: that it is silent when it is back says nothing. */
static void test_a_model_that_was_away_is_not_wrong(void **state) {
    struct bench *bench = *state;
    enum { OTHER = 0xbeef };

    for (unsigned by_promotion = 0; by_promotion < 2; by_promotion++) {
        put(bench, HEAL_SLOT_ACTIVE, MODEL);
        say(bench, LOW, minute);
        say(bench, HIGH, 5 * second);
        if (by_promotion) {
            put(bench, HEAL_SLOT_SHADOW, OTHER);
            bench_operator(bench, HEAL_OPERATOR_ACTIVATE, 0, 1, "beef");
            assert_int_equal(probation(bench)->merit[HEAL_SLOT_ACTIVE].model, OTHER);
        } else {
            put(bench, HEAL_SLOT_ACTIVE, OTHER);
        }
        say(bench, LOW, 20 * minute);
        put(bench, HEAL_SLOT_ACTIVE, MODEL);
        say(bench, LOW, minute);
        assert_int_equal(probation(bench)->verdicts.of[by_promotion].truth, HEAL_TRUTH_UNKNOWN);
        assert_int_equal(counts(bench)->cell[HEAL_CELL_FALSE_ALARM], 0);
    }
}

/* Whose place changes is watched over all the same. */
static void test_a_promoted_model_keeps_its_alarms(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_SHADOW, MODEL);
    say(bench, LOW, minute);
    heal_judge_look(bench->engine, HEAL_SLOT_SHADOW, &bench->engine->world.port[0], HIGH);
    bench_operator(bench, HEAL_OPERATOR_ACTIVATE, 0, 1, "feed");
    assert_int_equal(probation(bench)->merit[HEAL_SLOT_ACTIVE].model, MODEL);
    assert_int_equal(probation(bench)->verdicts.of[0].truth, HEAL_TRUTH_OPEN);
}

static void test_another_model_begins_anew(void **state) {
    struct bench *bench = *state;
    void *other = NULL;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    trouble(bench, HIGH);
    assert_int_equal(bench_make(&other), 0);
    put(other, HEAL_SLOT_ACTIVE, MODEL + 1);
    hand_over(bench, other);
    assert_int_equal(counts(other)->cell[HEAL_CELL_RIGHT_ALARM], 0);
    assert_int_equal(probation(other)->verdicts.count, 1); /* which can still be looked at */
    bench_unmake(&other);
}

static void test_bad_records_change_nothing(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    bench_restore(bench, HEAL_RECORD_VERDICT, "1", "id=1 model=2");
    bench_restore(bench, HEAL_RECORD_MERIT, "colour", "missed=3");
    bench_restore(bench, HEAL_RECORD_MERIT, "000000000000feed/counts", "missed=-3");
    bench_restore(bench, HEAL_RECORD_ORDER, "detector", "mode=fly");
    assert_int_equal(probation(bench)->verdicts.count, 0);
    assert_int_equal(counts(bench)->cell[HEAL_CELL_MISSED], 0);
    assert_int_equal(probation(bench)->mode, HEAL_MODE_OBSERVE);
}

static void test_the_file_has_the_word_where_it_changed(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    bench_restore(bench, HEAL_RECORD_ORDER, "detector", "mode=warn wanted=warn configured=act fell=passed");
    assert_int_equal(probation(bench)->mode, HEAL_MODE_OBSERVE);
    bench_restore(bench, HEAL_RECORD_ORDER, "detector",
                  "mode=warn wanted=warn configured=observe fell=passed");
    assert_int_equal(probation(bench)->mode, HEAL_MODE_WARN);
}

/* ---- where and when ---- */

/* Who is behind the port, as the routing daemon and messages tell. */
static void name_west(struct bench *bench) {
    struct heal_port *port = &bench->engine->world.port[0];

    port->neighbour = heal_node_id_of("west");
    strcpy(port->neighbour_name, "west");
}

static struct heal_network_verdict *alarm_of(struct bench *bench) {
    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    say(bench, HIGH, second);
    assert_int_equal(probation(bench)->verdicts.count, 1);
    name_west(bench);
    return &bench->engine->probation.verdicts.of[0];
}

/* A link is at its port, a node at the ports that lead to it, or at all where it is this one. */
static void test_where_an_incident_is(void **state) {
    struct bench *bench = *state;
    struct heal_network_verdict *verdict = alarm_of(bench);
    const struct heal_port *port = &bench->engine->world.port[0];
    heal_node_id here = heal_node_id_of("here");
    const struct {
        struct heal_element element;
        enum heal_role role;
        bool withdrawn;
        enum heal_witness witness;
        bool says;
    } row[] = {
        {{.kind = HEAL_ELEMENT_LINK, .port = port->key},           HEAL_ROLE_OWNER, false, HEAL_WITNESS_INCIDENT, true },
        {{.kind = HEAL_ELEMENT_LINK, .port = port->key},           HEAL_ROLE_END,   false, HEAL_WITNESS_INCIDENT, true },
        {{.kind = HEAL_ELEMENT_LINK, .port = port->key},
         HEAL_ROLE_UPSTREAM,                                                        false,
         HEAL_WITNESS_INCIDENT,                                                                                   false},
        {{.kind = HEAL_ELEMENT_LINK, .port = {.ifname = "mesh9"}},
         HEAL_ROLE_OWNER,                                                           false,
         HEAL_WITNESS_INCIDENT,                                                                                   false},
        {{.kind = HEAL_ELEMENT_NODE, .node = port->neighbour},
         HEAL_ROLE_END,                                                             false,
         HEAL_WITNESS_INCIDENT,                                                                                   true },
        {{.kind = HEAL_ELEMENT_NODE, .node = here},                HEAL_ROLE_OWNER, false, HEAL_WITNESS_INCIDENT, true },
        {{.kind = HEAL_ELEMENT_NODE, .node = here + 1},            HEAL_ROLE_END,   false, HEAL_WITNESS_INCIDENT, false},
        {{.kind = HEAL_ELEMENT_NODE, .node = 0},                   HEAL_ROLE_END,   false, HEAL_WITNESS_INCIDENT, false},
        {{.kind = HEAL_ELEMENT_SERVICE, .node = here},             HEAL_ROLE_OWNER, false, HEAL_WITNESS_INCIDENT, false},
        {{.kind = HEAL_ELEMENT_LINK, .port = port->key},           HEAL_ROLE_END,   true,  HEAL_WITNESS_INCIDENT, false},
        {{.kind = HEAL_ELEMENT_LINK, .port = port->key},           HEAL_ROLE_END,   true,  HEAL_WITNESS_OPERATOR, true },
    };

    for (unsigned i = 0; i < sizeof row / sizeof *row; i++) {
        struct heal_incident incident = {.used = true, .element = row[i].element};
        incident.view = (struct heal_incident_status){
            .id = 100 + i, .role = row[i].role, .withdrawn = row[i].withdrawn, .opened = bench->now};
        verdict->truth = HEAL_TRUTH_OPEN;
        verdict->witness = HEAL_WITNESS_NONE;
        verdict->incident = 0;
        heal_judge_incident(bench->engine, &incident, row[i].witness, true);
        if ((verdict->truth == HEAL_TRUTH_TRUE) != row[i].says)
            fail_msg("row %u: it is %s", i, heal_truth_names[verdict->truth]);
    }
}

/* From the first sign on, to its end, or to now where it goes on. */
static void test_when_an_incident_was(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, 10 * minute);
    for (unsigned closed = 0; closed < 2; closed++) {
        const heal_us now = bench->engine->world.now;
        struct heal_incident incident = {
            .used = true, .element = {.kind = HEAL_ELEMENT_LINK, .port = bench->engine->world.port[0].key}
        };
        incident.view = (struct heal_incident_status){.id = 100 + closed, .opened = now - 30 * second};
        incident.view.first_seen = closed ? now - 40 * second : 0;
        incident.view.closed = closed ? now - 10 * second : 0;
        heal_judge_incident(bench->engine, &incident, HEAL_WITNESS_OPERATOR, true);
        const struct heal_network_verdict *missed = &probation(bench)->verdicts.of[closed];
        assert_int_equal(missed->begun, now - (closed ? 40 : 30) * second);
        assert_int_equal(missed->last, now - (closed ? 10 : 0) * second);
        say(bench, LOW, 10 * minute);
    }
}

static unsigned told_of(const struct bench *bench, const char *words) {
    const struct heal_output *output = bench->engine->world.output;
    unsigned told = 0;

    for (size_t i = 0; i < output->commands; i++)
        told += output->command[i].kind == HEAL_COMMAND_NOTIFY &&
                strstr(output->command[i].notify.text, words) != NULL;
    return told;
}

/* People are told where both the network and heald may; of a shadow never. */
static void test_people_are_told(void **state) {
    struct bench *bench = *state;
    static const struct {
        const char *heald, *detector;
        enum heal_slot slot;
        bool told;
    } row[] = {
        {"observe", "warn",    HEAL_SLOT_ACTIVE, false},
        {"warn",    "observe", HEAL_SLOT_ACTIVE, false},
        {"warn",    "warn",    HEAL_SLOT_SHADOW, false},
        {"warn",    "warn",    HEAL_SLOT_ACTIVE, true },
        {"act",     "warn",    HEAL_SLOT_ACTIVE, true },
    };

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    put(bench, HEAL_SLOT_SHADOW, MODEL + 1);
    say(bench, LOW, minute);
    name_west(bench);
    for (unsigned i = 0; i < sizeof row / sizeof *row; i++) {
        bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, row[i].heald);
        bench_operator(bench, HEAL_OPERATOR_DETECTOR, 0, 0, row[i].detector);
        heal_judge_look(bench->engine, row[i].slot, &bench->engine->world.port[0], HIGH);
        const struct heal_network_verdict *verdict = &probation(bench)->verdicts.of[i];
        assert_int_equal(probation(bench)->verdicts.count, i + 1);
        assert_string_equal(verdict->would, "an incident of the link to west over mesh0");
        assert_int_equal(verdict->shadow, row[i].slot == HEAL_SLOT_SHADOW);
        bool observes = verdict->shadow || strcmp(row[i].detector, "observe") == 0;
        assert_int_equal(verdict->mode, observes ? HEAL_MODE_OBSERVE : HEAL_MODE_WARN);
        if (told_of(bench, "the network calls the link to west (mesh0) sick") != row[i].told)
            fail_msg("row %u", i);
        say(bench, LOW, minute);
    }
}

static void test_a_fault_at_a_neighbour_is_at_the_port_to_it(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    name_west(bench);
    for (unsigned i = 0; i < 2 * HEAL_FAULTS_TOLD_MAX; i++) { /* each leaves its place to the next */
        const char *at = i % 2 ? "west link-loss" : "south link-loss";
        bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 1, at);
        say(bench, LOW, 5 * second);
        bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 0, i % 2 ? "west" : "south");
        say(bench, LOW, 5 * minute);
    }
    assert_int_equal(counts(bench)->incidents[HEAL_LINK_LOSS].missed, HEAL_FAULTS_TOLD_MAX);
    assert_null(strstr(bench->said, "too many faults"));
    for (unsigned i = 0; i <= HEAL_FAULTS_TOLD_MAX; i++) {
        assert_int_equal(heal_engine_can_be_told(bench->engine), i < HEAL_FAULTS_TOLD_MAX);
        bench_operator(bench, HEAL_OPERATOR_TRUTH, 0, 1, "west");
    }
    assert_non_null(strstr(bench->said, "truth=refused why=\"too many faults at once\""));
}

/* ---- the mode ---- */

static void test_what_is_wanted_comes_when_it_is_earned(void **state) {
    struct bench *bench = *state;
    struct heal_settings settings = bench->settings;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    settings.detector.mode = HEAL_MODE_ACT;
    heal_engine_configure(bench->engine, &settings);
    say(bench, LOW, 2 * second);
    assert_int_equal(probation(bench)->mode, HEAL_MODE_OBSERVE);
    struct heal_confusion *counted = &bench->engine->probation.merit[HEAL_SLOT_ACTIVE].confusion;
    counted->cell[HEAL_CELL_RIGHT_ALARM] = 100;
    counted->cell[HEAL_CELL_RIGHT_SILENCE] = 1000;
    say(bench, LOW, 2 * second);
    assert_int_equal(probation(bench)->mode, HEAL_MODE_ACT);
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_AUDIT, ""), "what=passed mode=act"));
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_ORDER, "detector"), "mode=act"));
}

/* Why it may not act, and since when it is counted, is known to the next run. */
static void test_the_next_run_knows_why(void **state) {
    struct bench *bench = *state;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    bench_restore(bench, HEAL_RECORD_ORDER, "detector",
                  "model=65261 mode=observe wanted=act configured=observe forced=0 since=7 fell=precision "
                  "words=\"it was wrong\"");
    assert_int_equal(probation(bench)->fell, HEAL_GATE_PRECISION);
    assert_int_equal(probation(bench)->acts_since, 7);
    assert_string_equal(probation(bench)->words, "it was wrong");
    assert_int_equal(probation(bench)->wanted, HEAL_MODE_ACT);
    say(bench, LOW, 2 * second);
    assert_int_equal(probation(bench)->mode, HEAL_MODE_OBSERVE);
}

/* The threshold that was calibrated is in force at once; what it was calibrated by is kept, also where
 * nothing was judged for long. */
static void test_the_next_run_has_the_threshold(void **state) {
    struct bench *bench = *state;
    void *other = NULL;

    put(bench, HEAL_SLOT_ACTIVE, MODEL);
    say(bench, LOW, minute);
    for (int32_t i = 0; i < 300; i++)
        heal_conformal_add(&bench->engine->probation.merit[HEAL_SLOT_ACTIVE].conformal, 1000 + i);
    say(bench, LOW, 6 * minute);
    assert_int_equal(bench_make(&other), 0);
    struct bench *later = other;
    put(later, HEAL_SLOT_ACTIVE, MODEL);
    assert_int_equal(probation(later)->merit[HEAL_SLOT_ACTIVE].in_force, 0);
    hand_over(bench, later);
    assert_int_equal(probation(later)->merit[HEAL_SLOT_ACTIVE].in_force, 1299);
    bench_unmake(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_an_incident_confirms_what_was_said),
        TEST(test_what_nothing_explains_was_false),
        TEST(test_who_makes_a_fault_is_believed),
        TEST(test_a_fault_lasts_as_long_as_it_lasts),
        TEST(test_two_faults_at_one_place_end_apart),
        TEST(test_missed_counts_for_both),
        TEST(test_act_is_refused_forced_and_kept),
        TEST(test_a_forced_one_that_is_wrong_falls),
        TEST(test_its_own_incident_neither_confirms_nor_excuses),
        TEST(test_a_shadow_is_refused_or_forced),
        TEST(test_a_later_run_has_it_all),
        TEST(test_another_model_does_not_act),
        TEST(test_a_later_run_compares_as_this_one),
        TEST(test_a_sleep_says_nothing_of_an_alarm),
        TEST(test_a_model_that_was_away_is_not_wrong),
        TEST(test_a_promoted_model_keeps_its_alarms),
        TEST(test_another_model_begins_anew),
        TEST(test_bad_records_change_nothing),
        TEST(test_the_file_has_the_word_where_it_changed),
        TEST(test_where_an_incident_is),
        TEST(test_when_an_incident_was),
        TEST(test_people_are_told),
        TEST(test_a_fault_at_a_neighbour_is_at_the_port_to_it),
        TEST(test_what_is_wanted_comes_when_it_is_earned),
        TEST(test_the_next_run_knows_why),
        TEST(test_the_next_run_has_the_threshold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
