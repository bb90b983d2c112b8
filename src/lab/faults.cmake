# SPDX-License-Identifier: Apache-2.0
target_sources(heal_lab PRIVATE
  fault.c fault_parse.c radio_physics.c)
