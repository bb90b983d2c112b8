/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "config/utf8.h"

enum { REPLY_MAX = 32 << 20, TIMEOUT_S = 10 };

struct reply {
    char *text;
    size_t length;
    bool too_long;
};

static size_t take(char *data, size_t size, size_t count, void *context) {
    struct reply *reply = context;
    size_t length = size * count;

    if (length > REPLY_MAX - reply->length) {
        reply->too_long = true;
        return 0;
    }
    char *text = realloc(reply->text, reply->length + length + 1);
    if (!text)
        return 0;
    memcpy(text + reply->length, data, length);
    reply->text = text;
    reply->length += length;
    text[reply->length] = '\0';
    return length;
}

/* Nobody took the connection: says why, as far as can be seen, and what to do. */
static int say_unreachable(const struct heal_call *call) {
    struct stat status;
    const char *path = call->socket;

    if (stat(path, &status) < 0 && errno == EACCES)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "may not look at %s; ask as root or as heald's user",
                              path);
    if (stat(path, &status) < 0)
        return heal_call_fail(
            call, HEAL_EXIT_UNKNOWN,
            "no heald answers: there is no socket %s\n"
            "  Is heald running? `systemctl start heald` starts it; another socket is named by "
            "--socket or HEALD_SOCKET.",
            path);
    if (!S_ISSOCK(status.st_mode))
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "%s is not a socket; name heald's by --socket", path);
    if (access(path, W_OK) < 0)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN,
                              "may not use %s; ask as root or as a member of its group", path);
    return heal_call_fail(call, HEAL_EXIT_UNKNOWN,
                          "no heald answers at %s: it has ended and left its socket behind\n"
                          "  `systemctl start heald` starts it again.",
                          path);
}

static int say_failure(const struct heal_call *call, CURLcode code, const struct reply *reply) {
    if (code == CURLE_COULDNT_CONNECT)
        return say_unreachable(call);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "heald did not answer within %d s", TIMEOUT_S);
    if (reply->too_long)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "the answer is longer than %d MiB", REPLY_MAX >> 20);
    return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "heald broke off: %s", curl_easy_strerror(code));
}

/* heald answered that it will not: the reason is in its own words. */
static int say_refusal(const struct heal_call *call, long status, const struct reply *reply) {
    json_t *json = reply->text ? json_loadb(reply->text, reply->length, 0, NULL) : NULL;
    const char *what = json_string_value(json_object_get(json, "error"));
    char words[300];

    heal_utf8_show(what ? what : "it did not say why", words, sizeof words);
    json_decref(json);
    if (status >= 400 && status < 500)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s", words);
    if (status == 503)
        return heal_call_fail(call, HEAL_EXIT_UNKNOWN, "%s", words);
    return heal_call_fail(call, HEAL_EXIT_INTERNAL, "heald answered %ld: %s", status, words);
}

static void set_up(CURL *curl, const struct heal_call *call, const char *url, const char *body,
                   struct reply *reply) {
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, call->socket);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    if (body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
}

static CURLcode perform(CURL *curl, long *ret_status) {
    CURLcode code = curl_easy_perform(curl);

    if (code == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
    return code;
}

int heal_client_ask(const struct heal_call *call, const char *path, const char *body, char **ret_text) {
    if (strlen(call->socket) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "the socket's path is too long: %s", call->socket);
    struct reply reply = {0};
    char url[200];
    long status = 0;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");

    if (!curl || !headers) {
        curl_easy_cleanup(curl);
        curl_slist_free_all(headers);
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    }
    snprintf(url, sizeof url, "http://heald%s", path);
    set_up(curl, call, url, body, &reply);
    if (body)
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    CURLcode code = perform(curl, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    int r = code != CURLE_OK ? say_failure(call, code, &reply) : HEAL_EXIT_OK;
    if (r == HEAL_EXIT_OK && status != 200)
        r = say_refusal(call, status, &reply);
    if (r == HEAL_EXIT_OK && !reply.text)
        r = heal_call_fail(call, HEAL_EXIT_INTERNAL, "heald answered nothing");
    if (r == HEAL_EXIT_OK)
        *ret_text = reply.text;
    else
        free(reply.text);
    return r;
}

int heal_client_ask_json(const struct heal_call *call, const char *path, const char *body,
                         json_t **ret_json) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    json_error_t error;
    int r = heal_client_ask(call, path, body, &text);

    if (r != HEAL_EXIT_OK)
        return r;
    json_t *json = json_loads(text, 0, &error);
    if (!json)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL,
                              "what answers at %s is no heald: line %d, column %d: %s", call->socket,
                              error.line, error.column, error.text);
    *ret_json = json;
    return HEAL_EXIT_OK;
}

int heal_client_page(const struct heal_call *call, const char *path, heal_client_show *show) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    struct heal_page page;
    json_t *json = NULL;
    int r;

    if (call->json) {
        r = heal_client_ask(call, path, NULL, &text);
        if (r == HEAL_EXIT_OK)
            fputs(text, call->out);
        return r;
    }
    r = heal_client_ask_json(call, path, NULL, &json);
    if (r != HEAL_EXIT_OK)
        return r;
    heal_page_init(&page, call->out, json);
    show(&page, json);
    json_decref(json);
    return HEAL_EXIT_OK;
}

int heal_client_order(const struct heal_call *call, const char *path, json_t *take_body, const char *done) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    HEAL_CLEANUP(heal_free_pointer) char *body = take_body ? json_dumps(take_body, JSON_COMPACT) : NULL;

    json_decref(take_body);
    /* jansson makes nothing of a text that is not UTF-8. */
    if (!body)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "the text is not UTF-8");
    int r = heal_client_ask(call, path, body, &text);
    if (r == HEAL_EXIT_OK)
        fprintf(call->out, "%s%s", call->json ? text : done, call->json ? "" : "\n");
    return r;
}
