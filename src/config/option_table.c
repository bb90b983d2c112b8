/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The rows. One row an option; one line of `what`, which the explanations, the manual and the written
 * defaults all show. Their order is that of a written configuration. */
#include "config/option.h"

#include "base/cleanup.h"

#define MS 1e3
#define S 1e6
#define MIN 60e6
#define HOUR 3600e6
#define DAY 86400e6
#define TIB 1099511627776.0

#define ROW(section_, key_, type_, group_, struct_, field_, ...)                                             \
    {                                                                                                        \
        .section = (section_), .key = (key_), .type = HEAL_OPTION_##type_, .group = HEAL_GROUP_##group_,     \
        .offset = offsetof(struct struct_, field_), .size = sizeof(((struct struct_ *)0)->field_),           \
        __VA_ARGS__                                                                                          \
    }
#define CONFIG(section_, key_, type_, field_, ...)                                                           \
    ROW(section_, key_, type_, CONFIG, heal_config, field_, __VA_ARGS__)
#define SERVICE(key_, type_, field_, ...)                                                                    \
    ROW("services", key_, type_, SERVICE, heal_service_setting, field_, __VA_ARGS__)
#define SHELL(key_, type_, field_, ...)                                                                      \
    ROW("services", key_, type_, SHELL, heal_config_service, field_, __VA_ARGS__)
#define THRESHOLD(key_, field_, ...)                                                                         \
    ROW("thresholds", key_, NUMBER, THRESHOLD, heal_threshold_setting, field_, .min = 0.0001, .max = 1e6,    \
        __VA_ARGS__)
#define POLICY(key_, type_, field_, ...) ROW("policy", key_, type_, POLICY, heal_policy, field_, __VA_ARGS__)

static const char *const logs[] = {"error", "warning", "info", "debug", NULL};
static const char *const routings[] = {"none", "babeld", "batman-adv", NULL};
static const char *const radios[] = {"none", "nl80211", NULL};
static const char *const node_sources[] = {"host", "processes", NULL};

