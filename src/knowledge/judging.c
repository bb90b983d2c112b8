/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/judging.h"

static bool is_of(const struct heal_docket *docket, const struct heal_network_verdict *verdict) {
    return verdict->model == docket->merit->model;
}

static bool is_at(const struct heal_trouble *trouble, const struct heal_port_key *port) {
    for (size_t i = 0; i < trouble->ports; i++)
        if (heal_port_key_equal(&trouble->port[i], port))
            return true;
    return false;
}

/* Was it said at the place of the trouble, and near enough in time? What other trouble has explained already
 * was no early word of this one. */
static bool is_about(const struct heal_trouble *trouble, const struct heal_network_verdict *verdict) {
    heal_us early = verdict->truth == HEAL_TRUTH_TRUE ? 0 : HEAL_JUDGING_PATIENCE_US;
    if (trouble->incident != 0 && verdict->incident == trouble->incident)
        return true;
    return is_at(trouble, &verdict->port) && !verdict->earlier && verdict->last + early >= trouble->begun &&
           verdict->begun <= trouble->ended + HEAL_JUDGING_GRACE_US;
}

/* What other trouble has shown to be true stays so, whatever this one was. */
static bool is_settled(const struct heal_trouble *trouble, const struct heal_network_verdict *verdict) {
    return verdict->truth == HEAL_TRUTH_TRUE && verdict->incident != 0 &&
           verdict->incident != trouble->incident;
}

static bool was_looked_at(const struct heal_docket *docket, const struct heal_trouble *trouble,
                          struct heal_port_key *ret_port, int32_t *ret_peak) {
    for (size_t i = 0; i < trouble->ports; i++) {
        const struct heal_watch *watch = heal_merit_watch(docket->merit, &trouble->port[i]);
        if (!watch || watch->last < trouble->begun)
            continue;
        *ret_peak = watch->peak;
        *ret_port = trouble->port[i];
        return true;
    }
    return false;
}

static void note_missed(const struct heal_docket *docket, const struct heal_trouble *trouble,
                        const struct heal_port_key *port, int32_t peak) {
    const struct heal_merit *merit = docket->merit;
    struct heal_network_verdict *verdict = heal_verdicts_make(docket->verdicts);
    verdict->model = merit->model;
    verdict->shadow = merit->shadow;
    verdict->port = *port;
    verdict->logit = peak;
    verdict->threshold = merit->in_force;
    verdict->begun = trouble->begun;
    verdict->last = trouble->ended;
    verdict->over = true;
    const struct heal_word word = {.truth = HEAL_TRUTH_TRUE,
                                   .witness = trouble->witness,
                                   .incident = trouble->incident,
                                   .diagnosis = trouble->diagnosis,
                                   .first = true};
    (void)heal_merit_judge(docket->merit, docket->verdicts, verdict, &docket->choice, &word);
}

/* Is it by this verdict that the trouble counts as found, or missed? Who makes a fault, and the incident that
 * it brings, speak of one trouble. */
static bool has_counted(const struct heal_trouble *trouble, const struct heal_network_verdict *verdict) {
    return verdict->truth == HEAL_TRUTH_TRUE && verdict->first &&
           (trouble->incident == 0 || verdict->incident == 0 || verdict->incident == trouble->incident);
}

void heal_judging_trouble(const struct heal_docket *docket, const struct heal_trouble *trouble) {
    struct heal_verdicts *verdicts = docket->verdicts;
    struct heal_word word = {.truth = trouble->is_true ? HEAL_TRUTH_TRUE : HEAL_TRUTH_FALSE,
                             .witness = trouble->witness,
                             .incident = trouble->incident,
                             .diagnosis = trouble->diagnosis};
    struct heal_port_key port;
    bool told = false, counted = false;
    int32_t peak;
    for (size_t i = 0; i < verdicts->count; i++) {
        struct heal_network_verdict *verdict = &verdicts->of[i];
        if (!is_of(docket, verdict) || !is_about(trouble, verdict))
            continue;
        word.first = trouble->is_true && !counted;
        told = true;
        if (!is_settled(trouble, verdict))
            (void)heal_merit_judge(docket->merit, verdicts, verdict, &docket->choice, &word);
        counted = counted || has_counted(trouble, verdict);
    }
    if (trouble->is_true && !told && was_looked_at(docket, trouble, &port, &peak))
        note_missed(docket, trouble, &port, peak);
}

