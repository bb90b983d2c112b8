/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Wi-Fi and batman-adv for real, in Debian's kernel on an emulated machine (docs/wifi-lab.md): each case runs
 * in a guest of its own, in two meshes at the same time, one with heald on its four nodes and one with
 * batman-adv alone at its defaults. Ten pings a second are counted from the fault on.
 *   --json       one JSON object
 *   --only KIND  the cases of a kind
 *   --alone      no heald in either mesh
 *   --keep DIR   keeps there, in a folder a case, what explains it (docs/wifi-lab.md)
 * Ends 77, with the reason, where no guest can be had. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/process.h"
#include "wireless/case.h"

enum { GUEST_SECONDS = 300, SKIPPED = 77 };

struct places {
    char boot[PATH_MAX], build[PATH_MAX], out[PATH_MAX];
    bool keeps;
};

static int find_places(struct places *places, const char *keep) {
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);

    if (length < 0)
        return -errno;
    self[length] = '\0';
    /* build/PRESET/bench/wifi */
    for (int up = 0; up < 2; up++)
        *strrchr(self, '/') = '\0';
    heal_name_copy(places->build, sizeof places->build, self);
    heal_name_copy(places->boot, sizeof places->boot, HEAL_SOURCE_FOLDER "/tests/wifi/boot");
    places->keeps = keep != NULL;
    heal_name_copy(places->out, sizeof places->out, keep ? keep : "/tmp/heald-wifi.XXXXXX");
    if (keep)
        return mkdir(keep, 0777) < 0 && errno != EEXIST ? -errno : 0;
    return mkdtemp(places->out) ? 0 : -errno;
}

/* What the guest says goes to standard error: standard output is for the figures. */
static int boot(const struct places *places, size_t number, bool alone) {
    char seconds[16], name[24], kept[40];
    const char *const argv[] = {"sh",
                                "-c",
                                "RADIOS=8 exec \"$@\" >&2",
                                "boot",
                                places->boot,
                                places->build,
                                places->out,
                                seconds,
                                "/build/bench/guest/wifi_guest",
                                name,
                                alone ? "alone" : "with",
                                NULL};

    snprintf(seconds, sizeof seconds, "%d", GUEST_SECONDS);
    snprintf(name, sizeof name, "%zu", number);
    snprintf(kept, sizeof kept, "/out/%s", name);
    return heal_process_run(argv, NULL);
}

static json_t *read_result(const struct places *places, size_t number) {
    char path[PATH_MAX + 32];

    snprintf(path, sizeof path, "%s/%zu.json", places->out, number);
    json_t *result = json_load_file(path, 0, NULL);
    (void)unlink(path);
    return result;
}

static double number_of(const json_t *result, const char *name) {
    return json_number_value(json_object_get(result, name));
}

/* @return 0; 77; or another exit code: a case could not be run. */
static int run_cases(const struct places *places, const char *only, bool alone, json_t *cases) {
    int bad = 0;

    for (size_t i = 0; i < wifi_cases_count; i++) {
        const struct wifi_case *of = &wifi_cases[i];

        if (only && strcmp(only, of->kind) != 0)
            continue;
        int code = boot(places, i, alone);
        json_t *result = code == 0 ? read_result(places, i) : NULL;
        if (code == SKIPPED)
            return SKIPPED;
        if (!result) {
            fprintf(stderr, "wifi: %s, %s: the guest ended with %d\n", of->kind, of->algorithm, code);
            bad = 1;
            continue;
        }
        fprintf(stderr, "%-16s %-9s lost %3.0f with heald, %3.0f without\n", of->kind, of->algorithm,
                number_of(result, "lost_with"), number_of(result, "lost_alone"));
        (void)json_array_append_new(cases, result);
    }
    return bad;
}

/* The sums; and in how many cases heald lost more than batman-adv alone. */
static json_t *sum_up(json_t *cases) {
    double alone = 0, with = 0;
    int worse = 0;
    size_t index;
    json_t *each;

    json_array_foreach(cases, index, each) {
        alone += number_of(each, "lost_alone");
        with += number_of(each, "lost_with");
        worse += number_of(each, "lost_with") > number_of(each, "lost_alone");
    }
    return json_pack("{s:s, s:O, s:f, s:f, s:f, s:i, s:i}", "version", HEAL_VERSION, "cases", cases,
                     "lost_alone", alone, "lost_with", with, "lost_ratio", alone / (with > 0 ? with : 1),
                     "worse_with", worse, "count", (int)json_array_size(cases));
}

static void print(bool json, json_t *root) {
    size_t index;
    json_t *each;

    if (json) {
        (void)json_dumpf(root, stdout, JSON_COMPACT);
        putchar('\n');
        return;
    }
    json_array_foreach(json_object_get(root, "cases"), index, each) {
        printf(
            "%-16s %-9s lost %3.0f with heald, %3.0f without; seen after %.2f s, over %.2f s later: %s, %s\n",
            json_string_value(json_object_get(each, "kind")),
            json_string_value(json_object_get(each, "algorithm")), number_of(each, "lost_with"),
            number_of(each, "lost_alone"), number_of(each, "detect_s"), number_of(each, "heal_s"),
            json_string_value(json_object_get(each, "diagnosis")),
            json_string_value(json_object_get(each, "remedy")));
    }
    printf("lost without heald for each lost with it: %.1f\n", number_of(root, "lost_ratio"));
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json",  no_argument,       NULL, 'j'},
        {"only",  required_argument, NULL, 'o'},
        {"alone", no_argument,       NULL, 'a'},
        {"keep",  required_argument, NULL, 'k'},
        {NULL,    0,                 NULL, 0  }
    };
    bool json = false, alone = false;
    struct places places = {0};
    const char *only = NULL, *keep = NULL;
    int option, code;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        json = json || option == 'j';
        alone = alone || option == 'a';
        only = option == 'o' ? optarg : only;
        keep = option == 'k' ? optarg : keep;
        if (option == '?')
            return 64;
    }
    int r = find_places(&places, keep);
    if (r < 0) {
        fprintf(stderr, "wifi: %s: %s\n", places.out, strerror(-r));
        return 70;
    }
    json_t *cases = json_array();
    code = run_cases(&places, only, alone, cases);
    json_t *root = sum_up(cases);
    if (code != SKIPPED)
        print(json, root);
    json_decref(root);
    json_decref(cases);
    if (!keep)
        (void)rmdir(places.out);
    return code;
}
