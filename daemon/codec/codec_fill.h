/* Answers to generated structs. What is filled in borrows its texts from the answer; lists are the arena's. */
#pragma once
#include <stdbool.h>
#include "arena.h"
#include "envelope.pb-c.h"
#include "reply.h"

/* Sets the body of `wire`: one of those below, or any other. */
void codec_fill_body (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_batch (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_check (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_consent_show (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_consent_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_restriction (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_decision_show (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_waiting_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_obligation (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_obligation_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_due_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_party_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_party_apply (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
void codec_fill_subject_show (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);

/* Each in the arena. */
Consentd__Consent *codec_make_consent (const struct shown_consent *shown, struct arena *arena);
Consentd__SubjectShowReply *codec_make_subject (const struct subject *subject, const struct id *subject_ref,
                                                struct arena *arena);

/* Generated structs hold `char *`, but packing only reads. NULL becomes "". */
static inline char *codec_text (const char *text)
{
    return (char *)(uintptr_t)(text ? text : "");
}

static inline char **codec_texts (const char *const *texts)
{
    return (char **)(uintptr_t)texts;
}

static inline ProtobufCBinaryData codec_binary (const void *data, size_t size)
{
    return (ProtobufCBinaryData){.len = data ? size : 0, .data = (uint8_t *)(uintptr_t)data};
}

static inline ProtobufCBinaryData codec_id (const struct id *id)
{
    return codec_binary (id->bytes, sizeof id->bytes);
}

static inline int64_t codec_time (moment when)
{
    return when == MOMENT_NEVER ? 0 : when;
}
