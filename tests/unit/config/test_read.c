/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a text sets, and every complaint about one, by its exact words and place. */
#include "config/config.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct heal_config config;
    struct heal_config_error error;
    char message[512];
};

static int setup(void **state) {
    static struct fixture fixture;

    memset(&fixture, 0, sizeof fixture);
    heal_config_init(&fixture.config);
    *state = &fixture;
    return 0;
}

static int read(struct fixture *fixture, const char *text) {
    int r = heal_config_read_text(&fixture->config, text, strlen(text), "heald.yaml", &fixture->error);

    return r < 0 ? r : heal_config_check(&fixture->config, &fixture->error);
}

static const char everything[] =
    "node: alpha\n"
    "mode: act\n"
    "state: /tmp/s\n"
    "socket: '/tmp/h.sock'\n"
    "log: debug\n"
    "metrics: {listen: \"[::1]:9000\"}\n"
    "mesh: {address: 'fd00::1', port: 1, probe-port: 65535}\n"
    "routing: {daemon: none, socket: , interface-parameters: type wired rxcost 96}\n"
    "sources: {node: processes, cpu-capacity: 0.5, memory: 64MiB, radio-file: /tmp/radio}\n"
    "services:\n"
    "  - {name: worker, pidfile: /run/w.pid, restart: [\"/bin/sh\", \"-c\", \"x y\"],\n"
    "     restartable: true, sheddable: true, memory-limit: 1GiB, cgroup: /sys/fs/cgroup/w}\n"
    "  - {name: other, unit: other@1.service, restartable: false}\n"
    "round: 2s\nround-fast: 100ms\nexamine: 1min\nports-max: 8\n"
    "probe: {small: 200ms, full: 400ms, fast: 20ms}\n"
    "guard: {min-healthy-neighbours: 2, storm-limit: 4, storm-window: 30s}\n"
    "thresholds: {loss: {start: 5%, min: 2%, max: 20%}, snr-drop: {max: 20}}\n"
    "policy:\n"
    "  link-loss: {for: 1s, min-confidence: 0.8, steps: [link-cost, notify], cooldown: 30s,\n"
    "    max-per-window: 3, window: 1h, escalate: false}\n"
    "notify: {hook: [/usr/bin/wall]}\n";

static void assert_services(const struct heal_config *config) {
    char *argv[HEAL_CONFIG_ARGUMENTS_MAX + 1];

    assert_int_equal(config->settings.services, 2);
    assert_string_equal(config->settings.service[0].name, "worker");
    assert_true(config->settings.service[0].sheddable && config->settings.service[0].restartable);
    assert_int_equal(config->settings.service[0].memory_limit_bytes, 1 << 30);
    assert_string_equal(config->service[0].pidfile, "/run/w.pid");
    assert_string_equal(config->service[0].cgroup, "/sys/fs/cgroup/w");
    assert_int_equal(heal_config_command_argv(&config->service[0].restart, argv), 3);
    assert_string_equal(argv[0], "/bin/sh");
    assert_string_equal(argv[2], "x y");
    assert_null(argv[3]);
    assert_string_equal(config->service[1].unit, "other@1.service");
    assert_false(config->settings.service[1].restartable || config->settings.service[1].sheddable);
}

static void assert_settings(const struct heal_settings *settings) {
    assert_int_equal(settings->round_us, 2000000);
    assert_int_equal(settings->round_fast_us, 100000);
    assert_int_equal(settings->examine_us, 60000000);
    assert_int_equal(settings->ports_max, 8);
    assert_int_equal(settings->probe_small_ms, 200);
    assert_int_equal(settings->probe_full_ms, 400);
    assert_int_equal(settings->probe_fast_ms, 20);
    assert_int_equal(settings->min_healthy_neighbours, 2);
    assert_int_equal(settings->storm_limit, 4);
    assert_int_equal(settings->storm_window_us, 30000000);
    assert_true(settings->threshold[HEAL_METRIC_LOSS].start == 0.05F);
    assert_true(settings->threshold[HEAL_METRIC_LOSS].max == 0.2F);
    assert_true(settings->threshold[HEAL_METRIC_SNR_DROP].start == 6.0F);
    assert_true(settings->threshold[HEAL_METRIC_SNR_DROP].max == 20.0F);
}

