/* Fills the generated structs of an answer. Texts are borrowed from the answer; lists are the arena's. */
#pragma once
#include <stdbool.h>
#include "arena.h"
#include "envelope.pb-c.h"
#include "fields/fields.h"
#include "reply.h"
#include "unconst.h"

/* A body that is written by its table. */
struct codec_body {
    uint32_t number;         /* of its field */
    struct message *message; /* NULL: `from` has the bytes of the body */
    const void *from;        /* NULL: there is no body, or it is in the struct */
    size_t size;             /* of the body */
};

/* Fills the body of `wire`, or says by which table it is written. */
struct codec_body codec_make_body (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);

/* The body of an answer to a batch: its answers one behind the other. The arena's. */
struct bytes codec_pack_batch (const struct reply *reply, struct arena *arena);

/* Bodies that no table can describe. */
void codec_fill_check (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_decision_show (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_event (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);

/* These are made in the arena. */
Consentd__Consent *codec_make_consent (const struct shown_consent *shown, struct arena *arena);
/* Without the reasons that people wrote: nobody needs them to decide again. */
Consentd__SubjectShowReply *codec_make_subject (const struct subject *subject, const struct id *subject_ref,
                                                struct arena *arena);

/* Generated structs have `char *`, though packing only reads. NULL becomes "". */
static inline char *codec_text (const char *text)
{
    return unconst_text (text);
}

static inline char **codec_texts (const char *const *texts)
{
    return unconst_list (texts);
}

static inline ProtobufCBinaryData codec_binary (const void *data, size_t size)
{
    return (ProtobufCBinaryData){.len = data ? size : 0, .data = unconst (data)};
}

static inline ProtobufCBinaryData codec_id (const struct id *id)
{
    return codec_binary (id->bytes, sizeof id->bytes);
}

static inline int64_t codec_time (moment when)
{
    return when == MOMENT_NEVER ? 0 : when;
}
