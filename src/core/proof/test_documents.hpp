// SPDX-License-Identifier: Apache-2.0
// For tests only: the pages of docs/formats with their worked examples, and the ledger that all examples are of. With
// MIKUSARI_WRITE_EXAMPLES set, the examples in the pages are written anew instead of compared.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "proof/test_camera.hpp"

namespace mikusari::test {

// A sensor with one chip, both made by "acme". The log has a witness, and the ledger two recovery keys.
class ExampleLedger : public Scene {
 public:
  ExampleLedger() : Scene("example ledger") {
    acme_key = signer_from("example acme");
    ledger.add_checkpoint_signer("log.example", 1, {crypto::Algorithm::ed25519});
    ledger.add_witness("witness.example");
    ledger.witness_threshold = 1;
    ledger.add_recovery_key("example recovery 1");
    ledger.add_recovery_key("example recovery 2");
    ledger.recovery_threshold = 2;
    policy_bytes = ledger.policy(1);
    policy = need(proof::parse_policy(policy_bytes));
    put_member("acme", acme_key);
    put_model("soc", model::Class::chip);
    put_model("sensor", model::Class::device);
    ledger.seal();
    put_part(chip, "soc");
    ledger.say<part::Register>(acme_key, acme_subject(), {registered("example chip", "soc")});
    ledger.seal();
    mount(chip, sensor);
    put_sensor();
    ledger.append_to_list(acme(), list::Kind::devices, sensor);
    ledger.say<device::Assemble>(acme_key, acme_subject(),
                                 {assembled("example sensor", device::UnitType::device, "sensor", {chip})});
    ledger.seal();
  }

  const Id sensor = id("example sensor"), chip = id("example chip");
  Octets policy_bytes;
  proof::Policy policy;

 private:
  void put_sensor() {
    device::Record record;
    record.state = device::State::assembled;
    record.model = model("sensor");
    record.maker = acme();
    record.title = 1;
    record.children = std::span(&chip, 1);
    ledger.put(path::device(sensor), record);
  }
};

// One page. Its worked examples are fenced blocks, numbered from 0: ```hex (lines of 80 digits) or ```text.
class Page {
 public:
  explicit Page(const std::string& name) {
    const char* source = std::getenv("MIKUSARI_SOURCE");
    path_ = std::filesystem::path(source != nullptr ? source : ".") / "docs" / "formats" / name;
    std::ifstream in(path_, std::ios::binary);
    EXPECT_TRUE(in.is_open()) << path_;
    text_.assign(std::istreambuf_iterator<char>(in), {});
  }

  // The block's content as it stands in the page, after comparing it with (or, on demand, replacing it by)
  // `regenerated`.
  std::string example(std::string_view fence, std::size_t number, const std::string& regenerated) {
    const auto [begin, end] = block(fence, number);
    if (std::getenv("MIKUSARI_WRITE_EXAMPLES") != nullptr) {
      text_.replace(begin, end - begin, regenerated);
      std::ofstream(path_, std::ios::binary) << text_;
      return regenerated;
    }
    const std::string there = text_.substr(begin, end - begin);
    EXPECT_EQ(there, regenerated) << path_ << ": example " << number << " is not what the code makes";
    return there;
  }
  // As bytes, from the page.
  Octets hex(std::size_t number, ByteView regenerated) {
    const std::string digits = to_hex(regenerated);
    std::string lines;
    for (std::size_t i = 0; i < digits.size(); i += 80) lines += digits.substr(i, 80) + "\n";
    std::string there = example("hex", number, lines);
    std::erase(there, '\n');
    return unhex(there);
  }

  // The page's CDDL has a rule of this name with the structure's fields: "  1: bstr, ; name".
  template <class T>
  void expect_rule(const std::string& rule) const {
    const auto begin = text_.find("\n" + rule + " = {");
    ASSERT_NE(begin, std::string::npos) << path_ << " has no rule " << rule;
    std::string body = text_.substr(begin, text_.find("\n}", begin) - begin) + "\n";
    cbor::for_each_field<T>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(T{}.*field.member)>;
      constexpr bool optional = cbor::detail::is_optional<Member>::value || cbor::detail::is_sparse<Member>::value;
      const std::string key = std::string("\n  ") + (optional ? "? " : "") + std::to_string(field.key) + ": ";
      const auto at = body.find(key);
      EXPECT_NE(at, std::string::npos) << path_ << ": " << rule << " has no field" << key;
      if (at == std::string::npos) return;
      const std::string line = body.substr(at + 1, body.find('\n', at + 1) - at - 1);
      const auto comment = line.find("; " + std::string(field.name));
      EXPECT_NE(comment, std::string::npos) << path_ << ": " << rule << ": " << line << " is not called " << field.name;
    });
    const auto lines = std::count(body.begin(), body.end(), '\n') - 2;  // one a field
    EXPECT_EQ(static_cast<std::size_t>(lines), std::tuple_size_v<decltype(T::fields)>)
        << path_ << ": " << rule << " has other fields";
  }

 private:
  std::pair<std::size_t, std::size_t> block(std::string_view fence, std::size_t number) const {
    const std::string opening = "\n```" + std::string(fence) + "\n";
    std::size_t at = text_.find(opening);
    for (; number > 0 && at != std::string::npos; --number) at = text_.find(opening, at + 1);
    ASSERT(at != std::string::npos);
    const std::size_t begin = at + opening.size();
    const std::size_t end = text_.find("```\n", begin);
    ASSERT(end != std::string::npos);
    return {begin, end};
  }

  std::filesystem::path path_;
  std::string text_;
};

}  // namespace mikusari::test
