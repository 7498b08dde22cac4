// SPDX-License-Identifier: Apache-2.0
// What others sign. The first byte chooses: a whole submission; a body of the kind that the second byte names; a record
// of the state, likewise; a genesis. What is accepted has one form, what a stricter reader accepts a laxer one accepts
// too, and a body that is withheld changes nothing else.
// LINK: mikusari_statement mikusari_crypto_openssl
#include <cstdint>
#include <cstdlib>

#include "statement/submission.hpp"
#include "statement/test_values.hpp"

namespace {

using namespace mikusari;

void require(bool holds) {
  if (!holds) std::abort();
}

std::uint8_t take_byte(ByteView& input) {
  if (input.empty()) return 0;
  const auto out = std::to_integer<std::uint8_t>(input[0]);
  input = input.subspan(1);
  return out;
}

template <class T>
void check_declared(ByteView input) {
  const auto strict = cbor::decode<T>(input, cbor::Additions::refuse);
  const auto lax = cbor::decode<T>(input);
  require(!strict || lax.has_value());
  test::Octets buffer(input.size());
  if (strict) require(equal(cbor::encode(*strict, buffer).value(), input));
  if (!lax) return;
  const auto known = cbor::encode(*lax, buffer);  // without the additions
  require(known.has_value() && cbor::decode<T>(*known, cbor::Additions::refuse).has_value());
}

void check_body(std::uint8_t which, ByteView input) {
  std::size_t kinds = 0, at = 0;
  statement::for_each_kind([&]<class Body>() { ++kinds; });
  statement::for_each_kind([&]<class Body>() {
    if (at++ == which % kinds) check_declared<Body>(input);
  });
}

// A record's head comes off and goes on again without a trace.
void check_head(ByteView record) {
  const auto head = read_head(record);
  require(head.has_value());
  test::Octets moved(record.size() + 256), back(record.size());
  Head other;
  other.changed = ~std::uint64_t{0};
  other.life = Tree{};
  const auto changed = with_head(record, other, moved);
  require(changed.has_value() && read_head(*changed)->changed == other.changed);
  require(equal(with_head(*changed, *head, back).value(), record));
}

template <class Record>
void check_record(ByteView input) {
  check_declared<Record>(input);
  const auto record = cbor::decode<Record>(input);
  if constexpr (std::is_base_of_v<Head, Record>) {
    if (record) check_head(input);
  }
  if constexpr (std::is_same_v<ReplayRecord, Record>) {
    const std::uint64_t n = record ? record->highest / 2 + 1 : 0;
    if (record && record->accepts(n)) require(!record->after(n).accepts(n));
  }
}

void check_records(std::uint8_t which, ByteView input) {
  std::size_t records = 0, at = 0;
  test::for_each_record([&]<class Record>(std::string_view) { ++records; });
  test::for_each_record([&]<class Record>(std::string_view) {
    if (at++ == which % records) check_record<Record>(input);
  });
}

void check_genesis(ByteView input) {
  check_declared<Genesis>(input);
  if (const auto genesis = cbor::decode<Genesis>(input)) (void)check(*genesis);
}

void check_submission(ByteView input) {
  using namespace statement;
  const auto submission = parse(input);
  if (!submission) return;
  test::Octets buffer(input.size() + 64), again(input.size() + 64);
  cbor::Writer out{MutableByteView(buffer)};
  out.array(3);
  out.encoded(submission->sign1);
  cbor::write(out, submission->bodies);
  cbor::write(out, submission->approvals);
  require(equal(out.finish().value(), input));
  require(parse_approvals(submission->also).has_value());
  require(also_hash(submission->also).has_value() == !submission->approvals.empty());
  require(parse_signed_payload(submission->sign1).has_value());
  const std::uint64_t last = submission->bodies.size() - 1;
  for (const std::uint64_t index : {std::uint64_t{0}, last}) {
    const auto bytes = withhold(*submission, index, again);
    require(bytes.has_value());
    const auto less = parse(*bytes);
    require(less.has_value() && less->identity == submission->identity && less->withheld > 0 &&
            less->withheld - submission->withheld <= 1 && equal(less->also, submission->also));
  }
  const auto key = test::filled<crypto::PublicKey>();
  require(!verify(*submission, key));
  for (const auto approval : submission->approvals) require(!verify_approval(approval, submission->identity, key));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView input = std::as_bytes(std::span(data, size));
  const std::uint8_t selector = take_byte(input);
  if (selector % 4 == 0) check_submission(input);
  if (selector % 4 == 3) check_genesis(input);
  if (selector % 4 == 0 || selector % 4 == 3) return 0;
  const std::uint8_t which = take_byte(input);
  selector % 4 == 1 ? check_body(which, input) : check_records(which, input);
  return 0;
}
