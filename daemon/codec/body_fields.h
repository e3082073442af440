/* The tables of bodies. For the body of a request: the members of struct request that it sets, and how they are
   judged. For the body of an answer: the members of struct reply that it shows, or of a struct that
   codec_reply_body.c makes of it first. Each is joined with the message of the same name. */
#pragma once
#include "bodies.h"
#include "fields/fields.h"
#include "fields/tables.h"
#include "syntax.h"

/* Nearly every request has these fields. */
#define OF_SUBJECT                                              \
    {                                                           \
        TEXT (request, bsn), .sort = SYNTAX_BSN, .needed = true \
    }
#define OF_SUBJECT_OR_ALL                       \
    {                                           \
        TEXT (request, bsn), .sort = SYNTAX_BSN \
    }
#define BY_USER                                                        \
    {                                                                  \
        TEXT (request, user), .sort = SYNTAX_REFERENCE, .needed = true \
    }
#define BY_USER_OR_NONE                                \
    {                                                  \
        TEXT (request, user), .sort = SYNTAX_REFERENCE \
    }

/* How many entries a page has: at most, and if the request does not say. */
enum { CONSENTS_A_PAGE = 32, CONSENTS_A_PAGE_DEFAULT = 16, ENTRIES_A_PAGE = 100, ENTRIES_A_PAGE_DEFAULT = 50 };

#define ASKED(name, array) const struct fields name##_asked = {FIELDS_OF (request, array)}
#define NOTHING_ASKED(name) const struct fields name##_asked = {.size = sizeof (struct request)}
#define TOLD(name, tag, array) const struct fields name##_told = {FIELDS_OF (tag, array)}

#define ASKED_OF_LIST(NAME, name) extern const struct fields name##_asked;
VERB_LIST (ASKED_OF_LIST)
#undef ASKED_OF_LIST
#define TOLD_OF_LIST(NAME, name) extern const struct fields name##_told;
ANSWER_LIST (TOLD_OF_LIST)
#undef TOLD_OF_LIST

extern struct message shown_consent_message;

/* The whole request: its envelope, and every body (envelope_fields.c). */
extern struct message request_message;

/* Structs that are made of struct reply, for the tables of some answers. */
struct still_covering {
    struct id consent_id;
    const char *case_ref;
    struct text_set origins;
};

struct revoked {
    bool already;
    struct text_set informed;
    const struct id *still_covered_by; /* the ids of all of them */
    size_t still_covered_by_count;
    const struct still_covering *still_covering; /* as many as fit */
    size_t still_covering_count;
};
