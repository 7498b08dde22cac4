// SPDX-License-Identifier: Apache-2.0
// Verifies a device's passport offline, and prints its parts and its life.
//
//   verify_passport POLICY PASSPORT
//
// A long life comes in pages, each of which is verified alone. Exit status: 0 verified, and the whole life; 1 to 11
// refused, the number of the reason (mikusari_code); 21 verified, and a page of it; 64 usage; 66 no such file.
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "mikusari/client.hpp"

namespace {

namespace thin = mikusari::thin;

std::optional<std::string> read(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

thin::Bytes view(const std::string& file) { return std::as_bytes(std::span(file)); }

std::string hex(thin::Bytes bytes) {
  std::string out;
  for (const std::byte byte : bytes) {
    for (const unsigned shift : {4U, 0U}) out += "0123456789abcdef"[(std::to_integer<unsigned>(byte) >> shift) & 15U];
  }
  return out;
}

int refused(const thin::Error& error) {
  std::cout << "REFUSED: " << error.text << "\n";
  return error.code;
}

void print(const thin::Passport& passport) {
  std::cout << "VERIFIED: device " << hex(thin::id(passport->id)) << "\n  owned by "
            << hex(thin::id(passport->device.common.owner)) << "\n";
  for (std::size_t i = 0; i < passport->part_count; ++i) {
    const auto [id, part, run] = passport.part(i);
    std::cout << "  part " << hex(id) << (part.salvaged ? "  salvaged" : "") << (part.accepted ? "  accepted" : "")
              << ", " << run.count << " of " << run.of << " events\n";
  }
  for (std::size_t i = 0; i < passport->event_count; ++i) {
    const auto event = passport.event(i);
    std::cout << "  " << event.time_ms / 1000 << "  " << thin::text(event.kind_name) << "  by "
              << thin::text(event.issuer) << (event.outcome == MIKUSARI_OUTCOME_ALARM ? "  (alarm)" : "")
              << (event.withheld ? "  (text withheld)" : "") << "\n";
  }
  if (!passport->complete) std::cout << "  NOT THE WHOLE LIFE: ask for the other pages\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: verify_passport POLICY PASSPORT\n";
    return 64;
  }
  const auto policy = read(argv[1]), file = read(argv[2]);
  if (!policy || !file) {
    std::cerr << "cannot read " << argv[policy ? 2 : 1] << "\n";
    return 66;
  }
  auto client = thin::Client::open(view(*policy));
  if (!client) return refused(client.error());
  const auto passport = client->passport({view(*file)});
  if (!passport) return refused(passport.error());
  print(*passport);
  return (*passport)->complete ? 0 : 21;
}
