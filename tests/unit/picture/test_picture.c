/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The page as a whole: what is on it, and what never is. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "picture/picture.h"
#include "picture/story.h"

#define S(seconds) ((heal_us)((seconds)*1e6))

/* The caller frees it. */
static void page_of(const struct heal_picture *picture, char **ret_page) {
    size_t length = 0;
    FILE *memory = open_memstream(ret_page, &length);

    assert_non_null(memory);
    assert_int_equal(heal_picture_write(picture, memory), 0);
    assert_int_equal(fclose(memory), 0);
}

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;

    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

/* A link that loses, which heald leads the traffic around. */
static struct heal_picture_incident lossy(void) {
    struct heal_picture_incident incident = {
        .at = "west",
        .next = "It is taken back when the link is well.\nNothing else is tried.",
        .status = {.id = 7,
                   .node = "west",
                   .other = "east",
                   .ifname = "wlan0",
                   .first_seen = S(10),
                   .opened = S(12.5),
                   .label = -1,
                   .ranks = 2,
                   .ranked = {{HEAL_LINK_LOSS, 0.94F}, {HEAL_INTERFERENCE, 0.05F}},
                   .evidences = 1,
                   .evidence = {{.what = "loss, outgoing",
                                 .unit = "share",
                                 .seen = 0.215F,
                                 .normal = 0.001F,
                                 .threshold = 0.03F,
                                 .has_normal = true,
                                 .has_threshold = true,
                                 .samples = 214,
                                 .track = HEAL_TRACK_LOSS_OUT}},
                   .steps = 1,
                   .step = {{.remedy = HEAL_ROUTE_AROUND,
                             .state = HEAL_STEP_HOLDING,
                             .started = S(12.6),
                             .settled = S(14),
                             .rule = "the best record",
                             .outcome = "no traffic takes the link"}}},
    };

    return incident;
}

static void test_an_empty_picture_says_so(void **state) {
    struct heal_picture *picture = heal_picture_new("Nothing");
    char *page = NULL;
    page_of(picture, &page);

    (void)state;
    assert_non_null(strstr(page, "<title>Nothing</title>"));
    assert_non_null(strstr(page, "No incident."));
    assert_non_null(strstr(page, "</html>"));
    assert_null(strstr(page, "<article"));
    free(page);
    heal_picture_free(picture);
}

static void test_an_incident_is_told(void **state) {
    static const char *const words[] = {
        "link-loss",
        "west – east",
        "(wlan0)",
        "94 % sure",
        "also considered: interference, 5 %",
        "The link loses packets of every size in both directions.",
        "loss, outgoing</span> <b>21.5 %</b>",
        "limit 3.0 %",
        "normal here 0.1 %",
        "from 214 samples",
        "<b>route-around</b> <span class='state'>holding, 100 ms after detection, took 1.4 s",
        "Chosen: the best record.",
        "no traffic takes the link",
        "<li>It is taken back when the link is well.</li>\n<li>Nothing else is tried.</li>",
        "<code>healctl explain 7</code>",
        "12.5 s, 2.5 s after that",
        "held in check",
    };
    struct heal_picture *picture = heal_picture_new("One");
    struct heal_picture_incident incident = lossy();

    (void)state;
    picture->now = S(20);
    strcpy(picture->command, "healctl explain");
    assert_int_equal(heal_picture_add_incident(picture, &incident), 0);
    assert_int_equal(picture->nodes, 2);
    assert_int_equal(picture->links, 1);
    char *page = NULL;
    page_of(picture, &page);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strstr(page, words[i]))
            fail_msg("the page does not say: %s", words[i]);
    assert_null(strstr(page, "class='curve'")); /* no series: a scale */
    assert_non_null(strstr(page, "on a scale"));
    free(page);
    heal_picture_free(picture);
}

