/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/choice.h"

#include "base/cleanup.h"
#include "base/text.h"

/* Whom an order is about: the incident, and how the engine stands. */
struct standing {
    const struct heal_incident_status *incident;
    struct heal_engine_status engine;
    bool current; /* the engine has it, not the store alone */
};

static bool is_open(const struct standing *standing) {
    return standing->current && standing->incident->closed == 0;
}

static bool can_undo(const struct standing *standing) {
    return is_open(standing) && standing->incident->suppressed != HEAL_SUPPRESSED_OPERATOR &&
           standing->engine.mode == HEAL_MODE_ACT;
}

static bool can_pause(const struct standing *standing) {
    return is_open(standing) && !standing->engine.paused && standing->engine.mode == HEAL_MODE_ACT;
}

static bool is_paused(const struct standing *standing) {
    return is_open(standing) && standing->engine.paused;
}

static bool is_acting(const struct standing *standing) {
    return is_open(standing) && standing->engine.mode == HEAL_MODE_ACT;
}

static bool is_watching(const struct standing *standing) {
    return is_open(standing) && standing->engine.mode != HEAL_MODE_ACT;
}

static bool can_label(const struct standing *standing) {
    return standing->current && standing->incident->label < 0;
}

static const struct {
    bool (*applies)(const struct standing *standing);
    const char *verb, *argument; /* the incident's number stands between them, where there is an argument */
    const char *words;
} choices[] = {
    {can_undo,    "undo",                        "",
     "takes back what is in place for this incident, and leaves it alone until it is over"                                     },
    {can_pause,   "pause --reason WHY --for 1h", NULL,
     "begins nothing more, about any incident; what is in place stays"                                                         },
    {is_paused,   "resume",                      NULL,    "ends the pause"                                                     },
    {is_acting,   "mode observe",                NULL,    "takes back all that is in place, for any incident, and only watches"},
    {is_watching, "mode act",                    NULL,    "lets heald act"                                                     },
    {can_label,   "label",                       "false", "says that there was no such trouble: heald learns to keep quiet"    },
};

static void write_choice(const struct heal_incident_status *incident, size_t row,
                         struct heald_choice *ret_choice) {
    const char *argument = choices[row].argument;
    struct heal_text text;

    heal_text_init(&text, ret_choice->order, sizeof ret_choice->order);
    heal_text_add(&text, "healctl %s", choices[row].verb);
    if (argument)
        heal_text_add(&text, " %llu%s%s", (unsigned long long)incident->id, argument[0] ? " " : "", argument);
    ret_choice->words = choices[row].words;
}

bool heald_choice(const struct heald_view *view, const struct heald_found *found, size_t index,
                  struct heald_choice *ret_choice) {
    struct standing standing = {.incident = &found->incident,
                                .current = heald_incident_is_current(view, found->incident.id)};

    heal_engine_status(view->engine, &standing.engine);
    for (size_t i = 0; i < HEAL_COUNT(choices); i++)
        if (choices[i].applies(&standing) && index-- == 0) {
            write_choice(&found->incident, i, ret_choice);
            return true;
        }
    return false;
}
