/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "picture/lane.h"
#include "picture/markup.h"
#include "picture/parts.h"
#include "picture/story.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LANES_MAX = 120, TICKS_MAX = 24 };
/* What is nearer, in per cent of the width, is told as one. */
static const double note_apart = 2;

/* A lane: incidents of one place that do not overlap. The member of an incident is the lane it is in. */
struct timeline {
    FILE *out;
    const struct heal_picture *picture;
    struct heal_axis axis;
    size_t lanes;
    size_t *lane_of;  /* an incident's lane */
    size_t *order;    /* the incidents by their start */
    heal_us *busy_to; /* until when a lane is taken */
    size_t *first;    /* the first incident of a lane */
    size_t ticks;
    double tick[TICKS_MAX];
};

static int by_start(const void *one, const void *two, void *context) {
    const struct heal_picture *picture = context;
    size_t a = *(const size_t *)one, b = *(const size_t *)two;
    heal_us from_a = heal_story_start(&picture->incident[a].status);
    heal_us from_b = heal_story_start(&picture->incident[b].status);

    if (from_a != from_b)
        return from_a < from_b ? -1 : 1;
    return (a > b) - (a < b);
}

/* Gives each incident a lane of its place that is free by then. */
static void share_lanes(struct timeline *timeline) {
    const struct heal_picture *picture = timeline->picture;

    for (size_t i = 0; i < picture->incidents; i++)
        timeline->order[i] = i;
    qsort_r(timeline->order, picture->incidents, sizeof *timeline->order, by_start, (void *)picture);
    for (size_t i = 0; i < picture->incidents; i++) {
        size_t index = timeline->order[i], lane = 0;
        const struct heal_incident_status *incident = &picture->incident[index].status;

        while (lane < timeline->lanes &&
               !(heal_incident_shares_place(&picture->incident[timeline->first[lane]].status, incident) &&
                 timeline->busy_to[lane] < heal_story_start(incident)))
            lane++;
        if (lane == timeline->lanes)
            timeline->first[timeline->lanes++] = index;
        timeline->lane_of[index] = lane;
        timeline->busy_to[lane] = heal_story_end(picture, incident);
    }
}

static int make_axis(struct timeline *timeline) {
    const struct heal_picture *picture = timeline->picture;
    size_t spans = picture->incidents + picture->notes;
    struct heal_axis_span *span = calloc(spans, sizeof *span);

    if (!span)
        return -ENOMEM;
    for (size_t i = 0; i < picture->incidents; i++)
        span[i] = (struct heal_axis_span){heal_story_start(&picture->incident[i].status),
                                          heal_story_end(picture, &picture->incident[i].status)};
    for (size_t i = 0; i < picture->notes; i++)
        span[picture->incidents + i] = (struct heal_axis_span){picture->note[i].time, picture->note[i].time};
    heal_axis_init(&timeline->axis, span, spans);
    free(span);
    return 0;
}

/* A tick's words: as fine as the step between two. */
static void add_tick_words(const struct timeline *timeline, heal_us time, heal_us step) {
    double seconds = (double)time / 1e6;
    time_t whole = (time_t)llround(timeline->picture->unix_at_zero + seconds);
    struct tm parts;
    char words[32] = "";

    if (timeline->picture->unix_at_zero <= 0) {
        heal_markup_add(timeline->out, "%.0f s", seconds);
        return;
    }
    if (gmtime_r(&whole, &parts))
        strftime(words, sizeof words,
                 step < 60 * HEAL_US_PER_S      ? "%H:%M:%S"
                 : step < 86400 * HEAL_US_PER_S ? "%H:%M"
                                                : "%m-%d",
                 &parts);
    heal_markup_add(timeline->out, "%s", words);
}

static void add_tick(struct timeline *timeline, heal_us time, heal_us step, bool spare) {
    double at = heal_axis_at(&timeline->axis, time);

    timeline->tick[timeline->ticks++] = at;
    heal_markup_add(timeline->out, "<text x='%.3f%%' y='12' class='%s'>", at, spare ? "tick spare" : "tick");
    add_tick_words(timeline, time, step);
    fputs("</text>", timeline->out);
}

/* Round times within a piece, some 12 % of the width apart. */
static void add_ticks(struct timeline *timeline, const struct heal_axis_piece *piece) {
    double room = (piece->right - piece->left) / 12;
    heal_us step = heal_axis_step((heal_us)((double)(piece->to - piece->from) / fmax(room, 1)));
    /* Round by the calendar, where there is one. */
    double into_day = fmod(fmax(timeline->picture->unix_at_zero, 0), 86400);
    heal_us zero = (heal_us)(into_day * 1e6) % step;
    heal_us time = piece->from + (step - (piece->from + zero) % step) % step;

    if (time > piece->to && timeline->ticks < TICKS_MAX)
        add_tick(timeline, (piece->from + piece->to) / 2, HEAL_US_PER_S, false);
    for (unsigned i = 0; time <= piece->to && timeline->ticks < TICKS_MAX; time += step, i++)
        add_tick(timeline, time, step, i % 2 == 1);
}

static void add_head(struct timeline *timeline) {
    const struct heal_axis *axis = &timeline->axis;

    heal_markup_add(timeline->out, "<div class='lane head'><div>%s</div><svg height='18' aria-hidden='true'>",
                    timeline->picture->unix_at_zero > 0 ? "UTC" : "since the start");
    for (size_t i = 0; i < axis->pieces; i++)
        add_ticks(timeline, &axis->piece[i]);
    fputs("</svg></div>\n", timeline->out);
}

