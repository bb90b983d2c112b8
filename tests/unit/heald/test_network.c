/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The real program with models: from its configuration, in the shadow, activated; after kills; and with files
 * that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../weights/random_model.h"
#include "ask.h"
#include "base/text.h"
#include "heal/message.h"
#include "os/file.h"
#include "os/model_file.h"

enum { ID_TEXT = 17 };

/* Writes a model of random numbers to a file of the folder. @param foreign with a feature of another name
 * @param ret_id in hexadecimal */
static void make_model(const struct program *program, const char *name, uint64_t seed, bool foreign,
                       char ret_id[static ID_TEXT]) {
    struct heal_weights number, integer;
    struct heal_gnn_shape shape;
    uint8_t hash[HEAL_MODEL_HASH_BYTES];
    char path[128];

    program_path(program, name, path);
    heal_gnn_shape_default(HEAL_FEATURES, 8, 0, &shape);
    assert_int_equal(random_model_make(&shape, seed, &number), 0);
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        heal_name_copy(number.card.scaling.feature[i].name, sizeof number.card.scaling.feature[i].name,
                       heal_feature_names[i]);
    if (foreign)
        strcpy(number.card.scaling.feature[2].name, "colour");
    assert_int_equal(heal_weights_quantise(&number, &integer, NULL), 0);
    assert_int_equal(heal_model_file_save(path, &integer, NULL), 0);
    heal_weights_deinit(&number);
    heal_weights_deinit(&integer);
    assert_int_equal(heal_model_file_load(path, &integer, hash, NULL), 0);
    heal_weights_deinit(&integer);
    snprintf(ret_id, ID_TEXT, "%016llx", (unsigned long long)heal_model_id(hash));
}

static void truncate_file(const struct program *program, const char *name) {
    char path[128];

    program_path(program, name, path);
    assert_int_equal(truncate(path, 100), 0);
}

static void configure(const struct program *program, const char *name, const char *more) {
    char text[300];

    snprintf(text, sizeof text, "detector: {model: %s/%s}\n%s", program->folder, name, more);
    program_configure(program, text);
}

static void start(struct program *program) {
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
}

static void kill_and_start(struct program *program) {
    kill(program->pid, SIGKILL);
    program_ending(program);
    start(program);
}

static void reload(struct program *program) {
    program_forget(program);
    kill(program->pid, SIGHUP);
    program_wait_for(program, "event=reloaded");
}

/* What the page says at a path such as "active.model"; "" for what is not there. */
static void look(const struct program *program, const char *page_path, const char *at, char text[static 64]) {
    char key[32];
    json_t *page = NULL;

    assert_int_equal(ask_answer(ask_send(program, "GET", page_path, ""), &page), 200);
    const json_t *value = page;
    while (*at) {
        size_t length = strcspn(at, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, at);
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key)) : json_object_get(value, key);
        at += length + (at[length] == '.');
    }
    text[0] = '\0';
    if (json_is_string(value))
        snprintf(text, 64, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(text, 64, "%lld", (long long)json_integer_value(value));
    json_decref(page);
}

#define EXPECT(page, at, expected)                                                                           \
    do {                                                                                                     \
        char said_[64];                                                                                      \
        look(program, page, at, said_);                                                                      \
        assert_string_equal(said_, expected);                                                                \
    } while (0)
#define EXPECT_NETWORK(at, expected) EXPECT("/v1/network", "network." at, expected)

/* Runs healctl. @param said what it must have said */
static void healctl(const struct program *program, int code, const char *words, const char *said) {
    char command[400], path[128], *text = NULL;
    size_t length;

    program_path(program, "said", path);
    snprintf(command, sizeof command, "cd %s && %s --socket sock %s >said 2>&1", program->folder,
             HEALCTL_PROGRAM, words);
    int r = program_shell(command);
    assert_int_equal(heal_file_read(path, 1 << 16, &text, &length), 0);
    if (r != code || !strstr(text, said))
        fail_msg("healctl %s: %d, \"%s\"", words, r, text);
    free(text);
}

