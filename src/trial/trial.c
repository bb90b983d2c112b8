/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "trial/trial.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "lab/clock.h"

static const heal_us tick_us = 20 * HEAL_US_PER_MS;
static const heal_us measure_us = 250 * HEAL_US_PER_MS;
/* Packets sent until then have arrived or are lost. */
static const heal_us arrival_us = 500 * HEAL_US_PER_MS;
static const heal_us routes_look_us = 500 * HEAL_US_PER_MS, routes_within_us = 300 * HEAL_US_PER_MS;

/** A trial under way. */
struct run {
    struct heal_twin *twin;
    struct heal_witness *witness;
    const struct heal_trial *trial;
    const struct heal_trial_pace *pace;
    const struct heal_trial_ear *ear;
    struct heal_fault fault;
    int handle[HEAL_TWINS];
    heal_us in, out; /* when the fault came, and went (0: it is there) */
    bool told_healed;
    bool verified[HEAL_TWINS];
    struct heal_findings findings;
    struct heal_harm harm;
    struct heal_trial_result result;
};

static double after_s(const struct run *run, heal_us time) {
    return time > run->in ? (double)(time - run->in) / (double)HEAL_US_PER_S : 0;
}

static void tell(const struct run *run, enum heal_trial_news news, heal_us time,
                 enum heal_findings_news findings_news, const struct heal_sighting *sighting) {
    if (run->ear->hear)
        run->ear->hear(run->ear->context, news, after_s(run, time), findings_news, sighting);
}

static bool goes_on(const struct run *run) {
    return !run->ear->go_on || run->ear->go_on(run->ear->context);
}

static void listen(struct run *run) {
    struct heal_sighting sighting;

    while (heal_witness_next(run->witness, &sighting)) {
        enum heal_findings_news news = heal_findings_take(&run->findings, &sighting);

        if (news != HEAL_FINDINGS_NOTHING)
            tell(run, HEAL_TRIAL_SIGHTING, sighting.decision.time, news, &sighting);
    }
}

/* One tick of the clock. @return false: to be ended. */
static bool tick(struct run *run) {
    struct timespec pause = {.tv_nsec = (long)(tick_us * 1000)};

    nanosleep(&pause, NULL);
    heal_twin_tick(run->twin);
    listen(run);
    if (run->out == 0)
        heal_harm_look(&run->harm, run->twin, heal_lab_now());
    return goes_on(run);
}

/* The harm is over if there was none in so long a time that has been looked at. */
static bool harm_is_over(const struct run *run, heal_us span) {
    heal_us last = run->harm.last > run->in ? run->harm.last : run->in;

    return run->findings.detected != 0 && run->harm.looked >= last + span;
}

/* What a fault does is asked while it does it: once healed there may be nothing left to see. The words of
 * when it was first seen to have taken hold are kept. */
static void measure(struct run *run) {
    for (int side = 0; side < HEAL_TWINS; side++) {
        struct heal_fault_measured measured = {0};

        (void)heal_faults_measure(run->twin->faults[side], run->handle[side], &measured);
        if (side == HEAL_TWIN_WITH && !run->verified[side])
            heal_name_copy(run->result.measured, sizeof run->result.measured, measured.what);
        run->verified[side] = run->verified[side] || measured.verified;
    }
    run->result.verified = run->verified[HEAL_TWIN_WITH] && run->verified[HEAL_TWIN_WITHOUT];
}

static void hold(struct run *run) {
    heal_us measured = run->in;

    while (tick(run)) {
        heal_us now = heal_lab_now(), held = now - run->in;
        bool over = harm_is_over(run, run->pace->healed_for);

        if (!run->result.verified && now - measured >= measure_us) {
            measured = now;
            measure(run);
        }
        if (over && !run->told_healed) {
            run->told_healed = true;
            tell(run, HEAL_TRIAL_HEALED, run->harm.last, HEAL_FINDINGS_NOTHING, NULL);
        }
        if ((over && held >= run->pace->least) || held >= run->pace->most)
            break;
    }
}

