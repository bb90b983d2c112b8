/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/merit.h"

#include <string.h>

/* A port that was not looked at for so long is watched anew. */
static const heal_us break_us = 60 * HEAL_US_PER_S;
/* Consecutive looks are much the same: one a minute is counted for the drift. */
static const heal_us drift_every_us = 60 * HEAL_US_PER_S;

void heal_merit_settle(struct heal_merit *merit, const struct heal_merit_choice *choice) {
    struct heal_conformal_bound bound = heal_conformal_bound(&merit->conformal, choice->false_rate);
    merit->in_force = bound.known ? bound.threshold : merit->threshold;
}

static enum heal_cell cell_of(const struct heal_network_verdict *verdict) {
    bool sick = verdict->truth == HEAL_TRUTH_TRUE;
    return !sick ? HEAL_CELL_FALSE_ALARM : verdict->alarm ? HEAL_CELL_RIGHT_ALARM : HEAL_CELL_MISSED;
}

/* That there was no trouble where none was told of says nothing new. */
static bool counts(const struct heal_network_verdict *verdict) {
    return verdict->truth == HEAL_TRUTH_TRUE || (verdict->truth == HEAL_TRUTH_FALSE && verdict->alarm);
}

/* What was counted in a record that was begun anew since is not there to be taken back. */
static void count(uint32_t *counter, int by) {
    if (by > 0 || *counter > 0)
        *counter += (uint32_t)by;
}

/* Adds what a verdict counts for, or (@p by -1) takes it back. */
static void tally(struct heal_merit *merit, const struct heal_network_verdict *verdict, int by) {
    void (*rate)(struct heal_calibration *, int32_t, bool) =
        by > 0 ? heal_calibration_add : heal_calibration_take_back;
    void (*score)(struct heal_conformal *, int32_t) = by > 0 ? heal_conformal_add : heal_conformal_take_back;
    struct heal_found *incidents = &merit->confusion.incidents[verdict->diagnosis];
    bool sick = verdict->truth == HEAL_TRUTH_TRUE;
    if (!counts(verdict))
        return;
    count(&merit->confusion.cell[cell_of(verdict)], by);
    if (sick && verdict->first)
        count(verdict->alarm ? &incidents->found : &incidents->missed, by);
    if (verdict->port.ifname[0] != '\0')
        rate(&merit->calibration, verdict->logit, sick);
    if (!sick && !verdict->again)
        score(&merit->conformal, verdict->logit);
}

const struct heal_watch *heal_merit_watch(const struct heal_merit *merit, const struct heal_port_key *port) {
    for (size_t i = 0; i < HEAL_PORTS_MAX; i++)
        if (heal_port_key_equal(&merit->watch[i].port, port))
            return &merit->watch[i];
    return NULL;
}

static struct heal_watch *watch_of(struct heal_merit *merit, const struct heal_port_key *port) {
    const struct heal_watch *watch = heal_merit_watch(merit, port);
    return watch ? &merit->watch[watch - merit->watch] : NULL;
}

/* Several false alarms of one port within a watch are one watch that was not silent. They may be judged in
 * any order; the clock of an earlier run is not this one's. */
static void note_false(struct heal_merit *merit, struct heal_network_verdict *verdict, heal_us span) {
    struct heal_watch *watch = watch_of(merit, &verdict->port);
    if (!watch || verdict->earlier)
        return;
    heal_us last = watch->false_at, begun = verdict->begun;
    heal_us apart = begun > last ? begun - last : last - begun;
    verdict->again = last != 0 && last != begun && apart < span;
    if (!verdict->again && begun > last)
        watch->false_at = begun;
}

bool heal_merit_judge(struct heal_merit *merit, struct heal_verdicts *verdicts,
                      struct heal_network_verdict *verdict, const struct heal_merit_choice *choice,
                      const struct heal_word *word) {
    if (word->witness < verdict->witness ||
        (word->witness == verdict->witness && word->truth == verdict->truth))
        return false;
    bool another = word->truth != verdict->truth;
    tally(merit, verdict, -1);
    verdict->truth = word->truth;
    verdict->witness = word->witness;
    verdict->incident = word->incident;
    verdict->diagnosis = word->diagnosis;
    verdict->first = word->first;
    if (word->truth == HEAL_TRUTH_FALSE && verdict->alarm)
        note_false(merit, verdict, choice->watch);
    tally(merit, verdict, 1);
    merit->judged[cell_of(verdict)] += another && counts(verdict);
    heal_merit_settle(merit, choice);
    heal_verdicts_touch(verdicts, verdict);
    merit->unkept = true;
    return true;
}

