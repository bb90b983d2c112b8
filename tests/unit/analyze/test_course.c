/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What evidence did over time: from before the incident until it is closed, and of nothing else. */
#include "analyze/course.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Rounds, @p step apart, with so much lost towards west. */
static void go_on(struct scene *scene, int rounds, heal_us step, float loss) {
    for (int i = 0; i < rounds; i++) {
        scene->world.now += step;
        scene->port[WEST].vitals.flow[HEAL_OUT].loss_told = loss;
        heal_course_update(&scene->world);
    }
}

static struct heal_incident *open_with(struct scene *scene, enum heal_track track) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    incident->view.evidences = 1;
    incident->view.evidence[0].track = track;
    return incident;
}

static const struct heal_series *series_of(const struct heal_incident *incident, enum heal_track track) {
    for (size_t i = 0; i < HEAL_SERIES_MAX; i++)
        if (incident->series[i].track == track)
            return &incident->series[i];
    return NULL;
}

static void test_begins_before_the_incident(void **state) {
    struct scene *scene = *state;

    go_on(scene, 20, HEAL_US_PER_S, 0);
    heal_us onset = scene->world.now;
    go_on(scene, 8, HEAL_US_PER_S / 4, 0.25F);
    heal_us opened = scene->world.now;
    struct heal_incident *incident = open_with(scene, HEAL_TRACK_LOSS_OUT);
    go_on(scene, 10, HEAL_US_PER_S, 0.25F);
    const struct heal_series *series = series_of(incident, HEAL_TRACK_LOSS_OUT);
    assert_non_null(series);
    assert_int_equal(series->count, 20 + 4 + 10); /* of four rounds a second every other */
    assert_true(series->point[0].time < onset - 15 * HEAL_US_PER_S);
    for (size_t i = 0; i < series->count; i++)
        assert_true(series->point[i].high == (series->point[i].time <= onset ? 0 : 0.25F));
    assert_true(series->until >= opened + 9 * HEAL_US_PER_S);
}

static void test_ends_with_the_incident(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = open_with(scene, HEAL_TRACK_LOSS_OUT);

    go_on(scene, 5, HEAL_US_PER_S, 0.25F);
    incident->view.closed = scene->world.now;
    go_on(scene, 5, HEAL_US_PER_S, 0);
    assert_int_equal(series_of(incident, HEAL_TRACK_LOSS_OUT)->until, incident->view.closed);
}

/* Other evidence takes the place of what no longer counts, with its own past. */
static void test_follows_the_evidence(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = open_with(scene, HEAL_TRACK_LOSS_OUT);

    scene->port[WEST].vitals.flow[HEAL_IN].small = 0;
    go_on(scene, 5, HEAL_US_PER_S, 0.25F);
    incident->view.evidences = HEAL_SERIES_MAX;
    for (int i = 0; i < HEAL_SERIES_MAX; i++)
        incident->view.evidence[i].track = (enum heal_track)(HEAL_TRACK_SMALL_IN + i);
    go_on(scene, 1, HEAL_US_PER_S, 0.25F);
    assert_null(series_of(incident, HEAL_TRACK_LOSS_OUT));
    for (int i = 0; i < HEAL_SERIES_MAX; i++)
        assert_non_null(series_of(incident, (enum heal_track)(HEAL_TRACK_SMALL_IN + i)));
    assert_int_equal(series_of(incident, HEAL_TRACK_SMALL_IN)->count, 6);
}

/* What is not known is no point; what is not this node's has no series. */
static void test_unknown_and_foreign(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = open_with(scene, HEAL_TRACK_SNR_DROP);

    go_on(scene, 5, HEAL_US_PER_S, 0);
    assert_int_equal(series_of(incident, HEAL_TRACK_SNR_DROP)->count, 0);
    incident->view.evidence[0].track = HEAL_TRACK_LOSS_OUT;
    incident->element.port.ifname[0] = '\0';
    incident->element.node = 99;
    go_on(scene, 5, HEAL_US_PER_S, 0);
    assert_null(series_of(incident, HEAL_TRACK_LOSS_OUT));
}

