/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Writing for people: spans, clean text, tables, fields that are not what they should be. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "config/utf8.h"
#include "healctl/page.h"
#include "healctl/show.h"

static void test_clean(void **state) {
    static const struct {
        const char *text, *clean;
    } row[] = {
        {"plain",                 "plain"               },
        {"a\033[31mb\n\tc\x7f",   "a?[31mb??c?"         },
        {"gr\xc3\xbc\xc3\x9f",    "gr\xc3\xbc\xc3\x9f"  },
        {"c1\xc2\x9b"
         "31m",          "c1?31m"              }, /* CSI in one character */
        {"0123456789a",           "0123456789a"         },
        {"0123456789ab",          "01234567\xe2\x80\xa6"}, /* cut */
        {"0123456\xc3\xbc"
         "89a",          "0123456\xe2\x80\xa6" }, /* not within a character */
        {"012345678\xe2\x80\xa6", "01234567\xe2\x80\xa6"},
        {"cut\xc2",               "cut?"                },
        {"csi\x9b"
         "31m",          "csi?31m"             }, /* of a terminal with eight bits: no UTF-8 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char buffer[12];

        heal_utf8_show(row[i].text, buffer, sizeof buffer);
        assert_string_equal(buffer, row[i].clean);
    }
}

static char *shown(void (*show)(struct heal_page *, const json_t *), const char *json) {
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    json_t *reply = json_loads(json, JSON_DECODE_ANY, NULL);
    struct heal_page page;

    assert_non_null(reply);
    heal_page_init(&page, memory, reply);
    show(&page, reply);
    json_decref(reply);
    fclose(memory);
    return text;
}

static void test_wrong_types_are_shown_as_unknown(void **state) {
    char *text = shown(heal_show_links,
                       "{\"links\": [{\"ifname\": 5, \"neighbour\": [], \"loss_in\": \"x\", \"up\": 1},"
                       " 7, null, []]}");

    (void)state;
    assert_non_null(strstr(text, "\n-  "));
    assert_null(strstr(text, "nan"));
    free(text);
    text = shown(heal_show_links, "{\"links\": {\"a\": 1}}");
    assert_string_equal(text, "no link is known yet\n");
    free(text);
    text = shown(heal_show_incidents_open, "[]");
    assert_string_equal(text, "no open incident\n");
    free(text);
}

static void test_columns_are_aligned(void **state) {
    char *text = shown(heal_show_nodes, "{\"nodes\": [{\"name\": \"k\xc3\xb6ln\", \"links\": 3},"
                                        " {\"name\": \"a\", \"links\": 12, \"incidents\": [4, 5]}]}");

    (void)state;
    assert_string_equal(text, "NODE  LINKS  ALIVE  INCIDENTS\n"
                              "k\xc3\xb6ln      3      -  -\n"
                              "a        12      -  4, 5\n");
    free(text);
}

static void test_long_cells_say_that_they_are_cut(void **state) {
    char text[400], wanted[500], page[1000];

    (void)state;
    memset(text, 'x', sizeof text);
    text[300] = '\0';
    snprintf(page, sizeof page, "{\"records\": [{\"sequence\": 1, \"text\": \"%s\"}]}", text);
    char *audit = shown(heal_show_audit, page);
    snprintf(wanted, sizeof wanted, "  %.*s\xe2\x80\xa6\n", HEAL_CELL_MAX - 4, text);
    assert_non_null(strstr(audit, wanted));
    free(audit);
    text[HEAL_CELL_MAX - 1] = '\0';
    snprintf(page, sizeof page, "{\"records\": [{\"sequence\": 1, \"text\": \"%s\"}]}", text);
    audit = shown(heal_show_audit, page);
    snprintf(wanted, sizeof wanted, "  %s\n", text);
    assert_non_null(strstr(audit, wanted));
    assert_null(strstr(audit, "\xe2\x80\xa6"));
    free(audit);
    /* Also what was put together before it became a cell. */
    snprintf(page, sizeof page, "{\"incidents\": [{\"id\": 1, \"node\": \"%s\", \"other\": \"%s\"}]}", text,
             text);
    char *incidents = shown(heal_show_incidents_all, page);
    assert_non_null(strstr(incidents, "x\xe2\x80\xa6  "));
    free(incidents);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_long_cells_say_that_they_are_cut),
        cmocka_unit_test(test_wrong_types_are_shown_as_unknown),
        cmocka_unit_test(test_columns_are_aligned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