static void test_a_place_is_told(void **state) {
    (void)state;
    static const struct {
        struct heal_incident_status incident;
        const char *words;
    } rows[] = {
        {{.node = "n1", .other = "n2", .ifname = "wlan0"}, "n1 – n2"           },
        {{.node = "n1", .service = "worker"},              "service worker on n1"},
        {{.node = "n1", .mesh = "bat0"},                   "mesh bat0 on n1"     },
        {{.node = "n1"},                                   "n1"                  },
    };
    char place[HEAL_PLACE_MAX];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(heal_story_place(&rows[i].incident, place), rows[i].words);
        for (size_t j = 0; j < sizeof rows / sizeof rows[0]; j++)
            assert_int_equal(heal_incident_shares_place(&rows[i].incident, &rows[j].incident), i == j);
    }
}

/* The page of a peer whose calendar is nonsense: its own clock is what is left. */
static void test_a_calendar_before_1970_is_none(void **state) {
    struct heal_picture *picture = heal_picture_new("Early");
    struct heal_picture_incident incident = lossy();

    (void)state;
    picture->now = S(20);
    picture->unix_at_zero = -700000000.5;
    assert_int_equal(heal_picture_add_incident(picture, &incident), 0);
    char *page = NULL;
    page_of(picture, &page);
    assert_non_null(strstr(page, "since the start"));
    assert_non_null(strstr(page, ">10 s</text>")); /* ticks stand at round times of that clock */
    assert_null(strstr(page, ">11 s</text>"));
    free(page);
    heal_picture_free(picture);
}

static void test_a_series_is_drawn(void **state) {
    struct heal_picture *picture = heal_picture_new("Series");
    struct heal_picture_incident incident = lossy();

    (void)state;
    picture->now = S(20);
    incident.series = 1;
    heal_series_init(&incident.of[0], HEAL_TRACK_LOSS_OUT);
    for (int i = 0; i < 40; i++)
        heal_series_add(&incident.of[0], S(5 + 0.25 * i), i < 20 ? 0 : 0.2F);
    assert_int_equal(heal_picture_add_incident(picture, &incident), 0);
    char *page = NULL;
    page_of(picture, &page);
    assert_int_equal(count_of(page, "class='curve'"), 1);
    assert_non_null(strstr(page, "loss, outgoing over time"));
    const char *line = strstr(page, "<polyline class='line' points='");
    assert_non_null(line);
    const char *end = strchr(line + strlen("<polyline class='line' points='"), '\'');
    size_t points = 0;
    for (const char *at = line; at < end; at++)
        points += *at == ',';
    assert_int_equal(points, 40);
    free(page);
    heal_picture_free(picture);
}

/* What befell the mesh is numbered, and what is near is one mark. */
static void test_notes(void **state) {
    struct heal_picture *picture = heal_picture_new("Notes");
    struct heal_picture_incident incident = lossy();

    (void)state;
    picture->now = S(100);
    strcpy(incident.others, "east, which is the other end: link-cost done.\n");
    assert_int_equal(heal_picture_add_note(picture, S(10), "link a-b loses 20%"), 0);
    assert_int_equal(heal_picture_add_note(picture, S(10.1), "noise <ends>"), 0);
    assert_int_equal(heal_picture_add_note(picture, S(90), "link a-b recovers"), 0);
    assert_int_equal(heal_picture_add_incident(picture, &incident), 0);
    char *page = NULL;
    page_of(picture, &page);
    assert_non_null(strstr(page, ">1–2</text>"));
    assert_non_null(strstr(page, ">3</text>"));
    assert_non_null(strstr(page, "<li><span>10.1 s</span> noise &lt;ends&gt;</li>"));
    assert_non_null(strstr(page, "<li>east, which is the other end: link-cost done.</li>"));
    free(page);
    heal_picture_free(picture);
}

