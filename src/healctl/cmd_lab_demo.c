/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The demonstration: grey faults in turn, in two meshes of eight nodes at the same time, as a timeline. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "healctl/client.h"
#include "healctl/cmd.h"
#include "trial/report.h"

static const struct heal_trial trials[] = {
    {"loss n0-n1 20%",
     "The link n0-n1 loses a fifth of all packets. Enough of babeld's hellos pass: it stays.",      HEAL_LINK_LOSS,
     HEAL_HARM_TRAFFIC,                                                                                                                    false},
    {"mtu n4-n5 1300",
     "The link n4-n5 swallows packets above 1,300 bytes. Hellos are small: babeld sees nothing.",   HEAL_MTU_BLACKHOLE, HEAL_HARM_TRAFFIC, false},
    {"forwarding n3 off", "n3 goes on taking part in the routing, and forwards nothing any more.",
     HEAL_NOT_FORWARDING,                                                                                               HEAL_HARM_TRAFFIC, true },
    {"delay n7-n0 150ms",
     "The link n7-n0 holds every packet back for 150 ms. None is lost; none is of use to a call.",  HEAL_LINK_LATENCY,  HEAL_HARM_TRAFFIC, false},
    {"cpu n6 50%",        "A service on n6 burns half a processor; the node has a quarter of one.",
     HEAL_NODE_OVERLOAD,                                                                                                HEAL_HARM_CPU,     false},
};

/* A fault that harms traffic stays for so long that what was lost before the repair does not decide alone.
 * All five fit into two minutes. */
static const struct heal_trial_pace pace = {.least = 8 * HEAL_US_PER_S,
                                            .most = 30 * HEAL_US_PER_S,
                                            .healed_for = 3 * HEAL_US_PER_S,
                                            .after_least = 2 * HEAL_US_PER_S,
                                            .after_most = 2 * HEAL_US_PER_S};
static const heal_us traffic_least_us = 18 * HEAL_US_PER_S;

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
    interrupted = number;
}

/** The demonstration under way. */
struct demo {
    const struct heal_call *call;
    struct heal_page page;
    struct heal_twin twin;
    struct heal_witness *witness;
    const struct heal_trial *trial; /* the present one */
    unsigned owner;                 /* the node that detected it first, and its incident there */
    uint64_t incident;
    size_t count; /* of trials that were run */
    struct heal_trial_result result[HEAL_COUNT(trials)];
};

static bool go_on(void *context) {
    (void)context;
    return !interrupted;
}

/* A sign of life each second while the routes settle. */
static bool go_on_settling(void *context) {
    FILE *out = context;

    fputc('.', out);
    fflush(out);
    return !interrupted;
}

static void say(const struct demo *demo, enum heal_style style, double after_s, const char *what,
                const char *words) {
    fprintf(demo->page.out, "  %6.1f s  ", after_s);
    heal_page_print(&demo->page, style, "%-10s", what);
    fprintf(demo->page.out, "  %s\n", words);
}

/* Known only when nothing has been lost for a while: told late, with the time since when. */
static void say_healed(const struct demo *demo, double after_s, const char *words) {
    fprintf(demo->page.out, "%12s", "");
    heal_page_print(&demo->page, HEAL_GOOD, "%-10s", "healed");
    fprintf(demo->page.out, "  since %.1f s %s\n", after_s, words);
}

static void say_act(const struct demo *demo, double after_s, bool astray,
                    const struct heal_sighting *sighting) {
    const struct heal_topology *topology = heal_lab_topology(demo->twin.lab[HEAL_TWIN_WITH]);
    char remedy[HEAL_NAME_MAX] = "", words[200];

    (void)heal_decision_value(&sighting->decision, "remedy", remedy, sizeof remedy);
    snprintf(words, sizeof words, "%s on %s%s", remedy, topology->node[sighting->node].name,
             astray ? ": where there is no fault!" : "");
    say(demo, astray ? HEAL_BAD : HEAL_PLAIN, after_s, "remedy", words);
}

