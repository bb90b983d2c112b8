/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Settings as plain data. config/ fills them from YAML by the option table; heal_settings_init gives the
 * built-in defaults, with which heald runs without a file.
 */
#ifndef HEAL_SETTINGS_H
#define HEAL_SETTINGS_H

#include "heal/engine.h"

enum {
    HEAL_SERVICES_MAX = 16,
    HEAL_REMEDIES_PER_POLICY = 6,
    HEAL_PORTS_MAX = 64,
};

/** The diagnoses, in the order of the README's table. */
enum heal_diagnosis {
    HEAL_LINK_LOSS,
    HEAL_MTU_BLACKHOLE,
    HEAL_ONE_WAY_LINK,
    HEAL_LINK_LATENCY,
    HEAL_LINK_FLAP,
    HEAL_NEIGHBOUR_LOST,
    HEAL_INTERFERENCE,
    HEAL_RATE_LIMITED,
    HEAL_ROUTES_LOST,
    HEAL_NOT_FORWARDING,
    HEAL_NODE_OVERLOAD,
    HEAL_MEMORY_LEAK,
    HEAL_SERVICE_DOWN,
    HEAL_HIDDEN_LOSS,
    HEAL_WEAK_SIGNAL,
    HEAL_GATEWAY_LOST,
    HEAL_ANOMALY,
    HEAL_DIAGNOSES,
};

/** The remedies. */
enum heal_remedy {
    HEAL_ROUTE_AROUND,
    HEAL_LINK_COST,
    HEAL_CLAMP_MTU,
    HEAL_BOUNCE_LINK,
    HEAL_RESTORE_ROUTES,
    HEAL_SET_FORWARDING,
    HEAL_RESTART_SERVICE,
    HEAL_SHED_LOAD,
    HEAL_QUARANTINE_NEIGHBOUR,
    HEAL_HOP_PENALTY,
    HEAL_THROUGHPUT_OVERRIDE,
    HEAL_HASTEN_ROUTING,
    HEAL_STOP_GATEWAY,
    HEAL_RENEW_MESH,
    HEAL_SWITCH_CHANNEL,
    HEAL_RAISE_POWER,
    HEAL_NOTIFY,
    HEAL_REMEDIES,
};

/** What a remedy that worked has done about the trouble. */
enum heal_effect {
    HEAL_EFFECT_TELLS,    /**< nothing: people hear of it */
    HEAL_EFFECT_RELIEVES, /**< the harm is gone; the symptom may go on while it is in place */
    HEAL_EFFECT_CONTAINS, /**< the symptom is gone, too, as long as it is in place */
    HEAL_EFFECT_CURES,    /**< the cause is gone, and nothing is left in place; trouble that comes back says
                             that it was no cure */
};
enum heal_effect heal_remedy_effect(enum heal_remedy remedy);
/** @return whether it is whole only where both ends of a link do it: the owner's choice is then the other's.
 */
bool heal_remedy_takes_both_ends(enum heal_remedy remedy);

const char *heal_diagnosis_slug(enum heal_diagnosis diagnosis);
const char *heal_remedy_slug(enum heal_remedy remedy);
/** @return 0 or -EINVAL with the output untouched. */
int heal_diagnosis_parse(const char *slug, enum heal_diagnosis *ret_diagnosis);
int heal_remedy_parse(const char *slug, enum heal_remedy *ret_remedy);

/** The metrics that have a threshold, which feedback moves between its bounds. */
enum heal_metric {
    HEAL_METRIC_LOSS,          /**< share of packets lost above the normal share */
    HEAL_METRIC_LATENCY,       /**< deviations above normal */
    HEAL_METRIC_SNR_DROP,      /**< dB below normal */
    HEAL_METRIC_SILENCE,       /**< s without a sign of life */
    HEAL_METRIC_FLAPS,         /**< outages in the flap window */
    HEAL_METRIC_TRANSIT_LOSS,  /**< share of routed probes lost beyond what the links lose */
    HEAL_METRIC_CPU,           /**< share of the node's capacity */
    HEAL_METRIC_MEMORY_GROWTH, /**< share of memory a minute */
    HEAL_METRIC_SERVICE,       /**< s that a service has been down */
    HEAL_METRIC_ROUTES,        /**< s that the kernel has disagreed with the routing daemon */
    HEAL_METRIC_RETRIES,       /**< share of a radio's attempts to send that are retries, above normal */
    HEAL_METRIC_SIGNAL_DROP,   /**< dB below normal */
    HEAL_METRIC_UPLINK,        /**< s that a gateway has had no way out of the mesh */
    HEAL_METRICS,
};

