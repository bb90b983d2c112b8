/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/access.h"

#include "base/text.h"
#include "os/privilege.h"

#include <unistd.h>

void heald_access_init(struct heald_access *access, const struct heal_config *config) {
    *access = (struct heald_access){.config = config, .read_all = config->admin_read_all};
    access->reads =
        config->admin_read_group[0] && heal_group_find(config->admin_read_group, &access->read_group) == 0;
    access->acts =
        config->admin_act_group[0] && heal_group_find(config->admin_act_group, &access->act_group) == 0;
}

static bool is_in(const struct heal_http_peer *peer, gid_t group) {
    for (size_t i = 0; i < peer->groups; i++)
        if (peer->group[i] == group)
            return true;
    return false;
}

bool heald_access_may_act(const struct heald_access *access, const struct heal_http_peer *peer) {
    return peer->uid == 0 || (peer->uid > 0 && peer->uid == (int64_t)geteuid()) ||
           (peer->uid > 0 && access->acts && is_in(peer, access->act_group));
}

bool heald_access_may_read(const struct heald_access *access, const struct heal_http_peer *peer) {
    return heald_access_may_act(access, peer) ||
           (peer->uid > 0 && (access->read_all || (access->reads && is_in(peer, access->read_group))));
}

const char *heald_access_words(const struct heald_access *access, bool acts, char *buffer, size_t size) {
    struct heal_text text;

    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "only root and the user that heald runs as (uid %ld)", (long)geteuid());
    if (access->acts)
        heal_text_add(&text, ", and the members of group %s", access->config->admin_act_group);
    if (!acts && access->reads)
        heal_text_add(&text, ", and those of group %s", access->config->admin_read_group);
    heal_text_add(&text,
                  acts ? " may give orders (admin.act-group)" : " may ask (admin.read-group, read-all)");
    return buffer;
}
