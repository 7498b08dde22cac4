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
constexpr std::size_t keys_of_party_max = 16;
constexpr std::size_t keys_of_thing_max = 8;
constexpr std::size_t release_keys_max = 16;  // keys that may sign a model's releases
constexpr std::size_t images_max = 8;         // images of one release
constexpr std::size_t votes_max = 64;         // members that vote on one proposal
constexpr std::size_t proposals_open_max = 8;
constexpr std::size_t members_max = 64;    // that a genesis founds, and that vote
constexpr std::size_t witnesses_max = 16;  // of logs, in a trust policy
constexpr std::size_t recovery_keys_max = 16;
constexpr std::size_t quorum_max = 8;          // parties that an owner lets force a hand-over
constexpr std::size_t name_bytes_max = 64;     // names of members, models, versions
constexpr std::size_t signers_max = 32;        // checkpoint signers in a trust policy
constexpr std::size_t map_levels_max = 256;    // levels of a state proof
constexpr std::size_t log_levels_max = 64;     // levels of a log proof
constexpr std::size_t range_levels_max = 126;  // digests behind a range of a tree
constexpr std::size_t replay_window_bits = 1024;

}  // namespace mikusari::limits
