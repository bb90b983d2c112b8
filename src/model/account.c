/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/account.h"

/* How far the numbers of a sender may be from where they were heard last: what it can have sent since, and
 * some that came late. What is further off is another sender's, or a forger's, and not believed at once. */
enum { PROBES_A_SECOND_MAX = 200, AHEAD_MIN = 256, LATE_MAX = 4 * HEAL_ACCOUNT_WINDOW };
/* More than that, and ahead cannot be told from behind. */
enum { JUMP_MAX = 1 << 24 };

void heal_account_init(struct heal_account *account, uint32_t own_epoch) {
    *account = (struct heal_account){.own_epoch = own_epoch};
}

/* One number for the two ends' epochs; never 0. */
static uint32_t mix(uint32_t own, uint32_t peer) {
    uint64_t mixed = ((uint64_t)own << 32 | peer) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t epoch = (uint32_t)(mixed >> 32);

    return epoch ? epoch : 1;
}

static void begin(struct heal_account *account, heal_us now, const struct heal_account_probe *probe) {
    /* A jump within an epoch must give another epoch, too. */
    if (account->begun && account->peer_epoch == probe->epoch)
        account->own_epoch++;
    account->others = 0;
    account->peer_epoch = probe->epoch;
    account->begun = true;
    account->arrived = now;
    account->totals = (struct heal_link_account){.epoch = mix(account->own_epoch, probe->epoch)};
    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++) {
        uint32_t sent = probe->sent[size];

        account->numbers[size] = (struct heal_account_numbers){.base = sent, .highest = sent};
    }
    account->numbers[probe->size].base--;
    account->numbers[probe->size].window = 1;
    account->totals.expected[probe->size] = 1;
    account->totals.received[probe->size] = 1;
}

/* Lets the newest number of a size be @p number, if it is newer. */
static void advance(struct heal_account *account, enum heal_probe_size size, uint32_t number) {
    struct heal_account_numbers *numbers = &account->numbers[size];
    uint32_t ahead = number - numbers->highest;

    if (ahead == 0 || ahead > JUMP_MAX)
        return;
    numbers->window = ahead < HEAL_ACCOUNT_WINDOW ? numbers->window << ahead : 0;
    numbers->highest = number;
    account->totals.expected[size] = number - numbers->base;
}

/* Marks a number, which is not ahead of the newest, as arrived. */
static enum heal_account_result mark(struct heal_account *account, enum heal_probe_size size,
                                     uint32_t number) {
    struct heal_account_numbers *numbers = &account->numbers[size];
    uint32_t behind = numbers->highest - number;

    if (behind >= HEAL_ACCOUNT_WINDOW || (int32_t)(number - numbers->base) <= 0)
        return HEAL_ACCOUNT_OLD;
    uint64_t bit = UINT64_C(1) << behind;
    if (numbers->window & bit)
        return HEAL_ACCOUNT_DUPLICATE;
    numbers->window |= bit;
    account->totals.received[size]++;
    return HEAL_ACCOUNT_COUNTED;
}

static void settle_gap(struct heal_account *account, heal_us now) {
    struct heal_link_account *totals = &account->totals;
    bool long_gap = now >= account->arrived + HEAL_ACCOUNT_OUTAGE_MS * HEAL_US_PER_MS;
    uint32_t lost[HEAL_PROBE_SIZES], grown[HEAL_PROBE_SIZES], all = 0;

    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++) {
        lost[size] = totals->expected[size] - totals->received[size];
        grown[size] = lost[size] > account->numbers[size].lost ? lost[size] - account->numbers[size].lost : 0;
        all += grown[size];
    }
    bool outage = long_gap && all >= HEAL_ACCOUNT_OUTAGE_LOST;
    totals->outages += outage;
    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++) {
        if (outage)
            totals->outage_lost[size] += grown[size];
        /* A probe that came very late was not lost after all. */
        if (totals->outage_lost[size] > lost[size])
            totals->outage_lost[size] = lost[size];
        account->numbers[size].lost = lost[size];
    }
}

static bool numbers_jumped(const struct heal_account *account, heal_us now,
                           const struct heal_account_probe *probe) {
    heal_us gap = now > account->arrived ? now - account->arrived : 0;
    uint64_t most = AHEAD_MIN + gap * PROBES_A_SECOND_MAX / HEAL_US_PER_S;

    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++) {
        uint32_t ahead = probe->sent[size] - account->numbers[size].highest;

        if (ahead > (most < JUMP_MAX ? most : JUMP_MAX) && 0 - ahead > LATE_MAX)
            return true;
    }
    return false;
}

/* Notes a probe that goes on where the account stands, or one of another epoch or with numbers far off.
 * @return whether the other sender is to be believed by now. */
static bool weigh_sender(struct heal_account *account, heal_us now, const struct heal_account_probe *probe) {
    bool other = probe->epoch != account->peer_epoch || numbers_jumped(account, now, probe);
    if (!other)
        account->others = 0;
    else if (account->others > 0 && probe->epoch == account->other_epoch)
        account->others++;
    else
        account->others = 1;
    account->other_epoch = probe->epoch;
    return account->others >= HEAL_ACCOUNT_BELIEVED;
}

enum heal_account_result heal_account_take(struct heal_account *account, heal_us now,
                                           const struct heal_account_probe *probe) {
    if (!account->begun || weigh_sender(account, now, probe)) {
        begin(account, now, probe);
        return HEAL_ACCOUNT_COUNTED;
    }
    if (account->others > 0)
        return HEAL_ACCOUNT_OLD;
    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++)
        advance(account, size, probe->sent[size]);
    enum heal_account_result result = mark(account, probe->size, probe->sent[probe->size]);
    if (result != HEAL_ACCOUNT_COUNTED)
        return result;
    settle_gap(account, now);
    if (now > account->arrived)
        account->arrived = now;
    return HEAL_ACCOUNT_COUNTED;
}

void heal_account_pair(struct heal_account *account, uint64_t sent, uint64_t received) {
    account->totals.pair_sent = sent;
    account->totals.pair_received = received;
}

void heal_account_read(const struct heal_account *account, heal_us now,
                       struct heal_link_account *ret_account) {
    heal_us silence_ms = now > account->arrived ? (now - account->arrived) / HEAL_US_PER_MS : 0;

    *ret_account = account->totals;
    ret_account->silence_ms = !account->begun || silence_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)silence_ms;
}
