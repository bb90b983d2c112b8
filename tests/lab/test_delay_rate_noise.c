/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Delay, rate and noise in a real lab of three nodes: n0 and n1 have an ideal link, n1 and n2 one by radio.
 * What is measured is also seen by ping. Every wait is for something, with a time-out. */
#include "live_lab.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lab/clock.h"
#include "lab/process.h"
#include "lab/radios.h"
#include "wire/radio_text.h"

#include <cmocka.h>

enum { IDEAL, RADIO, WAIT_S = 10, NOISE_DB = 22, SEED = 11 };

static const char radio_topology[] = "nodes:\n"
                                     "  - {name: n0, x: 0}\n"
                                     "  - {name: n1, x: 30}\n"
                                     "  - {name: n2, x: 90}\n"
                                     "links:\n"
                                     "  - {a: n0, b: n1}\n"
                                     "  - {a: n1, b: n2, radio: {}}\n";
static const char plain_topology[] = "nodes: [{name: n0}, {name: n1}]\nlinks: [{a: n0, b: n1}]\n";

struct echo {
    double lost_share, least_ms, mean_ms; /* of the round trips */
};

static void mesh_open(struct live_lab *mesh, const char *yaml) {
    struct heal_error error = {0};

    if (live_open(mesh, yaml, &error) < 0)
        fail_msg("no lab: %s", error.what);
}

static int open_radio_mesh(void **state) {
    static struct live_lab mesh = {.seed = SEED};

    mesh_open(&mesh, radio_topology);
    *state = &mesh;
    return 0;
}

static int close_radio_mesh(void **state) {
    live_close(*state);
    return 0;
}

/* What a test that failed has left. */
static int undo_all(void **state) {
    struct live_lab *mesh = *state;

    heal_faults_undo_all(mesh->faults);
    return 0;
}

/* @return the number after @p mark. */
static double number_after(const char *text, const char *mark) {
    const char *at = strstr(text, mark);

    if (!at)
        fail_msg("no '%s' in: %s", mark, text);
    return at ? strtod(at + strlen(mark), NULL) : 0;
}

/* Pings from one node to its neighbour over a link, past all routing. */
static struct echo ping(struct live_lab *mesh, unsigned from, unsigned to, unsigned link, const char *count,
                        const char *interval, const char *size) {
    struct heal_address address = heal_topology_link_address(to, link);
    char text[2048], host[80], peer[HEAL_ADDRESS_TEXT];
    /* -S: ping's own buffer is so small that it would wait for the limit's queue instead of losing. */
    const char *const argv[] = {"ping", "-6", "-q", "-n", "-c", count,    "-i", interval,
                                "-s",   size, "-W", "1",  "-S", "200000", host, NULL};
    struct heal_lab_capture capture = {.output = text, .size = sizeof text};
    struct echo echo = {0};
    const char *trips;
    int r;

    snprintf(host, sizeof host, "%s%%%s", heal_address_format(&address, peer),
             heal_lab_topology(mesh->lab)->node[to].name);
    r = heal_lab_exec(mesh->lab, (int)from, argv, &capture);
    if (r != 0 && r != 1) /* 1: no answers */
        fail_msg("ping ended with %d and said: %s", r, text);
    echo.lost_share = 1 - number_after(text, "transmitted, ") / atof(count);
    trips = strstr(text, "mdev = ");
    if (trips) {
        echo.least_ms = number_after(trips, "= ");
        echo.mean_ms = number_after(trips, "/");
    }
    return echo;
}

/* That it cannot be applied, and why. */
static void refused(struct live_lab *mesh, const char *words, int code, const char *why) {
    struct heal_error error = {0};
    struct heal_fault fault;

    assert_int_equal(heal_fault_parse(words, heal_lab_topology(mesh->lab), &fault, &error), 0);
    assert_int_equal(heal_faults_apply(mesh->faults, &fault, &error), code);
    if (!strstr(error.what, why))
        fail_msg("%s: said '%s', not '%s'", words, error.what, why);
}

