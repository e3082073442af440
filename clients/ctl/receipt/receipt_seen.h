/* A line of the log as a receipt has it: taken apart, and opened with its own key if the receipt has that. Pure.
 */
#pragma once
#include "audit/log.h"
#include "envelope.pb-c.h"
#include "merkle/merkle.h"

struct arena;

enum receipt_kind { RECEIPT_GRANT, RECEIPT_REFUSAL, RECEIPT_WITHDRAWAL, RECEIPT_DECISION };

struct receipt_seen {
    enum receipt_kind kind;
    struct audit_head head;
    struct merkle_hash leaf;
    bool is_open; /* the rest is set */
    const Consentd__Request *request;
    const Consentd__Reply *reply; /* of all but decisions */
    const struct evidence *evidence;
};

enum receipt_sight {
    SIGHT_OK,
    SIGHT_NO_LINE,    /* these bytes are no line of a log */
    SIGHT_OTHER_KIND, /* it records nothing of which there are receipts */
    SIGHT_CLOSED,     /* the key does not open it */
    SIGHT_UNREADABLE, /* it opens, and holds something else than its head says */
};

/* `key`: 32 bytes, or size 0: the line stays closed. What is seen lives as long as the arena and `line`. */
enum receipt_sight receipt_see (struct receipt_seen *self, struct arena *arena, struct bytes line,
                                struct bytes key);

/* What a statement says, whether it is a consent or a refusal. Of an open line. */
struct receipt_statement {
    const Consentd__Scope *scope;
    Consentd__Signature *const *signatures;
    size_t signature_count;
    const Consentd__GrantRequest *grant; /* NULL: it is a refusal */
    const ProtobufCBinaryData *id;       /* of the consent or refusal */
};
struct receipt_statement receipt_statement_of (const struct receipt_seen *seen);
/* It takes a part of the consent, and not all of it. */
bool receipt_is_part (const Consentd__RevokeRequest *revoke);
/* The moment of the newest signature; that of the recording if there is none. */
moment receipt_said_at (const struct receipt_seen *seen);
