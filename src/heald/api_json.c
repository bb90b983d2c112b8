/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/api_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heal/verdict.h"

json_t *heald_json_number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *heald_json_float(float value) {
    char digits[32];

    snprintf(digits, sizeof digits, "%.7g", (double)value);
    return heald_json_number(strtod(digits, NULL));
}

json_t *heald_json_time(heal_us time) {
    return time == 0 || time == HEAL_NEVER ? json_null() : json_real((double)time / 1e6);
}

json_t *heald_json_name(const char *name) {
    char ascii[512];
    size_t length = strlen(name);

    length = length < sizeof ascii ? length : sizeof ascii;

    if (length == 0)
        return json_null();
    json_t *value = json_stringn(name, length);
    if (value)
        return value;
    for (size_t i = 0; i < length; i++)
        ascii[i] = (char)((unsigned char)name[i] < 0x80 ? name[i] : '?');
    return json_stringn(ascii, length);
}

json_t *heald_json_node(const struct heald_view *view, heal_node_id node) {
    struct heal_engine_status status;
    struct heal_port_status port;
    char hexadecimal[20];

    if (node == 0)
        return json_null();
    heal_engine_status(view->engine, &status);
    if (heal_node_id_of(status.node) == node)
        return heald_json_name(status.node);
    for (size_t i = 0; heal_engine_port(view->engine, i, &port); i++)
        if (port.neighbour == node && port.neighbour_name[0])
            return heald_json_name(port.neighbour_name);
    snprintf(hexadecimal, sizeof hexadecimal, "%016" PRIx64, node);
    return json_string(hexadecimal);
}

json_t *heald_json_logit(double units) {
    return heald_json_number(units / HEAL_LOGIT_ONE);
}

json_t *heald_json_model(uint64_t id) {
    char digits[20];

    snprintf(digits, sizeof digits, "%016" PRIx64, id);
    return id == 0 ? json_null() : json_string(digits);
}

json_t *heald_json_page(const struct heald_view *view) {
    struct heal_engine_status status;

    heal_engine_status(view->engine, &status);
    return json_pack("{s:s, s:o, s:o, s:f, s:b}", "version", HEAL_VERSION, "node",
                     heald_json_name(status.node), "now", heald_json_time(heald_now()), "now_unix",
                     heald_unix_now(), "dry_run", (int)view->dry_run);
}
