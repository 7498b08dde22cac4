// SPDX-License-Identifier: Apache-2.0
// mbedTLS 2.28 cut down to what verifying needs: SHA-256 and ECDSA over P-256. It takes its memory from one buffer that
// the firmware hands over (src/core/crypto/mbedtls/arena.hpp), never from a heap.
#pragma once

#define MBEDTLS_HAVE_ASM

#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C

#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
// The default of four precomputes twice the points in twice the memory for a fifth of the time.
#define MBEDTLS_ECP_WINDOW_SIZE 2
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0
// Verification multiplies public numbers only: there is nothing to blind, and a device may have no random numbers.
#define MBEDTLS_ECP_NO_INTERNAL_RNG
// check_config.h asks for the ASN.1 modules with ECDSA; the linker drops them.
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C

#include "mbedtls/check_config.h"
