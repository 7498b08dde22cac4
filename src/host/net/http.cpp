// SPDX-License-Identifier: Apache-2.0
#include "net/http.hpp"

#include <algorithm>
#include <array>

namespace mikusari::net {

namespace {

constexpr std::array<std::string_view, 7> method_names = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

}  // namespace

std::string_view name(Method method) { return method_names[static_cast<std::size_t>(method)]; }

std::optional<Method> method_from_name(std::string_view name) {
  for (std::size_t i = 0; i < method_names.size(); ++i)
    if (method_names[i] == name) return static_cast<Method>(i);
  return std::nullopt;
}

std::string_view reason(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

bool same_token(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
  entries_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                      static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
  std::replace_if(text_.end() - static_cast<std::ptrdiff_t>(value.size() + name.size()), text_.end(), is_control, ' ');
}

void Headers::set(std::string_view name, std::string_view value) {
  remove(name);
  add(name, value);
}

void Headers::remove(std::string_view name) {
  // The text stays until the Headers go: fields are few and short-lived.
  std::erase_if(entries_, [&](const Entry& entry) {
    return same_token(std::string_view(text_).substr(entry.at, entry.name_size), name);
  });
}

Headers::Field Headers::operator[](std::size_t index) const {
  const Entry& entry = entries_[index];
  const std::string_view text = text_;
  return {text.substr(entry.at, entry.name_size), text.substr(entry.at + entry.name_size, entry.value_size)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Field field = (*this)[i];
    if (same_token(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  std::size_t found = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) found += same_token((*this)[i].name, name) ? 1 : 0;
  return found;
}

void Headers::reserve(std::size_t fields, std::size_t text_bytes) {
  entries_.reserve(fields);
  text_.reserve(text_bytes);
}

std::optional<std::string_view> Target::parameter(std::string_view name) const {
  for (const Parameter& parameter : parameters)
    if (parameter.name == name) return parameter.value;
  return std::nullopt;
}

Body Body::shared(std::shared_ptr<const Buffer> content) {
  Body body;
  body.shared_ = std::move(content);
  return body;
}

Body Body::text(std::string_view content) {
  const ByteView bytes = as_bytes(content);
  return Buffer(bytes.begin(), bytes.end());
}

Response Response::empty(int status) {
  Response response;
  response.status = status;
  return response;
}

Response Response::text(int status, std::string_view content) {
  return Response::content(status, "text/plain; charset=utf-8", Body::text(content));
}

Response Response::json(int status, std::string_view content) {
  return Response::content(status, "application/json", Body::text(content));
}

Response Response::content(int status, std::string_view content_type, Body body) {
  Response response = empty(status);
  response.headers.add("Content-Type", content_type);
  response.body = std::move(body);
  return response;
}

Response& Response::with(std::string_view name, std::string_view value) & {
  headers.set(name, value);
  return *this;
}

Response&& Response::with(std::string_view name, std::string_view value) && {
  headers.set(name, value);
  return std::move(*this);
}

}  // namespace mikusari::net
