/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/lab_client.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "config/utf8.h"
#include "healctl/page.h"

enum { HELLO_TIMEOUT_MS = 2000 };

static json_t *hello(const char *folder) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    int connection = heal_control_connect(folder);
    json_t *reply = NULL;

    if (connection < 0)
        return NULL;
    if (heal_control_send(connection, HEAL_CONTROL_HELLO, NULL, NULL) == 0 &&
        heal_control_receive(connection, HELLO_TIMEOUT_MS, &text) == 0)
        reply = json_loads(text, 0, NULL);
    close(connection);
    return reply;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

json_t *heal_lab_client_running(void) {
    char base[HEAL_LAB_PATH_MAX], folder[HEAL_LAB_PATH_MAX];
    json_t *running = json_array();
    struct dirent **entry = NULL;
    int entries = scandir(heal_lab_folder("", base), &entry, NULL, by_name);

    for (int i = 0; i < entries; i++) {
        json_t *reply;

        if (entry[i]->d_name[0] != '.' && (reply = hello(heal_lab_folder(entry[i]->d_name, folder))))
            json_array_append_new(running, reply);
        free(entry[i]);
    }
    free(entry);
    return running;
}

/* Nobody said which. */
static int choose(const struct heal_call *call, char folder[static HEAL_LAB_PATH_MAX]) {
    json_t *running = heal_lab_client_running(), *one;
    size_t count = json_array_size(running), i;
    struct heal_text names;
    char buffer[400];

    heal_text_init(&names, buffer, sizeof buffer);
    heal_lab_folder(HEAL_LAB_DEFAULT_NAME, folder);
    if (count == 1)
        heal_name_copy(folder, HEAL_LAB_PATH_MAX,
                       heal_field_text(json_array_get(running, 0), "folder", folder));
    json_array_foreach(running, i, one) {
        const char *name = heal_field_text(one, "name", "?");

        heal_text_add(&names, " %s", name);
        count = strcmp(name, HEAL_LAB_DEFAULT_NAME) == 0 ? 1 : count;
    }
    json_decref(running);
    if (count <= 1)
        return HEAL_EXIT_OK;
    return heal_call_fail(call, HEAL_EXIT_USAGE, "more than one lab runs, and --name NAME says which:%s",
                          buffer);
}

/* @return why there is no connection, as an exit code. */
static int nobody(const struct heal_call *call, const char *folder, int r) {
    const char *named = heal_call_option(call, "--name");

    if (r != -ENOENT && r != -ECONNREFUSED)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "%s/lab.sock: %s", folder, strerror(-r));
    if (named)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN,
                              "no lab called %s runs; `healctl lab list` shows those that do", named);
    if (heal_call_option(call, "--folder"))
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "no lab runs in %s", folder);
    return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "no lab runs; `healctl lab up` makes one");
}

int heal_lab_client_connect(const struct heal_call *call, int *ret_connection) {
    const char *by_folder = heal_call_option(call, "--folder"), *name = heal_call_option(call, "--name");
    char folder[HEAL_LAB_PATH_MAX];
    int result = HEAL_EXIT_OK, r;

    if (by_folder && name)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "either --name or --folder");
    if (by_folder)
        heal_name_copy(folder, sizeof folder, by_folder);
    else if (name)
        heal_lab_folder(name, folder);
    else
        result = choose(call, folder);
    if (result != HEAL_EXIT_OK)
        return result;
    r = heal_control_connect(folder);
    if (r < 0)
        return nobody(call, folder, r);
    *ret_connection = r;
    return HEAL_EXIT_OK;
}

int heal_lab_client_receive(const struct heal_call *call, int connection, int timeout_ms,
                            json_t **ret_reply) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    int r = heal_control_receive(connection, timeout_ms, &text);
    const char *error;
    json_t *reply;

    *ret_reply = NULL;
    if (r == -EPIPE)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "the lab has ended");
    if (r == -ETIMEDOUT)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "the lab does not answer");
    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "no answer from the lab: %s", strerror(-r));
    reply = json_loads(text, 0, NULL);
    if (!json_is_object(reply)) {
        json_decref(reply);
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "the lab's answer cannot be understood");
    }
    error = heal_field_text(reply, "error", NULL);
    if (error && !call->json) {
        char clean[600];

        heal_utf8_show(error, clean, sizeof clean);
        heal_call_fail(call, 0, "%s", clean);
    }
    *ret_reply = reply;
    return (int)heal_field_integer(reply, "code") & 255;
}

int heal_lab_client_ask(const struct heal_call *call, enum heal_control_verb verb, const char *const *words,
                        int timeout_ms, json_t **ret_reply) {
    int connection = -1, result = heal_lab_client_connect(call, &connection), r;

    *ret_reply = NULL;
    if (result != HEAL_EXIT_OK)
        return result;
    r = heal_control_send(connection, verb, words, NULL);
    if (r == -E2BIG)
        result = heal_call_fail(call, HEAL_EXIT_USAGE, "too long");
    else if (r < 0)
        result = heal_call_fail(call, HEAL_EXIT_UNKNOWN, "the lab cannot be asked: %s", strerror(-r));
    else
        result = heal_lab_client_receive(call, connection, timeout_ms, ret_reply);
    close(connection);
    return result;
}
