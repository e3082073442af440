/* A request as the codec hands it on. Its syntax is right, every text was checked, and nothing was looked up yet.

   All memory is the arena's. Absent text is "" and never NULL. Sets are sorted and without doubles. Limits of
   syntax are those of proto/envelope.proto. The verb judges what codes and parties mean. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "parties/party_text.h"
#include "syntax.h"
#include "rules/decide.h"
#include "rules/obligations.h"
#include "rules/statement.h"
#include "rules/subject_change.h"

enum verb {
    VERB_NONE,
    VERB_WHOAMI,
    VERB_CHECK,
    VERB_OBLIGATION_DONE,
    VERB_OBLIGATION_DEFER,
    VERB_OBLIGATION_LIST,
    VERB_DUE_LIST,
    VERB_BATCH,
    VERB_GRANT,
    VERB_REFUSE,
    VERB_REVOKE,
    VERB_CONSENT_SHOW,
    VERB_CONSENT_LIST,
    VERB_ASK,
    VERB_WAITING_LIST,
    VERB_DEFER,
    VERB_SUBJECT_SET,
    VERB_SUBJECT_SHOW,
    VERB_RESTRICT,
    VERB_LIFT_RESTRICTION,
    VERB_SUBSCRIBE,
    VERB_ACKNOWLEDGE,
    VERB_STATUS,
    VERB_PARTY_ADD,
    VERB_PARTY_APPLY,
    VERB_PARTY_LIST,
    VERB_PARTY_REMOVE,
    VERB_AUDIT_LIST,
    VERB_EVENTS_LAG,
    VERB_EVENTS_SKIP,
    VERB_CLOCK_CONFIRM,
    VERB_CLOCK_RESET,
    VERB_DECISION_SHOW,
    VERBS
};

struct asked_item {
    const char *category, *origin; /* origin "": not known */
};

/* Of a written request (C8). It is asked for, and looked at by nobody but people. */
struct written_evidence {
    const char *reference;
    bool has_sha256;
    uint8_t sha256[32];
};

struct check_request {
    const char *provider, *recipient, *purpose;
    struct asked_item *items;
    size_t item_count; /* 1-64 */
    const char *case_ref;
    enum check_mode mode;
    bool all_or_nothing, under_secrecy;
    const char *manager_consulted, *no_manager; /* "": not given; never both */
    struct claim claim;                         /* C8; its reason is not looked up yet: */
    const char *urgent_reason;                  /* of urgent reasons */
    bool in_writing, is_urgent;                 /* as claim.kind says */
    bool has_evidence;
    struct written_evidence evidence; /* of a written request */
};

enum { BATCH_CHECKS = 256 };

/* A check in a batch. It was not read yet, and may not be well formed. */
struct batched_check {
    struct bytes bytes; /* of its CheckRequest, in the message of the batch */
    size_t item_count;
    bool asks_advice;
};

/* Each check is read when it is decided (codec_batch.h), so that a fault in one check does not harm the others. */
struct batch_request {
    struct batched_check *checks;
    size_t count;        /* 1-256 */
    struct bytes common; /* of the message: everything except its key and its body */
};

struct statement_request {      /* grant, refuse and ask */
    struct statement statement; /* as given: scope, motivation, form, evidence, notice, signatures, validity */
    bool has_answers;
    uint8_t answers[16]; /* the request for consent that it answers (G1) */
};

/* The name of an obligation: a decision brings at most one of a kind. */
struct obligation_name {
    uint64_t decision;
    enum obligation kind; /* 0, in a cursor: before the first */
};

struct revoke_request {
    uint8_t consent_id[16];
    struct withdrawal withdrawal;
};

/* What a change takes away. */
struct subject_removal {
    bool birth_date, death_date;
    struct text_set representatives, untils, refusals; /* references */
    struct text_set capabilities;                      /* days */
};

