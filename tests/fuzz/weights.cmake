# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(weights SOURCES fuzz_weights.c LIBS heal)