static struct heal_fault_measured measure(struct live_lab *mesh, int handle) {
    struct heal_fault_measured measured;

    assert_int_equal(heal_faults_measure(mesh->faults, handle, &measured), 0);
    print_message("%s%s\n", measured.verified ? "" : "not verified: ", measured.what);
    return measured;
}

/* Runs a program in the air. @return whether what it says has @p part. */
static bool air_says(struct live_lab *mesh, const char *const *argv, const char *part) {
    char text[16384];
    struct heal_lab_capture capture = {.output = text, .size = sizeof text};

    assert_int_equal(heal_lab_exec(mesh->lab, HEAL_LAB_AIR, argv, &capture), 0);
    return strstr(text, part) != NULL;
}

static bool has_extra_devices(struct live_lab *mesh) {
    static const char *const ip[] = {"ip", "-o", "link", NULL};

    return air_says(mesh, ip, ": d");
}

/* They go when the relays have passed on what they held. */
static bool has_no_extra_devices(struct live_lab *mesh, void *context) {
    (void)context;
    return !has_extra_devices(mesh);
}

static void delay_holds_one_direction(void **state) {
    struct live_lab *mesh = *state;
    double quiet = ping(mesh, 0, 1, IDEAL, "20", "0.01", "100").mean_ms;
    int handle = live_apply(mesh, "delay n0>n1 20ms");
    struct echo echo = ping(mesh, 0, 1, IDEAL, "50", "0.01", "100");

    print_message("round trips: %.2f ms before, now %.2f (at least %.2f)\n", quiet, echo.mean_ms,
                  echo.least_ms);
    assert_true(echo.least_ms >= 19.9);
    assert_true(echo.mean_ms > quiet + 19.5 && echo.mean_ms < quiet + 30);
    assert_true(echo.lost_share < 0.01);
    assert_true(measure(mesh, handle).verified);
    live_undo(mesh, handle);
    assert_true(ping(mesh, 0, 1, IDEAL, "20", "0.01", "100").mean_ms < quiet + 5);
    assert_true(live_wait(mesh, has_no_extra_devices, NULL, WAIT_S * 1000));
}

static void jitter_spreads_the_delay(void **state) {
    struct live_lab *mesh = *state;
    int handle = live_apply(mesh, "delay n1>n0 20ms jitter 20ms");
    struct echo echo = ping(mesh, 0, 1, IDEAL, "100", "0.01", "100");

    print_message("round trips: %.2f ms, at least %.2f\n", echo.mean_ms, echo.least_ms);
    assert_true(echo.mean_ms > 26 && echo.mean_ms < 40);
    assert_true(echo.least_ms >= 19.9 && echo.least_ms < 24);
    assert_true(measure(mesh, handle).verified);
    live_undo(mesh, handle);
}

static void delay_of_both_directions_adds_up(void **state) {
    struct live_lab *mesh = *state;
    int handle = live_apply(mesh, "delay n0-n1 15ms");
    struct echo echo = ping(mesh, 0, 1, IDEAL, "30", "0.01", "1400");

    print_message("round trips: %.2f ms, at least %.2f\n", echo.mean_ms, echo.least_ms);
    assert_true(echo.least_ms >= 29.8 && echo.mean_ms < 45);
    assert_true(measure(mesh, handle).verified);
    /* The second on a direction would never see a packet. */
    refused(mesh, "delay n0>n1 5ms", -EBUSY, "already has a delay");
    assert_true(ping(mesh, 0, 1, IDEAL, "10", "0.01", "100").least_ms >= 29.8);
    live_undo(mesh, handle);
    assert_true(live_wait(mesh, has_no_extra_devices, NULL, WAIT_S * 1000));
}

