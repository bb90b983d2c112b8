/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Who may ask at the admin socket, and who may give orders: root and heald's own user both; the members of
 * admin.act-group both; those of admin.read-group, or with admin.read-all everybody, may ask. Who it is the
 * kernel says (SO_PEERCRED, SO_PEERGROUPS).
 */
#ifndef HEALD_ACCESS_H
#define HEALD_ACCESS_H

#include "config/config.h"
#include "net/http.h"

struct heald_access {
    const struct heal_config *config; /**< for the groups' names */
    bool read_all;
    bool reads, acts; /**< there is such a group */
    gid_t read_group, act_group;
};

/** Looks the groups up; one that is not there has no members. @param config must outlive @p access. */
void heald_access_init(struct heald_access *access, const struct heal_config *config);

bool heald_access_may_read(const struct heald_access *access, const struct heal_http_peer *peer);
bool heald_access_may_act(const struct heald_access *access, const struct heal_http_peer *peer);

/** Says in words who may, for those who may not. @param acts of giving orders, else of asking. */
const char *heald_access_words(const struct heald_access *access, bool acts, char *buffer, size_t size);

#endif
