/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heal/types.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

heal_node_id heal_node_id_of(const char *name) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < HEAL_NAME_MAX - 1 && name[i]; i++)
        hash = (hash ^ (uint8_t)name[i]) * UINT64_C(0x100000001b3);
    return hash ? hash : 1;
}

bool heal_address_is_zero(const struct heal_address *a) {
    static const struct heal_address zero;

    return heal_address_equal(a, &zero);
}

bool heal_address_is_mapped(const struct heal_address *address) {
    return memcmp(address->byte, mapped_prefix, sizeof mapped_prefix) == 0;
}

bool heal_address_is_link_local(const struct heal_address *address) {
    return address->byte[0] == 0xfe && (address->byte[1] & 0xc0) == 0x80;
}

int heal_address_parse(const char *text, struct heal_address *ret_address) {
    struct heal_address address;

    if (inet_pton(AF_INET6, text, address.byte) != 1) {
        memcpy(address.byte, mapped_prefix, sizeof mapped_prefix);
        if (inet_pton(AF_INET, text, address.byte + 12) != 1)
            return -EINVAL;
    }
    *ret_address = address;
    return 0;
}

int heal_prefix_parse(const char *text, struct heal_prefix *ret_prefix) {
    char buffer[HEAL_ADDRESS_TEXT];
    struct heal_prefix prefix = {.length = 128};
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);

    if (length >= sizeof buffer)
        return -EINVAL;
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    if (heal_address_parse(buffer, &prefix.address) < 0)
        return -EINVAL;
    if (slash) {
        bool v4 = strchr(buffer, ':') == NULL;
        unsigned bits = 0, digits = 0;

        for (const char *c = slash + 1; *c; c++, digits++) {
            if (*c < '0' || *c > '9' || digits == 3)
                return -EINVAL;
            bits = bits * 10 + (unsigned)(*c - '0');
        }
        if (!digits || bits > (v4 ? 32U : 128U))
            return -EINVAL;
        prefix.length = (uint8_t)(v4 ? bits + 96 : bits);
    }
    *ret_prefix = prefix;
    return 0;
}

const char *heal_address_format(const struct heal_address *address, char buffer[static HEAL_ADDRESS_TEXT]) {
    if (heal_address_is_mapped(address))
        inet_ntop(AF_INET, address->byte + 12, buffer, HEAL_ADDRESS_TEXT);
    else
        inet_ntop(AF_INET6, address->byte, buffer, HEAL_ADDRESS_TEXT);
    return buffer;
}

const char *heal_prefix_format(const struct heal_prefix *prefix, char buffer[static HEAL_ADDRESS_TEXT]) {
    bool v4 = heal_address_is_mapped(&prefix->address) && prefix->length >= 96;
    size_t length;

    if (v4)
        heal_address_format(&prefix->address, buffer);
    else
        inet_ntop(AF_INET6, prefix->address.byte, buffer, HEAL_ADDRESS_TEXT);
    length = strlen(buffer);
    snprintf(buffer + length, HEAL_ADDRESS_TEXT - length, "/%u",
             v4 ? prefix->length - 96U : prefix->length + 0U);
    return buffer;
}