static void say_outcome(const struct demo *demo, double after_s, const struct heal_sighting *sighting) {
    const struct heal_topology *topology = heal_lab_topology(demo->twin.lab[HEAL_TWIN_WITH]);
    char remedy[HEAL_NAME_MAX] = "", state[HEAL_NAME_MAX] = "", outcome[120] = "", words[240];

    (void)heal_decision_value(&sighting->decision, "remedy", remedy, sizeof remedy);
    (void)heal_decision_value(&sighting->decision, "state", state, sizeof state);
    (void)heal_decision_value(&sighting->decision, "words", outcome, sizeof outcome);
    if (!remedy[0])
        return;
    snprintf(words, sizeof words, "%s on %s: %s", remedy, topology->node[sighting->node].name,
             outcome[0] ? outcome : state);
    say(demo, HEAL_DIM, after_s, "verified", words);
}

static void say_sighting(struct demo *demo, double after_s, enum heal_findings_news news,
                         const struct heal_sighting *sighting) {
    const struct heal_topology *topology = heal_lab_topology(demo->twin.lab[HEAL_TWIN_WITH]);
    char slug[HEAL_NAME_MAX] = "", confidence[16] = "", words[120];

    switch (news) {
    case HEAL_FINDINGS_DETECTED:
        demo->owner = sighting->node;
        demo->incident = sighting->decision.incident;
        snprintf(words, sizeof words, "by heald on %s", topology->node[sighting->node].name);
        say(demo, HEAL_WARN, after_s, "detected", words);
        return;
    case HEAL_FINDINGS_DIAGNOSED:
        (void)heal_decision_value(&sighting->decision, "diagnosis", slug, sizeof slug);
        (void)heal_decision_value(&sighting->decision, "confidence", confidence, sizeof confidence);
        snprintf(words, sizeof words, "%s, confidence %.0f %%", slug, 100 * strtod(confidence, NULL));
        say(demo, HEAL_WARN, after_s, "diagnosis", words);
        return;
    case HEAL_FINDINGS_ACTS:
    case HEAL_FINDINGS_ASTRAY:
        say_act(demo, after_s, news == HEAL_FINDINGS_ASTRAY, sighting);
        return;
    case HEAL_FINDINGS_OUTCOME:
        say_outcome(demo, after_s, sighting);
        return;
    case HEAL_FINDINGS_NOTHING:
        return;
    }
}

static void hear(void *context, enum heal_trial_news news, double after_s,
                 enum heal_findings_news findings_news, const struct heal_sighting *sighting) {
    struct demo *demo = context;

    switch (news) {
    case HEAL_TRIAL_FAULT_IN:
        say(demo, HEAL_BAD, after_s, "fault in", demo->trial->fault);
        break;
    case HEAL_TRIAL_SIGHTING:
        say_sighting(demo, after_s, findings_news, sighting);
        break;
    case HEAL_TRIAL_HEALED:
        say_healed(demo, after_s,
                   demo->trial->harm == HEAL_HARM_TRAFFIC
                       ? "the traffic no longer suffers (measured, not believed)"
                       : "the service no longer does harm (measured, not believed)");
        break;
    case HEAL_TRIAL_FAULT_OUT:
        say(demo, HEAL_PLAIN, after_s, "fault out", "");
        break;
    case HEAL_TRIAL_CALM:
        break;
    }
    fflush(demo->page.out);
}

static bool is_passed(const struct heal_trial_result *result) {
    return result->verified && result->detected && result->healed;
}

static void say_missing(const struct demo *demo, const struct heal_trial_result *result) {
    const char *what = !result->verified ? "not verified" : !result->detected ? "not seen" : "not healed";

    if (is_passed(result))
        return;
    fprintf(demo->page.out, "%12s", "");
    heal_page_print(&demo->page, HEAL_BAD, "%-10s", what);
    fprintf(demo->page.out, "  as long as the fault was in\n");
}

