/* SPDX-License-Identifier: Apache-2.0
 *
 * Mikusari device library: checks what anybody says of a ledger, trusting nobody who says it.
 *
 * In go a trust policy (which the caller has by a way that he trusts), what the caller has kept from the last time, and
 * an answer from anybody; out comes a verified thing, or the reason why not. The formats are described in
 * docs/formats/.
 *
 * Memory: plain structures and the caller's buffers only; the library allocates nothing, keeps no global state and does
 * no input or output. Structures may be copied freely. Views (mikusari_bytes, mikusari_text) in results point into the
 * bytes that the caller passed in, and live as long as those. Threads: one client structure is used by one thread at a
 * time; different ones by different threads. On a device whose crypto is mbedTLS, all calls are made by one thread.
 * Stack: less than 4 kB in any one function on a Cortex-M4.
 * Time: bounded by the size of the input; passports are at most 1 MiB, other answers as large as the caller lets them
 * be.
 *
 * Every function returns MIKUSARI_OK or a code that says what to do; `error`, unless it is NULL, gets the same code
 * with a static English sentence. A result structure is all zero unless the function says otherwise. A required pointer
 * that is NULL gives MIKUSARI_INVALID. What the client remembers moves when an answer is verified, also when what is
 * verified is absence or a reason to refuse; it does not move when the answer does not hold.
 */
#ifndef MIKUSARI_CLIENT_H
#define MIKUSARI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MIKUSARI_ID_BYTES 32         /* ids of things, thumbprints of keys, hashes */
#define MIKUSARI_STATE_BYTES_MAX 512 /* what a client keeps between two times */
#define MIKUSARI_KEYS_MAX 8          /* keys of a device */
#define MIKUSARI_CLAIMS_MAX 8        /* units that claim one part */
#define MIKUSARI_NOWHERE 0xffffffffu /* mikusari_error.offset when the place is not known */

typedef enum mikusari_code {
  MIKUSARI_OK = 0,
  MIKUSARI_INVALID = 1,         /* the input is wrong: correct it, do not retry */
  MIKUSARI_UNAUTHENTICATED = 2, /* a signature or proof does not hold */
  MIKUSARI_FORBIDDEN = 3,       /* authentic, but not allowed; or of another ledger */
  MIKUSARI_NOT_FOUND = 4,       /* proved to be absent, or missing from the input */
  MIKUSARI_CONFLICT = 5,        /* contradicts what was seen before */
  MIKUSARI_CORRUPT = 6,         /* the state or policy is not what was written */
  MIKUSARI_EXHAUSTED = 7,       /* a buffer or a stated limit is too small */
  MIKUSARI_UNAVAILABLE = 8,     /* too old: ask again, or elsewhere */
  MIKUSARI_INTERNAL = 9         /* a bug or a failing machine */
} mikusari_code;

typedef struct mikusari_error {
  mikusari_code code;
  const char* text; /* static, English, never NULL */
  uint32_t offset;  /* byte of the input where it was seen, or MIKUSARI_NOWHERE */
} mikusari_error;

typedef struct mikusari_bytes {
  const uint8_t* data;
  size_t size;
} mikusari_bytes;

typedef struct mikusari_text {
  const char* data; /* UTF-8, no terminating zero; size 0: none */
  size_t size;
} mikusari_text;

/* ---- the client */

/* What the client knows. Made by mikusari_client_init(), moved on by every call that succeeds, stored by
 * mikusari_client_state(). `now` and `max_age` are the caller's to set at any time; the rest is not to be changed. */
typedef struct mikusari_client {
  uint64_t now;     /* Unix seconds by the caller's clock, or 0 without one */
  uint64_t max_age; /* oldest checkpoint to accept for answers about the present, in seconds; 0: any age */

  mikusari_bytes policy; /* the caller's bytes, which must outlive the client */
  uint8_t ledger[MIKUSARI_ID_BYTES];
  uint8_t policy_digest[MIKUSARI_ID_BYTES];
  uint64_t policy_epoch;
  uint64_t size; /* of the newest log seen; 0: none yet */
  uint8_t root[MIKUSARI_ID_BYTES];
  uint64_t time; /* Unix seconds: it is at least so late. Only moves forward; for devices without a clock */
} mikusari_client;

