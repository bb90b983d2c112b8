/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Templates: what fills them in is never markup. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "picture/markup.h"

#define REPLACED "\xef\xbf\xbd"

static void test_text_is_escaped(void **state) {
    static const struct {
        const char *text, *escaped;
    } row[] = {
        {"plain",                           "plain"                                  },
        {"<b>&amp;</b>",                    "&lt;b&gt;&amp;amp;&lt;/b&gt;"           },
        {"' onload='x",                     "&#39; onload=&#39;x"                    },
        {"\" onload=\"x",                   "&quot; onload=&quot;x"                  },
        {"gr\xc3\xbc\xc3\x9f \xe2\x80\x93", "gr\xc3\xbc\xc3\x9f \xe2\x80\x93"        },
        {"a\033[31m\nb\x7f",                "a" REPLACED "[31m" REPLACED "b" REPLACED},
        {"c1\xc2\x9b",                      "c1" REPLACED                            },
        {"cut\xc3",                         "cut" REPLACED                           },
        {"long\xc0\xbc",                    "long" REPLACED REPLACED                 }, /* "<", overlong */
        {"turned\xe2\x80\xae",              "turned" REPLACED                        }, /* right-to-left override */
        {"isolate\xe2\x81\xa6",             "isolate" REPLACED                       },
        {"line\xe2\x80\xa8",                "line" REPLACED                          },
        {"%s%n",                            "%s%n"                                   },
        {"",                                ""                                       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char got[200] = "";
        FILE *out = fmemopen(got, sizeof got, "w");

        heal_markup_add(out, "%s", row[i].text);
        fclose(out);
        assert_string_equal(got, row[i].escaped);
    }
}

static void test_template_goes_out_as_it_is(void **state) {
    char got[200] = "";
    FILE *out = fmemopen(got, sizeof got, "w");

    (void)state;
    heal_markup_add(out, "<a b='%d' c='%zu' d='%llu' e='%.2f' f='%.0f' g='%.1f'>100%%%s</a>", -1, (size_t)2,
                    3ULL, 4.567, 0.4, NAN, "<");
    fclose(out);
    assert_string_equal(got, "<a b='-1' c='2' d='3' e='4.57' f='0' g='0.0'>100%&lt;</a>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_template_goes_out_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
