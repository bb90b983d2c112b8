/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The models that the daemon has given its engine: the active one, by the configuration or as it was chosen
 * at run time (chosen.h), and the one in its shadow; and how long the engine takes to judge by them. A file
 * that cannot be used says so as the part "network": the model before it goes on, or, where there is none,
 * the thresholds judge alone.
 */
#ifndef HEALD_NETWORK_H
#define HEALD_NETWORK_H

#include "heald/chosen.h"
#include "heald/parts.h"
#include "heald/recorder.h"
#include "heald/slots.h"

struct heald_network {
    struct heald_slots slots;
    struct heald_parts *parts;
    struct heald_recorder *recorder;
    struct heal_store *store;          /**< NULL: a dry run, which keeps nothing */
    char folder[HEAL_CONFIG_PATH_MAX]; /**< of the state */
    struct heald_chosen chosen;
    char configured[HEAL_CONFIG_PATH_MAX];        /**< of the configuration in force */
    char path[HEAL_SLOTS][HEALD_CHOSEN_PATH_MAX]; /**< where each came from */
    uint64_t ticks;                               /**< so often all ports were judged */
    double seconds;                               /**< that it took, in all, without the reasons of alarms */
    double begun;                                 /**< when the latest began */
};

/** Begins: fills in what it works with from the others, which outlast it, and loads the models that are
 * wanted. To be called before an earlier run's records are given back: they speak of these models. */
void heald_network_open(struct heald_network *network, const struct heal_config *config);
/** The engine is not stepped any more. Also for one that was never opened. */
void heald_network_close(struct heald_network *network);

/** Takes the configuration anew: another file, or what is in it by now. @return whether another model is the
 * active one: what an earlier run kept of it is to be given back. */
bool heald_network_reload(struct heald_network *network, const struct heal_config *config);

/**
 * Puts a model beside the active one, and keeps it for later runs. @param bytes of its file; NULL: none any
 * more. The record is queued in the store, not committed.
 * @return 0, or a negative errno with words: what was there stays.
 */
int heald_network_shadow(struct heald_network *network, const char *bytes, size_t length,
                         struct heal_error *error);

/** Notices that the shadow's model has been made the active one, and keeps that, queued in the store. */
void heald_network_follow(struct heald_network *network);

/** Removes the files of models that are chosen no more. To be called when what is chosen is committed: until
 * then the next run begins with the ones before. */
void heald_network_tidy(const struct heald_network *network);

#endif
