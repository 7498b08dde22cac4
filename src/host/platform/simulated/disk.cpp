// SPDX-License-Identifier: Apache-2.0
#include "platform/simulated/disk.hpp"

#include <algorithm>
#include <set>

#include "platform/mutex.hpp"
#include "platform/simulated/node.hpp"
#include "platform/simulated/random.hpp"

namespace mikusari::platform {
namespace {

using Names = std::map<std::string, std::shared_ptr<Node>>;

// One call's effect on names: a null node removes. A rename is one of two names, kept or forgotten as a whole.
struct NameChange {
  std::vector<std::pair<std::string, std::shared_ptr<Node>>> names;

  void apply_to(Names& all) const {
    for (const auto& [path, node] : names) {
      if (node) {
        all[path] = node;
      } else {
        all.erase(path);
      }
    }
  }
  bool touches(const std::string& directory) const {
    return std::ranges::any_of(names, [&](const auto& name) { return parent(name.first) == directory; });
  }
};

// Whether a changing call takes effect at all, and how.
enum class Outcome : std::uint8_t { done, crashed };

std::unexpected<Error> failure(Code code, const char* text, const std::string& path) {
  return std::unexpected(Error(code, text).with_context(path));
}

}  // namespace

// All functions want the mutex held.
struct SimulatedDisk::State {
  explicit State(std::uint64_t seed) : random(seed) {}

  mutable Mutex mutex;
  SimulatedRandom random;
  Names visible MIKUSARI_GUARDED_BY(mutex);
  Names durable MIKUSARI_GUARDED_BY(mutex);
  std::vector<NameChange> pending MIKUSARI_GUARDED_BY(mutex);
  std::set<std::string> directories MIKUSARI_GUARDED_BY(mutex) = {".", "/"};
  std::set<std::string> locked MIKUSARI_GUARDED_BY(mutex);
  std::map<std::uint64_t, Error> faults MIKUSARI_GUARDED_BY(mutex);
  std::uint64_t changes MIKUSARI_GUARDED_BY(mutex) = 0;
  std::uint64_t crash_at MIKUSARI_GUARDED_BY(mutex) = 0;
  std::uint64_t epoch MIKUSARI_GUARDED_BY(mutex) = 0;
  bool down MIKUSARI_GUARDED_BY(mutex) = false;

  Result<void> up() const MIKUSARI_REQUIRES(mutex) {
    if (down) return fail(Code::unavailable, "the simulated machine is down");
    return {};
  }
  // Counts a changing call; an Error is the planned fault for it.
  Result<Outcome> change() MIKUSARI_REQUIRES(mutex) {
    TRY(up());
    ++changes;
    if (changes == crash_at) {
      down = true;
      return Outcome::crashed;
    }
    if (const auto fault = faults.find(changes); fault != faults.end()) return std::unexpected(fault->second);
    return Outcome::done;
  }
  Result<void> answer(Outcome outcome) const MIKUSARI_REQUIRES(mutex) {
    if (outcome == Outcome::crashed) return up();
    return {};
  }
  Result<std::shared_ptr<Node>> find(const std::string& path) const MIKUSARI_REQUIRES(mutex) {
    const auto found = visible.find(path);
    if (found == visible.end()) return failure(Code::not_found, "no such file or directory", path);
    return found->second;
  }
  void rename_now(NameChange change) MIKUSARI_REQUIRES(mutex) {
    change.apply_to(visible);
    pending.push_back(std::move(change));
  }
  void lose() MIKUSARI_REQUIRES(mutex);
};

void SimulatedDisk::State::lose() {
  for (const NameChange& change : pending) {
    if (random.below(2) == 0) change.apply_to(durable);
  }
  pending.clear();
  std::set<Node*> nodes;  // a node may stand under two names when half of two renames was kept
  for (const auto& [path, node] : durable) {
    if (nodes.insert(node.get()).second) node->lose(random);
  }
  visible = durable;
  locked.clear();
  faults.clear();
  crash_at = 0;
  ++epoch;
  down = false;
}

class SimulatedDisk::OpenFile final : public File {
 public:
  OpenFile(std::shared_ptr<State> state, std::shared_ptr<Node> node, std::string path, Open how, std::uint64_t epoch)
      : state_(std::move(state)), node_(std::move(node)), path_(std::move(path)), how_(how), epoch_(epoch) {}

