/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/chosen.h"

#include "base/pairs.h"
#include "os/file.h"
#include "os/store.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAME "model-%016" PRIx64 ".safetensors"

/* The engine knows these keys, and leaves them to the shell. */
static const char *const keys[HEAL_SLOTS] = {"model", "shadow"};

static int parse(const char *value, uint64_t *ret_id, char *configured) {
    struct heal_pairs pairs;
    int r;

    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while ((r = heal_pairs_next(&pairs)) > 0) {
        if (heal_pairs_is(&pairs, "id"))
            r = heal_pairs_hex(&pairs, ret_id);
        else if (heal_pairs_is(&pairs, "configured"))
            r = heal_pairs_text(&pairs, configured, HEAL_CONFIG_PATH_MAX);
        if (r < 0)
            break;
    }
    return r;
}

void heald_chosen_read(struct heal_store *store, struct heald_chosen *ret_chosen) {
    struct heald_chosen chosen = {.id = {0}};
    struct heal_store_entry entry;

    for (unsigned slot = 0; store && slot < HEAL_SLOTS; slot++)
        if (heal_store_find(store, HEAL_RECORD_ORDER, keys[slot], &entry) == 0 &&
            parse(entry.record.value, &chosen.id[slot], chosen.configured) < 0)
            chosen.id[slot] = 0;
    *ret_chosen = chosen;
}

int heald_chosen_put(struct heal_store *store, const struct heald_chosen *chosen) {
    int r = 0;

    for (unsigned slot = 0; r == 0 && slot < HEAL_SLOTS; slot++) {
        struct heal_record record = {.kind = HEAL_RECORD_ORDER};
        struct heal_text text;

        snprintf(record.key, sizeof record.key, "%s", keys[slot]);
        heal_text_init(&text, record.value, sizeof record.value);
        heal_text_pair_hex(&text, "id", chosen->id[slot]);
        if (slot == HEAL_SLOT_ACTIVE)
            heal_text_pair_text(&text, "configured", chosen->configured, sizeof chosen->configured);
        r = heal_store_put(store, &record, 0);
    }
    return r;
}

void heald_chosen_path(const char *folder, uint64_t id, char ret_path[static HEALD_CHOSEN_PATH_MAX]) {
    struct heal_text text;

    heal_text_init(&text, ret_path, HEALD_CHOSEN_PATH_MAX);
    heal_text_add(&text, "%s/" NAME, folder, id);
}

int heald_chosen_write(const char *folder, uint64_t id, const char *bytes, size_t length) {
    char path[HEALD_CHOSEN_PATH_MAX];

    heald_chosen_path(folder, id, path);
    return heal_file_write(path, bytes, length, 0600);
}

static bool is_old(const struct heald_chosen *chosen, const char *name) {
    char now[64];
    uint64_t id = 0;

    if (sscanf(name, "model-%16" SCNx64, &id) != 1)
        return false;
    snprintf(now, sizeof now, NAME, id);
    return strcmp(name, now) == 0 && id != chosen->id[HEAL_SLOT_ACTIVE] && id != chosen->id[HEAL_SLOT_SHADOW];
}

void heald_chosen_tidy(const char *folder, const struct heald_chosen *chosen) {
    DIR *entries = opendir(folder);

    if (!entries)
        return;
    for (const struct dirent *entry; (entry = readdir(entries));)
        if (is_old(chosen, entry->d_name))
            (void)unlinkat(dirfd(entries), entry->d_name, 0);
    closedir(entries);
}
