/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wifi/medium.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "config/quantity.h"
#include "radio/physics.h"

enum { WORD_MAX = 48 };

static const double default_power_dbm = 20;
static const double place_most_m = 1e7, power_least_dbm = -50, power_most_dbm = 50;
/* Channel 1 among buildings. */
static const struct heal_radio radio = {
    .power_dbm = 0, .frequency_mhz = 2412, .noise_dbm = -95, .exponent = 3};

/* How much more signal a rate needs than 6 Mbit/s does: IEEE 802.11-2016, table 17-18 for OFDM; for DSSS and
 * CCK, which that standard gives no such table, what receivers of the kind are sold with. */
static const double demand_db[HEAL_MEDIUM_RATES] = {-4, -2, 0, 3, 0, 1, 3, 5, 8, 12, 16, 17};

/* ---- reading ----------------------------------------------------------------------------------------------
 */

/* A line, and its present word. */
struct reader {
    const char *line, *at, *end;
    char word[WORD_MAX]; /* "" at the end */
    int number, column;  /* of the line; of the word */
    struct heal_error *error;
};

static int refuse(const struct reader *reader, const char *wanted) {
    return heal_error_set(reader->error, -EINVAL, reader->number, reader->column, "%s is wanted, not %s%s%s",
                          wanted, reader->word[0] ? "'" : "", reader->word[0] ? reader->word : "nothing",
                          reader->word[0] ? "'" : "");
}

static int next(struct reader *reader) {
    size_t length = 0;

    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t'))
        reader->at++;
    reader->column = (int)(reader->at - reader->line) + 1;
    reader->word[0] = '\0';
    if (reader->at < reader->end && *reader->at == '#')
        reader->at = reader->end;
    while (reader->at + length < reader->end && !strchr(" \t", reader->at[length]))
        length++;
    if (length >= sizeof reader->word || memchr(reader->at, '\0', length))
        return refuse(reader, "a word of text, of at most 47 bytes,");
    memcpy(reader->word, reader->at, length);
    reader->word[length] = '\0';
    reader->at += length;
    return 0;
}

/* A number, with @p unit behind it as the rest of the text. */
static int read_real(const char *text, const char *unit, double least, double most, double *ret_value) {
    char *end;
    double value = strtod(text, &end);

    if (end == text || strcmp(end, unit) != 0 || !(value >= least && value <= most))
        return -EINVAL;
    *ret_value = value;
    return 0;
}

/* @param end where the number has to end. */
static int read_index(const char *text, char end, unsigned *ret_index, const char **ret_behind) {
    char *behind;
    unsigned long index = strtoul(text, &behind, 10);

    if (!isdigit((unsigned char)*text) || *behind != end || index >= HEAL_MEDIUM_RADIOS_MAX)
        return -EINVAL;
    *ret_index = (unsigned)index;
    *ret_behind = behind;
    return 0;
}

static int read_radio(struct reader *reader, const struct heal_medium *medium, bool is_new,
                      unsigned *ret_index) {
    const char *behind;
    unsigned index = 0;
    int r = next(reader);

    if (r < 0)
        return r;
    if (read_index(reader->word, '\0', &index, &behind) < 0)
        return refuse(reader, "the number of a radio, 0 to 31,");
    if (is_new == medium->radio[index].present)
        return refuse(reader, is_new ? "a radio that has no place yet" : "a radio that has a place above");
    *ret_index = index;
    return 0;
}

static int read_place(struct reader *reader, struct heal_medium_radio *ret_radio) {
    char first[WORD_MAX];
    int r = next(reader);

    if (r < 0)
        return r;
    if (strcmp(reader->word, "at") != 0)
        return refuse(reader, "'at'");
    r = next(reader);
    if (r < 0)
        return r;
    heal_name_copy(first, sizeof first, reader->word);
    char *comma = strchr(first, ',');
    if (comma)
        *comma = '\0';
    if (!comma || read_real(first, "", -place_most_m, place_most_m, &ret_radio->x_m) < 0 ||
        read_real(comma + 1, "", -place_most_m, place_most_m, &ret_radio->y_m) < 0)
        return refuse(reader, "a place in metres, X,Y,");
    return 0;
}

static int read_power(struct reader *reader, struct heal_medium_radio *ret_radio) {
    int r = next(reader);

    ret_radio->power_dbm = default_power_dbm;
    if (r < 0 || !reader->word[0])
        return r;
    if (strcmp(reader->word, "power") != 0)
        return refuse(reader, "'power'");
    r = next(reader);
    if (r == 0 && read_real(reader->word, "dBm", power_least_dbm, power_most_dbm, &ret_radio->power_dbm) < 0)
        return refuse(reader, "a power such as 20dBm, -50 to 50,");
    return r < 0 ? r : next(reader);
}