/* Whatever a name holds, it adds no element and no attribute, and the page names nothing outside itself. */
static void test_hostile_names(void **state) {
    static const char evil[] = "\"'><script src=//x>&#x3c;";
    struct heal_picture *picture = heal_picture_new(evil), *tame = heal_picture_new("tame");
    struct heal_picture_incident incident = lossy(), usual = lossy();
    struct heal_incident_status *status = &incident.status;

    (void)state;
    char *const text[] = {incident.at,
                          status->node,
                          status->ifname,
                          status->service,
                          status->step[0].rule,
                          status->step[0].outcome,
                          status->step[0].target,
                          incident.next,
                          status->evidence[0].what,
                          status->evidence[0].unit};
    const size_t room[] = {32, 32, 16, 32, 80, 80, 32, sizeof incident.next, 40, 8};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        snprintf(text[i], room[i], "%s", evil);
    strcpy(usual.status.service, "worker");
    strcpy(usual.status.step[0].target, "worker");
    strcpy(usual.next, "one line");
    strcpy(picture->subtitle, evil);
    strcpy(picture->command, evil);
    strcpy(tame->command, "x");
    assert_int_equal(heal_picture_add_incident(picture, &incident), 0);
    assert_int_equal(heal_picture_add_incident(tame, &usual), 0);
    char *page = NULL, *wanted = NULL;
    page_of(picture, &page);
    page_of(tame, &wanted);
    assert_non_null(strstr(page, "&lt;script"));
    assert_int_equal(count_of(page, "<"), count_of(wanted, "<"));
    assert_int_equal(count_of(page, ">"), count_of(wanted, ">"));
    assert_int_equal(count_of(page, "'"), count_of(wanted, "'"));
    assert_int_equal(count_of(page, "\""), count_of(wanted, "\""));
    assert_int_equal(count_of(page, "<script"), 1);
    assert_int_equal(count_of(wanted, "http"), 2); /* http-equiv, and the name of SVG in the script */
    free(page);
    free(wanted);
    heal_picture_free(picture);
    heal_picture_free(tame);
}

/* Numbers that are none, times that are out of order. */
static void test_odd_numbers(void **state) {
    struct heal_picture *picture = heal_picture_new("Odd");
    struct heal_picture_incident incident = lossy();

    (void)state;
    incident.status.evidence[0].seen = NAN;
    incident.status.evidence[0].normal = -INFINITY;
    incident.status.evidence[0].threshold = 1e38F;
    incident.status.first_seen = S(50);
    incident.status.closed = S(1);
    incident.status.healed = HEAL_NEVER;
    incident.status.step[0].settled = 1;
    incident.status.ranks = 0;
    assert_int_equal(heal_picture_add_incident(picture, &incident), 0);
    char *page = NULL;
    page_of(picture, &page);
    assert_non_null(strstr(page, "no diagnosis"));
    for (const char *at = page; (at = strstr(at, "='")); at++)
        assert_false(strncmp(at, "='nan", 5) == 0 || strncmp(at, "='inf", 5) == 0 ||
                     strncmp(at, "='-inf", 6) == 0);
    free(page);
    heal_picture_free(picture);
}

static void test_many_incidents(void **state) {
    struct heal_picture *picture = heal_picture_new("Many");

    (void)state;
    picture->now = S(100000);
    for (int i = 0; i < 500; i++) {
        struct heal_picture_incident incident = lossy();

        incident.status.id = (uint64_t)i + 1;
        snprintf(incident.status.other, sizeof incident.status.other, "n%d", i % 200);
        incident.status.first_seen = S(100 * i + 1);
        incident.status.opened = S(100 * i + 3);
        incident.status.closed = S(100 * i + 40);
        assert_int_equal(heal_picture_add_incident(picture, &incident), 0);
    }
    char *page = NULL;
    page_of(picture, &page);
    assert_int_equal(count_of(page, "<article"), 500);
    assert_non_null(strstr(page, "and 486 more, below"));
    assert_non_null(strstr(page, "80 more places have only their cards below"));
    free(page);
    heal_picture_free(picture);
}

static void test_a_full_disk_is_an_error(void **state) {
    struct heal_picture *picture = heal_picture_new("Full");
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    if (!full)
        skip();
    assert_int_equal(heal_picture_write(picture, full), -EIO);
    fclose(full);
    heal_picture_free(picture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_picture_says_so),
        cmocka_unit_test(test_an_incident_is_told),
        cmocka_unit_test(test_a_calendar_before_1970_is_none),
        cmocka_unit_test(test_a_series_is_drawn),
        cmocka_unit_test(test_a_place_is_told),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_odd_numbers),
        cmocka_unit_test(test_many_incidents),
        cmocka_unit_test(test_a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
