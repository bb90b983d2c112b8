# SPDX-License-Identifier: Apache-2.0
# The admin interface from both sides.
heal_fuzzer(api_body SOURCES fuzz_api_body.c LIBS heald_pages)
heal_fuzzer(http SOURCES fuzz_http.c LIBS fake_heald heald_pages PkgConfig::JANSSON)
heal_fuzzer(healctl_reply SOURCES fuzz_healctl_reply.c LIBS heal_healctl PkgConfig::JANSSON)
heal_fuzzer(picture SOURCES fuzz_picture.c LIBS heal_healctl PkgConfig::JANSSON)
