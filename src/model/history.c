/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/history.h"

/* Accounts closer together than this replace each other: the ring then always reaches back 10 s and more. */
static const heal_us spacing_us = 200 * HEAL_US_PER_MS;

static const struct heal_sample *at(const struct heal_history *history, uint16_t age) {
    unsigned place = (unsigned)history->newest + HEAL_HISTORY_SAMPLES - age;
    return &history->sample[place % HEAL_HISTORY_SAMPLES];
}

const struct heal_sample *heal_history_newest(const struct heal_history *history) {
    return history->count > 0 ? at(history, 0) : NULL;
}

/* A difference of totals; an account that ran backwards (a hostile or broken peer) counts as nothing. */
static uint32_t grown(uint32_t from, uint32_t to) {
    return to - from <= UINT32_MAX / 2 ? to - from : 0;
}

static uint32_t at_most(uint32_t value, uint32_t limit) {
    return value < limit ? value : limit;
}

static void take_probes(struct heal_window *window, const struct heal_link_account *from,
                        const struct heal_link_account *to) {
    for (int size = 0; size < HEAL_PROBE_SIZES; size++) {
        uint32_t sent = grown(from->expected[size], to->expected[size]);
        uint32_t arrived = at_most(grown(from->received[size], to->received[size]), sent);
        uint32_t swallowed = at_most(grown(from->outage_lost[size], to->outage_lost[size]), sent - arrived);
        window->sent[size] = sent - swallowed;
        window->lost[size] = sent - arrived - swallowed;
        window->swallowed += swallowed;
    }
    window->outages = grown(from->outages, to->outages);
}

static void take_pairs(struct heal_window *window, const struct heal_link_account *from,
                       const struct heal_link_account *to) {
    if (from->pair_sent == 0 || to->pair_sent <= from->pair_sent || to->pair_received < from->pair_received)
        return;
    window->pair_sent = to->pair_sent - from->pair_sent;
    uint64_t received = to->pair_received - from->pair_received;
    window->pair_lost = received < window->pair_sent ? window->pair_sent - received : 0;
}

static struct heal_window between(const struct heal_sample *from, const struct heal_sample *to) {
    struct heal_window window = {.span = to->time - from->time};
    take_probes(&window, &from->account, &to->account);
    take_pairs(&window, &from->account, &to->account);
    return window;
}

static bool tells_of_loss(const struct heal_sample *from, const struct heal_sample *to) {
    struct heal_window window = between(from, to);
    return window.lost[HEAL_PROBE_SMALL] + window.lost[HEAL_PROBE_FULL] > 0 ||
           window.pair_lost > HEAL_PAIRS_IN_FLIGHT;
}

void heal_history_add(struct heal_history *history, heal_us now, const struct heal_link_account *account) {
    if (history->count > 0 && at(history, 0)->account.epoch != account->epoch)
        history->count = 0;
    bool replace = history->count > 1 && now - at(history, 1)->time < spacing_us;
    if (!replace) {
        history->newest = (uint16_t)((history->newest + 1u) % HEAL_HISTORY_SAMPLES);
        if (history->count < HEAL_HISTORY_SAMPLES)
            history->count++;
    }
    struct heal_sample *sample = &history->sample[history->newest];
    *sample = (struct heal_sample){.time = now, .account = *account};
    if (history->count > 1)
        sample->lossy = at(history, 1)->lossy + tells_of_loss(at(history, 1), sample);
}

/* @return how many samples back the last one at or before @p since is, or the oldest; at least 1. */
static uint16_t age_at(const struct heal_history *history, heal_us since) {
    uint16_t low = 1, high = 1, most = (uint16_t)(history->count - 1);
    /* Mostly it is not far: from the newest on, in steps that double. */
    while (high < most && at(history, high)->time > since) {
        low = (uint16_t)(high + 1);
        high = 2 * high < most ? (uint16_t)(2 * high) : most;
    }
    while (low < high) {
        uint16_t middle = (uint16_t)((low + high) / 2);
        if (at(history, middle)->time > since)
            low = (uint16_t)(middle + 1);
        else
            high = middle;
    }
    return low;
}

struct heal_window heal_history_window(const struct heal_history *history, heal_us since) {
    struct heal_window window = {0};
    if (history->count < 2)
        return window;
    uint16_t age = age_at(history, since);
    const struct heal_sample *from = at(history, age), *to = at(history, 0);
    window = between(from, to);
    window.reports = age;
    window.lossy = (uint16_t)(to->lossy - from->lossy);
    return window;
}

static uint64_t lost_in(const struct heal_window *window) {
    return window->lost[HEAL_PROBE_SMALL] + window->lost[HEAL_PROBE_FULL] + window->pair_lost;
}

static void take_out(struct heal_window *window, const struct heal_window *part) {
    window->span -= part->span;
    for (int size = 0; size < HEAL_PROBE_SIZES; size++) {
        window->sent[size] -= at_most(part->sent[size], window->sent[size]);
        window->lost[size] -= at_most(part->lost[size], window->lost[size]);
    }
    window->swallowed -= at_most(part->swallowed, window->swallowed);
    window->outages -= at_most(part->outages, window->outages);
    window->pair_sent -= part->pair_sent < window->pair_sent ? part->pair_sent : window->pair_sent;
    window->pair_lost -= part->pair_lost < window->pair_lost ? part->pair_lost : window->pair_lost;
}

struct heal_window heal_history_window_without_worst(const struct heal_history *history, heal_us since,
                                                     heal_us stretch) {
    struct heal_window window = heal_history_window(history, since), worst = {0};
    uint16_t to = window.reports;
    for (uint16_t from = window.reports; from > 0; from--) {
        to = to < from ? to : from;
        while (to > 0 && at(history, (uint16_t)(to - 1))->time - at(history, from)->time <= stretch)
            to--;
        struct heal_window part = between(at(history, from), at(history, to));
        if (lost_in(&part) > lost_in(&worst))
            worst = part;
    }
    take_out(&window, &worst);
    return window;
}