static void what_is_held_still_goes_out(void **state) {
    struct live_lab *mesh = *state;
    int handle = live_apply(mesh, "delay n0>n1 400ms");
    struct heal_address address = heal_topology_link_address(1, IDEAL);
    char host[80], peer[HEAL_ADDRESS_TEXT], text[2048] = "";
    const char *const argv[] = {"ping", "-6", "-q", "-c", "1", "-W", "5", host, NULL};
    static const char *const nft[] = {"nft", "list", "counters", "table", "netdev", "air", NULL};
    int ends[2], status;
    struct heal_lab_program program = {.place = 0, .argv = argv, .input = -1, .error = -1};
    pid_t pid;

    snprintf(host, sizeof host, "%s%%n1", heal_address_format(&address, peer));
    assert_int_equal(pipe(ends), 0);
    program.output = ends[1];
    assert_int_equal(heal_lab_spawn(mesh->lab, &program, &pid), 0);
    close(ends[1]);
    /* The request has come in: an undo now must not lose it. */
    for (heal_us end = heal_lab_now() + WAIT_S * HEAL_US_PER_S;
         air_says(mesh, nft, "packets 0 ") && heal_lab_now() < end;)
        continue;
    live_undo(mesh, handle);
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(ends[0]);
}

/* The holder of a lab has others to look after. */
static void undo_does_not_wait_for_what_is_held(void **state) {
    struct live_lab *mesh = *state;
    int handle = live_apply(mesh, "delay n0-n1 2500ms");
    struct echo echo = ping(mesh, 0, 1, IDEAL, "2", "0.01", "100");
    heal_us begin = heal_lab_now();

    assert_true(echo.lost_share == 1);
    live_undo(mesh, handle);
    print_message("taken back in %.2f s\n", (double)(heal_lab_now() - begin) / HEAL_US_PER_S);
    assert_true(heal_lab_now() - begin < HEAL_US_PER_S);
    /* The next one on the same direction is not in the way of what the first still holds, nor the other way.
     */
    assert_true(has_extra_devices(mesh));
    handle = live_apply(mesh, "delay n0-n1 5ms");
    assert_true(ping(mesh, 0, 1, IDEAL, "10", "0.01", "100").least_ms >= 9.9);
    live_undo(mesh, handle);
    assert_true(live_wait(mesh, has_no_extra_devices, NULL, WAIT_S * 1000));
}

static void rate_drops_what_is_too_much(void **state) {
    struct live_lab *mesh = *state;
    struct echo echo = ping(mesh, 0, 1, IDEAL, "100", "0.005", "1000");
    int handle;

    assert_true(echo.lost_share == 0);
    handle = live_apply(mesh, "rate n0>n1 200kbit");
    /* 200 packets a second of 1,062 bytes are 1.7 Mbit/s. */
    echo = ping(mesh, 0, 1, IDEAL, "300", "0.005", "1000");
    print_message("%.0f %% lost\n", 100 * echo.lost_share);
    assert_true(echo.lost_share > 0.5 && echo.lost_share < 0.95);
    assert_true(measure(mesh, handle).verified);
    refused(mesh, "rate n0>n1 100kbit", -EBUSY, "already has a limit");
    live_undo(mesh, handle);
    assert_true(ping(mesh, 0, 1, IDEAL, "100", "0.005", "1000").lost_share == 0);
}

/* A packet that is held must not go past the limit. */
static void rate_holds_also_with_a_delay(void **state) {
    struct live_lab *mesh = *state;
    int delay = live_apply(mesh, "delay n0>n1 5ms"), rate = live_apply(mesh, "rate n0>n1 200kbit");
    struct echo echo = ping(mesh, 0, 1, IDEAL, "200", "0.005", "1000");

    print_message("%.0f %% lost\n", 100 * echo.lost_share);
    assert_true(echo.lost_share > 0.4);
    assert_true(echo.least_ms >= 4.9);
    live_undo(mesh, delay);
    live_undo(mesh, rate);
}

