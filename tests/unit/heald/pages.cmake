# SPDX-License-Identifier: Apache-2.0
# Of the pages, on a heald that is not there.
add_library(fake_heald STATIC ${CMAKE_SOURCE_DIR}/tests/cli/fake_heald.c)
target_include_directories(fake_heald PUBLIC ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(fake_heald PUBLIC heald_pages PRIVATE heal_flags)
heal_test(api SOURCES test_api.c LIBS fake_heald heald_pages heal LABELS unit)
