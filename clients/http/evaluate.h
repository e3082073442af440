/* The two evaluation APIs of AuthZEN: JSON in, questions to the registry, JSON out. The registry is behind a door,
   so that this knows no socket. */
#pragma once
#include <jansson.h>
#include <stddef.h>
#include "consent.h"

enum { EVALUATIONS_MAX = CONSENT_BATCH_MAX };

/* Where questions are asked. */
struct door {
    void *context;
    /* Asks them, 1 to EVALUATIONS_MAX, as consent_check_together. `key`: 32 hexadecimal digits, or NULL. */
    int (*ask) (void *context, const struct consent_question *questions, size_t count, const char *key,
                struct consent_answer **answers);
};

/* What goes back. */
struct reply {
    int status;   /* of HTTP */
    json_t *body; /* an object, or a text where the status is an error. Caller must json_decref it */
};

/* Each sets the reply. `key` is the Idempotency-Key of the request, or NULL: then nothing is disclosed. */
void evaluate_one (const struct door *door, const json_t *body, const char *key, struct reply *reply);
void evaluate_many (const struct door *door, const json_t *body, const char *key, struct reply *reply);

/* The registry's key for this one of the caller: always the same. `index`: of the evaluation, where each is asked
   by itself. `made` has room for 33 characters. */
void evaluate_key (const char *key, size_t index, char *made);
