// SPDX-License-Identifier: Apache-2.0
// Every bound that the formats promise, in one place. Sources: docs/formats/.
#pragma once

#include <cstddef>

namespace mikusari::limits {

constexpr std::size_t cbor_depth_max = 16;
constexpr std::size_t body_bytes_max = 64 * 1024;
constexpr std::size_t submission_bytes_max = 1024 * 1024;
constexpr std::size_t bodies_max = 4096;                     // bodies of one statement
constexpr std::size_t approvals_max = 16;                    // COSE_Sign1 in `also`
constexpr std::size_t record_bytes_max = 8 * 1024;           // one value of the state map
constexpr std::size_t changes_bytes_max = 16 * 1024 * 1024;  // records that the bodies of one statement may change
constexpr std::size_t mounts_max = 64;                       // parts mounted in one unit
constexpr std::size_t claims_max = 8;                        // units that dispute one part
constexpr std::size_t keys_of_device_max = 8;
constexpr std::size_t release_keys_max = 16;  // keys that may sign a model's releases
constexpr std::size_t name_bytes_max = 64;    // names of members, models, versions
constexpr std::size_t signers_max = 32;       // checkpoint signers in a trust policy
constexpr std::size_t map_levels_max = 256;   // levels of a state proof
constexpr std::size_t log_levels_max = 64;    // levels of a log proof
constexpr std::size_t replay_window_bits = 1024;

}  // namespace mikusari::limits
