/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Faults as clients ask for them: brought in, measured, listed, taken back. */
#include <errno.h>
#include <string.h>

#include "control/state.h"
#include "fault/truth.h"
#include "lab/clock.h"

/* How long it may take until a fault can be seen, and how often to look. */
static const heal_us measure_time = 3 * HEAL_US_PER_S, measure_every = HEAL_US_PER_S / 4;
/* So that packets pass before the first look; and a fault that is over soon is looked at before that. */
static const heal_us measure_first = HEAL_US_PER_S / 2, measure_last = HEAL_US_PER_S / 10;

static const char *words_of(const struct heal_control_server *server, int handle,
                            char buffer[static HEAL_FAULT_TEXT]) {
    const struct heal_fault *fault = heal_faults_at(server->of.faults, handle, NULL);

    buffer[0] = '\0';
    return fault ? heal_fault_format(fault, heal_lab_topology(server->of.lab), buffer) : buffer;
}

/* @return when it is to be taken back; 0: when somebody says so. */
static heal_us until_of(const struct heal_control_server *server, int handle) {
    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++)
        if (server->span[i].until && server->span[i].handle == handle)
            return server->span[i].until;
    return 0;
}

/* There are as many as there can be faults; what is of none in force is free. */
static void set_until(struct heal_control_server *server, int handle, heal_us until) {
    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++) {
        struct heal_control_span *span = &server->span[i];

        if (span->until && heal_faults_at(server->of.faults, span->handle, NULL))
            continue;
        *span = (struct heal_control_span){.handle = handle, .until = until};
        return;
    }
}

/* The ends of links that it makes sick, each as its node and the one at the other end. */
static json_t *sick_ports(const struct heal_fault *fault, const struct heal_topology *topology) {
    json_t *ports = json_array();

    for (unsigned i = 0; i < topology->links; i++) {
        unsigned a = topology->link[i].a, b = topology->link[i].b;

        if (heal_fault_ails(fault, topology, i, a))
            json_array_append_new(ports, json_pack("[s, s]", topology->node[a].name, topology->node[b].name));
        if (heal_fault_ails(fault, topology, i, b))
            json_array_append_new(ports, json_pack("[s, s]", topology->node[b].name, topology->node[a].name));
    }
    return ports;
}

/* @return one fault in force as an object. @param ret_verified whether it was measured to have taken hold;
 * may be NULL. */
static json_t *describe(struct heal_control_server *server, int handle, bool *ret_verified) {
    struct heal_fault_measured measured = {0};
    heal_us since = 0, until = until_of(server, handle);
    char words[HEAL_FAULT_TEXT];
    json_t *object;

    const struct heal_fault *fault = heal_faults_at(server->of.faults, handle, &since);
    (void)heal_faults_measure(server->of.faults, handle, &measured);
    object = json_pack("{s:i, s:s, s:f, s:b, s:s}", "handle", handle, "fault",
                       words_of(server, handle, words), "since", (double)since / 1e6, "verified",
                       (int)measured.verified, "measured", measured.what);
    if (object && fault) {
        json_object_set_new(object, "diagnosis", json_string(heal_diagnosis_slug(heal_fault_truth(fault))));
        json_object_set_new(object, "sick", sick_ports(fault, heal_lab_topology(server->of.lab)));
    }
    if (object && until)
        json_object_set_new(object, "until", json_real((double)until / 1e6));
    if (ret_verified)
        *ret_verified = measured.verified;
    return object;
}

json_t *heal_control_fault_list(struct heal_control_server *server) {
    json_t *list = json_array();

    for (int handle = -1; (handle = heal_faults_next(server->of.faults, handle)) >= 0;)
        json_array_append_new(list, describe(server, handle, NULL));
    return list;
}

unsigned heal_control_fault_count(const struct heal_control_server *server) {
    unsigned count = 0;

    for (int handle = -1; (handle = heal_faults_next(server->of.faults, handle)) >= 0;)
        count++;
    return count;
}

static int take_back(struct heal_control_server *server, int handle, const char *why) {
    const struct heal_fault of = *heal_faults_at(server->of.faults, handle, NULL);
    char words[HEAL_FAULT_TEXT];
    int r;

    words_of(server, handle, words);
    r = heal_faults_undo(server->of.faults, handle);
    heal_tell_fault(&server->tell, &of, false);
    heal_control_say("fault %d (%s) %s%s%s", handle, words, why, r < 0 ? ": " : "",
                     r < 0 ? strerror(-r) : "");
    return r;
}

