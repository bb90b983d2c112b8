/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What the tests of the store share: a folder of its own for each test, and listeners that remember. */
#ifndef STORE_TOOLS_H
#define STORE_TOOLS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fnmatch.h>
#include <ftw.h>
#include <glob.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "os/store.h"

#define STORE_TEST(test) cmocka_unit_test_setup_teardown(test, store_folder_make, store_folder_remove)

static int store_remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk) {
    (void)about, (void)kind, (void)walk;
    return remove(path);
}

static int store_folder_make(void **state) {
    char template[] = "/tmp/heald-store-XXXXXX";

    *state = mkdtemp(template) ? strdup(template) : NULL;
    return *state ? 0 : -1;
}

static int store_folder_remove(void **state) {
    int code = nftw(*state, store_remove_one, 8, FTW_DEPTH | FTW_PHYS);

    free(*state);
    return code;
}

static inline bool is_open(const struct heal_record *record) {
    return strncmp(record->value, "open", 4) == 0;
}

static inline struct heal_store *store_open(const char *folder) {
    struct heal_store_options options = {.folder = folder, .is_open = is_open};
    struct heal_store *store = NULL;

    assert_int_equal(heal_store_open(&options, &store), 0);
    return store;
}

static inline void store_put(struct heal_store *store, enum heal_record_kind kind, const char *key,
                             const char *value, uint32_t ticket) {
    struct heal_record record = {.kind = kind};

    heal_name_copy(record.key, sizeof record.key, key);
    heal_name_copy(record.value, sizeof record.value, value);
    assert_int_equal(heal_store_put(store, &record, ticket), 0);
}

static inline void store_sql(const char *folder, const char *sql) {
    char path[512];
    sqlite3 *db;

    snprintf(path, sizeof path, "%s/heald.db", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static inline size_t store_files_like(const char *folder, const char *pattern) {
    char path[1024];
    glob_t found;

    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    size_t count = glob(path, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return count;
}

/** What a listener was given, a line each. */
struct seen {
    size_t count;
    uint64_t last;
    char text[1 << 15];
};

static inline bool see(void *context, const struct heal_store_entry *entry) {
    struct seen *seen = context;
    size_t used = strlen(seen->text);

    seen->count++;
    seen->last = entry->number;
    snprintf(seen->text + used, sizeof seen->text - used, "%s %s %s\n",
             heal_store_kind_name(entry->record.kind), entry->record.key, entry->record.value);
    return true;
}

struct answers {
    struct heal_store *store;
    bool again; /**< put another record while being answered */
    size_t count;
    uint32_t ticket[8];
    int code[8];
};

static inline void answer(void *context, uint32_t ticket, int code) {
    struct answers *answers = context;

    if (answers->count < 8) {
        answers->ticket[answers->count] = ticket;
        answers->code[answers->count] = code;
    }
    answers->count++;
    if (answers->again)
        store_put(answers->store, HEAL_RECORD_LABEL, "again", "v", ticket + 1);
}

#endif
