/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "fake_heald.h"

#include "engine/probation.h"
#include "heald/access.h"
#include "heald/condition.h"
#include "heald/network.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define S(seconds) ((heal_us)((seconds)*1e6))
#define ADDRESS(last)                                                                                        \
    {                                                                                                        \
        { [0] = 0xfe, [1] = 0x80, [15] = (last) }                                                            \
    }

struct heald {
    struct heal_event_operator order;
    int answer;
    bool empty, deaf;
};

static struct heald daemon_;

static const struct heal_port_status ports[] = {
    {.key = {"wlan0", ADDRESS(2)},
     .neighbour = 2,
     .neighbour_name = "north",
     .up = true,
     .hears = true,
     .examined = true,
     .cost = 512,
     .loss_in = 0.0F,
     .loss_out = 0.215F,
     .features = {.value = {-61, 22, 0.215F, 730, 12.5F, 8.4e6F, 0.125F, 0.4F}, .valid = 0xff},
     .normal = {.value = {-60, 23, 0.001F, 0, 11, 8e6F, 0, 0}, .valid = 0x37}},
    {.key = {"eth1", ADDRESS(3)},
     .neighbour = 3,
     .neighbour_name = "east",
     .up = true,
     .hears = true,
     .cost = 96,
     .features = {.value = {NAN, NAN, 0, 5, 0.4F}, .valid = 0x1c}},
    {.key = {"eth2", ADDRESS(4)},           .loss_in = -1, .loss_out = NAN},
};

static const struct heal_judgement judgements[] = {
    {.port = {"wlan0", ADDRESS(2)},
     .judged = true,
     .sick = true,
     .whole = true,
     .tick = 9990,
     .other_tick = 12345,
     .at = S(999),
     .since = S(987),
     .logit = 2048,
     .alone = 1500,
     .lacked = {[HEAL_TOLD_STALE] = 3}},
    {.port = {"eth1", ADDRESS(3)},
     .judged = true,
     .tick = 10000,
     .at = S(999),
     .logit = -5000,
     .alone = -4500,
     .input = HEAL_TOLD_PLAIN,
     .state = HEAL_TOLD_MODEL,
     .lacked = {[HEAL_TOLD_MODEL] = 40}},
    {.port = {"eth2", ADDRESS(4)},                 .input = HEAL_TOLD_NONE,       .state = HEAL_TOLD_NONE},
};

static const struct heal_incident_status incidents[] = {
    {.id = 7,
     .role = HEAL_ROLE_OWNER,
     .node = "centre",
     .other = "north",
     .ifname = "wlan0",
     .first_seen = S(985.5),
     .opened = S(988.25),
     .diagnosed = S(988.25),
     .label = -1,
     .ranks = 2,
     .ranked = {{HEAL_LINK_LOSS, 0.94F}, {HEAL_INTERFERENCE, 0.31F}},
     .evidences = 2,
     .evidence = {{.what = "loss out, full-size",
                   .unit = "",
                   .seen = 0.215F,
                   .normal = 0.001F,
                   .threshold = 0.03F,
                   .has_normal = true,
                   .has_threshold = true,
                   .samples = 214,
                   .track = HEAL_TRACK_FULL_OUT},
                  {.what = "signal", .unit = "dBm", .seen = -61, .normal = -60, .has_normal = true}},
     .steps = 1,
     .step = {{.remedy = HEAL_ROUTE_AROUND,
               .state = HEAL_STEP_HOLDING,
               .started = S(988.3),
               .settled = S(990.6),
               .commands = 2,
               .changed = "fd00:1::3/128 over eth1, fd00:1::5/128 over eth1",
               .rule = "first of the policy's steps with a record",
               .outcome = "verified: 0.0 % lost on the way around"}}},
    {.id = 6,
     .role = HEAL_ROLE_OWNER,
     .node = "centre",
     .service = "worker",
     .first_seen = S(400),
     .opened = S(401),
     .diagnosed = S(402.5),
     .opened_as = HEAL_MEMORY_LEAK,
     .healed = S(404.5),
     .closed = S(420),
     .label = 1,
     .ranks = 1,
     .ranked = {{HEAL_SERVICE_DOWN, 1}},
     .evidences = 1,
     .evidence = {{.what = "down", .unit = "s", .seen = 1, .threshold = 1, .has_threshold = true}},
     .steps = 2,
     .step = {{.remedy = HEAL_RESTART_SERVICE,
               .state = HEAL_STEP_FAILED,
               .started = S(401.1),
               .settled = S(403),
               .commands = 1,
               .rule = "only step",
               .outcome = "exit code 1"},
              {.remedy = HEAL_RESTART_SERVICE,
               .state = HEAL_STEP_DONE,
               .started = S(403.5),
               .settled = S(404.5),
               .commands = 1,
               .rule = "again, after 0.5 s"}}},
 /* A name that a hostile neighbour chose. */
    {.id = 5,
     .role = HEAL_ROLE_UPSTREAM,
     .owner = 3,
     .node = "ev\"il\xff\n\x1b[31m",
     .first_seen = S(90),
     .opened = S(91),
     .label = -1,
     .ranks = 1,
     .ranked = {{HEAL_NODE_OVERLOAD, 0.5F}},
     .steps = 1,
     .step = {{.remedy = HEAL_SHED_LOAD, .state = HEAL_STEP_WOULD, .started = S(92)}},
     .suppressed = HEAL_SUPPRESSED_CONFIDENCE},
};

