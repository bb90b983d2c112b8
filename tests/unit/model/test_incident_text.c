/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* An incident as text: all of it comes back, and what is no incident is refused with its place. */
#include "base/cleanup.h"
#include "base/random.h"
#include "heal/error.h"
#include "heal/status.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = sizeof(((struct heal_record *)NULL)->value) };

/* Every field is set, every list is full, and the names need quoting. */
static void fill(struct heal_incident_status *incident) {
    memset(incident, 0, sizeof *incident);
    incident->id = UINT64_MAX;
    incident->role = HEAL_ROLE_UPSTREAM;
    incident->owner = 0xfedcba9876543210;
    strcpy(incident->node, "n1 \"on the hill\"");
    strcpy(incident->other, "n2\\west\n\x01");
    strcpy(incident->ifname, "mesh0");
    strcpy(incident->service, "#worker=1");
    incident->first_seen = 1;
    incident->opened = 2;
    incident->diagnosed = UINT64_MAX - 1;
    incident->opened_as = HEAL_LINK_FLAP;
    incident->healed = 3;
    incident->closed = UINT64_MAX;
    incident->refuted = incident->withdrawn = true;
    incident->label = 1;
    incident->suppressed = HEAL_SUPPRESSED_COOLDOWN;
    incident->cut_off = UINT16_MAX;
    for (unsigned i = 0; i < HEAL_RANKED_MAX; i++)
        incident->ranked[incident->ranks++] = (struct heal_ranked){
            .diagnosis = (enum heal_diagnosis)(HEAL_SERVICE_DOWN - i), .confidence = 0.1F};
    for (unsigned i = 0; i < HEAL_EVIDENCE_MAX; i++)
        incident->evidence[incident->evidences++] = (struct heal_evidence){
            .what = "loss out, full-size",
            .unit = "share",
            .seen = 1.0F / (float)(i + 3),
            .normal = -1e-30F,
            .threshold = 1e30F,
            .has_normal = i % 2 == 0,
            .has_threshold = i % 3 == 0,
            .samples = UINT32_MAX,
        };
    for (unsigned i = 0; i < HEAL_STEPS_MAX; i++)
        incident->step[incident->steps++] = (struct heal_step_status){
            .remedy = (enum heal_remedy)(HEAL_NOTIFY - i),
            .state = (enum heal_step_state)i,
            .started = i,
            .settled = UINT64_MAX - i,
            .commands = UINT16_MAX,
            .rule = "policy \"x\"; best of 4",
            .outcome = "checked: it did not work",
            .target = "worker",
            .changed = "fd00:1::3/128 over mesh0, …",
        };
    for (unsigned i = 0; i < HEAL_EVIDENCE_MAX; i++) {
        struct heal_evidence *evidence = &incident->evidence[i];
        evidence->normal = evidence->has_normal ? evidence->normal : 0;
        evidence->threshold = evidence->has_threshold ? evidence->threshold : 0;
    }
}

static void test_all_of_it_comes_back(void **state) {
    (void)state;
    static struct heal_incident_status incident, back;
    char text[TEXT_MAX], again[TEXT_MAX];
    struct heal_error error = {0};

    fill(&incident);
    assert_int_equal(heal_incident_format(&incident, text, sizeof text), 0);
    if (heal_incident_parse(text, &back, &error) != 0)
        fail_msg("%d: %s", error.column, error.what);
    assert_int_equal(back.id, incident.id);
    assert_int_equal(back.role, incident.role);
    assert_int_equal(back.owner, incident.owner);
    assert_string_equal(back.node, incident.node);
    assert_string_equal(back.other, incident.other);
    assert_string_equal(back.service, incident.service);
    assert_int_equal(back.closed, incident.closed);
    assert_true(back.refuted);
    assert_true(back.withdrawn);
    assert_int_equal(back.diagnosed, incident.diagnosed);
    assert_int_equal(back.opened_as, HEAL_LINK_FLAP);
    assert_int_equal(back.label, 1);
    assert_int_equal(back.suppressed, HEAL_SUPPRESSED_COOLDOWN);
    assert_int_equal(back.ranks, HEAL_RANKED_MAX);
    assert_int_equal(back.evidences, HEAL_EVIDENCE_MAX);
    assert_int_equal(back.steps, HEAL_STEPS_MAX);
    for (unsigned i = 0; i < HEAL_EVIDENCE_MAX; i++) {
        assert_int_equal(back.evidence[i].has_normal, incident.evidence[i].has_normal);
        assert_int_equal(back.evidence[i].has_threshold, incident.evidence[i].has_threshold);
        assert_float_equal(back.evidence[i].seen, incident.evidence[i].seen, 0);
        assert_int_equal(back.evidence[i].samples, UINT32_MAX);
    }
    for (unsigned i = 0; i < HEAL_STEPS_MAX; i++) {
        assert_int_equal(back.step[i].remedy, incident.step[i].remedy);
        assert_int_equal(back.step[i].state, incident.step[i].state);
        assert_int_equal(back.step[i].settled, incident.step[i].settled);
        assert_string_equal(back.step[i].rule, incident.step[i].rule);
        assert_string_equal(back.step[i].target, incident.step[i].target);
    }
    assert_int_equal(heal_incident_format(&back, again, sizeof again), 0);
    assert_string_equal(again, text);
}