static void test_node_and_service(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);
    struct heal_incident *overload = scene_own_incident(scene, HEAL_NODE_OVERLOAD, NULL);
    struct heal_incident *leak = scene_own_incident(scene, HEAL_MEMORY_LEAK, "worker");

    overload->view.evidences = leak->view.evidences = 1;
    overload->view.evidence[0].track = HEAL_TRACK_CPU;
    leak->view.evidence[0].track = HEAL_TRACK_SERVICE_MEMORY;
    scene->world.node_at = service->at = 1;
    scene->world.cpu_recent = 0.97F;
    service->last.rss_bytes = 3 << 20;
    go_on(scene, 3, HEAL_US_PER_S, 0);
    assert_true(series_of(overload, HEAL_TRACK_CPU)->point[0].high == 0.97F);
    assert_true(series_of(leak, HEAL_TRACK_SERVICE_MEMORY)->point[0].high == 3);
    assert_int_equal(series_of(leak, HEAL_TRACK_SERVICE_MEMORY)->count, 3);
}

/* What the radio says of a link, and the mesh of its ways out. */
static void test_radio_and_mesh(void **state) {
    struct scene *scene = *state;
    struct heal_port *west = &scene->port[WEST];
    struct heal_world *world = &scene->world;
    struct heal_incident *weak = open_with(scene, HEAL_TRACK_SIGNAL);
    struct heal_incident *hidden = open_with(scene, HEAL_TRACK_RETRIES);
    struct heal_incident *lost = scene_own_incident(scene, HEAL_GATEWAY_LOST, NULL);

    weak->view.evidences = hidden->view.evidences = lost->view.evidences = 2;
    weak->view.evidence[1].track = HEAL_TRACK_SIGNAL_DROP;
    hidden->view.evidence[1].track = HEAL_TRACK_EXPECTED;
    lost->element.kind = HEAL_ELEMENT_MESH;
    lost->view.evidence[0].track = HEAL_TRACK_UPLINK_LOST;
    lost->view.evidence[1].track = HEAL_TRACK_GATEWAY_SILENCE;
    west->vitals.has_rssi = true;
    west->vitals.rssi_drop_db = 12;
    west->rssi_dbm = -82;
    west->vitals.retries = 0.75F;
    west->station.last.expected_kbit = 1500;
    world->node_at = world->mesh.at = 1;
    world->mesh.is.chosen_ms = 2500;
    world->uplink_known = true;
    world->uplink_lost_since = world->now;
    go_on(scene, 1, 2 * HEAL_US_PER_S, 0);
    assert_true(series_of(weak, HEAL_TRACK_SIGNAL)->point[0].low == -82);
    assert_true(series_of(weak, HEAL_TRACK_SIGNAL_DROP)->point[0].high == 12);
    assert_true(series_of(hidden, HEAL_TRACK_RETRIES)->point[0].high == 0.75F);
    assert_true(series_of(hidden, HEAL_TRACK_EXPECTED)->point[0].high == 1.5F);
    assert_true(series_of(lost, HEAL_TRACK_UPLINK_LOST)->point[0].high == 2);
    assert_true(series_of(lost, HEAL_TRACK_GATEWAY_SILENCE)->point[0].high == 2.5F);
    world->mesh.is.chosen_ms = UINT32_MAX; /* none is chosen */
    west->vitals.has_rssi = false;
    west->vitals.retries = -1;
    go_on(scene, 1, 2 * HEAL_US_PER_S, 0);
    assert_int_equal(series_of(weak, HEAL_TRACK_SIGNAL)->count, 1);
    assert_int_equal(series_of(hidden, HEAL_TRACK_RETRIES)->count, 1);
    assert_int_equal(series_of(lost, HEAL_TRACK_UPLINK_LOST)->count, 2);
    assert_int_equal(series_of(lost, HEAL_TRACK_GATEWAY_SILENCE)->count, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_begins_before_the_incident, scene_make, scene_unmake),
        cmocka_unit_test_setup_teardown(test_ends_with_the_incident, scene_make, scene_unmake),
        cmocka_unit_test_setup_teardown(test_follows_the_evidence, scene_make, scene_unmake),
        cmocka_unit_test_setup_teardown(test_unknown_and_foreign, scene_make, scene_unmake),
        cmocka_unit_test_setup_teardown(test_node_and_service, scene_make, scene_unmake),
        cmocka_unit_test_setup_teardown(test_radio_and_mesh, scene_make, scene_unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
