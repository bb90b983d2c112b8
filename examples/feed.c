/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* feed: feeds an engine the readings of a node with two neighbours, west and east, who also hear each other.
 * The link to west falls sick for a while. Prints what the loop decides and how often it has learned from it.
 *
 *     feed [--act] [--log FILE]      without --act the engine observes: it says what it would do
 *
 * With --log it records every event, for replay.c.
 * Time is virtual: four minutes take some milliseconds, and every run prints the same. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <heal/engine.h>
#include <heal/settings.h>
#include <heal/status.h>

enum {
    RUN_S = 240,
    SICK_FROM_S = 60,
    SICK_UNTIL_S = 150,
    PROBES_PER_S = 20,
    COST = 256,
    BABEL_PROTOCOL = 42,
    ANSWERS_MAX = 256
};

struct world {
    FILE *log; /* NULL: not recorded */
    struct heal_engine *engine;
    struct heal_output output;
    heal_us now;
    struct heal_link_account in[2];  /* what arrives here, by port */
    struct heal_link_account out[2]; /* what the neighbours say arrived there */
    uint32_t sent[2];
    uint64_t packets[2];
    uint32_t lost_share; /* of 100, on port 0, both ways */
    size_t answers;      /* to the commands of the step under way */
    struct heal_event answer[ANSWERS_MAX];
};

static const char *const neighbour_name[2] = {"west", "east"};
static const char *const neighbour_address[2] = {"fd00::1", "fd00::2"};

static struct heal_port_key port_key(int port) {
    struct heal_port_key key = {0};

    snprintf(key.ifname, sizeof key.ifname, "mesh%d", port);
    heal_address_parse(port == 0 ? "fe80::1:1" : "fe80::2:1", &key.peer);
    return key;
}

static void print_decisions(const struct heal_output *output) {
    for (size_t i = 0; i < output->decisions; i++) {
        char line[400];

        if (heal_decision_format(&output->decision[i], line, sizeof line) > 0)
            puts(line);
    }
}

static void record(const struct world *world, const struct heal_event *event) {
    static char line[HEAL_EVENT_LINE_MAX];

    if (world->log && heal_event_format(world->now, event, line, sizeof line) > 0)
        fprintf(world->log, "%s\n", line);
}

static void answer(struct world *world, const struct heal_event *event) {
    if (world->answers < ANSWERS_MAX)
        world->answer[world->answers++] = *event;
}

/* A kernel that does as it is told, and shows it. */
static struct heal_event shown_route(const struct heal_command_route *route, uint8_t protocol, bool present) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_FIB};

    event.reading.fib = (struct heal_reading_fib){
        .prefix = route->prefix,
        .via = route->via,
        .type = HEAL_FIB_UNICAST,
        .protocol = protocol,
        .metric = route->metric,
        .present = present,
    };
    return event;
}

/* The shell's half of the bargain: commands are carried out (here only routes are), and each with a ticket is
 * answered. Here all succeed. */
static void carry_out(struct world *world, const struct heal_command *command) {
    if (command->kind == HEAL_COMMAND_ROUTE_ADD || command->kind == HEAL_COMMAND_ROUTE_DELETE) {
        bool present = command->kind == HEAL_COMMAND_ROUTE_ADD;
        struct heal_event shown = shown_route(&command->route, HEAL_ROUTE_PROTOCOL, present);

        answer(world, &shown);
    }
    if (command->ticket != 0) {
        struct heal_event result = {.kind = HEAL_EVENT_RESULT, .result.ticket = command->ticket};

        answer(world, &result);
    }
}

/* Lets one event happen, then the answers to its commands, which may bring further commands. */
static void step(struct world *world, const struct heal_event *event) {
    size_t next = 0;

    world->answers = 0;
    answer(world, event);
    while (next < world->answers) {
        const struct heal_event *now = &world->answer[next++];

        record(world, now);
        heal_engine_step(world->engine, world->now, now, &world->output);
        print_decisions(&world->output);
        for (size_t i = 0; i < world->output.commands; i++)
            carry_out(world, &world->output.command[i]);
    }
}

