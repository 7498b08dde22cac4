// SPDX-License-Identifier: Apache-2.0
// OpenSSL's objects as owners that free themselves, and its error queue as an Error. For the tls_*.cpp files only.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace mikusari::net::openssl {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

using BioHandle = std::unique_ptr<BIO, Free<BIO_free_all>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, Free<X509_free>>;

// The newest reason of OpenSSL's error queue, which is emptied.
inline std::string take_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "no reason given" : reason;
}

// "reason: text"
inline std::unexpected<Error> failure(Code code, const char* text) {
  return std::unexpected(Error(code, text).with_context(take_reason()));
}

inline BioHandle reader(std::string_view text) {
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

inline std::string_view contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

CertificateHandle read_certificate(std::string_view pem);
// No passphrase is asked for: an encrypted key is refused.
KeyHandle read_key(std::string_view pem);

}  // namespace mikusari::net::openssl
