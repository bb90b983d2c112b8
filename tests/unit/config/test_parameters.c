/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What babeld is told of an interface that it is given back: known words, each with a value of its kind. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "config/parameters.h"

static void test_taken(void **state) {
    static const char *const good[] = {
        "",
        "type wireless hello-interval 1",
        "type wired link-quality auto split-horizon true rxcost 96 faraway false unicast true",
        "type tunnel enable-timestamps true rtt-decay 42 rtt-min 10 rtt-max 120.5 max-rtt-penalty 150",
        "type auto hello-interval 0.5 update-interval 16 rfc6126-compatible true v4-via-v6 true",
        "channel 11 wired false probe-mtu true",
        "channel noninterfering key id:1/a-b_c accept-bad-signatures false",
        "key true",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char why[160] = "untouched";

        if (heal_parameters_check(good[i], why, sizeof why) != 0)
            fail_msg("%s: %s", good[i], why);
        assert_string_equal(why, "untouched");
    }
}

static void test_refused(void **state) {
    static const struct {
        const char *text, *why;
    } row[] = {
        {"foo bar",                                "babeld knows no 'foo' of an interface"                           },
        {"type wired foo bar",                     "babeld knows no 'foo' of an interface"                           },
        {"type wired rxcots 96",                   "babeld knows no 'rxcots' of an interface; did you mean 'rxcost'?"},
        {"Type wired",                             "babeld knows no 'Type' of an interface; did you mean 'type'?"    },
        {"hello-intervall 1",
         "babeld knows no 'hello-intervall' of an interface; did you mean 'hello-interval'?"                         },
        {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 1",
         "babeld knows no 'xxxxxxxxxxxxxxxxxxxxxxxx' of an interface"                                                },
        {"type",                                   "'type' needs a value"                                            },
        {"type wired rxcost",                      "'rxcost' needs a value"                                          },
        {"type rxcost 96",                         "'type' takes auto, wired, wireless, tunnel, not 'rxcost'"        },
        {"unicast auto",                           "'unicast' takes true, false, not 'auto'"                         },
        {"split-horizon yes",                      "'split-horizon' takes true, false, auto, not 'yes'"              },
        {"rxcost 96.5",                            "'rxcost' takes a whole number from 1 to 65534, not '96.5'"       },
        {"rxcost 0",                               "'rxcost' takes a whole number from 1 to 65534, not '0'"          },
        {"rxcost 65535",                           "'rxcost' takes a whole number from 1 to 65534, not '65535'"      },
        {"rxcost 9x",                              "'rxcost' takes a whole number from 1 to 65534, not '9x'"         },
        {"rtt-decay 257",                          "'rtt-decay' takes a whole number from 1 to 256, not '257'"       },
        {"hello-interval 0",                       "'hello-interval' takes a number above 0 to 655, not '0'"         },
        {"hello-interval 1.",                      "'hello-interval' takes a number above 0 to 655, not '1.'"        },
        {"hello-interval 1s",                      "'hello-interval' takes a number above 0 to 655, not '1s'"        },
        {"channel 255",
         "'channel' takes interfering, noninterfering or a whole number from 1 to 254, not '255'"                    },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char why[160] = "";

        assert_int_equal(heal_parameters_check(row[i].text, why, sizeof why), -EINVAL);
        assert_string_equal(why, row[i].why);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
