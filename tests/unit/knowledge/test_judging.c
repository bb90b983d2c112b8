/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The rule of truth: what becomes of alarms, of silence, and of trouble that nobody has told of. */
#include "knowledge/judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S, minute = 60 * HEAL_US_PER_S, hour = 3600 * HEAL_US_PER_S;
enum { LIMIT = 2048, HIGH = 3000, LOW = -3000 };

struct court {
    struct heal_merit merit;
    struct heal_verdicts verdicts;
    struct heal_docket docket;
    heal_us now;
};

static int open_court(void **state) {
    struct court *court = calloc(1, sizeof *court);

    assert_non_null(court);
    court->merit.model = 0xabc;
    court->merit.threshold = LIMIT;
    court->now = hour;
    court->docket = (struct heal_docket){
        .merit = &court->merit,
        .verdicts = &court->verdicts,
        .choice = {.watch = hour, .false_rate = 0.005F}
    };
    heal_merit_settle(&court->merit, &court->docket.choice);
    *state = court;
    return 0;
}

static int close_court(void **state) {
    free(*state);
    return 0;
}

static struct heal_port_key port_of(unsigned number) {
    struct heal_port_key key = {.ifname = "wlan0"};

    key.peer.byte[15] = (uint8_t)number;
    return key;
}

/* The port shows this for so long; a look a second. */
static void show(struct court *court, unsigned port, int32_t logit, bool trouble, heal_us span) {
    for (heal_us end = court->now + span; court->now < end; court->now += second) {
        struct heal_look look = {
            .now = court->now, .port = port_of(port), .logit = logit, .trouble = trouble};

        (void)heal_merit_look(&court->merit, &court->verdicts, &court->docket.choice, &look);
        heal_judging_time(&court->docket, court->now);
    }
}

/* An incident at a port, from so long ago until now. */
static struct heal_trouble incident(const struct court *court, uint64_t id, unsigned port, heal_us ago) {
    return (struct heal_trouble){.is_true = true,
                                 .witness = HEAL_WITNESS_INCIDENT,
                                 .incident = id,
                                 .diagnosis = HEAL_LINK_LOSS,
                                 .begun = court->now - ago,
                                 .ended = court->now,
                                 .ports = 1,
                                 .port = {port_of(port)}};
}

static uint32_t cell(const struct court *court, enum heal_cell which) {
    return court->merit.confusion.cell[which];
}

static void assert_cells(const struct court *court, unsigned right, unsigned wrong, unsigned missed,
                         unsigned silent) {
    assert_int_equal(cell(court, HEAL_CELL_RIGHT_ALARM), right);
    assert_int_equal(cell(court, HEAL_CELL_FALSE_ALARM), wrong);
    assert_int_equal(cell(court, HEAL_CELL_MISSED), missed);
    assert_int_equal(cell(court, HEAL_CELL_RIGHT_SILENCE), silent);
}

static void test_a_calm_watch_is_a_right_silence(void **state) {
    struct court *court = *state;

    show(court, 1, LOW, false, hour);
    assert_cells(court, 0, 0, 0, 0);
    show(court, 1, LOW + 7, false, 2 * hour - minute);
    show(court, 1, LOW + 9, false, second); /* the largest counts */
    show(court, 1, LOW, false, minute);
    assert_cells(court, 0, 0, 0, 3);
    assert_int_equal(court->merit.conformal.count, 3);
    assert_int_equal(court->merit.conformal.score[1], LOW + 7);
    assert_int_equal(court->merit.conformal.score[2], LOW + 9);
    assert_int_equal(court->merit.calibration.bin[0].count, 3);
}

static void test_a_watch_that_was_broken_off_counts_for_nothing(void **state) {
    struct court *court = *state;

    show(court, 1, LOW, false, hour - minute);
    court->now += 2 * minute;
    show(court, 1, LOW, false, hour - minute);
    assert_cells(court, 0, 0, 0, 0);
}

static void test_a_troubled_watch_is_no_silence(void **state) {
    struct court *court = *state;

    show(court, 1, LOW, false, hour / 2);
    show(court, 1, LOW, true, 10 * second);
    show(court, 1, LOW, false, hour / 2);
    assert_cells(court, 0, 0, 0, 0);
    show(court, 1, LOW, false, hour);
    assert_cells(court, 0, 0, 0, 1);
}

