/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/options.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

struct option_row {
    const char *name;  /* without its two dashes */
    const char *value; /* what follows, in the help; NULL: nothing */
    size_t offset;     /* of a const char *, or of a bool where nothing follows */
    const char *text;
};

#define AT(member) offsetof(struct heald_options, member)
static const struct option_row ROWS[] = {
    {"config",     "FILE", AT(config),     "the configuration; else " HEAL_CONFIG_FILE ", if it is there"      },
    {"conf-dir",   "DIR",  AT(conf_dir),   "more of it: *.yaml, in the order of names; else conf.d beside FILE"},
    {"policy-dir", "DIR",  AT(policy_dir),
     "policies: *.yaml, in the order of names; else policy.d beside FILE"                                      },
    {"check",      NULL,   AT(check),      "read the configuration, say what is wrong with it, and end"        },
    {"sweep",      NULL,   AT(sweep),
     "take back the routes and quarantines that a heald which is gone has left, and end"                       },
    {"dry-run",    NULL,   AT(dry_run),    "do everything but act: say what would be done; keep nothing"       },
    {"record",     "FILE", AT(record),     "write every event to an event log, for --replay"                   },
    {"replay",     "FILE", AT(replay),     "let a recorded log happen again, write the decisions, and end"     },
    {"decisions",  "FILE", AT(decisions),  "write the decisions there (--replay: else to the standard output)" },
    {"help",       NULL,   AT(help),       "show this"                                                         },
    {"manual",     NULL,   AT(manual),     "write the manual page, heald(8), to the standard output"           },
    {"version",    NULL,   AT(version),    "show the version"                                                  },
};

static bool *flag_of(struct heald_options *options, const struct option_row *row) {
    return (bool *)((char *)options + row->offset);
}

static const char **text_of(struct heald_options *options, const struct option_row *row) {
    return (const char **)((char *)options + row->offset);
}

static const struct option_row *row_of(const char *name, size_t length) {
    for (size_t i = 0; i < HEAL_COUNT(ROWS); i++)
        if (strlen(ROWS[i].name) == length && strncmp(ROWS[i].name, name, length) == 0)
            return &ROWS[i];
    return NULL;
}

static int misused(const char *what, const char *argument) {
    fprintf(stderr, "heald: %s: %s\nheald --help shows what there is\n", argument, what);
    return HEALD_EXIT_USAGE;
}

static int unknown(const char *argument) {
    const char *names[HEAL_COUNT(ROWS) + 1] = {0};
    char what[80];

    for (size_t i = 0; i < HEAL_COUNT(ROWS); i++)
        names[i] = ROWS[i].name;
    const char *nearest = heal_name_nearest(argument + 2, names);
    snprintf(what, sizeof what, "no such option%s%s%s", nearest ? "; did you mean --" : "",
             nearest ? nearest : "", nearest ? "?" : "");
    return misused(what, argument);
}

/* HEALD_CONF_DIR for conf-dir, and so on. */
static void read_environment(struct heald_options *options) {
    for (size_t i = 0; i < HEAL_COUNT(ROWS); i++) {
        char name[40] = "HEALD_";
        size_t length = 6;

        for (const char *at = ROWS[i].name; *at; at++)
            name[length++] = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
        const char *value = getenv(name);
        if (!value || *value == '\0')
            continue;
        if (ROWS[i].value)
            *text_of(options, &ROWS[i]) = value;
        else
            *flag_of(options, &ROWS[i]) = strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
    }
}

static int read_arguments(int argc, char *const argv[], struct heald_options *options) {
    for (int i = 1; i < argc; i++) {
        const char *argument = argv[i], *equals = strchr(argument, '=');
        size_t length = equals ? (size_t)(equals - argument) : strlen(argument);

        if (strncmp(argument, "--", 2) != 0)
            return misused("heald takes long options only", argument);
        const struct option_row *row = row_of(argument + 2, length - 2);
        if (!row)
            return unknown(argument);
        if (!row->value && equals)
            return misused("takes no value", argument);
        if (!row->value)
            *flag_of(options, row) = true;
        else if (equals)
            *text_of(options, row) = equals + 1;
        else if (i + 1 < argc)
            *text_of(options, row) = argv[++i];
        else
            return misused("a value is missing", argument);
    }
    return 0;
}

