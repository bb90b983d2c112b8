/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Requests to who holds a lab: what can be decoded says the same when it is encoded again. */
#include "control/control.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char again[HEAL_CONTROL_REQUEST_MAX];
    struct heal_control_request request;
    uint64_t number;

    if (heal_control_decode((const char *)data, size, &request) < 0)
        return 0;
    if (heal_control_encode(request.verb, request.word, again) != (int)size || memcmp(again, data, size) != 0)
        __builtin_trap();
    for (size_t i = 0; i < request.words; i++)
        if (heal_control_number(request.word[i], 255, &number) == 0 && number > 255)
            __builtin_trap();
    return request.word[request.words] != NULL;
}
