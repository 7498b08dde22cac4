// SPDX-License-Identifier: Apache-2.0
// A mutex whose use clang checks (-Wthread-safety): state that it guards says MIKUSARI_GUARDED_BY(mutex_), functions
// that want it held say MIKUSARI_REQUIRES(mutex_). libstdc++'s own mutex carries no such annotations.
//
// Wait for a condition in a plain loop, so that the check sees the lock:
//   MutexLock lock(mutex_);
//   while (queue_.empty()) changed_.wait(mutex_);
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#if defined(__clang__)
#define MIKUSARI_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define MIKUSARI_THREAD_ATTRIBUTE(x)
#endif
#define MIKUSARI_GUARDED_BY(x) MIKUSARI_THREAD_ATTRIBUTE(guarded_by(x))
#define MIKUSARI_POINTEE_GUARDED_BY(x) MIKUSARI_THREAD_ATTRIBUTE(pt_guarded_by(x))
#define MIKUSARI_REQUIRES(...) MIKUSARI_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define MIKUSARI_EXCLUDES(...) MIKUSARI_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))

namespace mikusari::platform {

class MIKUSARI_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  void lock() MIKUSARI_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
  void unlock() MIKUSARI_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

 private:
  friend class Condition;
  std::mutex mutex_;
};

// Holds a mutex for a scope. unlock() and lock() let go of it in the middle.
class MIKUSARI_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) MIKUSARI_THREAD_ATTRIBUTE(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() MIKUSARI_THREAD_ATTRIBUTE(release_capability()) {
    if (held_) mutex_.unlock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  void lock() MIKUSARI_THREAD_ATTRIBUTE(acquire_capability()) {
    mutex_.lock();
    held_ = true;
  }
  void unlock() MIKUSARI_THREAD_ATTRIBUTE(release_capability()) {
    mutex_.unlock();
    held_ = false;
  }

 private:
  Mutex& mutex_;
  bool held_ = true;
};

enum class Wake : std::uint8_t { notified, timed_out };

// May wake without reason: always wait in a loop that tests the condition.
class Condition {
 public:
  void wait(Mutex& mutex) MIKUSARI_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  Wake wait_for_ms(Mutex& mutex, std::int64_t timeout_ms) MIKUSARI_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const auto status = condition_.wait_for(lock, std::chrono::milliseconds(timeout_ms));
    lock.release();
    return status == std::cv_status::timeout ? Wake::timed_out : Wake::notified;
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace mikusari::platform
