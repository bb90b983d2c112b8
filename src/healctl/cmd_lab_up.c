/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "healctl/cmd.h"
#include "healctl/lab_client.h"
#include "healctl/lab_holder.h"
#include "healctl/page.h"

enum { FILE_MAX = 1 << 20 };

static int read_file(const char *path, char *text, size_t *ret_length) {
    FILE *file = fopen(path, "re");
    size_t length;
    int r = 0;

    if (!file)
        return -errno;
    length = fread(text, 1, FILE_MAX, file);
    if (ferror(file))
        r = errno ? -errno : -EIO;
    else if (length == FILE_MAX)
        r = -EFBIG;
    fclose(file);
    *ret_length = length;
    return r;
}

/* @return an exit code, with what is wrong said. */
static int read_topology(const struct heal_call *call, struct heal_topology *topology) {
    HEAL_CLEANUP(heal_free_pointer) char *text = malloc(FILE_MAX);
    const char *path = call->argument[0];
    struct heal_error error = {0};
    size_t length = 0;
    int r;

    if (!text)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    r = read_file(path, text, &length);
    if (r < 0) {
        // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it does not know cleanup by scope
        fprintf(call->err, "%s: %s\n", path, strerror(-r));
        return HEAL_EXIT_FAILED;
    }
    if (heal_topology_parse(text, length, topology, &error) == 0)
        return HEAL_EXIT_OK;
    fprintf(call->err, "%s:%d:%d: %s\n", path, error.line, error.column, error.what);
    return HEAL_EXIT_FAILED;
}

static bool is_name(const char *name) {
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    return length > 0 && length < HEAL_NAME_MAX && !name[length] && name[0] != '-';
}

/* More of the nodes' configuration. The file is named from the root, for each node starts somewhere else. */
static int add_model(const struct heal_call *call, char *extra, size_t size) {
    const char *model = heal_call_option(call, "--model");
    char path[PATH_MAX];
    struct heal_text text;

    heal_text_init(&text, extra, size);
    if (!model)
        return HEAL_EXIT_OK;
    if (!realpath(model, path) || access(path, R_OK) < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", model, strerror(errno));
    if (strpbrk(path, "\"\\\n"))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--model: no quotes in the path, please: %s", path);
    heal_text_add(&text, "detector: {model: \"%s\"}", path);
    return HEAL_EXIT_OK;
}

static int make_plan(const struct heal_call *call, struct heal_topology *topology,
                     struct heal_holder_plan *plan) {
    const char *mode = heal_call_option(call, "--mode"), *name = heal_call_option(call, "--name");
    int r = HEAL_EXIT_OK;

    if (name && !is_name(name))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--name is of letters, digits, _ and -, at most %d",
                              HEAL_NAME_MAX - 1);
    if (call->arguments > 0)
        r = read_topology(call, topology);
    else
        heal_topology_init(topology);
    if (name)
        heal_name_copy(topology->name, sizeof topology->name, name);
    *plan = (struct heal_holder_plan){.topology = topology, .progress = call->err};
    plan->with_traffic = !heal_call_option(call, "--no-traffic");
    plan->options.folder = heal_call_option(call, "--folder");
    plan->options.with_heald = !heal_call_option(call, "--babeld-alone");
    plan->options.mode = HEAL_MODE_ACT;
    if (mode && strcmp(mode, "act") != 0)
        plan->options.mode = strcmp(mode, "warn") == 0 ? HEAL_MODE_WARN : HEAL_MODE_OBSERVE;
    return r;
}

static void summary_json(const struct heal_call *call, const struct heal_holder *holder) {
    const struct heal_topology *topology = heal_lab_topology(holder->lab);
    json_t *nodes = json_array(), *object;
    char path[HEAL_LAB_PATH_MAX];

    for (unsigned i = 0; i < topology->nodes; i++)
        json_array_append_new(nodes, json_pack("{s:s, s:s}", "name", topology->node[i].name, "folder",
                                               heal_lab_file(holder->lab, (int)i, "", path)));
    object = json_pack("{s:s, s:s, s:i, s:f, s:o}", "name", topology->name, "folder", holder->folder, "pid",
                       (int)getpid(), "routes_took", (double)holder->took / 1e6, "nodes", nodes);
    heal_page_json(call->out, object);
    json_decref(object);
}

struct example {
    char command[2 * HEAL_LAB_PATH_MAX];
    const char *words;
};

static void print_examples(FILE *out, const struct example *example, size_t count) {
    size_t width = 0;

    for (size_t i = 0; i < count; i++)
        width = strlen(example[i].command) > width ? strlen(example[i].command) : width;
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %-*s  %s\n", (int)width, example[i].command, example[i].words);
}

/* " --name NAME", where the verbs of the lab would not find it without. */
static void which_lab(const struct heal_call *call, const struct heal_holder *holder,
                      struct heal_text *which) {
    const char *name = heal_lab_topology(holder->lab)->name;

    if (heal_call_option(call, "--folder"))
        heal_text_add(which, " --folder %s", holder->folder);
    else if (strcmp(name, HEAL_LAB_DEFAULT_NAME) != 0)
        heal_text_add(which, " --name %s", name);
}