static void assert_policy(const struct heal_settings *settings) {
    const struct heal_policy *policy = &settings->policy[HEAL_LINK_LOSS];
    assert_int_equal(policy->for_us, 1000000);
    assert_true(policy->min_confidence == 0.8F);
    assert_int_equal(policy->steps, 2);
    assert_int_equal(policy->step[0], HEAL_LINK_COST);
    assert_int_equal(policy->step[1], HEAL_NOTIFY);
    assert_int_equal(policy->cooldown_us, 30000000);
    assert_int_equal(policy->max_per_window, 3);
    assert_int_equal(policy->window_us, 3600000000);
    assert_false(policy->escalate);
    assert_true(settings->policy[HEAL_LINK_FLAP].escalate);
}

static void test_everything_is_set(void **state) {
    struct fixture *fixture = *state;
    const struct heal_config *config = &fixture->config;
    char *argv[HEAL_CONFIG_ARGUMENTS_MAX + 1];

    assert_int_equal(read(fixture, everything), 0);
    assert_string_equal(config->node, "alpha");
    assert_int_equal(config->settings.mode, HEAL_MODE_ACT);
    assert_string_equal(config->state, "/tmp/s");
    assert_string_equal(config->socket, "/tmp/h.sock");
    assert_int_equal(config->log, HEAL_CONFIG_LOG_DEBUG);
    assert_string_equal(config->metrics_listen, "[::1]:9000");
    assert_int_equal(config->mesh_address.byte[0], 0xfd);
    assert_int_equal(config->mesh_port, 1);
    assert_int_equal(config->mesh_probe_port, 65535);
    assert_int_equal(config->routing, HEAL_CONFIG_ROUTING_NONE);
    assert_string_equal(config->routing_socket, "");
    assert_string_equal(config->settings.interface_parameters, "type wired rxcost 96");
    assert_int_equal(config->node_source, HEAL_CONFIG_NODE_PROCESSES);
    assert_true(config->cpu_capacity == 0.5F);
    assert_int_equal(config->memory_bytes, 64 << 20);
    assert_string_equal(config->radio_file, "/tmp/radio");
    assert_services(config);
    assert_settings(&config->settings);
    assert_policy(&config->settings);
    assert_int_equal(heal_config_command_argv(&config->notify_hook, argv), 1);
    assert_string_equal(argv[0], "/usr/bin/wall");
}

static void complain(void *context, const struct heal_config_difference *difference) {
    (void)context;
    fail_msg("%s: %s became %s", difference->name, difference->before, difference->after);
}

static void test_nothing_changes_nothing(void **state) {
    static const char *const texts[] = {"", "# nothing\n",
                                        "policy:\nservices:\nprobe:\nthresholds:\n  loss:\n", "{}",
                                        "services: []\npolicy: {}\n"};
    struct fixture *fixture = *state;
    static struct heal_config before;

    for (size_t i = 0; i < HEAL_COUNT(texts); i++) {
        heal_config_init(&fixture->config);
        before = fixture->config;
        assert_int_equal(read(fixture, texts[i]), 0);
        assert_int_equal(heal_config_differences(&before, &fixture->config, complain, NULL), 0);
    }
}

/* conf.d: what a later file does not name stays, a service is known by its name. */
static void test_files_add_up(void **state) {
    struct fixture *fixture = *state;
    struct heal_config *config = &fixture->config;

    assert_int_equal(read(fixture, "mode: warn\nservices: [{name: a, unit: a}, {name: b, unit: b}]\n"), 0);
    assert_int_equal(
        read(fixture, "log: error\nservices: [{name: c, unit: c}, {name: a, sheddable: true}]\n"), 0);
    assert_int_equal(config->settings.mode, HEAL_MODE_WARN);
    assert_int_equal(config->log, HEAL_CONFIG_LOG_ERROR);
    assert_int_equal(config->settings.services, 3);
    assert_int_equal(heal_config_service_find(config, "a"), 0);
    assert_int_equal(heal_config_service_find(config, "c"), 2);
    assert_int_equal(heal_config_service_find(config, "d"), -ENOENT);
    assert_true(config->settings.service[0].sheddable);
    assert_string_equal(config->service[0].unit, "a");
}