static void test_the_configured_model_is_at_work(void **state) {
    struct program *program = *state;
    char first[ID_TEXT], second[ID_TEXT], words[200];

    make_model(program, "a", 1, false, first);
    make_model(program, "b", 2, false, second);
    configure(program, "a", "");
    start(program);
    EXPECT_NETWORK("state", "at-work");
    EXPECT_NETWORK("active.model", first);
    EXPECT_NETWORK("shadow.model", "");
    EXPECT("/v1/status", "network.active.model", first);
    assert_false(ask_is_degraded(program, "network-missing"));
    snprintf(words, sizeof words, "active: model %s in mode observe, sick above", first);
    healctl(program, 0, "network", words);
    snprintf(words, sizeof words, "network %s, mode observe: 0 ports judged", first);
    healctl(program, 0, "status", words);
    configure(program, "b", "");
    reload(program);
    EXPECT_NETWORK("active.model", second);
    make_model(program, "b", 1, false, first); /* the file is another by now */
    reload(program);
    EXPECT_NETWORK("active.model", first);
    program_configure(program, "detector: {model: \"\"}\n");
    reload(program);
    EXPECT_NETWORK("state", "none");
    healctl(program, 0, "network", "no model is at work");
    assert_false(ask_is_degraded(program, "network-missing"));
    assert_int_equal(program_stop(program), 0);
}

/* The thresholds go on without it, and the file and the place are told. */
static void test_files_that_are_no_models(void **state) {
    struct program *program = *state;
    char id[ID_TEXT];

    make_model(program, "cut", 1, false, id);
    truncate_file(program, "cut");
    make_model(program, "foreign", 2, true, id);
    make_model(program, "good", 3, false, id);
    configure(program, "cut", "");
    start(program);
    program_wait_for(program, "/cut:");
    EXPECT_NETWORK("state", "refused");
    assert_true(ask_is_degraded(program, "network-missing"));
    healctl(program, 0, "status", "the thresholds judge alone");
    configure(program, "foreign", "");
    reload(program);
    healctl(program, 0, "status", "colour");
    EXPECT_NETWORK("state", "refused");
    configure(program, "nowhere", "");
    reload(program);
    healctl(program, 0, "status", "/nowhere: No such file or directory");
    assert_true(ask_is_degraded(program, "network-missing"));
    configure(program, "good", "");
    reload(program);
    EXPECT_NETWORK("state", "at-work");
    assert_false(ask_is_degraded(program, "network-missing"));
    truncate_file(program, "good");
    reload(program);
    healctl(program, 0, "status", "the one before goes on");
    EXPECT_NETWORK("state", "at-work");
    EXPECT_NETWORK("active.model", id);
    assert_true(ask_is_degraded(program, "network-missing"));
    assert_int_equal(program_stop(program), 0);
}

