/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Faults in a lab: brought in, listed, taken back. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "config/quantity.h"
#include "fault/fault.h"
#include "healctl/cmd.h"
#include "healctl/lab_client.h"
#include "healctl/page.h"
#include "healctl/show.h"

enum { TIMEOUT_MS = 30000, INDENT = 2 };

static const struct {
    const char *form, *summary;
} orders[] = {
    {"list",               "shows the faults in force, and what they do"},
    {"clear [NUMBER|all]", "takes one back, or all"                     },
};

const char *heal_cmd_lab_fault_form(size_t index, const char **ret_summary) {
    size_t order = index - HEAL_FAULT_KINDS;

    if (index < HEAL_FAULT_KINDS) {
        *ret_summary = heal_fault_summary((enum heal_fault_kind)index);
        return heal_fault_usage((enum heal_fault_kind)index);
    }
    if (order >= HEAL_COUNT(orders))
        return NULL;
    *ret_summary = orders[order].summary;
    return orders[order].form;
}

/* @return whether the first word is one of the forms'; else what is wrong has been said. */
static bool is_known(const struct heal_call *call) {
    char word[HEAL_FAULT_KINDS + HEAL_COUNT(orders)][32];
    const char *candidate[HEAL_COUNT(word) + 1] = {NULL}, *nearest;

    for (size_t i = 0; i < HEAL_COUNT(word) && heal_verb_form_word(call->verb, i, word[i], sizeof word[i]);
         i++) {
        if (strcmp(word[i], call->argument[0]) == 0)
            return true;
        candidate[i] = word[i];
    }
    nearest = heal_name_nearest(call->argument[0], candidate);
    if (nearest)
        heal_call_fail(call, 0, "no fault '%s'; did you mean %s?", call->argument[0], nearest);
    else
        heal_call_fail(call, 0, "no fault '%s'; `healctl lab fault --help` lists them", call->argument[0]);
    return false;
}

static int show_faults(const struct heal_call *call) {
    json_t *reply = NULL;
    int r = heal_lab_client_ask(call, HEAL_CONTROL_FAULTS, NULL, TIMEOUT_MS, &reply);
    struct heal_page page;

    heal_page_init(&page, call->out, reply);
    if (call->json && reply)
        heal_page_json(call->out, reply);
    else if (r == HEAL_EXIT_OK)
        heal_show_lab_faults(&page, reply);
    json_decref(reply);
    return r;
}

static int clear(const struct heal_call *call) {
    const char *const words[] = {call->arguments > 1 ? call->argument[1] : "all", NULL};
    json_t *reply = NULL;
    int r = heal_lab_client_ask(call, HEAL_CONTROL_CLEAR, words, TIMEOUT_MS, &reply);
    long long cleared = heal_field_integer(reply, "cleared");

    if (call->json && reply)
        heal_page_json(call->out, reply);
    else if (r == HEAL_EXIT_OK && cleared == 0)
        fputs("no fault is in force\n", call->out);
    else if (r == HEAL_EXIT_OK)
        fprintf(call->out, "%lld fault%s taken back\n", cleared, cleared == 1 ? "" : "s");
    json_decref(reply);
    return r;
}

/* The words, and below them a mark at what is wrong. @param column in bytes, from 1. */
static void point_at(const struct heal_call *call, const char *text, long long column) {
    int blanks = INDENT;

    if (column < 1 || (size_t)column > strlen(text) + 1)
        return;
    for (long long i = 0; i < column - 1; i++)
        blanks += ((unsigned char)text[i] & 0xc0) != 0x80;
    fprintf(call->err, "%*s%s\n%*s^\n", INDENT, "", text, blanks, "");
}

static int apply(const struct heal_call *call) {
    const char *span = heal_call_option(call, "--for");
    char text[HEAL_FAULT_TEXT], microseconds[24];
    const char *const words[] = {microseconds, text, NULL};
    struct heal_text joined;
    struct heal_page page;
    json_t *reply = NULL;
    heal_us time = 0;
    int r;

    if (span && (heal_duration_parse(span, &time) < 0 || time == 0))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--for is a time such as 30s or 5min");
    snprintf(microseconds, sizeof microseconds, "%" PRIu64, (uint64_t)time);
    heal_text_init(&joined, text, sizeof text);
    for (size_t i = 0; i < call->arguments; i++)
        heal_text_add(&joined, "%s%s", i > 0 ? " " : "", call->argument[i]);
    if (joined.cut)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "too long");
    r = heal_lab_client_ask(call, HEAL_CONTROL_FAULT, words, TIMEOUT_MS, &reply);
    heal_page_init(&page, call->out, reply);
    if (call->json && reply)
        heal_page_json(call->out, reply);
    else if (json_object_get(reply, "handle"))
        heal_show_lab_fault(&page, reply);
    else if (json_object_get(reply, "column"))
        point_at(call, text, heal_field_integer(reply, "column"));
    json_decref(reply);
    return r;
}

int heal_cmd_lab_fault(const struct heal_call *call) {
    bool lists = strcmp(call->argument[0], "list") == 0, clears = strcmp(call->argument[0], "clear") == 0;

    if (!is_known(call))
        return HEAL_EXIT_USAGE;
    if ((lists || clears) && (call->arguments > (lists ? 1 : 2) || heal_call_option(call, "--for")))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "it is written: %s", orders[clears].form);
    if (lists)
        return show_faults(call);
    return clears ? clear(call) : apply(call);
}
