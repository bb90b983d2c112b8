/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "picture/lane.h"

#include "base/amount.h"
#include "picture/markup.h"
#include "picture/story.h"

enum { TROUBLE_Y = 11, STEP_Y = 27 };

struct lane {
    FILE *out;
    const struct heal_picture *picture;
    const struct heal_incident_status *incident;
    const struct heal_axis *axis;
};

static void add_bar(const struct lane *lane, const char *class, heal_us from, heal_us to, int y, int height) {
    double left = heal_axis_at(lane->axis, from), width = heal_axis_at(lane->axis, to) - left;

    if (to >= from)
        heal_markup_add(lane->out,
                        "<rect class='bar %s' x='%.3f%%' y='%d' width='%.3f%%' height='%d' rx='2'/>", class,
                        left, y - height / 2, width > 0.2 ? width : 0.2, height);
}

/* From when it worked until it was taken back. */
static void add_step_bars(const struct lane *lane, const struct heal_step_status *step, heal_us end) {
    enum heal_effect effect = heal_remedy_effect(step->remedy);
    bool lasts = effect == HEAL_EFFECT_RELIEVES || effect == HEAL_EFFECT_CONTAINS;
    bool over = step->state == HEAL_STEP_FAILED || step->state == HEAL_STEP_WOULD;

    if (step->started == 0 || step->state == HEAL_STEP_WOULD)
        return;
    add_bar(lane, "trying", step->started, step->settled != 0 ? step->settled : end, STEP_Y, 6);
    if (step->settled != 0 && lasts && !over)
        add_bar(lane, "holding", step->settled, end, STEP_Y, 6);
}

static void add_moment(const struct lane *lane, const struct heal_moment *moment) {
    const char *name = heal_moment_name(moment->kind);
    char time[HEAL_TIME_TEXT], span[HEAL_SPAN_MAX];
    double after = ((double)moment->time - (double)lane->incident->opened) / 1e6;

    heal_markup_add(lane->out, "<use href='#m-%s' class='m %s' x='%.3f%%' y='%d'><title>%s", name, name,
                    heal_axis_at(lane->axis, moment->time), moment->step < 0 ? TROUBLE_Y : STEP_Y,
                    heal_moment_words(moment->kind));
    if (moment->step >= 0)
        heal_markup_add(lane->out, ": %s", heal_remedy_slug(lane->incident->step[moment->step].remedy));
    heal_markup_add(lane->out, ", %s", heal_story_time(lane->picture, moment->time, time));
    if (moment->kind != HEAL_MOMENT_DETECTED)
        heal_markup_add(lane->out, ", %s %s detection", heal_span_format(after < 0 ? -after : after, span),
                        after < 0 ? "before" : "after");
    fputs("</title></use>", lane->out);
}

void heal_lane_write(FILE *out, const struct heal_picture *picture, size_t index,
                     const struct heal_axis *axis) {
    const struct heal_incident_status *incident = &picture->incident[index].status;
    const struct lane lane = {.out = out, .picture = picture, .incident = incident, .axis = axis};
    heal_us start = heal_story_start(incident), end = heal_story_end(picture, incident);
    struct heal_moment moment[HEAL_MOMENTS_MAX];
    size_t moments = heal_story_moments(incident, moment);

    add_bar(&lane, "showing", start, incident->opened, TROUBLE_Y, 2);
    add_bar(&lane, "sick", incident->opened, incident->healed != 0 ? incident->healed : end, TROUBLE_Y, 6);
    if (incident->healed != 0)
        add_bar(&lane, "calm", incident->healed, end, TROUBLE_Y, 4);
    for (size_t i = 0; i < incident->steps; i++)
        add_step_bars(&lane, &incident->step[i], end);
    for (size_t i = 0; i < moments; i++)
        add_moment(&lane, &moment[i]);
}

static void add_tick(FILE *out, const struct heal_axis *axis, heal_us opened, int64_t after, int y) {
    double seconds = (double)(after < 0 ? -after : after) / 1e6;
    char span[HEAL_SPAN_MAX];

    heal_markup_add(out, "<text class='tick' x='%.3f%%' y='%d'>",
                    heal_axis_at(axis, (heal_us)((int64_t)opened + after)), y);
    if (after == 0)
        fputs("detected", out);
    else
        heal_markup_add(out, "%s%s", after < 0 ? "−" : "+", heal_span_format(seconds, span));
    fputs("</text>", out);
}

void heal_lane_ticks(FILE *out, const struct heal_picture_incident *incident, const struct heal_axis *axis,
                     double apart, int y) {
    const struct heal_axis_piece *piece = &axis->piece[0];
    heal_us opened = incident->status.opened;
    int64_t step = (int64_t)heal_axis_step((heal_us)((double)(piece->to - piece->from) * apart / 100));
    int64_t first = -(int64_t)(opened > piece->from ? opened - piece->from : 0) / step * step;

    for (int64_t after = first; (int64_t)opened + after <= (int64_t)piece->to; after += step)
        add_tick(out, axis, opened, after, y);
}

void heal_lane_axis(const struct heal_picture *picture, const struct heal_picture_incident *incident,
                    struct heal_axis *axis) {
    struct heal_axis_span span = {heal_story_start(&incident->status),
                                  heal_story_end(picture, &incident->status)};

    for (size_t i = 0; i < incident->series; i++)
        if (incident->of[i].count > 0 && incident->of[i].point[0].time < span.from)
            span.from = incident->of[i].point[0].time;
    heal_axis_init(axis, &span, 1);
}
