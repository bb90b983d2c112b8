/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/amount.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_spans(void **state) {
    static const struct {
        double seconds;
        const char *text;
    } row[] = {
        {0,        "0.0 ms"    },
        {0.0004,   "0.4 ms"    },
        {0.85,     "850 ms"    },
        {0.9996,   "1.0 s"     },
        {2.34,     "2.3 s"     },
        {9.96,     "10 s"      },
        {119.4,    "119 s"     },
        {120,      "2 min"     },
        {3600,     "60 min"    },
        {7200,     "2 h 0 min" },
        {11100,    "3 h 5 min" },
        {172800,   "2 d 0 h"   },
        {1e7,      "115 d 17 h"},
        {-1,       "?"         },
        {NAN,      "?"         },
        {INFINITY, "?"         },
        {1e300,    "?"         },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char text[HEAL_SPAN_MAX];

        assert_string_equal(heal_span_format(row[i].seconds, text), row[i].text);
    }
}

static void test_amounts(void **state) {
    static const struct {
        double value;
        const char *unit, *text;
    } row[] = {
        {0.0296,   "share", "3.0 %"         },
        {1,        "share", "100.0 %"       },
        {1461834,  "bit/s", "1.5 Mbit/s"    },
        {999,      "bit/s", "999 bit/s"     },
        {12.4,     "s",     "12 s"          },
        {0.03621,  "ms",    "0.036 ms"      },
        {4.1,      "ms",    "4.1 ms"        },
        {9.9999,   "ms",    "10 ms"         },
        {200.557,  "ms",    "201 ms"        },
        {100,      "ms",    "100 ms"        },
        {12345678, "bytes", "12345678 bytes"},
        {-6.25,    "dB",    "-6.25 dB"      },
        {0,        "dB",    "0 dB"          },
        {3,        "",      "3"             },
        {NAN,      "ms",    "nan ms"        },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char text[HEAL_AMOUNT_MAX];

        assert_string_equal(heal_amount_format(row[i].value, row[i].unit, text), row[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_amounts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
