/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/quota.h"

#include "base/cleanup.h"
#include "base/pairs.h"
#include "config/config.h"
#include "os/file.h"
#include "os/process.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The least that the kernel takes; the most that a note may hold. */
enum { QUOTA_MIN_US = 1000, NOTE_MAX = 4096, NOTE_MODE = 0600 };
#define NOTE_HEAD "throttle-"
#define NOTE_TAIL ".quota"

struct change {
    char cgroup[HEAL_CONFIG_PATH_MAX];
    unsigned version;
    struct heal_proc_quota before, set;
};

static const char *note_path(const struct heal_quota_note *note, char *path, size_t size) {
    snprintf(path, size, "%s/" NOTE_HEAD "%s" NOTE_TAIL, note->folder, note->service);
    return path;
}

static int read_in(const char *cgroup, const char *file, char *text, size_t size) {
    char path[HEAL_CONFIG_PATH_MAX + 32];
    snprintf(path, sizeof(path), "%s/%s", cgroup, file);
    return (int)heal_small_file_read(path, text, size);
}

static int read_v1(const char *cgroup, struct heal_proc_quota *quota) {
    char text[64];
    int length = read_in(cgroup, "cpu.cfs_quota_us", text, sizeof(text));
    if (length < 0) {
        return length;
    }
    bool none = text[0] == '-';
    quota->quota_us = 0;
    int r = none ? 0 : heal_proc_number_parse(text, (size_t)length, UINT64_MAX, &quota->quota_us);
    if (r < 0) {
        return r;
    }
    length = read_in(cgroup, "cpu.cfs_period_us", text, sizeof(text));
    return length < 0 ? length : heal_proc_number_parse(text, (size_t)length, UINT32_MAX, &quota->period_us);
}

static int read_quota(const char *cgroup, unsigned version, struct heal_proc_quota *quota) {
    char text[64];
    if (version == 1) {
        return read_v1(cgroup, quota);
    }
    int length = read_in(cgroup, "cpu.max", text, sizeof(text));
    return length < 0 ? length : heal_proc_quota_parse(text, (size_t)length, quota);
}

/* In version 1 the period has a file of its own, and stays as it is. */
static int write_quota(const char *cgroup, unsigned version, const struct heal_proc_quota *quota) {
    char path[HEAL_CONFIG_PATH_MAX + 32], text[64];
    unsigned long long us = quota->quota_us, period = quota->period_us;
    snprintf(path, sizeof(path), "%s/%s", cgroup, version == 1 ? "cpu.cfs_quota_us" : "cpu.max");
    if (us == 0 && version == 1) {
        snprintf(text, sizeof(text), "-1");
    } else if (us == 0) {
        snprintf(text, sizeof(text), "max %llu", period);
    } else if (version == 1) {
        snprintf(text, sizeof(text), "%llu", us);
    } else {
        snprintf(text, sizeof(text), "%llu %llu", us, period);
    }
    return heal_small_file_write(path, text);
}

static bool is_same(const struct change *change, const struct heal_proc_quota *now) {
    return now->quota_us == change->set.quota_us &&
           (change->version == 1 || now->period_us == change->set.period_us);
}

static int write_note(const struct heal_quota_note *note, const struct change *change) {
    char path[HEAL_CONFIG_PATH_MAX + 64], value[NOTE_MAX];
    struct heal_text text;
    heal_text_init(&text, value, sizeof(value) - 1);
    heal_text_pair_text(&text, "cgroup", change->cgroup, sizeof(change->cgroup));
    heal_text_pair_u64(&text, "version", change->version);
    heal_text_pair_u64(&text, "before", change->before.quota_us);
    heal_text_pair_u64(&text, "set", change->set.quota_us);
    heal_text_pair_u64(&text, "period", change->before.period_us);
    if (text.cut) {
        return -ENAMETOOLONG;
    }
    value[text.length] = '\n';
    return heal_file_write(note_path(note, path, sizeof(path)), value, text.length + 1, NOTE_MODE);
}

static int read_field(struct heal_pairs *pairs, struct change *change) {
    if (heal_pairs_is(pairs, "cgroup")) {
        return heal_pairs_text(pairs, change->cgroup, sizeof(change->cgroup));
    }
    if (heal_pairs_is(pairs, "version")) {
        return heal_pairs_u32(pairs, 1, 2, &change->version);
    }
    if (heal_pairs_is(pairs, "before")) {
        return heal_pairs_u64(pairs, 0, UINT64_MAX, &change->before.quota_us);
    }
    if (heal_pairs_is(pairs, "set")) {
        return heal_pairs_u64(pairs, 1, UINT64_MAX, &change->set.quota_us);
    }
    if (heal_pairs_is(pairs, "period")) {
        return heal_pairs_u64(pairs, 1, UINT32_MAX, &change->before.period_us);
    }
    return 0; /* of a later version */
}