/* The place of a port's watch; in place of the one that was not looked at for longest. */
static struct heal_watch *watch_place(struct heal_merit *merit, const struct heal_look *look) {
    struct heal_watch *place = watch_of(merit, &look->port);
    if (place)
        return place;
    place = &merit->watch[0];
    for (size_t i = 1; i < HEAL_PORTS_MAX; i++)
        if (merit->watch[i].last < place->last)
            place = &merit->watch[i];
    *place = (struct heal_watch){.port = look->port};
    return place;
}

static void begin_watch(struct heal_watch *watch, const struct heal_look *look) {
    watch->begun = look->now;
    watch->peak = look->logit;
    watch->troubled = false;
}

/* A watch that has lasted long enough is over: without trouble it was a right silence. */
static void end_watch(struct heal_merit *merit, struct heal_watch *watch,
                      const struct heal_merit_choice *choice, const struct heal_look *look) {
    if (!watch->troubled) {
        merit->confusion.cell[HEAL_CELL_RIGHT_SILENCE]++;
        merit->judged[HEAL_CELL_RIGHT_SILENCE]++;
        heal_calibration_add(&merit->calibration, watch->peak, false);
        heal_conformal_add(&merit->conformal, watch->peak);
        heal_merit_settle(merit, choice);
        merit->unkept = true;
    }
    begin_watch(watch, look);
}

/* One that was false and goes on for ever is false again with each watch. */
static void go_on(struct heal_verdicts *verdicts, struct heal_network_verdict *alarm,
                  const struct heal_merit_choice *choice, const struct heal_look *look, bool above) {
    bool lasts = alarm->truth == HEAL_TRUTH_FALSE && look->now - alarm->begun >= choice->watch;
    if (above && !lasts) {
        alarm->last = look->now;
        /* What was judged is judged by what was said then. */
        if (look->logit > alarm->logit && alarm->truth == HEAL_TRUTH_OPEN)
            alarm->logit = look->logit;
    } else if (lasts) {
        alarm->over = true;
        heal_verdicts_touch(verdicts, alarm);
    }
}

static struct heal_network_verdict *raise(struct heal_verdicts *verdicts, const struct heal_merit *merit,
                                          const struct heal_look *look) {
    struct heal_network_verdict *verdict = heal_verdicts_make(verdicts);
    verdict->model = merit->model;
    verdict->shadow = merit->shadow;
    verdict->alarm = true;
    verdict->port = look->port;
    verdict->neighbour = look->neighbour;
    verdict->logit = look->logit;
    verdict->threshold = merit->in_force;
    verdict->begun = verdict->last = look->now;
    verdict->mode = look->mode;
    return verdict;
}

static void watch_on(struct heal_merit *merit, struct heal_watch *watch,
                     const struct heal_merit_choice *choice, const struct heal_look *look) {
    if (watch->begun == 0 || look->now - watch->last > break_us)
        begin_watch(watch, look);
    else if (look->now - watch->begun >= choice->watch)
        end_watch(merit, watch, choice, look);
    watch->last = look->now;
    watch->peak = look->logit > watch->peak ? look->logit : watch->peak;
    watch->troubled = watch->troubled || look->trouble || look->logit > merit->in_force;
    watch->trouble_at = look->trouble ? look->now : watch->trouble_at;
    if (watch->drift_at != 0 && look->now - watch->drift_at < drift_every_us)
        return;
    heal_drift_add(&merit->drift, &merit->training, look->now, &look->features);
    watch->drift_at = look->now;
}

struct heal_network_verdict *heal_merit_look(struct heal_merit *merit, struct heal_verdicts *verdicts,
                                             const struct heal_merit_choice *choice,
                                             const struct heal_look *look) {
    struct heal_watch *watch = watch_place(merit, look);
    watch_on(merit, watch, choice, look);
    bool above = look->logit > merit->in_force;
    struct heal_network_verdict *alarm =
        watch->alarm != 0 ? heal_verdicts_find(verdicts, watch->alarm) : NULL;
    if (alarm && !alarm->over)
        go_on(verdicts, alarm, choice, look, above);
    if (alarm && !alarm->over)
        return NULL;
    struct heal_network_verdict *raised = above ? raise(verdicts, merit, look) : NULL;
    watch->alarm = raised ? raised->id : 0;
    return raised;
}
