/* Bytes to checked requests, answers to bytes. Only codec*.c include the generated protocol.

   What comes in is looked at before it is unpacked: generated code takes embedded NULs, invalid UTF-8, unknown
   enum values and fields given twice, and can be made to allocate sixty times what was sent. */
#pragma once
#include "bytes.h"
#include "outcome.h"
#include "reply.h"
#include "request.h"

struct arena;

enum { CODEC_MESSAGE_LIMIT = 65536 };

struct codec_fault {
    bool has_key;
    uint8_t idempotency_key[16];
    const char *field;   /* path: "check.items[2].category"; in the arena */
    const char *message; /* one sentence without the value: it may be personal */
};

/* Joins the tables of the messages with the protocol, at the start: one that does not fit ends the process there,
   and not at the first request. */
void codec_begin (void);

/* What a message seems to be before it is read. It need not be well formed, and nothing may rest on this but where
   it waits, what it counts for, and to what a refusal is the answer. */
struct codec_peek {
    enum verb verb;  /* of the first body in it */
    size_t requests; /* that it counts for: the checks of a batch, else 1 */
    bool has_key, has_other_version;
    uint8_t key[16];
};
struct codec_peek codec_peek (struct bytes message);

/* Reads a request. 0; or CODEC_INVALID: `fault` says which field. The request borrows from the arena. */
int codec_read_request (const void *data, size_t size, struct arena *arena, struct request *request,
                        struct codec_fault *fault);

/* Which check of a batch, and the key that it is recorded under (G11). */
struct codec_place {
    const struct request *batch; /* that codec_read_request read */
    size_t index;
    uint8_t key[16];
};

/* Reads one check of a batch as a request of its own, as it would have been read, had it come alone. 0 or
   CODEC_INVALID. */
int codec_read_check (const struct codec_place *place, struct arena *arena, struct request *request,
                      struct codec_fault *fault);

/* Packs an answer into the arena; it is at most CODEC_MESSAGE_LIMIT bytes, to a batch CODEC_BATCH_LIMIT.
   An answer that would not fit becomes UNAVAILABLE with the message that says so. */
void codec_write_reply (const struct reply *reply, struct arena *arena, struct bytes *message);

/* Marks a recorded answer as replayed (G11). `message` is one that codec_write_reply made; the copy is the
 * arena's. */
int codec_mark_replayed (const void *data, size_t size, bool revoked_since, struct arena *arena,
                         struct bytes *message);

/* What the log keeps of a request, for people to read. */
struct codec_evidence {
    struct bytes request, reply; /* as on the wire; size 0: not kept */
    const char *note;
    const struct rule_codes *all_reasons; /* of each item of a check, where the caller heard fewer; or NULL */
    size_t reason_count;
};

/* The parties of a recorded check; texts are the arena's. 0 or CODEC_INVALID. */
int codec_parties_of (struct bytes request, struct arena *arena, const char **provider, const char **recipient);

/* One JSON object of it, in the arena. It has no BSN: what the log keeps has none. */
const char *codec_describe (struct arena *arena, const struct codec_evidence *evidence);
