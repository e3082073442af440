/* What every part needs: reading a reply within bounds, identifiers, lists, names, chance and the clock. */
#pragma once
#include "call.h"

enum {
    ID_BYTES = 16,         /* bytes of an identifier */
    HASH_BYTES = 32,       /* bytes of a SHA-256 */
    REQUEST_MAX = 65536,   /* bytes of a message that the registry reads */
    REPLY_MAX = 17 * 65536, /* bytes of a message that we read: one answers a batch of checks */
};

/* Unpacks at most REPLY_MAX bytes, and takes no more memory than a fixed multiple of that: 64 KiB of input
   can unpack to sixty times as much. NULL where it is not a reply of version 1, or too large. Caller must free it
   with consentd__reply__free_unpacked (reply, NULL). */
Consentd__Reply *primitive_unpack (const void *data, size_t size);

/* An identifier as text: "" where the bytes are not 16. */
void primitive_id (const ProtobufCBinaryData *id, char text[CONSENT_ID_SIZE]);

/* The same text where protobuf-c wants one that may be changed; it does not change what it packs. NULL becomes "".
 */
char *primitive_lend (const char *text);

/* A list that ends with NULL where protobuf-c wants one and its count; NULL is an empty one. */
char **primitive_lend_list (const char *const *list, size_t *count);

/* `count` texts as a list that ends with NULL. The texts are lent. Caller owns the list and must free it. */
const char **primitive_list (char *const *texts, size_t count);

/* What a negative status says, -errno of the system or of ZeroMQ: in words, and never a number. */
const char *primitive_problem (int status);

/* Fills with random bytes of the kernel. Aborts where there are none. */
void primitive_random (void *data, size_t size);

/* Milliseconds of a clock that only goes forward. */
int64_t primitive_now (void);

/* How long to wait before attempt number `attempt` (from 1): twice as long each time up to two seconds, of which
   the second half is left to chance. */
int64_t primitive_pause (int attempt);
