// SPDX-License-Identifier: Apache-2.0
// Cases of the form of RFC 8949 appendix A: { cbor, hex, roundtrip, decoded or diagnostic }. A reader of any CBOR,
// written for this alone, says what an item holds and whether it is in our profile (deterministic, no floats); the
// strict reader must accept just those that are, and the writer must give the same bytes again.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "cli/vectors.hpp"
#include "encoding/cbor_reader.hpp"
#include "encoding/cbor_writer.hpp"

namespace mikusari::cli {
namespace {

struct Node {
  enum class Kind : std::uint8_t { number, floating, text, bytes, array, map, truth, null, other } kind = Kind::other;
  std::string text;  // decimal digits, or text
  double floating = 0;
  bool truth = false;
  std::vector<Node> nodes;  // of a map: key, value, key, value ...
};

// Big-endian bytes as decimal digits; minus (value + 1) when `negative`.
std::string decimal(ByteView bytes, bool negative) {
  std::string digits = "0";  // least significant first
  const auto feed = [&](unsigned factor, unsigned add) {
    unsigned carry = add;
    for (char& digit : digits) {
      carry += static_cast<unsigned>(digit - '0') * factor;
      digit = static_cast<char>('0' + carry % 10);
      carry /= 10;
    }
    for (; carry > 0; carry /= 10) digits += static_cast<char>('0' + carry % 10);
  };
  for (const auto byte : bytes) feed(256, std::to_integer<unsigned>(byte));
  if (negative) feed(1, 1);
  std::string out(digits.rbegin(), digits.rend());
  return negative ? "-" + out : out;
}

double half(std::uint64_t bits) {
  const int exponent = static_cast<int>((bits >> 10) & 31);
  const double mantissa = static_cast<double>(bits & 1023);
  double value = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
  if (exponent == 31) value = mantissa == 0 ? HUGE_VAL : std::nan("");
  return (bits & 0x8000) != 0 ? -value : value;
}

class Walker {
 public:
  explicit Walker(ByteView input) : input_(input) {}
  // `invalid` for what is no CBOR at all.
  Result<Node> whole() {
    TRY(auto node, item(0));
    if (at_ != input_.size()) return fail(Code::invalid, "bytes after the item");
    return node;
  }
  bool in_profile() const { return in_profile_; }

 private:
  static constexpr std::size_t depth_max = 64;

  Result<std::uint64_t> take(std::size_t size) {
    if (size > input_.size() - at_) return fail(Code::invalid, "the item is cut off");
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size; ++i) out = out << 8 | std::to_integer<std::uint64_t>(input_[at_++]);
    return out;
  }
  bool at_break() const { return at_ < input_.size() && input_[at_] == std::byte{0xff}; }

  Result<Node> item(std::size_t depth) {
    if (depth >= limits::cbor_depth_max) in_profile_ = false;
    if (depth > depth_max) return fail(Code::invalid, "nested too deep");
    TRY(const auto head, take(1));
    const auto major = static_cast<unsigned>(head >> 5), info = static_cast<unsigned>(head & 31);
    if (info >= 28 && info <= 30) return fail(Code::invalid, "a reserved head");
    if (info == 31) return indefinite(major, depth);
    std::uint64_t argument = info;
    if (info >= 24) {
      const std::size_t size = std::size_t{1} << (info - 24);
      TRY(argument, take(size));
      const std::uint64_t least = info == 24 ? 24 : std::uint64_t{1} << (4 * size);
      if (major != 7 && argument < least) in_profile_ = false;
    }
    return definite(major, info, argument, depth);
  }

  Result<Node> definite(unsigned major, unsigned info, std::uint64_t argument, std::size_t depth) {
    Node out;
    switch (major) {
      case 0:
      case 1: {
        std::byte bytes[8];
        for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(argument >> (56 - 8 * i));
        out.kind = Node::Kind::number;
        out.text = decimal(bytes, major == 1);
        return out;
      }
      case 2:
      case 3: return string(major, argument);
      case 4:
      case 5: return container(major, argument, depth);
      case 6: return tagged(argument, depth);
      default: return simple(info, argument);
    }
  }

