/* By which key the registry knows what is asked about a message: it follows from the message, so that whoever runs
   the same message again, after whatever happened to the first run, asks the same question and hears the same
   decision. */
#pragma once
#include <stdint.h>
#include "consent.h"

enum {
    PASSAGE_SECRET = 32, /* bytes */
    PASSAGE_DIGEST = 32,
};

/* Whose question it is, and about what. All is lent. */
struct passage_name {
    const char *const *texts; /* parties, purpose, message; ends with NULL */
    const uint8_t *digest;    /* of the bytes of the message: PASSAGE_DIGEST */
    size_t client;            /* of a message whose clients are decided one by one; else 0 */
    unsigned attempt;         /* from 1 */
};

/* What only the holder of the party's key has, so that nobody else can make a key, or guess from one what a
   message holds. */
void passage_secret (const consent_t *connection, uint8_t secret[PASSAGE_SECRET]);
/* The same of the secret key of a key file. */
void passage_secret_of (const char *secret_key, uint8_t secret[PASSAGE_SECRET]);

/* BLAKE2b: a SHA-256 takes six times as long, which is a tenth of all that a message takes. */
void passage_digest (const char *text, size_t size, uint8_t digest[PASSAGE_DIGEST]);

/* 32 hexadecimal digits. */
void passage_key (const uint8_t secret[PASSAGE_SECRET], const struct passage_name *name,
                  char key[CONSENT_ID_SIZE]);
