/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/manual.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "healctl/call.h"

/* When the pages last changed in substance. */
#define MANUAL_DATE "2026-11-25"

enum { LINE_WIDTH = 78 };

/* Writes a page with its long lines broken at blanks, as manuals' sources are; macros stay as they are. */
static void broken_lines(FILE *out, const char *page) {
    size_t column = 0;
    bool macro = page[0] == '.';

    for (; *page; page++) {
        size_t word = *page == ' ' ? strcspn(page + 1, " \n") : 0;
        bool breaks =
            *page == ' ' && !macro && column + 1 + word > LINE_WIDTH && page[1] != '.' && page[1] != '\'';

        fputc(breaks ? '\n' : *page, out);
        column = breaks || *page == '\n' ? 0 : column + 1;
        if (*page == '\n')
            macro = page[1] == '.';
    }
}

/* Text of ours as roff: a hyphen that one may have to type stays one, and no line begins with a macro. */
static void text(FILE *out, const char *from) {
    bool start = true;

    for (; *from; from++) {
        if (start && (*from == '.' || *from == '\''))
            fputs("\\&", out);
        start = *from == '\n';
        if (*from == '\\')
            fputs("\\e", out);
        else if (*from == '-')
            fputs("\\-", out);
        else
            fputc(*from, out);
    }
}

static void title(FILE *out, const char *name, int section) {
    fprintf(out, ".\\\" Made from the program's own tables.\n.TH %s %d %s \"heald %s\" \"heald\"\n", name,
            section, MANUAL_DATE, HEAL_VERSION);
}

static void options(FILE *out, const struct heal_verb_option *option) {
    for (; option->name; option++) {
        fputs(".TP\n\\fB", out);
        text(out, option->name);
        fputs("\\fR", out);
        if (option->value)
            fprintf(out, " \\fI%s\\fR", option->value);
        fputc('\n', out);
        text(out, option->text);
        if (option->words) {
            fputs(": ", out);
            text(out, option->words);
        }
        fputs(".\n", out);
    }
}

static void forms(FILE *out, const struct heal_verb *row) {
    const char *form, *summary;

    for (size_t i = 0; (form = row->form(i, &summary)); i++) {
        fputs(".TP\n\\fB", out);
        text(out, form);
        fputs("\\fR\n", out);
        text(out, summary);
        fputs(".\n", out);
    }
}

static void verb(FILE *out, const struct heal_verb *row) {
    fputs(".SS ", out);
    text(out, row->name);
    if (row->arguments[0]) {
        fputc(' ', out);
        text(out, row->arguments);
    }
    fputs("\n", out);
    text(out, row->summary);
    fputs(".\n", out);
    if (row->text) {
        fputs(".PP\n", out);
        text(out, row->text);
        fputc('\n', out);
    }
    if (row->form)
        forms(out, row);
    options(out, row->option);
}

static void write_healctl(FILE *out) {
    const struct heal_verb *row;

    title(out, "HEALCTL", 1);
    fputs(
        ".SH NAME\nhealctl \\- see what heald sees, decides and does, and tell it what to do\n"
        ".SH SYNOPSIS\n\\fBhealctl\\fR [\\fB\\-\\-json\\fR] [\\fB\\-\\-socket\\fR \\fIPATH\\fR] \\fIVERB\\fR "
        "\\&...\n.SH DESCRIPTION\n\\fBhealctl\\fR speaks with the \\fBheald\\fR of this node over its admin "
        "socket. Tables are for people; \\fB\\-\\-json\\fR is for programs.\n.SH VERBS\n",
        out);
    for (size_t i = 0; (row = heal_verb_at(i)); i++)
        verb(out, row);
    fputs(".SH OPTIONS\nEvery verb takes these.\n", out);
    options(out, heal_verb_common_options);
    fputs(".SH EXIT STATUS\n.TP\n\\fB0\\fR\nFine.\n.TP\n\\fB1\\fR\nThe thing asked about failed.\n"
          ".TP\n\\fB2\\fR\nCould not be determined: no daemon answers.\n.TP\n\\fB64\\fR\nBad usage.\n"
          ".TP\n\\fB70\\fR\nInternal error.\n"
          ".SH ENVIRONMENT\n.TP\n\\fBHEALD_SOCKET\\fR\nThe admin socket, as \\fB\\-\\-socket\\fR.\n"
          ".TP\n\\fBNO_COLOR\\fR\nIf it is set and not empty, no colour is used.\n"
          ".SH FILES\n.TP\n\\fI" HEAL_SOCKET_DEFAULT "\\fR\nThe admin socket.\n.SH SEE ALSO\n.BR heald (8)\n",
          out);
}

int heal_manual_healctl(FILE *out) {
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);

    if (!memory)
        return -ENOMEM;
    write_healctl(memory);
    int r = fclose(memory) == 0 ? 0 : -ENOMEM;
    if (r == 0)
        broken_lines(out, text);
    free(text);
    return r;
}
