/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the kinds of faults have in common: an injection's rules in the air, programs run in the lab. */
#include "fault/injector.h"

#include <errno.h>
#include <string.h>

#include "fault/state.h"
#include "lab/clock.h"
#include "lab/readable.h"

enum { TICK_MS = 25 };

int heal_injection_rules(struct heal_faults *faults, const struct heal_injection *injection, unsigned link,
                         enum heal_lab_direction direction, const char *rules) {
    return heal_rules_set(faults->rules, injection->owner, link, direction, rules);
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
    return heal_rules_clear(faults->rules, injection->owner);
}

int heal_injection_count(struct heal_faults *faults, const struct heal_injection *injection, unsigned rules,
                         struct heal_rules_count *ret_counts) {
    return heal_rules_count(faults->rules, injection->owner, rules, ret_counts);
}

int heal_injection_refuse(struct heal_faults *faults, unsigned node, const char *process, int code,
                          const char *doing, struct heal_error *error) {
    const char *name = heal_lab_topology(faults->lab)->node[node].name;

    if (code == -ENOENT)
        return heal_error_set(error, code, 0, 0, "node %s has no service '%s'", name, process);
    if (code == -ESRCH)
        return heal_error_set(error, code, 0, 0, "%s does not run on node %s", process, name);
    return heal_error_set(error, code, 0, 0, "%s %s on node %s: %s", doing, process, name, strerror(-code));
}

int heal_injection_wait(struct heal_faults *faults, int fd, heal_us end) {
    int r;

    while ((r = heal_readable_wait(fd, TICK_MS)) == -ETIMEDOUT && heal_lab_now() < end)
        heal_faults_tick(faults);
    return r;
}

int heal_injection_run(struct heal_faults *faults, int place, const char *const *argv, const char *input,
                       char *text, size_t size) {
    struct heal_lab_capture capture = {.input = input, .size = size};
    int r;

    capture.output = text;
    r = heal_lab_exec(faults->lab, place, argv, &capture);
    return r > 0 ? -EIO : r;
}
