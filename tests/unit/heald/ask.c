/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int ask_send(const struct program *program, const char *method, const char *path, const char *body) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = PROGRAM_WAIT_MS / 1000};
    char request[512];
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/sock", program->folder);
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    assert_int_equal(connect(file, (struct sockaddr *)&address, sizeof address), 0);
    int length = snprintf(request, sizeof request,
                          "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                          method, path, strlen(body), body);
    assert_int_equal(send(file, request, (size_t)length, 0), length);
    return file;
}

int ask_answer(int file, json_t **ret_page) {
    static char text[1 << 17];
    size_t length = 0;
    ssize_t got;
    int status = 0;

    while (length + 1 < sizeof text && (got = read(file, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(file);
    text[length] = '\0';
    assert_int_equal(sscanf(text, "HTTP/1.1 %d", &status), 1);
    char *content = strstr(text, "\r\n\r\n");
    assert_non_null(content);
    if (ret_page)
        *ret_page = json_loads(content + 4, 0, NULL);
    return status;
}

int ask_order(const struct program *program, const char *path, const char *body) {
    return ask_answer(ask_send(program, "POST", path, body), NULL);
}

bool ask_is_degraded(const struct program *program, const char *name) {
    json_t *page = NULL;
    const json_t *condition;
    bool found = false;
    size_t i;

    assert_int_equal(ask_answer(ask_send(program, "GET", "/v1/status", ""), &page), 200);
    json_array_foreach(json_object_get(page, "degraded"), i, condition) found =
        found || strcmp(json_string_value(json_object_get(condition, "condition")), name) == 0;
    json_decref(page);
    return found;
}

bool ask_is_well(const struct program *program) {
    json_t *page = NULL;

    assert_int_equal(ask_answer(ask_send(program, "GET", "/v1/status", ""), &page), 200);
    bool well = json_array_size(json_object_get(page, "degraded")) == 0;
    json_decref(page);
    return well;
}
