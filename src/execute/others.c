/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/others.h"

#include "execute/records.h"
#include "model/output.h"

#include <string.h>

/* He has undone it, as with `healctl undo`. */
static void dismiss(struct heal_world *world, struct heal_incident *incident) {
    incident->dismissed = true;
    heal_output_suppress(world, incident, HEAL_SUPPRESSED_OPERATOR);
}

bool heal_others_took_over(struct heal_world *world, struct heal_incident *incident,
                           const struct heal_remedy_rule *rule, struct heal_step *step) {
    char words[sizeof incident->view.others];
    struct heal_text text;
    heal_text_init(&text, words, sizeof words);
    enum heal_takeover takeover =
        rule->taken_over ? rule->taken_over(world, incident, step, &text) : HEAL_TAKEOVER_NONE;
    if (takeover == HEAL_TAKEOVER_NONE)
        return false;
    heal_output_others(world, incident, words);
    incident->barred |= 1u << rule->remedy;
    incident->view.healed = 0;
    if (takeover == HEAL_TAKEOVER_INCIDENT)
        dismiss(world, incident);
    heal_records_incident(world, incident); /* it outlives the run */
    return true;
}

/* A bounce of heald's own takes it down, too. */
static bool is_bounced(const struct heal_world *world, const char *ifname) {
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        int active = incident->used ? heal_incident_active_step(incident) : -1;
        if (active >= 0 && incident->view.step[active].remedy == HEAL_BOUNCE_LINK &&
            strcmp(incident->step[active].port.ifname, ifname) == 0)
            return true;
    }
    return false;
}

void heal_others_note_down(struct heal_world *world, struct heal_incident *incident) {
    char words[sizeof incident->view.others];
    struct heal_text text;
    const struct heal_port *port = heal_element_is_own_link(&incident->element)
                                       ? heal_world_port_const(world, &incident->element.port)
                                       : NULL;
    if (!port || port->up || is_bounced(world, port->key.ifname))
        return;
    heal_text_init(&text, words, sizeof words);
    heal_text_add(&text, "%s is down, and not by heald", port->key.ifname);
    heal_output_others(world, incident, words);
}
