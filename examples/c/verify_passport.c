/* SPDX-License-Identifier: Apache-2.0
 * Verifies a device's passport offline, and prints its life.
 *
 *   verify_passport POLICY PASSPORT
 *
 * Exit status: 0 verified; 1 to 9 refused, the number of the reason (mikusari_code); 64 usage; 66 no such file. */
#include "files.h"

static const char* state_name(mikusari_device_state state) {
  switch (state) {
    case MIKUSARI_DEVICE_ASSEMBLED: return "assembled";
    case MIKUSARI_DEVICE_ACTIVE: return "active";
    case MIKUSARI_DEVICE_RETIRED: return "retired";
    case MIKUSARI_DEVICE_DESTROYED: return "destroyed";
  }
  return "unknown";
}

static void print_life(const mikusari_passport* passport) {
  for (size_t i = 0; i < passport->event_count; ++i) {
    mikusari_event event;
    if (mikusari_passport_event(passport, i, &event) != MIKUSARI_OK) return;
    printf("  %llu  %.*s  by %.*s%s\n", (unsigned long long)(event.time_ms / 1000), (int)event.kind_name.size,
           event.kind_name.data, (int)event.issuer.size, event.issuer.data, event.disputed ? "  (disputed)" : "");
  }
}

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: verify_passport POLICY PASSPORT\n");
    return EXIT_USAGE;
  }
  const mikusari_bytes policy = read_file(argv[1]), none = {NULL, 0};
  const mikusari_answer answer = {read_file(argv[2]), none};
  mikusari_error error;
  mikusari_client client;
  mikusari_passport passport;
  if (mikusari_client_init(&client, policy, none, &error) != MIKUSARI_OK) return refused(&error);
  if (mikusari_verify_passport(&client, answer, &passport, &error) != MIKUSARI_OK) return refused(&error);

  printf("VERIFIED: device ");
  print_hex(passport.id, sizeof passport.id);
  printf("\n  %s, owned by %.*s, %lu parts, %llu of them disputed\n", state_name(passport.device.state),
         (int)passport.device.owner.size, passport.device.owner.data, (unsigned long)passport.part_count,
         (unsigned long long)passport.device.disputes);
  printf("  as of block %llu, signed at %llu or later\n", (unsigned long long)passport.place.height,
         (unsigned long long)passport.place.checkpoint_time);
  printf("  %lu events, all there ever were, under %lu verified signatures:\n", (unsigned long)passport.event_count,
         (unsigned long)passport.signature_count);
  print_life(&passport);
  return 0;
}
