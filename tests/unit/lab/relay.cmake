# SPDX-License-Identifier: Apache-2.0
heal_test(radio_physics SOURCES test_radio_physics.c LIBS heal_lab LABELS unit)