/* The relay takes packets away: what else is to be done to them comes first, in whatever order they came. */
static void loss_holds_also_after_a_delay(void **state) {
    struct live_lab *mesh = *state;
    int delay = live_apply(mesh, "delay n0>n1 5ms"), loss = live_apply(mesh, "loss n0>n1 50%");
    struct echo echo = ping(mesh, 0, 1, IDEAL, "200", "0.005", "100");

    print_message("%.0f %% lost\n", 100 * echo.lost_share);
    assert_true(echo.lost_share > 0.35 && echo.lost_share < 0.65);
    assert_true(echo.least_ms >= 4.9);
    live_undo(mesh, loss);
    live_undo(mesh, delay);
}

/* What the radio-file of a node says of its neighbour, as heald reads it. */
static struct heal_reading_radio read_radio(struct live_lab *mesh, int node) {
    char path[HEAL_LAB_PATH_MAX], line[256];
    struct heal_reading_radio radio = {0};
    FILE *file = fopen(heal_lab_file(mesh->lab, node, "radio", path), "re");

    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_int_equal(heal_radio_line_parse(line, strlen(line), &radio, NULL), 0);
    assert_null(fgets(line, sizeof line, file));
    fclose(file);
    return radio;
}

static bool has_faded(struct live_lab *mesh, void *before) {
    return read_radio(mesh, 1).rssi_dbm != ((const struct heal_reading_radio *)before)->rssi_dbm;
}

static void radios_tell_what_they_hear(void **state) {
    struct live_lab *mesh = *state;
    struct heal_reading_radio n1 = read_radio(mesh, 1), n2 = read_radio(mesh, 2);
    struct heal_address n2_address = heal_topology_link_address(2, RADIO);
    char path[HEAL_LAB_PATH_MAX];

    assert_string_equal(n1.port.ifname, "n2");
    assert_true(heal_address_equal(&n1.port.peer, &n2_address));
    assert_string_equal(n2.port.ifname, "n1");
    assert_true(n1.has_noise && n1.noise_dbm == -95 && n2.noise_dbm == -95);
    assert_true(n1.rssi_dbm > -78 && n1.rssi_dbm < -69 && n1.rssi_dbm == n2.rssi_dbm);
    assert_int_equal(access(heal_lab_file(mesh->lab, 0, "radio", path), F_OK), -1);
    /* A second passes, and the link has faded a little. */
    assert_true(live_wait(mesh, has_faded, &n1, WAIT_S * 1000));
}

/* Of 200 packets, more than four deviations of what physics says of the link as it is right now. */
static void assert_loss(double lost_share, const struct heal_reading_radio *heard, unsigned bytes) {
    double expected = heal_radio_loss((double)heard->rssi_dbm - (double)heard->noise_dbm, bytes);

    print_message("lost %.0f %%, expected %.0f %%\n", 100 * lost_share, 100 * expected);
    assert_true(fabs(lost_share - expected) < 0.16);
}

static void noise_raises_loss_and_goes(void **state) {
    struct live_lab *mesh = *state;
    struct heal_reading_radio heard;
    int handle;

    assert_true(ping(mesh, 1, 2, RADIO, "100", "0.005", "1400").lost_share == 0);
    handle = live_apply(mesh, "noise 90,0 radius 20 +22dB");
    heard = read_radio(mesh, 2);
    assert_loss(ping(mesh, 1, 2, RADIO, "200", "0.005", "1400").lost_share, &heard, HEAL_RADIOS_FULL_BYTES);
    assert_loss(ping(mesh, 1, 2, RADIO, "200", "0.005", "56").lost_share, &heard, HEAL_RADIOS_SMALL_BYTES);
    assert_true(measure(mesh, handle).verified);
    assert_true(read_radio(mesh, 2).noise_dbm > -95 + NOISE_DB - 0.2);
    assert_true(read_radio(mesh, 1).noise_dbm == -95); /* it stands outside */
    live_undo(mesh, handle);
    assert_true(ping(mesh, 1, 2, RADIO, "100", "0.005", "1400").lost_share == 0);
    assert_true(read_radio(mesh, 2).noise_dbm == -95);
}

