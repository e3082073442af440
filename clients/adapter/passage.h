/* One message on its way through an adapter: read, asked about, thinned or reshaped, held or let go.

   A passage is driven from outside. It knows no socket, no file and no clock, and waits for nothing: it says what
   it needs next, and is told. One message alone is driven by program.c; many at once can wait for their answers
   together.

       struct passage *passage = passage_new (&order, text, size);
       struct passage_need need;
       for (passage_step (passage, &need); need.kind != PASSAGE_DONE; passage_step (passage, &need))
           ... do what is needed, and tell it with passage_tell_answers or passage_tell_done
       const struct passage_result *result = passage_result (passage);

   What would go is asked about first (ADVISE), built, found valid and stored, and only then is the disclosure
   asked for: of exactly what goes, all of it or nothing. So a message that is held has used up no consent, and the
   registry's log does not say that it went. Nothing here writes to a stream. No sentence holds anything from the
   message. */
#pragma once
#include "consent.h"
#include "elements.h"
#include "schemas.h"

enum {
    PASSAGE_ERROR = 512,
    PASSAGE_ATTEMPTS_MAX = 8 /* how often what was advised may be no longer so when it is asked for */
};

/* What becomes of a message. */
enum passage_outcome {
    PASSAGE_PASSED = 0,      /* all of it went */
    PASSAGE_THINNED = 1,     /* it went, without the parts that may not go */
    PASSAGE_HELD = 2,        /* it does not go; nothing was disclosed. `code` says why */
    PASSAGE_BAD_MESSAGE = 3, /* it cannot be understood; nothing was asked */
    PASSAGE_NO_ANSWER = 4,   /* the registry did not answer: `status` says why */
    PASSAGE_BAD_SCHEMA = 5,  /* the XML Schema cannot be used */
};

/* Why a message is held. */
enum passage_code {
    PASSAGE_NO_CODE,    /* it is not held */
    PASSAGE_DENIED,     /* what it cannot go without is not permitted */
    PASSAGE_NOT_VALID,  /* what would go is refused by the schema */
    PASSAGE_CHANGED,    /* each time, what was advised was no longer so when it was asked for */
    PASSAGE_UNWRITABLE, /* what would go, or its report, cannot be stored */
};

/* Whose message it is, to whom it goes and for what. All is borrowed until the passage is destroyed. */
struct passage_order {
    const struct mapping *const *mappings; /* the first whose root fits the message is used; ends with NULL */
    struct schemas *schemas;               /* that were read; shared by all passages of a process */
    const char *provider;
    const char *recipient;
    const char *purpose;
    const char *user;          /* who acts: an opaque reference */
    const char *case_ref;      /* NULL: none */
    const char *input_schema;  /* XML Schema of the incoming message; NULL: it is not validated */
    const char *output_schema; /* XML Schema of the outgoing message; NULL: it is not validated */
};

enum passage_need_kind {
    PASSAGE_ADVISE,   /* the answers to the questions, in their order: passage_tell_answers */
    PASSAGE_WRITE,    /* store the output and the report durably beside their places: passage_tell_done */
    PASSAGE_DISCLOSE, /* as PASSAGE_ADVISE; from here on, data may have been disclosed */
    PASSAGE_GO,       /* let the stored output go: passage_tell_done */
    PASSAGE_DONE,     /* nothing: passage_result says what became of it */
};

/* What a passage needs. All is the passage's, until it is told. */
struct passage_need {
    enum passage_need_kind kind;
    const struct consent_question *questions; /* of ADVISE and DISCLOSE */
    size_t question_count;
    const char *output; /* of WRITE and GO */
    size_t output_size;
};

/* What the registry said of a client of the message: elements->clients[] of the same index. */
struct passage_client {
    const struct consent_answer *advice;   /* what was advised; NULL: it was not asked */
    const struct consent_answer *decision; /* by what it goes: the recorded disclosure; NULL: it does not */
};

/* One message, and what became of it. All is the passage's. */
struct passage_result {
    enum passage_outcome outcome;
    enum passage_code code;
    int status;                           /* of the answer that is missing, if PASSAGE_NO_ANSWER */
    struct elements *elements;            /* NULL: the message could not be understood */
    const struct passage_client *clients; /* NULL: nothing was asked */
    char error[PASSAGE_ERROR]; /* "" if it goes; for HELD only if it is not by what the registry denied */
};

struct passage;

/* Begins with a message, which is read at once. Caller owns the passage and must destroy it. */
struct passage *passage_new (const struct passage_order *order, const char *text, size_t size);
void passage_destroy (struct passage **self_p);

/* Says what the passage needs now. Says the same until it is told. */
void passage_step (struct passage *self, struct passage_need *need);

/* Tells the answers to the questions of the need: one for each, in their order. They are only read, and copied. */
void passage_tell_answers (struct passage *self, const struct consent_answer *const *answers);

/* Tells that the output was stored (PASSAGE_WRITE), or let go (PASSAGE_GO). `problem` is NULL, or one sentence
   that says why not; it is copied. */
void passage_tell_done (struct passage *self, const char *problem);

/* What became of the message, as far as it is known. Valid until the passage is destroyed. */
const struct passage_result *passage_result (const struct passage *self);
const struct passage_order *passage_order (const struct passage *self);

/* What the registry said last of an item of a client, or NULL. Of the answers' items only those that were asked.
 */
const struct consent_item_answer *passage_item (const struct passage *self, size_t client, size_t item);
