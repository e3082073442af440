/* One message on its way through an adapter: read, asked about, thinned or reshaped, held or let go.

   A passage is driven from outside. It knows no socket, no file and no clock, and waits for nothing: it says what
   it needs next, and is told. One message alone is driven by program_drive.c; many at once can wait for their
   answers together.

       struct passage *passage = passage_new (&order, text, size);
       struct passage_need need;
       for (passage_step (passage, &need); need.kind != PASSAGE_DONE; passage_step (passage, &need))
           ... do what is needed, and tell it with one of passage_tell_...
       const struct passage_result *result = passage_result (passage);

   What would go is asked about first (ADVISE), built, found valid and stored, and only then is the disclosure
   asked for: of exactly what goes, all of it or nothing. So a message that is held has used up no consent, and the
   registry's log does not say that it went. The key of that question follows from the message (passage_key.h):
   whoever runs it again finds what was decided. Nothing here writes to a stream. No sentence holds anything from
   the message. */
#pragma once
#include "consent.h"
#include "elements.h"
#include "passage_key.h"
#include "schemas.h"

enum {
    PASSAGE_ERROR = MESSAGE_ERROR,
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
    PASSAGE_NO_CODE,          /* it is not held */
    PASSAGE_DENIED,           /* what it cannot go without is not permitted */
    PASSAGE_BSN_IN_TEXT,      /* a text of it could hold a BSN, where none is expected */
    PASSAGE_WRONG_SENDER,     /* it does not come from who sends it */
    PASSAGE_WRONG_RECEIVER,   /* it is not meant for to whom it goes */
    PASSAGE_NO_IDENTIFIER,    /* the registry does not know by which number one of the two is called in messages */
    PASSAGE_UNKNOWN_RECEIVER, /* no party, or more than one, is called as the message names its receiver */
    PASSAGE_ANSWERS_NOTHING,  /* it answers no message that went */
    PASSAGE_NOT_VALID,        /* what would go is refused by the schema */
    PASSAGE_CHANGED,          /* each time, what was advised was no longer so when it was asked for */
    PASSAGE_REVOKED_SINCE,    /* it was decided before, and a consent that this rested on has ended since */
    PASSAGE_UNWRITABLE,       /* what would go, or its report, cannot be stored */
    PASSAGE_TAKEN_BACK,       /* nothing of it is left to tell: all was taken back before it went */
};

/* Whose message it is, to whom it goes and for what. All is borrowed until the passage is destroyed. */
struct passage_order {
    const struct mapping *const *mappings; /* the first whose root fits the message is used; ends with NULL */
    struct schemas *schemas;               /* that were read; shared by all passages of a process */
    const char *schema_directory;          /* where those of the standard are; NULL: nowhere */
    const uint8_t *secret;                 /* of passage_secret */
    const uint8_t *former_secret; /* of the party's key before, under which it may have been run; or NULL */
    const char *provider;         /* whose message it is: the party that sends it */
    /* That party may also be the one that receives it: then the sender is whom the message names. */
    bool is_for_either;
    const char *recipient;     /* NULL: whom the message names as its receiver */
    const char *purpose;       /* NULL: the mapping's */
    const char *user;          /* who acts: an opaque reference */
    const char *case_ref;      /* NULL: none */
    const char *input_schema;  /* XML Schema of the incoming message; NULL: it is not validated */
    const char *output_schema; /* XML Schema of the outgoing message; NULL: the mapping's, where it is found */
    size_t limit;              /* bytes that a message may have at most; of MESSAGE_LIMIT_MAX at most */
    bool recall;               /* the message may have been run before: what was decided then is asked first */
    bool advise_only;          /* it does not go: only what would become of it is asked */
};

enum passage_need_kind {
    PASSAGE_IDENTIFY, /* who they are: passage_tell_parties */
    PASSAGE_RETURNED, /* whether a message with one of these identifications went: passage_tell_known */
    PASSAGE_SUBJECT,  /* whom the request with these references was about: passage_tell_subject */
    PASSAGE_PRODUCTS, /* what its products take back, and whether they were taken back: passage_tell_products */
    PASSAGE_RECORDED, /* what is recorded for the keys: passage_tell_recorded */
    PASSAGE_ADVISE,   /* the answers to the questions, in their order: passage_tell_answers */
    PASSAGE_WRITE,    /* store the output and the report durably beside their places: passage_tell_done */
    PASSAGE_DISCLOSE, /* as PASSAGE_ADVISE; from here on, data may have been disclosed */
    PASSAGE_GO,       /* let the stored output go: passage_tell_done */
    PASSAGE_DONE,     /* nothing: passage_result says what became of it */
};