/* `state`: what mikusari_client_state() wrote; size 0 at the first use. now and max_age become 0.
 * MIKUSARI_INVALID for a bad policy, _CORRUPT for a bad state, _FORBIDDEN when the state is of another ledger,
 * _CONFLICT when it was made with a later policy, or with another one of the same epoch. */
mikusari_code mikusari_client_init(mikusari_client* client, mikusari_bytes policy, mikusari_bytes state,
                                   mikusari_error* error);

/* Writes the state to store, at most MIKUSARI_STATE_BYTES_MAX bytes, and its size. Store it where nobody else can set
 * it back: whoever can may show the client an older ledger. MIKUSARI_EXHAUSTED when `capacity` is too small. */
mikusari_code mikusari_client_state(const mikusari_client* client, uint8_t* out, size_t capacity, size_t* size,
                                    mikusari_error* error);

/* ---- what anybody may send */

/* An answer with the proof that its log continues the one that the client has seen (docs/formats/checkpoint.md; asked
 * for with the sizes of both). The proof may be empty at the first use and when the log has not grown since. */
typedef struct mikusari_answer {
  mikusari_bytes bytes;
  mikusari_bytes consistency;
} mikusari_answer;

/* All functions below check the signatures under the answer's checkpoint against the policy, and the checkpoint against
 * what was seen:
 *   MIKUSARI_FORBIDDEN        another ledger
 *   MIKUSARI_UNAUTHENTICATED  too few signatures, or any link of the proof does not hold
 *   MIKUSARI_CONFLICT         older than what was seen (somebody hides the newer state), or another log of the same
 * size (evidence of a fork: keep both) MIKUSARI_INVALID          not well formed, or the consistency proof is missing
 *   MIKUSARI_UNAVAILABLE      older than max_age
 */

/* Where in the ledger an answer stands. */
typedef struct mikusari_place {
  uint64_t log_size;
  uint64_t height;          /* of the newest block */
  uint64_t block_time_ms;   /* its time, Unix milliseconds */
  uint64_t checkpoint_time; /* a lower bound of the time when it was signed, Unix seconds */
} mikusari_place;

/* An encoded checkpoint alone. */
mikusari_code mikusari_update(mikusari_client* client, mikusari_answer checkpoint, mikusari_error* error);

typedef enum mikusari_thing {
  MIKUSARI_THING_DEVICE = 1,  /* id: 32 bytes */
  MIKUSARI_THING_PART = 2,    /* 32 bytes */
  MIKUSARI_THING_KEY = 3,     /* 32 bytes, RFC 9679 thumbprint */
  MIKUSARI_THING_MODEL = 4,   /* 32 bytes */
  MIKUSARI_THING_MEMBER = 5,  /* its name */
  MIKUSARI_THING_FIRMWARE = 6 /* 64 bytes: model id, SHA-256 of the image */
} mikusari_thing;

/* That the ledger has no such thing. MIKUSARI_CONFLICT when it has. `place` may be NULL. */
mikusari_code mikusari_verify_absence(mikusari_client* client, mikusari_answer answer, mikusari_thing type,
                                      mikusari_bytes id, mikusari_place* place, mikusari_error* error);

/* ---- devices */

typedef enum mikusari_device_state {
  MIKUSARI_DEVICE_ASSEMBLED = 1,
  MIKUSARI_DEVICE_ACTIVE = 2,
  MIKUSARI_DEVICE_RETIRED = 3,
  MIKUSARI_DEVICE_DESTROYED = 4
} mikusari_device_state;

typedef struct mikusari_device {
  mikusari_place place;
  mikusari_device_state state;
  uint8_t model[MIKUSARI_ID_BYTES];
  mikusari_text maker, owner, custodian;
  mikusari_text offered_to; /* the owner offers it to this member */
  mikusari_text in_transit_to;
  uint8_t keys[MIKUSARI_KEYS_MAX][MIKUSARI_ID_BYTES];
  size_t key_count;
  size_t part_count;  /* parts mounted in it: mikusari_device_part() */
  uint64_t disputes;  /* disputed parts in it, at any depth */
  uint64_t transfers; /* changes of owner so far */
  uint64_t seq;       /* statements that have changed it so far */
  mikusari_bytes record;
} mikusari_device;

/* The device's record now. MIKUSARI_OK says that the record is true, not that all is well: look at `state` and
 * `disputes`. MIKUSARI_NOT_FOUND: proved that the ledger has no such device (only `place` is filled). */
