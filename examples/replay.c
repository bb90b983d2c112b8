/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* replay: reads a recorded event log, lets its events happen again to a fresh engine, and prints the
 * decisions: the same, to the byte, as often as it runs.
 *
 *     replay NODE LOG [SEED] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <heal/engine.h>
#include <heal/settings.h>

static void print_decisions(const struct heal_output *output) {
    for (size_t i = 0; i < output->decisions; i++) {
        char line[400];

        if (heal_decision_format(&output->decision[i], line, sizeof line) > 0)
            puts(line);
    }
}

/* Commands are not carried out here: what came of them is in the log, as result events. */
static int replay(struct heal_engine *engine, FILE *log, const char *name) {
    static char line[HEAL_EVENT_LINE_MAX];
    static struct heal_output output;
    unsigned long number = 0, events = 0;

    while (fgets(line, sizeof line, log)) {
        struct heal_event event;
        struct heal_error error;
        heal_us now;
        int r = heal_event_parse(line, strcspn(line, "\n"), &now, &event, &error);

        number++;
        if (r < 0) {
            fprintf(stderr, "%s:%lu:%d: %s\n", name, number, error.column, error.what);
            return r;
        }
        if (r == 1)
            continue;
        heal_engine_step(engine, now, &event, &output);
        print_decisions(&output);
        events++;
    }
    printf("replayed events=%lu\n", events);
    return ferror(log) ? -EIO : 0;
}

int main(int argc, char **argv) {
    struct heal_engine *engine;
    struct heal_settings settings;

    if (argc < 3) {
        fprintf(stderr, "usage: replay NODE LOG [SEED]\n");
        return 64;
    }
    FILE *log = fopen(argv[2], "r");
    if (!log) {
        fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
        return 1;
    }
    heal_settings_init(&settings);
    int code = heal_engine_new(argv[1], &settings, argc > 3 ? strtoull(argv[3], NULL, 0) : 1, &engine);
    if (code == 0) {
        code = replay(engine, log, argv[2]);
        engine = heal_engine_free(engine);
    }
    fclose(log);
    return code < 0;
}
