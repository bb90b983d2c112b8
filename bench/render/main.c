/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* render HEADLINES RESULTS: writes docs/measurements.md to its standard output, from RESULTS/NAME.json of
 * each benchmark and RESULTS/machine.txt ("name: value" lines). Ends 1 where a file cannot be read. */
#include "render/headline.h"
#include "render/table.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BENCHMARKS_MAX = 32 };

struct results {
    unsigned count;
    char name[BENCHMARKS_MAX][64];
    json_t *root[BENCHMARKS_MAX];
};

static int is_json(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');

    return dot && strcmp(dot, ".json") == 0;
}

static int read_one(struct results *results, const char *folder, const char *file) {
    char path[1024];
    json_error_t error;

    snprintf(path, sizeof path, "%s/%s", folder, file);
    json_t *root = json_load_file(path, 0, &error);
    if (!root || !json_is_object(root) || results->count == BENCHMARKS_MAX) {
        fprintf(stderr, "%s:%d:%d: %s\n", path, error.line, error.column,
                root ? "not an object" : error.text);
        json_decref(root);
        return -EINVAL;
    }
    snprintf(results->name[results->count], sizeof results->name[0], "%.*s", (int)strcspn(file, "."), file);
    results->root[results->count++] = root;
    return 0;
}

static int read_results(struct results *results, const char *folder) {
    struct dirent **entry;
    int count = scandir(folder, &entry, is_json, alphasort);
    int r = 0;

    if (count < 0) {
        fprintf(stderr, "%s: %s\n", folder, strerror(errno));
        return -errno;
    }
    for (int i = 0; i < count; i++) {
        if (r == 0)
            r = read_one(results, folder, entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
    return r;
}

static const json_t *root_of(const struct results *results, const char *name) {
    for (unsigned i = 0; i < results->count; i++) {
        if (strcmp(results->name[i], name) == 0)
            return results->root[i];
    }
    return NULL;
}

static void write_headline(const struct heal_headline *headline, const struct results *results) {
    struct heal_headline_result result;

    heal_headline_check(headline, root_of(results, headline->benchmark), &result);
    printf("| %s | ", headline->what);
    if (result.values > result.missing) {
        heal_table_write_number(stdout, result.worst);
        printf(" %s", headline->unit);
    }
    if (result.missing > 0)
        printf("%s%u of %u: never", result.values > result.missing ? ", " : "", result.missing,
               result.values);
    if (result.values == 0)
        printf("not measured");
    printf(" | %s ", headline->at_most ? "≤" : "≥");
    heal_table_write_number(stdout, headline->limit);
    printf(" | %s | %s |\n", result.values == 0 ? "–" : result.holds ? "yes" : "**no**", headline->benchmark);
}

static int write_headlines(const char *path, const struct results *results) {
    char line[512];
    int code = 0;
    FILE *file = fopen(path, "r");

    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -errno;
    }
    printf("\n## Headlines\n\n| what | measured | promised | holds | by |\n|---|---|---|---|---|\n");
    for (int number = 1; code == 0 && fgets(line, sizeof line, file); number++) {
        struct heal_headline headline;
        int parsed = heal_headline_parse(line, &headline);

        if (parsed == 0)
            write_headline(&headline, results);
        if (parsed < 0) {
            fprintf(stderr, "%s:%d:1: not a headline: see the head of the file\n", path, number);
            code = parsed;
        }
    }
    fclose(file);
    return code;
}

static int write_machine(const char *folder) {
    char path[1024], line[512];

    snprintf(path, sizeof path, "%s/machine.txt", folder);
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -errno;
    }
    printf("| | |\n|---|---|\n");
    while (fgets(line, sizeof line, file)) {
        char *value = strchr(line, ':');

        if (!value)
            continue;
        *value++ = '\0';
        value[strcspn(value, "\n")] = '\0';
        printf("| %s |%s |\n", line, value);
    }
    fclose(file);
    return 0;
}

int main(int argc, char **argv) {
    static struct results results;

    if (argc != 3) {
        fprintf(stderr, "usage: render HEADLINES RESULTS\n");
        return 64;
    }
    int r = read_results(&results, argv[2]);
    printf("# Measurements\n\nWritten by `./dev bench`; not by hand.\n\n");
    if (r == 0)
        r = write_machine(argv[2]);
    if (r == 0)
        r = write_headlines(argv[1], &results);
    for (unsigned i = 0; i < results.count && r == 0; i++) {
        printf("\n## %s\n", results.name[i]);
        heal_table_write(stdout, results.root[i]);
    }
    for (unsigned i = 0; i < results.count; i++)
        json_decref(results.root[i]);
    return r < 0;
}
