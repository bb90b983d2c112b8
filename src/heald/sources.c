/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/sources.h"

#include "base/cleanup.h"
#include "net/channel.h"
#include "net/probe.h"
#include "os/helper.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void hand_on(struct heald_sources *sources, const struct heal_reading *reading) {
    struct heal_event *event = &sources->event;

    event->kind = HEAL_EVENT_READING;
    event->reading = *reading;
    sources->take(sources->context, event);
}

/* A stranger that is refused goes on probing: that is worth a line now and then, not a line each time. */
static const heal_us refused_again_us = 60 * HEAL_US_PER_S;

static void say_refused(struct heald_sources *sources, const struct heal_port_key *key, int code) {
    char address[HEAL_ADDRESS_TEXT];

    heald_log_write(sources->parts->log, HEAL_CONFIG_LOG_WARNING, "port-refused",
                    "ifname=%s peer=%s error=\"%s\" refused=%llu", key->ifname,
                    heal_address_format(&key->peer, address),
                    code == -ENOSPC   ? "there are ports-max of them"
                    : code == -EDQUOT ? "its interface has its share of those that the routing daemon does "
                                        "not know"
                                      : strerror(-code),
                    (unsigned long long)sources->ports_refused);
}

static void learn(struct heald_sources *sources, const struct heal_port_key *key) {
    int r = heald_ports_add(&sources->ports, key, heald_now());

    if (r == 0)
        return;
    sources->ports_refused++;
    say_refused(sources, key, r);
}

static void forgotten(void *context, const struct heal_port_key *key) {
    struct heal_reading reading = {.kind = HEAL_READING_NEIGHBOUR};

    reading.neighbour.port = *key;
    reading.neighbour.forgotten = true;
    hand_on(context, &reading);
}

/* Takes a reading of any source: first for the table of ports, then for the engine. */
static void take_reading(void *context, const struct heal_reading *reading) {
    struct heald_sources *sources = context;

    if (reading->kind == HEAL_READING_NEIGHBOUR && reading->neighbour.present)
        learn(sources, &reading->neighbour.port);
    else if (reading->kind == HEAL_READING_NEIGHBOUR)
        heald_ports_leave(&sources->ports, &reading->neighbour.port);
    else if (reading->kind == HEAL_READING_LINK && !reading->link.present)
        heald_ports_remove_interface(&sources->ports, reading->link.ifname);
    hand_on(sources, reading);
}

static void take_message(void *context, const struct heal_message *message) {
    struct heald_sources *sources = context;
    struct heal_event *event = &sources->event;

    event->kind = HEAL_EVENT_MESSAGE;
    event->message = *message;
    sources->take(sources->context, event);
}

static void take_stranger(void *context, const struct heal_port_key *key) {
    struct heald_sources *sources = context;
    heal_us now = heald_now();
    int r = heald_ports_meet(&sources->ports, key, now);

    if (r == 0)
        return;
    sources->ports_refused++;
    if (sources->stranger_refused != 0 && now - sources->stranger_refused < refused_again_us)
        return;
    sources->stranger_refused = now;
    say_refused(sources, key, r);
}

static struct heal_reading_sink sink_of(struct heald_sources *sources) {
    return (struct heal_reading_sink){.take = take_reading, .context = sources};
}

static void open_probes(struct heald_sources *sources) {
    const struct heal_config *config = sources->config;
    struct heal_prober_config probes = {
        .base = sources->base,
        .port = config->mesh_probe_port,
        .small_interval_ms = config->settings.probe_small_ms,
        .full_interval_ms = config->settings.probe_full_ms,
        .ports_max = sources->ports.most,
        .address = config->mesh_address,
        .on_stranger = take_stranger,
        .context = sources,
    };
    int r = heal_prober_new(&probes, &sources->ports.prober);

    if (r < 0)
        heald_parts_say(sources->parts, HEALD_PART_PROBES, false,
                        "UDP port %u: %s; loss is seen by counters and the routing daemon only",
                        config->mesh_probe_port, strerror(-r));
    else if (heal_address_is_zero(&config->mesh_address))
        heald_parts_say(sources->parts, HEALD_PART_PROBES, true,
                        "no mesh.address is set: links are probed, nodes beyond the neighbours are not");
    else
        heald_parts_say(sources->parts, HEALD_PART_PROBES, true, "%s", "");
}

