/* SPDX-License-Identifier: Apache-2.0
 * Looks whether a key speaks now, and for whom: by what the ledger says of the key and of its subject.
 *
 *   check_key POLICY KID KEY_ANSWER SUBJECT_ANSWER
 *
 * Exit status: 0 it speaks; 1 to 11 it does not, or nobody knows, the number of the reason (mikusari_code); 20 it
 * speaks only under another thing, which must be asked for (see mikusari_verify_key); 64 usage; 66 no such file. */
#include "files.h"

enum { EXIT_ASK_FOR_ROOT = 20 };

static const char* subject_name(mikusari_subject type) {
  return type == MIKUSARI_SUBJECT_PARTY ? "party" : type == MIKUSARI_SUBJECT_PART ? "part" : "device";
}

int main(int argc, char** argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: check_key POLICY KID KEY_ANSWER SUBJECT_ANSWER\n");
    return EXIT_USAGE;
  }
  const mikusari_bytes policy = read_file(argv[1]), none = {NULL, 0};
  const mikusari_answer key_answer = {read_file(argv[3]), none}, subject_answer = {read_file(argv[4]), none};
  uint8_t kid[MIKUSARI_ID_BYTES];
  read_id(argv[2], kid);

  mikusari_error error;
  mikusari_client client;
  mikusari_key key;
  if (mikusari_client_init(&client, policy, none, &error) != MIKUSARI_OK) return refused(&error);
  if (mikusari_verify_key(&client, key_answer, subject_answer, kid, &key, &error) != MIKUSARI_OK)
    return refused(&error);
  printf("SPEAKS: for %s ", subject_name(key.subject_type));
  print_hex(key.subject, sizeof key.subject);
  printf(", purpose %d, seen at block %llu\n", (int)key.purpose, (unsigned long long)key.place.height);
  if (!key.has_root) return 0;
  printf("  only under ");
  print_hex(key.root, sizeof key.root);
  printf(" in its tenure %llu\n", (unsigned long long)key.root_tenure);
  return EXIT_ASK_FOR_ROOT;
}