  Result<Node> string(unsigned major, std::uint64_t size) {
    if (size > input_.size() - at_) return fail(Code::invalid, "the item is cut off");
    Node out;
    out.kind = major == 2 ? Node::Kind::bytes : Node::Kind::text;
    out.text = as_text(input_.subspan(at_, static_cast<std::size_t>(size)));
    at_ += static_cast<std::size_t>(size);
    return out;
  }

  Result<Node> container(unsigned major, std::uint64_t count, std::size_t depth) {
    Node out;
    out.kind = major == 4 ? Node::Kind::array : Node::Kind::map;
    if (count > input_.size()) return fail(Code::invalid, "the item is cut off");
    ByteView last;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::size_t start = at_;
      TRY(out.nodes.emplace_back(), item(depth + 1));
      if (major == 4) continue;
      const ByteView key = input_.subspan(start, at_ - start);
      // Bytewise lexicographic order, RFC 8949 section 4.2.1.
      if (i > 0 && !std::lexicographical_compare(last.begin(), last.end(), key.begin(), key.end())) in_profile_ = false;
      last = key;
      TRY(out.nodes.emplace_back(), item(depth + 1));
    }
    return out;
  }

  Result<Node> tagged(std::uint64_t tag, std::size_t depth) {
    TRY(auto inner, item(depth + 1));
    Node out;
    if ((tag == 2 || tag == 3) && inner.kind == Node::Kind::bytes) {
      out.kind = Node::Kind::number;
      out.text = decimal(as_bytes(inner.text), tag == 3);
    }
    return out;
  }

  Result<Node> simple(unsigned info, std::uint64_t argument) {
    Node out;
    if (info == 20 || info == 21) {
      out.kind = Node::Kind::truth;
      out.truth = info == 21;
    } else if (info == 22) {
      out.kind = Node::Kind::null;
    } else {
      in_profile_ = false;
      if (info >= 25) out.kind = Node::Kind::floating;
      if (info == 25) out.floating = half(argument);
      if (info == 26) {
        const auto bits = static_cast<std::uint32_t>(argument);
        float value = 0;
        std::memcpy(&value, &bits, sizeof value);
        out.floating = static_cast<double>(value);
      }
      if (info == 27) std::memcpy(&out.floating, &argument, sizeof argument);
    }
    return out;
  }

  Result<Node> indefinite(unsigned major, std::size_t depth) {
    in_profile_ = false;
    if (major < 2 || major > 5) return fail(Code::invalid, "this type has no indefinite length");
    constexpr Node::Kind kinds[] = {Node::Kind::bytes, Node::Kind::text, Node::Kind::array, Node::Kind::map};
    Node out;
    out.kind = kinds[major - 2];
    while (!at_break()) {
      TRY(auto piece, item(depth + 1));
      if (major > 3) {
        out.nodes.push_back(std::move(piece));
      } else {
        if (piece.kind != out.kind) return fail(Code::invalid, "a piece of another type");
        out.text += piece.text;
      }
    }
    if (major == 5 && out.nodes.size() % 2 != 0) return fail(Code::invalid, "a key without a value");
    TRY(take(1));
    return out;
  }

  ByteView input_;
  std::size_t at_ = 0;
  bool in_profile_ = true;
};