static void test_reasons_have_slugs(void **state) {
    (void)state;
    static struct heal_incident_status incident, back;
    char text[TEXT_MAX];

    fill(&incident);
    for (unsigned i = 0; i < HEAL_SUPPRESSIONS; i++) {
        incident.suppressed = (enum heal_suppression)i;
        assert_int_equal(heal_incident_format(&incident, text, sizeof text), 0);
        assert_int_equal(heal_incident_parse(text, &back, NULL), 0);
        assert_int_equal(back.suppressed, i);
        assert_int_equal(heal_suppression_name(incident.suppressed) == NULL, i == HEAL_NOT_SUPPRESSED);
    }
    assert_null(heal_suppression_name(HEAL_SUPPRESSIONS));
    assert_int_equal(heal_incident_parse("id=1 rank=link-loss suppressed=full-moon", &back, NULL), 0);
    assert_int_equal(back.suppressed, HEAL_NOT_SUPPRESSED);
}

/* Its interface stood in place of a service, in stores that an earlier heald has written. */
static void test_a_mesh_is_told_from_a_service(void **state) {
    (void)state;
    static struct heal_incident_status incident, back;
    static const char *const written[] = {"id=1 node=n1 mesh=bat0 rank=gateway-lost",
                                          "id=1 node=n1 service=bat0 rank=gateway-lost"};
    char text[TEXT_MAX];

    for (size_t i = 0; i < HEAL_COUNT(written); i++) {
        assert_int_equal(heal_incident_parse(written[i], &incident, NULL), 0);
        assert_string_equal(incident.mesh, "bat0");
        assert_string_equal(incident.service, "");
        assert_int_equal(heal_incident_format(&incident, text, sizeof text), 0);
        assert_int_equal(heal_incident_parse(text, &back, NULL), 0);
        assert_string_equal(back.mesh, "bat0");
    }
    assert_int_equal(heal_incident_parse("id=1 service=bat0 rank=service-down", &back, NULL), 0);
    assert_string_equal(back.service, "bat0");
    assert_string_equal(back.mesh, "");
}

/* Of one whose first diagnosis stands nothing of that is on record, nor was it in the records of before. */
static void test_the_first_diagnosis_stands(void **state) {
    (void)state;
    struct heal_incident_status back;

    assert_int_equal(heal_incident_parse("id=1 opened=7 rank=link-flap", &back, NULL), 0);
    assert_int_equal(back.diagnosed, 7);
    assert_int_equal(back.opened_as, HEAL_LINK_FLAP);
    char text[TEXT_MAX];
    assert_int_equal(heal_incident_format(&back, text, sizeof text), 0);
    assert_null(strstr(text, "diagnosed"));
    assert_int_equal(heal_incident_parse("id=1 rank=link-flap opened-as=link-lost", &back, NULL), -EINVAL);
}

/* The routes that were changed are for people: the record does not fail for them. */
static void test_without_room_the_changes_are_left_out(void **state) {
    (void)state;
    static struct heal_incident_status incident, back;
    char whole[TEXT_MAX], text[TEXT_MAX];

    fill(&incident);
    assert_int_equal(heal_incident_format(&incident, whole, sizeof whole), 0);
    assert_int_equal(heal_incident_format(&incident, text, strlen(whole)), 0);
    assert_int_equal(heal_incident_parse(text, &back, NULL), 0);
    assert_int_equal(back.steps, HEAL_STEPS_MAX);
    assert_string_equal(back.step[0].changed, "");
}

/* A record that does not fit must not be kept by halves: it would be read back as something else. */
static void test_never_by_halves(void **state) {
    (void)state;
    static struct heal_incident_status incident;
    char text[TEXT_MAX];

    fill(&incident);
    assert_int_equal(heal_incident_format(&incident, text, sizeof text), 0);
    for (unsigned i = 0; i < HEAL_STEPS_MAX; i++)
        incident.step[i].changed[0] = '\0';
    assert_int_equal(heal_incident_format(&incident, text, sizeof text), 0);
    size_t length = strlen(text);
    assert_int_equal(heal_incident_format(&incident, text, length + 1), 0);
    for (size_t size = 1; size <= length; size++)
        assert_int_equal(heal_incident_format(&incident, text, size), -ENOSPC);
}

