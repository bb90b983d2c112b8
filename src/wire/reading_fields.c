/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/fields.h"

static const char *const gateway_modes[] = {"off", "client", "server", NULL};
static const char *const fib_types[] = {"unicast", "blackhole", "local", NULL};

#define LINK(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_link, member)
static const struct heal_field link_fields[] = {
    HEAL_FIELD_TEXT_OF("ifname", struct heal_reading_link, ifname),
    LINK(BOOL, "present", present),
    LINK(BOOL, "up", up),
    LINK(BOOL, "carrier", carrier),
    LINK(U32, "mtu", mtu),
    LINK(U64, "tx-packets", tx_packets),
    LINK(U64, "rx-packets", rx_packets),
    LINK(U64, "tx-bytes", tx_bytes),
    LINK(U64, "rx-bytes", rx_bytes),
    {0},
};

#define RADIO(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_radio, member)
static const struct heal_field radio_fields[] = {
    RADIO(PORT, "port", port),
    RADIO(FLOAT, "rssi", rssi_dbm),
    RADIO(FLOAT, "noise", noise_dbm),
    RADIO(BOOL, "has-noise", has_noise),
    {0},
};

#define NODE(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_node, member)
static const struct heal_field node_fields[] = {
    NODE(FLOAT, "cpu", cpu),
    NODE(FLOAT, "memory", memory),
    NODE(U64, "memory-used", memory_used_bytes),
    NODE(U64, "memory-total", memory_total_bytes),
    NODE(FLOAT, "cpu-pressure", cpu_pressure),
    NODE(BOOL, "forwarding", forwarding),
    NODE(BOOL, "forwarding4", forwarding4),
    {0},
};

#define SERVICE(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_service, member)
static const struct heal_field service_fields[] = {
    HEAL_FIELD_TEXT_OF("name", struct heal_reading_service, name),
    SERVICE(BOOL, "running", running),
    SERVICE(BOOL, "stopped", stopped),
    SERVICE(U32, "pid", pid),
    SERVICE(FLOAT, "cpu", cpu),
    SERVICE(U64, "rss", rss_bytes),
    {0},
};

#define NEIGHBOUR(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_neighbour, member)
static const struct heal_field neighbour_fields[] = {
    NEIGHBOUR(PORT, "port", port),
    NEIGHBOUR(BOOL, "present", present),
    NEIGHBOUR(BOOL, "forgotten", forgotten),
    NEIGHBOUR(U16, "reach", reach),
    NEIGHBOUR(U16, "rxcost", rxcost),
    NEIGHBOUR(U16, "txcost", txcost),
    NEIGHBOUR(U16, "cost", cost),
    {0},
};

#define ROUTE(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_route, member)
static const struct heal_field route_fields[] = {
    ROUTE(PREFIX, "prefix", prefix),
    ROUTE(PORT, "via", via),
    ROUTE(BOOL, "present", present),
    ROUTE(BOOL, "installed", installed),
    ROUTE(U16, "metric", metric),
    ROUTE(U16, "refmetric", refmetric),
    {0},
};

#define FIB(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_fib, member)
static const struct heal_field fib_fields[] = {
    FIB(PREFIX, "prefix", prefix),
    FIB(PORT, "via", via),
    HEAL_FIELD_CHOICE_OF("type", struct heal_reading_fib, type, fib_types),
    FIB(U8, "protocol", protocol),
    FIB(U32, "metric", metric),
    FIB(BOOL, "present", present),
    {0},
};

#define PROBE(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_probe, member)
static const struct heal_field probe_fields[] = {
    PROBE(PORT, "port", port),
    PROBE(U32, "sent.small", sent[HEAL_PROBE_SMALL]),
    PROBE(U32, "sent.full", sent[HEAL_PROBE_FULL]),
    HEAL_WIRE_ACCOUNT_FIELDS(struct heal_reading_probe, in),
    PROBE(U32, "rtt-count", rtt_count),
    PROBE(U32, "rtt-min", rtt_min_us),
    PROBE(U32, "rtt-median", rtt_median_us),
    {0},
};