  Result<void> read(std::uint64_t offset, MutableByteView into) const override {
    MutexLock lock(state_->mutex);
    TRY(usable());
    const Buffer& bytes = node_->visible;
    if (offset > bytes.size() || into.size() > bytes.size() - offset) {
      return failure(Code::corrupt, "file ends too early", path_);
    }
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), into.size(), into.begin());
    return {};
  }

  Result<std::uint64_t> append(ByteView bytes) override {
    MutexLock lock(state_->mutex);
    TRY(writable());
    const std::uint64_t begin = node_->visible.size();
    auto outcome = state_->change();
    if (!outcome && !bytes.empty()) {
      node_->make({Change::Kind::append, begin, copy(bytes.first(state_->random.below(bytes.size())))});
    }
    TRY(const Outcome done, std::move(outcome));
    node_->make({Change::Kind::append, begin, copy(bytes)});
    TRY(state_->answer(done));
    return begin;
  }

  Result<void> sync() override {
    MutexLock lock(state_->mutex);
    TRY(writable());
    auto outcome = state_->change();
    if (!outcome) node_->doom();
    TRY(const Outcome done, std::move(outcome));
    if (done == Outcome::done) node_->sync(state_->random);
    return state_->answer(done);
  }

  Result<void> truncate(std::uint64_t size) override {
    MutexLock lock(state_->mutex);
    TRY(writable());
    ASSERT(size <= node_->visible.size());
    TRY(const Outcome done, state_->change());
    node_->make({Change::Kind::truncate, size, {}});
    return state_->answer(done);
  }

  std::uint64_t size() const override {
    MutexLock lock(state_->mutex);
    return node_->visible.size();
  }

 private:
  Result<void> usable() const MIKUSARI_REQUIRES(state_->mutex) {
    TRY(state_->up());
    if (epoch_ != state_->epoch) return failure(Code::unavailable, "opened before the simulated crash", path_);
    return {};
  }
  Result<void> writable() const MIKUSARI_REQUIRES(state_->mutex) {
    TRY(usable());
    if (how_ == Open::read) return failure(Code::forbidden, "opened for reading", path_);
    return {};
  }

  const std::shared_ptr<State> state_;
  const std::shared_ptr<Node> node_;
  const std::string path_;
  const Open how_;
  const std::uint64_t epoch_;
};

class SimulatedDisk::Lock final : public DirectoryLock {
 public:
  Lock(std::shared_ptr<State> state, std::string path, std::uint64_t epoch)
      : state_(std::move(state)), path_(std::move(path)), epoch_(epoch) {}
  ~Lock() override {
    MutexLock lock(state_->mutex);
    if (epoch_ == state_->epoch) state_->locked.erase(path_);
  }

 private:
  const std::shared_ptr<State> state_;
  const std::string path_;
  const std::uint64_t epoch_;
};

SimulatedDisk::SimulatedDisk(std::uint64_t seed) : state_(std::make_shared<State>(seed)) {}
SimulatedDisk::~SimulatedDisk() = default;

Result<std::unique_ptr<File>> SimulatedDisk::open(const std::string& path, Open how, Permission) {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  if (state_->directories.contains(path)) return failure(Code::invalid, "is a directory", path);
  if (!state_->directories.contains(parent(path))) return failure(Code::not_found, "no such file or directory", path);
  auto found = state_->find(path);
  if (found && how == Open::create_new) return failure(Code::conflict, "exists already", path);
  if (!found && how != Open::read && how != Open::append) {
    TRY(const Outcome done, state_->change());
    found = std::make_shared<Node>();
    state_->rename_now({{{path, *found}}});
    TRY(state_->answer(done));
  }
  TRY(auto node, std::move(found));
  return std::make_unique<OpenFile>(state_, std::move(node), path, how, state_->epoch);
}

Result<Entry> SimulatedDisk::entry(const std::string& path) const {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  if (state_->directories.contains(path)) return Entry::directory;
  return state_->visible.contains(path) ? Entry::file : Entry::absent;
}

Result<std::uint64_t> SimulatedDisk::size(const std::string& path) const {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  TRY(const auto node, state_->find(path));
  return node->visible.size();
}

