/* The tables of bodies: of each that is asked the members of struct request that it sets, and what is judged of
   them; of each that is told the members of struct reply, or of what is made of it first (codec_reply_body.c).
   They are joined with the messages of the same name. */
#pragma once
#include "bodies.h"
#include "fields/fields.h"
#include "fields/tables.h"
#include "syntax.h"

/* What nearly every request has. */
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

/* How many a page has at most, and if nothing is said. */
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

/* What is made of an answer to go out by its table. */
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

struct obligation_page {
    const struct shown_duty *duties;
    size_t count;
    bool more;
    struct bytes next;
};