/* What a passage needs. All is the passage's, until it is told. */
struct passage_need {
    enum passage_need_kind kind;
    struct consent_identification asked; /* of IDENTIFY */
    /* Of RETURNED, what it may answer: a message with one of these identifications, and with a root of one of
       these namespaces, that went from passage_recipient to passage_provider. Of SUBJECT likewise, by references.
       Each list ends with NULL. */
    const char *const *identifications;
    const char *const *roots;
    /* Of RECORDED, ADVISE and DISCLOSE. Each question of a DISCLOSE has a key of its own; with `together` they are
       asked as one, under the key of the first: all, or none. */
    const struct consent_question *questions;
    size_t question_count;
    bool together;
    const char *output; /* of WRITE and GO */
    size_t output_size;
    unsigned attempt; /* of which all this is, from 1 */
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
    int status;                /* of the answer that is missing, if PASSAGE_NO_ANSWER */
    struct elements *elements; /* NULL: the message could not be understood */
    bool not_validated;        /* what goes was held against no schema: that of the mapping is not here */
    const struct passage_client *clients; /* NULL: nothing was asked */
    char error[PASSAGE_ERROR]; /* "" if it goes; for HELD only if it is not by what the registry denied */
};

/* A part of a message that a later one may take back, or that takes back (`removal` of its mapping). All is the
   passage's. */
struct passage_product {
    size_t client;      /* of elements->clients[]: whom it is about */
    const char *key;    /* what it has in common with what is the same: values of the message, a line each */
    bool takes_back;    /* what went with the same key before */
    bool is_first;      /* nothing of it was told before, as it says itself */
    bool is_taken_back; /* it does not go: it was taken back, or would take back what never went */
    bool is_judged;     /* it was asked what it takes back: who sends the message to whom is right */
    size_t went, held;  /* if it takes back: out of how many messages that went, or are held */
    struct element *element;
};

/* What to remember of a message that goes. All is the passage's. */
struct passage_facts {
    const char *identification;                 /* the message's own; "" if it has none */
    const char *root;                           /* the namespace of its root */
    const char *provider, *recipient, *purpose; /* "" where it is not known, or there is none */
    const char *const *references;              /* by which a later message may refer to it; ends with NULL */
};

struct passage;

/* Begins with a message, which is read at once. Caller owns the passage and must destroy it. */
struct passage *passage_new (const struct passage_order *order, const char *text, size_t size);
void passage_destroy (struct passage **self_p);

/* Says what the passage needs now. Says the same until it is told. */
void passage_step (struct passage *self, struct passage_need *need);

/* Tells the parties that were asked for. `status` is that of consent_identify; without CONSENT_OK `parties` is
 * NULL. */
void passage_tell_parties (struct passage *self, int status, const struct consent_parties *parties);
/* Tells whether such a message went. */
void passage_tell_known (struct passage *self, bool known);
/* Tells whom the references are about: one BSN for all of them, which is copied. NULL: nobody is known. */
void passage_tell_subject (struct passage *self, const char *bsn);
/* The products of the message, in its order. Valid until the passage is destroyed. */
const struct passage_product *passage_products (const struct passage *self, size_t *count);
/* Tells of each product, in their order, whether it does not go (is_taken_back), and out of how many messages it
   takes back (went, held), which comes to what was told before; nothing else is read. Also before the first step:
   what is known since the message was held. If nothing of it is left to go, it is held. */
void passage_tell_products (struct passage *self, const struct passage_product *told);
/* Tells the recorded answers: one for each question, in their order; NULL: there is none. They are copied. */
void passage_tell_recorded (struct passage *self, const struct consent_answer *const *answers);
/* Tells the answers to the questions of the need: one for each, in their order. They are only read, and copied. */
void passage_tell_answers (struct passage *self, const struct consent_answer *const *answers);
/* Tells that the output was stored (PASSAGE_WRITE), or let go (PASSAGE_GO). `problem` is NULL, or one sentence
   that says why not; it is copied. */
void passage_tell_done (struct passage *self, const char *problem);
/* Tells at any need that the registry does not answer: a consent_status, and a sentence, which is copied. */
void passage_tell_no_answer (struct passage *self, int status, const char *problem);

/* What became of the message, as far as it is known. Valid until the passage is destroyed. */
const struct passage_result *passage_result (const struct passage *self);
const struct passage_order *passage_order (const struct passage *self);

/* Of the bytes of the message: PASSAGE_DIGEST. The passage's. */
const uint8_t *passage_message_digest (const struct passage *self);

/* To whom it goes, and what for, as far as that is known; else NULL. */
const char *passage_recipient (const struct passage *self);
/* Who sends it: the order's party, or if it may be another, who it was found to be; else NULL. */
const char *passage_provider (const struct passage *self);
const char *passage_purpose (const struct passage *self);

/* What is to be remembered, from PASSAGE_WRITE on. Valid until the passage is destroyed. */
const struct passage_facts *passage_facts (struct passage *self);

/* What the registry said last of an item of a client, or NULL. Of the answers' items only those that were asked.
 */
const struct consent_item_answer *passage_item (const struct passage *self, size_t client, size_t item);
/* What it said of a client last; NULL: it was not asked, or gave no answer. Borrowed. */
const struct consent_answer *passage_answer (const struct passage *self, size_t client);