mikusari_code mikusari_verify_device(mikusari_client* client, mikusari_answer answer,
                                     const uint8_t id[MIKUSARI_ID_BYTES], mikusari_device* out, mikusari_error* error);
/* The id of its part number `index`, below part_count. */
mikusari_code mikusari_device_part(const mikusari_device* device, size_t index, uint8_t id[MIKUSARI_ID_BYTES]);

/* ---- parts */

typedef enum mikusari_part_state {
  MIKUSARI_PART_STOCK = 1,
  MIKUSARI_PART_MOUNTED = 2,
  MIKUSARI_PART_DISPUTED = 3,
  MIKUSARI_PART_SALVAGED = 4,
  MIKUSARI_PART_SCRAPPED = 5
} mikusari_part_state;

typedef enum mikusari_grade {
  MIKUSARI_GRADE_NONE = 0,    /* not mounted */
  MIKUSARI_GRADE_PROVEN = 1,  /* the part's own key has signed for the mount */
  MIKUSARI_GRADE_CLAIMED = 2, /* the part has no key: its assembler says so */
  MIKUSARI_GRADE_ACCEPTED = 3 /* unknown or salvaged, accepted by the owner */
} mikusari_grade;

typedef struct mikusari_part {
  mikusari_place place;
  mikusari_part_state state;
  mikusari_grade grade;
  bool has_model, has_key, has_parent;
  uint8_t model[MIKUSARI_ID_BYTES], key[MIKUSARI_ID_BYTES], parent[MIKUSARI_ID_BYTES];
  mikusari_text maker, custodian;
  mikusari_text in_transit_to;
  uint8_t claims[MIKUSARI_CLAIMS_MAX][MIKUSARI_ID_BYTES]; /* units that claim it while it is disputed */
  size_t claim_count;
  size_t part_count; /* parts mounted in it */
  uint64_t seq;
  mikusari_bytes record;
} mikusari_part;

/* As mikusari_verify_device(). */
mikusari_code mikusari_verify_part(mikusari_client* client, mikusari_answer answer, const uint8_t id[MIKUSARI_ID_BYTES],
                                   mikusari_part* out, mikusari_error* error);

/* ---- keys */

typedef enum mikusari_subject {
  MIKUSARI_SUBJECT_MEMBER = 1,
  MIKUSARI_SUBJECT_PART = 2,
  MIKUSARI_SUBJECT_DEVICE = 3
} mikusari_subject;

typedef enum mikusari_purpose {
  MIKUSARI_PURPOSE_WALLET = 1,
  MIKUSARI_PURPOSE_AUTHENTICATION = 2,
  MIKUSARI_PURPOSE_IDENTITY = 3,
  MIKUSARI_PURPOSE_ATTESTATION = 4
} mikusari_purpose;

typedef enum mikusari_reason {
  MIKUSARI_REASON_NONE = 0,
  MIKUSARI_REASON_UNSPECIFIED = 1,
  MIKUSARI_REASON_COMPROMISED = 2,
  MIKUSARI_REASON_SUPERSEDED = 3,
  MIKUSARI_REASON_END_OF_LIFE = 4,
  MIKUSARI_REASON_VETOED = 5
} mikusari_reason;

typedef struct mikusari_key {
  mikusari_place place;
  bool revoked;
  mikusari_reason reason; /* why it was revoked */
  mikusari_purpose purpose;
  mikusari_subject subject_type; /* whom it speaks for */
  mikusari_bytes subject;        /* the member's name, or the 32 bytes of the id */
  int32_t algorithm;             /* COSE: -9 ESP256, -19 Ed25519 */
  uint8_t key[64];               /* x || y, or the 32 bytes of RFC 8032 */
  size_t key_size;
  uint64_t from_ms, until_ms; /* speaks from this time on, and before that one; 0: no such bound */
} mikusari_key;

/* MIKUSARI_OK: the key speaks now, by the time of the newest block. MIKUSARI_FORBIDDEN: it is on the ledger and does
 * not speak (revoked, not yet, no longer); `out` is filled. MIKUSARI_NOT_FOUND: proved that the ledger does not know it
 * (only `place` is filled). */
