/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "helper/right.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

enum { LOOPBACK_INDEX = 1 /* in every network namespace */ };

static bool takes_back(const struct heal_helper_order *order) {
    return order->act == HEAL_COMMAND_ROUTE_DELETE ||
           (order->act == HEAL_COMMAND_QUARANTINE && !order->quarantine.on) ||
           (order->act == HEAL_COMMAND_TUNE && order->tune.back);
}

/* Whether a word is one of those in a text, a blank between. */
static bool is_listed(const char *list, const char *word) {
    size_t length = strlen(word);

    for (const char *at = list; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strcspn(at, " ") == length && strncmp(at, word, length) == 0)
            return true;
    return false;
}

/* The mesh itself is an interface too, for what is set of all of it. */
static bool is_of_whole_mesh(const struct heal_config *config, const struct heal_helper_order *order) {
    return order->act == HEAL_COMMAND_TUNE && strcmp(order->tune.ifname, config->routing_interface) == 0 &&
           (order->tune.what == HEAL_TUNE_ORIGINATOR || order->tune.what == HEAL_TUNE_GATEWAY);
}

static int judge_interface(const struct heal_config *config, const struct heal_helper_order *order,
                           const char *ifname, const char **ret_words) {
    unsigned index = if_nametoindex(ifname);

    *ret_words = "there is no such interface";
    if (index == 0)
        return takes_back(order) ? 0 : -ENODEV;
    *ret_words = "not on the loopback interface";
    if (index == LOOPBACK_INDEX)
        return -EPERM;
    *ret_words = "not an interface of the mesh's (mesh.interfaces)";
    bool fits = !config->mesh_interfaces[0] || is_listed(config->mesh_interfaces, ifname);
    return fits || is_of_whole_mesh(config, order) ? 0 : -EPERM;
}

static int judge_service(const struct heal_config *config, const struct heal_helper_order *order,
                         const char **ret_words) {
    int index = heal_config_service_find(config, order->service.name);
    bool restarts = order->act == HEAL_COMMAND_SERVICE_RESTART;

    /* A throttle may have to be lifted from a service that is configured no more. */
    if (!restarts && order->service.share <= 0)
        return 0;
    *ret_words = "no service of this name";
    if (index < 0)
        return -ENOENT;
    const struct heal_service_setting *setting = &config->settings.service[index];
    *ret_words = restarts ? "it may not be restarted" : "it may not be throttled";
    return (restarts ? setting->restartable : setting->sheddable) ? 0 : -EPERM;
}

int heal_helper_right(const struct heal_config *config, const struct heal_helper_order *order,
                      const char **ret_words) {
    const char *ifname = heal_helper_order_ifname(order);

    if (ifname)
        return judge_interface(config, order, ifname, ret_words);
    if (order->act == HEAL_COMMAND_SERVICE_RESTART || order->act == HEAL_COMMAND_SERVICE_SHED)
        return judge_service(config, order, ret_words);
    return 0;
}
