# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(control SOURCES fuzz_control.c LIBS heal_control)
heal_fuzzer(fault SOURCES fuzz_fault.c LIBS heal_fault)
heal_fuzzer(topology SOURCES fuzz_topology.c LIBS heal_lab)
