/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How a sentence is read: by the patterns of the table, every word of it. */
#include "scenario/scenario_parts.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "config/quantity.h"

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

/* ---- the kinds of placeholders ---- */

static bool read_span(const char *text, struct argument *argument) {
    return heal_duration_parse(text, &argument->span) == 0;
}

static bool read_share(const char *text, struct argument *argument) {
    return heal_number_parse(text, &argument->number) == 0 && argument->number <= 1;
}

static bool read_size(const char *text, struct argument *argument) {
    uint64_t bytes;
    if (heal_size_parse(text, &bytes) < 0)
        return false;
    argument->number = (double)bytes;
    return true;
}

static bool read_count(const char *text, struct argument *argument) {
    return strspn(text, "0123456789") == strlen(text) && heal_number_parse(text, &argument->number) == 0 &&
           argument->number <= INT16_MAX;
}

static bool read_level(const char *text, struct argument *argument) {
    char number[HEAL_QUANTITY_MAX];
    size_t length = strlen(text);
    if (length < 3 || length >= sizeof number || strcmp(text + length - 2, "dB") != 0)
        return false;
    heal_name_copy(number, length - 1, text);
    return strchr(number, '%') == NULL && heal_number_parse(number, &argument->number) == 0;
}

static bool read_distance(const char *text, struct argument *argument) {
    char number[HEAL_QUANTITY_MAX];
    size_t length = strlen(text);
    if (length < 2 || length >= sizeof number || text[length - 1] != 'm')
        return false;
    heal_name_copy(number, length, text);
    return strchr(number, '%') == NULL && heal_number_parse(number, &argument->number) == 0;
}

static bool read_shape(const char *text, struct argument *argument) {
    for (int shape = 0; shape < HEAL_SIM_SHAPES; shape++)
        if (strcmp(heal_sim_shape_names[shape], text) == 0) {
            argument->choice = shape;
            return true;
        }
    return false;
}

static bool read_file(const char *text, struct argument *argument) {
    (void)argument;
    return text[0] != '\0';
}

static bool read_mode(const char *text, struct argument *argument) {
    for (int mode = 0; mode < HEAL_MODES; mode++)
        if (strcmp(heal_mode_name((enum heal_mode)mode), text) == 0) {
            argument->choice = mode;
            return true;
        }
    return false;
}

static bool read_diagnosis(const char *text, struct argument *argument) {
    enum heal_diagnosis diagnosis;
    if (heal_diagnosis_parse(text, &diagnosis) < 0)
        return false;
    argument->choice = (int)diagnosis;
    return true;
}

static bool read_remedy(const char *text, struct argument *argument) {
    enum heal_remedy remedy;
    if (heal_remedy_parse(text, &remedy) < 0)
        return false;
    argument->choice = (int)remedy;
    return true;
}

static bool read_metric(const char *text, struct argument *argument) {
    enum heal_metric metric;
    if (heal_metric_parse(text, &metric) < 0)
        return false;
    argument->choice = (int)metric;
    return true;
}

static bool read_name(const char *text, struct argument *argument) {
    (void)argument;
    return strlen(text) < HEAL_NAME_MAX && strpbrk(text, "->") == NULL;
}

static bool read_link(const char *text, struct argument *argument) {
    size_t first = strcspn(text, "->");
    argument->one_way = text[first] == '>';
    return first > 0 && first < HEAL_NAME_MAX && text[first] != '\0' && text[first + 1] != '\0' &&
           read_name(text + first + 1, argument);
}

static bool read_place(const char *text, struct argument *argument) {
    return read_name(text, argument) || read_link(text, argument);
}

static bool find_node(const struct heal_scenario *scenario, const char *name, int *ret_node) {
    *ret_node = heal_sim_find_node(scenario->sim, name);
    return *ret_node >= 0;
}

static bool find_named_node(const struct heal_scenario *scenario, struct argument *argument) {
    return find_node(scenario, argument->text, &argument->node);
}

static bool find_link(const struct heal_scenario *scenario, struct argument *argument) {
    char name[HEAL_NAME_MAX];
    size_t first = strcspn(argument->text, "->");
    heal_name_copy(name, first + 1, argument->text);
    if (!find_node(scenario, name, &argument->node) ||
        !find_node(scenario, argument->text + first + 1, &argument->other))
        return false;
    argument->link = heal_sim_find_link(scenario->sim, (unsigned)argument->node, (unsigned)argument->other);
    return argument->link >= 0;
}

static bool find_place(const struct heal_scenario *scenario, struct argument *argument) {
    bool is_node = strpbrk(argument->text, "->") == NULL;
    return is_node ? find_named_node(scenario, argument) : find_link(scenario, argument);
}

static bool find_service(const struct heal_scenario *scenario, struct argument *argument) {
    for (int i = 0; i < scenario->settings.services; i++)
        if (strcmp(scenario->settings.service[i].name, argument->text) == 0) {
            argument->service = i;
            return true;
        }
    return false;
}

