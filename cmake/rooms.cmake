# SPDX-License-Identifier: Apache-2.0
# A room is a folder under src/core or src/host: its .cpp files are one library, its *_test.cpp files
# one test binary. Technology folders below a room are rooms of their own.
#
#   mikusari_room(merkle LINK mikusari_crypto [TEST_LINK ...])
#
# makes the library mikusari_merkle and, unless it has no tests, the test program merkle_test.

if(NOT MIKUSARI_DEVICE)
  find_package(GTest REQUIRED)
  # One precompiled header for all test binaries.
  add_library(mikusari_test_main OBJECT ${CMAKE_SOURCE_DIR}/cmake/test_main.cpp)
  target_link_libraries(mikusari_test_main PUBLIC GTest::gtest GTest::gmock)
  # As the programs that use it are compiled; g++ refuses a precompiled header made otherwise.
  set_target_properties(mikusari_test_main PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(mikusari_test_main PRIVATE -fPIE)
  if(MIKUSARI_PCH)
    target_precompile_headers(mikusari_test_main PRIVATE <gtest/gtest.h> <gmock/gmock.h> <string> <vector> <span> <expected> <map> <functional>)
  endif()
endif()

function(mikusari_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} mikusari_test_main GTest::gtest GTest::gmock)
  target_compile_options(${name} PRIVATE -Wno-sign-conversion)
  if(MIKUSARI_PCH)
    target_precompile_headers(${name} REUSE_FROM mikusari_test_main)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
    if(MIKUSARI_SANITIZE)
      set(ARG_TIMEOUT 600)
    endif()
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} SKIP_REGULAR_EXPRESSION "\\[  PASSED  \\] 0 tests"
    ENVIRONMENT "MIKUSARI_VECTORS=$ENV{MIKUSARI_VECTORS};MIKUSARI_SOURCE=${CMAKE_SOURCE_DIR}")
endfunction()

function(mikusari_room name)
  cmake_parse_arguments(ARG "" "" "LINK;TEST_LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  if(sources)
    add_library(mikusari_${name} STATIC ${sources})
    target_link_libraries(mikusari_${name} PUBLIC ${ARG_LINK})
    target_include_directories(mikusari_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src/core)
  else()
    add_library(mikusari_${name} INTERFACE)
    target_link_libraries(mikusari_${name} INTERFACE ${ARG_LINK})
    target_include_directories(mikusari_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src/core)
  endif()
  if(sources AND CMAKE_CURRENT_SOURCE_DIR MATCHES "/src/core/")
    target_compile_options(mikusari_${name} PRIVATE -fno-exceptions -fno-rtti)
  elseif(sources)
    target_include_directories(mikusari_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src/host)
  endif()
  if(tests)
    mikusari_test(${name}_test SOURCES ${tests} LINK mikusari_${name} ${ARG_TEST_LINK})
  endif()
endfunction()
