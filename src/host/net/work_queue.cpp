// SPDX-License-Identifier: Apache-2.0
#include "net/work_queue.hpp"

#include "net/problem.hpp"

namespace mikusari::net {

namespace {

// A request without a body costs something too.
constexpr std::size_t request_bytes = 1024;

}  // namespace

WorkQueue::WorkQueue(std::size_t threads, std::size_t bytes_max, const Handler& handler)
    : handler_(handler), bytes_max_(bytes_max) {
  ASSERT(threads > 0);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkQueue::Taken WorkQueue::put(Request&& request, Responder&& responder) {
  const std::size_t bytes = request_bytes + request.body.size();
  platform::MutexLock lock(mutex_);
  // An empty queue takes any request: its size has been limited before.
  if (stopping_ || (!items_.empty() && bytes_ + bytes > bytes_max_)) {
    lock.unlock();
    responder.answer(Problem::of(429, "the server has more to do than it can queue").response());
    return Taken::full;
  }
  bytes_ += bytes;
  items_.push_back({std::move(request), std::move(responder), bytes});
  changed_.notify_one();
  return Taken::yes;
}

void WorkQueue::work() {
  platform::MutexLock lock(mutex_);
  for (;;) {
    while (items_.empty() && !stopping_) changed_.wait(mutex_);
    if (stopping_) return;
    Item item = std::move(items_.front());
    items_.pop_front();
    bytes_ -= item.bytes;
    lock.unlock();
    handler_(std::move(item.request), std::move(item.responder));
    lock.lock();
  }
}

void WorkQueue::stop() {
  std::deque<Item> left;
  {
    platform::MutexLock lock(mutex_);
    stopping_ = true;
    left.swap(items_);
    changed_.notify_all();
  }
  for (Item& item : left) item.responder.answer(Problem::of(503, "the server is stopping").response());
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace mikusari::net
