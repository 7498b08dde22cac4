# SPDX-License-Identifier: Apache-2.0
# Preset m4: all of core as one library for a Cortex-M4, and a firmware image that verifies proofs with it.
#
#   mikusari_core            src/core without tests and without the host's crypto; tests/device looks at its symbols
#   mikusari_crypto_mbedtls  the device's crypto, when mbedTLS's source is there (script/bootstrap fetches it)
#   proof.elf                tests/device/main.cpp over both, for qemu-system-arm -M mps2-an386
#   everything.elf           tests/device/everything.cpp: all of include/mikusari/client.h
set(MIKUSARI_MBEDTLS_SOURCE ${CMAKE_SOURCE_DIR}/build/third_party/mbedtls CACHE PATH "Unpacked source of mbedTLS 2.28")
set(MIKUSARI_DEVICE_VECTORS "" CACHE PATH "Folder with device_vectors.hpp, written by the host's device_vectors")
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

set(core_sources)
set(every_header "// Made by cmake/device.cmake: every header of core compiles for the device.\n")
foreach(room base encoding crypto cose merkle statement proof client)
  file(GLOB room_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/core/${room}/*.cpp)
  file(GLOB room_headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src/core ${CMAKE_SOURCE_DIR}/src/core/${room}/*.hpp)
  list(APPEND core_sources ${room_sources})
  foreach(header ${room_headers})
    if(NOT header MATCHES "[/_](test|testing|contract)[_.]")
      string(APPEND every_header "#include \"${header}\"\n")
    endif()
  endforeach()
endforeach()
list(FILTER core_sources EXCLUDE REGEX "_test\\.cpp$")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/every_header.cpp CONTENT "${every_header}" @ONLY)

add_library(mikusari_core STATIC ${core_sources} ${CMAKE_BINARY_DIR}/every_header.cpp)
target_include_directories(mikusari_core PUBLIC ${CMAKE_SOURCE_DIR}/src/core ${CMAKE_SOURCE_DIR}/include)

file(GLOB crypto_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/core/crypto/mbedtls/*.cpp)
list(FILTER crypto_sources EXCLUDE REGEX "_test\\.cpp$")
if(NOT EXISTS ${MIKUSARI_MBEDTLS_SOURCE}/library/sha256.c OR NOT crypto_sources)
  message(STATUS "No mbedTLS in ${MIKUSARI_MBEDTLS_SOURCE}: the library is built, the firmware is not")
  return()
endif()

set(mbedtls_sources asn1parse asn1write bignum constant_time ecdsa ecp ecp_curves memory_buffer_alloc platform
  platform_util sha256)
list(TRANSFORM mbedtls_sources REPLACE "(.+)" "${MIKUSARI_MBEDTLS_SOURCE}/library/\\1.c")
add_library(mbedcrypto STATIC ${mbedtls_sources})
target_include_directories(mbedcrypto SYSTEM PUBLIC ${MIKUSARI_MBEDTLS_SOURCE}/include)
target_include_directories(mbedcrypto PUBLIC ${CMAKE_SOURCE_DIR}/tests/device)
target_compile_definitions(mbedcrypto PUBLIC MBEDTLS_CONFIG_FILE="mbedtls_config.h")
target_compile_options(mbedcrypto PRIVATE -w)

add_library(mikusari_crypto_mbedtls STATIC ${crypto_sources})
target_link_libraries(mikusari_crypto_mbedtls PUBLIC mikusari_core mbedcrypto)

if(MIKUSARI_DEVICE_VECTORS)
  set(firmware ${CMAKE_SOURCE_DIR}/tests/device)
  foreach(image proof everything)
    set(main ${image})
    if(image STREQUAL proof)
      set(main main)
    endif()
    add_executable(${image} ${firmware}/${main}.cpp ${firmware}/startup.cpp ${firmware}/semihosting.cpp)
    set_target_properties(${image} PROPERTIES SUFFIX .elf LINK_DEPENDS ${firmware}/firmware.ld)
    target_include_directories(${image} PRIVATE ${MIKUSARI_DEVICE_VECTORS})
    target_link_libraries(${image} PRIVATE mikusari_core mikusari_crypto_mbedtls)
    target_link_options(${image} PRIVATE -nostartfiles -specs=nano.specs -T${firmware}/firmware.ld -Wl,--gc-sections)
  endforeach()
endif()
