// SPDX-License-Identifier: Apache-2.0
// For tests only: the pages of docs/formats with their worked examples, and the ledger that all examples are of. With
// MIKUSARI_WRITE_EXAMPLES set, the examples in the pages are written anew instead of compared.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "proof/test_camera.hpp"

namespace mikusari::test {

// A sensor with one chip, both made by "acme".
class ExampleLedger {
 public:
  static inline const Id sensor = named("example sensor"), chip = named("example chip");

  ExampleLedger() : ledger("example ledger"), policy_bytes(0) {
    ledger.add_checkpoint_signer("log.example", 1, {crypto::Algorithm::ed25519});
    key::Record key;
    key.state = key::State::active;
    key.key = acme.public_key();
    key.purpose = key::Purpose::wallet;
    key.subject = CameraScene::member("acme");
    ledger.put(path::key(cose::thumbprint(acme.public_key())), key);
    put_model("soc", model::Class::chip);
    put_model("sensor", model::Class::device);
    put_chip(part::State::stock, {});
    say<part::Register>({encoded(part::Register{chip, CameraScene::model("soc"), {}, {}, {}}), {path::part(chip)}});
    put_chip(part::State::mounted, sensor);
    put_sensor();
    const device::Mount mounts[] = {{chip, {}}};
    const device::Assemble body{
        sensor, device::UnitType::device, CameraScene::model("sensor"), std::span<const device::Mount>(mounts), {}};
    say<device::Assemble>({encoded(body), {path::device(sensor), path::part(chip)}});
    policy_bytes = ledger.policy(1);
    policy = need(proof::parse_policy(policy_bytes));
  }

  TestLedger ledger;
  Octets policy_bytes;
  proof::Policy policy;

 private:
  template <class Body>
  void say(SaidBody body) {
    ledger.say<Body>(acme, CameraScene::member("acme"), {std::move(body)});
    ledger.seal();
  }
  void put_model(std::string_view name, model::Class model_class) {
    model::Record record;
    record.state = model::State::active;
    record.vendor = "acme";
    record.name = name;
    record.model_class = model_class;
    ledger.put(path::model(CameraScene::model(name)), record);
  }
  void put_chip(part::State state, std::optional<Id> parent) {
    part::Record record;
    record.state = state;
    record.model = CameraScene::model("soc");
    record.maker = record.custodian = "acme";
    record.parent = parent;
    if (parent) record.grade = part::Grade::claimed;
    ledger.put(path::part(chip), record);
  }
  void put_sensor() {
    const Id children[] = {chip};
    device::Record record;
    record.state = device::State::assembled;
    record.model = CameraScene::model("sensor");
    record.maker = record.owner = record.custodian = "acme";
    record.children = std::span<const Id>(children);
    ledger.put(path::device(sensor), record);
  }

  crypto::SoftwareSigner acme = signer_from("example acme");
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
      constexpr bool optional = cbor::detail::is_optional<std::remove_cvref_t<decltype(T{}.*field.member)>>::value;
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
