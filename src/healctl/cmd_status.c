/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config/quantity.h"
#include "healctl/client.h"
#include "healctl/cmd.h"
#include "healctl/show.h"

enum { PICTURE_BYTES = 1 << 16 };

struct watch {
    heal_us interval;
    unsigned long times; /* 0: without end */
};

static int read_watch(const struct heal_call *call, struct watch *ret_watch) {
    const char *every = heal_call_option(call, "--every"), *times = heal_call_option(call, "--times");
    bool watch = heal_call_option(call, "--watch") != NULL;

    *ret_watch = (struct watch){.interval = HEAL_US_PER_S, .times = watch ? 0 : 1};
    if ((every || times) && !watch)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--every and --times go with --watch");
    if (every && (heal_duration_parse(every, &ret_watch->interval) < 0 || ret_watch->interval < 100000))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--every is a time of at least 100ms, e.g. 2s");
    if (!times)
        return HEAL_EXIT_OK;
    size_t digits = strspn(times, "0123456789");
    ret_watch->times = strtoul(times, NULL, 10);
    if (digits == 0 || digits > 9 || times[digits] || ret_watch->times == 0)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--times is a number from 1");
    return HEAL_EXIT_OK;
}

/* How many are open is counted in the list that is shown below it: asked for one after the other, the two
 * could differ. */
static void count_open(json_t *status, const json_t *incidents) {
    const json_t *incident;
    json_int_t open = 0, reported = 0;
    size_t i;

    json_array_foreach(json_object_get(incidents, "incidents"), i, incident) {
        bool upstream = strcmp(heal_field_text(incident, "role", ""), "upstream") == 0;

        if (heal_show_is_open(incident))
            *(upstream ? &reported : &open) += 1;
    }
    json_object_set_new(status, "incidents_open", json_integer(open));
    json_object_set_new(status, "incidents_reported", json_integer(reported));
}

static int show_both(const struct heal_call *call, json_t *status) {
    json_t *incidents = NULL;
    struct heal_page page;
    int r = heal_client_ask_json(call, "/v1/incidents", NULL, &incidents);

    if (r != HEAL_EXIT_OK)
        return r;
    count_open(status, incidents);
    heal_page_init(&page, call->out, status);
    heal_show_status(&page, status);
    fputc('\n', call->out);
    heal_page_init(&page, call->out, incidents);
    heal_show_incidents_open(&page, incidents);
    json_decref(incidents);
    return HEAL_EXIT_OK;
}

/* The status, and below it what is going on: open incidents and links. */
static int show_once(const struct heal_call *call) {
    json_t *status = NULL;

    if (call->json)
        return heal_client_page(call, "/v1/status", heal_show_status);
    int r = heal_client_ask_json(call, "/v1/status", NULL, &status);
    if (r == HEAL_EXIT_OK)
        r = show_both(call, status);
    json_decref(status);
    if (r != HEAL_EXIT_OK)
        return r;
    fputc('\n', call->out);
    return heal_client_page(call, "/v1/links", heal_show_links);
}

/* One picture after the other in the same place. The output is held back until the picture is whole, so that
 * it does not flicker; what goes wrong is part of the picture. */
static int show_picture(const struct heal_call *call) {
    struct heal_call drawn = *call;

    drawn.err = call->out;
    fputs("\033[H\033[2J", call->out);
    return show_once(&drawn);
}

/* Before the screen is cleared: where nobody answers at first, that is the answer, and none to be waited for.
 */
static int try_first(const struct heal_call *call) {
    char *text = NULL;
    int r = heal_client_ask(call, "/v1/status", NULL, &text);

    if (r == HEAL_EXIT_OK)
        free(text);
    return r;
}

int heal_cmd_status(const struct heal_call *call) {
    struct watch watch;
    int r = read_watch(call, &watch);
    bool terminal = isatty(fileno(call->out)) && watch.times != 1 && !call->json;

    if (r == HEAL_EXIT_OK && terminal)
        r = try_first(call);
    if (r != HEAL_EXIT_OK)
        return r;
    if (terminal)
        setvbuf(call->out, NULL, _IOFBF, PICTURE_BYTES);
    for (unsigned long i = 0; watch.times == 0 || i < watch.times; i++) {
        struct timespec pause = {.tv_sec = (time_t)(watch.interval / HEAL_US_PER_S),
                                 .tv_nsec = (long)(watch.interval % HEAL_US_PER_S) * 1000};

        if (i > 0) {
            nanosleep(&pause, NULL);
            if (!terminal)
                fputc('\n', call->out);
        }
        r = terminal ? show_picture(call) : show_once(call);
        /* One that goes away later may come back, as after an update: it is waited for. */
        if (fflush(call->out) != 0 || (i == 0 && r != HEAL_EXIT_OK))
            break;
    }
    return r;
}