Result<void> SimulatedDisk::rename(const std::string& from, const std::string& to) {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  TRY(const auto node, state_->find(from));
  if (!state_->directories.contains(parent(to))) return failure(Code::not_found, "no such file or directory", to);
  TRY(const Outcome done, state_->change());
  if (from != to) state_->rename_now({{{from, nullptr}, {to, node}}});
  return state_->answer(done);
}

Result<void> SimulatedDisk::remove(const std::string& path) {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  TRY(state_->find(path));
  TRY(const Outcome done, state_->change());
  state_->rename_now({{{path, nullptr}}});
  return state_->answer(done);
}

Result<std::vector<std::string>> SimulatedDisk::list(const std::string& directory) const {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  if (!state_->directories.contains(directory)) {
    return failure(Code::not_found, "no such file or directory", directory);
  }
  std::vector<std::string> names;
  const auto add = [&](const std::string& path) {
    if (path != directory && parent(path) == directory) names.push_back(path.substr(path.rfind('/') + 1));
  };
  for (const auto& [path, node] : state_->visible) add(path);
  for (const std::string& path : state_->directories) add(path);
  std::ranges::sort(names);
  return names;
}

Result<void> SimulatedDisk::make_directory(const std::string& path) {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  if (state_->directories.contains(path)) return {};
  if (state_->visible.contains(path)) return failure(Code::invalid, "not a directory", path);
  TRY(const Outcome done, state_->change());
  if (done == Outcome::crashed) return state_->answer(done);
  for (std::string at = path; !state_->directories.contains(at); at = parent(at)) state_->directories.insert(at);
  return {};
}

Result<void> SimulatedDisk::sync_directory(const std::string& path) {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  if (!state_->directories.contains(path)) return failure(Code::not_found, "no such file or directory", path);
  TRY(const Outcome done, state_->change());
  if (done == Outcome::crashed) return state_->answer(done);
  std::vector<NameChange> elsewhere;
  for (NameChange& change : state_->pending) {
    if (change.touches(path)) {
      change.apply_to(state_->durable);
    } else {
      elsewhere.push_back(std::move(change));
    }
  }
  state_->pending = std::move(elsewhere);
  return {};
}

Result<std::unique_ptr<DirectoryLock>> SimulatedDisk::lock(const std::string& directory) {
  MutexLock lock(state_->mutex);
  TRY(state_->up());
  if (!state_->directories.contains(directory)) {
    return failure(Code::not_found, "no such file or directory", directory);
  }
  if (!state_->locked.insert(directory).second) {
    return failure(Code::unavailable, "in use by another process", directory);
  }
  return std::make_unique<Lock>(state_, directory, state_->epoch);
}

std::uint64_t SimulatedDisk::changes() const {
  MutexLock lock(state_->mutex);
  return state_->changes;
}

void SimulatedDisk::crash_at(std::uint64_t change) {
  MutexLock lock(state_->mutex);
  state_->crash_at = change;
}

void SimulatedDisk::crash() {
  MutexLock lock(state_->mutex);
  state_->down = true;
}

bool SimulatedDisk::crashed() const {
  MutexLock lock(state_->mutex);
  return state_->down;
}

void SimulatedDisk::restart() {
  MutexLock lock(state_->mutex);
  state_->lose();
}

void SimulatedDisk::fail_at(std::uint64_t change, Error error) {
  MutexLock lock(state_->mutex);
  state_->faults.insert_or_assign(change, std::move(error));
}

Result<Buffer> SimulatedDisk::contents(const std::string& path) const {
  MutexLock lock(state_->mutex);
  TRY(const auto node, state_->find(path));
  return node->visible;
}

void SimulatedDisk::replace(const std::string& path, ByteView bytes) {
  MutexLock lock(state_->mutex);
  const std::string directory = parent(path);
  for (std::string at = directory; !state_->directories.contains(at); at = parent(at)) state_->directories.insert(at);
  auto found = state_->find(path);
  const auto node = found ? *found : std::make_shared<Node>();
  node->visible = node->durable = copy(bytes);
  node->pending.clear();
  state_->visible[path] = state_->durable[path] = node;
}

}  // namespace mikusari::platform
