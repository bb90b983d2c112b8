/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Whole small files: read with a cap on their size, and replaced atomically. Nothing here keeps a file open.
 */
#ifndef HEAL_OS_FILE_H
#define HEAL_OS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * Reads a whole regular file (or what procfs and sysfs call one).
 * @param size_max -EFBIG if there is more. @param ret_text with a NUL after its last byte, which does not
 * count in @p ret_length; the caller frees it.
 * @return 0, or a negative errno: -EISDIR for a folder, -EINVAL for what is no file (a pipe, a device).
 */
int heal_file_read(const char *path, size_t size_max, char **ret_text, size_t *ret_length);

/**
 * Replaces (or makes) a file: readers see the old content or the new one, whole, also after a power cut.
 * @return 0 or a negative errno with the old file as it was (or, after -EIO, perhaps the new one).
 */
int heal_file_write(const char *path, const char *text, size_t length, mode_t mode);

/**
 * The same for a file that a person has named: where a link leads is replaced, not the link; its mode is by
 * the umask.
 * @return also -EINVAL for what is there and is no file (a device, a pipe): it stays as it is.
 */
int heal_file_save(const char *path, const char *text, size_t length);

/** @return whether two paths lead to one file, or would if there were one. */
bool heal_file_is_same(const char *a, const char *b);

#endif
