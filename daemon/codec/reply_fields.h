/* The message of each body of an answer, and the table by which it is written. What must be made first is made in
   codec_reply_body.c. */
#pragma once
#include "fields/fields.h"
#include "fields/tables.h"
#include "kept.h"
#include "reply.h"

/* From struct reply: each table names the members of one body. */
extern struct message whoami_message, consent_recorded_message, consent_show_message, consent_list_message,
    restriction_message, subscribe_message, acknowledge_message, status_message, party_list_message,
    party_apply_message, audit_list_message, events_lag_message, waiting_list_message, obligation_message,
    due_list_message;
/* From structs that are made of it. */
extern struct message shown_subject_message, shown_consent_message, revoked_message, obligation_page_message;

/* A consent that still covers something of what was withdrawn. */
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
