/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "picture/axis.h"

#include "base/cleanup.h"

#include <stdlib.h>

/* A cut takes so much of the width; a piece has at least that much. */
static const double cut_width = 3, piece_least = 8;
/* A gap is worth a cut from this share of what is shown. */
static const double gap_least = 0.15;

static int by_start(const void *one, const void *two) {
    const struct heal_axis_span *a = one, *b = two;

    return (a->from > b->from) - (a->from < b->from);
}

static heal_us length_of(const struct heal_axis *axis) {
    heal_us length = 0;

    for (size_t i = 0; i < axis->pieces; i++)
        length += axis->piece[i].to - axis->piece[i].from;
    return length;
}

/* The longest stretch within a piece in which nothing happens. @return the piece's index. */
static size_t longest_gap(const struct heal_axis *axis, const struct heal_axis_span *span, size_t spans,
                          struct heal_axis_span *ret_gap) {
    size_t best = 0;

    *ret_gap = (struct heal_axis_span){0, 0};
    for (size_t i = 0; i < axis->pieces; i++) {
        heal_us busy_until = axis->piece[i].from;

        for (size_t j = 0; j < spans; j++) {
            bool outside = span[j].to < axis->piece[i].from || span[j].from > axis->piece[i].to;

            if (outside)
                continue;
            if (span[j].from > busy_until && span[j].from - busy_until > ret_gap->to - ret_gap->from) {
                *ret_gap = (struct heal_axis_span){busy_until, span[j].from};
                best = i;
            }
            busy_until = span[j].to > busy_until ? span[j].to : busy_until;
        }
    }
    return best;
}

/* Cuts the longest gap out, if it is worth it. */
static bool cut(struct heal_axis *axis, const struct heal_axis_span *span, size_t spans) {
    struct heal_axis_span gap;
    size_t at = longest_gap(axis, span, spans, &gap);
    heal_us length = gap.to - gap.from;

    if (axis->pieces == HEAL_AXIS_PIECES_MAX || length < HEAL_US_PER_S ||
        (double)length < gap_least * (double)length_of(axis))
        return false;
    for (size_t i = axis->pieces++; i > at; i--)
        axis->piece[i] = axis->piece[i - 1];
    axis->piece[at].to = gap.from;
    axis->piece[at + 1].from = gap.to;
    return true;
}

/* A little room on both sides of each piece, but most of a gap stays cut out. */
static void add_margins(struct heal_axis *axis) {
    heal_us margin = length_of(axis) / 25 + HEAL_US_PER_S / 10;

    for (size_t i = 0; i < axis->pieces; i++) {
        struct heal_axis_piece *piece = &axis->piece[i];
        heal_us before = i > 0 ? (piece->from - piece[-1].to) / 3 : piece->from;
        heal_us after = i + 1 < axis->pieces ? (piece[1].from - piece->to) / 3 : margin;

        piece->from -= margin < before ? margin : before;
        piece->to += margin < after ? margin : after;
    }
}

/* Shares the width out: each piece the least, and the rest by length. */
static void place(struct heal_axis *axis) {
    double least = axis->pieces > 1 ? piece_least : 0, at = 0;
    double rest = 100 - (double)(axis->pieces - 1) * cut_width - (double)axis->pieces * least;
    double length = (double)length_of(axis);

    for (size_t i = 0; i < axis->pieces; i++) {
        struct heal_axis_piece *piece = &axis->piece[i];

        piece->left = at;
        piece->right = at + least + rest * (double)(piece->to - piece->from) / length;
        at = piece->right + cut_width;
    }
}

void heal_axis_init(struct heal_axis *axis, struct heal_axis_span *span, size_t spans) {
    struct heal_axis_span all = {0, 0};

    if (spans > 0)
        qsort(span, spans, sizeof *span, by_start);
    for (size_t i = 0; i < spans; i++) {
        all.from = i == 0 ? span[i].from : all.from;
        all.to = span[i].to > all.to ? span[i].to : all.to;
    }
    *axis = (struct heal_axis){.pieces = 1};
    axis->piece[0].from = all.from;
    axis->piece[0].to = all.to;
    while (cut(axis, span, spans))
        ;
    add_margins(axis);
    place(axis);
}

double heal_axis_at(const struct heal_axis *axis, heal_us time) {
    for (size_t i = 0; i < axis->pieces; i++) {
        const struct heal_axis_piece *piece = &axis->piece[i];

        if (time < piece->from)
            return piece->left;
        if (time <= piece->to)
            return piece->left + (piece->right - piece->left) * (double)(time - piece->from) /
                                     (double)(piece->to - piece->from);
    }
    return axis->piece[axis->pieces - 1].right;
}

heal_us heal_axis_step(heal_us least) {
    static const unsigned step_s[] = {1,   2,   5,    10,   15,   30,    60,    120,  300,
                                      600, 900, 1800, 3600, 7200, 10800, 21600, 43200};

    for (size_t i = 0; i < HEAL_COUNT(step_s); i++)
        if (step_s[i] * HEAL_US_PER_S >= least)
            return step_s[i] * HEAL_US_PER_S;
    heal_us day = 86400 * HEAL_US_PER_S;
    return (least + day - 1) / day * day;
}
