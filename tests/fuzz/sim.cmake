# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(netjson SOURCES fuzz_netjson.c LIBS heal_sim)
heal_fuzzer(scenario SOURCES fuzz_scenario.c LIBS heal_scenario)