/* From the ends of the scale: nothing of either size arrives, then all does. */
static void much_noise_drowns_all(void **state) {
    struct live_lab *mesh = *state;
    int some = live_apply(mesh, "noise 30,0 radius 5 +10dB"),
        much = live_apply(mesh, "noise 60,0 radius 40 +60dB");

    assert_true(ping(mesh, 1, 2, RADIO, "20", "0.01", "1400").lost_share == 1);
    assert_true(ping(mesh, 1, 2, RADIO, "20", "0.01", "56").lost_share == 1);
    assert_true(measure(mesh, much).verified);
    live_undo(mesh, much);
    assert_true(ping(mesh, 1, 2, RADIO, "20", "0.01", "1400").lost_share == 0);
    assert_true(read_radio(mesh, 1).noise_dbm == -85 && read_radio(mesh, 2).noise_dbm == -95);
    live_undo(mesh, some);
    assert_true(read_radio(mesh, 1).noise_dbm == -95);
}

static void noise_that_nobody_feels_is_not_verified(void **state) {
    struct live_lab *mesh = *state;
    int handle = live_apply(mesh, "noise 90,0 radius 20 +2dB");

    assert_false(measure(mesh, handle).verified);
    live_undo(mesh, handle);
    refused(mesh, "noise 0,5000 radius 20 +20dB", -ENOENT, "no end of a radio link");
    /* n0 is there, but has no radio. */
    refused(mesh, "noise 0,0 radius 5 +20dB", -ENOENT, "no end of a radio link");
    assert_true(read_radio(mesh, 2).noise_dbm == -95);
}

/* ---- who dies with whom ---------------------------------------------------------------------------------
 */

static pid_t parent_of(const char *process) {
    char path[64], text[512] = "";
    const char *after;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%.20s/stat", process);
    file = fopen(path, "re");
    if (!file)
        return -1;
    (void)!fread(text, 1, sizeof text - 1, file);
    fclose(file);
    after = strrchr(text, ')');
    return after ? (pid_t)strtol(after + 4, NULL, 10) : -1;
}

static bool is_relay(const char *process) {
    char path[64], text[512] = "";
    size_t length;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%.20s/cmdline", process);
    file = fopen(path, "re");
    if (!file)
        return false;
    length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    return length > strlen(text) + 1 && strcmp(text + strlen(text) + 1, "relay") == 0;
}

/* @return a pidfd of the relay that @p owner has. */
static int find_relay(pid_t owner) {
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    pid_t found = 0;

    assert_non_null(folder);
    while (found == 0 && (entry = readdir(folder)))
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parent_of(entry->d_name) == owner &&
            is_relay(entry->d_name))
            found = (pid_t)strtol(entry->d_name, NULL, 10);
    closedir(folder);
    if (found == 0)
        fail_msg("no relay runs");
    return heal_process_open(found);
}

static bool ends(int pidfd) {
    struct pollfd end = {.fd = pidfd, .events = POLLIN};

    return poll(&end, 1, WAIT_S * 1000) == 1;
}

struct owner {
    pid_t pid;
    int channel;
    char folder[HEAL_LAB_PATH_MAX];
};

/* Another process, this program anew: has a lab with a delay, closes the lab when told to, and stays. */
static int own(int channel) {
    struct live_lab mesh = {0};
    char word;

    mesh_open(&mesh, plain_topology);
    refused(&mesh, "noise 0,0 radius 20 +20dB", -ENODATA, "no link of this lab has a radio");
    (void)live_apply(&mesh, "delay n0>n1 50ms");
    (void)!write(channel, mesh.folder, sizeof mesh.folder);
    if (read(channel, &word, 1) == 1)
        (void)heal_lab_close(mesh.lab);
    (void)!read(channel, &word, 1);
    return 0;
}

