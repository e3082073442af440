/* Bytes to checked requests, and answers to bytes. Only this room includes the generated protocol.

   Generated code does not read requests. It accepts embedded NULs, invalid UTF-8, unknown enum values and fields
   given twice, and can be made to allocate sixty times the size of the message. */
#pragma once
#include "bytes.h"
#include "outcome.h"
#include "reply.h"
#include "request.h"

struct arena;

enum {
    CODEC_MESSAGE_LIMIT = 65536,
    CODEC_TOGETHER_LIMIT = 1 << 20, /* of a batch that discloses all or nothing */
};
/* An answer leaves room for what the log keeps beside it: a line has no more than AUDIT_LINE_LIMIT (audit/log.h). */
enum { CODEC_ANSWER_LIMIT = CODEC_MESSAGE_LIMIT - 1024 };

struct codec_fault {
    bool has_key;
    uint8_t idempotency_key[16];
    const char *field;   /* path: "check.items[2].category"; the arena's */
    const char *message; /* one sentence, without the value, which may be personal */
};

/* Joins the tables of the messages with the protocol, at the start. If one does not fit, the process ends there,
   and not at the first request. */
void codec_begin (void);

/* What a message seems to be before it is read. It need not be well formed. Only three things may depend on this:
   where it waits, how many requests it counts for, and which request a refusal answers. */
struct codec_peek {
    enum verb verb;  /* of the first body in it */
    size_t requests; /* how many requests it counts for: the checks of a batch, else 1 */
    bool has_key, has_other_version;
    uint8_t key[16];
};
struct codec_peek codec_peek (struct bytes message);

/* Reads a request. 0, or CODEC_INVALID: `fault` names the field. The request borrows from the arena. */
int codec_read_request (const void *data, size_t size, struct arena *arena, struct request *request,
                        struct codec_fault *fault);

/* A check of a batch, and the key under which it is recorded (G11). */
struct codec_place {
    const struct request *batch; /* read by codec_read_request */
    size_t index;
    uint8_t key[16];
};

/* Reads one check of a batch as if it had come alone. 0 or CODEC_INVALID. */
int codec_read_check (const struct codec_place *place, struct arena *arena, struct request *request,
                      struct codec_fault *fault);

/* What a request for a listing says, except which page is asked: the same bytes for every page. Of a request with
   a body that codec_read_request has read, and which is no batch. The arena's. */
struct bytes codec_write_listed (const struct request *request, struct arena *arena);

/* Packs an answer into the arena. It has at most CODEC_ANSWER_LIMIT bytes, to a batch or of what is recorded
   CODEC_BATCH_LIMIT, for a backup or for lines as stored CODEC_LARGE_LIMIT. An answer that would not fit becomes
   UNAVAILABLE, with a message that says so. */
void codec_write_reply (const struct reply *reply, struct arena *arena, struct bytes *message);

/* Makes `answer` of what else the reply to a check holds. The arena's, and borrows from the reply. */
const struct check_answer *codec_answer_check (const struct check_reply *check, struct arena *arena);

/* Marks a recorded answer as replayed (G11). codec_write_reply has made `message`. The copy is the arena's. */
int codec_mark_replayed (const void *data, size_t size, bool revoked_since, struct arena *arena,
                         struct bytes *message);

/* What the log keeps of a request, for people to read. */
struct codec_evidence {
    struct bytes request, reply; /* as on the wire; size 0: not kept */
    const char *note;
    const struct rule_codes *all_reasons; /* for each item of a check, if the caller heard fewer; else NULL */
    size_t reason_count;
};

/* Describes it as one JSON object, in the arena. It has no BSN, because the log keeps none. */
const char *codec_describe (struct arena *arena, const struct codec_evidence *evidence);
