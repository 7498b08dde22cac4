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
 * that is NULL gives MIKUSARI_INVALID, and so do bytes at NULL whose size is not 0. What the client remembers moves
 * when an answer is verified, also when what is verified is absence or a reason to refuse; it does not move when the
 * answer does not hold.
 */
#ifndef MIKUSARI_CLIENT_H
#define MIKUSARI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MIKUSARI_ID_BYTES 32         /* ids of things, handles of parties, thumbprints of keys, hashes */
#define MIKUSARI_STATE_BYTES_MAX 512 /* what a client keeps between two times */
#define MIKUSARI_PARTY_KEYS_MAX 16   /* keys of a party */
#define MIKUSARI_THING_KEYS_MAX 8    /* keys of a part or device */
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
  MIKUSARI_INTERNAL = 9,        /* a bug or a failing machine */
  MIKUSARI_NEWER = 10,          /* made by a newer program than this library: update it; it is not malformed */
  MIKUSARI_LATER_POLICY = 11    /* the ledger goes by a later trust policy: mikusari_policy_step() first, then again */
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
 * MIKUSARI_INVALID for a bad policy, _CORRUPT for a bad state, _NEWER when a newer program made one of the two,
 * _FORBIDDEN when the state is of another ledger, _CONFLICT when it was made with a later policy, or with another one
 * of the same epoch. */
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
 * - MIKUSARI_FORBIDDEN: of another ledger
 * - MIKUSARI_UNAUTHENTICATED: too few signatures or witnesses, or any link of the proof does not hold
 * - MIKUSARI_CONFLICT: older than what was seen (somebody hides the newer state), or from before the policy; or another
 *   log of the same size (evidence of a fork: keep both)
 * - MIKUSARI_INVALID: not well formed, or the consistency proof is missing
 * - MIKUSARI_NEWER: of a form that is newer than this library
 * - MIKUSARI_UNAVAILABLE: older than max_age
 * - MIKUSARI_LATER_POLICY: too few of the policy's signers have signed, and the answer says that the ledger goes by the
 *   policy of a later epoch: ask for the step to client->policy_epoch + 1. Nothing is proved by such an answer, that
 *   neither. A checkpoint alone and a receipt do not say their epoch: they are MIKUSARI_UNAUTHENTICATED then
 */

/* Where in the ledger an answer stands. */
typedef struct mikusari_place {
  uint64_t log_size;
  uint64_t height;          /* of the newest block */
  uint64_t block_time_ms;   /* its time, Unix milliseconds */
  uint64_t checkpoint_time; /* a lower bound of the time when it was signed, Unix seconds */
  uint64_t policy_epoch;    /* that the ledger goes by; above the client's: get the later policy */
} mikusari_place;

/* An encoded checkpoint alone. */
mikusari_code mikusari_update(mikusari_client* client, mikusari_answer checkpoint, mikusari_error* error);

typedef enum mikusari_thing {
  MIKUSARI_THING_DEVICE = 1,   /* id: 32 bytes */
  MIKUSARI_THING_PART = 2,     /* 32 bytes */
  MIKUSARI_THING_KEY = 3,      /* 32 bytes, RFC 9679 thumbprint */
  MIKUSARI_THING_MODEL = 4,    /* 32 bytes */
  MIKUSARI_THING_PARTY = 5,    /* 32 bytes, its handle */
  MIKUSARI_THING_FIRMWARE = 6, /* 40 bytes: model id, sequence (big-endian) */
  MIKUSARI_THING_ROLE = 7      /* 72 bytes: the party that has it, number of the role (8 bytes, big-endian), scope */
} mikusari_thing;

/* That the ledger has no such thing. MIKUSARI_CONFLICT when it has. `place` may be NULL. */
mikusari_code mikusari_verify_absence(mikusari_client* client, mikusari_answer answer, mikusari_thing type,
                                      mikusari_bytes id, mikusari_place* place, mikusari_error* error);

/* ---- another trust policy */

typedef struct mikusari_step {
  uint64_t epoch;     /* of the new policy */
  uint64_t log_size;  /* leaves in the log that goes on */
  uint64_t lost_size; /* leaves of a log that was signed and is lost, as the recovery keys say; 0: none */
  uint64_t lost;      /* leaves that this client had seen and that are lost: what they proved is gone; 0: none */
} mikusari_step;

