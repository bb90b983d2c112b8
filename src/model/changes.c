/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/changes.h"

#include "base/text.h"

#include <string.h>

static const char more[] = ", …";

static bool is_full(const char *changed, size_t length) {
    return length >= strlen(more) && strcmp(changed + length - strlen(more), more) == 0;
}

/* Whole, not as the end or the beginning of another: eth1 is no eth10. */
static bool has(const char *changed, const char *words) {
    size_t length = strlen(words);
    for (const char *at = changed; (at = strstr(at, words)); at += length)
        if ((at == changed || at[-1] == ' ') && (at[length] == '\0' || at[length] == ','))
            return true;
    return false;
}

static void note(char changed[static HEAL_CHANGES_MAX], const struct heal_command_route *route) {
    char prefix[HEAL_ADDRESS_TEXT], words[HEAL_ADDRESS_TEXT + HEAL_IFNAME_MAX + sizeof " over "];
    size_t length = strlen(changed);
    struct heal_text text;
    heal_text_init(&text, words, sizeof words);
    heal_text_add(&text, "%s over %s", heal_prefix_format(&route->prefix, prefix), route->via.ifname);
    if (is_full(changed, length) || has(changed, words))
        return;
    bool fits = length + strlen(", ") + text.length + sizeof more <= HEAL_CHANGES_MAX;
    heal_text_init(&text, changed + length, HEAL_CHANGES_MAX - length);
    heal_text_add(&text, "%s%s", !fits || length == 0 ? "" : ", ", fits ? words : more);
}

void heal_changes_note(struct heal_incident *incident, const struct heal_step *step,
                       const struct heal_command_route *route) {
    struct heal_step_status *view = heal_incident_step_view(incident, step);
    if (view)
        note(view->changed, route);
}
