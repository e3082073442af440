/* Identifiers of consents, subjects and epochs, and how bytes are written. */
#pragma once
#include "call.h"

enum {
    ID_BYTES = 16,   /* of an identifier */
    HASH_BYTES = 32, /* of a SHA-256 */
};

/* An identifier as text. "" if it has not 16 bytes. */
void identifier_print (const ProtobufCBinaryData *id, char text[CONSENT_ID_SIZE]);
