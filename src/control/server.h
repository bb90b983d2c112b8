/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The answering side of a lab's control socket: a loop for the process that holds the lab, which serves the
 * socket, keeps the faults going, and takes back those whose time is over. It never waits for a client: an
 * answer goes as one packet or not at all, and a program that was asked for runs beside the loop. Owns the
 * folder's lock and socket; the lab and its faults are the caller's.
 */
#ifndef HEAL_CONTROL_SERVER_H
#define HEAL_CONTROL_SERVER_H

#include "control/control.h"
#include "fault/faults.h"

struct heal_control_server;

/** What a lab says about itself. */
struct heal_control_lab {
    struct heal_lab *lab;
    struct heal_faults *faults;
    enum heal_mode mode;
    bool has_traffic;
};

/**
 * Claims the folder of a lab for this process, before the lab is made in it.
 * @return 0; -EBUSY: a lab runs there; or another negative errno; with words in @p error.
 */
int heal_control_claim(const char *folder, struct heal_control_server **ret_server, struct heal_error *error);

/** Begins to listen. A socket that a dead holder left is replaced. @return 0 or negative errno. */
int heal_control_listen(struct heal_control_server *server, const struct heal_control_lab *lab);

/**
 * Serves until @p stop can be read from, or a client asks for the end. What happens is said, a line each, on
 * standard error. @return 0 or negative errno.
 */
int heal_control_serve(struct heal_control_server *server, int stop);

/**
 * Ends the programs that clients had run. To be called while the lab is there.
 */
void heal_control_stop(struct heal_control_server *server);

/** The lab's end went wrong, in words: those who asked for it hear that. */
void heal_control_ended(struct heal_control_server *server, const char *wrong);

/** Lets those who asked for the end know, and gives the folder back. Takes NULL. @return NULL. */
struct heal_control_server *heal_control_free(struct heal_control_server *server);

#endif
