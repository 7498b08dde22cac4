// SPDX-License-Identifier: Apache-2.0
// The text form of a checkpoint: C2SP signed-note with the body of tlog-checkpoint and lines of tlog-cosignature.
#include "encoding/utf8.hpp"
#include "proof/checkpoint.hpp"
#include "proof/text_writer.hpp"

namespace mikusari::proof {
namespace {

constexpr std::string_view origin_prefix = "mikusari/";
constexpr std::string_view line_prefix = "\u2014 ";  // em dash, space
constexpr std::size_t lines_max = 80;
constexpr std::size_t payload_bytes = KeyId::length + sizeof(std::uint64_t) + crypto::Signature::length;
constexpr std::size_t payload_characters = (payload_bytes + 2) / 3 * 4;

// As substr(), which could throw and would drag that in. REQUIRES: length <= text.size().
std::string_view front_of(std::string_view text, std::size_t length) { return {text.data(), length}; }
std::string_view after(std::string_view text, std::size_t length) {
  text.remove_prefix(length);
  return text;
}

class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool at_end() const { return at_ == text_.size(); }
  std::size_t offset() const { return at_; }
  Result<std::string_view> next() {
    const std::size_t end = text_.find('\n', at_);
    if (end == std::string_view::npos) return fail(Code::invalid, "the note ends within a line", at_);
    const auto line = std::string_view(text_.data() + at_, end - at_);
    at_ = end + 1;
    return line;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

Result<void> check_characters(std::string_view note) {
  for (std::size_t i = 0; i < note.size(); ++i) {
    const auto character = static_cast<unsigned char>(note[i]);
    if (character < 0x20 && character != '\n') return fail(Code::invalid, "the note has control characters", i);
  }
  if (!is_utf8(as_bytes(note))) return fail(Code::invalid, "the note is not UTF-8");
  return {};
}

Result<Digest> read_origin(std::string_view line) {
  Digest ledger;
  if (!line.starts_with(origin_prefix)) return fail(Code::invalid, "the note's origin is no ledger of this kind", 0);
  const auto hex = after(line, origin_prefix.size());
  // One text for each origin: the lower-case form is what signers sign.
  for (const char c : hex) {
    if (c >= 'A' && c <= 'F') return fail(Code::invalid, "the note's origin is not in lower case", 0);
  }
  if (hex.size() != 2 * Digest::size() || !text::from_hex(hex, ledger.mutable_view())) {
    return fail(Code::invalid, "the note's origin is not a ledger id", 0);
  }
  return ledger;
}

Result<Digest> read_root(std::string_view line, std::size_t at) {
  Digest root;
  const auto bytes = text::from_base64(line, root.mutable_view());
  if (!bytes || bytes->size() != Digest::size())
    return fail(Code::invalid, "the note's root is not base64 of 32 bytes", at);
  return root;
}

struct SignatureLine {
  std::string_view name, base64;
};

Result<SignatureLine> split(std::string_view line, std::size_t at) {
  if (!line.starts_with(line_prefix)) return fail(Code::invalid, "a signature line does not begin with a dash", at);
  line.remove_prefix(line_prefix.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space == 0 || front_of(line, space).find('+') != std::string_view::npos) {
    return fail(Code::invalid, "a signature line has no key name", at);
  }
  return SignatureLine{front_of(line, space), after(line, space + 1)};
}

Result<KeyId> key_id_of(std::string_view base64, std::size_t at) {
  std::byte front[6];
  if (base64.size() < 8 || !text::from_base64(front_of(base64, 8), front)) {
    return fail(Code::invalid, "a signature is not base64", at);
  }
  return KeyId::copy(ByteView(front).first(KeyId::size()));
}

bool has_key(const CheckpointSigner& signer, const KeyId& id) {
  for (const auto key : signer.keys) {
    if (key_id(signer.name, key) == id) return true;
  }
  return false;
}

bool has_key(const LogWitness& witness, const KeyId& id) { return key_id(witness.name, witness.key) == id; }

bool knows(const Policy& policy, std::string_view name, const KeyId& id) {
  for (const auto signer : policy.signers) {
    if (signer.name == name && has_key(signer, id)) return true;
  }
  for (const auto witness : policy.witnesses) {
    if (witness.name == name && has_key(witness, id)) return true;
  }
  return false;
}

// 32-bit key id, timestamped_signature.
Result<Cosignature> read_payload(std::string_view base64, std::size_t at) {
  std::byte payload[payload_characters];
  if (base64.size() != payload_characters) return fail(Code::invalid, "a known key's signature has a wrong length", at);
  const auto bytes = text::from_base64(base64, payload);
  if (!bytes || bytes->size() != payload_bytes) return fail(Code::invalid, "a signature is not base64", at);
  Cosignature out;
  out.key_id = KeyId::copy(bytes->first(KeyId::size()));
  for (const std::byte byte : bytes->subspan(KeyId::size(), 8))
    out.time = out.time << 8U | std::to_integer<std::uint64_t>(byte);
  out.signature = crypto::Signature::copy(bytes->last(crypto::Signature::size()));
  return out;
}

void write_line(TextWriter& out, std::string_view name, const Cosignature& cosignature) {
  Bytes<payload_bytes> payload;
  std::memcpy(payload.data.data(), cosignature.key_id.data.data(), KeyId::size());
  for (std::size_t i = 0; i < 8; ++i)
    payload.data[KeyId::size() + i] = static_cast<std::byte>(cosignature.time >> (56 - 8 * i));
  std::memcpy(payload.data.data() + KeyId::size() + 8, cosignature.signature.data.data(), crypto::Signature::size());
  out.text(line_prefix);
  out.text(name);
  out.text(" ");
  out.base64(payload);
  out.text("\n");
}

}  // namespace

Result<std::string_view> to_text(const Checkpoint& checkpoint, const Policy& policy, std::span<char> out) {
  TextWriter writer(out);
  writer.text(origin_prefix);
  writer.hex(checkpoint.ledger);
  writer.text("\n");
  writer.decimal(checkpoint.size);
  writer.text("\n");
  writer.base64(checkpoint.root);
  writer.text("\n\n");
  for (const auto cosignature : checkpoint.signatures) {
    for (const auto signer : policy.signers) {
      if (has_key(signer, cosignature.key_id)) write_line(writer, signer.name, cosignature);
    }
    for (const auto witness : policy.witnesses) {
      if (has_key(witness, cosignature.key_id)) write_line(writer, witness.name, cosignature);
    }
  }
  return writer.finish();
}

Result<Checkpoint> from_text(std::string_view note, const Policy& policy, std::span<Cosignature> signatures) {
  TRY(check_characters(note));
  Lines lines(note);
  Checkpoint out;
  TRY(const auto& origin, lines.next());
  TRY(out.ledger, read_origin(origin));
  std::size_t at = lines.offset();
  TRY(const auto& size, lines.next());
  if (const auto value = text::from_decimal(size)) {
    out.size = *value;
  } else {
    return fail(Code::invalid, "the note's size is not a decimal number", at);
  }
  at = lines.offset();
  TRY(const auto& root, lines.next());
  TRY(out.root, read_root(root, at));
  at = lines.offset();
  TRY(const auto& blank, lines.next());
  if (!blank.empty()) return fail(Code::invalid, "the note has more than three lines of text", at);

  std::size_t count = 0, read = 0;
  while (!lines.at_end()) {
    at = lines.offset();
    if (++read > lines_max) return fail(Code::exhausted, "the note has more than 80 signature lines", at);
    TRY(const auto& line, lines.next());
    TRY(const auto& parts, split(line, at));
    TRY(const auto& id, key_id_of(parts.base64, at));
    if (!knows(policy, parts.name, id)) continue;
    if (count == signatures.size())
      return fail(Code::exhausted, "the note has more known signatures than expected", at);
    TRY(signatures[count++], read_payload(parts.base64, at));
  }
  if (read == 0) return fail(Code::invalid, "the note has no signature", at);
  out.signatures = std::span<const Cosignature>(signatures.first(count));
  return out;
}

}  // namespace mikusari::proof
