/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/sheet.h"

#include "base/cleanup.h"
#include "picture/markup.h"

#include <math.h>

enum {
    WIDTH = 980,
    MARGIN = 24,
    HEAD = 64,
    PLOT_WIDTH = 400,
    PLOT_HEIGHT = 220,
    LEFT = MARGIN + 46,
    RIGHT = 540,
    PLOT_TOP = HEAD + 40,
    TABLE_TOP = PLOT_TOP + PLOT_HEIGHT + 100,
    ROW = 22,
    BAR = 190, /* of a kind that was found whole */
};

static const char style[] =
    "<style>svg{--paper:#fff;--ink:#1b2430;--soft:#566273;--rule:#d5dbe3;--a:#1c55a5;--b:#b3251c;"
    "--good:#17693a;background:var(--paper)}"
    "@media(prefers-color-scheme:dark){svg{--paper:#11161d;--ink:#e7ebf1;--soft:#a3afbf;--rule:#333d4a;"
    "--a:#8cbaff;--b:#ff8f85;--good:#78d69a}}"
    "text{font:13px system-ui,'DejaVu Sans',sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}"
    ".title{font-size:20px;font-weight:600}.head{font-weight:600}.soft{fill:var(--soft)}.end{text-anchor:end}"
    ".mid{text-anchor:middle}.rule{stroke:var(--rule)}.a{stroke:var(--a)}.b{stroke:var(--b)}"
    ".line{fill:none;stroke-width:1.8}.dash{stroke-dasharray:6 4}.dot{fill:var(--a)}.bar{fill:var(--good)}"
    ".rail{fill:var(--rule)}.best{stroke:var(--soft);stroke-dasharray:2 3}</style>\n";

/* What is drawn for: what a node runs, where that was tried. */
static const struct heal_figures *figures_of(const struct heal_tried *tried) {
    return tried->comparison->integer.known ? &tried->comparison->integer : &tried->comparison->single;
}

static void add_text(FILE *out, const char *class, double x, double y, const char *text) {
    heal_markup_add(out, "<text class='%s' x='%.1f' y='%.1f'>%s</text>\n", class, x, y, text);
}

static void add_frame(FILE *out, int x, const char *title, const char *below) {
    add_text(out, "head", x, PLOT_TOP - 14, title);
    for (int i = 0; i <= 4; i++) {
        double y = PLOT_TOP + PLOT_HEIGHT * i / 4.0;

        heal_markup_add(out, "<line class='rule' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>\n", x, x + PLOT_WIDTH,
                        y, y);
    }
    add_text(out, "soft mid", x + PLOT_WIDTH / 2.0, PLOT_TOP + PLOT_HEIGHT + 40, below);
}

/* ---- how learning went ---- */

/* Errors span magnitudes: their logarithm is drawn. */
struct curve {
    const struct heal_course *course;
    double low, high; /* logarithms to ten */
};

static void widen(struct curve *curve, float error) {
    if (!(error > 0) || !isfinite(error))
        return;
    curve->low = fmin(curve->low, log10((double)error));
    curve->high = fmax(curve->high, log10((double)error));
}

static double curve_x(const struct curve *curve, unsigned epoch) {
    unsigned last = curve->course->epochs;

    return LEFT + (last > 1 ? (double)PLOT_WIDTH * (epoch - 1) / (last - 1) : 0);
}

static void add_line(FILE *out, const struct curve *curve, const char *class, bool kept) {
    heal_markup_add(out, "<polyline class='line %s' points='", class);
    for (unsigned i = 0; i < curve->course->epochs; i++) {
        float error = kept ? curve->course->point[i].kept : curve->course->point[i].learnt;

        if (error > 0 && isfinite(error))
            heal_markup_add(out, "%.1f,%.1f ", curve_x(curve, i + 1),
                            PLOT_TOP + PLOT_HEIGHT * (curve->high - log10((double)error)) /
                                           (curve->high - curve->low));
    }
    fputs("'/>\n", out);
}

static void add_curve_scale(FILE *out, const struct curve *curve) {
    double x = curve_x(curve, curve->course->best);

    for (int i = 0; i <= 4; i++) {
        char text[24];

        snprintf(text, sizeof text, "%.2g", pow(10, curve->high - (curve->high - curve->low) * i / 4));
        add_text(out, "soft end", LEFT - 6, PLOT_TOP + PLOT_HEIGHT * i / 4.0 + 4, text);
    }
    heal_markup_add(out, "<text class='soft' x='%d' y='%d'>1</text>\n", LEFT, PLOT_TOP + PLOT_HEIGHT + 18);
    heal_markup_add(out, "<text class='soft end' x='%d' y='%d'>%d</text>\n", LEFT + PLOT_WIDTH,
                    PLOT_TOP + PLOT_HEIGHT + 18, (int)curve->course->epochs);
    heal_markup_add(out, "<line class='best' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>\n", x, x, PLOT_TOP,
                    PLOT_TOP + PLOT_HEIGHT);
}