const char *heal_metric_name(enum heal_metric metric);
const char *heal_metric_unit(enum heal_metric metric);
int heal_metric_parse(const char *name, enum heal_metric *ret_metric);

/** A threshold's start value and the bounds that feedback may not leave. */
struct heal_threshold_setting {
    float start, min, max;
};

/** What may be done about a diagnosis, and when (docs: policy). */
struct heal_policy {
    heal_us for_us;       /**< the diagnosis must hold so long before anything is done */
    float min_confidence; /**< 0 to 1 */
    uint8_t steps;
    enum heal_remedy step[HEAL_REMEDIES_PER_POLICY]; /**< in the order that the operator prefers */
    heal_us
        cooldown_us; /**< after an incident ended, before a remedy for the same on the same element again */
    uint16_t max_per_window;
    heal_us window_us;
    bool escalate; /**< trouble that comes back within the window: the next remedy, not the same again */
};

/** What the network must have shown before its verdicts are acted upon, and must keep to after. */
struct heal_gate_setting {
    uint16_t alarms;      /**< judged, at least so many */
    uint16_t watches;     /**< healthy ones, at least so many */
    float precision;      /**< the lower bound of its alarms' */
    float keep_precision; /**< while it acts: the upper bound of its last alarms' */
    float moved;          /**< while it acts: the most that a feature's distribution may move (drift.h) */
    float outside;        /**< while it acts: the most of a feature that may lie outside of its training */
};

/** The network as a detector (docs/detector.md). */
struct heal_detector_setting {
    enum heal_mode mode;
    heal_us watch_us; /**< how long a port without trouble is watched for one right silence */
    float false_rate; /**< of such watches, so many may have an alarm */
    struct heal_gate_setting gate;
};

struct heal_service_setting {
    char name[HEAL_NAME_MAX];
    bool sheddable; /**< heald may throttle it when the node is overloaded */
    bool restartable;
    uint64_t memory_limit_bytes; /**< 0: the node's memory */
};

enum { HEAL_INTERFACE_PARAMETERS_MAX = 128 /**< with the NUL */ };

struct heal_settings {
    enum heal_mode mode;
    heal_us round_us;                       /**< calm: one round of readings (1 s) */
    heal_us round_fast_us;                  /**< while something is suspected (250 ms) */
    uint16_t probe_small_ms, probe_full_ms; /**< probe intervals, calm */
    uint16_t probe_fast_ms;                 /**< both sizes, while a port is examined */
    heal_us examine_us;                     /**< how long a suspected port is examined before the verdict */
    uint16_t ports_max;
    uint16_t min_healthy_neighbours; /**< never act if it would leave fewer */
    uint16_t
        storm_limit; /**< so many, opened within the window below: heald stops acting, and calls for people */
    heal_us storm_window_us;
    struct heal_threshold_setting threshold[HEAL_METRICS];
    struct heal_policy policy[HEAL_DIAGNOSES];
    struct heal_detector_setting detector;
    /** The routing daemon's parameters of its interfaces. It cannot be told a cost, nor to install its routes
     * anew, without its interface being given to it anew, and that takes them. Empty: not known, and neither
     * is done. */
    char interface_parameters[HEAL_INTERFACE_PARAMETERS_MAX];
    uint8_t services;
    struct heal_service_setting service[HEAL_SERVICES_MAX];
};

/** @return the time between two rounds from which on it is a gap: what was measured before it counts no more.
 */
heal_us heal_settings_gap_us(const struct heal_settings *settings);

/** Fills in the built-in defaults. */
void heal_settings_init(struct heal_settings *settings);

#endif
