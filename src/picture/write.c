/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The page: head, map, timeline, cards. */
#include "base/amount.h"
#include "base/cleanup.h"
#include "picture/markup.h"
#include "picture/parts.h"
#include "picture/story.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_TEXT = 48, GLANCE_MAX = 14 };

/* How a content security policy names an inline sheet or script (W3C CSP 3, 8.3). */
static int hash(const char *text, char ret_hash[static HASH_TEXT]) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size;

    if (EVP_Digest(text, strlen(text), digest, &size, EVP_sha256(), NULL) != 1)
        return -ENOMEM;
    EVP_EncodeBlock((unsigned char *)ret_hash, digest, (int)size);
    return 0;
}

/* Nothing from outside: of styles and scripts only these two, word by word. */
static int add_head(FILE *out, const struct heal_picture *picture) {
    char style[HASH_TEXT], script[HASH_TEXT];
    int r = hash(heal_page_css, style);

    if (r == 0)
        r = hash(heal_page_js, script);
    if (r < 0)
        return r;
    heal_markup_add(
        out,
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'sha256-%s'; "
        "script-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'\">\n",
        style, script);
    heal_markup_add(
        out,
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        "<meta name='color-scheme' content='light dark'>\n<meta name='generator' content='heald %s'>\n"
        "<link rel='icon' href='data:,'>\n<title>%s</title>\n",
        HEAL_VERSION, picture->title);
    fprintf(out, "<style>%s</style>\n</head>\n<body>\n", heal_page_css);
    return 0;
}

static void add_sum(FILE *out, enum heal_story_state state, size_t count) {
    if (count > 0)
        heal_markup_add(
            out,
            "<span class='sum'><svg width='20' height='20' aria-hidden='true'><use href='#s-%s' class='s "
            "%s' x='10' y='10'/></svg><b>%zu</b> %s</span>",
            heal_story_state_name(state), heal_story_state_name(state), count, heal_story_state_words(state));
}

static void add_top(FILE *out, const struct heal_picture *picture) {
    size_t count[HEAL_STORY_STATES] = {0};
    char time[HEAL_TIME_TEXT];

    for (size_t i = 0; i < picture->incidents; i++)
        count[heal_story_state_of(&picture->incident[i].status)]++;
    heal_markup_add(out, "<header class='page'><h1>%s</h1>\n<p class='subtitle'>%s</p>\n<p class='sums'>",
                    picture->title, picture->subtitle);
    for (int i = 0; i < HEAL_STORY_STATES; i++)
        add_sum(out, (enum heal_story_state)i, count[i]);
    if (picture->incidents == 0)
        fputs("<span class='sum'>No incident.</span>", out);
    heal_markup_add(
        out,
        "<span class='sum'><b>%zu</b> nodes, <b>%zu</b> links</span><span class='sum'>as of %s</span></p>"
        "</header>\n",
        picture->nodes, picture->links, heal_story_time(picture, picture->now, time));
}

static int by_urgency(const void *one, const void *two, void *context) {
    const struct heal_picture *picture = context;
    size_t a = *(const size_t *)one, b = *(const size_t *)two;
    const struct heal_incident_status *of_a = &picture->incident[a].status,
                                      *of_b = &picture->incident[b].status;
    enum heal_story_state state_a = heal_story_state_of(of_a), state_b = heal_story_state_of(of_b);

    if (state_a != state_b)
        return state_a < state_b ? -1 : 1;
    if (of_a->opened != of_b->opened)
        return of_a->opened > of_b->opened ? -1 : 1;
    return (a > b) - (a < b);
}

static void add_glance(FILE *out, const struct heal_picture *picture, const size_t *order) {
    fputs("<nav aria-label='Incidents'><h2>At a glance</h2>\n<ol>\n", out);
    for (size_t i = 0; i < picture->incidents && i < GLANCE_MAX; i++) {
        const struct heal_incident_status *status = &picture->incident[order[i]].status;
        const char *name = heal_story_state_name(heal_story_state_of(status));
        char place[HEAL_PLACE_MAX], span[HEAL_SPAN_MAX];
        heal_us end = heal_story_end(picture, status);

        heal_markup_add(
            out,
            "<li><a href='#i%zu' data-i='%zu'><svg width='20' height='20' aria-hidden='true'><use "
            "href='#s-%s' class='s %s' x='10' y='10'/></svg><span><b>%s</b> %s<br><small>%s, for "
            "%s</small></span></a></li>\n",
            order[i], order[i], name, name, heal_story_diagnosis(status), heal_story_place(status, place),
            heal_story_words(status), heal_span_format((double)(end - heal_story_start(status)) / 1e6, span));
    }
    fputs("</ol>\n", out);
    if (picture->incidents > GLANCE_MAX)
        heal_markup_add(out, "<p class='none'>and %zu more, below</p>\n", picture->incidents - GLANCE_MAX);
    if (picture->incidents == 0)
        fputs("<p class='none'>Nothing.</p>\n", out);
    fputs("</nav>\n", out);
}

/* @return the indices of the incidents, the most urgent first; the caller frees them. */
static size_t *order_of(const struct heal_picture *picture) {
    size_t *order = calloc(picture->incidents + 1, sizeof *order);

    for (size_t i = 0; order && i < picture->incidents; i++)
        order[i] = i;
    if (order)
        qsort_r(order, picture->incidents, sizeof *order, by_urgency, (void *)picture);
    return order;
}

static int add_body(FILE *out, const struct heal_picture *picture, const size_t *order) {
    fputs("<main>\n<section class='overview'><div><h2>The mesh</h2>\n", out);
    int r = heal_map_write(out, picture);
    if (r < 0)
        return r;
    fputs("</div>\n", out);
    add_glance(out, picture, order);
    fputs("</section>\n<section><h2>When</h2>\n", out);
    r = heal_timeline_write(out, picture);
    if (r < 0)
        return r;
    fputs("</section>\n<section><h2>Incidents</h2>\n", out);
    for (size_t i = 0; i < picture->incidents; i++)
        heal_card_write(out, picture, order[i]);
    if (picture->incidents == 0)
        fputs("<p class='none'>No incident: there is nothing to tell.</p>\n", out);
    fputs("</section>\n</main>\n", out);
    return 0;
}

int heal_picture_write(const struct heal_picture *picture, FILE *out) {
    size_t *order = order_of(picture);
    int r = order ? add_head(out, picture) : -ENOMEM;

    if (r == 0) {
        heal_shapes_write(out);
        add_top(out, picture);
        r = add_body(out, picture, order);
    }
    free(order);
    if (r < 0)
        return r;
    heal_markup_add(out, "<footer>heald %s</footer>\n", HEAL_VERSION);
    fprintf(out, "<script>%s</script>\n</body>\n</html>\n", heal_page_js);
    return fflush(out) != 0 || ferror(out) ? -EIO : 0;
}