static const struct kind {
    const char *name, *example;
    bool (*read)(const char *text, struct argument *argument);
    bool (*find)(const struct heal_scenario *scenario,
                 struct argument *argument); /* in the mesh; NULL: is none */
} kinds[] = {
    {"SPAN",      "900ms, 1.5s, 5min",              read_span,      NULL           },
    {"SHARE",     "0.2, 20%",                       read_share,     NULL           },
    {"SIZE",      "2MB",                            read_size,      NULL           },
    {"COUNT",     "8",                              read_count,     NULL           },
    {"LEVEL",     "20dB",                           read_level,     NULL           },
    {"DISTANCE",  "120m",                           read_distance,  NULL           },
    {"FILE",      "mesh.json",                      read_file,      NULL           },
    {"SHAPE",     "ring, line, star, grid, random", read_shape,     NULL           },
    {"MODE",      "observe, warn, act",             read_mode,      NULL           },
    {"DIAGNOSIS", "link-loss",                      read_diagnosis, NULL           },
    {"REMEDY",    "route-around",                   read_remedy,    NULL           },
    {"METRIC",    "loss, latency, flaps",           read_metric,    NULL           },
    {"NODE",      "n1",                             read_name,      find_named_node},
    {"SERVICE",   "worker, babeld",                 read_name,      find_service   },
    {"LINK",      "n1-n2, n1>n2",                   read_link,      find_link      },
    {"PLACE",     "n1, n1-n2",                      read_place,     find_place     },
};

static const struct kind *kind_of(const char *word) {
    for (size_t i = 0; i < HEAL_COUNT(kinds); i++)
        if (strcmp(kinds[i].name, word) == 0)
            return &kinds[i];
    return NULL;
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
        if (kind_of(pattern->word[i]) != NULL)
            ret_sentence->argument[ret_sentence->arguments++] =
                (struct argument){.text = word, .node = -1, .other = -1, .link = -1};
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
    const struct kind *kind = kind_of(pattern);
    if (kind)
        return kind->read(word, &argument) ? 0 : MISREAD;
    if (strcmp(pattern, word) == 0 || is_optional(pattern, word))
        return 0;
    return WRONG + least(heal_name_distance(pattern, word), LETTERS_MAX);
}

static size_t missing_cost(const char *pattern) {
    return pattern[0] == '[' ? 0 : kind_of(pattern) ? 1 : 3;
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

/* Reads the placeholders' words. @return false after it has failed. */
static bool read_arguments(struct heal_scenario *scenario, const struct words *pattern,
                           struct sentence *sentence) {
    int next = 0;
    for (size_t i = 0; i < pattern->count; i++) {
        const struct kind *kind = kind_of(pattern->word[i]);
        if (!kind)
            continue;
        struct argument *argument = &sentence->argument[next++];
        if (!kind->read(argument->text, argument)) {
            heal_scenario_fail(scenario, "\"%s\" is no %s (%s): %s", argument->text, kind->name,
                               kind->example, sentence->row->pattern);
            return false;
        }
    }
    return true;
}

/* The mesh is made once, before what happens to it and after what it is made with. */
static bool may_stand_here(struct heal_scenario *scenario, const struct sentence_row *row) {
    if (!row->before_mesh && !scenario->has_mesh)
        heal_scenario_fail(scenario, "there is no mesh yet");
    else if (row->before_mesh && scenario->has_mesh)
        heal_scenario_fail(scenario, "the mesh is there already");
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
        bool good = read_arguments(scenario, &pattern, sentence) && may_stand_here(scenario, sentence->row);
        return good ? 1 : -1;
    }
    heal_scenario_fail(scenario, "no such sentence; did you mean \"%s\"?", nearest(&sentence->words));
    return -1;
}

int heal_sentence_read(struct heal_scenario *scenario, const char *line, struct sentence *ret_sentence) {
    char bare[256];
    size_t length = strcspn(line, "#\r\n");
    if (length >= sizeof bare) {
        heal_scenario_fail(scenario, "longer than %zu bytes", sizeof bare - 1);
        return -1;
    }
    heal_name_copy(bare, length + 1, line);
    if (!split(bare, &ret_sentence->words)) {
        heal_scenario_fail(scenario, "more than %d words", WORDS_MAX);
        return -1;
    }
    if (ret_sentence->words.count == 0)
        return 0;
    int r = understand(scenario, ret_sentence);
    /* One that is not understood will have meant it, too: the sentences after it are not to blame. */
    scenario->has_mesh = scenario->has_mesh || strcmp(ret_sentence->words.word[0], "mesh") == 0;
    return r;
}

bool heal_sentence_find(struct heal_scenario *scenario, struct sentence *sentence) {
    struct words pattern = {0};
    int next = 0;
    split(sentence->row->pattern, &pattern);
    for (size_t i = 0; i < pattern.count; i++) {
        const struct kind *kind = kind_of(pattern.word[i]);
        if (!kind)
            continue;
        struct argument *argument = &sentence->argument[next++];
        if (kind->find && !kind->find(scenario, argument)) {
            heal_scenario_fail(scenario, "this mesh has no %s", argument->text);
            return false;
        }
    }
    return true;
}

struct heal_sim_port *heal_scenario_port(struct heal_scenario *scenario, const struct argument *link,
                                         const struct argument *node) {
    struct heal_sim_node *here = &scenario->sim->node[node->node];
    for (unsigned i = 0; i < here->ports; i++)
        if ((int)here->port[i].link == link->link)
            return &here->port[i];
    heal_scenario_fail(scenario, "%s is no link of %s", link->text, node->text);
    return NULL;
}
