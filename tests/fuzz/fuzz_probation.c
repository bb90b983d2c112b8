/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any text as what is kept of the network's probation. The first byte chooses the record; what is taken must
 * be written again, and read back the same. */
#include "heal/command.h"
#include "knowledge/merit_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_verdict(const char *text) {
    struct heal_network_verdict verdict, again;
    char written[sizeof(((struct heal_record *)NULL)->value)];

    if (heal_verdict_parse(text, &verdict) < 0)
        return;
    if (heal_verdict_format(&verdict, written, sizeof written) < 0 ||
        heal_verdict_parse(written, &again) < 0 || again.id != verdict.id || again.truth != verdict.truth ||
        again.logit != verdict.logit || again.diagnosis != verdict.diagnosis ||
        again.why.known != verdict.why.known || again.why.shown != verdict.why.shown)
        abort();
}

static void check_merit(enum heal_merit_part part, const char *text) {
    static struct heal_merit merit, again;
    char key[96], first[sizeof(((struct heal_record *)NULL)->value)], second[sizeof first];

    memset(&merit, 0, sizeof merit);
    memset(&again, 0, sizeof again);
    merit.conformal.count = again.conformal.count =
        part == HEAL_MERIT_SCORES_NEWER ? HEAL_CONFORMAL_SCORES / 2 : 0;
    if (heal_merit_parse(&merit, part, text) < 0)
        return;
    if (heal_merit_format(&merit, part, key, sizeof key, first, sizeof first) < 0 ||
        heal_merit_parse(&again, part, first) < 0 ||
        heal_merit_format(&again, part, key, sizeof key, second, sizeof second) < 0 ||
        strcmp(first, second) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    enum heal_merit_part part;
    uint64_t model;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (size > 0) {
        unsigned choice = data[0] % (HEAL_MERIT_PARTS + 1);

        (void)heal_merit_parse_key(text + 1, &model, &part);
        if (choice < HEAL_MERIT_PARTS)
            check_merit((enum heal_merit_part)choice, text + 1);
        else
            check_verdict(text + 1);
    }
    free(text);
    return 0;
}