static void add_curve(FILE *out, const struct heal_course *course) {
    struct curve curve = {.course = course, .low = INFINITY, .high = -INFINITY};

    for (unsigned i = 0; i < course->epochs; i++) {
        widen(&curve, course->point[i].learnt);
        widen(&curve, course->point[i].kept);
    }
    if (!(curve.high > curve.low)) {
        double middle = isfinite(curve.low) ? curve.low : 0;

        curve.low = middle - 0.5;
        curve.high = middle + 0.5;
    }
    add_frame(out, LEFT, "Error a vertex", "epoch; dotted: the one that was kept");
    add_curve_scale(out, &curve);
    add_line(out, &curve, "a", false);
    add_line(out, &curve, "b dash", true);
    heal_markup_add(out,
                    "<line class='line a' x1='%d' x2='%d' y1='%d' y2='%d'/><text class='soft' x='%d' "
                    "y='%d'>learnt from</text>",
                    LEFT + 150, LEFT + 174, PLOT_TOP - 18, PLOT_TOP - 18, LEFT + 180, PLOT_TOP - 14);
    heal_markup_add(out,
                    "<line class='line b dash' x1='%d' x2='%d' y1='%d' y2='%d'/><text class='soft' x='%d' "
                    "y='%d'>kept to validate</text>\n",
                    LEFT + 262, LEFT + 286, PLOT_TOP - 18, PLOT_TOP - 18, LEFT + 292, PLOT_TOP - 14);
}

/* ---- whether chances mean what they say ---- */

static void add_chances(FILE *out, const struct heal_tried *tried) {
    const struct heal_calibration *calibration = &figures_of(tried)->calibration;
    uint32_t most = 1;

    add_frame(out, RIGHT, "Called sick with a chance, and how many are",
              "chance that was said; size: how many vertices");
    heal_markup_add(out, "<line class='best' x1='%d' x2='%d' y1='%d' y2='%d'/>\n", RIGHT, RIGHT + PLOT_WIDTH,
                    PLOT_TOP + PLOT_HEIGHT, PLOT_TOP);
    /* The largest dots reach 10 beyond the frame. */
    for (int i = 0; i <= 4; i++) {
        char text[24];

        snprintf(text, sizeof text, "%d %%", 25 * i);
        add_text(out, "soft end", RIGHT - 14, PLOT_TOP + PLOT_HEIGHT * (4 - i) / 4.0 + 4, text);
        add_text(out, "soft mid", RIGHT + PLOT_WIDTH * i / 4.0, PLOT_TOP + PLOT_HEIGHT + 22, text);
    }
    for (unsigned i = 0; i < HEAL_CALIBRATION_BINS; i++)
        most = calibration->bin[i].count > most ? calibration->bin[i].count : most;
    for (unsigned i = 0; i < HEAL_CALIBRATION_BINS; i++) {
        const struct heal_calibration_bin *bin = &calibration->bin[i];

        if (bin->count == 0)
            continue;
        heal_markup_add(
            out, "<circle class='dot' cx='%.1f' cy='%.1f' r='%.1f'><title>%zu vertices</title></circle>\n",
            RIGHT + PLOT_WIDTH * (double)bin->chance / bin->count,
            PLOT_TOP + PLOT_HEIGHT * (1 - (double)bin->sick / bin->count),
            2.5 + 7.5 * log1p(bin->count) / log1p(most), (size_t)bin->count);
    }
}

/* ---- the figures ---- */

static const struct {
    const char *name;
    double (*of)(const struct heal_gnn_score *score);
} figures[] = {
    {"accuracy",  heal_gnn_score_accuracy  },
    {"precision", heal_gnn_score_precision },
    {"recall",    heal_gnn_score_recall    },
    {"F1",        heal_gnn_score_f1        },
    {"FPR",       heal_gnn_score_false_rate},
};

static const unsigned figure_count = HEAL_COUNT(figures);

static void add_column(FILE *out, const struct heal_figures *column, const char *head, double x, int top) {
    char text[24];

    add_text(out, "head end", x, top, head);
    for (unsigned i = 0; i < figure_count; i++) {
        snprintf(text, sizeof text, "%.4f", figures[i].of(&column->score));
        add_text(out, "end", x, top + ROW * (i + 1.0), text);
    }
    snprintf(text, sizeof text, "%.4f", (double)heal_calibration_error(&column->calibration));
    add_text(out, "end", x, top + ROW * (figure_count + 1.0), text);
}