static void test_an_alarm_about_an_incident_is_right(void **state) {
    struct court *court = *state;
    struct heal_trouble trouble;

    show(court, 1, HIGH, false, minute); /* before the thresholds see it */
    show(court, 1, HIGH + 5, true, minute);
    trouble = incident(court, 7, 1, minute);
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 1, 0, 0, 0);
    const struct heal_network_verdict *verdict = &court->verdicts.of[0];
    assert_int_equal(verdict->truth, HEAL_TRUTH_TRUE);
    assert_int_equal(verdict->witness, HEAL_WITNESS_INCIDENT);
    assert_int_equal(verdict->incident, 7);
    assert_int_equal(verdict->logit, HIGH + 5);
    assert_int_equal(court->merit.confusion.incidents[HEAL_LINK_LOSS].found, 1);
    assert_int_equal(court->merit.conformal.count, 0); /* no healthy watch */
}

static void test_an_alarm_elsewhere_is_not_about_it(void **state) {
    struct court *court = *state;
    struct heal_trouble trouble;

    show(court, 1, HIGH, false, second);
    show(court, 2, LOW, true, minute);
    trouble = incident(court, 7, 2, minute);
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 0, 0, 1, 0);
    assert_int_equal(court->merit.confusion.incidents[HEAL_LINK_LOSS].missed, 1);
    assert_false(court->verdicts.of[1].alarm);
    assert_int_equal(court->verdicts.of[0].truth, HEAL_TRUTH_OPEN);
}

static void test_what_was_not_looked_at_was_not_missed(void **state) {
    struct court *court = *state;

    show(court, 1, LOW, false, second);
    court->now += hour;
    struct heal_trouble trouble = incident(court, 7, 1, minute);
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 0, 0, 0, 0);
}

static void test_an_incident_at_two_ports_is_found_once(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, true, second);
    show(court, 2, HIGH, true, second);
    struct heal_trouble trouble = incident(court, 7, 1, minute);
    trouble.port[trouble.ports++] = port_of(2);
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 2, 0, 0, 0);
    assert_int_equal(court->merit.confusion.incidents[HEAL_LINK_LOSS].found, 1);
}

/* The operator knows better of the first: then the incident is found by the second. */
static void test_an_incident_is_found_by_an_alarm_that_counts(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, true, second);
    show(court, 2, HIGH, true, second);
    struct heal_trouble trouble = incident(court, 7, 1, minute), other = incident(court, 8, 2, minute);
    trouble.port[trouble.ports++] = port_of(2);
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], false));
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 1, 1, 0, 0);
    assert_int_equal(court->merit.confusion.incidents[HEAL_LINK_LOSS].found, 1);
    heal_judging_trouble(&court->docket, &other); /* at the same time, of which no alarm is left to tell */
    assert_int_equal(court->merit.confusion.incidents[HEAL_LINK_LOSS].found, 1);
    assert_cells(court, 1, 1, 0, 0);
}

static void test_a_label_finds_no_trouble_twice(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, true, second);
    show(court, 2, HIGH, true, second);
    struct heal_trouble fault = incident(court, 0, 1, minute);
    fault.witness = HEAL_WITNESS_INJECTOR;
    fault.port[fault.ports++] = port_of(2);
    heal_judging_trouble(&court->docket, &fault);
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[1], true));
    assert_cells(court, 2, 0, 0, 0);
    assert_int_equal(court->merit.confusion.incidents[HEAL_LINK_LOSS].found, 1);
}

/* As it is when the model was put in anew, and its verdicts are still there. */
static void test_what_is_not_counted_is_not_taken_back(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, HEAL_JUDGING_PATIENCE_US + second);
    assert_cells(court, 0, 1, 0, 0);
    court->merit.confusion = (struct heal_confusion){0};
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], true));
    assert_cells(court, 1, 0, 0, 0);
    court->merit.confusion = (struct heal_confusion){0};
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], false));
    assert_cells(court, 0, 1, 0, 0);
    assert_int_equal(court->merit.confusion.incidents[HEAL_DIAGNOSIS_UNNAMED].found, 0);
}

static void test_an_alarm_of_a_port_that_is_gone_is_over(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, minute);
    heal_judging_time(&court->docket, court->now + HEAL_JUDGING_OVER_US - 2 * second);
    assert_false(court->verdicts.of[0].over);
    heal_judging_time(&court->docket, court->now + HEAL_JUDGING_OVER_US);
    assert_true(court->verdicts.of[0].over);
}