static const struct heal_threshold_status thresholds[] = {
    {HEAL_METRIC_LOSS,    0.036F, 0.03F, 0.01F, 0.15F, 1, 2},
    {HEAL_METRIC_LATENCY, 6,      6,     3,     20,    0, 0},
};

static const struct heal_strategy_status strategies[] = {
    {HEAL_LINK_LOSS,    HEAL_ROUTE_AROUND,    4, 4, 0.83F, 2.3F},
    {HEAL_LINK_LOSS,    HEAL_LINK_COST,       0, 0, 0.5F,  0   },
    {HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE, 3, 2, 0.6F,  1   },
};

/* The loss of incident 7: from nothing to what was seen, and back once the traffic has left the link. */
size_t heal_engine_incident_series(const struct heal_engine *engine, uint64_t id,
                                   struct heal_series series[static HEAL_SERIES_MAX]) {
    (void)engine;
    if (id != 7 || daemon_.empty)
        return 0;
    heal_series_init(&series[0], HEAL_TRACK_FULL_OUT);
    for (int i = 0; i < 25; i++)
        heal_series_add(&series[0], S(975 + i), i < 10 ? 0.001F : i < 13 ? 0.08F * (float)(i - 9) : 0.215F);
    return 1;
}

void heal_engine_status(const struct heal_engine *engine, struct heal_engine_status *ret_status) {
    (void)engine;
    *ret_status = (struct heal_engine_status){.node = "centre", .mode = HEAL_MODE_OBSERVE};
    if (daemon_.empty)
        return;
    ret_status->mode = HEAL_MODE_ACT;
    ret_status->ports = 3;
    ret_status->neighbours_healthy = 1;
    ret_status->incidents_open = ret_status->incidents_reported = 1;
    ret_status->routes = 11;
    ret_status->rounds = 998;
    ret_status->node_features = (struct heal_features){
        .value = {[6] = 0.125F, [7] = 0.4F},
          .valid = 0xc0
    };
    ret_status->feedback = (struct heal_feedback_status){9, 4, 1, 1, 1, 2, 5};
    ret_status->incidents_total[HEAL_LINK_LOSS] = 4;
    ret_status->incidents_total[HEAL_SERVICE_DOWN] = 3;
    ret_status->actions_total[HEAL_ROUTE_AROUND][0] = 4;
    ret_status->actions_total[HEAL_RESTART_SERVICE][0] = 2;
    ret_status->actions_total[HEAL_RESTART_SERVICE][1] = 1;
    ret_status->actions_total[HEAL_SHED_LOAD][2] = 1;
    ret_status->suppressed_total[HEAL_SUPPRESSED_CONFIDENCE] = 12;
    ret_status->mttd_sum_s = 13.25F;
    ret_status->mttd_count = 5;
    ret_status->mttr_sum_s = 11.5F;
    ret_status->mttr_count = 5;
}

#define SNAPSHOT(name, type, table)                                                                          \
    bool name(const struct heal_engine *engine, size_t index, struct type *ret_status) {                     \
        (void)engine;                                                                                        \
        if (daemon_.empty || index >= sizeof table / sizeof table[0])                                        \
            return false;                                                                                    \
        *ret_status = table[index];                                                                          \
        return true;                                                                                         \
    }
SNAPSHOT(heal_engine_port, heal_port_status, ports)
SNAPSHOT(heal_engine_threshold, heal_threshold_status, thresholds)
SNAPSHOT(heal_engine_strategy, heal_strategy_status, strategies)

bool heal_engine_network(const struct heal_engine *engine, enum heal_slot slot, uint64_t *ret_model,
                         int32_t *ret_threshold) {
    (void)engine;
    if (daemon_.empty || slot != HEAL_SLOT_ACTIVE)
        return false;
    *ret_model = 0x1f2e3d4c5b6a7988;
    *ret_threshold = 512;
    return true;
}

bool heal_engine_judgement(const struct heal_engine *engine, enum heal_slot slot, size_t index,
                           struct heal_judgement *ret_judgement) {
    (void)engine;
    if (daemon_.empty || slot != HEAL_SLOT_ACTIVE || index >= sizeof judgements / sizeof judgements[0])
        return false;
    *ret_judgement = judgements[index];
    return true;
}

