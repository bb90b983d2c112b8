/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Requests to the admin interface of a heald that is not there: a first line "METHOD PATH?QUERY", then the
 * body. Every answer has a status, a type, and if it is JSON it is whole. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fake_heald.h"
#include "heald/api.h"
#include "heald/metrics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(const struct heal_http_route *routes, struct heal_http_request *request) {
    struct heal_http_reply reply;

    heal_http_answer(routes, fake_heald_view(), request, &reply, NULL);
    if (reply.code < 200 || reply.code > 599 || !reply.type || !reply.body)
        abort();
    if (strcmp(reply.type, "application/json") == 0) {
        json_t *json = json_loadb(reply.body, reply.length, 0, NULL);

        if (!json)
            abort();
        json_decref(json);
    }
    free(reply.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *body = strchr(text, '\n'), *path = strchr(text, ' ');
    char *end = text + size;
    if (body)
        *body++ = '\0';
    else
        body = end;
    if (path && path < body)
        *path++ = '\0';
    else
        path = end;
    char *query = strchr(path, '?');
    if (query)
        *query++ = '\0';
    struct heal_http_request request = {.method = strcmp(text, "GET") == 0    ? HEAL_HTTP_GET
                                                  : strcmp(text, "POST") == 0 ? HEAL_HTTP_POST
                                                                              : HEAL_HTTP_HEAD,
                                        .path = path,
                                        .query = query ? query : "",
                                        .body = body,
                                        .body_length = (size_t)(end - body),
                                        .peer = {.uid = -1}};
    answer(heald_api_routes, &request);
    answer(heald_metrics_routes, &request);
    free(text);
    return 0;
}