/* That nothing was found while nobody looked is no witness against it. */
static void test_a_gap_is_no_silence(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, minute);
    court->now += hour;
    heal_judging_gap(&court->docket);
    show(court, 1, HIGH, false, minute);
    assert_int_equal(court->verdicts.of[0].truth, HEAL_TRUTH_UNKNOWN);
    assert_true(court->verdicts.of[0].over);
    assert_int_equal(court->verdicts.count, 2); /* it is said anew */
    assert_cells(court, 0, 0, 0, 0);
    struct heal_trouble trouble = incident(court, 7, 1, 2 * hour);
    heal_judging_trouble(&court->docket, &trouble); /* who knows, knows */
    assert_cells(court, 2, 0, 0, 0);
}

static void test_an_alarm_that_nothing_explains_was_false(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, minute);
    show(court, 1, LOW, false, HEAL_JUDGING_PATIENCE_US - minute);
    assert_cells(court, 0, 0, 0, 0);
    show(court, 1, LOW, false, second);
    assert_cells(court, 0, 1, 0, 0);
    assert_int_equal(court->verdicts.of[0].witness, HEAL_WITNESS_SILENCE);
    assert_int_equal(court->merit.conformal.score[0], HIGH);
}

static void test_one_that_was_suspected_too_is_unknown(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, minute);
    show(court, 1, HIGH, true, 2 * second);
    show(court, 1, LOW, false, HEAL_JUDGING_PATIENCE_US + minute);
    assert_int_equal(court->verdicts.of[0].truth, HEAL_TRUTH_UNKNOWN);
    assert_cells(court, 0, 0, 0, 0);
}

/* It is not known before there was no sign of it for as long as a silence takes. */
static void test_a_sign_prolongs_the_wait(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, 5 * minute);
    show(court, 1, HIGH, true, 2 * second);
    show(court, 1, LOW, false, 9 * minute);
    assert_int_equal(court->verdicts.of[0].truth, HEAL_TRUTH_OPEN);
    show(court, 1, LOW, false, 2 * minute);
    assert_int_equal(court->verdicts.of[0].truth, HEAL_TRUTH_UNKNOWN);
}

/* Features lag behind, but not for ever. */
static void test_what_is_said_after_the_end_is_about_it_for_a_while(void **state) {
    struct court *court = *state;

    for (unsigned late = 0; late < 2; late++) {
        struct heal_trouble trouble = incident(court, 7 + late, 1, minute);

        court->now += HEAL_JUDGING_GRACE_US + (late ? second : 0);
        show(court, 1, HIGH, false, second);
        heal_judging_trouble(&court->docket, &trouble);
        assert_int_equal(court->verdicts.of[late].truth, late ? HEAL_TRUTH_OPEN : HEAL_TRUTH_TRUE);
        show(court, 1, LOW, false, HEAL_JUDGING_OVER_US + second);
    }
}

/* What one incident has explained stays so, whatever became of another at the same time. */
static void test_what_is_explained_stays_so(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, true, minute);
    struct heal_trouble first = incident(court, 7, 1, minute), other = incident(court, 8, 1, minute);
    heal_judging_trouble(&court->docket, &first);
    other.is_true = false;
    heal_judging_trouble(&court->docket, &other);
    assert_int_equal(court->verdicts.of[0].truth, HEAL_TRUTH_TRUE);
    other.is_true = true;
    heal_judging_trouble(&court->docket, &other);
    assert_int_equal(court->verdicts.of[0].incident, 7);
    assert_cells(court, 1, 0, 0, 0);
}

/* Each of two models has its own. */
static void test_another_models_verdicts_are_not_judged(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, true, second);
    court->merit.model = 0xdef;
    court->merit.shadow = true;
    struct heal_trouble trouble = incident(court, 7, 1, minute);
    heal_judging_trouble(&court->docket, &trouble);
    assert_int_equal(court->verdicts.of[0].truth, HEAL_TRUTH_OPEN);
    assert_cells(court, 0, 0, 1, 0);
    assert_true(court->verdicts.of[1].shadow);
}

static void test_a_place_goes_to_who_needs_it(void **state) {
    struct court *court = *state;
    const struct heal_port_key one = port_of(1), two = port_of(2);

    for (unsigned port = 2; port <= HEAL_PORTS_MAX; port++)
        show(court, port, LOW, false, second);
    show(court, 1, LOW, false, second);
    show(court, HEAL_PORTS_MAX + 1, LOW, false, second);
    assert_non_null(heal_merit_watch(&court->merit, &one));
    assert_null(heal_merit_watch(&court->merit, &two)); /* it was not looked at for longest */
}