#define TRANSIT(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_transit, member)
static const struct heal_field transit_fields[] = {
    TRANSIT(PORT, "via", via),
    TRANSIT(ADDRESS, "target", target),
    TRANSIT(NODE, "target-node", target_node),
    TRANSIT(U32, "epoch", epoch),
    TRANSIT(U32, "sent", sent),
    TRANSIT(U32, "arrived", arrived),
    TRANSIT(U32, "answer-age", answer_age_ms),
    {0},
};

#define STATION(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_station, member)
static const struct heal_field station_fields[] = {
    STATION(PORT, "port", port),
    STATION(U32, "tx-packets", tx_packets),
    STATION(U32, "tx-retries", tx_retries),
    STATION(U32, "tx-failed", tx_failed),
    STATION(U32, "expected", expected_kbit),
    STATION(U32, "airtime", airtime),
    STATION(U32, "frequency", frequency_mhz),
    STATION(U32, "power", power_mbm),
    {0},
};

#define MESH(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_mesh, member)
static const struct heal_field mesh_fields[] = {
    HEAL_FIELD_TEXT_OF("ifname", struct heal_reading_mesh, ifname),
    HEAL_FIELD_CHOICE_OF("gateway", struct heal_reading_mesh, gateway, gateway_modes),
    MESH(U32, "originator", originator_ms),
    MESH(U32, "chosen-age", chosen_ms),
    MESH(ADDRESS, "chosen", chosen),
    MESH(U8, "gateways", gateways),
    MESH(BOOL, "by-throughput", by_throughput),
    {0},
};

#define HARD(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_hard, member)
static const struct heal_field hard_fields[] = {
    HEAL_FIELD_TEXT_OF("ifname", struct heal_reading_hard, ifname),
    HARD(U32, "elp", elp_ms),
    HARD(U32, "override", override_kbit),
    HARD(BOOL, "has-penalty", has_penalty),
    HARD(BOOL, "has-override", has_override),
    HARD(U8, "penalty", penalty),
    {0},
};

#define RELAY(type, name, member) HEAL_FIELD_OF(type, name, struct heal_reading_relay, member)
static const struct heal_field relay_fields[] = {
    RELAY(PORT, "port", port),     RELAY(U16, "destinations", destinations), RELAY(U16, "alone", alone),
    RELAY(BOOL, "direct", direct), RELAY(U16, "returned", returned),         {0},
};

static const struct heal_field daemon_fields[] = {
    HEAL_FIELD_OF(BOOL, "answers", struct heal_reading_daemon, answers),
    {0},
};

const struct heal_wire_kind heal_wire_readings[HEAL_READING_KINDS] = {
    [HEAL_READING_LINK] = {"reading-link",      link_fields     },
    [HEAL_READING_RADIO] = {"reading-radio",     radio_fields    },
    [HEAL_READING_NODE] = {"reading-node",      node_fields     },
    [HEAL_READING_SERVICE] = {"reading-service",   service_fields  },
    [HEAL_READING_NEIGHBOUR] = {"reading-neighbour", neighbour_fields},
    [HEAL_READING_ROUTE] = {"reading-route",     route_fields    },
    [HEAL_READING_FIB] = {"reading-fib",       fib_fields      },
    [HEAL_READING_PROBE] = {"reading-probe",     probe_fields    },
    [HEAL_READING_TRANSIT] = {"reading-transit",   transit_fields  },
    [HEAL_READING_STATION] = {"reading-station",   station_fields  },
    [HEAL_READING_MESH] = {"reading-mesh",      mesh_fields     },
    [HEAL_READING_HARD] = {"reading-hard",      hard_fields     },
    [HEAL_READING_RELAY] = {"reading-relay",     relay_fields    },
    [HEAL_READING_DAEMON] = {"reading-daemon",    daemon_fields   },
};