/* What has been healed, judged while the fault was there: after, everything is well. */
static void judge(struct run *run) {
    struct heal_trial_result *result = &run->result;
    const struct heal_findings *findings = &run->findings;
    heal_us last = run->harm.last;

    result->detected = findings->detected != 0;
    result->detect_s = after_s(run, findings->detected);
    result->right = findings->diagnosed != 0 && findings->diagnosis == run->trial->diagnosis;
    result->diagnosis = findings->diagnosis;
    result->harmed = last > run->in;
    /* What never did harm here has not been healed here. */
    result->healed = result->harmed && harm_is_over(run, run->pace->healed_for);
    result->heal_s =
        last > findings->detected ? (double)(last - findings->detected) / (double)HEAL_US_PER_S : 0;
    result->held_s = after_s(run, run->out);
    heal_name_copy(result->remedy, sizeof result->remedy, findings->remedy);
}

static bool routes_are_back(const struct run *run) {
    for (int side = 0; side < HEAL_TWINS; side++)
        if (heal_lab_wait_converged(run->twin->lab[side], routes_within_us, NULL) < 0)
            return false;
    return true;
}

/* Until nothing is left of the fault, or the time for that is over. */
static void calm_down(struct run *run) {
    heal_us looked = 0;

    while (tick(run)) {
        heal_us now = heal_lab_now(), gone = now - run->out;

        if (gone >= run->pace->after_most)
            break;
        if (gone < run->pace->after_least || heal_findings_open(&run->findings) ||
            now - looked < routes_look_us)
            continue;
        looked = now;
        run->result.calm_again = routes_are_back(run);
        if (run->result.calm_again)
            break;
    }
    tell(run, HEAL_TRIAL_CALM, heal_lab_now(), HEAL_FINDINGS_NOTHING, NULL);
}

static void count(struct run *run) {
    heal_us end = heal_lab_now();

    while (heal_lab_now() < end + arrival_us && tick(run))
        continue;
    for (int side = 0; side < HEAL_TWINS; side++)
        run->result.lost[side] =
            heal_twin_harm(run->twin, (enum heal_twin_side)side, run->in, end, &run->result.sent[side]);
    run->result.acts = run->findings.acts;
    run->result.acts_elsewhere = run->findings.acts_elsewhere;
    run->result.incidents_elsewhere = run->findings.incidents_elsewhere;
}

static void carry_through(struct run *run) {
    tell(run, HEAL_TRIAL_FAULT_IN, run->in, HEAL_FINDINGS_NOTHING, NULL);
    hold(run);
    measure(run);
    run->out = heal_lab_now();
    heal_twin_undo(run->twin, run->handle);
    listen(run);
    judge(run);
    tell(run, HEAL_TRIAL_FAULT_OUT, run->out, HEAL_FINDINGS_NOTHING, NULL);
    if (goes_on(run))
        calm_down(run);
    count(run);
}

int heal_trial_run(struct heal_twin *twin, struct heal_witness *witness, const struct heal_trial *trial,
                   const struct heal_trial_pace *pace, const struct heal_trial_ear *ear,
                   struct heal_trial_result *ret_result, struct heal_error *error) {
    const struct heal_topology *topology = heal_lab_topology(twin->lab[HEAL_TWIN_WITH]);
    struct run run = {.twin = twin, .witness = witness, .trial = trial, .pace = pace, .ear = ear};
    int r = heal_fault_parse(trial->fault, topology, &run.fault, error);

    if (r < 0)
        return r;
    run.in = heal_lab_now();
    heal_findings_init(&run.findings, topology, &run.fault, run.in);
    listen(&run);
    heal_harm_begin(&run.harm, trial->harm, &run.fault, twin, run.in);
    run.in = heal_lab_now();
    r = heal_twin_apply(twin, &run.fault, run.handle, error);
    if (r < 0)
        return r;
    carry_through(&run);
    *ret_result = run.result;
    return goes_on(&run) ? 0 : -EINTR;
}

double heal_trial_lost_ratio(const struct heal_trial_result *results, size_t count) {
    double lost[HEAL_TWINS] = {0};

    for (size_t i = 0; i < count; i++)
        for (int side = 0; side < HEAL_TWINS; side++)
            lost[side] += (double)results[i].lost[side];
    return lost[HEAL_TWIN_WITH] > 0 ? lost[HEAL_TWIN_WITHOUT] / lost[HEAL_TWIN_WITH] : 0;
}