static void test_policy_file(void **state) {
    static const char good[] = "policy: {link-flap: {steps: [notify]}}\n", bad[] = "mode: act\n";
    struct fixture *fixture = *state;

    assert_int_equal(heal_config_read_policy(&fixture->config, good, strlen(good), "p.yaml", &fixture->error),
                     0);
    assert_int_equal(fixture->config.settings.policy[HEAL_LINK_FLAP].steps, 1);
    assert_int_equal(heal_config_read_policy(&fixture->config, bad, strlen(bad), "p.yaml", &fixture->error),
                     -EINVAL);
    heal_config_error_format(&fixture->error, fixture->message, sizeof fixture->message);
    assert_string_equal(fixture->message,
                        "p.yaml:1:1: unknown key 'mode' in a policy file; known here: policy");
}

struct complaint {
    const char *text, *message;
};

static void check_complaint(struct fixture *fixture, const struct complaint *complaint) {
    heal_config_init(&fixture->config);
    fixture->error = (struct heal_config_error){0};
    if (read(fixture, complaint->text) >= 0)
        fail_msg("was taken: %s", complaint->text);
    heal_config_error_format(&fixture->error, fixture->message, sizeof fixture->message);
    assert_string_equal(fixture->message, complaint->message);
}

static void test_wrong_keys(void **state) {
    static const struct complaint complaints[] = {
        {"mod: act\n",                                     "heald.yaml:1:1: unknown key 'mod'; did you mean 'mode'?"           },
        {"# x\nprobe:\n  smal: 1s\n",                      "heald.yaml:3:3: unknown key 'smal' in probe; did you mean 'small'?"},
        {"probe: {zzzzzz: 1s}\n",
         "heald.yaml:1:9: unknown key 'zzzzzz' in probe; known here: small, full, fast"                                        },
        {"thresholds: {los: {start: 1}}\n",
         "heald.yaml:1:14: unknown key 'los' in thresholds; did you mean 'loss'?"                                              },
        {"thresholds: {loss: {begin: 1}}\n",
         "heald.yaml:1:21: unknown key 'begin' in thresholds.loss; known here: start, min, max"                                },
        {"policy:\n  link-los: {}\n",
         "heald.yaml:2:3: unknown key 'link-los' in policy; did you mean 'link-loss'?"                                         },
        {"policy:\n  link-loss:\n    min_confidence: 1\n",
         "heald.yaml:3:5: unknown key 'min_confidence' in policy.link-loss; did you mean 'min-confidence'?"                    },
        {"services:\n  - name: a\n    pid-file: /x\n",
         "heald.yaml:3:5: unknown key 'pid-file' in services.a; did you mean 'pidfile'?"                                       },
        {"mode: act\nlog: info\nmode: warn\n",             "heald.yaml:3:1: 'mode' is here twice, first in line 1"             },
        {"\"\\e[2J\": 1\n",
         "heald.yaml:1:1: unknown key '?[2J'; known here: node, mode, state, socket, user, helper, log, "
         "round, round-fast, examine, ports-max, admin, metrics, mesh, …"                                                    },
    };

    for (size_t i = 0; i < HEAL_COUNT(complaints); i++)
        check_complaint(*state, &complaints[i]);
}

