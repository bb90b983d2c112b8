# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(medium SOURCES fuzz_medium.c LIBS heal_medium)