static void open_channel(struct heald_sources *sources) {
    struct heal_channel_config channel = {
        .base = sources->base,
        .port = sources->config->mesh_port,
        .ports_max = sources->ports.most,
        .on_message = take_message,
        .context = sources,
    };

    memcpy(channel.node, sources->config->node, sizeof channel.node);
    int r = heal_channel_udp_new(&channel, &sources->ports.channel);
    if (r < 0)
        heald_parts_say(sources->parts, HEALD_PART_CHANNEL, false,
                        "UDP port %u: %s; the neighbours are not heard", channel.port, strerror(-r));
    else
        heald_parts_say(sources->parts, HEALD_PART_CHANNEL, true, "%s", "");
}

static void open_links(struct heald_sources *sources) {
    struct heal_netlink_options links = {.base = sources->base, .sink = sink_of(sources)};
    int r = heal_netlink_open(&links, &sources->netlink);

    if (r < 0)
        heald_parts_say(sources->parts, HEALD_PART_LINKS, false,
                        "rtnetlink: %s; interfaces and kernel routes are not seen", strerror(-r));
    else
        heald_parts_say(sources->parts, HEALD_PART_LINKS, true, "%s", "");
}

static void be_degraded(struct heald_sources *sources, enum heald_condition condition, bool holds,
                        const char *words) {
    struct heald_degraded *degraded = sources->parts->degraded;

    if (degraded && holds)
        heald_degraded_raise(degraded, condition, "%s", words);
    else if (degraded)
        heald_degraded_clear(degraded, condition);
}

static void say_routing(void *context, enum heal_babel_state state, const char *words) {
    struct heald_sources *sources = context;
    bool works = state == HEAL_BABEL_READY || state == HEAL_BABEL_SYNCING;
    struct heal_reading reading = {.kind = HEAL_READING_DAEMON, .daemon.answers = works};

    if (sources->helper_lacks)
        words = "no helper connects heald to its socket";
    heald_parts_say(sources->parts, HEALD_PART_ROUTING, works, "babeld %s%s%s", heal_babel_state_name(state),
                    words && *words ? ": " : "", words ? words : "");
    be_degraded(sources, HEALD_DAEMON_WEDGED, state == HEAL_BABEL_WEDGED, words);
    be_degraded(sources, HEALD_DAEMON_ABSENT, state == HEAL_BABEL_ABSENT && !sources->helper_lacks, words);
    hand_on(sources, &reading);
}

static void open_batadv(struct heald_sources *sources) {
    const char *ifname = sources->config->routing_interface;
    int r = heal_batadv_open(ifname, &sources->batadv);

    if (r < 0)
        heald_parts_say(sources->parts, HEALD_PART_ROUTING, false, "batman-adv: %s",
                        r == -ENOENT ? "this kernel does not have it (modprobe batman-adv)" : strerror(-r));
    else
        heald_parts_say(sources->parts, HEALD_PART_ROUTING, true, "batman-adv %s", ifname);
    be_degraded(sources, HEALD_DAEMON_ABSENT, r < 0, "batman-adv is not to be had");
}

static void take_routing_socket(void *context, int code, const struct heal_helper_answer *answer, int file) {
    struct heald_sources *sources = context;

    sources->helper_lacks = code < 0 && !answer; /* then nobody has looked for babeld */
    if (sources->babel)
        heal_babel_take_connection(sources->babel, code < 0 ? code : file);
    else if (file >= 0)
        close(file);
    sources->helper_lacks = false;
}

static void ask_for_routing_socket(void *context, struct heal_babel *babel) {
    struct heald_sources *sources = context;
    const struct heal_helper_order order = {.verb = HEAL_HELPER_ROUTING_SOCKET};

    (void)babel;
    heal_helper_ask(sources->helper, &order, HEAL_US_PER_S, take_routing_socket, sources);
}

