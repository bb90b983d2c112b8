/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/amount.h"
#include "base/cleanup.h"
#include "picture/layout.h"
#include "picture/markup.h"
#include "picture/parts.h"
#include "picture/story.h"

#include <errno.h>
#include <string.h>

/* With more, only what has had trouble bears its name. */
enum { NAMES_MAX = 60 };

/* What is, or was, the matter at a place: the worst of its incidents. */
struct trouble {
    size_t incidents, worst; /* worst: its index, while there is one */
    enum heal_story_state state;
};

struct map {
    FILE *out;
    const struct heal_picture *picture;
    struct heal_spot *spot;
};

static bool is_about(const struct heal_incident_status *incident, const char *a, const char *b) {
    const char *node = incident->node, *other = incident->other;

    if (b[0] == '\0')
        return strcmp(node, a) == 0 && other[0] == '\0';
    return (strcmp(node, a) == 0 && strcmp(other, b) == 0) || (strcmp(node, b) == 0 && strcmp(other, a) == 0);
}

/* @param b empty for a node. */
static struct trouble trouble_of(const struct heal_picture *picture, const char *a, const char *b) {
    struct trouble trouble = {.state = HEAL_STORY_STATES};

    for (size_t i = 0; i < picture->incidents; i++) {
        const struct heal_incident_status *incident = &picture->incident[i].status;
        enum heal_story_state state = heal_story_state_of(incident);

        if (!is_about(incident, a, b))
            continue;
        if (trouble.incidents++ == 0 || state < trouble.state) {
            trouble.worst = i;
            trouble.state = state;
        }
    }
    return trouble;
}

static const char *class_of(const struct trouble *trouble) {
    return trouble->incidents > 0 ? heal_story_state_name(trouble->state) : "well";
}

/* Opens a group that leads to the worst incident, where there is one. */
static void begin(FILE *out, const struct trouble *trouble) {
    if (trouble->incidents > 0)
        heal_markup_add(out, "<a href='#i%zu' data-i='%zu'>", trouble->worst, trouble->worst);
    else
        fputs("<g>", out);
}

static void end(FILE *out, const struct trouble *trouble) {
    fputs(trouble->incidents > 0 ? "</a>\n" : "</g>\n", out);
}

static void add_trouble_words(const struct map *map, const struct trouble *trouble) {
    if (trouble->incidents == 0)
        return;
    heal_markup_add(map->out, "; %s: %s",
                    heal_story_diagnosis(&map->picture->incident[trouble->worst].status),
                    heal_story_state_words(trouble->state));
    if (trouble->incidents > 1)
        heal_markup_add(map->out, "; %zu incidents here", trouble->incidents);
}

static void add_loss(FILE *out, const char *from, const char *to, float loss) {
    char amount[HEAL_AMOUNT_MAX];

    if (loss >= 0)
        heal_markup_add(out, "; loss %s → %s %s", from, to,
                        heal_amount_format((double)loss, "share", amount));
}

static void add_link(const struct map *map, const struct heal_picture_link *link) {
    static const char *const words[] = {
        [HEAL_PICTURE_UP] = "up",
        [HEAL_PICTURE_EXAMINED] = "under examination",
        [HEAL_PICTURE_SILENT] = "silent",
        [HEAL_PICTURE_DOWN] = "down",
        [HEAL_PICTURE_HEARSAY] = "known by hearsay",
    };
    static const char *const classes[] = {
        [HEAL_PICTURE_UP] = "up",     [HEAL_PICTURE_EXAMINED] = "examined", [HEAL_PICTURE_SILENT] = "down",
        [HEAL_PICTURE_DOWN] = "down", [HEAL_PICTURE_HEARSAY] = "hearsay",
    };
    size_t a = heal_layout_index(map->picture, link->a), b = heal_layout_index(map->picture, link->b);
    struct trouble trouble = trouble_of(map->picture, link->a, link->b);
    char amount[HEAL_AMOUNT_MAX];

    if (a == SIZE_MAX || b == SIZE_MAX)
        return;
    begin(map->out, &trouble);
    heal_markup_add(map->out, "<title>Link %s – %s: %s", link->a, link->b, words[link->state]);
    add_loss(map->out, link->a, link->b, link->loss_to_b);
    add_loss(map->out, link->b, link->a, link->loss_to_a);
    if (link->latency_ms >= 0)
        heal_markup_add(map->out, "; round trip %s",
                        heal_amount_format((double)link->latency_ms, "ms", amount));
    add_trouble_words(map, &trouble);
    heal_markup_add(map->out,
                    "</title><line class='link %s %s' x1='%.2f%%' y1='%.2f%%' x2='%.2f%%' y2='%.2f%%'/>",
                    classes[link->state], class_of(&trouble), 100 * map->spot[a].x, 100 * map->spot[a].y,
                    100 * map->spot[b].x, 100 * map->spot[b].y);
    end(map->out, &trouble);
}

