# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(probation SOURCES fuzz_probation.c)