static void fetch_metrics(char *text, size_t size) {
    static const char request[] = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(9177), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t length = 0;
    ssize_t got;

    assert_int_equal(connect(file, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(file, request, strlen(request), 0), strlen(request));
    while (length + 1 < size && (got = read(file, text + length, size - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    close(file);
}

static void test_metrics(void **state) {
    static char text[1 << 17];
    struct program *program = *state;
    char id[ID_TEXT], words[200];

    make_model(program, "a", 1, false, id);
    configure(program, "a", "");
    assert_int_equal(program_shell("ip link set lo up"), 0);
    snprintf(words, sizeof words, "sed -i 's/listen: off/listen: 127.0.0.1:9177/' %s/heald.yaml",
             program->folder);
    assert_int_equal(program_shell(words), 0);
    start(program);
    fetch_metrics(text, sizeof text);
    snprintf(words, sizeof words, "heald_gnn_model_info{slot=\"active\",model=\"%s\"} 1", id);
    assert_non_null(strstr(text, words));
    assert_non_null(strstr(text, "heald_gnn_state{state=\"at-work\"} 1"));
    assert_non_null(strstr(text, "heald_gnn_state{state=\"refused\"} 0"));
    assert_int_equal(program_stop(program), 0);
}

/* Whatever becomes of the file that it came from. */
static void test_the_shadow_and_what_is_activated_survive(void **state) {
    struct program *program = *state;
    char first[ID_TEXT], second[ID_TEXT], words[200];

    make_model(program, "a", 1, false, first);
    make_model(program, "b", 2, false, second);
    configure(program, "a", "");
    start(program);
    healctl(program, 0, "model shadow b", "it is judged beside the active one");
    EXPECT_NETWORK("shadow.model", second);
    truncate_file(program, "b");
    healctl(program, 1, "model shadow b", "b:");
    kill_and_start(program);
    EXPECT_NETWORK("active.model", first);
    EXPECT_NETWORK("shadow.model", second);
    snprintf(words, sizeof words, "model activate %s", second);
    healctl(program, 1, words, "it has not earned that");
    strcat(words, " --force");
    healctl(program, 0, words, "it is the active model now, by force");
    EXPECT_NETWORK("active.model", second);
    EXPECT_NETWORK("shadow.model", "");
    kill_and_start(program);
    EXPECT_NETWORK("active.model", second);
    EXPECT_NETWORK("shadow.model", "");
    reload(program);
    EXPECT_NETWORK("active.model", second);
    make_model(program, "c", 1, false, first);
    configure(program, "c", ""); /* the configuration has the word where it was changed */
    reload(program);
    EXPECT_NETWORK("active.model", first);
    kill_and_start(program);
    EXPECT_NETWORK("active.model", first);
    assert_int_equal(program_stop(program), 0);
}

/* A disk of its own under the state folder. */
static void mount_state(const struct program *program) {
    char path[128];

    program_path(program, "state", path);
    mkdir(path, 0700);
    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("small", path, "tmpfs", 0, "size=1m,mode=0700") < 0) {
        print_message("no disk of our own can be had here\n");
        skip();
    }
}

/* What was not written down is not so after a kill; but then the one before must still be there. */
static void test_a_full_disk_costs_no_model(void **state) {
    struct program *program = *state;
    char id[3][ID_TEXT], words[200];

    mount_state(program);
    make_model(program, "a", 1, false, id[0]);
    make_model(program, "b", 2, false, id[1]);
    make_model(program, "c", 3, false, id[2]);
    configure(program, "a", "");
    start(program);
    healctl(program, 0, "model shadow b", "");
    snprintf(words, sizeof words, "model activate %s --force", id[1]);
    healctl(program, 0, words, "");
    healctl(program, 0, "model shadow c", "");
    snprintf(words, sizeof words, "cat /dev/zero >'%s/state/filler' 2>/dev/null", program->folder);
    program_shell(words);
    while (ask_order(program, "/v1/pause", "{\"reason\": \"full disk\"}") == 200)
        continue;
    snprintf(words, sizeof words, "model activate %s --force", id[2]);
    healctl(program, 2, words, "not written");
    EXPECT_NETWORK("active.model", id[2]);
    snprintf(words, sizeof words, "rm '%s/state/filler'", program->folder);
    kill(program->pid, SIGKILL);
    program_ending(program);
    assert_int_equal(program_shell(words), 0);
    start(program);
    EXPECT_NETWORK("active.model", id[1]);
    EXPECT_NETWORK("shadow.model", id[2]);
    snprintf(words, sizeof words, "model activate %s --force", id[2]);
    healctl(program, 0, words, "");
    snprintf(words, sizeof words, "cd %s/state && test \"$(ls | grep -c '^model-')\" = 1", program->folder);
    assert_int_equal(program_shell(words), 0);
    assert_int_equal(program_stop(program), 0);
    program_path(program, "state", words);
    assert_int_equal(umount2(words, MNT_DETACH), 0);
}

/* The log names the models, and the order by which one takes the other's place. */
static void test_a_run_with_models_replays_the_same(void **state) {
    struct program *program = *state;
    char first[ID_TEXT], second[ID_TEXT], words[200];

    make_model(program, "a", 1, false, first);
    make_model(program, "b", 2, false, second);
    configure(program, "a", "");
    program_start(program, "--record", "log", "--decisions", "live", NULL);
    program_wait_for(program, "event=ready");
    healctl(program, 0, "model shadow b", "");
    snprintf(words, sizeof words, "model activate %s --force", second);
    healctl(program, 0, words, "");
    healctl(program, 0, "model shadow a", "");
    assert_int_equal(ask_order(program, "/v1/missed", "{\"diagnosis\": \"link-flap\"}"), 200);
    assert_int_equal(program_stop(program), 0);
    program_start(program, "--replay", "log", "--decisions", "replayed", NULL);
    assert_int_equal(program_ending(program), 0);
    snprintf(words, sizeof words, "cd %s && grep -q activate=%s live && cmp live replayed", program->folder,
             second);
    assert_int_equal(program_shell(words), 0);
    snprintf(words, sizeof words, "rm %s/a", program->folder);
    assert_int_equal(program_shell(words), 0);
    program_start(program, "--replay", "log", "--decisions", "replayed", NULL);
    assert_int_equal(program_ending(program), 1);
    snprintf(words, sizeof words, "the model %s is needed", first);
    assert_non_null(strstr(program->text, words));
}

static void test_orders_that_make_no_sense(void **state) {
    struct program *program = *state;
    char id[ID_TEXT];

    make_model(program, "a", 1, false, id);
    configure(program, "a", "");
    start(program);
    assert_int_equal(ask_order(program, "/v1/shadow", "{}"), 400);
    assert_int_equal(ask_order(program, "/v1/shadow", "{\"model\": \"*\"}"), 400);
    assert_int_equal(ask_order(program, "/v1/shadow", "{\"model\": \"bm8gbW9kZWwgYXQgYWxs\"}"), 400);
    assert_int_equal(ask_order(program, "/v1/shadow", "[1"), 400);
    healctl(program, 1, "model shadow a", "the same model is at work already");
    EXPECT_NETWORK("shadow.model", "");
    healctl(program, 0, "model shadow --drop", "no model is in the shadow any more");
    assert_int_equal(program_stop(program), 0);
}

/* What a model has shown is its own, whenever it is loaded. */
static void test_a_models_record_comes_back_with_it(void **state) {
    struct program *program = *state;
    char first[ID_TEXT], second[ID_TEXT];

    make_model(program, "a", 1, false, first);
    make_model(program, "b", 2, false, second);
    configure(program, "a", "");
    start(program);
    assert_int_equal(ask_order(program, "/v1/missed", "{\"diagnosis\": \"link-flap\"}"), 200);
    healctl(program, 0, "model shadow b", "");
    assert_int_equal(ask_order(program, "/v1/missed", "{\"diagnosis\": \"link-flap\"}"), 200);
    EXPECT("/v1/detector", "models.0.confusion.missed", "2");
    EXPECT("/v1/detector", "models.1.confusion.missed", "1");
    program_forget(program);
    healctl(program, 0, "model shadow --drop", "");
    healctl(program, 0, "model shadow b", "");
    EXPECT("/v1/detector", "models.1.confusion.missed", "1");
    configure(program, "nowhere", "");
    kill_and_start(program);
    EXPECT_NETWORK("state", "refused");
    EXPECT("/v1/detector", "models.0.slot", "shadow");
    configure(program, "a", ""); /* long after the store has given back what it had */
    reload(program);
    EXPECT("/v1/detector", "models.0.confusion.missed", "2");
    EXPECT("/v1/detector", "models.1.confusion.missed", "1");
    kill_and_start(program);
    EXPECT("/v1/detector", "models.0.confusion.missed", "2");
    assert_int_equal(program_stop(program), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, program_make, program_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_the_configured_model_is_at_work),
        TEST(test_files_that_are_no_models),
        TEST(test_metrics),
        TEST(test_the_shadow_and_what_is_activated_survive),
        TEST(test_a_full_disk_costs_no_model),
        TEST(test_a_run_with_models_replays_the_same),
        TEST(test_orders_that_make_no_sense),
        TEST(test_a_models_record_comes_back_with_it),
    };
    return cmocka_run_group_tests(tests, program_enter_namespace, NULL);
}