/* The sign of trouble; with its name while it lasts, where there is room. */
static void add_badge(const struct map *map, const struct trouble *trouble, double x, double y,
                      double words_y) {
    const char *name = heal_story_state_name(trouble->state);
    bool named = trouble->state <= HEAL_STORY_HELD && map->picture->nodes <= NAMES_MAX;

    begin(map->out, trouble);
    heal_markup_add(map->out, "<svg x='%.2f%%' y='%.2f%%' overflow='visible' class='badge %s'>", 100 * x,
                    100 * y, name);
    heal_markup_add(map->out, "<title>%s</title><use href='#s-%s' class='s %s'/>",
                    heal_story_diagnosis(&map->picture->incident[trouble->worst].status), name, name);
    if (named)
        heal_markup_add(map->out, "<text y='%.0f'>%s</text>", words_y,
                        heal_story_diagnosis(&map->picture->incident[trouble->worst].status));
    fputs("</svg>", map->out);
    end(map->out, trouble);
}

static void add_link_badge(const struct map *map, const struct heal_picture_link *link) {
    size_t a = heal_layout_index(map->picture, link->a), b = heal_layout_index(map->picture, link->b);
    struct trouble trouble = trouble_of(map->picture, link->a, link->b);

    if (trouble.incidents > 0 && a != SIZE_MAX && b != SIZE_MAX)
        add_badge(map, &trouble, (map->spot[a].x + map->spot[b].x) / 2, (map->spot[a].y + map->spot[b].y) / 2,
                  -13);
}

static void add_node(const struct map *map, size_t index) {
    const struct heal_picture_node *node = &map->picture->node[index];
    struct trouble trouble = trouble_of(map->picture, node->name, "");
    bool named = map->picture->nodes <= NAMES_MAX || node->self || trouble.incidents > 0;

    begin(map->out, &trouble);
    heal_markup_add(map->out, "<svg x='%.2f%%' y='%.2f%%' overflow='visible' class='node %s'>",
                    100 * map->spot[index].x, 100 * map->spot[index].y, class_of(&trouble));
    heal_markup_add(map->out, "<title>Node %s", node->name);
    add_trouble_words(map, &trouble);
    heal_markup_add(map->out, "</title><use href='#n-%s'/>", node->self ? "self" : named ? "node" : "dot");
    if (named)
        heal_markup_add(map->out, "<text y='%d' class='name'>%s</text>", node->self ? -17 : -14, node->name);
    fputs("</svg>", map->out);
    end(map->out, &trouble);
    if (trouble.incidents > 0)
        add_badge(map, &trouble, map->spot[index].x, map->spot[index].y, 24);
}

static void add_legend(FILE *out) {
    static const struct {
        const char *line, *words;
    } lines[] = {
        {"up well",       "link"             },
        {"examined well", "being examined"   },
        {"up open",       "sick"             },
        {"up held",       "held in check"    },
        {"up over",       "was sick, is over"},
        {"down well",     "silent or down"   },
        {"hearsay well",  "known by hearsay" },
    };

    fputs("<ul class='legend'>", out);
    for (size_t i = 0; i < HEAL_COUNT(lines); i++)
        heal_markup_add(
            out,
            "<li><svg width='30' height='12' aria-hidden='true'><line class='link %s' x1='1' y1='6' "
            "x2='29' y2='6'/></svg>%s</li>",
            lines[i].line, lines[i].words);
    for (int i = 0; i < HEAL_STORY_STATES; i++) {
        const char *name = heal_story_state_name((enum heal_story_state)i);

        heal_markup_add(out,
                        "<li><svg width='20' height='20' aria-hidden='true'><use href='#s-%s' class='s %s' "
                        "x='10' y='10'/></svg>%s</li>",
                        name, name, heal_story_state_words((enum heal_story_state)i));
    }
    fputs("</ul>\n", out);
}

int heal_map_write(FILE *out, const struct heal_picture *picture) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_spot *spot = NULL;
    struct map map = {.out = out, .picture = picture};
    static const char *const name[HEAL_FORMS] = {"block", "wide", "strip"};
    enum heal_form form;
    int r = heal_layout_make(picture, &form, &spot);

    if (r < 0)
        return r;
    map.spot = spot;
    heal_markup_add(
        out,
        "<svg class='map %s%s' role='group' aria-label='Map of the mesh: %zu nodes, %zu links, %zu "
        "incidents'>\n",
        name[form], picture->nodes > NAMES_MAX ? " crowded" : "", picture->nodes, picture->links,
        picture->incidents);
    for (size_t i = 0; i < picture->links; i++)
        add_link(&map, &picture->link[i]);
    for (size_t i = 0; i < picture->nodes; i++)
        add_node(&map, i);
    for (size_t i = 0; i < picture->links; i++)
        add_link_badge(&map, &picture->link[i]);
    fputs("</svg>\n", out);
    add_legend(out);
    return 0;
}
