/* What the three adapters share: an outgoing message is read, asked about, thinned or reshaped, and written.

   Nothing here writes to a stream. No sentence holds anything from the message. */
#pragma once
#include "consent.h"
#include "elements.h"

enum { ADAPTER_ERROR = 512 };

/* What becomes of a message. */
enum adapter_outcome {
    ADAPTER_PASSED = 0,      /* the whole message may go */
    ADAPTER_THINNED = 1,     /* it goes, without the parts that may not go */
    ADAPTER_HELD = 2,        /* it does not go */
    ADAPTER_BAD_MESSAGE = 3, /* it cannot be understood; nothing was asked */
    ADAPTER_NO_ANSWER = 4,   /* the registry did not answer the question: the answer's status says why */
    ADAPTER_BAD_SCHEMA = 5,  /* the XML Schema cannot be used */
};

/* Whose message it is, to whom it goes and for what. All is borrowed. */
struct adapter_order {
    const struct mapping *const *mappings; /* the first whose root fits the message is used; ends with NULL */
    const char *provider;
    const char *recipient;
    const char *purpose;
    const char *user;            /* who acts: an opaque reference */
    const char *case_ref;        /* NULL: none */
    const char *idempotency_key; /* of the question; NULL: a new key */
    const char *input_schema;    /* XML Schema of the incoming message; NULL: it is not validated */
    const char *output_schema;   /* XML Schema of the outgoing message; NULL: it is not validated */
};

/* Who answers. The answer belongs to the registry, and must stay valid until the result is destroyed. */
struct adapter_registry {
    const struct consent_answer *(*ask) (void *context, const struct consent_question *question);
    void *context;
};

/* One message, and how far it is. */
struct adapter_result {
    enum adapter_outcome outcome;
    struct elements *elements;           /* NULL: the message could not be understood */
    const struct consent_answer *answer; /* borrowed; NULL: nothing was asked */
    char *output;                        /* NULL unless the message goes */
    size_t output_size;
    char error[ADAPTER_ERROR]; /* "" if it goes; for HELD only if the registry did not decide that */
};

/* Reads the message, asks one DISCLOSE check about all of its elements, and decides by the answer what goes: the
   message to pass on, or that it is held. `result` is filled in every case; caller must clear it with
   adapter_result_clear. */
enum adapter_outcome adapter_run (const struct adapter_order *order, const struct adapter_registry *registry,
                                  const char *text, size_t size, struct adapter_result *result);

void adapter_result_clear (struct adapter_result *result);
