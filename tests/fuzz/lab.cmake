# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(control SOURCES fuzz_control.c LIBS heal_lab)
