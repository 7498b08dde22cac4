/* SPDX-License-Identifier: Apache-2.0
 * Looks at a device through an answer of a node that need not be trusted, and remembers what was seen.
 *
 *   check_device POLICY STATE ID ANSWER [CONSISTENCY]
 *
 * STATE is read if it is there and written anew when the answer holds; if it is there and empty, it was lost, and
 * nothing is believed until it is restored. Exit status: 0 active and never an alarm; 1 to 11 refused, the number of
 * the reason (mikusari_code); 20 the record is true, but the device is not active or there were alarms about it; 64
 * usage; 66 no such file; 74 the state cannot be written. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "files.h"

enum { EXIT_NOT_WELL = 20, EXIT_NOT_WRITTEN = 74 };

/* Nothing when there is no such file: then this is the first use. An empty file is not the same: to take it for the
 * first use would be to forget what was seen, and to believe an older answer. */
static mikusari_bytes read_state(const char* path) {
  const mikusari_bytes none = {NULL, 0};
  FILE* file = fopen(path, "rb");
  if (file == NULL && errno == ENOENT) return none;
  if (file != NULL) fclose(file);
  const mikusari_bytes state = read_file(path);
  if (state.size > 0) return state;
  printf("REFUSED: %s is empty, and should say what was seen last: restore it\n", path);
  exit(MIKUSARI_CORRUPT);
}

/* The folder's entry, so that the new name is there after a loss of power. */
static int sync_folder_of(const char* path) {
  char folder[4096];
  const char* slash = strrchr(path, '/');
  const int size = slash == NULL ? 1 : (int)(slash - path) + 1;
  if (snprintf(folder, sizeof folder, "%.*s", size, slash == NULL ? "." : path) >= (int)sizeof folder) return 0;
  const int opened = open(folder, O_RDONLY | O_DIRECTORY);
  if (opened < 0) return 0;
  const int synced = fsync(opened) == 0;
  return close(opened) == 0 && synced;
}

/* Beside the old one first, and on the disk before it takes the old one's name, so that a loss of power leaves one of
 * the two. */
static int write_state(const mikusari_client* client, const char* path, mikusari_error* error) {
  uint8_t state[MIKUSARI_STATE_BYTES_MAX];
  char beside[4096];
  size_t size = 0;
  if (mikusari_client_state(client, state, sizeof state, &size, error) != MIKUSARI_OK) return 0;
  if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside) return 0;
  FILE* file = fopen(beside, "wb");
  if (file == NULL) return 0;
  const int written = fwrite(state, 1, size, file) == size && fflush(file) == 0 && fsync(fileno(file)) == 0;
  return fclose(file) == 0 && written && rename(beside, path) == 0 && sync_folder_of(path);
}

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    fprintf(stderr, "usage: check_device POLICY STATE ID ANSWER [CONSISTENCY]\n");
    return EXIT_USAGE;
  }
  const mikusari_bytes none = {NULL, 0};
  const mikusari_bytes policy = read_file(argv[1]), state = read_state(argv[2]);
  const mikusari_answer answer = {read_file(argv[4]), argc == 6 ? read_file(argv[5]) : none};
  uint8_t id[MIKUSARI_ID_BYTES];
  read_id(argv[3], id);

  mikusari_error error;
  mikusari_client client;
  mikusari_device device;
  if (mikusari_client_init(&client, policy, state, &error) != MIKUSARI_OK) return refused(&error);
  const mikusari_code code = mikusari_verify_device(&client, answer, id, &device, &error);
  /* That there is no such device is an answer to remember, too. */
  if (code != MIKUSARI_OK && !(code == MIKUSARI_NOT_FOUND && device.place.log_size > 0)) return refused(&error);
  mikusari_error state_error;
  if (!write_state(&client, argv[2], &state_error)) {
    fprintf(stderr, "cannot write %s\n", argv[2]);
    return EXIT_NOT_WRITTEN;
  }
  if (code != MIKUSARI_OK) return refused(&error);

  const int well = device.state == MIKUSARI_DEVICE_ACTIVE && device.common.alarms == 0;
  printf("%s: owner ", well ? "ACTIVE" : "NOT WELL");
  print_hex(device.common.owner, sizeof device.common.owner);
  printf(", %s, %llu alarms, seen at block %llu\n", state_name(device.state), (unsigned long long)device.common.alarms,
         (unsigned long long)device.place.height);
  return well ? 0 : EXIT_NOT_WELL;
}
