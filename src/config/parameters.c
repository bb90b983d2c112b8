/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/parameters.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "heal/settings.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *const yes_no[] = {"true", "false", NULL};
static const char *const yes_no_auto[] = {"true", "false", "auto", NULL};
static const char *const types[] = {"auto", "wired", "wireless", "tunnel", NULL};
static const char *const channels[] = {"interfering", "noninterfering", NULL};

/* What may follow a keyword: one of the words, or a number of the range where it has one; with neither, any
 * one word. */
static const struct keyword {
    const char *name;
    const char *const *words;
    bool decimals; /* "0.5" is a number, too */
    double least, most;
} keywords[] = {
    {"type",                  types,       false, 0, 0    },
    {"wired",                 yes_no_auto, false, 0, 0    }, /* before type was there; still understood */
    {"link-quality",          yes_no_auto, false, 0, 0    },
    {"split-horizon",         yes_no_auto, false, 0, 0    },
    {"rxcost",                NULL,        false, 1, 65534},
    {"channel",               channels,    false, 1, 254  },
    {"faraway",               yes_no,      false, 0, 0    },
    {"hello-interval",        NULL,        true,  0, 655  },
    {"update-interval",       NULL,        true,  0, 655  },
    {"enable-timestamps",     yes_no,      false, 0, 0    },
    {"unicast",               yes_no,      false, 0, 0    },
    {"rfc6126-compatible",    yes_no,      false, 0, 0    },
    {"rtt-decay",             NULL,        false, 1, 256  },
    {"rtt-min",               NULL,        true,  0, 65535},
    {"rtt-max",               NULL,        true,  0, 65535},
    {"max-rtt-penalty",       NULL,        false, 1, 65535},
    {"v4-via-v6",             yes_no_auto, false, 0, 0    },
    {"probe-mtu",             yes_no,      false, 0, 0    },
    {"key",                   NULL,        false, 0, 0    },
    {"accept-bad-signatures", yes_no,      false, 0, 0    },
};

static const struct keyword *keyword_of(const char *name) {
    for (size_t i = 0; i < HEAL_COUNT(keywords); i++)
        if (strcmp(keywords[i].name, name) == 0)
            return &keywords[i];
    return NULL;
}

static bool is_number_of(const struct keyword *keyword, const char *value) {
    size_t whole = strspn(value, "0123456789"), length = whole;

    if (keyword->decimals && whole > 0 && value[whole] == '.')
        length += 1 + strspn(value + whole + 1, "0123456789");
    if (whole == 0 || value[length] || value[length - 1] == '.')
        return false;
    double number = strtod(value, NULL);
    /* An interval or a time of 0 is none. */
    return number <= keyword->most &&
           (keyword->decimals ? number > keyword->least : number >= keyword->least);
}

static bool takes(const struct keyword *keyword, const char *value) {
    if (!keyword->words && keyword->most <= 0)
        return true;
    for (size_t i = 0; keyword->words && keyword->words[i]; i++)
        if (strcmp(keyword->words[i], value) == 0)
            return true;
    return keyword->most > 0 && is_number_of(keyword, value);
}

static void say_expected(const struct keyword *keyword, const char *value, struct heal_text *why) {
    heal_text_add(why, "'%s' takes", keyword->name);
    for (size_t i = 0; keyword->words && keyword->words[i]; i++)
        heal_text_add(why, "%s %s", i ? "," : "", keyword->words[i]);
    if (keyword->most > 0)
        heal_text_add(why, "%s a%s number %s %g to %g", keyword->words ? " or" : "",
                      keyword->decimals ? "" : " whole", keyword->decimals ? "above" : "from", keyword->least,
                      keyword->most);
    heal_text_add(why, ", not '%.24s'", value);
}

static void say_unknown(const char *name, struct heal_text *why) {
    const char *names[HEAL_COUNT(keywords) + 1] = {NULL};

    for (size_t i = 0; i < HEAL_COUNT(keywords); i++)
        names[i] = keywords[i].name;
    const char *nearest = heal_name_nearest(name, names);
    heal_text_add(why, "babeld knows no '%.24s' of an interface", name);
    if (nearest)
        heal_text_add(why, "; did you mean '%s'?", nearest);
}

int heal_parameters_check(const char *text, char *why, size_t size) {
    char words[HEAL_INTERFACE_PARAMETERS_MAX], *rest = NULL;
    struct heal_text said;

    heal_name_copy(words, sizeof words, text);
    for (char *name = strtok_r(words, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        const struct keyword *keyword = keyword_of(name);
        const char *value = keyword ? strtok_r(NULL, " ", &rest) : NULL;

        if (keyword && value && takes(keyword, value))
            continue;
        heal_text_init(&said, why, size);
        if (!keyword)
            say_unknown(name, &said);
        else if (!value)
            heal_text_add(&said, "'%s' needs a value", keyword->name);
        else
            say_expected(keyword, value, &said);
        return -EINVAL;
    }
    return 0;
}
