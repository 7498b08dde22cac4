// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "keys/file/file_key_store.hpp"

namespace mikusari::keys::file {
namespace {

TEST(PassphraseLine, IsTheSameWhicheverEditorWroteTheFile) {
  for (const std::string_view file : {"open sesame", "open sesame\n", "open sesame\r\n", "\xef\xbb\xbfopen sesame\r\n",
                                      "\xef\xbb\xbfopen sesame", "open sesame\nand more\n"})
    EXPECT_EQ(as_text(passphrase_line(as_bytes(file))), "open sesame") << file;
  EXPECT_EQ(as_text(passphrase_line(as_bytes(" a\rb \n"))), " a\rb ") << "spaces and what is within are the holder's";
  for (const std::string_view none : {"", "\n", "\r\n", "\xef\xbb\xbf"})
    EXPECT_TRUE(passphrase_line(as_bytes(none)).empty());
}

}  // namespace
}  // namespace mikusari::keys::file
