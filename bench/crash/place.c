/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "place.h"

#include "ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MTU = 1500 };

/* A word a line, so that what there is can be counted. */
static const char script[] =
    "ip -6 route show proto 104 | sed 's/.*/route/'; ip route show proto 104 | sed 's/.*/route/'; "
    "ip -o link | sed -n 's/^[0-9]*: \\(n[0-9]*\\).* mtu \\([0-9]*\\) .*/mtu \\2/p'; "
    "nft list table netdev heald >/dev/null 2>&1 && echo quarantine; "
    "ps -eo comm= | sed -n 's/^heald-throttle.*/throttler/p'; echo end";

bool crash_place_look(struct heal_lab *lab, unsigned node, struct crash_place *ret_place) {
    const char *const argv[] = {"sh", "-c", script, NULL};
    char text[8192], *rest = text, *line;
    struct heal_lab_capture capture = {.output = text, .size = sizeof text};
    struct crash_place place = {0};
    bool whole = false;

    if (heal_lab_exec(lab, (int)node, argv, &capture) != 0)
        return false;
    while ((line = strsep(&rest, "\n"))) {
        unsigned mtu = MTU;

        place.routes += strcmp(line, "route") == 0;
        place.clamped += sscanf(line, "mtu %u", &mtu) == 1 && mtu != MTU;
        place.throttlers += strcmp(line, "throttler") == 0;
        place.quarantine = place.quarantine || strcmp(line, "quarantine") == 0;
        whole = whole || strcmp(line, "end") == 0;
    }
    if (whole)
        *ret_place = place;
    return whole;
}

bool crash_place_is_bare(const struct crash_place *place) {
    return place->routes == 0 && place->clamped == 0 && place->throttlers == 0 && !place->quarantine;
}

/* @return how many steps of these remedies are not over. */
static unsigned active(const json_t *incidents, const char *remedy, const char *other) {
    const json_t *incident, *step;
    unsigned count = 0;
    size_t i, j;

    json_array_foreach(incidents, i, incident) {
        json_array_foreach(json_object_get(incident, "steps"), j, step) {
            const char *name = json_string_value(json_object_get(step, "remedy"));
            const char *state = json_string_value(json_object_get(step, "state"));

            if (name && state && (strcmp(name, remedy) == 0 || strcmp(name, other) == 0))
                count += strcmp(state, "done") != 0 && strcmp(state, "failed") != 0;
        }
    }
    return count;
}

static bool all_claimed(const struct crash_place *place, const json_t *incidents, char *why, size_t size) {
    const struct {
        unsigned there;
        const char *what, *remedy, *other;
    } row[] = {
        {place->routes,     "routes",             "route-around",         "restore-routes"},
        {place->clamped,    "lowered MTUs",       "clamp-mtu",            ""              },
        {place->throttlers, "throttled services", "shed-load",            ""              },
        {place->quarantine, "quarantine",         "quarantine-neighbour", ""              },
    };

    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (row[i].there > 0 && active(incidents, row[i].remedy, row[i].other) == 0) {
            snprintf(why, size, "%u %s in place, and no step of %s", row[i].there, row[i].what,
                     row[i].remedy);
            return false;
        }
    return true;
}

int crash_place_is_claimed(const struct crash_place *place, const char *socket, char *why, size_t size) {
    json_t *status = NULL, *page = NULL;
    int r = crash_ask(socket, "/v1/status", NULL, &status);

    if (r >= 0)
        r = crash_ask(socket, "/v1/incidents", NULL, &page);
    if (r >= 0 && json_integer_value(json_object_get(status, "leftovers")) > 0) {
        snprintf(why, size, "%lld steps are left over",
                 (long long)json_integer_value(json_object_get(status, "leftovers")));
        r = 0;
    } else if (r >= 0) {
        r = all_claimed(place, json_object_get(page, "incidents"), why, size);
    }
    json_decref(status);
    json_decref(page);
    return r;
}
