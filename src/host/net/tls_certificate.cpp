// SPDX-License-Identifier: Apache-2.0
#include <openssl/rand.h>

#include <algorithm>

#include "net/openssl_handles.hpp"
#include "net/tls.hpp"

namespace mikusari::net {

using namespace openssl;

namespace {

constexpr std::int64_t backdated_s = 3600;

bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '*';
  });
}

Result<void> add_name(GENERAL_NAMES* names, const std::string& name) {
  GENERAL_NAME* entry = GENERAL_NAME_new();
  if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str())) {
    GENERAL_NAME_set0_value(entry, GEN_IPADD, address);
  } else if (is_dns_name(name)) {
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
    GENERAL_NAME_set0_value(entry, GEN_DNS, text);
  } else {
    GENERAL_NAME_free(entry);
    return std::unexpected(
        Error(Code::invalid, "is neither a DNS name nor an IP address").with_context("\"" + name + "\""));
  }
  ERR_clear_error();  // a2i_IPADDRESS leaves an error when the name is no address
  sk_GENERAL_NAME_push(names, entry);
  return {};
}

Result<void> add_alternative_names(X509* certificate, std::span<const std::string> names) {
  std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>> all(sk_GENERAL_NAME_new_null());
  std::vector<std::string> added;
  const auto add = [&](const std::string& name) -> Result<void> {
    if (std::find(added.begin(), added.end(), name) != added.end()) return {};
    added.push_back(name);
    return add_name(all.get(), name);
  };
  for (const char* own : {"localhost", "127.0.0.1", "::1"}) TRY(add(own));
  for (const std::string& name : names) TRY(add(name));
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, all.get(), 0, 0) != 1)
    return failure(Code::internal, "cannot add the names to the certificate");
  return {};
}

// Fixed texts only: nothing from outside reaches OpenSSL's configuration language.
Result<void> add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
    return failure(Code::internal, "cannot add an extension to the certificate");
  return {};
}

Result<void> set_subject(X509* certificate, const std::string& common_name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  // RFC 5280 appendix A.1, ub-common-name: 64. The names that count stand in subjectAltName.
  const int size = static_cast<int>(std::min<std::size_t>(common_name.size(), 64));
  if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, size, -1, 0) != 1 ||
      X509_set_issuer_name(certificate, subject) != 1)
    return failure(Code::internal, "cannot name the certificate");
  return {};
}

Result<void> set_serial(X509* certificate) {
  std::array<unsigned char, 16> serial{};  // 126 random bits: RFC 5280 section 4.1.2.2 wants positive, at most 20 bytes
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return failure(Code::internal, "no randomness");
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3f) | 0x40);
  std::unique_ptr<BIGNUM, Free<BN_free>> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  if (BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) == nullptr)
    return failure(Code::internal, "cannot number the certificate");
  return {};
}

Result<CertificateHandle> build(EVP_PKEY* key, std::span<const std::string> names, std::int64_t now_s) {
  CertificateHandle certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  TRY(set_serial(certificate.get()));
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), now_s - backdated_s);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), now_s - backdated_s + node_certificate_days * 86400);
  X509_set_pubkey(certificate.get(), key);
  TRY(add_alternative_names(certificate.get(), names));
  TRY(set_subject(certificate.get(), names.empty() ? std::string("localhost") : names.front()));
  TRY(add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE"));
  TRY(add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature"));
  TRY(add_extension(certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth"));
  TRY(add_extension(certificate.get(), NID_subject_key_identifier, "hash"));
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0)
    return failure(Code::internal, "cannot sign the certificate");
  return certificate;
}

Digest digest_of(const X509* certificate) {
  Digest digest;
  unsigned size = 0;
  ASSERT(X509_digest(certificate, EVP_sha256(), reinterpret_cast<unsigned char*>(digest.data.data()), &size) == 1);
  return digest;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

namespace openssl {

CertificateHandle read_certificate(std::string_view pem) {
  return CertificateHandle(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr));
}

KeyHandle read_key(std::string_view pem) {
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  return KeyHandle(PEM_read_bio_PrivateKey(reader(pem).get(), nullptr, no_passphrase, nullptr));
}

}  // namespace openssl

Result<NodeCertificate> make_self_signed(std::span<const std::string> names, std::int64_t now_s) {
  const KeyHandle key(EVP_EC_gen("P-256"));
  if (!key) return failure(Code::internal, "cannot make a P-256 key");
  TRY(const auto certificate, build(key.get(), names, now_s));
  const BioHandle certificate_text(BIO_new(BIO_s_mem()));
  const BioHandle key_text(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return failure(Code::internal, "cannot write the certificate as PEM");
  Secret key_pem = Secret::copy(as_bytes(contents(key_text.get())));
  platform::wipe(std::as_writable_bytes(
      std::span(const_cast<char*>(contents(key_text.get()).data()), contents(key_text.get()).size())));
  return NodeCertificate{std::string(contents(certificate_text.get())), std::move(key_pem),
                         digest_of(certificate.get())};
}

Result<NodeCertificate> load_pair(std::string certificate_pem, Secret key_pem) {
  const CertificateHandle certificate = read_certificate(certificate_pem);
  if (!certificate) return failure(Code::invalid, "the certificate is not PEM");
  const KeyHandle key = read_key(as_text(key_pem.reveal()));
  if (!key) return failure(Code::invalid, "the key is not unencrypted PEM");
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    return failure(Code::invalid, "the key does not belong to the certificate");
  const Digest fingerprint = digest_of(certificate.get());
  return NodeCertificate{std::move(certificate_pem), std::move(key_pem), fingerprint};
}

Result<Digest> fingerprint_of(std::string_view certificate_pem) {
  const CertificateHandle certificate = read_certificate(certificate_pem);
  if (!certificate) return failure(Code::invalid, "the certificate is not PEM");
  return digest_of(certificate.get());
}

Digest fingerprint_of_der(ByteView certificate) {
  Digest digest;
  ASSERT(EVP_Digest(certificate.data(), certificate.size(), reinterpret_cast<unsigned char*>(digest.data.data()),
                    nullptr, EVP_sha256(), nullptr) == 1);
  return digest;
}

std::string fingerprint_text(const Digest& fingerprint) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const std::byte b : fingerprint.data) {
    if (!out.empty()) out += ':';
    out += digits[std::to_integer<unsigned>(b) >> 4];
    out += digits[std::to_integer<unsigned>(b) & 15];
  }
  return out;
}

Result<Digest> parse_fingerprint(std::string_view text) {
  constexpr const char* wanted = "a fingerprint is 32 bytes in hexadecimal, as in AB:CD:...";
  Digest digest;
  std::size_t at = 0;
  for (std::size_t i = 0; i < Digest::size(); ++i) {
    if (i > 0 && at < text.size() && text[at] == ':') ++at;
    if (at + 2 > text.size()) return fail(Code::invalid, wanted, at);
    const int high = hex_digit(text[at]);
    const int low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return fail(Code::invalid, wanted, at);
    digest.data[i] = static_cast<std::byte>(high * 16 + low);
    at += 2;
  }
  if (at != text.size()) return fail(Code::invalid, wanted, at);
  return digest;
}

}  // namespace mikusari::net
