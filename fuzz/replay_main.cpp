// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without a fuzzer: over every file of the folders and files named, and over inputs that any parser
// of bytes should survive. For each file also its halves and its bytes changed one at a time, up to a bound.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;
constexpr std::size_t changes_max = 256;

std::size_t runs = 0;

// In a buffer of exactly its size, so that a sanitizer sees a read past its end.
void run(const Input& input) {
  const Input exact(input);
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  ++runs;
}

void run_built_in() {
  run({});
  for (unsigned first = 0; first < 256; ++first) run({static_cast<std::uint8_t>(first)});
  for (const std::size_t size : {2U, 32U, 64U, 4096U, 70000U}) {
    for (const unsigned filler : {0x00U, 0x20U, 0x5bU, 0x7bU, 0x81U, 0x9fU, 0xa1U, 0xffU})
      run(Input(size, static_cast<std::uint8_t>(filler)));
  }
}

void run_changed(const Input& input) {
  run(input);
  run(Input(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(input.size() / 2)));
  run(Input(input.begin() + static_cast<std::ptrdiff_t>(input.size() / 2), input.end()));
  const std::size_t step = input.size() / changes_max + 1;
  for (std::size_t at = 0; at < input.size(); at += step) {
    Input other = input;
    other[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    run(other);
  }
}

Input read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  run_built_in();
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path = argv[i];
    if (std::filesystem::is_regular_file(path)) {
      run_changed(read(path));
      ++files;
    } else if (std::filesystem::is_directory(path)) {
      for (const auto& entry : std::filesystem::directory_iterator(path)) {
        if (!entry.is_regular_file()) continue;
        run_changed(read(entry.path()));
        ++files;
      }
    }
  }
  std::printf("%zu inputs, from %zu files\n", runs, files);
}
