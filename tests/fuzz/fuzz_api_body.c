/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The bodies of orders to the admin interface: the first byte chooses the verb, the rest is the body. What is
 * taken must be an order that the engine can have; or, after 0xff, the bytes of a model. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "heal/settings.h"
#include "heald/api_model.h"
#include "heald/api_order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_model(const char *body, size_t size) {
    struct heal_error error = {0};
    char *bytes = NULL;
    size_t length = 0;
    int r = heald_model_parse(body, size, &bytes, &length, &error);

    if (r < 0 ? !error.what[0] || bytes : length > size)
        abort();
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_event_operator order;
    struct heal_error error = {0};

    if (size == 0)
        return 0;
    if (data[0] == 0xff) {
        take_model((const char *)data + 1, size - 1);
        return 0;
    }
    enum heal_operator_verb verb = (enum heal_operator_verb)((unsigned)data[0] % HEAL_OPERATOR_VERBS);
    memset(&order, 0xa5, sizeof order);
    if (heald_order_parse(verb, (const char *)data + 1, size - 1, &order, &error) < 0) {
        if (!error.what[0])
            abort();
        return 0;
    }
    if (order.verb != verb || !memchr(order.argument, '\0', sizeof order.argument))
        abort();
    enum heal_diagnosis diagnosis;
    if (verb == HEAL_OPERATOR_MISSED && heal_diagnosis_parse(order.argument, &diagnosis) < 0)
        abort();
    return 0;
}