bool heal_engine_incident(const struct heal_engine *engine, size_t index,
                          struct heal_incident_status *ret_status) {
    (void)engine;
    if (daemon_.empty || index >= sizeof incidents / sizeof incidents[0])
        return false;
    *ret_status = incidents[index];
    ret_status->owner = ret_status->owner ? ret_status->owner : heal_node_id_of("centre");
    return true;
}

bool heal_engine_incident_find(const struct heal_engine *engine, uint64_t id,
                               struct heal_incident_status *ret_status) {
    struct heal_incident_status incident;

    for (size_t i = 0; heal_engine_incident(engine, i, &incident); i++) {
        if (incident.id != id)
            continue;
        *ret_status = incident;
        return true;
    }
    return false;
}

int heal_engine_outlook(const struct heal_engine *engine, uint64_t id, char *buffer, size_t size) {
    (void)engine;
    snprintf(buffer, size, "What is next for %llu.\nAnd after that.\n", (unsigned long long)id);
    return 0;
}

/* A model that has earned its right to act, and a young one beside it. */
static void fill_probation(struct heal_probation *probation) {
    struct heal_merit *active = &probation->merit[HEAL_SLOT_ACTIVE];
    struct heal_merit *shadow = &probation->merit[HEAL_SLOT_SHADOW];

    active->model = 0x5eed0123456789ab;
    active->threshold = 1536;
    active->in_force = 1229;
    active->confusion = (struct heal_confusion){
        .cell = {41, 1, 2, 398}
    };
    active->confusion.incidents[HEAL_LINK_LOSS] = (struct heal_found){30, 1};
    active->confusion.incidents[HEAL_DIAGNOSIS_UNNAMED] = (struct heal_found){1, 1};
    active->judged[HEAL_CELL_FALSE_ALARM] = 1;
    active->calibration.bin[0] = (struct heal_calibration_bin){398, 2, 4.5F};
    active->calibration.bin[9] = (struct heal_calibration_bin){42, 41, 40};
    active->training.known = 1u << HEAL_FEATURE_CPU;
    active->drift.now.bin[HEAL_FEATURE_CPU][4] = active->drift.trusted.bin[HEAL_FEATURE_CPU][4] = 980;
    active->drift.now.bin[HEAL_FEATURE_CPU][11] = 20;
    for (int32_t i = 0; i < 399; i++)
        heal_conformal_add(&active->conformal, i == 398 ? 2000 : 830 + i);
    shadow->model = 0xcafe;
    shadow->shadow = true;
    probation->mode = probation->wanted = HEAL_MODE_ACT;
}

static void add_verdicts(struct heal_probation *probation) {
    struct heal_verdicts *verdicts = &probation->verdicts;
    struct heal_merit *active = &probation->merit[HEAL_SLOT_ACTIVE];
    struct heal_network_verdict *verdict = heal_verdicts_make(verdicts);

    *verdict = (struct heal_network_verdict){.id = 1,
                                             .model = 0x5eed0123456789ab,
                                             .alarm = true,
                                             .port = ports[0].key,
                                             .neighbour = 2,
                                             .logit = 3072,
                                             .threshold = 1229,
                                             .begun = S(940),
                                             .last = S(990),
                                             .mode = HEAL_MODE_ACT,
                                             .truth = HEAL_TRUTH_TRUE,
                                             .witness = HEAL_WITNESS_INCIDENT,
                                             .incident = 7,
                                             .diagnosis = HEAL_LINK_LOSS,
                                             .would = "an incident of the link to north over wlan0"};
    verdict->why = (struct heal_reason){
        .known = 1,
        .at = S(941),
        .logit = 3000,
        .unmeasured = -4168,
        .alone = 2400,
        .seen = {{-71, 0, 0.23F, 7200, 85, 1.5e6F, 0.2F, 0.4F}, 0xfd},
        .normal = {{-70, 0, 0.001F, 0, 2.1F, 1.4e6F},             0x35},
        .share = {-200,                                          0,    5000, 0, 2400, 0, -50, 18},
        .shown = 2,
        .neighbour = {{.node = 2, .other_end = true, .share = 700},
                 {.node = 3, .share = -100, .error = 12.5F}                                           },
    };
    active->weightiest[HEAL_FEATURE_LOSS] = 1;
    verdict = heal_verdicts_make(verdicts);
    verdict->model = 0xbad; /* that is gone */
    verdict->begun = S(500);
    verdict->truth = HEAL_TRUTH_TRUE;
    verdict->witness = HEAL_WITNESS_OPERATOR;
    verdict = heal_verdicts_make(verdicts);
    verdict->model = 0x5eed0123456789ab;
    verdict->port = ports[0].key;
    verdict->begun = S(600);
    verdict->truth = HEAL_TRUTH_FALSE; /* there was nothing to be missed */
    verdict->witness = HEAL_WITNESS_OPERATOR;
    verdict->incident = 6;
}

