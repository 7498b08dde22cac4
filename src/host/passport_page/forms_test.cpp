// SPDX-License-Identifier: Apache-2.0
// The page reads what the formats declare, and has words for all of it. With MIKUSARI_WRITE_EXAMPLES set, the scripts
// that follow from the declarations are written anew instead of compared.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "passport_page/assets.hpp"
#include "passport_page/test_forms.hpp"
#include "statement/firmware.hpp"
#include "statement/role.hpp"

namespace mikusari::passport_page {
namespace {

std::filesystem::path script_path(const std::string& name) {
  const char* source = std::getenv("MIKUSARI_SOURCE");
  return std::filesystem::path(source != nullptr ? source : ".") / "web" / "passport" / name;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void expect_script(const std::string& name, const std::string& head, const std::string& written) {
  const std::string whole =
      "// SPDX-License-Identifier: Apache-2.0\n// " + head +
      "\n// Written by forms_test of src/host/passport_page from the declarations in src/core.\n\n" + written;
  if (std::getenv("MIKUSARI_WRITE_EXAMPLES") != nullptr) std::ofstream(script_path(name), std::ios::binary) << whole;
  EXPECT_EQ(content_of(script_path(name)), whole)
      << name << " is not what the declarations say: run this test with MIKUSARI_WRITE_EXAMPLES=1";
}

TEST(PassportForms, AreTheDeclarationsOfTheFormats) {
  test::FormsWriter writer;
  writer.declare<proof::Policy>();
  writer.declare<proof::BlockRecord>();
  writer.declare<proof::PassportPage>();
  writer.declare<statement::ProtectedHeader>();
  writer.declare<statement::Payload>();
  writer.declare<device::Record>();
  writer.declare<part::Record>();
  writer.declare<key::Record>();
  writer.declare<model::Record>();
  writer.declare<party::Record>();
  writer.declare<firmware::Record>();
  writer.declare<role::Record>();
  writer.declare<statement::ApprovalRole>();
  const std::string forms = writer.forms();
  statement::for_each_kind([&]<class T>() { writer.declare_kind<T>(); });
  expect_script("enums.js", "The enumerations of the formats.", "const enums = {};\n" + writer.enums());
  expect_script("forms.js", "The structures of passports and records.", "const forms = {};\n" + forms);
  expect_script("bodies.js", "The bodies of all kinds of statements.",
                "const kinds = {};\n" + writer.forms().substr(forms.size()));
}

// Each kind has a sentence in both languages: `'key.register': (...) => [english, japanese]` in tell.js.
TEST(PassportForms, HaveASentenceForEachKind) {
  const std::string tell = content_of(script_path("tell.js"));
  statement::for_each_kind([&]<class T>() {
    EXPECT_NE(tell.find("\n  '" + std::string(T::kind.name) + "': "), std::string::npos)
        << "web/passport/tell.js has no sentence for " << T::kind.name;
  });
}

// Each value of an enumeration has words: `name: ['english', 'japanese']` in labels.js.
TEST(PassportForms, HaveWordsForEachValueOfAnEnumeration) {
  const std::string enums = content_of(script_path("enums.js")), labels = content_of(script_path("labels.js"));
  const std::regex one("enums\\['([A-Za-z_.]+)'\\] = \\{([^}]*)\\}"), value("([a-z_0-9]+): [0-9]+");
  std::size_t count = 0;
  for (std::sregex_iterator at(enums.begin(), enums.end(), one); at != std::sregex_iterator(); ++at) {
    const std::string name = (*at)[1], values = (*at)[2];
    const std::size_t begin = labels.find("\n  '" + name + "': {\n");
    ASSERT_NE(begin, std::string::npos) << "web/passport/labels.js has no words for " << name;
    const std::string words = labels.substr(begin, labels.find("\n  },", begin) - begin);
    for (std::sregex_iterator each(values.begin(), values.end(), value); each != std::sregex_iterator(); ++each) {
      const std::string wanted = (*each)[1];
      EXPECT_TRUE(std::regex_search(words, std::regex("\n    " + wanted + ": \\['[^'\n]+', '[^'\n]+'\\],")))
          << "web/passport/labels.js has no words for " << name << " " << wanted;
      ++count;
    }
  }
  EXPECT_GT(count, 80U);
}

}  // namespace
}  // namespace mikusari::passport_page