/* A step to the policy of the next epoch: the submission of the statement ledger.incarnation, which the recovery keys
 * of the client's policy have signed (docs/formats/policy.md). Writes the new policy to `out`, which must outlive the
 * client from then on and be stored beside its state, and its size; the client goes by it. When the client is ahead of
 * the log that goes on, it goes back to that, once, and `step->lost` says how far. A client that slept takes one step
 * an epoch.
 * - MIKUSARI_UNAUTHENTICATED: fewer recovery keys have signed than the policy demands
 * - MIKUSARI_CONFLICT: not the step after this policy; or it goes back behind what witnesses have cosigned, whom the
 *   policy demands; or its log is another one of the size that was seen
 * - MIKUSARI_FORBIDDEN: for another ledger
 * - MIKUSARI_INVALID: not well formed; or `out` lies over the policy in use or the submission
 * - MIKUSARI_EXHAUSTED: `capacity` is too small; 12 kB are enough
 */
mikusari_code mikusari_policy_step(mikusari_client* client, mikusari_bytes submission, uint8_t* out, size_t capacity,
                                   size_t* size, mikusari_step* step, mikusari_error* error);

/* ---- keys as their subjects list them */

typedef enum mikusari_purpose {
  MIKUSARI_PURPOSE_WALLET = 1,         /* signs statements */
  MIKUSARI_PURPOSE_AUTHENTICATION = 2, /* proves who the subject is */
  MIKUSARI_PURPOSE_IDENTITY = 3,       /* others encrypt to it */
  MIKUSARI_PURPOSE_ATTESTATION = 4,    /* signs measurements */
  MIKUSARI_PURPOSE_RELEASE = 5,        /* signs releases of firmware */
  MIKUSARI_PURPOSE_ISSUING = 6,
  MIKUSARI_PURPOSE_LINE = 7,
  MIKUSARI_PURPOSE_STANDBY = 8, /* brings a party's keys back */
  MIKUSARI_PURPOSE_REVOKING = 9,
  MIKUSARI_PURPOSE_PACKER = 10,
  MIKUSARI_PURPOSE_RECOVERY = 11 /* of the ledger */
} mikusari_purpose;

typedef struct mikusari_listed_key {
  uint8_t key[MIKUSARI_ID_BYTES]; /* thumbprint */
  mikusari_purpose purpose;
  bool frozen;
  bool birth;                 /* registered with the thing itself */
  uint64_t from_ms, until_ms; /* speaks from this time on, and before that one; 0: no such bound */
  bool has_root;              /* speaks only while the part is mounted under this thing, in this tenure of it */
  uint8_t root[MIKUSARI_ID_BYTES];
  uint64_t root_tenure;
} mikusari_listed_key;

/* ---- parties */

typedef enum mikusari_party_state {
  MIKUSARI_PARTY_ACTIVE = 1,
  MIKUSARI_PARTY_SUSPENDED = 2, /* receives, registers and alarms no more */
  MIKUSARI_PARTY_CLOSED = 3,    /* the same for ever, by itself */
  MIKUSARI_PARTY_EXPELLED = 4   /* the same for ever, by vote */
} mikusari_party_state;

typedef struct mikusari_party {
  mikusari_place place;
  mikusari_party_state state;
  bool is_member;                       /* otherwise `registrar` vouches for it */
  uint8_t registrar[MIKUSARI_ID_BYTES]; /* all zero for a member */
  mikusari_text name;                   /* a member's */
  uint64_t weight;                      /* a member's voting power */
  uint32_t roles;                       /* given by vote: bit 1 << number of the role (docs/formats/records.md) */
  mikusari_listed_key keys[MIKUSARI_PARTY_KEYS_MAX];
  size_t key_count;
  uint64_t alarms; /* how often one of its keys turned up elsewhere */
  mikusari_bytes record;
} mikusari_party;

/* The party's record now. MIKUSARI_NOT_FOUND: proved that the ledger has no such party (only `place` is filled). */
mikusari_code mikusari_verify_party(mikusari_client* client, mikusari_answer answer,
                                    const uint8_t handle[MIKUSARI_ID_BYTES], mikusari_party* out,
                                    mikusari_error* error);

/* ---- devices and parts */

typedef enum mikusari_class {
  MIKUSARI_CLASS_NONE = 0,
  MIKUSARI_CLASS_CHIP = 1,
  MIKUSARI_CLASS_BOARD = 2,
  MIKUSARI_CLASS_MODULE = 3,
  MIKUSARI_CLASS_BATTERY = 4,
  MIKUSARI_CLASS_DEVICE = 5
} mikusari_class;