static void test_a_refuted_incident_refutes_the_alarm(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, true, 4 * second);
    struct heal_trouble trouble = incident(court, 7, 1, 4 * second);
    trouble.is_true = false;
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 0, 1, 0, 0);
}

static void test_later_trouble_makes_an_early_alarm_right(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, HEAL_JUDGING_PATIENCE_US + minute);
    assert_cells(court, 0, 1, 0, 0);
    show(court, 1, HIGH, true, minute);
    struct heal_trouble trouble = incident(court, 7, 1, minute);
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 1, 0, 0, 0);
    assert_int_equal(court->merit.conformal.count, 0); /* its score was taken back */
}

static void test_the_operator_has_the_last_word(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, HEAL_JUDGING_PATIENCE_US + minute);
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], true));
    assert_cells(court, 1, 0, 0, 0);
    assert_int_equal(court->merit.confusion.incidents[HEAL_DIAGNOSIS_UNNAMED].found, 1);
    assert_false(heal_judging_label(&court->docket, &court->verdicts.of[0], true));
    struct heal_trouble trouble = incident(court, 7, 1, minute);
    trouble.is_true = false;
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 1, 0, 0, 0);
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], false));
    assert_cells(court, 0, 1, 0, 0);
    assert_int_equal(court->merit.confusion.incidents[HEAL_DIAGNOSIS_UNNAMED].found, 0);
}

static void test_a_label_on_the_incident_counts_for_its_verdicts(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, true, minute);
    show(court, 2, LOW, true, minute);
    struct heal_trouble first = incident(court, 7, 1, minute), second_one = incident(court, 8, 2, minute);
    heal_judging_trouble(&court->docket, &first);
    heal_judging_trouble(&court->docket, &second_one);
    assert_cells(court, 1, 0, 1, 0);
    first.is_true = second_one.is_true = false;
    first.witness = second_one.witness = HEAL_WITNESS_OPERATOR;
    heal_judging_trouble(&court->docket, &first);
    heal_judging_trouble(&court->docket, &second_one);
    assert_cells(court, 0, 1, 0, 0); /* what was not there was not missed */
    first.is_true = true;
    heal_judging_trouble(&court->docket, &first);
    assert_cells(court, 1, 0, 0, 0);
}

/* Who makes a fault and the thresholds that see it speak of one trouble. */
static void test_two_witnesses_of_one_trouble(void **state) {
    struct court *court = *state;

    show(court, 1, LOW, true, minute);
    struct heal_trouble fault = incident(court, 0, 1, minute);
    fault.witness = HEAL_WITNESS_INJECTOR;
    heal_judging_trouble(&court->docket, &fault);
    struct heal_trouble seen = incident(court, 7, 1, minute);
    heal_judging_trouble(&court->docket, &seen);
    assert_cells(court, 0, 0, 1, 0);
    show(court, 2, HIGH, true, minute);
    fault.port[0] = seen.port[0] = port_of(2);
    heal_judging_trouble(&court->docket, &seen);
    heal_judging_trouble(&court->docket, &fault);
    assert_cells(court, 1, 0, 1, 0);
}

static void test_false_alarms_within_a_watch_are_one_score(void **state) {
    struct court *court = *state;

    for (unsigned i = 0; i < 3; i++) {
        show(court, 1, HIGH + (int32_t)i, false, second);
        show(court, 1, LOW, false, HEAL_JUDGING_PATIENCE_US + minute);
    }
    assert_cells(court, 0, 3, 0, 0);
    assert_int_equal(court->merit.conformal.count, 1);
    show(court, 1, LOW, false, hour);
    show(court, 1, HIGH, false, second);
    show(court, 1, LOW, false, HEAL_JUDGING_PATIENCE_US + minute);
    assert_cells(court, 0, 4, 0, 0);
    assert_int_equal(court->merit.conformal.count, 2);
}

/* The earlier of two is thought to be right for a while; it is not the score of the later's watch, nor are
 * two in one. */
