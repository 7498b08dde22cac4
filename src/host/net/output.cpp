// SPDX-License-Identifier: Apache-2.0
#include "net/output.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace mikusari::net {

namespace {

constexpr std::size_t copied_body_max = 16 * 1024;  // larger bodies are sent from where they are
// A longer text begins a new piece, so that what a slow peer has taken is let go.
constexpr std::size_t text_piece_max = 64 * 1024;

// Fields that the server alone decides.
bool is_ours(std::string_view name) {
  switch (name.size()) {
    case 4: return same_token(name, "Date");
    case 10: return same_token(name, "Connection");
    case 14: return same_token(name, "Content-Length");
    case 17: return same_token(name, "Transfer-Encoding");
    default: return false;
  }
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

void append_head(std::string& out, const Response& response, std::string_view date, KeepAlive keep_alive) {
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason(response.status));
  out.append("\r\nDate: ").append(date);
  if (may_have_body(response.status)) out.append("\r\nContent-Length: ").append(std::to_string(response.body.size()));
  if (keep_alive == KeepAlive::no) out.append("\r\nConnection: close");
  if (keep_alive == KeepAlive::announced) out.append("\r\nConnection: keep-alive");
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    const Headers::Field field = response.headers[i];
    if (!is_ours(field.name)) out.append("\r\n").append(field.name).append(": ").append(field.value);
  }
  out.append("\r\n\r\n");
}

}  // namespace

std::string& Output::open_text() {
  const bool appendable =
      !pieces_.empty() && pieces_.back().body.size() == 0 && pieces_.back().text.size() < text_piece_max;
  if (!appendable) pieces_.emplace_back();
  return pieces_.back().text;
}

void Output::append(std::string_view text) {
  if (text.empty()) return;
  open_text().append(text);
  size_ += text.size();
  held_ += text.size();
}

void Output::append(Body&& body) {
  if (body.size() <= copied_body_max) return append(body.as_text());
  size_ += body.size();
  held_ += body.size();
  pieces_.push_back({{}, std::move(body)});
}

std::size_t Output::gather(std::span<ByteView> views) const {
  std::size_t filled = 0;
  for (; filled < pieces_.size() && filled < views.size(); ++filled) {
    const ByteView view = pieces_[filled].view();
    views[filled] = filled == 0 ? view.subspan(offset_) : view;
  }
  return filled;
}

void Output::consume(std::size_t bytes) {
  size_ -= bytes;
  offset_ += bytes;
  while (!pieces_.empty() && offset_ >= pieces_.front().view().size()) {
    const std::size_t sent = pieces_.front().view().size();
    offset_ -= sent;
    held_ -= sent;
    pieces_.pop_front();
  }
}

void append_response(Output& output, Response&& response, std::string_view date, KeepAlive keep_alive,
                     Content content) {
  std::string head;
  head.reserve(256);
  append_head(head, response, date, keep_alive);
  output.append(head);
  if (content == Content::sent && may_have_body(response.status)) output.append(std::move(response.body));
}

std::string http_date(std::int64_t unix_s) {
  static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds moment{std::chrono::seconds(unix_s)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{moment - day};
  std::array<char, 48> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                    days[std::chrono::weekday(day).c_encoding()], unsigned{date.day()},
                    months[unsigned{date.month()} - 1], int{date.year()}, static_cast<int>(time.hours().count()),
                    static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace mikusari::net
