/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Anything at all as a recorded event log, and below a head that is right: it is refused with its line, or it
 * is replayed. */
#include "heald/recorder.h"
#include "heald/replay.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(FILE *log) {
    struct heal_config_error error = {0};
    struct heald_replay *replay = NULL;
    FILE *trace = fopen("/dev/null", "w");

    rewind(log);
    if (trace && heald_replay_new(trace, &replay) == 0) {
        int r = heald_replay_part(replay, log, "fuzz", &error);
        if (r < 0 && (error.error.line == 0 || error.error.what[0] == '\0'))
            abort();
    }
    heald_replay_free(replay);
    if (trace)
        fclose(trace);
}

/* A mutation would never find the settings' hash: here is a head, for what comes after it. */
static void write_head(FILE *log) {
    struct heal_settings settings;
    char hash[HEALD_SETTINGS_HASH_TEXT], *text = NULL;

    heal_settings_init(&settings);
    if (heald_settings_format(&settings, &text, hash) < 0)
        abort();
    fprintf(log, "#@ begin node=fuzz seed=1 part=1 unix=0 sha256=%s\n#| ", hash);
    for (const char *at = text; *at; at++)
        fputs(*at == '\n' && at[1] ? "\n#| " : (char[]){*at, 0}, log);
    fprintf(log, "#@ run\n");
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    for (int headed = 0; headed < 2; headed++) {
        char *text = NULL;
        size_t length;
        FILE *log = open_memstream(&text, &length);

        if (!log)
            return 0;
        if (headed)
            write_head(log);
        fwrite(data, 1, size, log);
        fclose(log);
        log = fmemopen(text, length, "r");
        if (log) {
            replay(log);
            fclose(log);
        }
        free(text);
    }
    return 0;
}