// What the file says the item is; a kind that JSON has no word for is not compared.
bool agrees(const Node& node, const json::Value& said) {
  const std::string text(said.text().value_or(""));
  switch (node.kind) {
    case Node::Kind::number:
      if (const auto number = said.integer()) return std::to_string(*number) == node.text;
      return text == node.text || (!text.empty() && text.find_first_of(".eE") != text.npos &&
                                   std::strtod(text.c_str(), nullptr) == std::strtod(node.text.c_str(), nullptr));
    case Node::Kind::floating: {
      const auto number = said.integer();
      return (number ? static_cast<double>(*number) : std::strtod(text.c_str(), nullptr)) == node.floating;
    }
    case Node::Kind::text: return said.text().has_value() && text == node.text;
    case Node::Kind::truth: return said.boolean().has_value() && *said.boolean() == node.truth;
    case Node::Kind::null: return said.is_null();
    case Node::Kind::array: {
      const auto* array = said.array();
      if (array == nullptr || array->size() != node.nodes.size()) return false;
      for (std::size_t i = 0; i < array->size(); ++i) {
        if (!agrees(node.nodes[i], (*array)[i])) return false;
      }
      return true;
    }
    case Node::Kind::map: {
      const auto* object = said.object();
      if (object == nullptr || object->size() * 2 != node.nodes.size()) return false;
      for (std::size_t i = 0; i < node.nodes.size(); i += 2) {
        const auto* value = said.find(node.nodes[i].text);
        if (value == nullptr || !agrees(node.nodes[i + 1], *value)) return false;
      }
      return true;
    }
    default: return true;
  }
}

// Reads with the strict reader what it accepted and writes it anew.
Result<void> copy_item(cbor::Reader& in, cbor::Writer& out) {
  TRY(const auto major, in.peek());
  std::size_t inner = 0;
  if (major == cbor::Major::bytes) {
    TRY(const auto value, in.bytes());
    out.bytes(value);
  } else if (major == cbor::Major::text) {
    TRY(const auto value, in.text());
    out.text(value);
  } else if (major == cbor::Major::uint) {
    TRY(const auto value, in.uint());
    out.uint(value);
  } else if (major == cbor::Major::array) {
    TRY(inner, in.array());
    out.array(inner);
  } else if (major == cbor::Major::map) {
    TRY(inner, in.map());
    out.map(inner);
    inner *= 2;
  } else if (major == cbor::Major::tag) {
    TRY(const auto number, in.tag());
    out.tag(number);
    inner = 1;
  } else {  // negative numbers beyond 64 bits have no type of ours: as they are
    TRY(const auto value, in.item());
    out.encoded(value);
  }
  for (std::size_t i = 0; i < inner; ++i) TRY(copy_item(in, out));
  return {};
}

bool survives(ByteView input) {
  cbor::Reader in(input);
  platform::Buffer buffer(input.size() + 16);
  cbor::Writer out{MutableByteView(buffer)};
  if (!copy_item(in, out)) return false;
  const auto again = out.finish();
  return again && equal(*again, input);
}

bool right(const json::Value& each) {
  const auto input = hex_in(each, "hex");
  if (!input) return false;
  if (const auto* base64 = each.find("cbor")) {
    const auto same = platform::from_base64(base64->text().value_or(""));
    if (!same || !equal(*same, *input)) return false;
  }
  Walker walker(*input);
  const auto node = walker.whole();
  if (!node) return false;  // the file calls it CBOR
  if (const auto* said = each.find("decoded"); said != nullptr && !agrees(*node, *said)) return false;
  const bool accepted = cbor::check(*input).has_value();
  if (accepted != walker.in_profile()) return false;
  const auto* roundtrip = each.find("roundtrip");
  if (accepted && roundtrip != nullptr && !roundtrip->boolean().value_or(true)) return false;
  return !accepted || survives(*input);
}

}  // namespace

void score_cbor(const json::Value& file, const std::string& id, Score& score) {
  const auto* cases = file.array();
  if (cases == nullptr) return score.skip(id, "not a list of cases");
  for (std::size_t i = 0; i < cases->size(); ++i) {
    const std::string hex = text_in((*cases)[i], "hex");
    const std::string name = id + "#" + std::to_string(i) + (hex.empty() ? "" : " " + hex.substr(0, 40));
    if ((*cases)[i].find("hex") == nullptr)
      score.skip(name, "has no hex");
    else
      score.judge(name, right((*cases)[i]));
  }
}

}  // namespace mikusari::cli
