/* SPDX-License-Identifier: Apache-2.0
 * Verifies a device's passport offline, and prints its life.
 *
 *   verify_passport POLICY PASSPORT
 *
 * A long life comes in pages, each of which is verified alone. Exit status: 0 verified, and the whole life; 1 to 11
 * refused, the number of the reason (mikusari_code); 21 verified, and a page of it; 64 usage; 66 no such file. */
#include "files.h"

enum { EXIT_NOT_WHOLE = 21 };

static void print_life(mikusari_passport* passport) {
  for (size_t i = 0; i < passport->event_count; ++i) {
    mikusari_event event;
    if (mikusari_passport_event(passport, i, &event) != MIKUSARI_OK) return;
    printf("  %llu  %.*s  by %.*s%s%s\n", (unsigned long long)(event.time_ms / 1000), (int)event.kind_name.size,
           event.kind_name.data, (int)event.issuer.size, event.issuer.data,
           event.outcome == MIKUSARI_OUTCOME_ALARM ? "  (alarm)" : "", event.withheld ? "  (text withheld)" : "");
  }
}

static void print_page(mikusari_passport* passport) {
  const mikusari_device* device = &passport->device;
  printf("VERIFIED: device ");
  print_hex(passport->id, sizeof passport->id);
  printf("\n  %s, owned by ", state_name(device->state));
  print_hex(device->common.owner, sizeof device->common.owner);
  printf("\n  %lu parts here, %llu alarms, %lu unproved models\n", (unsigned long)passport->part_count,
         (unsigned long long)device->common.alarms, (unsigned long)passport->unproved_models);
  printf("  as of block %llu, signed at %llu or later\n", (unsigned long long)passport->place.height,
         (unsigned long long)passport->place.checkpoint_time);
  printf("  %lu events, %lu without text, under %lu verified signatures:\n", (unsigned long)passport->event_count,
         (unsigned long)passport->withheld_count, (unsigned long)passport->signature_count);
  print_life(passport);
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
  print_page(&passport);
  if (passport.complete) return 0;
  printf("  NOT THE WHOLE LIFE: events %llu to %llu of %llu; ask for the other pages\n",
         (unsigned long long)passport.run.first + 1, (unsigned long long)(passport.run.first + passport.run.count),
         (unsigned long long)passport.run.of);
  return EXIT_NOT_WHOLE;
}
