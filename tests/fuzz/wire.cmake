# SPDX-License-Identifier: Apache-2.0
heal_fuzzer(event_text SOURCES fuzz_event_text.c)
heal_fuzzer(batadv SOURCES fuzz_batadv.c)
heal_fuzzer(helper_order SOURCES fuzz_helper_order.c)
heal_fuzzer(message SOURCES fuzz_message.c)
heal_fuzzer(nl80211 SOURCES fuzz_nl80211.c)
heal_fuzzer(pairs SOURCES fuzz_pairs.c)
heal_fuzzer(probe_packet SOURCES fuzz_probe_packet.c)