/* What devices and parts have in common. Parties are given in full, also where the record leaves out what is equal. */
typedef struct mikusari_common {
  bool has_model, has_maker, has_owner; /* no model or maker: accepted as unknown; no owner: see mikusari_part */
  uint8_t model[MIKUSARI_ID_BYTES];     /* its id; with blinded_class its blinded form */
  mikusari_class blinded_class;         /* of a blinded model; none: the model stands there openly */
  uint8_t maker[MIKUSARI_ID_BYTES], owner[MIKUSARI_ID_BYTES], custodian[MIKUSARI_ID_BYTES];
  bool offered, shipped;
  bool shipped_with_title;               /* who receives it owns it */
  uint8_t offered_to[MIKUSARI_ID_BYTES]; /* the owner offers it to this party */
  uint8_t shipped_to[MIKUSARI_ID_BYTES]; /* it is on its way to this party */
  uint64_t offer_from_ms;                /* a forced hand-over waits until then */
  uint64_t title;                        /* how often title or life changed */
  uint64_t tenure;                       /* how often the owner changed */
  uint64_t alarms; /* all there ever were: set back, tampered with, a part or key turned up twice */
  uint64_t events; /* all that ever changed it */
  mikusari_listed_key keys[MIKUSARI_THING_KEYS_MAX];
  size_t key_count;
  size_t part_count; /* parts mounted in it: mikusari_mounted_part() */
} mikusari_common;

typedef enum mikusari_device_state {
  MIKUSARI_DEVICE_ASSEMBLED = 1,
  MIKUSARI_DEVICE_ACTIVE = 2,
  MIKUSARI_DEVICE_SUSPENDED = 3, /* by its owner: to be refused until it is resumed */
  MIKUSARI_DEVICE_RETIRED = 4,
  MIKUSARI_DEVICE_DESTROYED = 5
} mikusari_device_state;

typedef struct mikusari_device {
  mikusari_place place;
  mikusari_device_state state;
  mikusari_common common;
  mikusari_bytes record;
} mikusari_device;

/* The device's record now. MIKUSARI_OK says that the record is true, not that all is well: look at `state` and
 * `common.alarms`. MIKUSARI_NOT_FOUND: proved that the ledger has no such device (only `place` is filled). */
mikusari_code mikusari_verify_device(mikusari_client* client, mikusari_answer answer,
                                     const uint8_t id[MIKUSARI_ID_BYTES], mikusari_device* out, mikusari_error* error);

typedef enum mikusari_part_state {
  MIKUSARI_PART_STOCK = 1,
  MIKUSARI_PART_MOUNTED = 2,
  MIKUSARI_PART_SCRAPPED = 3
} mikusari_part_state;

typedef enum mikusari_grade {
  MIKUSARI_GRADE_NONE = 0,   /* not mounted */
  MIKUSARI_GRADE_PROVEN = 1, /* the part's own key has signed for the mount */
  MIKUSARI_GRADE_CLAIMED = 2 /* its assembler says so: the part has no key that speaks */
} mikusari_grade;

/* A mounted part is owned and held by whom its root is (the device, or the board that is mounted nowhere): then
 * has_owner is false, and owner and custodian are all zero. */
typedef struct mikusari_part {
  mikusari_place place;
  mikusari_part_state state;
  mikusari_grade grade;
  mikusari_common common;
  bool has_parent;
  uint8_t parent[MIKUSARI_ID_BYTES]; /* the unit that it is mounted in */
  bool accepted;                     /* once accepted by an owner as unknown, salvaged or without a speaking key */
  bool salvaged;                     /* once left a destroyed, salvaged or accepted unit */
  bool revoked;                      /* once had a key that was revoked */
  mikusari_bytes record;
} mikusari_part;

/* As mikusari_verify_device(). */
mikusari_code mikusari_verify_part(mikusari_client* client, mikusari_answer answer, const uint8_t id[MIKUSARI_ID_BYTES],
                                   mikusari_part* out, mikusari_error* error);

/* The id of part number `index` of a device's or part's record, below part_count. */
mikusari_code mikusari_mounted_part(mikusari_bytes record, size_t index, uint8_t id[MIKUSARI_ID_BYTES]);

/* ---- keys */

typedef enum mikusari_subject {
  MIKUSARI_SUBJECT_PARTY = 1,
  MIKUSARI_SUBJECT_PART = 2,
  MIKUSARI_SUBJECT_DEVICE = 3
} mikusari_subject;

typedef enum mikusari_key_state {
  MIKUSARI_KEY_ACTIVE = 1,
  MIKUSARI_KEY_FROZEN = 2,
  MIKUSARI_KEY_REVOKED = 3
} mikusari_key_state;

