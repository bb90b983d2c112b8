/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How a sentence is read: by the patterns of the table, every word of it. */
#include "scenario/scenario_parts.h"

#include "base/text.h"

#include <string.h>

/* @return false where there are too many. */
static bool split(const char *text, struct words *ret_words) {
    char *rest = ret_words->room;
    ret_words->count = 0;
    if (strlen(text) >= sizeof ret_words->room)
        return false;
    strcpy(ret_words->room, text);
    for (char *word; ret_words->count <= WORDS_MAX && (word = strtok_r(rest, " \t", &rest)) != NULL;)
        ret_words->word[ret_words->count++] = word;
    return ret_words->count <= WORDS_MAX;
}

/* Where a word stands in its line, in characters from 1. */
static int column_of(const struct words *words, const char *word) {
    int column = 1;
    for (const char *at = words->room; at < word; at++)
        column += ((unsigned char)*at & 0xc0) != 0x80;
    return column;
}

/* ---- which sentence it is ---- */

/* "[chords]" is the word, but may be missing. */
static bool is_optional(const char *pattern, const char *word) {
    size_t length = strlen(word);
    return pattern[0] == '[' && strncmp(pattern + 1, word, length) == 0 &&
           strcmp(pattern + 1 + length, "]") == 0;
}

/* Do the words fit the pattern, whatever stands for its placeholders? @return the placeholders' words. */
static bool fits(const struct words *pattern, const struct words *line, struct sentence *ret_sentence) {
    size_t at = 0;
    ret_sentence->arguments = 0;
    ret_sentence->options = 0;
    for (size_t i = 0; i < pattern->count; i++) {
        const char *word = at < line->count ? line->word[at] : "";
        if (pattern->word[i][0] == '[') {
            bool there = is_optional(pattern->word[i], word);
            ret_sentence->options |= there ? 1u << i : 0;
            at += there;
            continue;
        }
        if (at == line->count)
            return false;
        if (heal_placeholder(pattern->word[i]) != NULL)
            ret_sentence->argument[ret_sentence->arguments++] = (struct argument){
                .text = word, .column = column_of(line, word), .node = -1, .other = -1, .link = -1};
        else if (strcmp(pattern->word[i], word) != 0)
            return false;
        at++;
    }
    return at == line->count;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* How far a word is from a pattern's: a placeholder takes what reads as one, any other word is soon wrong. */
static size_t word_distance(const char *pattern, const char *word) {
    enum { WRONG = 2, LETTERS_MAX = 4, MISREAD = 3 };
    struct argument argument;
    const struct placeholder *placeholder = heal_placeholder(pattern);
    if (placeholder)
        return placeholder->read(word, &argument) ? 0 : MISREAD;
    if (strcmp(pattern, word) == 0 || is_optional(pattern, word))
        return 0;
    return WRONG + least(heal_name_distance(pattern, word), LETTERS_MAX);
}

static size_t missing_cost(const char *pattern) {
    return pattern[0] == '[' ? 0 : heal_placeholder(pattern) ? 1 : 3;
}

/* The least that must be done to a line's words to make the pattern of them. */
static size_t distance(const struct words *pattern, const struct words *line) {
    enum { SUPERFLUOUS = 3 };
    size_t row[WORDS_MAX + 1];
    for (size_t j = 0; j <= line->count; j++)
        row[j] = j * SUPERFLUOUS;
    for (size_t i = 0; i < pattern->count; i++) {
        size_t missing = missing_cost(pattern->word[i]), diagonal = row[0];
        row[0] += missing;
        for (size_t j = 0; j < line->count; j++) {
            size_t changed = diagonal + word_distance(pattern->word[i], line->word[j]);
            diagonal = row[j + 1];
            row[j + 1] = least(changed, least(row[j] + SUPERFLUOUS, row[j + 1] + missing));
        }
    }
    return row[line->count];
}

static const char *nearest(const struct words *line) {
    const struct sentence_row *best = &heal_sentences_mesh[0], *row;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; (row = heal_sentence_row(i)); i++) {
        struct words pattern = {0};
        split(row->pattern, &pattern);
        size_t here = distance(&pattern, line);
        if (here < best_distance) {
            best = row;
            best_distance = here;
        }
    }
    return best->pattern;
}

/* Reads the placeholders' words. @return false after it was refused. */
static bool read_arguments(struct heal_scenario *scenario, const struct words *pattern,
                           struct sentence *sentence) {
    int next = 0;
    for (size_t i = 0; i < pattern->count; i++) {
        const struct placeholder *placeholder = heal_placeholder(pattern->word[i]);
        if (!placeholder)
            continue;
        struct argument *argument = &sentence->argument[next++];
        if (!placeholder->read(argument->text, argument)) {
            heal_scenario_refuse(scenario, argument->column, "\"%s\" is no %s (%s): %s", argument->text,
                                 placeholder->name, placeholder->example, sentence->row->pattern);
            return false;
        }
    }
    return true;
}

/* The mesh is made once, before what happens to it and after what it is made with. */
static bool may_stand_here(struct heal_scenario *scenario, const struct sentence *sentence) {
    bool before_mesh = sentence->row->before_mesh;
    if (!before_mesh && !scenario->has_mesh)
        heal_scenario_refuse(scenario, sentence->column, "there is no mesh yet");
    else if (before_mesh && scenario->has_mesh)
        heal_scenario_refuse(scenario, sentence->column, "the mesh is there already");
    else
        return true;
    return false;
}

static int understand(struct heal_scenario *scenario, struct sentence *sentence) {
    const struct sentence_row *row;
    for (size_t i = 0; (row = heal_sentence_row(i)); i++) {
        struct words pattern = {0};
        split(row->pattern, &pattern);
        if (!fits(&pattern, &sentence->words, sentence))
            continue;
        sentence->row = row;
        bool good = read_arguments(scenario, &pattern, sentence) && may_stand_here(scenario, sentence);
        return good ? 1 : -1;
    }
    heal_scenario_refuse(scenario, sentence->column, "no such sentence; did you mean \"%s\"?",
                         nearest(&sentence->words));
    return -1;
}

int heal_sentence_read(struct heal_scenario *scenario, const char *line, struct sentence *ret_sentence) {
    char bare[256];
    size_t length = strcspn(line, "#\r\n");
    if (length >= sizeof bare) {
        heal_scenario_refuse(scenario, 1, "longer than %zu bytes", sizeof bare - 1);
        return -1;
    }
    heal_name_copy(bare, length + 1, line);
    if (!split(bare, &ret_sentence->words)) {
        heal_scenario_refuse(scenario, 1, "more than %d words", WORDS_MAX);
        return -1;
    }
    if (ret_sentence->words.count == 0)
        return 0;
    ret_sentence->column = column_of(&ret_sentence->words, ret_sentence->words.word[0]);
    int r = understand(scenario, ret_sentence);
    /* One that is not understood will have meant it, too: the sentences after it are not to blame. */
    scenario->has_mesh = scenario->has_mesh || strcmp(ret_sentence->words.word[0], "mesh") == 0;
    return r;
}

bool heal_sentence_find(struct heal_scenario *scenario, struct sentence *sentence) {
    struct words pattern = {0};
    int next = 0;
    bool found = true;
    split(sentence->row->pattern, &pattern);
    for (size_t i = 0; i < pattern.count; i++) {
        const struct placeholder *placeholder = heal_placeholder(pattern.word[i]);
        if (!placeholder)
            continue;
        struct argument *argument = &sentence->argument[next++];
        found = (!placeholder->find || placeholder->find(scenario, argument)) && found;
    }
    return found;
}