struct subject_set_request {
    struct subject_change change; /* days are days; kinds are not looked up yet */
    /* What it is made of. */
    struct representative *representatives;
    struct capability *capabilities;
    bool has_removal;
    struct subject_removal remove;
    uint8_t expected[16]; /* version of the record that is changed, */
    bool has_expected;    /* if it is said */
};

struct restriction_request {    /* set or lifted */
    bool whole;                 /* or else only the categories: */
    struct text_set categories; /* 1-64 */
    const char *reason;
};

/* How parties must become, each whole. */
enum { PARTIES_A_REQUEST = 256 };
struct party_change_request {
    struct party_text *parties; /* 1-256; their syntax was checked */
    size_t count;
    bool has_added;
    struct party_text added; /* of VERB_PARTY_ADD: what `parties` points to */
    bool has_table;
    uint8_t table[16]; /* the table that the caller looked at; if it has changed, the answer is INVALID */
};

struct request {
    struct bytes message; /* as it came; of a check of a batch, as it would have come alone. The log keeps it (A1),
                             and a key that comes again must come with the same (G11) */
    unsigned times;       /* of a check of a batch: how often it stands there; else 0 */
    uint32_t version;     /* of the protocol: 1 */
    bool has_key;
    uint8_t idempotency_key[16];
    uint64_t at_least_revision; /* 0: any */
    bool has_epoch;
    uint8_t at_least_epoch[16];
    enum verb verb;
    const struct reference
        *references;  /* all of a request that names its subject by an id of ours, and not by BSN */
    const char *bsn;  /* of the subject that the body names, nine digits, 11-test passed; "": it names none */
    const char *user; /* who acts: of the body, or else of the envelope; "": not named */
    const char *envelope_user; /* who acts as the envelope says; "": it does not */
    bool is_trial;        /* only asks or tries: nothing is recorded but the question, and no answer kept (G11) */
    struct bytes listing; /* that this page goes on with; size 0: none */
    union {
        struct check_request check;
        struct batch_request batch;
        struct statement_request statement;
        struct revoke_request revoke;
        struct {
            uint8_t consent_id[16];
        } consent_show;
        struct {
            bool has_after;
            uint8_t after[16];
            unsigned limit; /* 1-32 */
        } consent_list;
        struct {
            bool has_after;
            uint8_t after[8 + 16]; /* moment and id of the last one of the page before */
            unsigned limit;        /* 1-32 */
        } waiting_list;
        struct {
            uint8_t consent_id[16];
            const char *reason;
        } defer;
        struct {
            uint64_t decision;
            enum obligation kind;
            moment when; /* done: when it was, 0: now; defer: until when */
            const char *reason;
            const char *file, *manager; /* done, of RECORD_AGAINST_WILL: with its reason; else "" */
        } obligation;                   /* done and defer */
        struct {
            struct obligation_name after;
            struct bytes cursor; /* that says so */
            unsigned limit;      /* 1-100 */
        } obligation_list;
        struct {
            moment until;       /* 0: as the registry chooses */
            struct bytes after; /* cursor; size 0: from the first */
            unsigned limit;     /* 1-100 */
        } due_list;
        struct subject_set_request subject_set;
        struct restriction_request restriction;
        struct {
            uint64_t from;
            unsigned credit;
        } subscribe;
        struct {
            uint64_t number;
            unsigned credit;
        } acknowledge;
        struct party_change_request parties; /* VERB_PARTY_ADD, VERB_PARTY_APPLY */
        struct {
            const char *after, *id; /* id: only this one; "": all */
        } party_list;
        struct {
            const char *id;
        } party_remove;
        struct {
            const char *party, *reason;
            uint64_t number;
        } events_skip;
        struct {
            uint64_t after;
            uint64_t last;  /* instead: the last so many; 0: not asked */
            moment since;   /* instead: from this moment on; 0: not asked */
            unsigned limit; /* 1-100 */
            bool raw;
        } audit_list;
        struct {
            uint64_t number;
            bool statements;
            uint64_t after; /* 0: from the first */
        } decision_show;
    } as;
};