static void feed_node(struct world *world) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_NODE};

    event.reading.node = (struct heal_reading_node){
        .cpu = 0.2F,
        .memory = 0.4F,
        .memory_used_bytes = UINT64_C(400) << 20,
        .memory_total_bytes = UINT64_C(1000) << 20,
        .cpu_pressure = -1.0F,
        .forwarding = true,
        .forwarding4 = true,
    };
    step(world, &event);
}

static void feed_link(struct world *world, int port) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_LINK};
    struct heal_reading_link *link = &event.reading.link;

    snprintf(link->ifname, sizeof link->ifname, "mesh%d", port);
    link->present = link->up = link->carrier = true;
    link->mtu = 1500;
    link->tx_packets = link->rx_packets = world->packets[port];
    link->tx_bytes = link->rx_bytes = world->packets[port] * 500;
    step(world, &event);
}

/* Counts some probes into an account; of each hundred, lost_share are missing, well spread (37 and 100 share
 * no divisor). */
static void account(struct heal_link_account *account, uint32_t probes, uint32_t lost_share) {
    account->epoch = 1;
    account->silence_ms = 10;
    for (int size = 0; size < HEAL_PROBE_SIZES; size++) {
        for (uint32_t i = 0; i < probes; i++) {
            account->expected[size]++;
            if (account->expected[size] * 37U % 100U >= lost_share)
                account->received[size]++;
        }
    }
    account->pair_sent += probes;
    account->pair_received += probes - probes * lost_share / 100U;
}

static void feed_probe(struct world *world, int port) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_PROBE};
    struct heal_reading_probe *probe = &event.reading.probe;

    probe->port = port_key(port);
    probe->sent[HEAL_PROBE_SMALL] = probe->sent[HEAL_PROBE_FULL] = world->sent[port];
    probe->in = world->in[port];
    probe->rtt_count = 4;
    probe->rtt_min_us = 1800;
    probe->rtt_median_us = 2000;
    step(world, &event);
}

static void feed_message(struct world *world, int port) {
    struct heal_event event = {.kind = HEAL_EVENT_MESSAGE, .message.kind = HEAL_MESSAGE_LINK};
    struct heal_message *message = &event.message;

    message->port = port_key(port);
    message->from = heal_node_id_of(neighbour_name[port]);
    snprintf(message->from_name, sizeof message->from_name, "%s", neighbour_name[port]);
    message->link.in = world->out[port];
    message->link.mtu = 1500;
    heal_address_parse(neighbour_address[port], &message->link.address);
    step(world, &event);
}

/* How the packets to west go on from this neighbour: over no node from west itself, over one from east. */
static void feed_paths(struct world *world, int port) {
    struct heal_event event = {.kind = HEAL_EVENT_MESSAGE, .message.kind = HEAL_MESSAGE_PATHS};
    struct heal_message *message = &event.message;
    struct heal_path *path = &message->paths.path[0];

    message->port = port_key(port);
    message->from = heal_node_id_of(neighbour_name[port]);
    message->paths.paths = 1;
    heal_prefix_parse(neighbour_address[0], &path->destination);
    path->hops = port == 0 ? 0 : 1;
    path->metric = port == 0 ? 0 : COST;
    path->hop[0] = port == 0 ? 0 : heal_node_id_of(neighbour_name[0]);
    step(world, &event);
}

static void feed_neighbour(struct world *world, int port) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_NEIGHBOUR};

    event.reading.neighbour = (struct heal_reading_neighbour){.port = port_key(port),
                                                              .present = true,
                                                              .reach = 0xffff,
                                                              .rxcost = COST,
                                                              .txcost = COST,
                                                              .cost = COST};
    step(world, &event);
}

/* What the routing daemon knows: west is reached directly, or over east, at twice the cost. It has put the
 * first into the kernel. */
