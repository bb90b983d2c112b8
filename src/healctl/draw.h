/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Pictures (picture/picture.h) of what the daemon says or a simulation has, and the file that one goes to.
 * The daemon's JSON may hold what a hostile neighbour has chosen: what is missing or of another type is left
 * out.
 */
#ifndef HEAL_HEALCTL_DRAW_H
#define HEAL_HEALCTL_DRAW_H

#include <jansson.h>

#include "healctl/call.h"
#include "picture/picture.h"
#include "sim/sim.h"

/** What there is to draw; NULL: none of it. */
struct heal_drawn {
    const json_t *status;    /**< a reply of /v1/status */
    const json_t *links;     /**< a reply of /v1/links */
    const json_t *incidents; /**< a reply of /v1/incidents: its times are on the clock of its "now" */
};

/** Adds what the replies say. @return 0 or -ENOMEM. */
int heal_draw(struct heal_picture *picture, const struct heal_drawn *drawn);

/** Adds a mesh in virtual time, as it stands, and the incidents of its nodes. @return 0 or -ENOMEM. */
int heal_draw_sim(struct heal_picture *picture, const struct heal_sim *sim);

/**
 * Writes the page to a file, whole or not at all, and says where it is. "-": to the call's output. What is
 * there and is no regular file is left as it is.
 * @return an exit code.
 */
int heal_draw_file(const struct heal_call *call, const struct heal_picture *picture, const char *path);

#endif
