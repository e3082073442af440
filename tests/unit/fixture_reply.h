/* An answer to write, and what whoever receives it unpacks of it. */
#pragma once
#include "arena.h"
#include "bytes.h"
#include "codec/codec.h"
#include "envelope.pb-c.h"

extern struct arena *reply_arena; /* of the group of tests */
extern struct reply reply;        /* what is written */
extern struct bytes message;      /* as it was written last */

/* cmocka's setup and teardown of a group. */
int fixture_reply_setup (void **state);
int fixture_reply_teardown (void **state);

/* An answer that is OK, with key, epoch, revision 42 and a time. */
void fixture_prepare (enum reply_body body);
/* Of a check of three items: by consent, by statute, denied. */
void fixture_prepare_check (void);
extern struct checked {
    struct check_request asked;
    struct decision decision;
    struct statement statements[2];
    struct policy_statute statutes[2];
    struct policy policy;
    struct obligations obligations;
} checked;

/* Writes the answer, and unpacks the message. Every answer holds to what is asked of requests: no field twice,
   nothing unknown. As long as the arena. */
const Consentd__Reply *fixture_sent (void);
/* Unpacks the message as it is. */
const Consentd__Reply *fixture_received (void);
void fixture_assert_id (ProtobufCBinaryData data, const void *id);
