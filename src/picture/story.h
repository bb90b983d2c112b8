/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What an incident's facts tell, in the order in which they happened and in the words in which the page says
 * them: the same for the map, the timeline, the plots and the cards.
 */
#ifndef HEAL_PICTURE_STORY_H
#define HEAL_PICTURE_STORY_H

#include "picture/picture.h"

/** How an incident stands, the worst first. */
enum heal_story_state {
    HEAL_STORY_OPEN, /**< and nothing that works is in place */
    HEAL_STORY_HELD, /**< a remedy that works is in place */
    HEAL_STORY_OVER,
    HEAL_STORY_FALSE, /**< it went away before anything was done */
    HEAL_STORY_STATES,
};

/** @return the state's name in the page's style sheet, e.g. "open". */
const char *heal_story_state_name(enum heal_story_state state);
/** @return the state in words, e.g. "sick". */
const char *heal_story_state_words(enum heal_story_state state);

enum heal_story_state heal_story_state_of(const struct heal_incident_status *incident);
/** @return how an incident stands, in words that may say more than those of its state. */
const char *heal_story_words(const struct heal_incident_status *incident);

/** What may happen in the course of an incident. */
enum heal_moment_kind {
    HEAL_MOMENT_SEEN,
    HEAL_MOMENT_DETECTED,
    HEAL_MOMENT_ACT,
    HEAL_MOMENT_WOULD, /**< in mode observe or warn */
    HEAL_MOMENT_WORKED,
    HEAL_MOMENT_FAILED,
    HEAL_MOMENT_HEALED,
    HEAL_MOMENT_CLOSED,
    HEAL_MOMENTS,
};

/** @return its name in the page's style sheet, e.g. "act". */
const char *heal_moment_name(enum heal_moment_kind kind);
/** @return the kind in words, e.g. "remedy applied". */
const char *heal_moment_words(enum heal_moment_kind kind);

struct heal_moment {
    enum heal_moment_kind kind;
    heal_us time;
    int step; /**< which step it belongs to; -1: to none */
};

enum { HEAL_MOMENTS_MAX = 4 + 2 * HEAL_STEPS_MAX };

/** @return how many moments there are, written in the order of time. */
size_t heal_story_moments(const struct heal_incident_status *incident,
                          struct heal_moment ret_moment[static HEAL_MOMENTS_MAX]);

/** @return when the trouble began to show. */
heal_us heal_story_start(const struct heal_incident_status *incident);
/** @return when it was over; the picture's now while it is not. */
heal_us heal_story_end(const struct heal_picture *picture, const struct heal_incident_status *incident);

/** @return its first diagnosis, or "no diagnosis". */
const char *heal_story_diagnosis(const struct heal_incident_status *incident);

enum { HEAL_PLACE_MAX = 2 * HEAL_NAME_MAX + HEAL_IFNAME_MAX + 16, HEAL_TIME_TEXT = 40 };

/** Writes what it is about: "service worker on centre", "centre – north". @return @p buffer. */
const char *heal_story_place(const struct heal_incident_status *incident, char buffer[static HEAL_PLACE_MAX]);

/** Writes a time as the page's readers know it: "15:59:45 UTC", with the date where it is not the picture's
 * day, or the time since the start. @return @p buffer. */
const char *heal_story_time(const struct heal_picture *picture, heal_us time,
                            char buffer[static HEAL_TIME_TEXT]);

#endif
