/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "monitor/intake_node.h"

#include "base/statistics.h"

#include <math.h>
#include <string.h>

/* Share of the new reading in the smoothed load: at a round a second, a time constant of about 3 s. */
static const float smoothing = 0.3f;
static const heal_us memory_spacing_us = 900 * HEAL_US_PER_MS;
/* Most of a leak's steps go up; a cache that breathes goes down as often. */
static const float steady_share = 0.8f;

void heal_intake_node(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_node *node = &reading->node;
    if (!isfinite(node->cpu) || node->cpu < 0 || node->cpu > 64 || !isfinite(node->memory))
        return;
    bool first = world->node_at == 0;
    world->node = *node;
    world->node_at = world->now;
    world->cpu_recent = first ? node->cpu : world->cpu_recent + smoothing * (node->cpu - world->cpu_recent);
    float limit = world->threshold[HEAL_METRIC_CPU];
    if (node->cpu >= limit && world->overloaded_since == 0)
        world->overloaded_since = world->now;
    if (node->cpu < limit * 0.9f)
        world->overloaded_since = 0;
    if (world->overloaded_since == 0)
        world->cpu_normal += (first ? 1 : smoothing / 10) * (node->cpu - world->cpu_normal);
    /* A mesh below IP passes on without the kernel's forwarding. */
    if (node->forwarding || heal_world_has_mesh(world))
        world->forwarding_off_since = 0;
    else if (world->forwarding_off_since == 0)
        world->forwarding_off_since = world->now;
}

static struct heal_service *service_make(struct heal_world *world, const char *name) {
    struct heal_service *service = heal_world_service(world, name);
    if (!service && world->services < HEAL_SERVICES_MAX) {
        service = &world->service[world->services++];
        memset(service, 0, sizeof *service);
    }
    return service;
}

static void take_memory(struct heal_world *world, struct heal_service *service, uint64_t rss_bytes) {
    if (service->samples > 0 && world->now - service->sample_at < memory_spacing_us)
        return;
    if (service->samples == HEAL_SERVICE_SAMPLES) {
        memmove(service->time_s, service->time_s + 1, (HEAL_SERVICE_SAMPLES - 1) * sizeof *service->time_s);
        memmove(service->rss_bytes, service->rss_bytes + 1,
                (HEAL_SERVICE_SAMPLES - 1) * sizeof *service->rss_bytes);
        service->samples--;
    }
    service->time_s[service->samples] = heal_world_seconds_since(world, service->started);
    service->rss_bytes[service->samples++] = (float)rss_bytes;
    service->sample_at = world->now;
}

static void judge_growth(struct heal_service *service) {
    service->growth = 0;
    service->steady_growth = false;
    if (service->samples < HEAL_SERVICE_SAMPLES / 2)
        return;
    unsigned up = 0;
    for (unsigned i = 1; i < service->samples; i++)
        up += service->rss_bytes[i] > service->rss_bytes[i - 1];
    service->steady_growth = (float)up >= steady_share * (float)(service->samples - 1);
    if (service->steady_growth)
        service->growth = heal_slope(service->time_s, service->rss_bytes, service->samples);
}

void heal_intake_service(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_service *seen = &reading->service;
    struct heal_service *service = service_make(world, seen->name);
    if (!service)
        return;
    bool down = !seen->running && !seen->stopped;
    bool fresh = service->at == 0 || !service->last.running || service->last.pid != seen->pid;
    if (fresh && seen->running) {
        service->started = world->now;
        service->samples = 0;
    }
    if (!down)
        service->down_since = 0;
    else if (service->down_since == 0)
        service->down_since = world->now;
    if (service->at != 0 && service->last.running && down)
        world->urgent = true;
    service->last = *seen;
    service->at = world->now;
    if (!seen->running)
        return;
    take_memory(world, service, seen->rss_bytes);
    judge_growth(service);
}
