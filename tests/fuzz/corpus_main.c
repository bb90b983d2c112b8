/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Runs a fuzz target over the files of a corpus folder, once each: what every build does without libFuzzer.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path) {
    static uint8_t data[1 << 20];
    FILE *file = fopen(path, "rb");

    if (!file)
        return -1;
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    /* A copy of the exact size, so that a sanitizer sees the first byte too many. */
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        return -1;
    for (size_t i = 0; i < size; i++)
        copy[i] = data[i];
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 0;
}

int main(int argc, char **argv) {
    unsigned files = 0;
    DIR *folder = argc > 1 ? opendir(argv[1]) : NULL;

    if (!folder) {
        fprintf(stderr, "%s: no corpus folder\n", argc > 1 ? argv[1] : "fuzz");
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (run_file(path) == 0)
            files++;
    }
    closedir(folder);
    printf("%u files of the corpus read\n", files);
    return files ? 0 : 1;
}