static void find_places(struct heald_options *options) {
    const struct heal_config_places places = heal_config_places_beside(options->config, &options->beside);

    options->config = places.file;
    if (!options->conf_dir)
        options->conf_dir = places.conf_folder;
    if (!options->policy_dir)
        options->policy_dir = places.policy_folder;
}

struct heal_config_places heald_options_places(const struct heald_options *options) {
    return (struct heal_config_places){options->config, options->conf_dir, options->policy_dir,
                                       (const char *const *)environ};
}

int heald_options_read(int argc, char *const argv[], struct heald_options *ret_options) {
    memset(ret_options, 0, sizeof *ret_options);
    read_environment(ret_options);
    int r = read_arguments(argc, argv, ret_options);
    if (r != 0)
        return r;
    if (ret_options->replay && ret_options->record)
        return misused("not together with --replay", "--record");
    if (ret_options->sweep && (ret_options->dry_run || ret_options->check || ret_options->replay))
        return misused("not together with --dry-run, --check or --replay", "--sweep");
    find_places(ret_options);
    return 0;
}

void heald_options_help(FILE *file) {
    fprintf(file,
            "heald " HEAL_VERSION ": heals the mesh that this node is part of\n\nusage: heald [OPTION]…\n\n");
    for (size_t i = 0; i < HEAL_COUNT(ROWS); i++) {
        char left[32];

        snprintf(left, sizeof left, "--%s %s", ROWS[i].name, ROWS[i].value ? ROWS[i].value : "");
        fprintf(file, "  %-20s %s\n", left, ROWS[i].text);
    }
    fprintf(file,
            "\nEach is also a variable: --conf-dir is HEALD_CONF_DIR. SIGHUP reads the configuration anew;"
            "\nSIGTERM takes back what is in place, and ends.\n"
            "Ends with 0; 1: failed, or wrong; 2: cannot be told; 64: bad usage; 70: internal.\n");
}

/* When the page last changed in substance. */
#define MANUAL_DATE "2026-11-25"

int heald_options_manual(FILE *file) {
    HEAL_CLEANUP(heal_free_pointer) char *text = malloc(HEAL_CONFIG_TEXT_MAX);
    int length = text ? heal_config_manual(text, HEAL_CONFIG_TEXT_MAX) : -1;

    if (length < 0)
        return HEALD_EXIT_INTERNAL;
    fprintf(file,
            ".TH HEALD 8 " MANUAL_DATE " \"heald " HEAL_VERSION
            "\"\n.SH NAME\nheald \\- self-healing agent of a mesh "
            "node\n.SH SYNOPSIS\n.B heald\n.RI [ OPTION ]...\n.SH DESCRIPTION\n"
            "heald watches this node's links, routes, services and itself, says what is sick and why, and "
            "in mode act heals it within its guard rails. See\n.BR healctl (1)\nfor looking at it.\n"
            ".SH OPTIONS\n");
    for (size_t i = 0; i < HEAL_COUNT(ROWS); i++)
        fprintf(file, ".TP\n.BI \\-\\-%s \" %s\"\n%s.\n", ROWS[i].name, ROWS[i].value ? ROWS[i].value : "",
                ROWS[i].text);
    fprintf(file,
            ".SH SIGNALS\nSIGHUP reads the configuration anew; a bad one leaves the old one running. "
            "SIGTERM and SIGINT take back what heald has put in place (routes, costs, MTUs, throttles, "
            "quarantines), and end.\n.PP\nOne that was killed leaves them to the next start. When that "
            "cannot be, as "
            "its configuration is wrong, it takes back routes and quarantines before it ends, as\n.B heald "
            "\\-\\-sweep\ndoes: that needs no configuration and no store, and does nothing while a heald is "
            "running in this network namespace.\n.SH EXIT STATUS\n0: fine; 1: failed, or the configuration "
            "or log is "
            "wrong; 2: cannot be told; 64: bad usage; 70: internal.\n.SH CONFIGURATION\n%s",
            text);
    return ferror(file) ? HEALD_EXIT_INTERNAL : HEALD_EXIT_OK;
}