static int read_note(const char *path, struct change *ret_change) {
    char *text HEAL_CLEANUP(heal_free_pointer) = NULL;
    size_t length = 0;
    struct change change = {0};
    struct heal_pairs pairs;
    int r = heal_file_read(path, NOTE_MAX, &text, &length);
    if (r < 0) {
        return r;
    }
    heal_pairs_init(&pairs, text, length, NULL);
    while ((r = heal_pairs_next(&pairs)) > 0) {
        r = read_field(&pairs, &change);
        if (r < 0) {
            return r;
        }
    }
    if (r < 0 || !change.cgroup[0] || !change.version || !change.set.quota_us || !change.before.period_us) {
        return -EINVAL;
    }
    change.set.period_us = change.before.period_us;
    *ret_change = change;
    return 0;
}

uint64_t heal_quota_of(float share, uint64_t period_us) {
    uint64_t quota = (uint64_t)((double)share * (double)period_us);
    return quota < QUOTA_MIN_US ? QUOTA_MIN_US : quota;
}

static int lower(const struct heal_quota_note *note, struct change *change, float share) {
    char path[HEAL_CONFIG_PATH_MAX + 64];
    struct heal_proc_quota *set = &change->set;
    *set = change->before;
    set->quota_us = heal_quota_of(share, set->period_us);
    if (change->before.quota_us && change->before.quota_us <= set->quota_us) {
        return -EALREADY;
    }
    int r = write_note(note, change);
    if (r < 0) {
        return r;
    }
    r = write_quota(change->cgroup, change->version, set);
    if (r < 0) {
        unlink(note_path(note, path, sizeof(path)));
    }
    return r;
}

int heal_quota_lower(const struct heal_quota_note *note, const char *cgroup, float share,
                     unsigned *ret_version) {
    struct change change = {0};
    /* One that could not be put back before: what was there is what that note says. */
    int r = heal_quota_put_back(note);
    if (r < 0) {
        return r;
    }
    if ((size_t)snprintf(change.cgroup, sizeof(change.cgroup), "%s", cgroup) >= sizeof(change.cgroup)) {
        return -ENAMETOOLONG;
    }
    change.version = 2;
    r = read_quota(cgroup, change.version, &change.before);
    if (r == -ENOENT) {
        change.version = 1;
        r = read_quota(cgroup, change.version, &change.before);
    }
    r = r < 0 ? r : lower(note, &change, share);
    if (r == 0) {
        *ret_version = change.version;
    }
    return r;
}

int heal_quota_put_back(const struct heal_quota_note *note) {
    char path[HEAL_CONFIG_PATH_MAX + 64];
    struct change change;
    struct heal_proc_quota now;
    int r = read_note(note_path(note, path, sizeof(path)), &change);
    if (r == -ENOENT) {
        return 0;
    }
    if (r == -EINVAL) {
        unlink(path);
    }
    if (r < 0) {
        return r;
    }
    r = read_quota(change.cgroup, change.version, &now);
    if (r == 0 && is_same(&change, &now)) {
        r = write_quota(change.cgroup, change.version, &change.before);
    } else if (r == -ENOENT || r == -ENODEV || r == -EINVAL) {
        r = 0; /* the cgroup is gone, and heald's value with it: after a reboot, or a restart of the service
                */
    }
    if (r == 0 && unlink(path) < 0) {
        r = -errno;
    }
    return r;
}

void heal_quota_each_note(const char *folder, void (*each)(void *context, const char *service),
                          void *context) {
    size_t head = strlen(NOTE_HEAD), tail = strlen(NOTE_TAIL);
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        char service[HEAL_NAME_MAX];
        size_t length = strlen(entry->d_name);
        if (length <= head + tail || length - head - tail >= sizeof(service) ||
            memcmp(entry->d_name, NOTE_HEAD, head) != 0 ||
            strcmp(entry->d_name + length - tail, NOTE_TAIL) != 0) {
            continue;
        }
        snprintf(service, sizeof(service), "%.*s", (int)(length - head - tail), entry->d_name + head);
        each(context, service);
    }
    if (listing) {
        closedir(listing);
    }
}
