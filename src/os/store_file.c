/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_file.h"

#include "base/cleanup.h"
#include "os/file.h"
#include "os/store_aside.h"
#include "os/store_wal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Above what the log is limited to, for one that could not be shortened for long. */
enum { LOG_MAX = 64 << 20 };

/* Each brings the tables from its index's version to the next; user_version counts those that have run. */
static const char *const MIGRATION[] = {
    "CREATE TABLE record(number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL,"
    " value TEXT NOT NULL, open INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,"
    " UNIQUE(kind, key));"
    "CREATE INDEX record_open ON record(kind, open, number);"
    "CREATE TABLE audit(sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, text TEXT NOT NULL,"
    " hash BLOB NOT NULL);"
    /* What precedes the oldest record that is kept, and the newest record. */
    "CREATE TABLE chain(one INTEGER PRIMARY KEY CHECK(one = 1), base INTEGER NOT NULL,"
    " base_hash BLOB NOT NULL, head INTEGER NOT NULL, head_hash BLOB NOT NULL);"
    "INSERT INTO chain VALUES(1, 0, zeroblob(32), 0, zeroblob(32));",
};

void heal_store_file_finalize(sqlite3_stmt **statement) {
    sqlite3_finalize(*statement);
}

void heal_store_file_close(sqlite3 **db) {
    sqlite3_close(*db);
}

int heal_store_file_error(sqlite3 *db, int result) {
    int system = db ? sqlite3_system_errno(db) : 0;

    switch (result & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return 0;
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_READONLY:
        return -EROFS;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return -EACCES;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EAGAIN;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return -EBADMSG;
    default:
        return system > 0 ? -system : -EIO;
    }
}

