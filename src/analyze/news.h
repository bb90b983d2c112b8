/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * News of other nodes' incidents, turned into symptoms of this node's own where they concern it: the other
 * end of its link has found it sick, or its traffic passes what is sick and the ends have not led it around.
 */
#ifndef HEAL_ANALYZE_NEWS_H
#define HEAL_ANALYZE_NEWS_H

#include "model/world.h"

/** Adds a symptom for each piece of news that this node has to act on. */
void heal_news_symptoms(const struct heal_world *world, struct heal_symptoms *symptoms);

/** @return the open news about this element, or NULL. */
const struct heal_remote *heal_news_about(const struct heal_world *world, const struct heal_element *element);

/** @return whether the last that was heard about this element is that its trouble is over, after @p since. */
bool heal_news_is_over(const struct heal_world *world, const struct heal_element *element, heal_us since);

/** @return whether the owner has something in place that takes the symptom away. */
bool heal_news_contains(const struct heal_message_incident *news);

/** @return what the news call this node, or "?". */
const char *heal_news_name_of(const struct heal_world *world, heal_node_id node);

#endif
