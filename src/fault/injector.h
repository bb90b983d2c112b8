/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How a kind of fault is brought into a lab: a row of functions a kind, which the set of faults (faults.c)
 * calls. Only for faults.c and the fault_*.c that have the rows. An injection's `state` is the row's own:
 * made by apply, freed by undo or, where it has one, by drain.
 */
#ifndef HEAL_FAULT_INJECTOR_H
#define HEAL_FAULT_INJECTOR_H

#include "fault/faults.h"
#include "lab/radios.h"

/** One fault in force. */
struct heal_injection {
    struct heal_fault fault;
    int handle;
    struct heal_rules_owner owner; /**< of its rules in the air */
    heal_us since;                 /**< when it was applied (heal_lab_now) */
    void *state;
};

struct heal_injector {
    /** Brings it in. @return 0, or a negative errno with words in @p error and nothing left behind. */
    int (*apply)(struct heal_faults *faults, struct heal_injection *injection, struct heal_error *error);
    /** Says what it has done so far, from what it can see: counters, process states, clocks. */
    void (*measure)(struct heal_faults *faults, const struct heal_injection *injection,
                    struct heal_fault_measured *ret_measured);
    /** Takes it back, without waiting for anything. @return 0 or negative errno; it counts as taken back all
     * the same. */
    int (*undo)(struct heal_faults *faults, struct heal_injection *injection);
    /** Does what is due; NULL: nothing ever is. */
    void (*tick)(struct heal_faults *faults, struct heal_injection *injection, heal_us now);
    /** Looks after what undo has left in `state`, and frees that in the end; NULL: undo leaves nothing.
     * @param now HEAL_NEVER: this is the end. */
    void (*drain)(struct heal_faults *faults, struct heal_injection *injection, heal_us now);
};

struct heal_lab *heal_faults_lab(struct heal_faults *faults);
/** @return the rules of the whole air. */
struct heal_rules *heal_faults_rules(struct heal_faults *faults);

/** Sets what an injection does to one direction of a link (heal_rules_set). */
int heal_injection_rules(struct heal_faults *faults, const struct heal_injection *injection, unsigned link,
                         enum heal_lab_direction direction, const char *rules);
/** Counts what the injection's rules have done (heal_rules_count). @param ret_counts one a rule. */
int heal_injection_count(struct heal_faults *faults, const struct heal_injection *injection, unsigned rules,
                         struct heal_rules_count *ret_counts);
/** Sets rules in the directions of the link that the fault names. On failure none is left, and @p error says
 * why. */
int heal_injection_rules_link(struct heal_faults *faults, const struct heal_injection *injection,
                              const char *rules, struct heal_error *error);
/** Drops, and counts, all packets of a link. @return 0 or negative errno. */
int heal_injection_silence(struct heal_faults *faults, const struct heal_injection *injection, unsigned link);
/** Takes back all the rules that the injection has set anywhere. @return the first failure, or 0. */
int heal_injection_rules_clear(struct heal_faults *faults, const struct heal_injection *injection);

/** @return the injection in force whose handle comes after that of @p after (NULL: the first), or NULL. */
const struct heal_injection *heal_injection_next(const struct heal_faults *faults,
                                                 const struct heal_injection *after);
/** @return whether a fault of that kind is in force on a node, or on a link, by another than @p except. */
bool heal_injection_in_force(const struct heal_faults *faults, enum heal_fault_kind kind, unsigned link,
                             unsigned node, const struct heal_injection *except);

/** Says why something could not be done to a process of a node: "killing worker on node n1: …"; -ENOENT:
 * there is no such service; -ESRCH: it does not run. @return @p code. */
int heal_injection_refuse(struct heal_faults *faults, unsigned node, const char *process, int code,
                          const char *doing, struct heal_error *error);

/** Waits until there is something to read, while the set of faults is ticked. @return 0; -ETIMEDOUT; or
 * another negative errno. */
int heal_injection_wait(struct heal_faults *faults, int fd, heal_us end);

/**
 * Runs a program in the lab.
 * @param input may be NULL. @param text gets what it says; may be NULL, with @p size 0.
 * @return 0; -EIO: it failed; or another negative errno.
 */
int heal_injection_run(struct heal_faults *faults, int place, const char *const *argv, const char *input,
                       char *text, size_t size);

/* The rows, by file. */
extern const struct heal_injector heal_injector_loss, heal_injector_mtu, heal_injector_down,
    heal_injector_partition;                                                   /* air.c */
extern const struct heal_injector heal_injector_carrier, heal_injector_flap;   /* link.c */
extern const struct heal_injector heal_injector_rate;                          /* rate.c */
extern const struct heal_injector heal_injector_delay;                         /* delay.c */
extern const struct heal_injector heal_injector_noise;                         /* radio.c */
extern const struct heal_injector heal_injector_pause, heal_injector_kill;     /* node.c */
extern const struct heal_injector heal_injector_service, heal_injector_babeld; /* service.c */
extern const struct heal_injector heal_injector_cpu, heal_injector_leak;       /* load.c */
extern const struct heal_injector heal_injector_forwarding, heal_injector_blackhole,
    heal_injector_flush_routes; /* route.c */

#endif