static void test_wrong_shapes(void **state) {
    static const struct complaint complaints[] = {
        {"- mode\n",                                             "heald.yaml:1:1: configuration: expected a mapping, not a list"        },
        {"hello\n",                                              "heald.yaml:1:1: configuration: expected a mapping, not a single value"},
        {"mode: [act]\n",                                        "heald.yaml:1:7: mode: expected a single value, not a list"            },
        {"metrics: off\n",                                       "heald.yaml:1:10: metrics: expected a mapping, not a single value"     },
        {"probe: [1s]\n",                                        "heald.yaml:1:8: probe: expected a mapping, not a list"                },
        {"policy: {link-loss: [notify]}\n",
         "heald.yaml:1:21: policy.link-loss: expected a mapping, not a list"                                                            },
        {"policy: {link-loss: {steps: notify}}\n",
         "heald.yaml:1:29: policy.link-loss.steps: expected a list, not a single value"                                                 },
        {"services: {name: a}\n",                                "heald.yaml:1:11: services: expected a list, not a mapping"            },
        {"services: [a]\n",                                      "heald.yaml:1:12: services: expected a mapping, not a single value"    },
        {"services: [{unit: a}]\n",                              "heald.yaml:1:12: services: one without a name"                        },
        {"services: [{name: a, unit: a}, {unit: b, name: a}]\n",
         "heald.yaml:1:48: services: this name is here twice, first in line 1"                                                          },
        {"notify: {hook: /bin/x}\n",                             "heald.yaml:1:16: notify.hook: expected a list, not a single value"    },
        {"notify: {hook: [[/bin/x]]}\n",                         "heald.yaml:1:17: notify.hook: expected a single value, not a list"    },
    };

    for (size_t i = 0; i < HEAL_COUNT(complaints); i++)
        check_complaint(*state, &complaints[i]);
}

