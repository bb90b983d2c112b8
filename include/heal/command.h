/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Commands: what the engine wants done, with fixed-size arguments that name things and never contain a path
 * or a command line. The shell carries them out and answers each that has a `ticket` with a result event.
 */
#ifndef HEAL_COMMAND_H
#define HEAL_COMMAND_H

#include "heal/message.h"

enum {
    HEAL_ROUTE_PROTOCOL = 104,       /**< rtm_protocol of every route that heald adds; nobody else's by
                                        linux/rtnetlink.h and iproute2's rt_protos */
    HEAL_ROUTE_METRIC = 512,         /**< before babeld's 1024 */
    HEAL_ROUTE_METRIC_BRIDGE = 1025, /**< after babeld's: bridges a gap until babeld is back */
};

/** In place of a cost: somebody else has set it meanwhile. Nothing is changed, and heald's is forgotten. */
static const uint32_t HEAL_COST_FORGET = UINT32_MAX;

enum heal_command_kind {
    HEAL_COMMAND_SEND,    /**< a message to the neighbour of a port */
    HEAL_COMMAND_PACE,    /**< how fast to probe a port */
    HEAL_COMMAND_TRANSIT, /**< probe a node beyond a neighbour, or stop */
    HEAL_COMMAND_STORE,   /**< keep a record; the result comes when it is durable */
    /* Acts on the world: carried out in mode act only. */
    HEAL_COMMAND_ROUTE_ADD,
    HEAL_COMMAND_ROUTE_DELETE,
    HEAL_COMMAND_LINK_COST, /**< the routing daemon's cost of an interface; 0: back to normal */
    HEAL_COMMAND_LINK_MTU,
    HEAL_COMMAND_LINK_BOUNCE, /**< down, a second, up */
    HEAL_COMMAND_SERVICE_RESTART,
    HEAL_COMMAND_SERVICE_SHED, /**< throttle a service to a share of the node; share 0: lift the throttle */
    HEAL_COMMAND_QUARANTINE,   /**< drop what comes from a neighbour but for heald's packets, or lift that */
    HEAL_COMMAND_FORWARDING,   /**< switch forwarding on */
    HEAL_COMMAND_ROUTES_REFRESH, /**< have the routing daemon install its routes again */
    HEAL_COMMAND_MESH_RENEW,     /**< take an interface out of the mesh below IP, and give it back */
    HEAL_COMMAND_TUNE,           /**< change one setting of a mesh below IP, or of a radio */
    HEAL_COMMAND_NOTIFY,         /**< tell people: the hook, the log */
    HEAL_COMMAND_KINDS,
};

struct heal_command_pace {
    struct heal_port_key port;
    uint16_t small_interval_ms, full_interval_ms;
};

struct heal_command_transit {
    struct heal_port_key via; /**< zero: as the kernel routes */
    struct heal_address target;
    heal_node_id target_node;
    uint16_t interval_ms; /**< 0: stop */
};

struct heal_command_route {
    struct heal_prefix prefix;
    struct heal_port_key via;
    uint32_t metric;
};

struct heal_command_link {
    char ifname[HEAL_IFNAME_MAX];
    uint32_t value;     /**< the cost, or HEAL_COST_FORGET; or the MTU */
    uint32_t only_from; /**< of LINK_MTU: only where the MTU is this now; 0: whatever it is */
};

struct heal_command_service {
    char name[HEAL_NAME_MAX];
    float share; /**< for SERVICE_SHED: of the node's CPU capacity, as in heal_reading_service; 0 lifts it */
};

struct heal_command_quarantine {
    struct heal_port_key port;
    bool on;
};

/** What can be tuned, and in which unit. */
enum heal_tuning {
    HEAL_TUNE_PENALTY, /**< of a mesh's interface: how much worse all that comes through it is made, of 255 */
    HEAL_TUNE_OVERRIDE, /**< of a mesh's interface, BATMAN V: throughput to be taken for the measured, kbit/s
                         */
    HEAL_TUNE_ELP,      /**< of a mesh's interface, BATMAN V: between two probes of a neighbour, ms */
    HEAL_TUNE_ORIGINATOR, /**< of a mesh: between two announcements of this node, ms */
    HEAL_TUNE_GATEWAY,    /**< of a mesh: enum heal_gateway_mode */
    HEAL_TUNE_CHANNEL,    /**< of a radio: MHz */
    HEAL_TUNE_POWER,      /**< of a radio: hundredths of a dBm */
    HEAL_TUNINGS,
};
/** Their words, in this order; NULL past the last. */
extern const char *const heal_tuning_names[HEAL_TUNINGS + 1];

/** Only from the one value to the other: what somebody else has set meanwhile is his. */
struct heal_command_tune {
    enum heal_tuning what;
    char ifname[HEAL_IFNAME_MAX]; /**< the mesh, its interface, or the radio's */
    uint32_t from, value;
    bool back; /**< it takes back what heald has set */
};

struct heal_command_notify {
    uint64_t incident;
    char text[160];
};

enum heal_record_kind {
    HEAL_RECORD_INCIDENT,  /**< key: the incident's id. Evidence is inside. */
    HEAL_RECORD_STEP,      /**< key: incident id and step number: what is about to be done, or came of it */
    HEAL_RECORD_THRESHOLD, /**< key: metric */
    HEAL_RECORD_STRATEGY,  /**< key: diagnosis and remedy */
    HEAL_RECORD_BASELINE,  /**< key: port and metric */
    HEAL_RECORD_LABEL,     /**< key: the incident's id */
    HEAL_RECORD_ORDER,     /**< key: "mode", "pause" or "detector": what an operator has ordered */
    HEAL_RECORD_VERDICT,   /**< key: the verdict's id */
    HEAL_RECORD_MERIT,     /**< key: model and part: what a model has shown */
    HEAL_RECORD_AUDIT,     /**< appended to the hash chain; no key */
    HEAL_RECORD_KINDS,
};

/**
 * A record to keep: a key, unique within its kind, and the text of its value: `name=value` pairs as in the
 * event log, which the engine reads back at the next start (HEAL_EVENT_RESTORE). The store does not look
 * inside.
 */
struct heal_record {
    enum heal_record_kind kind;
    char key[96];
    char value[3600];
};

struct heal_command {
    enum heal_command_kind kind;
    uint32_t ticket;   /**< 0: no answer wanted */
    uint64_t incident; /**< on whose behalf; 0: none */
    union {
        struct heal_message message;
        struct heal_command_pace pace;
        struct heal_command_transit transit;
        struct heal_record record;
        struct heal_command_route route;
        struct heal_command_link link;
        struct heal_command_service service;
        struct heal_command_quarantine quarantine;
        struct heal_command_tune tune;
        struct heal_command_notify notify;
    };
};

/** @return true for the kinds that change the world (from ROUTE_ADD up to NOTIFY, NOTIFY not among them). */
bool heal_command_is_act(enum heal_command_kind kind);

/** @return the kind's name as the event log and the metrics spell it, e.g. "route-add". */
const char *heal_command_name(enum heal_command_kind kind);

#endif
