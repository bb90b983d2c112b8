/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/text_value.h"

#include "config/utf8.h"
#include "heal/types.h"

#include <string.h>

static bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_made_of(const char *text, const char *more) {
    if (!is_alphanumeric(text[0]))
        return false;
    for (; *text; text++)
        if (!is_alphanumeric(*text) && !strchr(more, *text))
            return false;
    return true;
}

bool heal_text_value_is_name(const char *text) {
    return is_made_of(text, "._-");
}

bool heal_text_value_is_unit(const char *text) {
    return is_made_of(text, ":_.\\@-");
}

bool heal_text_value_is_words(const char *text) {
    return is_made_of(text, " ._:/-") && !strstr(text, "  ") && text[strlen(text) - 1] != ' ';
}

bool heal_text_value_is_path(const char *text) {
    if (text[0] != '/' || strpbrk(text, "\t\r\n") || heal_utf8_check(text, strlen(text), NULL) < 0)
        return false;
    for (const char *part = strchr(text, '/'); part; part = strchr(part + 1, '/'))
        if (strncmp(part, "/..", 3) == 0 && (part[3] == '/' || part[3] == '\0'))
            return false;
    return true;
}

static bool is_port(const char *text) {
    unsigned port = 0;

    if (text[0] < '1' || text[0] > '9' || strlen(text) > 5)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        port = port * 10 + (unsigned)(*text - '0');
    }
    return port <= UINT16_MAX;
}

bool heal_text_value_is_listen(const char *text) {
    const char *colon = strrchr(text, ':');
    char host[HEAL_ADDRESS_TEXT];
    struct heal_address address;
    bool bracketed = text[0] == '[';

    if (!colon || !is_port(colon + 1))
        return false;
    size_t length = (size_t)(colon - text);
    if (bracketed) {
        if (length < 3 || text[length - 1] != ']')
            return false;
        text++;
        length -= 2;
    }
    if (length >= sizeof host)
        return false;
    memcpy(host, text, length);
    host[length] = '\0';
    return bracketed == (strchr(host, ':') != NULL) && heal_address_parse(host, &address) == 0;
}