static void add_grid(const struct timeline *timeline) {
    const struct heal_axis *axis = &timeline->axis;

    for (size_t i = 0; i < timeline->ticks; i++)
        heal_markup_add(timeline->out, "<line class='grid' x1='%.3f%%' x2='%.3f%%' y1='0' y2='100%%'/>",
                        timeline->tick[i], timeline->tick[i]);
    for (size_t i = 0; i + 1 < axis->pieces; i++)
        heal_markup_add(timeline->out, "<rect class='gap' x='%.3f%%' width='%.3f%%' y='0' height='100%%'/>",
                        axis->piece[i].right, axis->piece[i + 1].left - axis->piece[i].right);
}

static void add_lane(const struct timeline *timeline, size_t lane) {
    const struct heal_picture *picture = timeline->picture;
    char place[HEAL_PLACE_MAX];

    heal_markup_add(timeline->out, "<div class='lane'><div class='where'>%s</div><svg height='%d'>",
                    heal_story_place(&picture->incident[timeline->first[lane]].status, place),
                    HEAL_LANE_HEIGHT);
    add_grid(timeline);
    for (size_t i = 0; i < picture->incidents; i++) {
        const struct heal_picture_incident *incident = &picture->incident[timeline->order[i]];

        if (timeline->lane_of[timeline->order[i]] != lane)
            continue;
        heal_markup_add(timeline->out, "<a href='#i%zu' data-i='%zu' aria-label='incident %llu, %s, %s'>",
                        timeline->order[i], timeline->order[i], (unsigned long long)incident->status.id,
                        heal_story_diagnosis(&incident->status), heal_story_words(&incident->status));
        heal_lane_write(timeline->out, picture, timeline->order[i], &timeline->axis);
        fputs("</a>", timeline->out);
    }
    fputs("</svg></div>\n", timeline->out);
}

/* What was done to the mesh, by numbers that the list below tells in words. */
static void add_notes(const struct timeline *timeline) {
    const struct heal_picture *picture = timeline->picture;

    if (picture->notes == 0)
        return;
    fputs("<div class='lane'><div class='where'>what befell it</div><svg height='28'>", timeline->out);
    add_grid(timeline);
    for (size_t i = 0, last; i < picture->notes; i = last + 1) {
        double at = heal_axis_at(&timeline->axis, picture->note[i].time);

        last = i;
        while (last + 1 < picture->notes &&
               heal_axis_at(&timeline->axis, picture->note[last + 1].time) < at + note_apart)
            last++;
        heal_markup_add(timeline->out,
                        "<use href='#m-note' class='m note' x='%.3f%%' y='20'/><text class='tick' x='%.3f%%' "
                        "y='11'>%zu",
                        at, at, i + 1);
        if (last > i)
            heal_markup_add(timeline->out, "–%zu", last + 1);
        fputs("</text>", timeline->out);
    }
    fputs("</svg></div>\n", timeline->out);
}

static void list_notes(const struct timeline *timeline) {
    const struct heal_picture *picture = timeline->picture;
    char time[HEAL_TIME_TEXT];

    if (picture->notes == 0)
        return;
    fputs("<ol class='notes'>\n", timeline->out);
    for (size_t i = 0; i < picture->notes; i++)
        heal_markup_add(timeline->out, "<li><span>%s</span> %s</li>\n",
                        heal_story_time(picture, picture->note[i].time, time), picture->note[i].text);
    fputs("</ol>\n", timeline->out);
}

static void add_legend(FILE *out) {
    fputs("<ul class='legend'>", out);
    for (int i = 0; i < HEAL_MOMENTS; i++) {
        const char *name = heal_moment_name((enum heal_moment_kind)i);

        heal_markup_add(
            out,
            "<li><svg width='16' height='16' aria-hidden='true'><use href='#m-%s' class='m %s' x='8' "
            "y='8'/></svg>%s</li>",
            name, name, heal_moment_words((enum heal_moment_kind)i));
    }
    fputs(
        "<li><svg width='26' height='10' aria-hidden='true'><rect class='bar holding' width='26' height='6' "
        "y='2' rx='2'/></svg>remedy in place</li></ul>\n",
        out);
}

static int draw(struct timeline *timeline) {
    share_lanes(timeline);
    int r = make_axis(timeline);
    if (r < 0)
        return r;
    fputs("<div class='lanes'>\n", timeline->out);
    add_head(timeline);
    add_notes(timeline);
    for (size_t i = 0; i < timeline->lanes && i < LANES_MAX; i++)
        add_lane(timeline, i);
    fputs("</div>\n", timeline->out);
    if (timeline->lanes > LANES_MAX)
        heal_markup_add(timeline->out, "<p class='none'>%zu more places have only their cards below.</p>\n",
                        timeline->lanes - LANES_MAX);
    add_legend(timeline->out);
    list_notes(timeline);
    return 0;
}

int heal_timeline_write(FILE *out, const struct heal_picture *picture) {
    size_t room = picture->incidents + 1;
    struct timeline timeline = {.out = out, .picture = picture};

    if (picture->incidents + picture->notes == 0) {
        fputs("<p class='none'>Nothing has happened.</p>\n", out);
        return 0;
    }
    timeline.lane_of = calloc(room, sizeof *timeline.lane_of);
    timeline.order = calloc(room, sizeof *timeline.order);
    timeline.first = calloc(room, sizeof *timeline.first);
    timeline.busy_to = calloc(room, sizeof *timeline.busy_to);
    bool whole = timeline.lane_of && timeline.order && timeline.first && timeline.busy_to;
    int r = whole ? draw(&timeline) : -ENOMEM;
    free(timeline.lane_of);
    free(timeline.order);
    free(timeline.first);
    free(timeline.busy_to);
    return r;
}