/* What one can do now. */
static void summary_text(const struct heal_call *call, const struct heal_holder *holder) {
    const struct heal_topology *topology = heal_lab_topology(holder->lab);
    const struct heal_topology_link *link = &topology->link[0];
    const char *a = topology->node[link->a].name, *b = topology->node[link->b].name;
    char which[HEAL_LAB_PATH_MAX + 16], path[HEAL_LAB_PATH_MAX];
    bool heald = heal_lab_has_heald(holder->lab);
    struct example example[5];
    struct heal_text text;
    size_t count = 0;

    heal_text_init(&text, which, sizeof which);
    which_lab(call, holder, &text);
    fprintf(call->out, "\nThe lab %s is up: %u nodes, %u links, %u flows, %s%s.\n", topology->name,
            topology->nodes, topology->links, topology->flows, heald ? "heald in mode " : "babeld alone",
            heald ? heal_mode_name(holder->mode) : "");
    fprintf(call->out, "The sockets, files and logs of a node are in %s/NODE.\n\n", holder->folder);
#define EXAMPLE(what, ...)                                                                                   \
    do {                                                                                                     \
        snprintf(example[count].command, sizeof example[count].command, __VA_ARGS__);                        \
        example[count++].words = (what);                                                                     \
    } while (0)
    EXAMPLE("nodes, links, loss, faults", "healctl lab status%s", which);
    EXAMPLE("run something on a node", "healctl lab exec%s %s -- ip -6 route", which, a);
    if (topology->links > 0)
        EXAMPLE("make something sick (lab fault --help)", "healctl lab fault%s loss %s-%s 20%%", which, a, b);
    if (heald)
        EXAMPLE("what the heald of a node sees", "healctl --socket %s incidents",
                heal_lab_file(holder->lab, (int)link->a, "heald.sock", path));
    EXAMPLE(heal_call_option(call, "--detach") ? "end it" : "end it, as Ctrl-C does here",
            "healctl lab down%s", which);
#undef EXAMPLE
    print_examples(call->out, example, count);
}

/* The lab is up: from here on the terminal is not needed. */
static int let_go(const struct heal_holder *holder) {
    char path[HEAL_LAB_PATH_MAX + 16];
    int log, null = open("/dev/null", O_RDWR | O_CLOEXEC);

    snprintf(path, sizeof path, "%s/lab.log", holder->folder);
    log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log < 0 || null < 0)
        return -errno;
    (void)setsid();
    if (chdir("/") < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
        dup2(log, STDERR_FILENO) < 0)
        return -errno;
    close(log);
    close(null);
    return 0;
}

/* @param report where to say that the lab is up; -1: nobody waits. @return an exit code. */
static int hold(const struct heal_call *call, const struct heal_holder_plan *plan, int report) {
    struct heal_holder holder;
    struct heal_error error = {0};
    int r = heal_holder_start(plan, &holder, &error);

    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s", error.what);
    if (call->json)
        summary_json(call, &holder);
    else
        summary_text(call, &holder);
    fflush(call->out);
    if (report >= 0) {
        r = let_go(&holder);
        /* Whoever waited may have been interrupted: then the lab is not wanted. */
        if (r == 0 && write(report, "", 1) != 1)
            r = -EPIPE;
        close(report);
    }
    if (r == 0)
        r = heal_holder_serve(&holder);
    if (report < 0)
        fprintf(call->err, "%s: ending\n", plan->topology->name);
    heal_holder_end(&holder);
    return r < 0 ? heal_call_fail(call, HEAL_EXIT_FAILED, "%s", strerror(-r)) : HEAL_EXIT_OK;
}

/* The child holds the lab; this process waits until it is up. */
static int hold_apart(const struct heal_call *call, const struct heal_holder_plan *plan) {
    char up;
    ssize_t got;
    int ends[2], status = 0;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "pipe: %s", strerror(errno));
    fflush(NULL);
    pid = fork();
    if (pid < 0)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "fork: %s", strerror(errno));
    if (pid == 0) {
        close(ends[0]);
        return hold(call, plan, ends[1]);
    }
    close(ends[1]);
    do
        got = read(ends[0], &up, 1);
    while (got < 0 && errno == EINTR);
    close(ends[0]);
    if (got == 1)
        return HEAL_EXIT_OK;
    if (waitpid(pid, &status, 0) == pid && WIFSIGNALED(status))
        return heal_call_fail(call, HEAL_EXIT_FAILED, "ended by signal %d", WTERMSIG(status));
    return HEAL_EXIT_FAILED; /* it has said why */
}

int heal_cmd_lab_up(const struct heal_call *call) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_topology *topology = calloc(1, sizeof *topology);
    struct heal_holder_plan plan = {0};
    char extra[PATH_MAX + 32];
    int r;

    if (!topology)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it does not know cleanup by scope
    r = make_plan(call, topology, &plan);
    if (r == HEAL_EXIT_OK)
        r = add_model(call, extra, sizeof extra);
    if (r != HEAL_EXIT_OK)
        return r;
    plan.options.heald_extra = extra;
    return heal_call_option(call, "--detach") ? hold_apart(call, &plan) : hold(call, &plan, -1);
}
