/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/help.h"

#include <string.h>

enum { VERB_WIDTH = 34, OPTION_WIDTH = 22, FORM_WIDTH = 47, LINE_WIDTH = 100 };

/* Writes a text, broken at blanks; lines after the first begin with @p indent blanks. */
static void wrap(FILE *out, const char *text, int indent) {
    int column = indent;

    while (*text) {
        const char *end = text + strcspn(text, " \n");
        int length = (int)(end - text);

        if (column > indent && column + 1 + length > LINE_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, (size_t)length, out);
        column += length;
        if (*end == '\n') {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        }
        text = *end ? end + 1 : end;
    }
    fputc('\n', out);
}

static void synopsis(const struct heal_verb *verb, char *buffer, size_t size) {
    snprintf(buffer, size, "%s%s%s", verb->name, verb->arguments[0] ? " " : "", verb->arguments);
}

/* @return the columns that a text takes: its characters. */
static int width_of(const char *text) {
    int width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void verb_line(FILE *out, const struct heal_verb *verb) {
    char title[120];

    synopsis(verb, title, sizeof title);
    int blanks = VERB_WIDTH - width_of(title);
    fprintf(out, "  %s%*s ", title, blanks > 0 ? blanks : 0, "");
    if (blanks < 0)
        fprintf(out, "\n%*s", VERB_WIDTH + 3, "");
    wrap(out, verb->summary, VERB_WIDTH + 3);
}

/* @param verb whose common options these are; NULL: all. */
static void options(FILE *out, const struct heal_verb_option *option, const struct heal_verb *verb) {
    for (; option->name; option++) {
        char title[60];

        if (verb && !heal_verb_takes_common(verb, option))
            continue;
        snprintf(title, sizeof title, "%s%s%s", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
        fprintf(out, "  %-*s ", OPTION_WIDTH, title);
        wrap(out, option->text, OPTION_WIDTH + 3);
    }
}

static void forms(FILE *out, const struct heal_verb *verb) {
    const char *form, *summary;

    fputc('\n', out);
    for (size_t i = 0; (form = verb->form(i, &summary)); i++) {
        int blanks = FORM_WIDTH - width_of(form);

        fprintf(out, "  %s%*s ", form, blanks > 0 ? blanks : 0, "");
        wrap(out, summary, FORM_WIDTH + 3);
    }
}

/* An option with its value stays on one line. */
static void usage_word(FILE *out, const char *word, int indent, int *column) {
    int width = width_of(word);

    if (*column + 1 + width > LINE_WIDTH) {
        fprintf(out, "\n%*s", indent, "");
        *column = indent;
    } else {
        fputc(' ', out);
        (*column)++;
    }
    fputs(word, out);
    *column += width;
}

void heal_help_usage(FILE *out, const struct heal_verb *verb) {
    int indent = (int)strlen("usage: healctl "), column = indent + width_of(verb->name);

    fprintf(out, "usage: healctl %s", verb->name);
    for (const struct heal_verb_option *o = verb->option; o->name; o++) {
        char title[60];

        snprintf(title, sizeof title, "[%s%s%s]", o->name, o->value ? " " : "", o->value ? o->value : "");
        usage_word(out, title, indent, &column);
    }
    if (verb->arguments[0])
        usage_word(out, verb->arguments, indent, &column);
    fputc('\n', out);
}

void heal_help_verb(FILE *out, const struct heal_verb *verb) {
    heal_help_usage(out, verb);
    fputs("\n  ", out);
    wrap(out, verb->summary, 2);
    if (verb->text) {
        fputs("\n  ", out);
        wrap(out, verb->text, 2);
    }
    if (verb->form)
        forms(out, verb);
    fputs("\noptions:\n", out);
    options(out, verb->option, NULL);
    options(out, heal_verb_common_options, verb);
}

void heal_help_group(FILE *out, const char *group) {
    size_t length = strlen(group);
    const struct heal_verb *verb;

    fprintf(out, "usage: healctl %s VERB …\n\n", group);
    for (size_t i = 0; (verb = heal_verb_at(i)); i++)
        if (strncmp(verb->name, group, length) == 0 && (verb->name[length] == ' ' || !verb->name[length]))
            verb_line(out, verb);
}

void heal_help_overview(FILE *out) {
    const struct heal_verb *verb;

    fputs(
        "usage: healctl [--json] [--socket PATH] VERB …\n\n"
        "healctl shows what heald sees, decides and does on this node, and tells it what to do.\n\nverbs:\n",
        out);
    for (size_t i = 0; (verb = heal_verb_at(i)); i++)
        verb_line(out, verb);
    fputs("\noptions of every verb:\n", out);
    options(out, heal_verb_common_options, NULL);
    fputs("\nexit codes: 0 fine; 1 the thing asked about failed; 2 could not be determined; 64 bad usage; "
          "70 internal error\n`healctl help VERB` or `healctl VERB --help` says more.\n",
          out);
}
