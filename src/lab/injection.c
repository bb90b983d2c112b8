/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The rules that injections have in the air's chains, and what their counters say. */
#include "lab/injector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "lab/faults_state.h"

/* "counter c4294967295 {", its packets and bytes, "}". */
enum { LISTED_MAX = 128 };

static const char word[] = "counter";

/* The word in a line of rules after which the counter's name goes; NULL: it does not count. */
static const char *find_counter(const char *line, size_t length) {
    static const size_t size = sizeof word - 1;

    for (size_t at = 0; at + size <= length; at += strcspn(line + at, " \n") + 1)
        if (strncmp(line + at, word, size) == 0 && (at + size == length || line[at + size] == ' '))
            return line + at + size;
    return NULL;
}

static const char *next_line(const char *line) {
    size_t length = strcspn(line, "\n");

    return line + length + (line[length] == '\n');
}

static unsigned count_counters(const char *text) {
    unsigned count = 0;

    for (const char *line = text; *line; line = next_line(line))
        count += find_counter(line, strcspn(line, "\n")) != NULL;
    return count;
}

static void print_rules(FILE *out, const struct heal_rules *rules) {
    unsigned counter = rules->first;

    for (const char *line = rules->text; *line; line = next_line(line)) {
        size_t length = strcspn(line, "\n");
        const char *behind = find_counter(line, length);

        if (behind)
            fprintf(out, "%.*s name \"c%u\"%.*s\n", (int)(behind - line), line, counter++,
                    (int)(line + length - behind), behind);
        else
            fprintf(out, "%.*s\n", (int)length, line);
    }
}

static void print_counters(FILE *out, const char *verb, const struct heal_rules *rules) {
    for (unsigned i = 0; i < rules->count; i++)
        fprintf(out, "%s counter netdev air c%u\n", verb, rules->first + i);
}

static int compare(const struct heal_rules *a, const struct heal_rules *b) {
    if (a->handle != b->handle)
        return a->handle < b->handle ? -1 : 1;
    if (a->link != b->link)
        return a->link < b->link ? -1 : 1;
    return (int)a->direction - (int)b->direction;
}

/* Where the rules of that injection and direction are, or belong. */
static size_t find_place(const struct heal_faults *faults, const struct heal_rules *rules) {
    size_t place = 0;

    while (place < faults->rules_count && compare(&faults->rules[place], rules) < 0)
        place++;
    return place;
}

/* Rules that pass the packet on themselves (to a relay): none that come behind them would see it. */
static bool is_last(const struct heal_rules *rules) {
    return strstr(rules->text, "fwd to") != NULL;
}

static void print_if(FILE *out, const struct heal_rules *rules, bool last) {
    if (is_last(rules) == last)
        print_rules(out, rules);
}

/* In the order of the handles, the rules of the direction once @p rules have taken the place of @p old (NULL:
 * of nothing). */
static void print_ordered(FILE *out, const struct heal_faults *faults, const struct heal_rules *old,
                          const struct heal_rules *rules, bool last) {
    bool printed = false;

    for (size_t i = 0; i < faults->rules_count; i++) {
        const struct heal_rules *other = &faults->rules[i];

        if (!printed && compare(other, rules) >= 0) {
            print_if(out, rules, last);
            printed = true;
        }
        if (other != old && other->link == rules->link && other->direction == rules->direction)
            print_if(out, other, last);
    }
    if (!printed)
        print_if(out, rules, last);
}

static int print_chain(FILE *out, const struct heal_faults *faults, const struct heal_rules *old,
                       const struct heal_rules *rules) {
    print_ordered(out, faults, old, rules, false);
    print_ordered(out, faults, old, rules, true);
    return fclose(out) != 0 ? -ENOMEM : 0;
}

static int replace_chain(struct heal_faults *faults, const struct heal_rules *old,
                         const struct heal_rules *rules) {
    HEAL_CLEANUP(heal_free_pointer) char *before = NULL;
    HEAL_CLEANUP(heal_free_pointer) char *chain = NULL;
    HEAL_CLEANUP(heal_free_pointer) char *after = NULL;
    size_t length;
    FILE *out = open_memstream(&before, &length);
    int r;

    if (!out)
        return -ENOMEM;
    print_counters(out, "add", rules);
    if (fclose(out) != 0)
        return -ENOMEM;
    out = open_memstream(&after, &length);
    if (!out)
        return -ENOMEM;
    if (old)
        print_counters(out, "delete", old);
    if (fclose(out) != 0)
        return -ENOMEM;
    out = open_memstream(&chain, &length);
    r = out ? print_chain(out, faults, old, rules) : -ENOMEM;
    return r < 0 ? r : heal_lab_air_replace(faults->lab, rules->link, rules->direction, before, chain, after);
}

static int make_room(struct heal_faults *faults) {
    size_t room = faults->rules_room ? 2 * faults->rules_room : 16;
    struct heal_rules *rules;

    if (faults->rules_count < faults->rules_room)
        return 0;
    rules = realloc(faults->rules, room * sizeof *rules);
    if (!rules)
        return -ENOMEM;
    faults->rules = rules;
    faults->rules_room = room;
    return 0;
}

/* Keeps what the chain now has. */
static void keep(struct heal_faults *faults, size_t place, bool is_there, const struct heal_rules *rules) {
    struct heal_rules *at = &faults->rules[place];
    size_t behind = faults->rules_count - place;

    if (is_there)
        free(at->text);
    if (!rules->text[0]) {
        memmove(at, at + 1, (behind - 1) * sizeof *at);
        faults->rules_count--;
        free(rules->text);
        return;
    }
    if (!is_there) {
        memmove(at + 1, at, behind * sizeof *at);
        faults->rules_count++;
    }
    *at = *rules;
}

