/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/amount.h"
#include "base/cleanup.h"
#include "picture/axis.h"
#include "picture/lane.h"
#include "picture/markup.h"
#include "picture/parts.h"
#include "picture/story.h"

#include <math.h>
#include <string.h>

enum { PLOT_HEIGHT = 112, TOP = 14, BOTTOM = 84, WIDTH = 1000 /* of the curve's own coordinates */ };

/* One plot: what is drawn, and where values and times are. */
struct plot {
    FILE *out;
    const struct heal_evidence *evidence;
    const struct heal_series *series;
    struct heal_axis axis;
    double low, high; /* the values at the bottom and at the top */
};

static const struct heal_series *series_of(const struct heal_picture_incident *incident,
                                           const struct heal_evidence *evidence) {
    for (size_t i = 0; evidence->track != HEAL_TRACK_NONE && i < incident->series; i++)
        if (incident->of[i].track == evidence->track && incident->of[i].count > 1)
            return &incident->of[i];
    return NULL;
}

static void widen(struct plot *plot, double value) {
    if (!isfinite(value))
        return;
    plot->low = fmin(plot->low, value);
    plot->high = fmax(plot->high, value);
}

/* The next number above that people like to read on an axis. */
static double round_up(double value) {
    static const double nice[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
    double power = pow(10, floor(log10(value)));

    for (size_t i = 0; i < HEAL_COUNT(nice); i++)
        if (value <= nice[i] * power * 1.0001)
            return nice[i] * power;
    return value;
}

/* All that is drawn fits; what cannot be below nothing begins there, and noise around nothing stays small. */
static void make_scale(struct plot *plot) {
    const struct heal_evidence *evidence = plot->evidence;

    plot->low = plot->high = isfinite(evidence->seen) ? (double)evidence->seen : 0;
    if (evidence->has_normal)
        widen(plot, (double)evidence->normal);
    if (evidence->has_threshold)
        widen(plot, (double)evidence->threshold);
    for (size_t i = 0; plot->series && i < plot->series->count; i++) {
        widen(plot, (double)plot->series->point[i].low);
        widen(plot, (double)plot->series->point[i].high);
    }
    if (plot->low >= 0) {
        plot->low = 0;
        plot->high = round_up(fmax(plot->high, strcmp(evidence->unit, "share") == 0 ? 0.05 : 1));
    } else {
        double margin = (plot->high - plot->low) * 0.1 + 1;

        plot->low -= margin;
        plot->high += margin;
    }
}

static double height_of(const struct plot *plot, double value) {
    return BOTTOM - (BOTTOM - TOP) * (value - plot->low) / (plot->high - plot->low);
}

static void add_point(const struct plot *plot, heal_us time, float value) {
    heal_markup_add(plot->out, "%.1f,%.1f ", WIDTH / 100.0 * heal_axis_at(&plot->axis, time),
                    height_of(plot, (double)value));
}

/* The upper edge, up to the newest sample. */
static void add_edge(const struct plot *plot) {
    const struct heal_series *series = plot->series;

    for (size_t i = 0; i < series->count; i++)
        add_point(plot, series->point[i].time, series->point[i].high);
    if (series->until > series->point[series->count - 1].time)
        add_point(plot, series->until, series->point[series->count - 1].high);
}

/* The least and the greatest of each point, as one ribbon below the curve. */
static void add_curve(const struct plot *plot) {
    const struct heal_series *series = plot->series;

    heal_markup_add(plot->out,
                    "<svg class='curve' viewBox='0 0 %d %d' width='100%%' height='%d' "
                    "preserveAspectRatio='none'>",
                    WIDTH, PLOT_HEIGHT, PLOT_HEIGHT);
    fputs("<polygon class='ribbon' points='", plot->out);
    add_edge(plot);
    for (size_t i = series->count; i-- > 0;)
        add_point(plot, series->point[i].time, series->point[i].low);
    fputs("'/><polyline class='line' points='", plot->out);
    add_edge(plot);
    fputs("'/></svg>", plot->out);
}

/* A level across the plot, and its words beside it. */
static void add_level(const struct plot *plot, const char *class, const char *words, double value) {
    double y = height_of(plot, value);

    heal_markup_add(plot->out, "<line class='level %s' x1='0' x2='100%%' y1='%.1f' y2='%.1f'/>", class, y, y);
    heal_markup_add(plot->out, "<text class='level %s' x='100%%' y='%.1f'>%s</text>", class,
                    y < TOP + 10 ? y + 12 : y - 4, words);
}

static void add_moments(const struct plot *plot, const struct heal_incident_status *incident) {
    struct heal_moment moment[HEAL_MOMENTS_MAX];
    size_t moments = heal_story_moments(incident, moment);

    for (size_t i = 0; i < moments; i++) {
        const char *name = heal_moment_name(moment[i].kind);
        double x = heal_axis_at(&plot->axis, moment[i].time);

        if (moment[i].kind == HEAL_MOMENT_SEEN)
            continue;
        heal_markup_add(plot->out, "<line class='moment %s' x1='%.3f%%' x2='%.3f%%' y1='%d' y2='%d'/>", name,
                        x, x, TOP, BOTTOM);
        heal_markup_add(plot->out, "<use href='#m-%s' class='m %s' x='%.3f%%' y='%d'><title>%s</title></use>",
                        name, name, x, BOTTOM + 8, heal_moment_words(moment[i].kind));
    }
}

static void add_over_time(struct plot *plot, const struct heal_picture *picture,
                          const struct heal_picture_incident *incident) {
    const struct heal_evidence *evidence = plot->evidence;
    const struct heal_axis_piece *piece = &plot->axis.piece[0];
    char amount[HEAL_AMOUNT_MAX];

    heal_lane_axis(picture, incident, &plot->axis);
    double opened = (double)incident->status.opened;
    heal_markup_add(
        plot->out,
        "<svg class='plot' height='%d' role='img' aria-label='%s over time' data-from='%.3f' "
        "data-to='%.3f' data-low='%.6f' data-high='%.6f' data-top='%d' data-bottom='%d' data-unit='%s'>",
        PLOT_HEIGHT, evidence->what, ((double)piece->from - opened) / 1e6, ((double)piece->to - opened) / 1e6,
        plot->low, plot->high, TOP, BOTTOM, evidence->unit);
    heal_markup_add(plot->out, "<text class='scale' x='0' y='%d'>%s</text>", TOP - 4,
                    heal_amount_format(plot->high, evidence->unit, amount));
    if (plot->low < 0)
        heal_markup_add(plot->out, "<text class='scale' x='0' y='%d'>%s</text>", BOTTOM - 3,
                        heal_amount_format(plot->low, evidence->unit, amount));
    heal_markup_add(plot->out, "<line class='floor' x1='0' x2='100%%' y1='%d' y2='%d'/>", TOP, TOP);
    heal_markup_add(plot->out, "<line class='floor' x1='0' x2='100%%' y1='%d' y2='%d'/>", BOTTOM, BOTTOM);
    if (evidence->has_normal)
        add_level(plot, "normal", evidence->has_threshold ? "" : "normal", (double)evidence->normal);
    if (evidence->has_threshold)
        add_level(plot, "limit", "limit", (double)evidence->threshold);
    add_curve(plot);
    add_moments(plot, &incident->status);
    heal_lane_ticks(plot->out, incident, &plot->axis, 22, PLOT_HEIGHT - 2);
    fputs("</svg>\n", plot->out);
}

static double across(const struct plot *plot, double value) {
    return 1 + 98 * (value - plot->low) / (plot->high - plot->low);
}

/* Without a series: the value that was seen, between nothing, normal and the limit. */
static void add_scale(const struct plot *plot) {
    const struct heal_evidence *evidence = plot->evidence;
    double seen = across(plot, isfinite(evidence->seen) ? (double)evidence->seen : 0);

    if (!evidence->has_normal && !evidence->has_threshold)
        return;
    heal_markup_add(plot->out, "<svg class='plot' height='30' role='img' aria-label='%s on a scale'>",
                    evidence->what);
    fputs("<rect class='rail' x='0' y='12' width='100%' height='6' rx='3'/>", plot->out);
    heal_markup_add(plot->out, "<rect class='seen' x='0' y='12' width='%.2f%%' height='6' rx='3'/>", seen);
    if (evidence->has_normal)
        heal_markup_add(plot->out, "<line class='level normal' x1='%.2f%%' x2='%.2f%%' y1='6' y2='24'/>",
                        across(plot, (double)evidence->normal), across(plot, (double)evidence->normal));
    if (evidence->has_threshold)
        heal_markup_add(plot->out, "<line class='level limit' x1='%.2f%%' x2='%.2f%%' y1='4' y2='26'/>",
                        across(plot, (double)evidence->threshold), across(plot, (double)evidence->threshold));
    heal_markup_add(plot->out, "<use href='#m-detected' class='m detected' x='%.2f%%' y='15'/></svg>\n",
                    seen);
}

static void add_caption(const struct plot *plot) {
    const struct heal_evidence *evidence = plot->evidence;
    char amount[HEAL_AMOUNT_MAX];

    heal_markup_add(plot->out, "<figcaption><span class='what'>%s</span> <b>%s</b>", evidence->what,
                    heal_amount_format((double)evidence->seen, evidence->unit, amount));
    if (evidence->has_threshold)
        heal_markup_add(plot->out, " <span class='key limit'>limit %s</span>",
                        heal_amount_format((double)evidence->threshold, evidence->unit, amount));
    if (evidence->has_normal)
        heal_markup_add(plot->out, " <span class='key normal'>normal here %s</span>",
                        heal_amount_format((double)evidence->normal, evidence->unit, amount));
    if (evidence->samples > 0)
        heal_markup_add(plot->out, " <span class='samples'>from %zu samples</span>",
                        (size_t)evidence->samples);
    fputs("<span class='readout'></span></figcaption>\n", plot->out);
}

void heal_plot_write(FILE *out, const struct heal_picture *picture,
                     const struct heal_picture_incident *incident, const struct heal_evidence *evidence) {
    struct plot plot = {.out = out, .evidence = evidence, .series = series_of(incident, evidence)};

    make_scale(&plot);
    bool bare = !plot.series && !evidence->has_normal && !evidence->has_threshold;
    heal_markup_add(out, "<figure class='%s'>\n", bare ? "bare" : "drawn");
    add_caption(&plot);
    if (plot.series)
        add_over_time(&plot, picture, incident);
    else
        add_scale(&plot);
    fputs("</figure>\n", out);
}
