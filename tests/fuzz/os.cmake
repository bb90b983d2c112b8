# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(babel_text SOURCES fuzz_babel_text.c)
heal_fuzzer(proc_text SOURCES fuzz_proc_text.c)
heal_fuzzer(radio_text SOURCES fuzz_radio_text.c)
heal_fuzzer(rtnetlink SOURCES fuzz_rtnetlink.c)
heal_fuzzer(unit_text SOURCES fuzz_unit_text.c)
heal_fuzzer(store_wal SOURCES fuzz_store_wal.c LIBS heal_os)
