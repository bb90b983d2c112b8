# SPDX-License-Identifier: Apache-2.0
# The few words that this build is written in.

# heal_flags: what every target of ours is compiled with.
add_library(heal_flags INTERFACE)
target_compile_features(heal_flags INTERFACE c_std_17)
target_compile_definitions(heal_flags INTERFACE _GNU_SOURCE HEAL_VERSION="${PROJECT_VERSION}")
target_compile_options(heal_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
  -Wundef $<$<C_COMPILER_ID:Clang>:-Wno-gnu-statement-expression> -fno-strict-aliasing
  -ffp-contract=off) # one seed, one result: no processor fuses a product with a sum
option(HEAL_WERROR "Treat warnings as errors" OFF)
if(HEAL_WERROR)
  target_compile_options(heal_flags INTERFACE -Werror)
endif()
set(HEAL_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined")
if(HEAL_SANITIZE)
  target_compile_options(heal_flags INTERFACE -fsanitize=${HEAL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(heal_flags INTERFACE -fsanitize=${HEAL_SANITIZE})
endif()
option(HEAL_COVERAGE "Count the lines that tests reach" OFF)
if(HEAL_COVERAGE)
  target_compile_options(heal_flags INTERFACE --coverage)
  target_link_options(heal_flags INTERFACE --coverage)
endif()
if(HEAL_SANITIZE OR HEAL_COVERAGE)
  target_compile_definitions(heal_flags INTERFACE HEAL_INSTRUMENTED)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(heal_flags INTERFACE -fstack-protector-strong -fstack-clash-protection -fPIE -D_FORTIFY_SOURCE=2)
  target_link_options(heal_flags INTERFACE -Wl,-z,relro,-z,now -Wl,--as-needed)
endif()

# heal_folders(PARENT NAME…): each folder says in its own CMakeLists.txt what it builds.
function(heal_folders parent)
  foreach(name IN LISTS ARGN)
    if(EXISTS ${CMAKE_SOURCE_DIR}/${parent}/${name}/CMakeLists.txt)
      add_subdirectory(${CMAKE_SOURCE_DIR}/${parent}/${name})
    endif()
  endforeach()
endfunction()

# heal_part(NAME SOURCES file… LIBS target…): a library of the shell (os, net, lab …), over src/.
function(heal_part name)
  cmake_parse_arguments(PART "" "" "SOURCES;LIBS" ${ARGN})
  add_library(${name} STATIC ${PART_SOURCES})
  set_property(GLOBAL APPEND PROPERTY HEAL_PARTS ${name}) # for tests/layering/duplicates
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC heal ${PART_LIBS} PRIVATE heal_flags)
endfunction()

# heal_program(NAME SOURCES file… LIBS target…): lands in build/PRESET/bin if it is below src/, else in the
# folder called as its source folder at the top: build/PRESET/bench, build/PRESET/tests.
function(heal_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;LIBS" ${ARGN})
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "/.*" "" folder "${folder}")
  string(REGEX REPLACE "^src$" "bin" folder "${folder}")
  add_executable(${name} ${PROGRAM_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${folder})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE heal ${PROGRAM_LIBS} heal_flags)
endfunction()

# heal_test(NAME SOURCES file… LIBS target… LABELS label…): a cmocka program under CTest. Labels: unit, lab, slow …
function(heal_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBS;LABELS" ${ARGN})
  heal_program(test_${name} SOURCES ${TEST_SOURCES} LIBS ${TEST_LIBS} PkgConfig::CMOCKA)
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" SKIP_RETURN_CODE 77)
endfunction()

# heal_fuzzer(NAME SOURCES file… LIBS target…): libFuzzer where the preset asks for it (clang), else a program
# that runs the corpus once, so that every build tests it. The corpus lies in tests/fuzz/corpus/NAME.
option(HEAL_FUZZ "Build the fuzzers with libFuzzer" OFF)
add_custom_target(fuzzers) # all of them, and nothing else
if(HEAL_FUZZ)
  target_compile_options(heal_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
function(heal_fuzzer name)
  cmake_parse_arguments(FUZZ "" "" "SOURCES;LIBS" ${ARGN})
  if(HEAL_FUZZ)
    heal_program(fuzz_${name} SOURCES ${FUZZ_SOURCES} LIBS ${FUZZ_LIBS})
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    heal_program(fuzz_${name} SOURCES ${FUZZ_SOURCES} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus_main.c LIBS ${FUZZ_LIBS})
  endif()
  add_dependencies(fuzzers fuzz_${name})
  add_test(NAME fuzz_${name} COMMAND fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name} $<$<BOOL:${HEAL_FUZZ}>:-runs=0>)
  set_tests_properties(fuzz_${name} PROPERTIES LABELS "fuzz")
endfunction()
