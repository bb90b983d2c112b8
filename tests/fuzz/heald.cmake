# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(replay SOURCES fuzz_replay.c LIBS heald_daemon)
