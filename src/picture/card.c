/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/amount.h"
#include "picture/lane.h"
#include "picture/markup.h"
#include "picture/parts.h"
#include "picture/story.h"

#include <string.h>

struct card {
    FILE *out;
    const struct heal_picture *picture;
    const struct heal_picture_incident *incident;
    size_t index;
};

static void add_head(const struct card *card) {
    const struct heal_incident_status *status = &card->incident->status;
    enum heal_story_state state = heal_story_state_of(status);
    char place[HEAL_PLACE_MAX];

    heal_markup_add(
        card->out,
        "<header><svg width='22' height='22' aria-hidden='true'><use href='#s-%s' class='s %s' x='11' "
        "y='11'/></svg><h3>%s</h3><span class='where'>%s",
        heal_story_state_name(state), heal_story_state_name(state), heal_story_diagnosis(status),
        heal_story_place(status, place));
    if (status->ifname[0] != '\0')
        heal_markup_add(card->out, " (%s)", status->ifname);
    heal_markup_add(card->out, "</span><span class='chip %s'>%s</span></header>\n",
                    heal_story_state_name(state), heal_story_words(status));
}

static void add_meaning(const struct card *card) {
    const struct heal_incident_status *status = &card->incident->status;

    if (status->ranks > 0)
        heal_markup_add(card->out, "<p class='meaning'>%s <span class='sure'>%.0f %% sure",
                        heal_diagnosis_meaning(status->ranked[0].diagnosis),
                        (double)status->ranked[0].confidence * 100);
    for (size_t i = 1; i < status->ranks; i++)
        heal_markup_add(card->out, "%s %s, %.0f %%", i == 1 ? "; also considered:" : ";",
                        heal_diagnosis_slug(status->ranked[i].diagnosis),
                        (double)status->ranked[i].confidence * 100);
    if (status->ranks > 0)
        fputs("</span></p>\n", card->out);
}

static void add_row(const struct card *card, const char *term, heal_us time, const char *after) {
    char text[HEAL_TIME_TEXT];

    if (time != 0)
        heal_markup_add(card->out, "<div><dt>%s</dt><dd>%s%s</dd></div>", term,
                        heal_story_time(card->picture, time, text), after);
}

/* ", 2.8 s after that" */
static const char *span_between(heal_us from, heal_us to, const char *of_what, char *buffer, size_t size) {
    struct heal_text text;

    heal_text_init(&text, buffer, size);
    if (from != 0 && to > from)
        heal_text_add_span(&text, ", ", to - from, of_what);
    return buffer;
}

static void add_facts(const struct card *card) {
    static const char *const role[] = {
        [HEAL_ROLE_OWNER] = "owns the incident",
        [HEAL_ROLE_END] = "is the other end, and helps",
        [HEAL_ROLE_UPSTREAM] = "sends through there, and heard of it",
    };
    const struct heal_incident_status *status = &card->incident->status;
    char after[64];

    fputs("<dl>", card->out);
    if (card->incident->at[0] != '\0')
        heal_markup_add(card->out, "<div><dt>told by</dt><dd>%s, which %s</dd></div>", card->incident->at,
                        role[status->role]);
    add_row(card, "first seen", status->first_seen, "");
    add_row(card, "detected", status->opened,
            span_between(status->first_seen, status->opened, " after that", after, sizeof after));
    if (status->diagnosed > status->opened)
        add_row(card, "diagnosed anew", status->diagnosed,
                span_between(status->opened, status->diagnosed, " after detection", after, sizeof after));
    add_row(card, "healed", status->healed,
            span_between(status->opened, status->healed, " after detection", after, sizeof after));
    add_row(card, "closed", status->closed,
            span_between(status->opened, status->closed, " after detection", after, sizeof after));
    if (status->label >= 0)
        heal_markup_add(card->out, "<div><dt>labelled</dt><dd>%s, by an operator</dd></div>",
                        status->label ? "true" : "false");
    fputs("</dl>\n", card->out);
}

static void add_course(const struct card *card) {
    struct heal_axis axis;

    heal_lane_axis(card->picture, card->incident, &axis);
    heal_markup_add(card->out,
                    "<svg class='course' height='%d' role='img' aria-label='The course of the incident'>",
                    HEAL_LANE_HEIGHT + HEAL_TICKS_HEIGHT);
    heal_lane_write(card->out, card->picture, card->index, &axis);
    heal_lane_ticks(card->out, card->incident, &axis, 14, HEAL_LANE_HEIGHT + HEAL_TICKS_HEIGHT - 3);
    fputs("</svg>\n", card->out);
}

static const char *mark_of(enum heal_step_state state) {
    switch (state) {
    case HEAL_STEP_PLANNED:
    case HEAL_STEP_WOULD:
        return heal_moment_name(HEAL_MOMENT_WOULD);
    case HEAL_STEP_RECORDING:
    case HEAL_STEP_DRAINING:
    case HEAL_STEP_ACTING:
    case HEAL_STEP_VERIFYING:
        return heal_moment_name(HEAL_MOMENT_ACT);
    case HEAL_STEP_HOLDING:
    case HEAL_STEP_UNDOING:
    case HEAL_STEP_DONE:
        return heal_moment_name(HEAL_MOMENT_WORKED);
    case HEAL_STEP_FAILED:
    case HEAL_STEP_STATES:
        break;
    }
    return heal_moment_name(HEAL_MOMENT_FAILED);
}

