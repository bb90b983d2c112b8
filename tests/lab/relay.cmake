# SPDX-License-Identifier: Apache-2.0
heal_test(delay_rate_noise SOURCES test_delay_rate_noise.c LIBS heal_lab LABELS lab)
add_dependencies(test_delay_rate_noise heal-lab-worker)
set_tests_properties(delay_rate_noise PROPERTIES TIMEOUT 90)