static void test_wrong_values(void **state) {
    static const struct complaint complaints[] = {
        {"mode: acts\n",
         "heald.yaml:1:7: mode: expected observe, warn or act, not 'acts'; did you mean 'act'?"                                                    },
        {"mode: on\n",                                       "heald.yaml:1:7: mode: expected observe, warn or act, not 'on'"                       },
        {"mode:\n",                                          "heald.yaml:1:6: mode: expected observe, warn or act, not ''"                         },
        {"node: a b\n",                                      "heald.yaml:1:7: node: expected letters, digits, '.', '_' and '-', not 'a b'"         },
        {"node: -a\n",                                       "heald.yaml:1:7: node: expected letters, digits, '.', '_' and '-', not '-a'"          },
        {"node: a23456789012345678901234567890123\n",        "heald.yaml:1:7: node: longer than 31 bytes"                                          },
        {"state: heald\n",                                   "heald.yaml:1:8: state: expected an absolute path without '..', not 'heald'"          },
        {"state: /a/../b\n",                                 "heald.yaml:1:8: state: expected an absolute path without '..', not '/a/../b'"        },
        {"state: /..\n",                                     "heald.yaml:1:8: state: expected an absolute path without '..', not '/..'"            },
        {"state: ''\n",                                      "heald.yaml:1:8: state: expected an absolute path without '..', not ''"               },
        {"state: \"/a\\nb\"\n",                              "heald.yaml:1:8: state: expected an absolute path without '..', not '/a?b'"           },
        {"round: 1\n",                                       "heald.yaml:1:8: round: expected a duration such as 250ms, 1s or 10min, not '1'"      },
        {"round: fast\n",
         "heald.yaml:1:8: round: expected a duration such as 250ms, 1s or 10min, not 'fast'"                                                       },
        {"round: -1s\n",                                     "heald.yaml:1:8: round: expected a duration such as 250ms, 1s or 10min, not '-1s'"    },
        {"round: 5ms\n",                                     "heald.yaml:1:8: round: 5ms is out of range (100ms to 1min)"                          },
        {"round: 99999999999999d\n",
         "heald.yaml:1:8: round: 99999999999999d is out of range (100ms to 1min)"                                                                  },
        {"probe: {small: 1h}\n",                             "heald.yaml:1:16: probe.small: 1h is out of range (20ms to 1min)"                     },
        {"probe: {small: 20.5ms}\n",
         "heald.yaml:1:16: probe.small: expected a duration in whole milliseconds, not '20.5ms'"                                                   },
        {"ports-max: 65\n",                                  "heald.yaml:1:12: ports-max: 65 is out of range (1 to 64)"                            },
        {"ports-max: 0\n",                                   "heald.yaml:1:12: ports-max: 0 is out of range (1 to 64)"                             },
        {"ports-max: 6.5\n",                                 "heald.yaml:1:12: ports-max: expected a whole number, not '6.5'"                      },
        {"mesh: {port: 99999999999999999999}\n",
         "heald.yaml:1:14: mesh.port: 99999999999999999999 is out of range (1 to 65535)"                                                           },
        {"mesh: {address: fe80::1}\n",
         "heald.yaml:1:17: mesh.address: expected the IPv6 or IPv4 address of a node, not 'fe80::1'"                                               },
        {"mesh: {address: ff02::1}\n",
         "heald.yaml:1:17: mesh.address: expected the IPv6 or IPv4 address of a node, not 'ff02::1'"                                               },
        {"mesh: {address: '::'}\n",
         "heald.yaml:1:17: mesh.address: expected the IPv6 or IPv4 address of a node, not '::'"                                                    },
        {"mesh: {address: 224.0.0.1}\n",
         "heald.yaml:1:17: mesh.address: expected the IPv6 or IPv4 address of a node, not '224.0.0.1'"                                             },
        {"metrics: {listen: localhost:1}\n",
         "heald.yaml:1:19: metrics.listen: expected ADDRESS:PORT, [ADDRESS]:PORT or off, not 'localhost:1'"                                        },
        {"metrics: {listen: '127.0.0.1:65536'}\n",           "heald.yaml:1:19: metrics.listen: expected ADDRESS:PORT, "
                                                   "[ADDRESS]:PORT or off, not '127.0.0.1:65536'"},
        {"metrics: {listen: '::1:80'}\n",
         "heald.yaml:1:19: metrics.listen: expected ADDRESS:PORT, [ADDRESS]:PORT or off, not '::1:80'"                                             },
        {"sources: {memory: lots}\n",
         "heald.yaml:1:19: sources.memory: expected a size such as 64MiB, 1GB or 4096, not 'lots'"                                                 },
        {"sources: {cpu-capacity: nan}\n",
         "heald.yaml:1:25: sources.cpu-capacity: expected a number such as 0.03, 3 or 5%, not 'nan'"                                               },
        {"thresholds: {loss: {start: 0}}\n",
         "heald.yaml:1:28: thresholds.loss.start: 0 is out of range (0.0001 to 1000000)"                                                           },
        {"policy: {link-loss: {min-confidence: 80}}\n",
         "heald.yaml:1:38: policy.link-loss.min-confidence: 80 is out of range (0 to 1)"                                                           },
        {"policy: {link-loss: {escalate: yes}}\n",
         "heald.yaml:1:32: policy.link-loss.escalate: expected true or false, not 'yes'"                                                           },
        {"policy: {link-loss: {steps: [rout-around]}}\n",
         "heald.yaml:1:30: policy.link-loss.steps: unknown remedy 'rout-around'; did you mean "
         "'route-around'?"                                                                                                                         },
        {"policy: {link-loss: {steps: [notify, notify]}}\n",
         "heald.yaml:1:38: policy.link-loss.steps: 'notify' is here twice"                                                                         },
        {"policy: {link-loss: {steps: []}}\n",
         "heald.yaml:1:29: policy.link-loss.steps: needs a remedy; [notify] does nothing but tell people"                                          },
        {"policy: {link-loss: {steps: [route-around, link-cost, clamp-mtu, bounce-link, restore-routes, "
         "set-forwarding, notify]}}\n",             "heald.yaml:1:111: policy.link-loss.steps: more than 6 remedies"                      },
        {"notify: {hook: [wall]}\n",                         "heald.yaml:1:17: notify.hook: a command starts with an absolute path"                },
        {"services: [{name: a, unit: --now}]\n",
         "heald.yaml:1:28: services.a.unit: expected the name of a systemd unit, not '--now'"                                                      },
        {"services: [{name: ''}]\n",
         "heald.yaml:1:19: services.name: expected letters, digits, '.', '_' and '-', not ''"                                                      },
    };

    for (size_t i = 0; i < HEAL_COUNT(complaints); i++)
        check_complaint(*state, &complaints[i]);
}

