/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/split.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum { GAPS_A_PIECE = 20 };

/* A run, and when it was. */
struct run {
    uint32_t number;
    int64_t from, to;
};

struct cut {
    const struct heal_gnn_dataset *dataset;
    const struct heal_split_plan *plan;
    struct run *run; /* by their numbers */
    size_t runs;
};

enum side { LEARNT, KEPT, LEFT_OUT };

/* ---- the runs ---- */

static int by_number(const void *a, const void *b) {
    const struct run *left = a, *right = b;

    return (left->number > right->number) - (left->number < right->number);
}

/* Joins the spans of what has the same number. */
static size_t join(struct run *run, size_t count) {
    size_t runs = 0;

    for (size_t i = 0; i < count; i++) {
        struct run *last = runs > 0 ? &run[runs - 1] : NULL;

        if (!last || last->number != run[i].number) {
            run[runs++] = run[i];
            continue;
        }
        last->from = run[i].from < last->from ? run[i].from : last->from;
        last->to = run[i].to > last->to ? run[i].to : last->to;
    }
    return runs;
}

static int list_runs(struct cut *cut) {
    size_t samples = heal_gnn_dataset_samples(cut->dataset);

    cut->run = calloc(samples + 1, sizeof *cut->run);
    if (!cut->run)
        return -ENOMEM;
    for (size_t i = 0; i < samples; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(cut->dataset, i);

        cut->run[i] = (struct run){sample.run, sample.time, sample.time};
    }
    qsort(cut->run, samples, sizeof *cut->run, by_number);
    cut->runs = join(cut->run, samples);
    return 0;
}

/* ---- which side ---- */

/* Where the piece before which there are @p pieces begins, of @p whole. Times lie within 2^53, and there are
 * at most 100 pieces. */
static int64_t begins(const struct cut *cut, int64_t whole, unsigned pieces) {
    return whole / cut->plan->pieces * pieces + whole % cut->plan->pieces * pieces / cut->plan->pieces;
}

static enum side side_by_run(const struct cut *cut, const struct run *run) {
    int64_t place = run - cut->run, runs = (int64_t)cut->runs;

    return place >= begins(cut, runs, cut->plan->piece - 1) && place < begins(cut, runs, cut->plan->piece)
               ? KEPT
               : LEARNT;
}

static enum side side_by_time(const struct cut *cut, const struct run *run, int64_t time) {
    int64_t span = run->to - run->from + 1, since = time - run->from;
    int64_t from = begins(cut, span, cut->plan->piece - 1), to = begins(cut, span, cut->plan->piece);
    int64_t gap =
        cut->plan->gap == HEAL_SPLIT_GAP_AUTO ? span / cut->plan->pieces / GAPS_A_PIECE : cut->plan->gap;

    if (since >= from && since < to)
        return KEPT;
    return since <= from - gap || since >= to - 1 + gap ? LEARNT : LEFT_OUT;
}

static enum side side_of(const struct cut *cut, enum heal_split_by by, size_t index) {
    struct heal_gnn_sample sample = heal_gnn_dataset_sample(cut->dataset, index);
    const struct run wanted = {.number = sample.run};
    const struct run *run = bsearch(&wanted, cut->run, cut->runs, sizeof *cut->run, by_number);

    return by == HEAL_SPLIT_RUN ? side_by_run(cut, run) : side_by_time(cut, run, sample.time);
}

/* ---- the lists ---- */

static size_t list_side(const struct cut *cut, struct heal_split *split, enum side side, size_t at) {
    size_t samples = heal_gnn_dataset_samples(cut->dataset);

    for (size_t i = 0; i < samples; i++)
        if (side_of(cut, split->by, i) == side)
            split->sample[at++] = (uint32_t)i;
    return at;
}

static void list(const struct cut *cut, struct heal_split *split) {
    size_t learnt = list_side(cut, split, LEARNT, 0), end = list_side(cut, split, KEPT, learnt);
    int64_t runs = (int64_t)cut->runs;

    split->learnt = (struct heal_gnn_choice){split->sample, learnt};
    split->kept = (struct heal_gnn_choice){split->sample + learnt, end - learnt};
    split->left_out = heal_gnn_dataset_samples(cut->dataset) - end;
    split->runs = cut->runs;
    split->runs_kept =
        split->by == HEAL_SPLIT_TIME
            ? cut->runs
            : (size_t)(begins(cut, runs, cut->plan->piece) - begins(cut, runs, cut->plan->piece - 1));
}

static int check(const struct heal_split_plan *plan, struct heal_error *error) {
    if (plan->pieces < 2 || plan->pieces > HEAL_SPLIT_PIECES_MAX || plan->piece < 1 ||
        plan->piece > plan->pieces)
        return heal_error_set(error, -EINVAL, 0, 0,
                              "piece %u of %u to validate on: there are 2 to %d, from 1 on", plan->piece,
                              plan->pieces, HEAL_SPLIT_PIECES_MAX);
    if (plan->gap < HEAL_SPLIT_GAP_AUTO || plan->gap > INT64_C(1) << 53)
        return heal_error_set(error, -EINVAL, 0, 0, "a gap of %lld", (long long)plan->gap);
    return 0;
}

static int make(struct cut *cut, struct heal_split *split, struct heal_error *error) {
    const struct heal_split_plan *plan = cut->plan;
    size_t samples = heal_gnn_dataset_samples(cut->dataset);
    int r = list_runs(cut);

    if (r < 0)
        return r;
    split->by = plan->by != HEAL_SPLIT_AUTO ? plan->by
                : cut->runs >= plan->pieces ? HEAL_SPLIT_RUN
                                            : HEAL_SPLIT_TIME;
    split->sample = calloc(samples + 1, sizeof *split->sample);
    if (!split->sample)
        return -ENOMEM;
    list(cut, split);
    if (split->learnt.count > 0 && split->kept.count > 0)
        return 0;
    return heal_error_set(error, -EINVAL, 0, 0,
                          "%zu graphs of %zu runs, cut into %u pieces by %s: piece %u leaves none to %s",
                          samples, cut->runs, plan->pieces, split->by == HEAL_SPLIT_RUN ? "run" : "time",
                          plan->piece, split->kept.count == 0 ? "validate on" : "learn from");
}

int heal_split_make(const struct heal_gnn_dataset *dataset, const struct heal_split_plan *plan,
                    struct heal_split *ret_split, struct heal_error *error) {
    struct cut cut = {.dataset = dataset, .plan = plan};
    struct heal_split split = {0};
    int r = check(plan, error);

    r = r < 0 ? r : make(&cut, &split, error);
    free(cut.run);
    if (r < 0)
        heal_split_deinit(&split);
    else
        *ret_split = split;
    return r;
}

void heal_split_deinit(struct heal_split *split) {
    free(split->sample);
    *split = (struct heal_split){0};
}
