# SPDX-License-Identifier: Apache-2.0
heal_test(radio_physics SOURCES test_radio_physics.c LIBS heal_lab LABELS unit)
target_compile_definitions(test_radio_physics PRIVATE HEAL_EXAMPLE="${CMAKE_SOURCE_DIR}/examples/topology/radio9.yaml")