/* Without a learning curve they are in its place. */
static void add_table(FILE *out, const struct heal_sheet *sheet) {
    int top = sheet->course ? TABLE_TOP : PLOT_TOP + ROW;
    double x = MARGIN + 176;

    for (unsigned i = 0; i < figure_count; i++)
        add_text(out, "soft", MARGIN, top + ROW * (i + 1.0), figures[i].name);
    add_text(out, "soft", MARGIN, top + ROW * (figure_count + 1.0), "calibration error");
    for (unsigned s = 0; s < sheet->sets; s++) {
        const struct heal_comparison *comparison = sheet->tried[s].comparison;
        double begin = x;

        if (comparison->single.known)
            add_column(out, &comparison->single, "float", x, top), x += 76;
        if (comparison->integer.known)
            add_column(out, &comparison->integer, "INT8", x, top), x += 76;
        add_text(out, "soft end", x - 76, top - ROW, sheet->tried[s].name);
        x += x > begin ? 12 : 0;
    }
}

/* ---- the kinds ---- */

static double add_kinds(FILE *out, const struct heal_tried *tried) {
    const struct heal_figures *of = figures_of(tried);
    double y = TABLE_TOP;

    heal_markup_add(out, "<text class='head' x='%d' y='%.1f'>Found, by kind: %s</text>\n", RIGHT - 40, y,
                    tried->name);
    for (unsigned k = 0; k < tried->set->kinds; k++) {
        size_t found = (size_t)of->found[k], sick = found + (size_t)of->missed[k];

        if (sick == 0)
            continue;
        y += ROW;
        add_text(out, "soft", RIGHT - 40, y, tried->set->kind[k]);
        heal_markup_add(out, "<rect class='rail' x='%d' y='%.1f' width='%d' height='10'/>", RIGHT + 116,
                        y - 10, BAR);
        heal_markup_add(out, "<rect class='bar' x='%d' y='%.1f' width='%.1f' height='10'/>", RIGHT + 116,
                        y - 10, (double)BAR * (double)found / (double)sick);
        heal_markup_add(out, "<text x='%d' y='%.1f'>%.1f %%</text>", RIGHT + 116 + BAR + 8, y,
                        100 * (double)found / (double)sick);
        heal_markup_add(out, "<text class='soft end' x='%d' y='%.1f'>of %zu</text>\n", WIDTH - MARGIN, y,
                        sick);
    }
    return y;
}

/* ---- all of it ---- */

static unsigned rows_of(const struct heal_tried *tried) {
    const struct heal_figures *of = figures_of(tried);
    unsigned rows = figure_count + 1, kinds = 0;

    for (unsigned k = 0; k < tried->set->kinds; k++)
        kinds += of->found[k] + of->missed[k] > 0;
    return kinds > rows ? kinds : rows;
}

static void add_subtitle(FILE *out, const struct heal_sheet *sheet) {
    const struct heal_course *course = sheet->course;
    const struct heal_comparison *last = sheet->tried[sheet->sets - 1].comparison;
    char text[200];

    if (course)
        snprintf(text, sizeof text,
                 "learnt from %zu graphs, validated on %zu (piece %u of %u by %s); seed %llu",
                 course->graphs_learnt, course->graphs_kept, course->settings.split.piece,
                 course->settings.split.pieces, course->split.by == HEAL_SPLIT_RUN ? "run" : "time",
                 (unsigned long long)course->settings.recipe.seed);
    else
        snprintf(text, sizeof text, "%zu graphs, %zu vertices, %zu of them sick", last->graphs,
                 last->vertices, last->sick);
    add_text(out, "soft", MARGIN, 56, text);
}

void heal_sheet_write(const struct heal_sheet *sheet, FILE *out) {
    const struct heal_tried *last = &sheet->tried[sheet->sets - 1];
    int height = TABLE_TOP + ROW * (int)(rows_of(last) + 1) + MARGIN;

    heal_markup_add(out,
                    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' "
                    "role='img' aria-label='%s'>\n",
                    WIDTH, height, WIDTH, height, sheet->title);
    fputs(style, out);
    add_text(out, "title", MARGIN, 36, sheet->title);
    add_subtitle(out, sheet);
    if (sheet->course)
        add_curve(out, sheet->course);
    add_chances(out, last);
    add_table(out, sheet);
    add_kinds(out, last);
    fputs("</svg>\n", out);
}
