/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The CPU quota of a control group that is not heald's own: lowered, never raised, and put back to just what
 * it was. What it was is noted in a file before anything is changed, so that the next run can put it back
 * when this one is killed. Who changes the quota meanwhile has the last word: then it stays.
 */
#ifndef HEAL_OS_QUOTA_H
#define HEAL_OS_QUOTA_H

#include <stdint.h>

/** @return the quota of a share of one CPU: at least what the kernel takes. */
uint64_t heal_quota_of(float share, uint64_t period_us);

/** Which note: one file for each service in heald's state folder. */
struct heal_quota_note {
    const char *folder, *service;
};

/**
 * Notes the quota of a cgroup, and lowers it.
 * @param share of one CPU. @param ret_version of the cgroup's hierarchy: 2 or 1.
 * @return 0; -EALREADY where the quota is as low as that already; or another negative errno. On failure it is
 * as it was.
 */
int heal_quota_lower(const struct heal_quota_note *note, const char *cgroup, float share,
                     unsigned *ret_version);

/**
 * Puts back what is noted, where the quota is still what heald has set, and removes the note.
 * @return 0 (also where there is no note); -EINVAL for a note that says nothing, which is removed; or another
 * negative errno: it is to be tried again.
 */
int heal_quota_put_back(const struct heal_quota_note *note);

/** Calls @p each for every service that has a note in the folder. It may put that back. */
void heal_quota_each_note(const char *folder, void (*each)(void *context, const char *service),
                          void *context);

#endif