static struct owner start_owner(void) {
    struct owner owner;
    int ends_of[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_of), 0);
    owner.pid = fork();
    if (owner.pid == 0) {
        dup2(ends_of[1], STDIN_FILENO);
        execl("/proc/self/exe", "test", "own", (char *)NULL);
        _exit(127);
    }
    close(ends_of[1]);
    owner.channel = ends_of[0];
    assert_int_equal(read(owner.channel, owner.folder, sizeof owner.folder), sizeof owner.folder);
    return owner;
}

static void end_owner(struct owner *owner) {
    struct live_lab leavings = {0};

    (void)kill(owner->pid, SIGKILL);
    (void)waitpid(owner->pid, NULL, 0);
    close(owner->channel);
    memcpy(leavings.folder, owner->folder, sizeof leavings.folder);
    live_close(&leavings);
}

static void relay_dies_with_its_lab(void **state) {
    struct owner owner = start_owner();
    int relay = find_relay(owner.pid);

    (void)state;
    assert_int_equal(write(owner.channel, "c", 1), 1);
    assert_true(ends(relay));
    close(relay);
    end_owner(&owner);
}

static void relay_dies_with_its_owner(void **state) {
    struct owner owner = start_owner();
    int relay = find_relay(owner.pid);

    (void)state;
    (void)kill(owner.pid, SIGKILL);
    assert_true(ends(relay));
    close(relay);
    end_owner(&owner);
}

/* ---- */

static bool have_namespaces(void) {
    int status;
    pid_t pid = fork();

    if (pid == 0)
        _exit(unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 && unshare(CLONE_NEWNET) < 0);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool have(const char *program) {
    const char *const argv[] = {"sh", "-c", "command -v \"$0\" >/dev/null", program, NULL};

    return heal_process_run(argv, NULL) == 0;
}

int main(int argc, char **argv) {
    static const char *const programs[] = {"babeld", "nft", "tc", "ip", "ping"};
    const struct CMUnitTest deaths[] = {
        cmocka_unit_test(relay_dies_with_its_lab),
        cmocka_unit_test(relay_dies_with_its_owner),
    };
    const struct CMUnitTest faults[] = {
        cmocka_unit_test_teardown(delay_holds_one_direction, undo_all),
        cmocka_unit_test_teardown(jitter_spreads_the_delay, undo_all),
        cmocka_unit_test_teardown(delay_of_both_directions_adds_up, undo_all),
        cmocka_unit_test_teardown(what_is_held_still_goes_out, undo_all),
        cmocka_unit_test_teardown(undo_does_not_wait_for_what_is_held, undo_all),
        cmocka_unit_test_teardown(rate_drops_what_is_too_much, undo_all),
        cmocka_unit_test_teardown(rate_holds_also_with_a_delay, undo_all),
        cmocka_unit_test_teardown(loss_holds_also_after_a_delay, undo_all),
        cmocka_unit_test_teardown(radios_tell_what_they_hear, undo_all),
        cmocka_unit_test_teardown(noise_raises_loss_and_goes, undo_all),
        cmocka_unit_test_teardown(much_noise_drowns_all, undo_all),
        cmocka_unit_test_teardown(noise_that_nobody_feels_is_not_verified, undo_all),
    };

    if (argc == 2 && strcmp(argv[1], "own") == 0)
        return own(STDIN_FILENO);
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    for (size_t i = 0; i < HEAL_COUNT(programs); i++) {
        if (have(programs[i]))
            continue;
        printf("skipped: %s is not installed\n", programs[i]);
        return LIVE_SKIP;
    }
    if (!have_namespaces()) {
        printf("skipped: no namespaces of our own here\n");
        return LIVE_SKIP;
    }
    return cmocka_run_group_tests(deaths, NULL, NULL) +
           cmocka_run_group_tests(faults, open_radio_mesh, close_radio_mesh);
}