static void print_loss(const struct demo *demo, const struct heal_trial_result *result) {
    unsigned long long with = result->lost[HEAL_TWIN_WITH], without = result->lost[HEAL_TWIN_WITHOUT];

    say_missing(demo, result);
    fprintf(demo->page.out, "            measured    %s\n", result->measured);
    if (demo->trial->harm != HEAL_HARM_TRAFFIC)
        return;
    fprintf(demo->page.out, "            lost        %llu of %llu packets with heald, %llu without", with,
            (unsigned long long)result->sent[HEAL_TWIN_WITH], without);
    if (with > 0)
        fprintf(demo->page.out, ": %.1f times as many", (double)without / (double)with);
    fputc('\n', demo->page.out);
}

/* What the node's own heald says of it, as an operator would ask. */
static void print_explanation(const struct demo *demo) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    struct heal_lab *lab = demo->twin.lab[HEAL_TWIN_WITH];
    const char *name = heal_lab_topology(lab)->node[demo->owner].name;
    char socket[HEAL_LAB_PATH_MAX], path[64];
    struct heal_call call = *demo->call;

    call.socket = heal_lab_file(lab, (int)demo->owner, "heald.sock", socket);
    snprintf(path, sizeof path, "/v1/explain/%llu", (unsigned long long)demo->incident);
    if (heal_client_ask(&call, path, NULL, &text) != HEAL_EXIT_OK)
        return;
    fprintf(demo->page.out, "\n  What `healctl explain %llu` says on %s:\n",
            (unsigned long long)demo->incident, name);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        heal_page_print(&demo->page, HEAL_DIM, "    | %s", line);
        fputc('\n', demo->page.out);
    }
}

static int run_trials(struct demo *demo) {
    const struct heal_trial_ear ear = {.hear = hear, .go_on = go_on, .context = demo};

    for (size_t i = 0; i < HEAL_COUNT(trials); i++) {
        struct heal_trial_pace own = pace;
        struct heal_error error = {0};
        int r;

        if (trials[i].harm == HEAL_HARM_TRAFFIC)
            own.least = traffic_least_us;
        demo->trial = &trials[i];
        fputc('\n', demo->page.out);
        heal_page_print(&demo->page, HEAL_BOLD, "%zu of %zu  ", i + 1, HEAL_COUNT(trials));
        fprintf(demo->page.out, "%s\n", trials[i].story);
        r = heal_trial_run(&demo->twin, demo->witness, &trials[i], &own, &ear, &demo->result[i], &error);
        if (r == -EINTR)
            return r;
        if (r < 0)
            return heal_call_fail(demo->call, r, "%s: %s", trials[i].fault, error.what);
        demo->count++;
        print_loss(demo, &demo->result[i]);
        if (i == 0 && demo->result[i].detected)
            print_explanation(demo);
    }
    return 0;
}

static void print_verdict(const struct demo *demo) {
    char folder[HEAL_LAB_PATH_MAX];
    size_t healed = 0, right = 0;
    unsigned astray = 0;

    for (size_t i = 0; i < demo->count; i++) {
        healed += is_passed(&demo->result[i]);
        right += demo->result[i].right;
        astray += demo->result[i].acts_elsewhere;
    }
    fputc('\n', demo->page.out);
    heal_page_print(&demo->page, healed == demo->count ? HEAL_GOOD : HEAL_BAD, "%zu of %zu faults healed",
                    healed, demo->count);
    fprintf(demo->page.out,
            ", %zu of %zu called by their right name at first, %u acts where there was no fault.\n"
            "Without heald %.1f packets were lost for each that was lost with it.\n",
            right, demo->count, astray, heal_trial_lost_ratio(demo->result, demo->count));
    if (healed == demo->count)
        return;
    for (size_t i = 0; i < demo->count; i++)
        if (!is_passed(&demo->result[i]))
            fprintf(demo->page.out, "Not healed: %zu, %s.\n", i + 1, trials[i].fault);
    fprintf(demo->page.out,
            "A machine that is busy with other things can be why; what each heald saw and did is in %s.\n",
            heal_lab_file(demo->twin.lab[HEAL_TWIN_WITH], -1, "", folder));
}