static void feed_routes(struct world *world) {
    struct heal_command_route direct = {.via = port_key(0), .metric = 1024};

    heal_prefix_parse(neighbour_address[0], &direct.prefix);
    for (int port = 0; port < 2; port++) {
        struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_ROUTE};

        event.reading.route = (struct heal_reading_route){.prefix = direct.prefix,
                                                          .via = port_key(port),
                                                          .present = true,
                                                          .installed = port == 0,
                                                          .metric = port == 0 ? COST : 2 * COST,
                                                          .refmetric = port == 0 ? 0 : COST};
        step(world, &event);
    }
    struct heal_event shown = shown_route(&direct, BABEL_PROTOCOL, true);
    step(world, &shown);
}

static void round_of_readings(struct world *world, heal_us span) {
    uint32_t probes = (uint32_t)(span * PROBES_PER_S / HEAL_US_PER_S);
    struct heal_event event = {.kind = HEAL_EVENT_ROUND};

    feed_node(world);
    for (int port = 0; port < 2; port++) {
        uint32_t lost = port == 0 ? world->lost_share : 0;

        world->sent[port] += probes;
        world->packets[port] += probes;
        account(&world->in[port], probes, lost);
        account(&world->out[port], probes, lost);
        feed_link(world, port);
        feed_neighbour(world, port);
        feed_probe(world, port);
        feed_message(world, port);
        feed_paths(world, port);
    }
    step(world, &event);
}

static void run(struct world *world) {
    while (world->now < RUN_S * HEAL_US_PER_S) {
        heal_us next = heal_engine_next_deadline(world->engine);
        heal_us least = world->now + 100 * HEAL_US_PER_MS, most = world->now + HEAL_US_PER_S;
        heal_us then = next < least ? least : next > most ? most : next;
        heal_us span = then - world->now;

        world->now = then;
        bool sick = then >= SICK_FROM_S * HEAL_US_PER_S && then < SICK_UNTIL_S * HEAL_US_PER_S;
        world->lost_share = sick ? 30 : 0;
        round_of_readings(world, span);
    }
}

static void print_feedback(const struct heal_engine *engine) {
    struct heal_engine_status status;

    heal_engine_status(engine, &status);
    printf("feedback updates=%u confirmed=%u refuted=%u missed=%u tightened=%u relaxed=%u strategies=%u\n",
           status.feedback.updates, status.feedback.confirmed, status.feedback.refuted,
           status.feedback.missed, status.feedback.tightened, status.feedback.relaxed,
           status.feedback.strategies);
}

static void order_act(struct world *world) {
    struct heal_event event = {.kind = HEAL_EVENT_OPERATOR, .operator_.verb = HEAL_OPERATOR_MODE};

    snprintf(event.operator_.argument, sizeof event.operator_.argument, "act");
    step(world, &event);
}

/* Reads the options. */
static int arguments(int argc, char **argv, struct world *world, bool *ret_act) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--act") == 0) {
            *ret_act = true;
        } else if (strcmp(argv[i], "--log") == 0 && i + 1 < argc && !world->log) {
            world->log = fopen(argv[++i], "w");
            if (!world->log)
                return -errno;
        } else {
            return -EINVAL;
        }
    }
    return 0;
}

int main(int argc, char **argv) {
    static struct world world;
    struct heal_settings settings;
    bool act = false;

    heal_settings_init(&settings);
    int r = arguments(argc, argv, &world, &act);
    if (r == -EINVAL) {
        fprintf(stderr, "usage: feed [--act] [--log FILE]\n");
        return 64;
    }
    if (r == 0)
        r = heal_engine_new("here", &settings, 1, &world.engine);
    if (r < 0) {
        fprintf(stderr, "feed: %s\n", strerror(-r));
        return 1;
    }
    if (act)
        order_act(&world);
    feed_routes(&world);
    run(&world);
    print_feedback(world.engine);
    world.engine = heal_engine_free(world.engine);
    if (world.log && fclose(world.log) != 0)
        return 1;
    return 0;
}
