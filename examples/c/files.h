/* SPDX-License-Identifier: Apache-2.0
 * What the C examples need beside the library: whole files, words and hexadecimal. One thread. */
#ifndef EXAMPLES_FILES_H
#define EXAMPLES_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mikusari/client.h"

enum { EXIT_USAGE = 64, EXIT_NO_FILE = 66 };

/* The whole file in memory that the program's end gives back. Ends the program when it cannot be read. */
static mikusari_bytes read_file(const char* path) {
  FILE* file = fopen(path, "rb");
  uint8_t* data = NULL;
  size_t size = 0, capacity = 0, got = 1;
  while (file != NULL && got > 0) {
    if (size == capacity) {
      capacity = capacity == 0 ? 65536 : 2 * capacity;
      uint8_t* larger = realloc(data, capacity);
      if (larger == NULL) break;
      data = larger;
    }
    got = fread(data + size, 1, capacity - size, file);
    size += got;
  }
  if (file == NULL || got > 0 || ferror(file) != 0) {
    fprintf(stderr, "cannot read %s\n", path);
    exit(EXIT_NO_FILE);
  }
  fclose(file);
  mikusari_bytes out = {data, size};
  return out;
}

static inline void print_hex(const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) printf("%02x", bytes[i]);
}

static inline const char* state_name(mikusari_device_state state) {
  switch (state) {
    case MIKUSARI_DEVICE_ASSEMBLED: return "assembled";
    case MIKUSARI_DEVICE_ACTIVE: return "active";
    case MIKUSARI_DEVICE_SUSPENDED: return "suspended";
    case MIKUSARI_DEVICE_RETIRED: return "retired";
    case MIKUSARI_DEVICE_DESTROYED: return "destroyed";
  }
  return "unknown";
}

static inline int hex_digit(char c) {
  const char* digits = "0123456789abcdef";
  const char* at = c == '\0' ? NULL : strchr(digits, c);
  return at == NULL ? -1 : (int)(at - digits);
}

/* 64 hexadecimal digits. Ends the program when they are not. */
static inline void read_id(const char* text, uint8_t id[MIKUSARI_ID_BYTES]) {
  int good = strlen(text) == 2 * MIKUSARI_ID_BYTES;
  for (size_t i = 0; good && i < MIKUSARI_ID_BYTES; ++i) {
    const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
    good = high >= 0 && low >= 0;
    if (good) id[i] = (uint8_t)(high * 16 + low);
  }
  if (!good) {
    fprintf(stderr, "an id is 64 hexadecimal digits\n");
    exit(EXIT_USAGE);
  }
}

/* Prints why, and gives the exit status: the code. */
static inline int refused(const mikusari_error* error) {
  printf("REFUSED: %s", error->text);
  if (error->offset != MIKUSARI_NOWHERE) printf(" (at byte %lu)", (unsigned long)error->offset);
  printf("\n");
  return (int)error->code;
}

#endif