static void open_routing(struct heald_sources *sources) {
    struct heal_babel_options babel = {
        .base = sources->base,
        .path = sources->config->routing_socket,
        .sink = sink_of(sources),
        .connect = ask_for_routing_socket,
        .on_state = say_routing,
        .context = sources,
    };

    if (sources->config->routing == HEAL_CONFIG_ROUTING_NONE) {
        heald_parts_unwanted(sources->parts, HEALD_PART_ROUTING, "no routing daemon is configured");
        return;
    }
    if (sources->config->routing == HEAL_CONFIG_ROUTING_BATMAN_ADV) {
        open_batadv(sources);
        return;
    }
    int r = heal_babel_open(&babel, &sources->babel);
    if (r < 0)
        heald_parts_say(sources->parts, HEALD_PART_ROUTING, false, "%.100s: %s", babel.path, strerror(-r));
    else
        heald_parts_say(sources->parts, HEALD_PART_ROUTING, false, "babeld: %s",
                        heal_babel_words(sources->babel));
}

static void open_node(struct heald_sources *sources) {
    const struct heal_config *config = sources->config;
    struct heal_procfs_options node = {
        .processes = config->node_source == HEAL_CONFIG_NODE_PROCESSES,
        .cpu_capacity = config->cpu_capacity,
        .memory_bytes = config->memory_bytes,
    };
    int r = heal_procfs_open(&node, &sources->procfs);

    if (r < 0)
        heald_parts_say(sources->parts, HEALD_PART_NODE, false, "/proc: %s; CPU and memory are not seen",
                        strerror(-r));
    else
        heald_parts_say(sources->parts, HEALD_PART_NODE, true, "%s", "");
}

/* @param before the services of the configuration before; NULL: none. */
static void open_services(struct heald_sources *sources, const struct heal_services *before) {
    struct heal_services_options services = {
        .base = sources->base,
        .config = sources->config,
        .cpu_capacity = sources->procfs ? heal_procfs_cpu_capacity(sources->procfs) : 1,
        .sink = sink_of(sources),
        .before = before,
    };

    if (sources->config->settings.services == 0) {
        heald_parts_unwanted(sources->parts, HEALD_PART_SERVICES, "no services are configured");
        return;
    }
    int r = heal_services_open(&services, &sources->services);
    if (r < 0)
        heald_parts_say(sources->parts, HEALD_PART_SERVICES, false, "%s; no service is watched",
                        strerror(-r));
    else
        heald_parts_say(sources->parts, HEALD_PART_SERVICES, true, "%s", "");
}

static void open_radio(struct heald_sources *sources) {
    const char *path = sources->config->radio_file;
    bool kernel = sources->config->radio == HEAL_CONFIG_RADIO_NL80211 && path[0] == '\0';

    if (path[0] == '\0' && !kernel) {
        heald_parts_unwanted(sources->parts, HEALD_PART_RADIO, "no radio source is configured");
        return;
    }
    int r = kernel ? heal_radio_nl80211_open(&sources->radio) : heal_radio_file_open(path, &sources->radio);
    if (r < 0)
        heald_parts_say(sources->parts, HEALD_PART_RADIO, false, "%.150s: %s", kernel ? "nl80211" : path,
                        kernel && r == -ENOENT ? "this kernel has no wireless" : strerror(-r));
    else
        heald_parts_say(sources->parts, HEALD_PART_RADIO, true, "%s", "");
}

void heald_sources_open(struct heald_sources *sources) {
    uint16_t most = sources->config->settings.ports_max;

    sources->ports.most = most < HEAL_PORTS_MAX ? most : HEAL_PORTS_MAX;
    sources->ports.on_forgotten = forgotten;
    sources->ports.context = sources;
    /* Prober and channel first: the routing daemon's first answer names the ports. */
    open_probes(sources);
    open_channel(sources);
    open_links(sources);
    open_routing(sources);
    open_node(sources);
    open_services(sources, NULL);
    open_radio(sources);
}