static void test_refuses_what_is_none(void **state) {
    (void)state;
    static const struct {
        const char *text, *what;
        int column;
    } bad[] = {
        {"",                                                                  "an id and a rank",   1 },
        {"id=1",                                                              "an id and a rank",   1 },
        {"rank=link-loss",                                                    "an id and a rank",   1 },
        {"id=0 rank=link-loss",                                               "an id and a rank",   1 },
        {"id=1 rank=link-lost",                                               "no such diagnosis",  11},
        {"id=1 confidence=0.5 rank=link-loss",                                "belongs to nothing", 17},
        {"id=1 rank=link-loss unit=share",                                    "belongs to nothing", 26},
        {"id=1 rank=link-loss normal=1",                                      "belongs to nothing", 28},
        {"id=1 rank=link-loss threshold=1",                                   "belongs to nothing", 31},
        {"id=1 rank=link-loss state=holding",                                 "belongs to nothing", 27},
        {"id=1 rank=link-loss commands=1",                                    "belongs to nothing", 30},
        {"id=1 rank=link-loss outcome=x step=notify",                         "belongs to nothing", 29},
        {"id=1 rank=link-loss step=reboot",                                   "no such remedy",     26},
        {"id=1 rank=link-loss step=notify state=sleeping",                    "",                   39},
        {"id=1 rank=link-loss step=notify commands=65536",                    "65535",              42},
        {"id=1 rank=link-loss evidence=x seen=nan",                           "",                   37},
        {"id=1 rank=link-loss role=3",                                        "2",                  26},
        {"id=1 rank=link-loss label=2",                                       "1",                  27},
        {"id=18446744073709551616 rank=link-loss",                            "",                   4 },
        {"id=1 rank=link-loss node=a-name-that-is-longer-than-a-name-may-be", "",                   26},
        {"id=1 rank=link-loss nod=n1",                                        "node",               21},
        {"id=1 rank=link-loss node=\"open",                                   "",                   26},
        {"id=1 rank=link-loss rank=link-flap rank=link-flap rank=link-flap",  "more than 3 ranks",  56},
    };
    struct heal_incident_status incident, untouched;

    memset(&untouched, 0x5a, sizeof untouched);
    for (size_t i = 0; i < HEAL_COUNT(bad); i++) {
        struct heal_error error = {0};

        incident = untouched;
        print_message("%s\n", bad[i].text);
        assert_int_equal(heal_incident_parse(bad[i].text, &incident, &error), -EINVAL);
        assert_memory_equal(&incident, &untouched, sizeof incident);
        assert_non_null(strstr(error.what, bad[i].what));
        assert_int_equal(error.column, bad[i].column);
        assert_int_equal(heal_incident_parse(bad[i].text, &incident, NULL), -EINVAL);
    }
}

static void test_refuses_one_too_many(void **state) {
    (void)state;
    static const struct {
        const char *pair;
        int most;
    } lists[] = {
        {" evidence=x",  HEAL_EVIDENCE_MAX},
        {" step=notify", HEAL_STEPS_MAX   }
    };

    for (size_t i = 0; i < HEAL_COUNT(lists); i++) {
        char text[512] = "id=1 rank=link-loss";
        struct heal_incident_status incident;
        struct heal_error error = {0};

        for (int j = 0; j < lists[i].most; j++)
            strcat(text, lists[i].pair);
        assert_int_equal(heal_incident_parse(text, &incident, &error), 0);
        strcat(text, lists[i].pair);
        assert_int_equal(heal_incident_parse(text, &incident, &error), -EINVAL);
        assert_non_null(strstr(error.what, "more than"));
    }
}

/* Bytes changed at random: it is refused, or what was read can be written and read again. */
static void test_survives_damage(void **state) {
    (void)state;
    static struct heal_incident_status incident, back;
    const uint64_t seed = 7;
    struct heal_random random;
    char text[TEXT_MAX], damaged[TEXT_MAX];
    unsigned refused = 0;

    print_message("seed %llu\n", (unsigned long long)seed);
    heal_random_init(&random, seed);
    fill(&incident);
    assert_int_equal(heal_incident_format(&incident, text, sizeof text), 0);
    for (unsigned i = 0; i < 5000; i++) {
        strcpy(damaged, text);
        for (uint64_t n = heal_random_next(&random) % 4 + 1; n > 0; n--)
            damaged[heal_random_next(&random) % strlen(text)] = (char)(heal_random_next(&random) % 255 + 1);
        if (heal_incident_parse(damaged, &incident, NULL) != 0) {
            refused++;
            continue;
        }
        if (heal_incident_format(&incident, damaged, sizeof damaged) == 0)
            assert_int_equal(heal_incident_parse(damaged, &back, NULL), 0);
    }
    assert_in_range(refused, 1000, 4999);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_of_it_comes_back),
        cmocka_unit_test(test_a_mesh_is_told_from_a_service),
        cmocka_unit_test(test_the_first_diagnosis_stands),
        cmocka_unit_test(test_without_room_the_changes_are_left_out),
        cmocka_unit_test(test_never_by_halves),
        cmocka_unit_test(test_refuses_what_is_none),
        cmocka_unit_test(test_refuses_one_too_many),
        cmocka_unit_test(test_survives_damage),
        cmocka_unit_test(test_reasons_have_slugs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