static void test_false_alarms_are_judged_in_any_order(void **state) {
    struct court *court = *state;

    for (unsigned i = 0; i < 3; i++) {
        show(court, 1, HIGH + (int32_t)i, false, second);
        show(court, 1, LOW, false, 2 * hour);
    }
    assert_int_equal(court->verdicts.count, 3);
    uint16_t scores = court->merit.conformal.count;
    struct heal_network_verdict *first = &court->verdicts.of[0];
    assert_true(heal_judging_label(&court->docket, first, true));
    assert_int_equal(court->merit.conformal.count, scores - 1);
    assert_true(heal_judging_label(&court->docket, first, false));
    assert_int_equal(court->merit.conformal.count, scores);
    show(court, 1, HIGH, false, second);
    show(court, 1, LOW, false, 11 * minute);
    assert_true(heal_judging_label(&court->docket, first, true));
    assert_true(heal_judging_label(&court->docket, first, false));
    show(court, 1, HIGH, false, second);
    show(court, 1, LOW, false, 11 * minute);
    assert_true(court->verdicts.of[4].again); /* of the fourth's watch all the same */
    assert_int_equal(court->verdicts.of[4].truth, HEAL_TRUTH_FALSE);
}

/* What was judged is judged by what was said then, and counted as it was. */
static void test_what_was_judged_is_said(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, HEAL_JUDGING_PATIENCE_US + second);
    show(court, 1, HIGH + 9, false, minute);
    assert_int_equal(court->verdicts.of[0].logit, HIGH);
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], true));
    assert_int_equal(court->merit.conformal.count, 0);
}

/* Looks that follow each other are much the same. */
static void test_one_look_a_minute_is_counted_for_the_drift(void **state) {
    struct court *court = *state;

    court->merit.training.known = 0xff;
    show(court, 1, LOW, false, 10 * minute);
    show(court, 2, LOW, false, minute);
    for (int feature = 0; feature < HEAL_FEATURES; feature++)
        assert_int_equal(court->merit.drift.now.missing[feature], 11);
}

static void test_counters_only_rise(void **state) {
    struct court *court = *state;
    const uint32_t *judged = court->merit.judged;

    show(court, 1, HIGH, false, HEAL_JUDGING_PATIENCE_US + second);
    assert_int_equal(judged[HEAL_CELL_FALSE_ALARM], 1);
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], false)); /* the same truth */
    assert_int_equal(judged[HEAL_CELL_FALSE_ALARM], 1);
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], true));
    assert_int_equal(judged[HEAL_CELL_FALSE_ALARM], 1);
    assert_int_equal(judged[HEAL_CELL_RIGHT_ALARM], 1);
    show(court, 2, LOW, false, hour + second);
    assert_int_equal(judged[HEAL_CELL_RIGHT_SILENCE], 1);
}

/* All that is judged, or ends, is to be kept. */
static void test_what_changes_is_to_be_kept(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, second);
    heal_verdicts_kept(&court->verdicts, &court->verdicts.of[0]);
    show(court, 1, LOW, false, minute);
    assert_ptr_equal(heal_verdicts_unkept(&court->verdicts), &court->verdicts.of[0]); /* it is over */
    heal_verdicts_kept(&court->verdicts, &court->verdicts.of[0]);
    court->merit.unkept = false;
    assert_true(heal_judging_label(&court->docket, &court->verdicts.of[0], true));
    assert_ptr_equal(heal_verdicts_unkept(&court->verdicts), &court->verdicts.of[0]);
    assert_true(court->merit.unkept);
}

static void test_an_alarm_that_never_ends_is_false_with_each_watch(void **state) {
    struct court *court = *state;

    show(court, 1, HIGH, false, 3 * hour);
    assert_cells(court, 0, 3, 0, 0);
    assert_int_equal(court->merit.conformal.count, 3);
}

static void test_missed_by_word_of_mouth(void **state) {
    struct court *court = *state;

    heal_judging_missed(&court->docket, HEAL_LINK_FLAP, court->now);
    assert_cells(court, 0, 0, 1, 0);
    assert_int_equal(court->merit.confusion.incidents[HEAL_LINK_FLAP].missed, 1);
    for (unsigned bin = 0; bin < HEAL_CALIBRATION_BINS; bin++)
        assert_int_equal(court->merit.calibration.bin[bin].count,
                         0); /* nothing was said that could be held against it */
}

