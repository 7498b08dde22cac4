// SPDX-License-Identifier: Apache-2.0
// Exit codes: 0, 2 for a command that cannot be understood, 3 for output that is lost, and 10 + the class of the error
// (base/result.hpp). The table is what docs/reference/cli.md and the manual page show. Values; any thread.
#pragma once

#include <array>
#include <string_view>

#include "base/result.hpp"

namespace mikusari::cli {

constexpr int exit_done = 0;
constexpr int exit_usage = 2;
constexpr int exit_output_lost = 3;
constexpr int exit_code(Code code) { return 10 + static_cast<int>(code); }

struct ExitRow {
  int code;
  std::string_view en, ja;
};
inline constexpr std::array exit_rows = {
    ExitRow{exit_done, "done", "成功"},
    ExitRow{exit_usage, "the command line cannot be understood", "コマンドの書き方が誤り"},
    ExitRow{exit_output_lost, "done, and what was to be printed could not be written",
            "実行したが、出力を書き込めなかった"},
    ExitRow{exit_code(Code::invalid), "invalid: the input is wrong; correct it", "入力が誤り。直してください"},
    ExitRow{exit_code(Code::unauthenticated), "unauthenticated: a signature, key or proof does not hold",
            "署名・鍵・証明が成り立たない"},
    ExitRow{exit_code(Code::forbidden), "forbidden: authentic, and not allowed", "本物だが許されていない"},
    ExitRow{exit_code(Code::not_found), "not_found: it is not there, or proven absent",
            "存在しない（または不在が証明された）"},
    ExitRow{exit_code(Code::conflict), "conflict: contradicts what is already true", "既に成り立つことと矛盾する"},
    ExitRow{exit_code(Code::corrupt), "corrupt: stored bytes are not what was written", "保存されたデータが壊れている"},
    ExitRow{exit_code(Code::exhausted), "exhausted: a limit is reached", "上限に達した"},
    ExitRow{exit_code(Code::unavailable), "unavailable: try again later", "今は使えない。後でもう一度"},
    ExitRow{exit_code(Code::internal), "internal: a bug, or a failing machine", "プログラムか機械の故障"},
    ExitRow{exit_code(Code::newer), "newer: made by a newer program than this one; update it",
            "このプログラムより新しい形式。更新してください"},
};

}  // namespace mikusari::cli
