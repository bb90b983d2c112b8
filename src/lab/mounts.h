/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The mounts of a lab and of each of its nodes: a /proc of the own PID namespace, an empty /run, and the
 * lab's folder still in its place. For a process alone in a new mount namespace.
 */
#ifndef HEAL_LAB_MOUNTS_H
#define HEAL_LAB_MOUNTS_H

/**
 * @param folder the lab's, absolute. @param ret_failed says in words which step failed.
 * @return 0 or negative errno.
 */
int heal_mounts_make(const char *folder, const char **ret_failed);

#endif
