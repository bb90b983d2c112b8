# SPDX-License-Identifier: Apache-2.0
target_sources(heal_lab PRIVATE
  fault.c fault_air.c fault_delay.c fault_link.c fault_load.c fault_node.c fault_parse.c fault_radio.c fault_rate.c
  fault_route.c fault_service.c faults.c injection.c radio_physics.c radios.c)
