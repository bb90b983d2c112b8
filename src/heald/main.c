/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* heald: which of its lives is wanted, and what comes of it. */
#include "heald/daemon.h"
#include "heald/memory.h"
#include "heald/options.h"
#include "heald/replay.h"
#include "heald/sweep.h"
#include "os/config_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int load(const struct heald_options *options, struct heal_config *config) {
    struct heal_config_places places = heald_options_places(options);
    struct heal_config_error error = {0};
    char text[HEAL_CONFIG_PATH_MAX + 256];
    int r = heal_config_load(&places, config, &error);

    if (r < 0)
        fprintf(stderr, "%s\n", heal_config_error_format(&error, text, sizeof text));
    return r;
}

/* Without a configuration that can be read, the socket is where it is by default. */
static int sweep(const struct heald_options *options, struct heal_config *config) {
    if (load(options, config) < 0)
        heal_config_init(config);
    return heald_sweep(config->socket, config->user, stdout);
}

/* Nobody may be there to start a heald with a better configuration: what was left goes at once. */
static int fail_start(struct heal_config *config) {
    fprintf(stderr, "heald does not start; what an earlier run may have left is taken back\n");
    heal_config_init(config);
    heald_sweep(config->socket, config->user, stderr);
    return HEALD_EXIT_FAILED;
}

static int check(const struct heald_options *options, const struct heal_config *config) {
    char words[HEAL_CONFIG_PATH_MAX + 80];

    printf("%s: fine: node %s, mode %s, %u services\n",
           options->config ? options->config : "no configuration file, all defaults", config->node,
           heal_mode_name(config->settings.mode), config->settings.services);
    for (size_t i = 0; heal_config_note(config, i); i++)
        printf("note: %s\n", heal_config_note(config, i));
    if (heal_config_check_owner(config, words, sizeof words) < 0)
        printf("note: heald-helper will refuse it, and heald cannot act: %s\n", words);
    return HEALD_EXIT_OK;
}

static int replay(const struct heald_options *options) {
    struct heald_replay_report report = {0};
    struct heal_config_error error = {0};
    char text[HEAL_CONFIG_PATH_MAX + 256];
    FILE *trace = options->decisions ? fopen(options->decisions, "we") : stdout;

    if (!trace) {
        fprintf(stderr, "%s: %s\n", options->decisions, strerror(errno));
        return HEALD_EXIT_UNKNOWN;
    }
    int r = heald_replay_file(options->replay, trace, &report, &error);
    bool failed = fflush(trace) != 0 || ferror(trace);
    if (trace != stdout)
        failed |= fclose(trace) != 0;
    if (r < 0) {
        fprintf(stderr, "%s\n", heal_config_error_format(&error, text, sizeof text));
        return r == -EINVAL ? HEALD_EXIT_FAILED : HEALD_EXIT_UNKNOWN;
    }
    if (report.cut)
        fprintf(stderr, "%s: the last line is not whole and was passed over\n", options->replay);
    fprintf(stderr, "replayed parts=%u events=%llu decisions=%llu\n", report.parts,
            (unsigned long long)report.events, (unsigned long long)report.decisions);
    if (failed)
        fprintf(stderr, "the decisions could not be written\n");
    return failed ? HEALD_EXIT_UNKNOWN : HEALD_EXIT_OK;
}

/* The daemon's life, from here on without privileges. */
static int live(const struct heald_options *options, const struct heal_config *config) {
    struct heald_privilege privilege;
    int r = heald_privilege_give_up(options, config, &privilege);

    if (r < 0) {
        fprintf(stderr, "heald does not start: it cannot give up its privileges: %s\n", strerror(-r));
        return HEALD_EXIT_FAILED;
    }
    struct heald *daemon = heald_new(options, config, &privilege, &r);
    if (daemon)
        r = heald_run(daemon);
    heald_free(daemon);
    return r;
}

static int run(const struct heald_options *options) {
    struct heal_config *config = calloc(1, sizeof *config);
    int r = HEALD_EXIT_INTERNAL;

    if (!config)
        return r;
    if (options->sweep) {
        r = sweep(options, config);
    } else if (load(options, config) < 0) {
        r = options->check || options->dry_run ? HEALD_EXIT_FAILED : fail_start(config);
    } else if (options->check) {
        r = check(options, config);
    } else {
        r = live(options, config);
    }
    free(config);
    return r;
}

int main(int argc, char **argv) {
    struct heald_options options;

    heald_memory_guard();
    int r = heald_options_read(argc, argv, &options);

    if (r != 0)
        return r;
    if (options.help) {
        heald_options_help(stdout);
        return HEALD_EXIT_OK;
    }
    if (options.manual)
        return heald_options_manual(stdout);
    if (options.version) {
        puts("heald " HEAL_VERSION);
        return HEALD_EXIT_OK;
    }
    return options.replay ? replay(&options) : run(&options);
}
