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
#define BY_USER                                                                        \
    {                                                                                  \
        TEXT (request, user), .in_log = true, .sort = SYNTAX_REFERENCE, .needed = true \
    }
#define BY_USER_OR_NONE                                                \
    {                                                                  \
        TEXT (request, user), .in_log = true, .sort = SYNTAX_REFERENCE \
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

extern const struct fields shown_consent_fields, shown_rights_fields, shown_duty_fields, all_reasons_fields,
    overview_telling_fields, overview_label_fields;

/* The whole request: its envelope, and every body (envelope_fields.c). */
extern struct message request_message;

/* The whole answer. */
struct enveloped {
    uint32_t version;
    const struct reply *reply;
    enum reply_body body;
    const void *from; /* what the table of the body is for */
};
extern struct message enveloped_message;

/* What the reply to a check says, as its answer in a batch repeats it: as a part of the reply, and as that answer
   (fields_check.c). */
struct batch_answer {
    uint32_t status;
    const char *field, *message;
    moment time;
    uint64_t revision;
    bool replayed, revoked_since;
    struct bytes check;
};
extern struct message batch_answer_in_reply, batch_answer_message;

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

/* Absent text is NULL. */
struct told_reason {
    enum rule_code code;
    const char *rule;
    struct text_set details;
};

struct told_item {
    const char *category, *origin;
    enum verdict verdict;
    enum duty_ground ground;   /* of a permit; else 0 */
    const uint8_t *consent_id; /* NULL: none */
    const char *statute, *urgent_reason;
    const struct told_reason *reasons;
    size_t reason_count;
    bool against_will;
};

struct told_check {
    enum verdict verdict;
    const struct told_item *items;
    const uint32_t *permitted, *denied; /* indexes of items */
    size_t item_count, permitted_count, denied_count;
    const uint32_t *obligations; /* their numbers */
    const struct kept_duty *duties;
    size_t obligation_count, duty_count;
    struct text_set asked;
    moment evaluated_at, until;
    uint64_t decision;
    struct id subject_ref;
    const char *policy;
};

struct told_event {
    struct event event;
    bool has_consent, has_subject;
};
