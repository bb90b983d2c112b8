/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/standing.h"

#include "base/pairs.h"
#include "base/text.h"
#include "model/output.h"

#include <errno.h>
#include <string.h>

void heal_standing_keep_mode(struct heal_world *world) {
    char value[80];
    struct heal_text text;
    heal_text_init(&text, value, sizeof value);
    heal_text_pair_text(&text, "mode", heal_mode_name(world->mode), HEAL_NAME_MAX);
    heal_text_pair_text(&text, "configured", heal_mode_name(world->settings.mode), HEAL_NAME_MAX);
    heal_output_store(world, HEAL_RECORD_ORDER, 0, "mode", value);
}

void heal_standing_keep_pause(struct heal_world *world) {
    char value[256];
    struct heal_text text;
    heal_text_init(&text, value, sizeof value);
    heal_text_pair_bool(&text, "paused", world->paused);
    heal_text_pair_u64(&text, "until", world->paused_until);
    heal_text_pair_u64(&text, "for",
                       world->paused_until == HEAL_NEVER || world->paused_until <= world->now
                           ? 0
                           : world->paused_until - world->now);
    heal_text_pair_text(&text, "reason", world->pause_reason, sizeof world->pause_reason);
    heal_output_store(world, HEAL_RECORD_ORDER, 0, "pause", value);
}

void heal_standing_resume(struct heal_world *world, const char *by) {
    world->paused = false;
    world->pause_reason[0] = '\0';
    heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "resumed=%s", by);
    heal_standing_keep_pause(world);
}

static int read_mode(struct heal_pairs *pairs, enum heal_mode *ret_mode) {
    unsigned index;
    int r = heal_pairs_choice(pairs, heal_mode_names, &index);
    if (r == 0)
        *ret_mode = (enum heal_mode)index;
    return r;
}

static int restore_mode(struct heal_engine *engine, const char *value) {
    struct heal_world *world = &engine->world;
    enum heal_mode mode = world->mode, configured = world->settings.mode;
    struct heal_pairs pairs;
    int r;
    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while ((r = heal_pairs_next(&pairs)) > 0) {
        if (heal_pairs_is(&pairs, "mode"))
            r = read_mode(&pairs, &mode);
        else if (heal_pairs_is(&pairs, "configured"))
            r = read_mode(&pairs, &configured);
        if (r < 0)
            break;
    }
    /* The file has the word where it was changed since; the order is void, whatever the file says later. */
    engine->mode_unkept = r >= 0 && configured != world->settings.mode;
    if (r < 0 || engine->mode_unkept || mode == world->mode)
        return r < 0 ? r : 0;
    world->mode = mode;
    heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "mode=%s was=%s by=earlier-order",
                       heal_mode_name(mode), heal_mode_name(world->settings.mode));
    return 0;
}

static int restore_pause(struct heal_world *world, const char *value) {
    char reason[sizeof world->pause_reason] = "";
    uint64_t until = 0, lasts = 0;
    bool paused = false;
    struct heal_pairs pairs;
    int r;
    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while ((r = heal_pairs_next(&pairs)) > 0) {
        if (heal_pairs_is(&pairs, "paused"))
            r = heal_pairs_bool(&pairs, &paused);
        else if (heal_pairs_is(&pairs, "until"))
            r = heal_pairs_u64(&pairs, 0, UINT64_MAX, &until);
        else if (heal_pairs_is(&pairs, "for"))
            r = heal_pairs_u64(&pairs, 0, UINT64_MAX, &lasts);
        else if (heal_pairs_is(&pairs, "reason"))
            r = heal_pairs_text(&pairs, reason, sizeof reason);
        if (r < 0)
            break;
    }
    if (r < 0 || !paused || until <= world->now)
        return r < 0 ? r : 0;
    world->paused = true;
    world->paused_until = until == HEAL_NEVER || until - world->now <= lasts ? until : world->now + lasts;
    memcpy(world->pause_reason, reason, sizeof reason);
    heal_output_decide(world, HEAL_DECISION_OUTCOME, 0, "paused by=earlier-order reason=\"%s\"", reason);
    return 0;
}

int heal_standing_restore(struct heal_engine *engine, const char *key, const char *value) {
    if (strcmp(key, "mode") == 0)
        return restore_mode(engine, value);
    if (strcmp(key, "pause") == 0)
        return restore_pause(&engine->world, value);
    return -EINVAL;
}
