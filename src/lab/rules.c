/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* "counter c4294967295 {", its packets and bytes, "}". */
enum { LISTED_MAX = 128 };

static const char word[] = "counter";

/** An owner's rules in one direction. Their counters are called c`first` and so on. */
struct entry {
    struct heal_rules_owner owner;
    unsigned link;
    enum heal_lab_direction direction;
    char *text;
    unsigned first, count;
};

struct heal_rules {
    struct heal_lab *lab;
    uint64_t owners;
    unsigned next_counter;
    struct entry *entry; /* by owner, which is the order in the chains */
    size_t count, room;
};

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

static void print_entry(FILE *out, const struct entry *entry) {
    unsigned counter = entry->first;

    for (const char *line = entry->text; *line; line = next_line(line)) {
        size_t length = strcspn(line, "\n");
        const char *behind = find_counter(line, length);

        if (behind)
            fprintf(out, "%.*s name \"c%u\"%.*s\n", (int)(behind - line), line, counter++,
                    (int)(line + length - behind), behind);
        else
            fprintf(out, "%.*s\n", (int)length, line);
    }
}

static void print_counters(FILE *out, const char *verb, const struct entry *entry) {
    for (unsigned i = 0; i < entry->count; i++)
        fprintf(out, "%s counter netdev air c%u\n", verb, entry->first + i);
}

int heal_rules_new(struct heal_lab *lab, struct heal_rules **ret_rules) {
    struct heal_rules *rules = calloc(1, sizeof *rules);

    if (!rules)
        return -ENOMEM;
    rules->lab = lab;
    *ret_rules = rules;
    return 0;
}

struct heal_rules *heal_rules_free(struct heal_rules *rules) {
    for (size_t i = 0; rules && i < rules->count; i++)
        free(rules->entry[i].text);
    if (rules)
        free(rules->entry);
    free(rules);
    return NULL;
}

struct heal_rules_owner heal_rules_own(struct heal_rules *rules) {
    return (struct heal_rules_owner){.number = ++rules->owners};
}

static int compare(const struct entry *a, const struct entry *b) {
    if (a->owner.number != b->owner.number)
        return a->owner.number < b->owner.number ? -1 : 1;
    if (a->link != b->link)
        return a->link < b->link ? -1 : 1;
    return (int)a->direction - (int)b->direction;
}

/* Where the rules of that owner and direction are, or belong. */
static size_t find_place(const struct heal_rules *rules, const struct entry *entry) {
    size_t place = 0;

    while (place < rules->count && compare(&rules->entry[place], entry) < 0)
        place++;
    return place;
}

/* Rules that pass the packet on themselves (to a relay): none that come behind them would see it. */
static bool is_last(const struct entry *entry) {
    return strstr(entry->text, "fwd to") != NULL;
}

static void print_if(FILE *out, const struct entry *entry, bool last) {
    if (is_last(entry) == last)
        print_entry(out, entry);
}

/* In the order of the owners, the rules of the direction once @p entry has taken the place of @p old (NULL:
 * of nothing). */
static void print_ordered(FILE *out, const struct heal_rules *rules, const struct entry *old,
                          const struct entry *entry, bool last) {
    bool printed = false;

    for (size_t i = 0; i < rules->count; i++) {
        const struct entry *other = &rules->entry[i];

        if (!printed && compare(other, entry) >= 0) {
            print_if(out, entry, last);
            printed = true;
        }
        if (other != old && other->link == entry->link && other->direction == entry->direction)
            print_if(out, other, last);
    }
    if (!printed)
        print_if(out, entry, last);
}

static int print_chain(FILE *out, const struct heal_rules *rules, const struct entry *old,
                       const struct entry *entry) {
    print_ordered(out, rules, old, entry, false);
    print_ordered(out, rules, old, entry, true);
    return fclose(out) != 0 ? -ENOMEM : 0;
}

static int replace_chain(struct heal_rules *rules, const struct entry *old, const struct entry *entry) {
    HEAL_CLEANUP(heal_free_pointer) char *before = NULL;
    HEAL_CLEANUP(heal_free_pointer) char *chain = NULL;
    HEAL_CLEANUP(heal_free_pointer) char *after = NULL;
    size_t length;
    FILE *out = open_memstream(&before, &length);
    int r;

    if (!out)
        return -ENOMEM;
    print_counters(out, "add", entry);
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
    r = out ? print_chain(out, rules, old, entry) : -ENOMEM;
    return r < 0 ? r : heal_lab_air_replace(rules->lab, entry->link, entry->direction, before, chain, after);
}

