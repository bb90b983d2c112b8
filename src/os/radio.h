/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Radios as a source. There may be several kinds behind the same table of functions: a file that the lab
 * rewrites, a driver's own report.
 */
#ifndef HEAL_OS_RADIO_H
#define HEAL_OS_RADIO_H

#include "os/source.h"

struct heal_radio_source {
    /** Reports what each radio says of each neighbour. @return 0 or a negative errno. */
    int (*read)(struct heal_radio_source *self, const struct heal_reading_sink *sink);
    /** Frees. */
    void (*close)(struct heal_radio_source *self);
    char words[200]; /**< what is wrong with the source; empty: nothing */
};

enum { HEAL_RADIO_FILE_MAX = 1 << 16 };

/**
 * A source that reads a file of lines (wire/radio_text.h) anew each time. A line that is wrong is passed over
 * and told in `words`; a file that is not there yields nothing.
 * @return 0, -ENAMETOOLONG or -ENOMEM.
 */
int heal_radio_file_open(const char *path, struct heal_radio_source **ret_source);

/**
 * The kernel's own radios (nl80211): signal and counters of each station of each wireless interface; the
 * noise only where the driver tells it for the channel in use.
 * @return 0; -ENOENT where this kernel has no wireless; or another negative errno.
 */
int heal_radio_nl80211_open(struct heal_radio_source **ret_source);

/** Takes NULL. @return NULL. */
struct heal_radio_source *heal_radio_close(struct heal_radio_source *source);

#endif