mikusari_code mikusari_verify_key(mikusari_client* client, mikusari_answer answer, const uint8_t kid[MIKUSARI_ID_BYTES],
                                  mikusari_key* out, mikusari_error* error);

/* ---- firmware */

typedef enum mikusari_firmware_state {
  MIKUSARI_FIRMWARE_ABSENT = 0,
  MIKUSARI_FIRMWARE_RELEASED = 1,
  MIKUSARI_FIRMWARE_RECALLED = 2
} mikusari_firmware_state;

typedef struct mikusari_firmware {
  mikusari_place place;
  mikusari_firmware_state state;
  uint64_t sequence; /* of the image, 0 when absent */
  uint64_t size;     /* of the image in bytes */
  mikusari_text version;
  uint64_t floor;  /* devices of the model below this sequence may not connect */
  uint64_t latest; /* sequence of the newest release */
} mikusari_firmware;

/* Two answers under the same checkpoint: the record of (model, image), or its absence, and the record of the model. The
 * model's needs no consistency proof. MIKUSARI_UNAVAILABLE when the checkpoints differ: ask for both again.
 * MIKUSARI_OK: the image is released and not below the floor: it may run. MIKUSARI_FORBIDDEN: recalled, or below the
 * floor. MIKUSARI_NOT_FOUND: proved that no such image was released, or that the ledger has no such model. `out` is
 * filled in all three cases. */
mikusari_code mikusari_verify_firmware(mikusari_client* client, mikusari_answer image_answer,
                                       mikusari_answer model_answer, const uint8_t model[MIKUSARI_ID_BYTES],
                                       const uint8_t image_digest[MIKUSARI_ID_BYTES], mikusari_firmware* out,
                                       mikusari_error* error);

/* ---- receipts and events */

/* One committed body. */
typedef struct mikusari_event {
  uint8_t identity[MIKUSARI_ID_BYTES]; /* of the statement */
  uint8_t signer[MIKUSARI_ID_BYTES];   /* thumbprint of the key that signed it */
  mikusari_text issuer;                /* "member:<name>", "device:<hexadecimal>", "part:<hexadecimal>" */
  mikusari_text kind_name;             /* "ownership.accept" */
  uint16_t kind;                       /* its number */
  mikusari_bytes body;                 /* CBOR, docs/formats/statement.md */
  uint64_t index;                      /* of the body in its statement */
  uint64_t height;
  uint64_t time_ms; /* of the block */
  bool disputed;    /* it was accepted as a contradiction of another claim */
} mikusari_event;

/* That the ledger has committed this body. The statement's own signature is what the ledger has checked; it is not
 * checked again. A receipt tells of the past: it may be older than what was seen, if `consistency` then leads from its
 * checkpoint to the remembered one; max_age does not count. */
mikusari_code mikusari_verify_receipt(mikusari_client* client, mikusari_answer receipt, mikusari_event* out,
                                      mikusari_error* error);

/* ---- passports */

typedef struct mikusari_passport {
  mikusari_place place;
  uint8_t id[MIKUSARI_ID_BYTES];
  mikusari_device device;
  size_t part_count;      /* at any depth */
  size_t event_count;     /* of the device and of all these parts: all there ever were */
  size_t signature_count; /* statements whose signature was verified */
  mikusari_bytes bytes;   /* the whole passport */
} mikusari_passport;

/* A device's whole life. MIKUSARI_OK: every record is the ledger's, no event is missing or added, every signature
 * holds. MIKUSARI_NOT_FOUND: something is missing from the passport. Anybody's passport verifies: compare out->id with
 * the id that stands on the device before you. It says nothing of the device's place or condition in the real world;
 * look at device.state and device.disputes. */
mikusari_code mikusari_verify_passport(mikusari_client* client, mikusari_answer passport, mikusari_passport* out,
                                       mikusari_error* error);
/* Event number `index` below event_count, oldest first. REQUIRES: `passport` is a result of mikusari_verify_passport(),
 * and its bytes have not changed since. The same holds for the next function. */
mikusari_code mikusari_passport_event(const mikusari_passport* passport, size_t index, mikusari_event* out);
/* Part number `index` below part_count, each level of the device before the next. */
mikusari_code mikusari_passport_part(const mikusari_passport* passport, size_t index, uint8_t id[MIKUSARI_ID_BYTES],
                                     mikusari_part* out);

#ifdef __cplusplus
}
#endif

#endif
