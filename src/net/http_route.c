/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/http.h"

/* @return whether @p path is what @p pattern says; the star stands for one segment that is not empty. */
static bool match(const char *pattern, const char *path, const char **ret_argument) {
    size_t length = strcspn(pattern, "*");

    *ret_argument = "";
    if (!pattern[length])
        return strcmp(pattern, path) == 0;
    if (strncmp(pattern, path, length) != 0 || !path[length] || strchr(path + length, '/'))
        return false;
    *ret_argument = path + length;
    return true;
}

static bool method_fits(enum heal_http_method route, enum heal_http_method request) {
    return route == request || (route == HEAL_HTTP_GET && request == HEAL_HTTP_HEAD);
}

void heal_http_answer(const struct heal_http_route *routes, void *context, struct heal_http_request *request,
                      struct heal_http_reply *reply, const char **ret_allow) {
    bool get = false, post = false;

    *reply = (struct heal_http_reply){.code = 200, .type = "application/json"};
    if (ret_allow)
        *ret_allow = NULL;
    for (const struct heal_http_route *route = routes; route->pattern; route++) {
        const char *argument;

        if (!match(route->pattern, request->path, &argument))
            continue;
        if (method_fits(route->method, request->method)) {
            request->argument = argument;
            request->number = route->number;
            route->handle(context, request, reply);
            return;
        }
        get = get || route->method == HEAL_HTTP_GET;
        post = post || route->method == HEAL_HTTP_POST;
    }
    if (!get && !post) {
        heal_http_reply_error(reply, 404, "nothing at %s", request->path);
        return;
    }
    const char *allow = get && post ? "GET, HEAD, POST" : get ? "GET, HEAD" : "POST";
    if (ret_allow)
        *ret_allow = allow;
    heal_http_reply_error(reply, 405, "%s takes %s", request->path, allow);
}

void heal_http_reply_text(struct heal_http_reply *reply, int code, const char *type, const char *text,
                          size_t length) {
    char *copy = malloc(length + 1);

    free(reply->body);
    *reply = (struct heal_http_reply){.code = copy ? code : 500, .type = type, .body = copy};
    if (!copy)
        return;
    memcpy(copy, text, length);
    copy[length] = '\0';
    reply->length = length;
}

/* A JSON string's inside (RFC 8259, 7). Bytes that are not ASCII become a question mark: an error message
 * may quote what a client sent, which need not be UTF-8. */
static void add_escaped(struct heal_text *text, const char *from) {
    for (; *from; from++) {
        unsigned char c = (unsigned char)*from;

        if (c == '"' || c == '\\')
            heal_text_add(text, "\\%c", c);
        else if (c < 0x20)
            heal_text_add(text, "\\u%04x", c);
        else
            heal_text_add(text, "%c", c < 0x7f ? c : '?');
    }
}

void heal_http_reply_error(struct heal_http_reply *reply, int code, const char *format, ...) {
    char what[300], body[2000];
    struct heal_text text;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    heal_text_init(&text, body, sizeof body);
    heal_text_add(&text, "{\"error\": \"");
    add_escaped(&text, what);
    heal_text_add(&text, "\"}\n");
    heal_http_reply_text(reply, code, "application/json", text.buffer, text.length);
}