void heald_sources_close(struct heald_sources *sources) {
    sources->radio = heal_radio_close(sources->radio);
    sources->services = heal_services_close(sources->services);
    sources->procfs = heal_procfs_close(sources->procfs);
    sources->batadv = heal_batadv_close(sources->batadv);
    sources->babel = heal_babel_close(sources->babel);
    sources->netlink = heal_netlink_close(sources->netlink);
    sources->ports.channel = heal_channel_free(sources->ports.channel);
    sources->ports.prober = heal_prober_free(sources->ports.prober);
}

void heald_sources_reload(struct heald_sources *sources) {
    struct heal_services *before = HEAL_STEAL(sources->services);

    open_services(sources, before);
    heal_services_close(before);
}

static void collect_services(struct heald_sources *sources, heal_us now) {
    if (!sources->services)
        return;
    heal_services_read(sources->services, now);
    const char *trouble = heal_services_trouble(sources->services);
    heald_parts_say(sources->parts, HEALD_PART_SERVICES, !trouble, "%s%s", trouble ? trouble : "",
                    trouble ? "; it is not said to be down" : "");
}

static void note_heard(struct heald_sources *sources, const struct heal_reading_probe *probe, heal_us now) {
    heal_us silence = (heal_us)probe->in.silence_ms * HEAL_US_PER_MS;

    if (probe->in.silence_ms != UINT32_MAX && silence <= now)
        heald_ports_hear(&sources->ports, &probe->port, now - silence);
}

static void collect_probes(struct heald_sources *sources, heal_us now) {
    struct heal_prober *prober = sources->ports.prober;
    struct heal_reading reading = {.kind = HEAL_READING_PROBE};

    if (!prober)
        return;
    for (size_t i = 0; heal_prober_read(prober, i, &reading.probe); i++) {
        note_heard(sources, &reading.probe, now);
        hand_on(sources, &reading);
    }
    heald_ports_age(&sources->ports, now);
    reading = (struct heal_reading){.kind = HEAL_READING_TRANSIT};
    for (size_t i = 0; heal_prober_read_transit(prober, i, &reading.transit); i++)
        hand_on(sources, &reading);
}

static void collect_radio(struct heald_sources *sources, const struct heal_reading_sink *sink) {
    struct heal_radio_source *radio = sources->radio;

    if (!radio)
        return;
    int r = radio->read(radio, sink);
    const char *words = radio->words[0] == '\0' && r < 0 ? strerror(-r) : radio->words;
    heald_parts_say(sources->parts, HEALD_PART_RADIO, r >= 0, "%s", words);
}

static void collect_mesh(struct heald_sources *sources, const struct heal_reading_sink *sink) {
    const char *ifname = sources->config->routing_interface;

    if (!sources->batadv)
        return;
    int r = heal_batadv_read(sources->batadv, sink);
    heald_parts_say(sources->parts, HEALD_PART_ROUTING, r >= 0, "batman-adv %s%s%s", ifname,
                    r < 0 ? ": " : "",
                    r == -ENODEV ? "there is no such mesh interface"
                    : r < 0      ? strerror(-r)
                                 : "");
    be_degraded(sources, HEALD_DAEMON_ABSENT, r < 0, "batman-adv is not to be had");
}

void heald_sources_collect(struct heald_sources *sources, heal_us now) {
    struct heal_reading_sink sink = sink_of(sources);
    int code = sources->netlink ? heal_netlink_read_links(sources->netlink) : 0;

    if (sources->netlink)
        heald_parts_say(sources->parts, HEALD_PART_LINKS, code >= 0, "%s", code < 0 ? strerror(-code) : "");
    code = sources->procfs ? heal_procfs_read(sources->procfs, now, &sink) : 0;
    if (sources->procfs)
        heald_parts_say(sources->parts, HEALD_PART_NODE, code >= 0, "%s", code < 0 ? strerror(-code) : "");
    collect_services(sources, now);
    collect_mesh(sources, &sink);
    collect_radio(sources, &sink);
    collect_probes(sources, now);
}
