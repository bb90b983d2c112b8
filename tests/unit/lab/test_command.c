/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Commands to a node's init and their results, with a process in the init's stead. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "lab/lab_state.h"
#include "lab/note.h"

/* Answers what was given up on only when the next command has come. */
static void be_late(int channel) {
    struct heal_note first, second;

    if (heal_note_receive(channel, HEAL_NOTE_TIMEOUT_MS, &first) < 0 ||
        heal_note_receive(channel, HEAL_NOTE_TIMEOUT_MS, &second) < 0)
        _exit(1);
    first = (struct heal_note){.kind = HEAL_NOTE_RESULT, .sequence = first.sequence, .number = 77};
    second = (struct heal_note){.kind = HEAL_NOTE_RESULT, .sequence = second.sequence, .number = 5};
    _exit(heal_note_send(channel, &first) < 0 || heal_note_send(channel, &second) < 0);
}

static void test_a_late_result_is_not_the_next_ones(void **state) {
    struct heal_lab *lab = calloc(1, sizeof *lab);
    struct heal_note given_up = {.kind = HEAL_NOTE_DAEMON};
    int ends[2], status;
    pid_t init;

    (void)state;
    assert_non_null(lab);
    assert_int_equal(heal_note_pair(ends), 0);
    lab->topology.nodes = 1;
    lab->node[0].command = ends[0];
    assert_int_equal(heal_note_send(ends[0], &given_up), 0);
    init = fork();
    if (init == 0)
        be_late(ends[1]);
    close(ends[1]);
    assert_int_equal(heal_lab_node_start(lab, 0), 5);
    assert_int_equal(waitpid(init, &status, 0), init);
    assert_int_equal(status, 0);
    assert_int_equal(heal_lab_node_start(lab, 0), -EPIPE);
    close(ends[0]);
    free(lab);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_late_result_is_not_the_next_ones)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
