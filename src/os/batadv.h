/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A batman-adv mesh as a source, and the few settings of it that heald changes. It routes by itself, below
 * IP: there are no routes to report. Its neighbours become ports, by the link-local addresses on the hard
 * interfaces (link_local.h); what each passes on for this node is reported beside. All is read once a round.
 */
#ifndef HEAL_OS_BATADV_H
#define HEAL_OS_BATADV_H

#include "heal/command.h"
#include "os/source.h"

struct heal_batadv;

/**
 * @param ifname the mesh interface, such as bat0; it need not be there yet.
 * @return 0; -ENOENT where this kernel has no batman-adv; or another negative errno.
 */
int heal_batadv_open(const char *ifname, struct heal_batadv **ret_batadv);
/** Takes NULL. @return NULL. */
struct heal_batadv *heal_batadv_close(struct heal_batadv *batadv);

/**
 * Reports the mesh, its hard interfaces, its neighbours and what they pass on; a neighbour that is gone is
 * reported as such. @return 0; -ENODEV while there is no such mesh; or another negative errno.
 */
int heal_batadv_read(struct heal_batadv *batadv, const struct heal_reading_sink *sink);

/**
 * Each asks the kernel about one of its settings. @param what one of a mesh (HEAL_TUNE_ORIGINATOR,
 * HEAL_TUNE_GATEWAY), and then @p ifname is that, or of one of its interfaces.
 * @return 0; -ENODEV; -ENOTSUP where this kernel or algorithm does not have it; or another negative errno.
 */
int heal_batadv_get(struct heal_batadv *batadv, enum heal_tuning what, const char *ifname,
                    uint32_t *ret_value);
int heal_batadv_set(struct heal_batadv *batadv, enum heal_tuning what, const char *ifname, uint32_t value);

#endif
