/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/link_local.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The example of RFC 4291, appendix A. */
static void test_eui64(void **state) {
    static const uint8_t mac[6] = {0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde};
    char text[HEAL_ADDRESS_TEXT];
    (void)state;
    struct heal_port_key key = heal_link_local_port("wlan0", mac);
    assert_string_equal(key.ifname, "wlan0");
    assert_string_equal(heal_address_format(&key.peer, text), "fe80::3656:78ff:fe9a:bcde");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_eui64)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
