/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/condition.h"

#define PART(part) (1U << HEALD_PART_##part)
#define SOURCES (PART(LINKS) | PART(NODE) | PART(RADIO) | PART(SERVICES) | PART(PROBES) | PART(CHANNEL))
#define MINUTE (60 * HEAL_US_PER_S)
#define HOUR (60 * MINUTE)

/* clang-format off */
static const struct heald_condition_rule RULE[HEALD_CONDITIONS] = {
    [HEALD_STORE_FAILING] = {"store-failing", PART(STORE), 0,
        "heald does not act now: it begins nothing whose evidence it cannot keep. It sees, tells, and takes "
        "back; what it learns is lost when it ends. Make room on the disk of its state folder, or see why "
        "that cannot be written"},
    [HEALD_STORE_FULL] = {"store-full", 0, 0,
        "the disk of the state folder is full, or nearly: heald will not act when its next evidence cannot "
        "be kept. Make room there"},
    [HEALD_STORE_SET_ASIDE] = {"store-set-aside", 0, 0,
        "the database could not be used; heald began a new one with what could be read of it. Look at "
        "the files, then move them away: this ends then"},
    [HEALD_ORDERS_LOST] = {"orders-lost", 0, 0,
        "the database was damaged, or a newer heald's, and the orders in it could not be read: somebody may "
        "have ordered heald to pause, so it only observes. `healctl mode act` lets it act again"},
    [HEALD_CONFIG_REFUSED] = {"config-refused", 0, 0,
        "the configuration was read anew and refused: the old one goes on, but heald would not start with "
        "this one. See `heald --check`; a reload that is taken ends this"},
    [HEALD_CLOCK_STEPPED] = {"clock-stepped", 0, HOUR,
        "the wall clock was set: times before and after in the audit and the log do not compare. No "
        "decision depends on that clock"},
    [HEALD_HOST_SLEPT] = {"host-slept", 0, MINUTE,
        "the host, or heald, did not run for a while: what was measured before counts no more, and is "
        "measured anew"},
    [HEALD_SOURCE_SILENT] = {"source-silent", SOURCES, 0,
        "a source of readings gives nothing: what only it can show is not seen, and not diagnosed"},
    [HEALD_DAEMON_ABSENT] = {"daemon-absent", 0, 0,
        "the routing daemon is not there: routes are not known, and what needs it is not "
        "tried. See whether it runs, and has local-path-readwrite"},
    [HEALD_DAEMON_WEDGED] = {"daemon-wedged", 0, 0,
        "the routing daemon takes connections and does not answer: what it said may be old, and what "
        "needs it is not tried. See what it is doing"},
    [HEALD_CANNOT_ACT] = {"cannot-act", PART(EXECUTOR), 0,
        "without a helper nothing is done: no route, link or service is touched, and no hook is run; where it "
        "lacks only CAP_NET_ADMIN, no route and no link. heald watches, and says what it sees"},
    [HEALD_NOT_CONFINED] = {"not-confined", PART(SANDBOX), 0,
        "heald has no capability, but is less confined than it should be: root's files are its own where it "
        "stayed root, and without a filter it may make any system call. The words above say what to mend"},
    [HEALD_DESCRIPTORS_EXHAUSTED] = {"descriptors-exhausted", 0, 0,
        "no file can be opened: sources and the admin socket stand still until some are free. Raise "
        "the limit (LimitNOFILE), or see who holds them"},
    [HEALD_UNREACHABLE] = {"unreachable", PART(API) | PART(METRICS), 0,
        "a listener could not be opened: healctl or Prometheus gets no answer"},
    [HEALD_RECORD_STOPPED] = {"record-stopped", PART(RECORD), 0,
        "the event log ends early, and replays only up to there"},
    [HEALD_DETECTOR_FELL] = {"detector-fell", 0, 0,
        "the network may not act any more: what it has said lately, or what it is shown, left the bounds of its "
        "gate. It observes, and the thresholds judge as ever. See `healctl model eval --live`; an order of "
        "its mode ends this"},
    [HEALD_NETWORK_MISSING] = {"network-missing", PART(NETWORK), 0,
        "the file of the network's model was refused, or is not there: where no other model goes on, heald "
        "judges by its thresholds alone, as it would without any. `healctl model info FILE` says what is in "
        "it; a reload takes one that was mended"},
};
/* clang-format on */

const struct heald_condition_rule *heald_condition_rule(enum heald_condition condition) {
    return &RULE[condition];
}