static int write_json(const struct demo *demo, const char *path) {
    json_t *root = heal_trial_report(trials, demo->result, demo->count);
    int r = -1;

    if (root && path)
        r = json_dump_file(root, path, JSON_INDENT(2));
    else if (root)
        r = json_dumpf(root, demo->call->out, JSON_INDENT(2));
    if (root && !path)
        fputc('\n', demo->call->out);
    json_decref(root);
    return r == 0 ? HEAL_EXIT_OK
                  : heal_call_fail(demo->call, HEAL_EXIT_FAILED, "cannot write %s", path ? path : "JSON");
}

/* What is there and is no report of ours is not written over: a topology was meant for something else. */
static bool may_write(const char *path) {
    FILE *file = fopen(path, "re");
    int first = file ? fgetc(file) : EOF;

    if (file)
        fclose(file);
    return first == EOF || first == '{';
}

/* Before the minutes that it takes, not after them. */
static bool can_write(const char *path) {
    FILE *file = fopen(path, "ae");

    return file && fclose(file) == 0;
}

static int finish(const struct demo *demo) {
    const char *path = demo->call->arguments > 0 ? demo->call->argument[0] : NULL;
    int r = HEAL_EXIT_OK;

    print_verdict(demo);
    for (size_t i = 0; i < demo->count; i++)
        if (!is_passed(&demo->result[i]))
            r = HEAL_EXIT_FAILED;
    if ((path || demo->call->json) && write_json(demo, path) != HEAL_EXIT_OK)
        r = HEAL_EXIT_FAILED;
    return r;
}

static int open_all(struct demo *demo) {
    const struct heal_twin_options how = {.seed = 1, .go_on = go_on_settling, .context = demo->page.out};
    struct heal_topology *topology = malloc(sizeof *topology);
    struct heal_error error = {0};
    int r = -ENOMEM;

    fprintf(
        demo->page.out,
        "Two meshes of eight nodes, each node a network namespace with babeld and real traffic; in one of "
        "them heald\nruns on every node. Both get the same faults at the same time. Routes settle "
        "first, for ten seconds and more ");
    fflush(demo->page.out);
    if (topology) {
        heal_topology_init(topology);
        r = heal_twin_open(topology, &how, &demo->twin, &error);
    }
    free(topology);
    fputc('\n', demo->page.out);
    if (r == 0)
        r = heal_witness_new(demo->twin.lab[HEAL_TWIN_WITH], &demo->witness);
    if (r < 0 && !interrupted)
        return heal_call_fail(demo->call, HEAL_EXIT_UNKNOWN, "%s", error.what[0] ? error.what : strerror(-r));
    return HEAL_EXIT_OK;
}

int heal_cmd_lab_demo(const struct heal_call *call) {
    static struct demo demo;
    int code, r = -EINTR;

    if (call->arguments > 0 && !may_write(call->argument[0]))
        return heal_call_fail(call, HEAL_EXIT_USAGE,
                              "%s is there and holds no JSON: the results would be written over it",
                              call->argument[0]);
    if (call->arguments > 0 && !can_write(call->argument[0]))
        return heal_call_fail(call, HEAL_EXIT_FAILED, "cannot write %s: %s", call->argument[0],
                              strerror(errno));
    demo.call = call;
    heal_page_init(&demo.page, call->json && call->arguments == 0 ? call->err : call->out, NULL);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    signal(SIGHUP, on_signal);
    code = open_all(&demo);
    if (code == HEAL_EXIT_OK && !interrupted)
        r = run_trials(&demo);
    if (interrupted)
        fprintf(call->err, "\nhealctl lab demo: interrupted; taking both meshes down (some seconds)\n");
    if (code == HEAL_EXIT_OK)
        code = r == 0 ? finish(&demo) : HEAL_EXIT_FAILED;
    heal_witness_free(demo.witness);
    heal_twin_close(&demo.twin);
    return code;
}
