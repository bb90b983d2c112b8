/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "picture/story.h"

#include "base/amount.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *name, *words;
} states[HEAL_STORY_STATES] = {
    [HEAL_STORY_OPEN] = {"open",  "sick"               },
    [HEAL_STORY_HELD] = {"held",  "held in check"      },
    [HEAL_STORY_OVER] = {"over",  "over"               },
    [HEAL_STORY_FALSE] = {"false", "went away by itself"},
};

static const struct {
    const char *name, *words;
} moments[HEAL_MOMENTS] = {
    [HEAL_MOMENT_SEEN] = {"seen",     "first seen"        },
      [HEAL_MOMENT_DETECTED] = {"detected", "detected"          },
    [HEAL_MOMENT_ACT] = {"act",      "remedy applied"    },
      [HEAL_MOMENT_WOULD] = {"would",    "would have acted"  },
    [HEAL_MOMENT_WORKED] = {"worked",   "verified"          },
      [HEAL_MOMENT_FAILED] = {"failed",   "failed, taken back"},
    [HEAL_MOMENT_HEALED] = {"healed",   "healed"            },
      [HEAL_MOMENT_CLOSED] = {"closed",   "closed"            },
};

const char *heal_story_state_name(enum heal_story_state state) {
    return states[state].name;
}

const char *heal_story_state_words(enum heal_story_state state) {
    return states[state].words;
}

const char *heal_moment_name(enum heal_moment_kind kind) {
    return moments[kind].name;
}

const char *heal_moment_words(enum heal_moment_kind kind) {
    return moments[kind].words;
}

enum heal_story_state heal_story_state_of(const struct heal_incident_status *incident) {
    if (incident->closed != 0)
        return incident->refuted ? HEAL_STORY_FALSE : HEAL_STORY_OVER;
    /* What helps some, and leaves others cut off, holds nothing in check. */
    for (size_t i = 0; i < incident->steps && incident->cut_off == 0; i++)
        if (incident->step[i].state == HEAL_STEP_HOLDING)
            return HEAL_STORY_HELD;
    return HEAL_STORY_OPEN;
}

const char *heal_story_words(const struct heal_incident_status *incident) {
    if (incident->withdrawn)
        return "no longer reported";
    if (incident->on_trial)
        return "on trial";
    return heal_story_state_words(heal_story_state_of(incident));
}

static int by_time(const void *one, const void *two) {
    const struct heal_moment *a = one, *b = two;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

size_t heal_story_moments(const struct heal_incident_status *incident,
                          struct heal_moment moment[static HEAL_MOMENTS_MAX]) {
    const struct heal_moment whole[] = {
        {HEAL_MOMENT_SEEN,     incident->first_seen, -1},
        {HEAL_MOMENT_DETECTED, incident->opened,     -1},
        {HEAL_MOMENT_HEALED,   incident->healed,     -1},
        {HEAL_MOMENT_CLOSED,   incident->closed,     -1},
    };
    size_t count = 0;

    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (whole[i].time != 0)
            moment[count++] = whole[i];
    for (int i = 0; i < incident->steps; i++) {
        const struct heal_step_status *step = &incident->step[i];
        bool failed = step->state == HEAL_STEP_FAILED, would = step->state == HEAL_STEP_WOULD;

        if (step->started != 0)
            moment[count++] =
                (struct heal_moment){would ? HEAL_MOMENT_WOULD : HEAL_MOMENT_ACT, step->started, i};
        if (step->settled != 0 && !would)
            moment[count++] =
                (struct heal_moment){failed ? HEAL_MOMENT_FAILED : HEAL_MOMENT_WORKED, step->settled, i};
    }
    qsort(moment, count, sizeof *moment, by_time);
    return count;
}

heal_us heal_story_start(const struct heal_incident_status *incident) {
    return incident->first_seen != 0 && incident->first_seen < incident->opened ? incident->first_seen
                                                                                : incident->opened;
}

heal_us heal_story_end(const struct heal_picture *picture, const struct heal_incident_status *incident) {
    heal_us end = incident->closed != 0 ? incident->closed : picture->now;

    return end > incident->opened ? end : incident->opened;
}

const char *heal_story_diagnosis(const struct heal_incident_status *incident) {
    return incident->ranks > 0 ? heal_diagnosis_slug(incident->ranked[0].diagnosis) : "no diagnosis";
}

const char *heal_story_place(const struct heal_incident_status *incident,
                             char buffer[static HEAL_PLACE_MAX]) {
    struct heal_text text;

    heal_text_init(&text, buffer, HEAL_PLACE_MAX);
    if (incident->service[0] != '\0')
        heal_text_add(&text, "service %s on %s", incident->service, incident->node);
    else if (incident->mesh[0] != '\0')
        heal_text_add(&text, "mesh %s on %s", incident->mesh, incident->node);
    else if (incident->other[0] != '\0')
        heal_text_add(&text, "%s – %s", incident->node, incident->other);
    else
        heal_text_add(&text, "%s", incident->node[0] != '\0' ? incident->node : "an unknown node");
    return buffer;
}

static void add_calendar(struct heal_text *text, double now, double then) {
    time_t today = (time_t)now, seconds = (time_t)then;
    struct tm day, parts;
    char words[32];

    if (!gmtime_r(&today, &day) || !gmtime_r(&seconds, &parts))
        return;
    bool same = day.tm_year == parts.tm_year && day.tm_yday == parts.tm_yday;
    strftime(words, sizeof words, same ? "%H:%M:%S UTC" : "%Y-%m-%d %H:%M:%S UTC", &parts);
    heal_text_add(text, "%s", words);
}

const char *heal_story_time(const struct heal_picture *picture, heal_us time,
                            char buffer[static HEAL_TIME_TEXT]) {
    double seconds = (double)time / 1e6;
    struct heal_text text;

    heal_text_init(&text, buffer, HEAL_TIME_TEXT);
    if (picture->unix_at_zero > 0)
        add_calendar(&text, picture->unix_at_zero + (double)picture->now / 1e6,
                     picture->unix_at_zero + seconds);
    else
        heal_text_add(&text, "%.*f s", seconds < 1000 ? 1 : 0, seconds);
    return buffer;
}
