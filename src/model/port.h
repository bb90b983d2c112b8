/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A port: one end of a link on this node, with everything that is known about it. The monitor writes what was
 * measured and derives the vitals; everybody else reads. Plain data inside the world, which owns it.
 */
#ifndef HEAL_MODEL_PORT_H
#define HEAL_MODEL_PORT_H

#include "heal/message.h"
#include "model/baseline.h"
#include "model/history.h"
#include "model/recent.h"
#include "model/station.h"

enum {
    HEAL_PATHS_MAX = 128,  /**< destinations whose path a neighbour may tell us */
    HEAL_OUTAGES_KEPT = 8, /**< latest outages of a port, and returns to it, for flap detection */
    HEAL_TRANSITS_MAX = 2, /**< nodes beyond a neighbour that are probed through it */
};

/** The quantities of a port that have a baseline. */
enum heal_quantity {
    HEAL_QUANTITY_RTT,        /**< ms */
    HEAL_QUANTITY_LOSS,       /**< 0 to 1, the worse direction, from calm windows */
    HEAL_QUANTITY_RSSI,       /**< dBm */
    HEAL_QUANTITY_SNR,        /**< dB */
    HEAL_QUANTITY_NOISE,      /**< dBm */
    HEAL_QUANTITY_PEER_SNR,   /**< dB, as the other end hears this one */
    HEAL_QUANTITY_PEER_NOISE, /**< dBm, at the other end */
    HEAL_QUANTITY_THROUGHPUT, /**< bit/s */
    HEAL_QUANTITY_RETRIES,    /**< 0 to 1, of the attempts to send */
    HEAL_QUANTITIES,
};

/** What flows in one direction of a link, within the window that the verdict rests on. */
struct heal_flow {
    struct heal_window window;
    float small, full; /**< share of probes lost; -1: none sent */
    float loss;        /**< the best estimate of the share lost, both sizes and paired counters */
    float low;         /**< what the evidence speaks for at least (Wilson) */
    float low_small, low_full;
    uint32_t samples;
    bool lately;     /**< it has not got better by half within the last second, outages aside */
    bool steady;     /**< it is no burst: without its worst seconds it is not better by half either */
    float silence_s; /**< since anything was last known to come through; -1: not known */
    /** the share lost as people and other nodes are told it: 1 where nothing comes through; -1: not known */
    float loss_told;
};

/** The directions of a link, as seen from this node. */
enum heal_direction { HEAL_IN, HEAL_OUT, HEAL_DIRECTIONS };

/** What the monitor makes of a port each round. */
struct heal_vitals {
    struct heal_flow flow[HEAL_DIRECTIONS];
    uint32_t outages;  /**< within the flap window */
    uint32_t returns;  /**< rounds of the last minute in which ways came back to it from other neighbours */
    float rtt_ms;      /**< least of the window; -1: none */
    float rtt_excess;  /**< deviations above normal; 0 where nothing is known */
    float snr_drop_db; /**< below normal, at the worse end; 0 where there is no radio */
    float noise_rise_db;
    float rssi_drop_db;
    bool has_rssi;           /**< of this end, fresh */
    bool has_snr;            /**< of either end, fresh */
    float snr_db, noise_dbm; /**< of the end that hears the other worse */
    float retries;           /**< share of the attempts to send that were retries; -1: not known */
    float retries_rise;      /**< above normal at least, as far as the evidence carries; 0 where not known */
    uint32_t attempts;       /**< that these rest on */
    bool examined;           /**< the examination has lasted long enough for a verdict */
};

/** A routed probe through this port's neighbour to a node beyond it. */
struct heal_transit {
    heal_node_id target;
    struct heal_address address;
    uint32_t epoch;
    uint32_t sent, arrived;           /**< totals, latest */
    uint32_t sent_mark, arrived_mark; /**< totals when the window began */
    heal_us mark;
    float loss; /**< over the last full window; -1: none yet */
    uint32_t samples;
    uint8_t bad_windows; /**< in a row that lost nearly all */
};

/** How far a port has been told the paths of this node. */
struct heal_telling {
    uint64_t set;  /**< that it is being told; 0: none */
    uint8_t paths; /**< of that one, told so far */
    uint64_t told; /**< the last one that it was told all of */
    heal_us told_at;
};