typedef enum mikusari_reason {
  MIKUSARI_REASON_NONE = 0,
  MIKUSARI_REASON_UNSPECIFIED = 1,
  MIKUSARI_REASON_COMPROMISED = 2,
  MIKUSARI_REASON_SUPERSEDED = 3,
  MIKUSARI_REASON_END_OF_LIFE = 4,
  MIKUSARI_REASON_VETOED = 5
} mikusari_reason;

/* Where the private key is, as its registrar says; who wants a proof looks at level_proved. */
typedef enum mikusari_level {
  MIKUSARI_LEVEL_FILE = 1,
  MIKUSARI_LEVEL_PROCESS = 2,
  MIKUSARI_LEVEL_GUEST = 3,
  MIKUSARI_LEVEL_HARDWARE = 4
} mikusari_level;

typedef struct mikusari_key {
  mikusari_place place;
  mikusari_key_state state;
  mikusari_reason reason; /* why it was revoked */
  mikusari_purpose purpose;
  mikusari_level level;
  bool level_proved;
  mikusari_subject subject_type; /* whom it speaks for */
  uint8_t subject[MIKUSARI_ID_BYTES];
  int32_t algorithm; /* COSE: -9 ESP256, -19 Ed25519 */
  uint8_t key[64];   /* x || y, or the 32 bytes of RFC 8032 */
  size_t key_size;
  bool listed;                /* the subject's record lists it; what follows stands there */
  uint64_t from_ms, until_ms; /* speaks from this time on, and before that one; 0: no such bound */
  bool has_root;
  uint8_t root[MIKUSARI_ID_BYTES];
  uint64_t root_tenure;
} mikusari_key;

/* Two answers under the same checkpoint: the record of the key, and the record of its subject (key record: field 11).
 * The subject's needs no consistency proof; it may be empty while the ledger does not know the key.
 *
 * MIKUSARI_OK: the key speaks now. Its record is active; its subject's record lists it as speaking, by the latest of
 * the block's time, the time when the checkpoint was signed, and for its end also what the client knows of the time;
 * its subject may act: an active party, a part that is not scrapped, a device that is not suspended, retired or
 * destroyed.
 *
 * The caller must check the purpose. IF has_root IS SET HE MUST CHECK MORE: the key of a mounted part speaks only while
 * the part is mounted under `root`, in tenure `root_tenure` of that. So he verifies the parts from `parent` to `parent`
 * up to a thing that is not mounted, at most 8 of them, under the same checkpoint: it must be `root`, live, and have
 * common.tenure equal to root_tenure.
 *
 * MIKUSARI_FORBIDDEN: it is on the ledger and does not speak; `out` is filled. MIKUSARI_NOT_FOUND: proved that the
 * ledger does not know it (only `place` is filled). MIKUSARI_UNAVAILABLE when the checkpoints differ: ask for both
 * again. */
mikusari_code mikusari_verify_key(mikusari_client* client, mikusari_answer key_answer, mikusari_answer subject_answer,
                                  const uint8_t kid[MIKUSARI_ID_BYTES], mikusari_key* out, mikusari_error* error);

/* ---- firmware */

typedef enum mikusari_firmware_state {
  MIKUSARI_FIRMWARE_ABSENT = 0,
  MIKUSARI_FIRMWARE_RELEASED = 1,
  MIKUSARI_FIRMWARE_HALTED = 2, /* by one release key: no roll-out */
  MIKUSARI_FIRMWARE_RECALLED = 3
} mikusari_firmware_state;

typedef struct mikusari_firmware {
  mikusari_place place;
  mikusari_firmware_state state;
  uint64_t sequence;               /* of the newest release that the image is in, 0 when absent */
  uint64_t size;                   /* of the image in bytes */
  uint8_t text[MIKUSARI_ID_BYTES]; /* leaf of the body that says the release's version */
  uint64_t floor;                  /* devices of the model below this sequence may not connect */
  uint64_t latest;                 /* sequence of the newest release */
  uint64_t available;              /* and of the newest that is not recalled */
  bool withdrawn;                  /* the vendor has withdrawn the model */
} mikusari_firmware;

/* Three answers under the same checkpoint: the record of (model, image), which names the newest release that the image
 * is in, the record of that release, and the record of the model. The first needs the consistency proof; that of the
 * release may be empty when there is no such image. MIKUSARI_UNAVAILABLE when the checkpoints differ: ask for all
 * again. MIKUSARI_OK: the image is released and not below the floor: it may run. MIKUSARI_FORBIDDEN: halted, recalled,
 * or below the floor. MIKUSARI_NOT_FOUND: proved that no such image was released, or that the ledger has no such model.
 * `out` is filled in all three cases. */
