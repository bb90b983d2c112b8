/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "drawn/report.h"

static bool is_right(const struct drawn_verdict *verdict) {
    return verdict->found && verdict->right_name && verdict->right_place;
}

bool drawn_verdict_is_clean(const struct drawn_verdict *verdict) {
    return is_right(verdict) && verdict->early == 0 && verdict->astray == 0;
}

void drawn_report_take(struct drawn_report *report, enum heal_diagnosis truth,
                       const struct drawn_verdict *verdict) {
    struct drawn_sum *sum = &report->by_truth[truth];
    sum->cases++;
    sum->right += is_right(verdict);
    sum->not_found += !verdict->found;
    sum->wrong_name += verdict->found && !verdict->right_name;
    sum->wrong_place += verdict->found && verdict->right_name && !verdict->right_place;
    sum->after_s += verdict->found ? verdict->after_s : 0;
    sum->early += verdict->early;
    sum->astray += verdict->astray;
}

static void add(struct drawn_sum *sum, const struct drawn_sum *of) {
    sum->cases += of->cases;
    sum->right += of->right;
    sum->not_found += of->not_found;
    sum->wrong_name += of->wrong_name;
    sum->wrong_place += of->wrong_place;
    sum->after_s += of->after_s;
    sum->early += of->early;
    sum->astray += of->astray;
}

static struct drawn_sum sum_up(const struct drawn_report *report) {
    struct drawn_sum sum = {0};
    for (unsigned i = 0; i < HEAL_DIAGNOSES; i++)
        add(&sum, &report->by_truth[i]);
    return sum;
}

static double share(unsigned part, unsigned whole) {
    return whole == 0 ? 0 : (double)part / whole;
}

double drawn_report_right_first(const struct drawn_report *report) {
    struct drawn_sum sum = sum_up(report);
    return share(sum.right, sum.cases);
}

unsigned drawn_report_astray(const struct drawn_report *report) {
    return sum_up(report).astray;
}

void drawn_report_case(FILE *out, unsigned number, enum heal_diagnosis truth,
                       const struct drawn_verdict *verdict) {
    fprintf(out, "%3u %-15s %s: ", number, heal_diagnosis_slug(truth), verdict->what);
    if (verdict->found)
        fprintf(out, "%s on %s after %.2f s", heal_diagnosis_slug(verdict->said), verdict->place,
                verdict->after_s);
    else
        fputs("nothing found", out);
    if (verdict->early > 0)
        fprintf(out, "; %u incidents before it", verdict->early);
    if (verdict->astray > 0)
        fprintf(out, "; %u acts astray: %s", verdict->astray, verdict->astray_why);
    fputc('\n', out);
}

static void print_row(FILE *out, const char *name, const struct drawn_sum *sum) {
    fprintf(out, "%-16s %5u  %5u  %6.1f %%  %10u  %11u  %9u  %7.2f s  %5u  %6u\n", name, sum->cases,
            sum->right, 100 * share(sum->right, sum->cases), sum->wrong_name, sum->wrong_place,
            sum->not_found, sum->after_s / (sum->cases > sum->not_found ? sum->cases - sum->not_found : 1),
            sum->early, sum->astray);
}

void drawn_report_text(FILE *out, const struct drawn_report *report) {
    struct drawn_sum sum = sum_up(report);
    fprintf(out, "seed %llu\n%-16s %5s  %5s  %8s  %10s  %11s  %9s  %9s  %5s  %6s\n",
            (unsigned long long)report->seed, "diagnosis", "cases", "right", "", "wrong name", "wrong place",
            "not found", "after", "early", "astray");
    for (unsigned i = 0; i < HEAL_DIAGNOSES; i++) {
        const char *slug = heal_diagnosis_slug((enum heal_diagnosis)i);
        if (heal_drawn_faults_of((enum heal_diagnosis)i) == 0)
            fprintf(out, "%-16s not drawn\n", slug);
        else
            print_row(out, slug, &report->by_truth[i]);
    }
    print_row(out, "all", &sum);
}

void drawn_report_json(FILE *out, const struct drawn_report *report) {
    struct drawn_sum sum = sum_up(report);
    const char *comma = "";
    fprintf(out,
            "{\"scenarios\":%u,\"right_first\":%.4f,\"wrong_node\":%u,\"false_alarms\":%u,\"seed\":%llu,"
            "\"by_slug\":{",
            sum.cases, share(sum.right, sum.cases), sum.astray, sum.early, (unsigned long long)report->seed);
    for (unsigned i = 0; i < HEAL_DIAGNOSES; i++) {
        const struct drawn_sum *of = &report->by_truth[i];
        if (of->cases == 0)
            continue;
        fprintf(out, "%s\"%s\":{\"scenarios\":%u,\"right_first\":%.4f,\"wrong_node\":%u}", comma,
                heal_diagnosis_slug((enum heal_diagnosis)i), of->cases, share(of->right, of->cases),
                of->astray);
        comma = ",";
    }
    fputs("},\"not_covered\":[", out);
    comma = "";
    for (unsigned i = 0; i < HEAL_DIAGNOSES; i++) {
        if (heal_drawn_faults_of((enum heal_diagnosis)i) > 0)
            continue;
        fprintf(out, "%s\"%s\"", comma, heal_diagnosis_slug((enum heal_diagnosis)i));
        comma = ",";
    }
    fprintf(out, "],\"version\":\"%s\"}\n", HEAL_VERSION);
}

static void print_range(FILE *out, const char *what, const struct heal_drawn_range *range) {
    if (range->unit)
        fprintf(out, "    %s%g to %g %s\n", what, range->least, range->most, range->unit);
}

void drawn_report_faults(FILE *out) {
    for (size_t i = 0; i < heal_drawn_faults_count; i++) {
        const struct heal_drawn_fault *fault = &heal_drawn_faults[i];
        bool of_link = fault->place == HEAL_DRAWN_LINK || fault->place == HEAL_DRAWN_REGION;
        fprintf(out, "%-16s a %s %s: %s\n", heal_diagnosis_slug(fault->truth), of_link ? "link" : "node",
                fault->what, fault->why);
        print_range(out, "", &fault->how_bad);
        print_range(out, "", &fault->and);
    }
}
