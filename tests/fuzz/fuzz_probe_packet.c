/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A probe, and the account that is kept of many: the first bytes are taken as they come; then they are sealed
 * with a right check sum, as a neighbour with bad intentions would, and fed to an account. */
#include "model/account.h"
#include "wire/probe_packet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_account(const struct heal_account *account) {
    struct heal_link_account totals;

    heal_account_read(account, UINT64_MAX / 2, &totals);
    for (unsigned i = 0; i < HEAL_PROBE_SIZES; i++) {
        uint32_t lost = totals.expected[i] - totals.received[i];

        if (lost > UINT32_MAX / 2 || totals.outage_lost[i] > lost)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_probe_packet packet;
    struct heal_account account;
    heal_us now = 0;

    heal_probe_packet_decode(data, size, &packet);
    heal_account_init(&account, 1);
    for (; size >= 11; data += 11, size -= 11) {
        struct heal_account_probe probe = {.epoch = data[0] % 4, .size = data[1] % HEAL_PROBE_SIZES};

        memcpy(&probe.sent[0], data + 2, 4);
        memcpy(&probe.sent[1], data + 6, 4);
        now += data[10] * UINT64_C(10000);
        heal_account_take(&account, now, &probe);
        check_account(&account);
    }
    return 0;
}
