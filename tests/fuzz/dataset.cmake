# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(dataset SOURCES fuzz_dataset.c LIBS heal_dataset)
foreach(name csv ipcore orbit record)
  heal_fuzzer(dataset_${name} SOURCES fuzz_dataset_${name}.c LIBS heal_dataset)
endforeach()
