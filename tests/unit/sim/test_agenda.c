/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/agenda.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

/* More moments than can be found by their time, some of which begin while others of the same time are not
 * over; what was put down first comes first all the same. */
static void comes_in_the_order_of_time(void **state) {
    enum { ENTRIES = 5000, TIMES = 4 * HEAL_AGENDA_OPEN + 1 };
    (void)state;
    struct heal_agenda agenda = {0};
    struct heal_random random;
    heal_us before = 0;
    unsigned node = 0, put = 0;
    heal_random_init(&random, 11);
    for (unsigned taken = 0; taken < ENTRIES; taken++) {
        for (unsigned i = 0; i < 3 && put < ENTRIES; i++)
            heal_agenda_round(&agenda, before + heal_random_next(&random) % TIMES, put++);
        heal_us next = heal_agenda_next(&agenda).at;
        struct heal_agenda_entry entry = heal_agenda_take(&agenda);
        assert_int_equal(next, entry.at);
        assert_null(entry.event);
        assert_true(entry.at > before || (entry.at == before && (taken == 0 || entry.node > node)));
        before = entry.at;
        node = entry.node;
    }
    assert_true(heal_agenda_next(&agenda).at == HEAL_NEVER);
    assert_int_equal(agenda.entries, 0);
    heal_agenda_deinit(&agenda);
}

/* @return the event that comes back: as long as its kind takes, and there until the next one is taken. */
static const struct heal_event *post(struct heal_agenda *agenda, const struct heal_event *event) {
    if (event->kind == HEAL_EVENT_MESSAGE)
        heal_agenda_send(agenda, 5, 3, &event->message);
    else
        heal_agenda_post(agenda, 5, 3, event);
    struct heal_agenda_entry entry = heal_agenda_take(agenda);
    assert_int_equal(entry.node, 3);
    assert_non_null(entry.event);
    assert_int_equal(entry.event->kind, event->kind);
    return entry.event;
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
    const struct heal_event *back = post(&agenda, &event);
    assert_memory_equal(&back->message.paths.path[1], &event.message.paths.path[1],
                        sizeof back->message.paths.path[1]);
    memset(&event, 0, sizeof event);
    event.kind = HEAL_EVENT_MESSAGE;
    event.message.kind = HEAL_MESSAGE_INCIDENT;
    strcpy(event.message.incident.other_name, "east");
    assert_string_equal(post(&agenda, &event)->message.incident.other_name, "east");
    memset(&event, 0, sizeof event);
    event.kind = HEAL_EVENT_RESTORE;
    memset(event.record.value, 'x', sizeof event.record.value);
    assert_memory_equal(&post(&agenda, &event)->record, &event.record, sizeof event.record);
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
