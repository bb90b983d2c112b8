/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "analyze/course.h"

/* What is below 0 is not known. */
static void set(struct heal_tracks *tracks, enum heal_track track, float value) {
    if (value >= 0)
        tracks->of[track] = value;
}

/* The least of its transits: it is the neighbour only if all ways through it are closed. */
static float transit_loss(const struct heal_port *port) {
    float least = -1;
    for (size_t i = 0; i < HEAL_TRANSITS_MAX; i++) {
        const struct heal_transit *transit = &port->transit[i];
        if (transit->target != 0 && transit->loss >= 0 && (least < 0 || transit->loss < least))
            least = transit->loss;
    }
    return least;
}

static void note_radio(const struct heal_port *port, struct heal_tracks *tracks) {
    const struct heal_vitals *vitals = &port->vitals;
    if (vitals->has_snr) {
        tracks->of[HEAL_TRACK_SNR_DROP] = vitals->snr_drop_db;
        tracks->of[HEAL_TRACK_NOISE_RISE] = vitals->noise_rise_db;
    }
    if (vitals->has_rssi) {
        tracks->of[HEAL_TRACK_SIGNAL] = port->rssi_dbm;
        tracks->of[HEAL_TRACK_SIGNAL_DROP] = vitals->rssi_drop_db;
    }
    set(tracks, HEAL_TRACK_RETRIES, vitals->retries);
    if (port->station.last.expected_kbit > 0)
        tracks->of[HEAL_TRACK_EXPECTED] = (float)port->station.last.expected_kbit / 1000.0f;
}

static void note_port(struct heal_port *port, heal_us now) {
    const struct heal_vitals *vitals = &port->vitals;
    const struct heal_flow *in = &vitals->flow[HEAL_IN], *out = &vitals->flow[HEAL_OUT];
    struct heal_tracks tracks;
    heal_tracks_clear(&tracks);
    set(&tracks, HEAL_TRACK_LOSS_IN, in->loss_told);
    set(&tracks, HEAL_TRACK_LOSS_OUT, out->loss_told);
    set(&tracks, HEAL_TRACK_SMALL_IN, in->small);
    set(&tracks, HEAL_TRACK_SMALL_OUT, out->small);
    set(&tracks, HEAL_TRACK_FULL_IN, in->full);
    set(&tracks, HEAL_TRACK_FULL_OUT, out->full);
    set(&tracks, HEAL_TRACK_ROUND_TRIP, vitals->rtt_ms);
    set(&tracks, HEAL_TRACK_ROUND_TRIP_EXCESS, vitals->rtt_excess);
    set(&tracks, HEAL_TRACK_SILENCE_IN, in->silence_s);
    set(&tracks, HEAL_TRACK_SILENCE_OUT, out->silence_s);
    set(&tracks, HEAL_TRACK_OUTAGES, (float)vitals->outages);
    set(&tracks, HEAL_TRACK_THROUGHPUT, port->throughput);
    set(&tracks, HEAL_TRACK_TRANSIT_LOSS, transit_loss(port));
    note_radio(port, &tracks);
    heal_recent_add(&port->recent, now, &tracks);
}

static void note_mesh(const struct heal_world *world, struct heal_tracks *tracks) {
    if (!heal_world_has_mesh(world))
        return;
    if (world->uplink_known)
        set(tracks, HEAL_TRACK_UPLINK_LOST, heal_world_seconds_since(world, world->uplink_lost_since));
    if (world->mesh.is.chosen_ms != UINT32_MAX)
        set(tracks, HEAL_TRACK_GATEWAY_SILENCE, (float)world->mesh.is.chosen_ms / 1000.0f);
}

static void note_node(struct heal_world *world) {
    struct heal_tracks tracks;
    heal_tracks_clear(&tracks);
    set(&tracks, HEAL_TRACK_CPU, world->cpu_recent);
    set(&tracks, HEAL_TRACK_CPU_PRESSURE, world->node.cpu_pressure);
    set(&tracks, HEAL_TRACK_ROUTES_MISSING, (float)world->routes_missing);
    note_mesh(world, &tracks);
    heal_recent_add(&world->recent, world->now, &tracks);
}

static void note_service(struct heal_service *service, heal_us now) {
    struct heal_tracks tracks;
    heal_tracks_clear(&tracks);
    if (service->last.running)
        set(&tracks, HEAL_TRACK_SERVICE_MEMORY, heal_service_memory_mib(service));
    heal_recent_add(&service->recent, now, &tracks);
}

static void note_all(struct heal_world *world) {
    for (size_t i = 0; i < world->ports; i++)
        if (world->port[i].known && heal_recent_is_due(&world->port[i].recent, world->now))
            note_port(&world->port[i], world->now);
    if (world->node_at != 0 && heal_recent_is_due(&world->recent, world->now))
        note_node(world);
    for (size_t i = 0; i < world->services; i++)
        if (world->service[i].at != 0 && heal_recent_is_due(&world->service[i].recent, world->now))
            note_service(&world->service[i], world->now);
}

/* @return what is noted down of an element, or NULL: it is none of this node's. */
static const struct heal_recent *recent_of(struct heal_world *world, const struct heal_element *element) {
    if (element->kind == HEAL_ELEMENT_SERVICE) {
        const struct heal_service *service = heal_world_service(world, element->service);
        return service ? &service->recent : NULL;
    }
    if (element->port.ifname[0] != '\0') {
        const struct heal_port *port = heal_world_port_const(world, &element->port);
        return port ? &port->recent : NULL;
    }
    return element->kind != HEAL_ELEMENT_LINK && element->node == world->id ? &world->recent : NULL;
}

static bool is_in_evidence(const struct heal_incident *incident, enum heal_track track) {
    for (size_t i = 0; i < incident->view.evidences; i++)
        if (incident->view.evidence[i].track == track)
            return true;
    return false;
}

static bool is_followed(const struct heal_incident *incident, enum heal_track track) {
    for (size_t i = 0; i < HEAL_SERIES_MAX; i++)
        if (incident->series[i].track == track)
            return true;
    return false;
}

/* Evidence that a surer verdict has brought is followed from now on, in the place of what no longer counts.
 */
static void choose(struct heal_incident *incident) {
    for (size_t i = 0; i < incident->view.evidences; i++) {
        enum heal_track track = incident->view.evidence[i].track;
        size_t place = 0;
        if (track == HEAL_TRACK_NONE || is_followed(incident, track))
            continue;
        while (place < HEAL_SERIES_MAX && incident->series[place].track != HEAL_TRACK_NONE &&
               is_in_evidence(incident, incident->series[place].track))
            place++;
        if (place < HEAL_SERIES_MAX)
            heal_series_init(&incident->series[place], track);
    }
}

void heal_course_update(struct heal_world *world) {
    note_all(world);
    for (size_t i = 0; i < world->incidents; i++) {
        struct heal_incident *incident = &world->incident[i];
        const struct heal_recent *recent =
            heal_incident_is_open(incident) ? recent_of(world, &incident->element) : NULL;
        if (!recent)
            continue;
        choose(incident);
        for (size_t j = 0; j < HEAL_SERIES_MAX; j++)
            if (incident->series[j].track != HEAL_TRACK_NONE)
                heal_recent_feed(recent, &incident->series[j]);
    }
}