/* Its port may be gone: then nobody looks at it any more. */
static void end_alarm(struct heal_verdicts *verdicts, struct heal_network_verdict *verdict) {
    if (verdict->over)
        return;
    verdict->over = true;
    heal_verdicts_touch(verdicts, verdict);
}

static void judge_by_silence(const struct heal_docket *docket, struct heal_network_verdict *verdict,
                             enum heal_truth truth) {
    const struct heal_word word = {
        .truth = truth, .witness = HEAL_WITNESS_SILENCE, .diagnosis = HEAL_DIAGNOSIS_UNNAMED};
    (void)heal_merit_judge(docket->merit, docket->verdicts, verdict, &docket->choice, &word);
}

/* What the thresholds have at least suspected is not false because nothing came of it. */
static void judge_in_time(const struct heal_docket *docket, struct heal_network_verdict *verdict,
                          heal_us now) {
    const struct heal_watch *watch = heal_merit_watch(docket->merit, &verdict->port);
    heal_us trouble = watch ? watch->trouble_at : 0;
    bool seen = trouble != 0 && trouble + HEAL_JUDGING_GRACE_US >= verdict->begun;
    heal_us since = seen && trouble > verdict->begun ? trouble : verdict->begun;
    if (now - since >= HEAL_JUDGING_PATIENCE_US)
        judge_by_silence(docket, verdict, seen ? HEAL_TRUTH_UNKNOWN : HEAL_TRUTH_FALSE);
}

void heal_judging_time(const struct heal_docket *docket, heal_us now) {
    for (size_t i = 0; i < docket->verdicts->count; i++) {
        struct heal_network_verdict *verdict = &docket->verdicts->of[i];
        if (!is_of(docket, verdict) || verdict->earlier)
            continue;
        if (now - verdict->last >= HEAL_JUDGING_OVER_US)
            end_alarm(docket->verdicts, verdict);
        if (verdict->alarm && verdict->truth == HEAL_TRUTH_OPEN)
            judge_in_time(docket, verdict, now);
    }
}

void heal_judging_gap(const struct heal_docket *docket) {
    for (size_t i = 0; i < docket->verdicts->count; i++) {
        struct heal_network_verdict *verdict = &docket->verdicts->of[i];
        if (!is_of(docket, verdict) || verdict->truth != HEAL_TRUTH_OPEN)
            continue;
        end_alarm(docket->verdicts, verdict);
        judge_by_silence(docket, verdict, HEAL_TRUTH_UNKNOWN);
    }
}

bool heal_judging_label(const struct heal_docket *docket, struct heal_network_verdict *verdict,
                        bool is_true) {
    const struct heal_word word = {.truth = is_true ? HEAL_TRUTH_TRUE : HEAL_TRUTH_FALSE,
                                   .witness = HEAL_WITNESS_OPERATOR,
                                   .incident = verdict->incident,
                                   .diagnosis = verdict->diagnosis,
                                   .first = verdict->first ||
                                            (verdict->incident == 0 && verdict->truth != HEAL_TRUTH_TRUE)};
    return heal_merit_judge(docket->merit, docket->verdicts, verdict, &docket->choice, &word);
}

void heal_judging_missed(const struct heal_docket *docket, uint8_t diagnosis, heal_us now) {
    const struct heal_trouble trouble = {.is_true = true,
                                         .witness = HEAL_WITNESS_OPERATOR,
                                         .diagnosis = diagnosis,
                                         .begun = now,
                                         .ended = now};
    note_missed(docket, &trouble, &(struct heal_port_key){.ifname = ""}, 0);
}

struct heal_share heal_judging_recent(const struct heal_verdicts *verdicts, uint64_t model, uint64_t since) {
    struct heal_share share = {0};
    for (size_t i = verdicts->count; i > 0 && share.trials < HEAL_JUDGING_RECENT; i--) {
        const struct heal_network_verdict *verdict = &verdicts->of[i - 1];
        bool judged = verdict->truth == HEAL_TRUTH_TRUE || verdict->truth == HEAL_TRUTH_FALSE;
        if (verdict->id < since)
            break;
        if (verdict->model != model || !verdict->alarm || !judged)
            continue;
        share.trials++;
        share.hits += verdict->truth == HEAL_TRUTH_TRUE;
    }
    share.interval = heal_share_interval(share.hits, share.trials);
    return share;
}