int heal_injection_rules(struct heal_faults *faults, const struct heal_injection *injection, unsigned link,
                         enum heal_lab_direction direction, const char *rules) {
    struct heal_rules wanted = {.handle = injection->handle,
                                .link = link,
                                .direction = direction,
                                .first = faults->next_counter,
                                .count = count_counters(rules)};
    int r = make_room(faults);
    size_t place = find_place(faults, &wanted);
    bool is_there = place < faults->rules_count && compare(&faults->rules[place], &wanted) == 0;

    if (r < 0 || (!is_there && !rules[0]))
        return r;
    wanted.text = strdup(rules);
    if (!wanted.text)
        return -ENOMEM;
    r = replace_chain(faults, is_there ? &faults->rules[place] : NULL, &wanted);
    if (r < 0) {
        free(wanted.text);
        return r;
    }
    faults->next_counter += wanted.count;
    keep(faults, place, is_there, &wanted);
    return 0;
}

int heal_injection_rules_link(struct heal_faults *faults, const struct heal_injection *injection,
                              const char *rules, struct heal_error *error) {
    const struct heal_fault *fault = &injection->fault;
    int r = 0;

    for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; r == 0 && way < HEAL_LAB_DIRECTIONS; way++)
        if (heal_fault_suffers(fault, way))
            r = heal_injection_rules(faults, injection, fault->link, way, rules);
    if (r == 0)
        return 0;
    (void)heal_injection_rules_clear(faults, injection);
    return heal_error_set(error, r, 0, 0, "setting the rules of link %u in the air: %s", fault->link,
                          strerror(-r));
}

int heal_injection_silence(struct heal_faults *faults, const struct heal_injection *injection,
                           unsigned link) {
    int r = 0;

    for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; r == 0 && way < HEAL_LAB_DIRECTIONS; way++)
        r = heal_injection_rules(faults, injection, link, way, "counter drop");
    return r;
}

int heal_injection_rules_clear(struct heal_faults *faults, const struct heal_injection *injection) {
    int result = 0;

    for (size_t i = faults->rules_count; i-- > 0;) {
        const struct heal_rules *rules = &faults->rules[i];
        int r;

        if (rules->handle != injection->handle)
            continue;
        r = heal_injection_rules(faults, injection, rules->link, rules->direction, "");
        result = result == 0 ? r : result;
    }
    return result;
}

/* All the counters of the air, as nft lists them. */
static int list_counters(struct heal_faults *faults, char **ret_text) {
    static const char *const argv[] = {"nft", "list", "counters", "table", "netdev", "air", NULL};
    size_t size = LISTED_MAX;
    char *text;
    int r;

    for (size_t i = 0; i < faults->rules_count; i++)
        size += faults->rules[i].count * LISTED_MAX;
    text = malloc(size);
    if (!text)
        return -ENOMEM;
    r = heal_injection_run(faults, HEAL_LAB_AIR, argv, NULL, text, size);
    if (r < 0) {
        free(text);
        return r;
    }
    *ret_text = text;
    return 0;
}

static uint64_t find_packets(const char *list, unsigned counter) {
    char head[32];
    const char *at;

    snprintf(head, sizeof head, "counter c%u {", counter);
    at = strstr(list, head);
    at = at ? strstr(at, "packets ") : NULL;
    return at ? strtoull(at + sizeof "packets " - 1, NULL, 10) : 0;
}

int heal_injection_counted(struct heal_faults *faults, const struct heal_injection *injection, unsigned link,
                           enum heal_lab_direction direction, uint64_t *ret_packets) {
    HEAL_CLEANUP(heal_free_pointer) char *list = NULL;
    uint64_t packets = 0;
    int r = list_counters(faults, &list);

    if (r < 0)
        return r;
    for (size_t i = 0; i < faults->rules_count; i++) {
        const struct heal_rules *rules = &faults->rules[i];

        if (rules->handle != injection->handle || rules->link != link || rules->direction != direction)
            continue;
        for (unsigned rule = 0; rule < rules->count; rule++)
            packets += find_packets(list, rules->first + rule);
    }
    *ret_packets = packets;
    return 0;
}

/* What the rules with that number have counted, over all directions. */
static struct heal_injection_count count_rule(const struct heal_faults *faults,
                                              const struct heal_injection *injection, unsigned rule,
                                              const char *list) {
    struct heal_injection_count count = {0};

    for (size_t i = 0; i < faults->rules_count; i++) {
        const struct heal_rules *rules = &faults->rules[i];
        uint64_t packets;

        if (rules->handle != injection->handle || rule >= rules->count)
            continue;
        packets = find_packets(list, rules->first + rule);
        count.packets += packets;
        count.directions++;
        count.counting += packets > 0;
    }
    return count;
}

int heal_injection_count(struct heal_faults *faults, const struct heal_injection *injection, unsigned rules,
                         struct heal_injection_count *ret_counts) {
    HEAL_CLEANUP(heal_free_pointer) char *list = NULL;
    int r = list_counters(faults, &list);

    if (r < 0)
        return r;
    for (unsigned rule = 0; rule < rules; rule++)
        ret_counts[rule] = count_rule(faults, injection, rule, list);
    return 0;
}

int heal_injection_run(struct heal_faults *faults, int place, const char *const *argv, const char *input,
                       char *text, size_t size) {
    struct heal_lab_capture capture = {.input = input, .size = size};
    int r;

    capture.output = text;
    r = heal_lab_exec(faults->lab, place, argv, &capture);
    return r > 0 ? -EIO : r;
}
