// SPDX-License-Identifier: Apache-2.0
#include "passport_page/qr_code.hpp"

#include <qrencode.h>

#include <cerrno>
#include <memory>

namespace mikusari::passport_page {
namespace {

constexpr int quiet_zone = 4;

struct Free {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

// One rectangle for each run of dark modules in a row.
std::string dark_runs(const QRcode& code) {
  std::string path;
  const auto width = static_cast<std::size_t>(code.width);
  const auto is_dark = [&](std::size_t x, std::size_t y) { return x < width && (code.data[y * width + x] & 1U) != 0; };
  for (std::size_t y = 0; y < width; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      if (!is_dark(x, y)) continue;
      const std::size_t start = x;
      while (is_dark(x, y)) ++x;
      path += "M" + std::to_string(start + quiet_zone) + " " + std::to_string(y + quiet_zone) + "h" +
              std::to_string(x - start) + "v1h-" + std::to_string(x - start) + "z";
    }
  }
  return path;
}

}  // namespace

Result<std::string> qr_svg(std::string_view text, std::string_view label) {
  const std::string content(text);
  errno = 0;
  const std::unique_ptr<QRcode, Free> code(QRcode_encodeString8bit(content.c_str(), 0, QR_ECLEVEL_M));
  if (code == nullptr) {
    return errno == ERANGE ? fail(Code::exhausted, "the text is too long for a QR code")
                           : fail(Code::internal, "no QR code could be made");
  }
  const std::string side = std::to_string(code->width + 2 * quiet_zone);
  return "<svg class=\"qr\" role=\"img\" aria-label=\"" + std::string(label) + "\" viewBox=\"0 0 " + side + " " + side +
         "\" shape-rendering=\"crispEdges\"><rect width=\"" + side + "\" height=\"" + side +
         "\" fill=\"#fff\"/><path fill=\"#000\" d=\"" + dark_runs(*code) + "\"/></svg>";
}

}  // namespace mikusari::passport_page