struct heal_port {
    bool known; /**< false: only remembered from an earlier run (its baselines) */
    struct heal_port_key key;
    /** There is a neighbour to lose, not a stranger that has probed a few times (anybody on the link can):
     * the routing daemon has known it, it has spoken on the mesh channel, or it was heard for long. */
    bool established;
    heal_us heard_since;    /**< without a break; 0: it is not heard now */
    heal_node_id neighbour; /**< 0: it has not told us yet */
    char neighbour_name[HEAL_NAME_MAX];
    heal_us since; /**< when the link came up */
    /* interface */
    bool up, carrier;
    heal_us down_at; /**< it was last seen to go down, or to lose its carrier; 0: never */
    uint32_t mtu;
    uint64_t tx_bytes, rx_bytes;
    heal_us bytes_at;
    float throughput; /**< bit/s; -1: unknown */
    /* routing daemon */
    bool routed; /**< it knows this neighbour */
    uint16_t reach, rxcost, cost;
    /* probes */
    struct heal_history in, out;
    float rtt_recent_ms[8]; /**< minimum of each of the last rounds; 0: none in that round */
    uint8_t rtt_next;
    heal_us in_at;
    heal_us outage_at[HEAL_OUTAGES_KEPT];
    uint32_t outages_seen[HEAL_DIRECTIONS], outage_lost_seen[HEAL_DIRECTIONS];
    /* radio */
    bool has_radio, has_noise;
    float rssi_dbm, noise_dbm;
    heal_us radio_at;
    struct heal_station station;
    /* a mesh below IP */
    struct heal_reading_relay relay;
    heal_us relay_at;                       /**< 0: no such mesh, or not its neighbour */
    heal_us returned_at[HEAL_OUTAGES_KEPT]; /**< when ways came back to it from other neighbours */
    /* the peer's view */
    struct heal_message_link peer;
    heal_us peer_at; /**< 0: it never spoke */
    uint8_t paths, paths_arriving;
    bool paths_superseded;            /**< a part of another set has come, but not all of it */
    heal_us paths_at;                 /**< the set in use was last told, all or a part; 0: there is none */
    uint64_t paths_set, arriving_set; /**< as numbered by the neighbour */
    struct heal_path path[HEAL_PATHS_MAX], arriving[HEAL_PATHS_MAX]; /**< in use; put together aside */
    struct heal_telling telling;
    heal_us kept_at; /**< the period whose baselines have been kept */
    /* derived */
    struct heal_baseline normal[HEAL_QUANTITIES];
    struct heal_features features;
    struct heal_vitals vitals;
    struct heal_recent recent; /**< of the vitals */
    struct heal_transit transit[HEAL_TRANSITS_MAX];
    heal_us learned_at; /**< the baselines last took a sample */
    /* suspicion */
    heal_us examined_since; /**< 0: not under examination */
    bool sick_before;       /**< an incident was open on it in the last round */
    bool own_suspicion;     /**< of this end; else the peer asked for it, or the network's incident */
    bool for_network;       /**< but for an incident of the network alone it would not be examined */
    heal_us suspected_at;   /**< when trouble began to show: while examined, since when without a break */
    heal_us calm_until;     /**< after an examination that found nothing: no new one for light reasons */
    uint8_t dismissals;     /**< of such examinations, in a row */
    uint16_t pace_small_ms, pace_full_ms; /**< what was last asked of the prober */
};

/** @return whether packets come in: something arrived within the last @p silence_s seconds. */
bool heal_port_hears(const struct heal_port *port, float silence_s);

/** @return whether the peer's heald has spoken within @p span. */
bool heal_port_peer_is_fresh(const struct heal_port *port, heal_us now, heal_us span);

/** @return the neighbour's path to @p destination, or NULL if it has not told one that reaches it. */
const struct heal_path *heal_port_path(const struct heal_port *port, const struct heal_prefix *destination);

/** @return what is normal of its features, as far as that is known: the baselines' middles. */
struct heal_features heal_port_normal(const struct heal_port *port);

#endif