static const struct heal_option options[] = {
    CONFIG("", "node", NAME, node, .fallback = "", .optional = true, .restart = true,
           .what = "The name of this node, unique in the mesh; empty: the host's name."),
    CONFIG("", "mode", CHOICE, settings.mode, .names = heal_mode_names,
           .what = "What heald may do: record what it would do, also tell people, or act."),
    CONFIG("", "state", PATH, state, .fallback = "/var/lib/heald", .restart = true,
           .what = "The folder in which heald keeps what it knows (heald.db)."),
    CONFIG("", "socket", PATH, socket, .fallback = "/run/heald/heald.sock", .restart = true,
           .what = "The admin socket, which healctl talks to."),
    CONFIG("", "user", NAME, user, .fallback = "heald", .optional = true, .restart = true,
           .what = "The user that heald becomes when root starts it; empty: it stays who it is."),
    CONFIG("", "helper", PATH, helper, .fallback = "/run/heald-helper", .restart = true,
           .what = "The folder of the helper, which acts for heald: its socket, and its notes."),
    CONFIG("", "log", CHOICE, log, .names = logs, .fallback = "info",
           .what = "The least important messages that are still logged."),
    CONFIG("", "round", DURATION, settings.round_us, .min = 100 * MS, .max = MIN,
           .what = "Time between two rounds of readings while all is calm."),
    CONFIG("", "round-fast", DURATION, settings.round_fast_us, .min = 50 * MS, .max = MIN,
           .what = "Time between two rounds of readings while something is suspected."),
    CONFIG("", "examine", DURATION, settings.examine_us, .min = 100 * MS, .max = 10 * MIN,
           .what = "How long a suspected port is examined before the verdict."),
    CONFIG("", "ports-max", COUNT, settings.ports_max, .min = 1, .max = HEAL_PORTS_MAX,
           .what = "How many ports are watched; more are counted, and left alone."),

    CONFIG("admin", "read-all", BOOL, admin_read_all, .fallback = "false", .restart = true,
           .what = "Whether any local user may ask at the admin socket how things are."),
    CONFIG("admin", "read-group", NAME, admin_read_group, .fallback = "heald", .optional = true,
           .restart = true, .what = "The group whose members may ask, too; empty: none."),
    CONFIG("admin", "act-group", NAME, admin_act_group, .fallback = "", .optional = true, .restart = true,
           .what = "The group whose members may ask and give orders, as root and heald's user may; empty: "
                   "none."),

    CONFIG("metrics", "listen", LISTEN, metrics_listen, .fallback = "127.0.0.1:9177", .restart = true,
           .what = "Where Prometheus may ask for metrics: ADDRESS:PORT, or off."),

    CONFIG("mesh", "address", ADDRESS, mesh_address, .fallback = "", .restart = true,
           .what = "This node's routed address in the mesh, the target of routed probes; empty: none."),
    CONFIG("mesh", "port", COUNT, mesh_port, .min = 1, .max = 65535, .fallback = "6697", .restart = true,
           .what = "The UDP port on which neighbours' healds talk."),
    CONFIG("mesh", "probe-port", COUNT, mesh_probe_port, .min = 1, .max = 65535, .fallback = "6698",
           .restart = true, .what = "The UDP port of probes."),
    CONFIG("mesh", "interfaces", WORDS, mesh_interfaces, .fallback = "", .optional = true, .restart = true,
           .what = "The interfaces that heald may act on, a blank between; empty: all but loopback."),

    CONFIG("routing", "daemon", CHOICE, routing, .names = routings, .fallback = "babeld", .restart = true,
           .what =
               "The routing daemon that heald listens to and works with; batman-adv routes in the kernel."),
    CONFIG("routing", "socket", PATH, routing_socket, .fallback = "/run/babeld/babeld.sock", .restart = true,
           .optional = true, .what = "The routing daemon's control socket (babeld: local-path-readwrite)."),
    CONFIG("routing", "interface", NAME, routing_interface, .fallback = "bat0", .restart = true,
           .what = "The mesh interface of batman-adv; with babeld it means nothing."),
    CONFIG("routing", "interface-parameters", WORDS, settings.interface_parameters, .fallback = "",
           .optional = true,
           .what = "What babeld's own configuration says of its interfaces, the same for all, such as type "
                   "wireless hello-interval 1; empty: not known, and no interface's cost is changed."),

    CONFIG("sources", "node", CHOICE, node_source, .names = node_sources, .fallback = "host", .restart = true,
           .what = "Where CPU and memory are read: the host's figures, or the sum of this PID namespace."),
    CONFIG("sources", "cpu-capacity", NUMBER, cpu_capacity, .min = 0, .max = 4096, .fallback = "0",
           .restart = true, .what = "CPUs that count as all of this node's; 0: the host's."),
    CONFIG("sources", "memory", SIZE, memory_bytes, .min = 0, .max = 512 * TIB, .fallback = "0",
           .restart = true, .what = "Memory that counts as all of this node's; 0: the host's."),
    CONFIG("sources", "radio", CHOICE, radio, .names = radios, .fallback = "none", .restart = true,
           .what = "Where signal and counters of the radios are read: nowhere, or in the kernel."),
    CONFIG("sources", "radio-file", PATH, radio_file, .fallback = "", .optional = true, .restart = true,
           .what = "A file of radio readings to use in place of `radio`; empty: none."),

    CONFIG("probe", "small", MILLIS, settings.probe_small_ms, .min = 20 * MS, .max = MIN,
           .what = "Time between two small probes to a neighbour while all is calm."),
    CONFIG("probe", "full", MILLIS, settings.probe_full_ms, .min = 20 * MS, .max = MIN,
           .what = "Time between two probes of full size to a neighbour while all is calm."),
    CONFIG("probe", "fast", MILLIS, settings.probe_fast_ms, .min = 10 * MS, .max = 10 * S,
           .what = "Time between two probes of either size while a port is examined."),

    CONFIG("guard", "min-healthy-neighbours", COUNT, settings.min_healthy_neighbours, .min = 0,
           .max = HEAL_PORTS_MAX, .what = "Nothing is done that would leave fewer healthy neighbours."),
    CONFIG("guard", "storm-limit", COUNT, settings.storm_limit, .min = 1, .max = 1000,
           .what = "So many incidents at once are a storm: heald stops acting and calls for people."),
    CONFIG("guard", "storm-window", DURATION, settings.storm_window_us, .min = S, .max = DAY,
           .what = "Incidents this far apart count as at once."),

    CONFIG("detector", "model", PATH, detector_model, .fallback = HEAL_CONFIG_MODEL_DEFAULT, .optional = true,
           .what = "The file of the network's model; empty: none. One that is not installed is none."),
    CONFIG("detector", "mode", CHOICE, settings.detector.mode, .names = heal_mode_names,
           .what = "What the network's verdicts may do; act only once it has passed the gate below."),
    CONFIG("detector", "watch", DURATION, settings.detector.watch_us, .min = MIN, .max = DAY,
           .what = "A port without trouble that long is one watch: the unit of false alarms."),
    CONFIG("detector", "false-positive-rate", NUMBER, settings.detector.false_rate, .min = 0.001, .max = 0.5,
           .what = "Of healthy watches, so many may have an alarm: it sets the network's threshold."),
    CONFIG("detector", "gate-alarms", COUNT, settings.detector.gate.alarms, .min = 1, .max = 200,
           .what = "So many of its alarms must have been judged before it may act."),
    CONFIG("detector", "gate-watches", COUNT, settings.detector.gate.watches, .min = 0, .max = 65535,
           .what = "So many healthy watches it must have seen before it may act."),
    CONFIG("detector", "gate-precision", NUMBER, settings.detector.gate.precision, .min = 0, .max = 1,
           .what = "Its precision must be at least this, by its lower bound, before it may act."),
    CONFIG("detector", "keep-precision", NUMBER, settings.detector.gate.keep_precision, .min = 0, .max = 1,
           .what = "It acts no more once its last alarms' precision is below, by its upper bound."),
    CONFIG("detector", "keep-moved", NUMBER, settings.detector.gate.moved, .min = 0.01, .max = 100,
           .what = "It acts no more once a feature's distribution has moved further (PSI)."),
    CONFIG("detector", "keep-outside", NUMBER, settings.detector.gate.outside, .min = 0, .max = 1,
           .what = "It acts no more once more of a feature lies outside of its training."),

    CONFIG("notify", "hook", COMMAND, notify_hook,
           .what = "The command that tells people; the text comes on its standard input. []: none."),

    SERVICE("name", NAME, name, .what = "The service's name, by which reports and later files know it."),
    SHELL("pidfile", PATH, pidfile, .fallback = "", .optional = true,
          .what = "The file with its main process's id. One that is taken away says: stopped in order."),
    SHELL("restart", COMMAND, restart,
          .what = "The command that restarts it, such as systemctl restart UNIT. []: through its unit."),
    SERVICE("restartable", BOOL, restartable, .fallback = "true",
            .what = "Whether heald may restart it; needs `restart` or `unit`."),
    SERVICE("sheddable", BOOL, sheddable, .fallback = "false",
            .what = "Whether heald may throttle it while the node is overloaded."),
    SERVICE("memory-limit", SIZE, memory_limit_bytes, .min = 0, .max = 512 * TIB, .fallback = "0",
            .what = "The memory that it may grow to; 0: the node's."),
    SHELL("cgroup", PATH, cgroup, .fallback = "", .optional = true,
          .what = "The folder of its control group, if it has one of its own."),
    SHELL("unit", UNIT, unit, .fallback = "", .optional = true,
          .what = "Its systemd unit. Where no process is seen, systemd says whether it should run."),

    THRESHOLD("start", start, .what = "The threshold to start from; feedback moves it."),
    THRESHOLD("min", min, .what = "The lowest that feedback may take the threshold."),
    THRESHOLD("max", max, .what = "The highest that feedback may take the threshold."),

    POLICY("for", DURATION, for_us, .min = 0, .max = HOUR,
           .what = "How long the diagnosis must hold before anything is done."),
    POLICY("min-confidence", NUMBER, min_confidence, .min = 0, .max = 1,
           .what = "How sure heald must be of the diagnosis before anything is done."),
    POLICY("steps", STEPS, step, .what = "The remedies, in the order in which you prefer them."),
    POLICY("cooldown", DURATION, cooldown_us, .min = 0, .max = DAY,
           .what = "Time after an incident ended before a remedy for the same trouble there again."),
    POLICY("max-per-window", COUNT, max_per_window, .min = 1, .max = 1000,
           .what = "How many remedies may be tried within the window."),
    POLICY("window", DURATION, window_us, .min = S, .max = 7 * DAY,
           .what = "The window that limits count in."),
    POLICY("escalate", BOOL, escalate,
           .what = "Trouble that comes back within the window: the next remedy, not the same again."),
};

const struct heal_option *heal_option_at(size_t index) {
    return index < HEAL_COUNT(options) ? &options[index] : NULL;
}
