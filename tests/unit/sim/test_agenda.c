/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/agenda.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static void comes_in_the_order_of_time(void **state) {
    enum { ENTRIES = 5000 };
    (void)state;
    struct heal_agenda agenda = {0};
    struct heal_agenda_entry entry;
    struct heal_random random;
    heal_us before = 0;
    uint64_t order = 0;
    heal_random_init(&random, 11);
    for (unsigned i = 0; i < ENTRIES; i++)
        heal_agenda_round(&agenda, heal_random_next(&random) % 97, i);
    for (unsigned i = 0; i < ENTRIES; i++) {
        assert_int_equal(heal_agenda_next(&agenda), agenda.entry[0].at);
        entry = heal_agenda_take(&agenda);
        assert_null(entry.letter);
        assert_true(entry.at > before || (entry.at == before && (i == 0 || entry.order > order)));
        before = entry.at;
        order = entry.order;
    }
    assert_true(heal_agenda_next(&agenda) == HEAL_NEVER);
    heal_agenda_deinit(&agenda);
}

static void post(struct heal_agenda *agenda, const struct heal_event *event) {
    if (event->kind == HEAL_EVENT_MESSAGE)
        heal_agenda_send(agenda, 5, 3, &event->message);
    else
        heal_agenda_post(agenda, 5, 3, event);
    struct heal_agenda_entry entry = heal_agenda_take(agenda);
    assert_int_equal(entry.node, 3);
    assert_non_null(entry.letter);
    struct heal_event back = entry.letter->event;
    heal_agenda_give_back(agenda, entry.letter);
    assert_int_equal(back.kind, event->kind);
    if (event->kind == HEAL_EVENT_MESSAGE && event->message.kind == HEAL_MESSAGE_PATHS)
        assert_memory_equal(&back.message.paths.path[1], &event->message.paths.path[1],
                            sizeof back.message.paths.path[1]);
    else if (event->kind == HEAL_EVENT_MESSAGE)
        assert_string_equal(back.message.incident.other_name, event->message.incident.other_name);
    else
        assert_memory_equal(&back.record, &event->record, sizeof back.record);
}

/* Events are kept as short as they are, and come back whole. */
static void events_come_back_whole(void **state) {
    (void)state;
    struct heal_agenda agenda = {0};
    static struct heal_event event;
    event.kind = HEAL_EVENT_MESSAGE;
    event.message.kind = HEAL_MESSAGE_PATHS;
    event.message.paths.paths = 2;
    memset(&event.message.paths.path[1], 7, sizeof event.message.paths.path[1]);
    post(&agenda, &event);
    memset(&event, 0, sizeof event);
    event.kind = HEAL_EVENT_MESSAGE;
    event.message.kind = HEAL_MESSAGE_INCIDENT;
    strcpy(event.message.incident.other_name, "east");
    post(&agenda, &event);
    memset(&event, 0, sizeof event);
    event.kind = HEAL_EVENT_RESTORE;
    memset(event.record.value, 'x', sizeof event.record.value);
    post(&agenda, &event);
    heal_agenda_post(&agenda, 9, 1, &event); /* one that nobody takes is freed */
    heal_agenda_deinit(&agenda);
    assert_int_equal(agenda.entries, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_in_the_order_of_time),
        cmocka_unit_test(events_come_back_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