static int make_room(struct heal_rules *rules) {
    size_t room = rules->room ? 2 * rules->room : 16;
    struct entry *entry;

    if (rules->count < rules->room)
        return 0;
    entry = realloc(rules->entry, room * sizeof *entry);
    if (!entry)
        return -ENOMEM;
    rules->entry = entry;
    rules->room = room;
    return 0;
}

/* Keeps what the chain now has. */
static void keep(struct heal_rules *rules, size_t place, bool is_there, const struct entry *entry) {
    struct entry *at = &rules->entry[place];
    size_t behind = rules->count - place;

    if (is_there)
        free(at->text);
    if (!entry->text[0]) {
        memmove(at, at + 1, (behind - 1) * sizeof *at);
        rules->count--;
        free(entry->text);
        return;
    }
    if (!is_there) {
        memmove(at + 1, at, behind * sizeof *at);
        rules->count++;
    }
    *at = *entry;
}

int heal_rules_set(struct heal_rules *rules, struct heal_rules_owner owner, unsigned link,
                   enum heal_lab_direction direction, const char *text) {
    struct entry wanted = {.owner = owner,
                           .link = link,
                           .direction = direction,
                           .first = rules->next_counter,
                           .count = count_counters(text)};
    int r = owner.number > 0 ? make_room(rules) : -EINVAL;
    size_t place = find_place(rules, &wanted);
    bool is_there = place < rules->count && compare(&rules->entry[place], &wanted) == 0;

    if (r < 0 || (!is_there && !text[0]))
        return r;
    wanted.text = strdup(text);
    if (!wanted.text)
        return -ENOMEM;
    r = replace_chain(rules, is_there ? &rules->entry[place] : NULL, &wanted);
    if (r < 0) {
        free(wanted.text);
        return r;
    }
    rules->next_counter += wanted.count;
    keep(rules, place, is_there, &wanted);
    return 0;
}

int heal_rules_clear(struct heal_rules *rules, struct heal_rules_owner owner) {
    int result = 0;

    for (size_t i = rules->count; i-- > 0;) {
        const struct entry *entry = &rules->entry[i];
        int r;

        if (entry->owner.number != owner.number)
            continue;
        r = heal_rules_set(rules, owner, entry->link, entry->direction, "");
        result = result == 0 ? r : result;
    }
    return result;
}

/* All the counters of the air, as nft lists them. */
static int list_counters(struct heal_rules *rules, char **ret_text) {
    static const char *const argv[] = {"nft", "list", "counters", "table", "netdev", "air", NULL};
    struct heal_lab_capture capture = {.size = LISTED_MAX};
    int r;

    for (size_t i = 0; i < rules->count; i++)
        capture.size += rules->entry[i].count * LISTED_MAX;
    capture.output = malloc(capture.size);
    if (!capture.output)
        return -ENOMEM;
    r = heal_lab_exec(rules->lab, HEAL_LAB_AIR, argv, &capture);
    if (r != 0) {
        free(capture.output);
        return r > 0 ? -EIO : r;
    }
    *ret_text = capture.output;
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

int heal_rules_counted(struct heal_rules *rules, struct heal_rules_owner owner, unsigned link,
                       enum heal_lab_direction direction, uint64_t *ret_packets) {
    HEAL_CLEANUP(heal_free_pointer) char *list = NULL;
    const struct entry wanted = {.owner = owner, .link = link, .direction = direction};
    size_t place = find_place(rules, &wanted);
    uint64_t packets = 0;
    int r = list_counters(rules, &list);

    if (r < 0)
        return r;
    if (place < rules->count && compare(&rules->entry[place], &wanted) == 0)
        for (unsigned rule = 0; rule < rules->entry[place].count; rule++)
            packets += find_packets(list, rules->entry[place].first + rule);
    *ret_packets = packets;
    return 0;
}

/* What the rules with that number have counted, over all directions. */
static struct heal_rules_count count_rule(const struct heal_rules *rules, struct heal_rules_owner owner,
                                          unsigned rule, const char *list) {
    struct heal_rules_count count = {0};

    for (size_t i = 0; i < rules->count; i++) {
        const struct entry *entry = &rules->entry[i];
        uint64_t packets;

        if (entry->owner.number != owner.number || rule >= entry->count)
            continue;
        packets = find_packets(list, entry->first + rule);
        count.packets += packets;
        count.directions++;
        count.counting += packets > 0;
    }
    return count;
}

int heal_rules_count(struct heal_rules *rules, struct heal_rules_owner owner, unsigned count,
                     struct heal_rules_count *ret_counts) {
    HEAL_CLEANUP(heal_free_pointer) char *list = NULL;
    int r = list_counters(rules, &list);

    if (r < 0)
        return r;
    for (unsigned rule = 0; rule < count; rule++)
        ret_counts[rule] = count_rule(rules, owner, rule, list);
    return 0;
}
