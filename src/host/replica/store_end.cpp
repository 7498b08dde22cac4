// SPDX-License-Identifier: Apache-2.0
#include "replica/store_end.hpp"

#include "crypto/hash.hpp"

namespace mikusari::replica {

Result<StoreEnd> end_of_store(const Environment& environment, const Options& options) {
  TRY(const Genesis genesis, read_genesis(options.genesis));
  const Digest ledger = crypto::sha256(options.genesis);
  TRY(environment.files.make_directory(options.directory));
  TRY(const auto lock, environment.files.lock(options.directory));
  TRY(const auto log, LogStore::open(environment.files, platform::join(options.directory, "log")));
  Indexes indexes;
  Recovery recovery(options.genesis, ledger, *log, indexes);
  const storage::ChainSource source{environment.files, platform::join(options.directory, "chain"), ledger};
  const storage::ChainOptions chain_options{environment.random, environment.log, options.segment_bytes_max};
  TRY(const auto chain, storage::ChainFile::open(source, chain_options,
                                                 [&](const storage::Frame& frame) { return recovery.take(frame); }));
  Damage damage;
  const ChainReader reader(*chain, damage);
  StateTree tree(reader, environment.workers);
  LedgerEnd end;
  if (recovery.frames() == 0) {
    SignatureMemo memo(1);
    TRY(auto block, Executor(ledger, tree, memo).found(genesis, options.genesis));
    TRY(chain->append(0, block->frame.bytes));
    TRY(chain->sync());
    end = std::move(block->end);
  } else {
    TRY(end, recovery.finish(tree, source));
  }
  return StoreEnd{end.record.height, end.record.time_ms, end.log.size(),
                  end.log.root(),    end.policy,         recovery.frames() == 0};
}

}  // namespace mikusari::replica