static void add_step(const struct card *card, const struct heal_step_status *step) {
    heal_us opened = card->incident->status.opened;
    char span[HEAL_SPAN_MAX];

    heal_markup_add(card->out,
                    "<li><svg width='16' height='16' aria-hidden='true'><use href='#m-%s' class='m %s' x='8' "
                    "y='8'/></svg><div><b>%s</b>%s%s <span class='state'>%s",
                    mark_of(step->state), mark_of(step->state), heal_remedy_slug(step->remedy),
                    step->target[0] != '\0' ? " " : "", step->target, heal_step_state_words(step->state));
    if (step->started != 0 && step->started < opened + HEAL_US_PER_MS)
        fputs(", at once", card->out);
    else if (step->started != 0)
        heal_markup_add(card->out, ", %s after detection",
                        heal_span_format((double)(step->started - opened) / 1e6, span));
    if (step->settled > step->started)
        heal_markup_add(card->out, ", took %s",
                        heal_span_format((double)(step->settled - step->started) / 1e6, span));
    heal_markup_add(card->out, "</span><br>To %s.", heal_remedy_meaning(step->remedy));
    if (step->changed[0] != '\0')
        heal_markup_add(card->out, " It led %s.", step->changed);
    if (step->rule[0] != '\0')
        heal_markup_add(card->out, " <span class='rule'>Chosen: %s.</span>", step->rule);
    if (step->outcome[0] != '\0')
        heal_markup_add(card->out, "<br><span class='outcome'>%s</span>", step->outcome);
    fputs("</div></li>\n", card->out);
}

static void add_steps(const struct card *card) {
    const struct heal_incident_status *status = &card->incident->status;
    const char *held_back = heal_suppression_name(status->suppressed);

    fputs("<h4>What was done</h4>\n", card->out);
    if (status->steps == 0)
        fputs("<p class='none'>Nothing.</p>\n", card->out);
    else
        fputs("<ol class='steps'>\n", card->out);
    for (size_t i = 0; i < status->steps; i++)
        add_step(card, &status->step[i]);
    if (status->steps > 0)
        fputs("</ol>\n", card->out);
    if (held_back)
        heal_markup_add(card->out, "<p class='held-back'>Held back: %s.</p>\n", held_back);
    if (status->cut_off > 0)
        heal_markup_add(card->out,
                        "<p class='held-back'>Cut off: %u destination%s, and no other way is known.</p>\n",
                        status->cut_off, status->cut_off == 1 ? "" : "s");
    if (status->others[0] != '\0')
        heal_markup_add(card->out, "<p class='held-back'>Not heald's doing: %s.</p>\n", status->others);
}

/* Sentences, a line each. */
static void add_sentences(const struct card *card, const char *title, const char *line) {
    if (line[0] == '\0')
        return;
    heal_markup_add(card->out, "<h4>%s</h4>\n<ul class='sentences'>\n", title);
    for (size_t length; *line != '\0'; line += length + (line[length] == '\n')) {
        char words[HEAL_PICTURE_WORDS_MAX];

        length = strcspn(line, "\n");
        snprintf(words, sizeof words, "%.*s", (int)length, line);
        if (length > 0)
            heal_markup_add(card->out, "<li>%s</li>\n", words);
    }
    fputs("</ul>\n", card->out);
}

static void add_evidence(const struct card *card) {
    const struct heal_incident_status *status = &card->incident->status;

    fputs("<div class='evidence'><h4>What was seen</h4>\n", card->out);
    if (status->evidences == 0)
        fputs("<p class='none'>Nothing of its own: the mesh told of it.</p>\n", card->out);
    fputs("<div class='plots'>\n", card->out);
    for (size_t i = 0; i < status->evidences; i++)
        heal_plot_write(card->out, card->picture, card->incident, &status->evidence[i]);
    fputs("</div></div>\n", card->out);
}

void heal_card_write(FILE *out, const struct heal_picture *picture, size_t index) {
    const struct card card = {
        .out = out, .picture = picture, .incident = &picture->incident[index], .index = index};

    heal_markup_add(out, "<article id='i%zu' data-i='%zu' class='%s'>\n", index, index,
                    heal_story_state_name(heal_story_state_of(&card.incident->status)));
    add_head(&card);
    add_meaning(&card);
    add_course(&card);
    fputs("<div class='columns'><div>\n", out);
    add_facts(&card);
    add_steps(&card);
    add_sentences(&card, "What others did", card.incident->others);
    add_sentences(&card, "What comes next", card.incident->next);
    fputs("</div>\n", out);
    add_evidence(&card);
    fputs("</div>\n", out);
    if (picture->command[0] != '\0')
        heal_markup_add(out, "<p class='more'>More: <code>%s %llu</code></p>\n", picture->command,
                        (unsigned long long)card.incident->status.id);
    fputs("</article>\n", out);
}