const struct heal_probation *heal_engine_probation(const struct heal_engine *engine) {
    static struct heal_probation full, empty;

    (void)engine;
    if (full.mode == HEAL_MODE_OBSERVE) {
        fill_probation(&full);
        add_verdicts(&full);
    }
    return daemon_.empty ? &empty : &full;
}

static const char *name_of(const void *context, heal_node_id node) {
    (void)context;
    return node == 2 ? "north" : NULL;
}

int heal_engine_verdict_explain(const struct heal_engine *engine, uint64_t id, char *buffer, size_t size) {
    const struct heal_name_book names = {.name_of = name_of};
    const struct heal_network_verdict *verdict =
        heal_verdicts_find_const(&heal_engine_probation(engine)->verdicts, id);

    return verdict ? (int)heal_verdict_explain(verdict, &names, FAKE_NOW, buffer, size) : -ENOENT;
}

uint64_t heal_engine_incident_verdict(const struct heal_engine *engine, uint64_t id) {
    (void)engine;
    return id == 7 && !daemon_.empty ? 1 : 0;
}

heal_us heald_now(void) {
    return FAKE_NOW;
}

double heald_unix_now(void) {
    return 1.7e9;
}

int heald_operator(struct heald *daemon, const struct heal_event_operator *order,
                   const struct heal_http_peer *by) {
    (void)by;
    daemon->order = *order;
    return daemon->answer;
}

/* The order is told as an operator's is: its argument is how many bytes the model has. */
int heald_shadow(struct heald *daemon, const char *bytes, size_t length, const struct heal_http_peer *by,
                 struct heal_error *error) {
    (void)by;
    if (daemon->answer < 0)
        return heal_error_set(error, daemon->answer, 0, 0, "%s", strerror(-daemon->answer));
    daemon->order = (struct heal_event_operator){.verb = HEAL_OPERATOR_VERBS};
    snprintf(daemon->order.argument, sizeof daemon->order.argument, bytes ? "%zu bytes" : "none", length);
    return 0;
}

const char *heald_part_name(enum heald_part part) {
    static const char *const names[HEALD_PARTS] = {
        "links",    "routing", "node",  "radio",  "services", "probes", "channel",
        "executor", "sandbox", "store", "record", "network",  "api",    "metrics",
    };

    return names[part];
}

double heald_lag_bound_s(unsigned bucket) {
    return 0.001 * (double)(1U << bucket);
}

struct heal_event_operator *fake_heald_order(void) {
    return &daemon_.order;
}

void fake_heald_set_answer(int code) {
    daemon_.answer = code;
}

void fake_heald_set_empty(bool empty) {
    daemon_.empty = empty;
}

bool heal_engine_can_be_told(const struct heal_engine *engine) {
    (void)engine;
    return !daemon_.deaf;
}

void fake_heald_set_deaf(bool deaf) {
    daemon_.deaf = deaf;
}

static struct heald_access access_;

struct heald_access *fake_heald_access(void) {
    return &access_;
}

struct heald_view *fake_heald_view(void) {
    static struct heal_config config;
    static struct heald_counters counters = {
        .events = {900, 998, 40, 7, 2, 3},
          .commands = {500},
          .reloads = 1
    };
    static struct heald_lag lag = {
        .bucket = {990, 5, 2, 0, 1},
          .count = 998, .sum_s = 0.5, .max_s = 0.011
    };
    static struct heald_network network = {.ticks = 990, .seconds = 0.25};
    static struct heald_part_status part[HEALD_PARTS];
    static struct heald_condition_status condition[HEALD_CONDITIONS];
    static struct heald_view view = {.daemon = &daemon_,
                                     .access = &access_,
                                     .config = &config,
                                     .counters = &counters,
                                     .network = &network,
                                     .lag = &lag,
                                     .part = part,
                                     .condition = condition,
                                     .reload_error = "",
                                     .started_unix_s = 1700000000,
                                     .started = S(2),
                                     .ready = true};

    heal_config_init(&config);
    if (!access_.config)
        heald_access_init(&access_, &config);
    for (unsigned i = 0; i < HEALD_PARTS; i++)
        part[i] = (struct heald_part_status){.wanted = i != HEALD_PART_RECORD, .works = true};
    part[HEALD_PART_RADIO].works = false;
    strcpy(part[HEALD_PART_RADIO].words, "no radio here; signal strength is not watched");
    condition[HEALD_SOURCE_SILENT] = (struct heald_condition_status){.holds = true, .since = S(880)};
    strcpy(condition[HEALD_SOURCE_SILENT].words, "radio: no radio here; signal strength is not watched");
    return &view;
}