mikusari_code mikusari_verify_firmware(mikusari_client* client, mikusari_answer image_answer,
                                       mikusari_answer release_answer, mikusari_answer model_answer,
                                       const uint8_t model[MIKUSARI_ID_BYTES],
                                       const uint8_t image_digest[MIKUSARI_ID_BYTES], mikusari_firmware* out,
                                       mikusari_error* error);

/* ---- receipts and events */

typedef enum mikusari_outcome {
  MIKUSARI_OUTCOME_DONE = 1,
  MIKUSARI_OUTCOME_ALARM = 2, /* taken as evidence that a part or key turned up twice; nothing else happened */
  MIKUSARI_OUTCOME_VOIDED = 3 /* a deciding vote, whose matter the rules refused then */
} mikusari_outcome;

/* One committed body. */
typedef struct mikusari_event {
  uint8_t identity[MIKUSARI_ID_BYTES]; /* of the statement */
  uint8_t signer[MIKUSARI_ID_BYTES];   /* thumbprint of the key that signed it */
  mikusari_text issuer;                /* "party:<hexadecimal>", "device:<hexadecimal>", "part:<hexadecimal>" */
  mikusari_text kind_name;             /* "ownership.accept" */
  uint16_t kind;                       /* its number */
  bool withheld;                       /* its text is no longer given out: there is no body */
  mikusari_bytes body;                 /* CBOR, docs/formats/bodies.md */
  uint64_t index;                      /* of the body in its statement */
  uint64_t height;
  uint64_t time_ms; /* of the block */
  mikusari_outcome outcome;
} mikusari_event;

/* That the ledger has committed this body. The statement's own signature is what the ledger has checked; it is not
 * checked again. A receipt tells of the past: it may be older than what was seen, if `consistency` then leads from its
 * checkpoint to the remembered one; max_age does not count. */
mikusari_code mikusari_verify_receipt(mikusari_client* client, mikusari_answer receipt, mikusari_event* out,
                                      mikusari_error* error);

/* ---- passports */

/* Which events of a thing a page has: number `first` to first + count - 1 of `of`, oldest first. */
typedef struct mikusari_run {
  uint64_t first, count, of;
} mikusari_run;

/* An element of a list, and where it stands in the page. */
typedef struct mikusari_position {
  size_t index, at;
} mikusari_position;

typedef struct mikusari_passport {
  mikusari_place place;
  uint8_t id[MIKUSARI_ID_BYTES];
  mikusari_device device;
  mikusari_run run;       /* of the device; of its parts: mikusari_passport_part() */
  bool complete;          /* every part is there, at any depth, and every event of the device and of each part */
  size_t part_count;      /* in this page */
  size_t event_count;     /* in this page */
  size_t signature_count; /* of statements and approvals, that were verified */
  size_t withheld_count;  /* events whose text is withheld */
  size_t unproved_models; /* things whose model is blinded and not opened, or not their maker's */
  mikusari_bytes bytes;   /* the whole page */
  mikusari_position found_thing, found_statement, found_event; /* what was read last; not to be changed */
} mikusari_passport;

/* A page of a device's life; an ordinary life is one page. MIKUSARI_OK: every record is the ledger's, no event is
 * missing or added within the runs, every signature holds. Unless `complete` is set there are further pages: under one
 * checkpoint, their runs meet. MIKUSARI_NOT_FOUND: something is missing without which the page says nothing. Anybody's
 * passport verifies: compare out->id with the id that stands on the device before you. It says nothing of the device's
 * place or condition in the real world; look at device.state and common.alarms. */
mikusari_code mikusari_verify_passport(mikusari_client* client, mikusari_answer passport, mikusari_passport* out,
                                       mikusari_error* error);
/* Event number `index` below event_count, oldest first. Asked for in order, all of them are read in one walk over the
 * page; who goes back begins it again. REQUIRES: `passport` is a result of mikusari_verify_passport(), and its bytes
 * have not changed since. The same holds for the next function. */
mikusari_code mikusari_passport_event(mikusari_passport* passport, size_t index, mikusari_event* out);
/* Part number `index` below part_count, each level of the device before the next. `run` may be NULL. */
mikusari_code mikusari_passport_part(mikusari_passport* passport, size_t index, uint8_t id[MIKUSARI_ID_BYTES],
                                     mikusari_part* out, mikusari_run* run);

#ifdef __cplusplus
}
#endif

#endif