/* They go into a line of babeld's protocol, and must not begin another. */
static void test_interface_parameters(void **state) {
    static const char *const bad[] = {"type wired\nflush interface toB",
                                      "type wired\rquit",
                                      "type  wired",
                                      " type",
                                      "type ",
                                      "type \"wired\"",
                                      "-type",
                                      "type wired # x",
                                      "t\xc3\xa4"};
    static const char *const good[] = {"", "type wired",
                                       "rxcost 96 hello-interval 0.5 v4-via-v6 true key a_1"};
    struct fixture *fixture = *state;
    char most[HEAL_INTERFACE_PARAMETERS_MAX + 1];

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(heal_config_set(&fixture->config, "routing.interface-parameters", bad[i], NULL),
                         -EINVAL);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(heal_config_set(&fixture->config, "routing.interface-parameters", good[i], NULL), 0);
        assert_string_equal(fixture->config.settings.interface_parameters, good[i]);
    }
    memset(most, 'x', sizeof most);
    most[sizeof most - 1] = '\0';
    assert_int_equal(heal_config_set(&fixture->config, "routing.interface-parameters", most, NULL), -EINVAL);
    most[sizeof most - 2] = '\0';
    assert_int_equal(heal_config_set(&fixture->config, "routing.interface-parameters", most, NULL), 0);
}

/* What does not go together is told at the place where the value at fault was set. */
static void test_contradictions(void **state) {
    static const struct complaint complaints[] = {
        {"round: 200ms\n",                                                "round-fast: must not be longer than round (200ms)"              },
        {"round: 1s\nround-fast: 2s\n",                                   "heald.yaml:2:13: round-fast: must not be longer than round (1s)"},
        {"probe: {fast: 600ms}\n",
         "heald.yaml:1:15: probe.fast: must not be longer than probe.small (500 ms)"                                                       },
        {"probe: {fast: 600ms, small: 1s, full: 500ms}\n",
         "heald.yaml:1:15: probe.fast: must not be longer than probe.full (500 ms)"                                                        },
        {"mesh: {probe-port: 6697}\n",                                    "heald.yaml:1:20: mesh.probe-port: must differ from mesh.port"   },
        {"routing: {socket: ''}\n",                                       "heald.yaml:1:19: routing.socket: routing.daemon needs it"       },
        {"routing: {interface-parameters: type wierd}\n",
         "heald.yaml:1:33: routing.interface-parameters: 'type' takes auto, wired, wireless, tunnel, not "
         "'wierd'"                                                                                                                         },
        {"routing: {interface-parameters: type wired helo-interval 1}\n",
         "heald.yaml:1:33: routing.interface-parameters: babeld knows no 'helo-interval' of an interface; "
         "did you mean 'hello-interval'?"                                                                                                  },
        {"sources: {node: processes}\n",
         "heald.yaml:1:17: sources.node: 'processes' needs sources.cpu-capacity"                                                           },
        {"sources: {cpu-capacity: 1, node: processes}\n",
         "heald.yaml:1:34: sources.node: 'processes' needs sources.memory"                                                                 },
        {"thresholds: {loss: {start: 0.2}}\n",
         "heald.yaml:1:28: thresholds.loss.start: 0.2 is more than its max (0.15)"                                                         },
        {"thresholds: {loss: {start: 0.005}}\n",
         "heald.yaml:1:28: thresholds.loss.start: 0.005 is less than its min (0.01)"                                                       },
        {"thresholds: {loss: {max: 1.5}}\n",                              "heald.yaml:1:26: thresholds.loss.max: a share is at most 1"     },
        {"services: [{name: a}]\n",
         "heald.yaml:1:19: services.a.name: this service needs pidfile, unit or cgroup to be watched by"                                   },
        {"services: [{name: a, pidfile: /a}]\n",
         "heald.yaml:1:19: services.a.name: restartable, but there is neither restart nor unit to do it by"                                },
    };

    for (size_t i = 0; i < HEAL_COUNT(complaints); i++)
        check_complaint(*state, &complaints[i]);
}

