# SPDX-License-Identifier: Apache-2.0
# The toolchain of preset m4: Debian's gcc-arm-none-eabi for a Cortex-M4 without floating point.
# -fstack-usage writes the stack of every function beside its object; tests/device/check_stack.py reads it.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-m4)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)

set(device_flags "-mcpu=cortex-m4 -mthumb -ffunction-sections -fdata-sections -fstack-usage -DMIKUSARI_DEVICE")
set(CMAKE_C_FLAGS_INIT "${device_flags}")
set(CMAKE_CXX_FLAGS_INIT "${device_flags} -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-ipa-sra -fno-ipa-cp")
set(CMAKE_C_FLAGS_MINSIZEREL_INIT "-Os")
set(CMAKE_CXX_FLAGS_MINSIZEREL_INIT "-Os")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-mcpu=cortex-m4 -mthumb")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