int heal_store_file_run(sqlite3 *db, const char *sql) {
    return heal_store_file_error(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static void path_of(const struct heal_store_file *file, const char *suffix, char path[static PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/heald.db%s", file->folder, suffix);
}

static void make_folders(const char *folder) {
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s", folder);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    mkdir(path, 0700);
}

/* A folder that cannot be made now may be there later, and then others may have it. */
static int take_lock(struct heal_store_file *file) {
    if (file->lock >= 0)
        return 0;
    make_folders(file->folder);
    /* The folder itself is locked, not a file in it: that works on a read-only disk, too. */
    file->lock = open(file->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file->lock < 0)
        return -errno;
    if (flock(file->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return 0;
    close(file->lock);
    file->lock = -1;
    return -EBUSY;
}

int heal_store_file_init(struct heal_store_file *file, const char *folder) {
    memset(file, 0, sizeof *file);
    file->lock = -1;
    snprintf(file->folder, sizeof file->folder, "%s", folder);
    return take_lock(file) == -EBUSY ? -EBUSY : 0;
}

static void close_db(struct heal_store_file *file) {
    if (file->db != file->memory)
        sqlite3_close_v2(file->db);
    file->db = NULL;
    file->read_only = false;
}

static void forget_memory(struct heal_store_file *file) {
    sqlite3_close_v2(file->memory);
    file->memory = NULL;
}

void heal_store_file_deinit(struct heal_store_file *file) {
    close_db(file);
    forget_memory(file);
    if (file->lock >= 0)
        close(file->lock);
    file->lock = -1;
}

/* @return a single number that a statement yields, or a negative errno. */
static int64_t number_of(sqlite3 *db, const char *sql) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    if (r == SQLITE_OK)
        r = sqlite3_step(statement);
    if (r != SQLITE_ROW)
        return r == SQLITE_DONE ? -ENOENT : heal_store_file_error(db, r);
    return sqlite3_column_int64(statement, 0);
}

int heal_store_file_migrate(sqlite3 *db) {
    int64_t version = number_of(db, "PRAGMA user_version");

    if (version < 0)
        return (int)version;
    if ((size_t)version > HEAL_COUNT(MIGRATION))
        return -EPROTONOSUPPORT;
    for (size_t i = (size_t)version; i < HEAL_COUNT(MIGRATION); i++) {
        char mark[64];
        int r = heal_store_file_run(db, "BEGIN IMMEDIATE");

        snprintf(mark, sizeof mark, "PRAGMA user_version = %zu; COMMIT", i + 1);
        if (r == 0)
            r = heal_store_file_run(db, MIGRATION[i]);
        if (r == 0)
            r = heal_store_file_run(db, mark);
        if (r < 0) {
            heal_store_file_run(db, "ROLLBACK");
            return r;
        }
    }
    return 0;
}

static int check_whole(sqlite3 *db) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL);

    if (r == SQLITE_OK)
        r = sqlite3_step(statement);
    if (r != SQLITE_ROW)
        return heal_store_file_error(db, r);
    const unsigned char *text = sqlite3_column_text(statement, 0);
    return text && strcmp((const char *)text, "ok") == 0 ? 0 : -EBADMSG;
}

/* What follows the damage in a log is lost once SQLite has opened it: it is kept as it is first, and told.
 * @return 0, or why it cannot be kept. */
static int look_at_log(struct heal_store_file *file) {
    HEAL_CLEANUP(heal_free_pointer) char *log = NULL;
    char path[PATH_MAX], name[HEAL_STORE_ASIDE_NAME_MAX];
    size_t length = 0;

    path_of(file, "-wal", path);
    if (heal_file_read(path, LOG_MAX, &log, &length) < 0 ||
        !heal_store_wal_is_damaged((const uint8_t *)log, length))
        return 0;
    int r = heal_store_aside_copy_log(file->folder, (const uint8_t *)log, length, name);
    if (r == 0)
        snprintf(file->words, sizeof file->words,
                 "the store's log was damaged; it is kept as %.60s, and the last records before this start "
                 "are lost",
                 name);
    return r;
}

/* Makes the file where there is none. SQLite gives its -wal and -shm the mode of the file itself. */
static int touch(const char *path) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (descriptor < 0)
        return -errno;
    fchmod(descriptor, 0600);
    close(descriptor);
    return 0;
}

static int open_writing(struct heal_store_file *file) {
    char path[PATH_MAX];

    path_of(file, "", path);
    int code = touch(path);
    if (code == 0)
        code = look_at_log(file);
    if (code < 0)
        return code;
    int r = sqlite3_open_v2(path, &file->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (r != SQLITE_OK)
        return heal_store_file_error(file->db, r);
    sqlite3_busy_timeout(file->db, 200);
    code = heal_store_file_run(file->db, "PRAGMA cache_size = -256; PRAGMA journal_mode = WAL;"
                                         "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256;"
                                         "PRAGMA journal_size_limit = 1048576; PRAGMA temp_store = MEMORY");
    if (code == 0)
        code = check_whole(file->db);
    return code == 0 ? heal_store_file_migrate(file->db) : code;
}

int heal_store_file_read(const char *path, bool alone, sqlite3 **ret_db) {
    char uri[PATH_MAX * 3 + 32];
    size_t used = 0;

    used += (size_t)snprintf(uri, sizeof uri, "file:");
    for (const char *at = path; *at && used + 32 < sizeof uri; at++)
        used += (size_t)snprintf(uri + used, sizeof uri - used, strchr("?#%", *at) ? "%%%02X" : "%c", *at);
    snprintf(uri + used, sizeof uri - used, alone ? "?immutable=1" : "?mode=ro");
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    int r = sqlite3_open_v2(uri, ret_db, flags, NULL);
    return heal_store_file_error(*ret_db, r);
}

/* @return whether what is there is whole, and of this heald's version. */
static bool is_ours(sqlite3 *db) {
    return check_whole(db) == 0 && number_of(db, "PRAGMA user_version") == (int64_t)HEAL_COUNT(MIGRATION);
}

/* A disk that cannot be written may still be read: with the log, where that needs no writing, or else
 * without; and of what is damaged, or a newer heald's, what a successor would have in it. */
static bool open_reading(struct heal_store_file *file, bool newer) {
    char path[PATH_MAX];

    path_of(file, "", path);
    if (access(path, R_OK) < 0)
        return false;
    for (int alone = 0; alone < 2 && !file->read_only; alone++) {
        file->read_only = heal_store_file_read(path, alone, &file->db) == 0 && is_ours(file->db);
        if (!file->read_only)
            close_db(file);
    }
    const struct heal_store_old old = {file->folder, newer, &file->orders};
    if (!file->read_only && (file->memory || heal_store_successor_in_memory(&old, &file->memory) == 0)) {
        file->db = file->memory;
        file->read_only = true;
    }
    return file->read_only;
}

static void give_up(struct heal_store_file *file, bool newer, const char *what) {
    close_db(file);
    snprintf(file->words, sizeof file->words, "%.70s: %s%s; nothing is kept%s", file->folder, what,
             strerror(-file->code), open_reading(file, newer) ? ", what was kept is read" : "");
}

/* Sets the file aside, and begins a new one with what can be read of it. @return as _open. */
static int begin_anew(struct heal_store_file *file, bool newer) {
    struct heal_salvage salvage = {0};
    char name[HEAL_STORE_ASIDE_NAME_MAX];

    const struct heal_store_old old = {file->folder, newer, &file->orders};
    close_db(file);
    file->code = heal_store_successor_make(&old, file->lock, &salvage, name);
    if (file->code == 0)
        file->code = open_writing(file);
    if (file->code == 0)
        forget_memory(file);
    if (file->code < 0)
        give_up(file, newer,
                newer ? "the file is a newer heald's, and no new one can be made: "
                      : "the file is damaged, and no new one can be made: ");
    else if (newer)
        snprintf(file->words, sizeof file->words,
                 "the store's file was made by a newer heald; it is kept as %.80s, a new one begun", name);
    else
        snprintf(
            file->words, sizeof file->words,
            "the store's file was damaged; it is kept as %.60s, a new one begun with the %zu records and "
            "without the %zu audit lines that could be read",
            name, salvage.records, salvage.audits);
    return file->code;
}

int heal_store_file_open(struct heal_store_file *file) {
    close_db(file);
    file->words[0] = '\0';
    file->code = take_lock(file);
    if (file->code == 0)
        file->code = heal_store_successor_settle(file->folder, file->lock);
    if (file->code == 0)
        file->code = open_writing(file);
    if (file->code == -EBADMSG || file->code == -EPROTONOSUPPORT)
        return begin_anew(file, file->code == -EPROTONOSUPPORT);
    if (file->code < 0)
        give_up(file, false, "");
    else
        forget_memory(file);
    return file->code;
}

bool heal_store_file_is_lost(const struct heal_store_file *file) {
    int moved = 0;

    return file->db && sqlite3_file_control(file->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved;
}

int heal_store_file_renew(struct heal_store_file *file) {
    return begin_anew(file, false);
}

/* Copies what is open, though it has no name any more, to where it should be. */
static int write_copy(struct heal_store_file *file) {
    char path[PATH_MAX], copy[PATH_MAX];

    path_of(file, "", path);
    path_of(file, ".copy", copy);
    unlink(copy);
    char *sql = sqlite3_mprintf("VACUUM INTO %Q", copy);
    int r = sql ? heal_store_file_run(file->db, sql) : -ENOMEM;
    sqlite3_free(sql);
    if (r < 0)
        return r;
    /* SQLite does not force such a copy to the disk. */
    int descriptor = open(copy, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || fsync(descriptor) < 0 || rename(copy, path) < 0)
        r = -errno;
    if (descriptor >= 0)
        close(descriptor);
    return r == 0 && fsync(file->lock) < 0 ? -errno : r;
}

int heal_store_file_rescue(struct heal_store_file *file) {
    char path[PATH_MAX];

    path_of(file, "", path);
    if (access(path, F_OK) == 0)
        return -ESTALE;
    /* The lock was on the folder that was removed, as a rule. */
    if (file->lock >= 0)
        close(file->lock);
    file->lock = -1;
    int r = take_lock(file);
    if (r == 0)
        r = write_copy(file);
    if (r < 0)
        return r;
    close_db(file);
    r = open_writing(file);
    snprintf(file->words, sizeof file->words,
             "%.100s: the store was removed; it was made anew with all that was kept", file->folder);
    return r;
}
