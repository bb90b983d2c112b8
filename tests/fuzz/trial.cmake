# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(sighting SOURCES fuzz_sighting.c LIBS heal_trial)
