# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(config SOURCES fuzz_config.c)
heal_fuzzer(quantity SOURCES fuzz_quantity.c)
heal_fuzzer(yaml SOURCES fuzz_yaml.c)
