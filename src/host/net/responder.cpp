// SPDX-License-Identifier: Apache-2.0
#include "net/responder.hpp"

#include "net/problem.hpp"

namespace mikusari::net {

namespace {

class FunctionSink final : public Responder::Sink {
 public:
  explicit FunctionSink(std::function<void(Response&&)> receiver) : receiver_(std::move(receiver)) {}
  void deliver(std::uint64_t, std::uint64_t, Response&& response) override { receiver_(std::move(response)); }

 private:
  std::function<void(Response&&)> receiver_;
};

}  // namespace

Responder::Responder(std::shared_ptr<Sink> sink, std::uint64_t connection, std::uint64_t sequence)
    : sink_(std::move(sink)), connection_(connection), sequence_(sequence) {}

Responder Responder::into(std::function<void(Response&&)> receiver) {
  return {std::make_shared<FunctionSink>(std::move(receiver)), 0, 0};
}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this == &other) return *this;
  abandon();
  sink_ = std::move(other.sink_);
  connection_ = other.connection_;
  sequence_ = other.sequence_;
  return *this;
}

Responder::~Responder() { abandon(); }

void Responder::answer(Response response) {
  ASSERT(sink_ != nullptr);
  const std::shared_ptr<Sink> sink = std::move(sink_);
  sink->deliver(connection_, sequence_, std::move(response));
}

void Responder::abandon() {
  if (sink_) answer(Problem::of(500, "the request was dropped without an answer").response());
}

}  // namespace mikusari::net