static void test_an_earlier_run_is_told_by_number_alone(void **state) {
    struct court *court = *state;
    struct heal_network_verdict kept = {.id = 5, .model = court->merit.model, .alarm = true, .over = true};

    kept.port = port_of(1);
    kept.begun = kept.last = court->now;
    kept.earlier = true;
    kept.truth = HEAL_TRUTH_UNKNOWN;
    kept.diagnosis = HEAL_DIAGNOSIS_UNNAMED;
    kept.incident = 3;
    heal_verdicts_restore(&court->verdicts, &kept);
    struct heal_trouble trouble = incident(court, 4, 1, minute);
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 0, 0, 0, 0);
    trouble.incident = 3;
    heal_judging_trouble(&court->docket, &trouble);
    assert_cells(court, 1, 0, 0, 0);
}

static void test_the_threshold_follows_the_healthy(void **state) {
    struct court *court = *state;

    assert_int_equal(court->merit.in_force, LIMIT);
    for (unsigned i = 0; i < 199; i++) {
        assert_int_equal(court->merit.in_force, LIMIT);
        show(court, 1, LOW + (int32_t)i, false, hour);
    }
    show(court, 1, LOW, false, second);
    assert_int_equal(court->merit.in_force, LOW + 198);
}

static void test_recent_is_of_the_last_that_were_judged(void **state) {
    struct court *court = *state;

    for (unsigned i = 0; i < 100; i++) {
        struct heal_network_verdict *verdict = heal_verdicts_make(&court->verdicts);
        verdict->model = court->merit.model;
        verdict->alarm = true;
        verdict->truth = i < 50 ? HEAL_TRUTH_FALSE : i < 90 ? HEAL_TRUTH_TRUE : HEAL_TRUTH_OPEN;
    }
    struct heal_network_verdict *missed = heal_verdicts_make(&court->verdicts);
    missed->model = court->merit.model;
    missed->truth = HEAL_TRUTH_TRUE; /* no alarm, and no matter of precision */
    struct heal_share recent = heal_judging_recent(&court->verdicts, court->merit.model, 0);
    assert_int_equal(recent.trials, HEAL_JUDGING_RECENT);
    assert_int_equal(recent.hits, 40);
    recent = heal_judging_recent(&court->verdicts, court->merit.model, 81);
    assert_true(recent.trials == 10 && recent.hits == 10);
    assert_int_equal(heal_judging_recent(&court->verdicts, 1, 0).trials, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_court, close_court)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_calm_watch_is_a_right_silence),
        TEST(test_a_watch_that_was_broken_off_counts_for_nothing),
        TEST(test_a_troubled_watch_is_no_silence),
        TEST(test_an_alarm_about_an_incident_is_right),
        TEST(test_an_alarm_elsewhere_is_not_about_it),
        TEST(test_what_was_not_looked_at_was_not_missed),
        TEST(test_an_incident_at_two_ports_is_found_once),
        TEST(test_an_incident_is_found_by_an_alarm_that_counts),
        TEST(test_a_label_finds_no_trouble_twice),
        TEST(test_what_is_not_counted_is_not_taken_back),
        TEST(test_an_alarm_of_a_port_that_is_gone_is_over),
        TEST(test_a_gap_is_no_silence),
        TEST(test_an_alarm_that_nothing_explains_was_false),
        TEST(test_one_that_was_suspected_too_is_unknown),
        TEST(test_a_sign_prolongs_the_wait),
        TEST(test_what_is_said_after_the_end_is_about_it_for_a_while),
        TEST(test_what_is_explained_stays_so),
        TEST(test_another_models_verdicts_are_not_judged),
        TEST(test_a_place_goes_to_who_needs_it),
        TEST(test_a_refuted_incident_refutes_the_alarm),
        TEST(test_later_trouble_makes_an_early_alarm_right),
        TEST(test_the_operator_has_the_last_word),
        TEST(test_a_label_on_the_incident_counts_for_its_verdicts),
        TEST(test_two_witnesses_of_one_trouble),
        TEST(test_false_alarms_within_a_watch_are_one_score),
        TEST(test_false_alarms_are_judged_in_any_order),
        TEST(test_what_was_judged_is_said),
        TEST(test_one_look_a_minute_is_counted_for_the_drift),
        TEST(test_counters_only_rise),
        TEST(test_what_changes_is_to_be_kept),
        TEST(test_an_alarm_that_never_ends_is_false_with_each_watch),
        TEST(test_missed_by_word_of_mouth),
        TEST(test_an_earlier_run_is_told_by_number_alone),
        TEST(test_the_threshold_follows_the_healthy),
        TEST(test_recent_is_of_the_last_that_were_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
