# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(dataset SOURCES fuzz_dataset.c LIBS heal_dataset)
heal_fuzzer(ipcore SOURCES fuzz_ipcore.c LIBS heal_dataset)
heal_fuzzer(orbit SOURCES fuzz_orbit.c LIBS heal_dataset)
