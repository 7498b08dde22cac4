// SPDX-License-Identifier: Apache-2.0
// Commands as data: path, meaning in two languages, options, and the function that does it. Parser, help, completion
// and manual are made from this. Values; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace mikusari::cli {

class Session;

enum class Form : std::uint8_t { flag, text, list };  // list: may be repeated
enum class Need : std::uint8_t { optional, required };

// A name with dashes is an option, one without is a positional argument.
struct Option {
  std::string name;
  Form form = Form::text;
  Need need = Need::optional;
  std::string en, ja;
  std::vector<std::string> choices{};  // of a text; empty: any

  bool positional() const { return !name.starts_with('-'); }
};

struct Command {
  std::string path;  // "part register"
  std::string en, ja;
  std::vector<Option> options;
  Result<void> (*run)(Session&);
  std::vector<std::string> may_be_empty{};  // options whose empty value means something; else it is an error
};

struct Group {
  std::string name, en, ja;
};

const std::vector<Group>& groups();
const std::vector<Command>& commands();
const std::vector<Option>& global_options();

// Each family adds its own.
using Commands = std::vector<Command>;
void add_contact_commands(Commands& to);
void add_thing_commands(Commands& to);
void add_party_commands(Commands& to);
void add_party_life_commands(Commands& to);
void add_member_commands(Commands& to);
void add_role_commands(Commands& to);
void add_key_commands(Commands& to);
void add_key_ledger_commands(Commands& to);
void add_model_commands(Commands& to);
void add_part_commands(Commands& to);
void add_device_commands(Commands& to);
void add_device_life_commands(Commands& to);
void add_custody_commands(Commands& to);
void add_ownership_commands(Commands& to);
void add_firmware_commands(Commands& to);
void add_document_commands(Commands& to);
void add_proposal_commands(Commands& to);
void add_list_commands(Commands& to);
void add_quota_commands(Commands& to);
void add_recovery_commands(Commands& to);
void add_policy_commands(Commands& to);
void add_ledger_commands(Commands& to);
void add_audit_commands(Commands& to);
void add_passport_commands(Commands& to);
void add_verify_commands(Commands& to);
void add_statement_commands(Commands& to);
void add_node_commands(Commands& to);
void add_node_recovery_commands(Commands& to);
void add_vector_commands(Commands& to);
void add_general_commands(Commands& to);

// What was written behind a command, by the names of its options.
class Arguments {
 public:
  void add(const std::string& name, std::string value) { values_[name].push_back(std::move(value)); }
  bool has(const std::string& name) const { return values_.contains(name); }
  // Empty when it was not given.
  std::string text(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second.back();
  }
  std::vector<std::string> list(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>() : found->second;
  }
  // `invalid` unless it is a whole number; `otherwise` when it was not given.
  Result<std::uint64_t> number(const std::string& name, std::uint64_t otherwise) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace mikusari::cli