static void test_environment(void **state) {
    static const char *const good[] = {
        "HOME=/", "HEALD_MODE=warn", "HEALD_METRICS_LISTEN=off", "HEALD_PROBE_SMALL=100ms",
        "HEALD_POLICY_LINK_LOSS_STEPS=[notify]", "HEALD_THRESHOLDS_LOSS_START=4%",
        "HEALD_NOTIFY_HOOK=", "HEALD_NODE=n1",
        /* Kubernetes: */
        "HEALD_PORT=tcp://10.0.0.1:80", "HEALD_SERVICE_HOST=10.0.0.1", "HEALD_", "X", NULL};
    static const char *const bad[] = {"HEALD_MODE=no", NULL}, *const broken[] = {"HEALD_NODE=\xff", NULL},
                             *const list[] = {"HEALD_NOTIFY_HOOK=[/x", NULL};
    struct fixture *fixture = *state;
    struct heal_config *config = &fixture->config;

    assert_int_equal(heal_config_read_environment(config, good, &fixture->error), 0);
    assert_int_equal(config->settings.mode, HEAL_MODE_WARN);
    assert_string_equal(config->metrics_listen, "");
    assert_int_equal(config->settings.probe_small_ms, 100);
    assert_int_equal(config->settings.policy[HEAL_LINK_LOSS].steps, 1);
    assert_true(config->settings.threshold[HEAL_METRIC_LOSS].start == 0.04F);
    assert_int_equal(config->notify_hook.arguments, 0);
    assert_string_equal(config->node, "n1");
    assert_int_equal(heal_config_read_environment(config, bad, &fixture->error), -EINVAL);
    heal_config_error_format(&fixture->error, fixture->message, sizeof fixture->message);
    assert_string_equal(fixture->message, "environment: HEALD_MODE: expected observe, warn or act, not 'no'");
    assert_int_equal(heal_config_read_environment(config, broken, &fixture->error), -EINVAL);
    assert_string_equal(fixture->error.error.what, "no UTF-8 (byte 0xff)");
    assert_int_equal(heal_config_read_environment(config, list, &fixture->error), -EINVAL);
    assert_int_equal(fixture->error.error.line, 0);
}

static void test_set(void **state) {
    struct fixture *fixture = *state;
    struct heal_config *config = &fixture->config;

    assert_int_equal(read(fixture, "services: [{name: a, unit: a}]\n"), 0);
    assert_int_equal(heal_config_set(config, "mode", "act", &fixture->error), 0);
    assert_int_equal(config->settings.mode, HEAL_MODE_ACT);
    assert_int_equal(heal_config_set(config, "services.a.sheddable", "true", &fixture->error), 0);
    assert_true(config->settings.service[0].sheddable);
    assert_int_equal(heal_config_set(config, "services.b.sheddable", "true", &fixture->error), -ENOENT);
    assert_string_equal(fixture->error.error.what, "no option 'services.b.sheddable'");
    assert_int_equal(heal_config_set(config, "round", "1", NULL), -EINVAL);
    assert_int_equal(heal_config_set(config, "services..name", "x", NULL), -ENOENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_everything_is_set, setup),
        cmocka_unit_test_setup(test_nothing_changes_nothing, setup),
        cmocka_unit_test_setup(test_files_add_up, setup),
        cmocka_unit_test_setup(test_policy_file, setup),
        cmocka_unit_test_setup(test_wrong_keys, setup),
        cmocka_unit_test_setup(test_wrong_shapes, setup),
        cmocka_unit_test_setup(test_wrong_values, setup),
        cmocka_unit_test_setup(test_interface_parameters, setup),
        cmocka_unit_test_setup(test_contradictions, setup),
        cmocka_unit_test_setup(test_environment, setup),
        cmocka_unit_test_setup(test_set, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