static int read_radio_line(struct reader *reader, struct heal_medium *medium) {
    struct heal_medium_radio read = {.present = true};
    unsigned index = 0;
    int r = read_radio(reader, medium, true, &index);

    if (r == 0)
        r = read_place(reader, &read);
    if (r == 0)
        r = read_power(reader, &read);
    if (r == 0)
        medium->radio[index] = read;
    return r;
}

static int read_loss_line(struct reader *reader, struct heal_medium *medium) {
    unsigned from = 0, to = 0;
    const char *behind;
    double share = 0;
    int r = next(reader);

    if (r < 0)
        return r;
    bool one_way = strchr(reader->word, '>') != NULL;
    if (read_index(reader->word, one_way ? '>' : '-', &from, &behind) < 0 ||
        read_index(behind + 1, '\0', &to, &behind) < 0 || from == to || !medium->radio[from].present ||
        !medium->radio[to].present)
        return refuse(reader, "two radios that have a place above, A-B or A>B,");
    r = next(reader);
    if (r < 0)
        return r;
    if (heal_number_parse(reader->word, &share) < 0 || share > 1)
        return refuse(reader, "a share such as 80%");
    medium->loss[from][to] = share;
    if (!one_way)
        medium->loss[to][from] = share;
    return next(reader);
}

static int read_silent_line(struct reader *reader, struct heal_medium *medium) {
    unsigned index = 0;
    int r = read_radio(reader, medium, false, &index);

    if (r < 0)
        return r;
    medium->radio[index].silent = true;
    return next(reader);
}

static int read_line(struct reader *reader, struct heal_medium *medium) {
    static const struct {
        const char *word;
        int (*read)(struct reader *reader, struct heal_medium *medium);
    } kinds[] = {
        {"radio",  read_radio_line },
        {"loss",   read_loss_line  },
        {"silent", read_silent_line},
    };
    int r = next(reader);

    if (r < 0 || !reader->word[0])
        return r;
    for (size_t i = 0; i < HEAL_COUNT(kinds); i++) {
        if (strcmp(kinds[i].word, reader->word) != 0)
            continue;
        r = kinds[i].read(reader, medium);
        return r == 0 && reader->word[0] ? refuse(reader, "the end of the line") : r;
    }
    return refuse(reader, "'radio', 'loss' or 'silent'");
}

int heal_medium_parse(const char *text, size_t length, struct heal_medium *ret_medium,
                      struct heal_error *error) {
    struct heal_medium medium = {0};
    const char *end = text + length;
    int number = 1;

    for (const char *at = text; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        struct reader reader = {
            .line = at, .at = at, .end = newline ? newline : end, .number = number, .error = error};
        int r = read_line(&reader, &medium);

        if (r < 0)
            return r;
        at = reader.end + 1;
    }
    *ret_medium = medium;
    return 0;
}

/* ---- what becomes of an attempt ---------------------------------------------------------------------------
 */

bool heal_medium_has_path(const struct heal_medium *medium, unsigned from, unsigned to) {
    const struct heal_medium_radio *a = &medium->radio[from], *b = &medium->radio[to];

    return from != to && a->present && b->present && !a->silent && !b->silent && medium->loss[from][to] < 1;
}

double heal_medium_signal(const struct heal_medium *medium, unsigned from, unsigned to) {
    const struct heal_medium_radio *a = &medium->radio[from], *b = &medium->radio[to];

    return a->power_dbm + heal_radio_rssi(&radio, hypot(a->x_m - b->x_m, a->y_m - b->y_m), 0);
}

double heal_medium_attempt_loss(const struct heal_medium *medium, unsigned from, unsigned to, unsigned rate,
                                size_t bytes) {
    double snr_db, passes;

    if (!heal_medium_has_path(medium, from, to))
        return 1;
    snr_db = heal_medium_signal(medium, from, to) - radio.noise_dbm -
             demand_db[rate < HEAL_MEDIUM_RATES ? rate : HEAL_MEDIUM_RATES - 1];
    passes = exp(8.0 * (double)bytes * log1p(-heal_radio_bit_errors(snr_db)));
    return 1 - passes * (1 - medium->loss[from][to]);
}

bool heal_medium_attempt(const struct heal_medium *medium, struct heal_random *random, unsigned from,
                         unsigned to, unsigned rate, size_t bytes) {
    return heal_random_uniform(random) >= heal_medium_attempt_loss(medium, from, to, rate, bytes);
}
