/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What may stand for the capitals of a pattern. */
#include "scenario/scenario_parts.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "config/quantity.h"

#include <string.h>

/* Beyond these nothing is a mesh any more, and a slip of the finger is more likely. */
static const heal_us span_most_us = 365 * 24 * 3600 * HEAL_US_PER_S;
static const double level_most_db = 100, distance_most_m = 100e3, size_most_bytes = 1e12;

static bool read_span(const char *text, struct argument *argument) {
    return heal_duration_parse(text, &argument->span) == 0 && argument->span <= span_most_us;
}

static bool read_share(const char *text, struct argument *argument) {
    return heal_number_parse(text, &argument->number) == 0 && argument->number <= 1;
}

static bool read_size(const char *text, struct argument *argument) {
    uint64_t bytes;
    if (heal_size_parse(text, &bytes) < 0)
        return false;
    argument->number = (double)bytes;
    return argument->number <= size_most_bytes;
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
    return strchr(number, '%') == NULL && heal_number_parse(number, &argument->number) == 0 &&
           argument->number <= level_most_db;
}

static bool read_distance(const char *text, struct argument *argument) {
    char number[HEAL_QUANTITY_MAX];
    size_t length = strlen(text);
    if (length < 2 || length >= sizeof number || text[length - 1] != 'm')
        return false;
    heal_name_copy(number, length, text);
    return strchr(number, '%') == NULL && heal_number_parse(number, &argument->number) == 0 &&
           argument->number <= distance_most_m;
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

static const struct placeholder placeholders[] = {
    {"SPAN",      "900ms, 1.5s, 5min, up to 365d",  read_span,      NULL             },
    {"SHARE",     "0.2, 20%",                       read_share,     NULL             },
    {"SIZE",      "2MB, up to 1TB",                 read_size,      NULL             },
    {"COUNT",     "8, up to 32767",                 read_count,     NULL             },
    {"LEVEL",     "20dB, up to 100dB",              read_level,     NULL             },
    {"DISTANCE",  "120m, up to 100000m",            read_distance,  NULL             },
    {"FILE",      "mesh.json",                      read_file,      NULL             },
    {"SHAPE",     "ring, line, star, grid, random", read_shape,     NULL             },
    {"MODE",      "observe, warn, act",             read_mode,      NULL             },
    {"DIAGNOSIS", "link-loss",                      read_diagnosis, NULL             },
    {"REMEDY",    "route-around",                   read_remedy,    NULL             },
    {"METRIC",    "loss, latency, flaps",           read_metric,    NULL             },
    {"NODE",      "n1",                             read_name,      heal_find_node   },
    {"SERVICE",   "worker, babeld",                 read_name,      heal_find_service},
    {"LINK",      "n1-n2, n1>n2",                   read_link,      heal_find_link   },
    {"PLACE",     "n1, n1-n2",                      read_place,     heal_find_place  },
};

const struct placeholder *heal_placeholder(const char *word) {
    for (size_t i = 0; i < HEAL_COUNT(placeholders); i++)
        if (strcmp(placeholders[i].name, word) == 0)
            return &placeholders[i];
    return NULL;
}
