// SPDX-License-Identifier: Apache-2.0
#include "net/work_queue.hpp"

#include <algorithm>

#include "net/problem.hpp"

namespace mikusari::net {

namespace {

// A request without a body costs something too.
constexpr std::size_t request_bytes = 1024;

void answer_full(Responder& responder) {
  responder.answer(Problem::of(429, "the server has more to do than it can queue").response());
}

}  // namespace

WorkQueue::WorkQueue(std::size_t threads, std::size_t bytes_max, const Handler& handler)
    : handler_(handler), bytes_max_(bytes_max) {
  ASSERT(threads > 0);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkQueue::Taken WorkQueue::put(Request&& request, Responder&& responder) {
  const std::size_t bytes = request_bytes + request.body.size();
  const PeerAddress peer = request.peer ? request.peer->network : PeerAddress();
  std::vector<Item> pushed_out;
  bool taken = false;
  {
    platform::MutexLock lock(mutex_);
    // An empty queue takes any request: its size has been limited before.
    while (!stopping_ && !lines_.empty() && bytes_ + bytes > bytes_max_) {
      auto item = push_out(peer, bytes);
      if (!item) break;
      pushed_out.push_back(*std::move(item));
    }
    taken = !stopping_ && (lines_.empty() || bytes_ + bytes <= bytes_max_);
    if (taken) {
      const auto [line, first] = lines_.try_emplace(peer);
      if (first) turns_.push_back(peer);
      line->second.items.push_back({std::move(request), std::move(responder), bytes});
      line->second.bytes += bytes;
      bytes_ += bytes;
      changed_.notify_one();
    }
  }
  for (Item& item : pushed_out) answer_full(item.responder);
  if (!taken) answer_full(responder);
  return taken && pushed_out.empty() ? Taken::yes : Taken::full;
}

std::optional<WorkQueue::Item> WorkQueue::push_out(const PeerAddress& peer, std::size_t bytes) {
  const auto most = std::ranges::max_element(lines_, {}, [](const auto& line) { return line.second.bytes; });
  const auto mine = lines_.find(peer);
  const std::size_t would_have = (mine == lines_.end() ? 0 : mine->second.bytes) + bytes;
  if (most == lines_.end() || most->second.bytes <= would_have) return std::nullopt;
  Item out = std::move(most->second.items.back());
  most->second.items.pop_back();
  most->second.bytes -= out.bytes;
  bytes_ -= out.bytes;
  if (most->second.items.empty()) {
    turns_.erase(std::ranges::find(turns_, most->first));
    lines_.erase(most);
  }
  return out;
}

WorkQueue::Item WorkQueue::take_next() {
  const PeerAddress peer = turns_.front();
  turns_.pop_front();
  const auto line = lines_.find(peer);
  ASSERT(line != lines_.end());
  Item out = std::move(line->second.items.front());
  line->second.items.pop_front();
  line->second.bytes -= out.bytes;
  bytes_ -= out.bytes;
  if (line->second.items.empty())
    lines_.erase(line);
  else
    turns_.push_back(peer);
  return out;
}

void WorkQueue::work() {
  platform::MutexLock lock(mutex_);
  for (;;) {
    while (lines_.empty() && !stopping_) changed_.wait(mutex_);
    if (stopping_) return;
    Item item = take_next();
    lock.unlock();
    handler_(std::move(item.request), std::move(item.responder));
    lock.lock();
  }
}

void WorkQueue::stop() {
  std::map<PeerAddress, Line> left;
  {
    platform::MutexLock lock(mutex_);
    stopping_ = true;
    left.swap(lines_);
    turns_.clear();
    changed_.notify_all();
  }
  for (auto& [peer, line] : left)
    for (Item& item : line.items) item.responder.answer(Problem::of(503, "the server is stopping").response());
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace mikusari::net