void heal_control_fault_expire(struct heal_control_server *server, heal_us now) {
    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++) {
        struct heal_control_span *span = &server->span[i];

        if (span->until == 0 || now < span->until)
            continue;
        if (heal_faults_at(server->of.faults, span->handle, NULL))
            (void)take_back(server, span->handle, "is over");
        span->until = 0;
    }
}

static void refuse_words(struct heal_control_client *client, const struct heal_error *error) {
    heal_control_answer(client, json_pack("{s:i, s:s, s:i}", "code", HEAL_CONTROL_BAD, "error", error->what,
                                          "column", error->column));
}

void heal_control_fault_apply(struct heal_control_server *server, struct heal_control_client *client,
                              const struct heal_control_request *request) {
    heal_us now = heal_lab_now();
    struct heal_fault fault;
    struct heal_error error = {0};
    uint64_t span;
    int handle;

    if (heal_control_number(request->word[0], UINT64_C(1000000000000000), &span) < 0) {
        heal_control_refuse(client, HEAL_CONTROL_BAD, "not a time: %s", request->word[0]);
        return;
    }
    if (heal_fault_parse(request->word[1], heal_lab_topology(server->of.lab), &fault, &error) < 0) {
        refuse_words(client, &error);
        return;
    }
    handle = heal_faults_apply(server->of.faults, &fault, &error);
    if (handle < 0) {
        heal_control_refuse(client, HEAL_CONTROL_FAILED, "%s",
                            error.what[0] ? error.what : strerror(-handle));
        return;
    }
    if (span)
        set_until(server, handle, now + span);
    heal_tell_fault(&server->tell, &fault, true);
    heal_control_say("fault %d: %s", handle, request->word[1]);
    client->phase = HEAL_CONTROL_MEASURING;
    client->handle = handle;
    client->deadline = now + measure_time;
    if (span && span < measure_time + measure_last)
        client->deadline = now + (span > measure_last ? span - measure_last : 0);
    client->due = now + measure_first < client->deadline ? now + measure_first : client->deadline;
}

void heal_control_fault_measure(struct heal_control_server *server, struct heal_control_client *client,
                                heal_us now) {
    bool verified = false;
    json_t *object;

    if (!heal_faults_at(server->of.faults, client->handle, NULL)) {
        heal_control_refuse(client, HEAL_CONTROL_UNKNOWN, "it was taken back before it could be measured");
        return;
    }
    object = describe(server, client->handle, &verified);
    if (!verified && now < client->deadline) {
        json_decref(object);
        client->due = now + measure_every;
        return;
    }
    if (object)
        json_object_set_new(object, "code", json_integer(verified ? HEAL_CONTROL_OK : HEAL_CONTROL_UNKNOWN));
    if (object)
        json_object_set_new(object, "now", json_real((double)now / 1e6));
    heal_control_answer(client, object);
}

static void clear_all(struct heal_control_server *server, struct heal_control_client *client) {
    unsigned count = 0, failed = 0;

    for (int last; (last = heal_faults_last(server->of.faults)) >= 0; count++)
        failed += take_back(server, last, "taken back") < 0;
    heal_control_answer(client,
                        json_pack("{s:i, s:i, s:i}", "code", failed ? HEAL_CONTROL_FAILED : HEAL_CONTROL_OK,
                                  "cleared", (int)count, "failed", (int)failed));
}

void heal_control_fault_clear(struct heal_control_server *server, struct heal_control_client *client,
                              const char *which) {
    uint64_t handle;
    int r;

    if (strcmp(which, "all") == 0) {
        clear_all(server, client);
        return;
    }
    if (heal_control_number(which, INT32_MAX, &handle) < 0) {
        heal_control_refuse(client, HEAL_CONTROL_BAD, "'%s' is neither a fault's number nor all", which);
        return;
    }
    if (!heal_faults_at(server->of.faults, (int)handle, NULL)) {
        heal_control_refuse(client, HEAL_CONTROL_FAILED, "no fault %s is in force", which);
        return;
    }
    r = take_back(server, (int)handle, "taken back");
    if (r < 0)
        heal_control_refuse(client, HEAL_CONTROL_FAILED, "taking it back: %s", strerror(-r));
    else
        heal_control_answer(client,
                            json_pack("{s:i, s:i, s:i}", "code", HEAL_CONTROL_OK, "cleared", 1, "failed", 0));
}
