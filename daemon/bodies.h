/* What each verb asks, and what each answer tells: one list of verbs, one of answers, and their structs.

   The name of a verb or an answer is that of its field in the envelope (proto/envelope.proto). The tables in
   codec/fields_*.c read and write them. All memory is the arena's. In a request, absent text is "" and never NULL,
   and sets are sorted and without doubles. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "kept.h"
#include "parties/party_text.h"
#include "rules/decide.h"
#include "rules/obligations.h"
#include "rules/statement.h"
#include "rules/subject_change.h"

#define VERB_LIST(X)                       \
    X (WHOAMI, whoami)                     \
    X (CHECK, check)                       \
    X (OBLIGATION_DONE, obligation_done)   \
    X (OBLIGATION_DEFER, obligation_defer) \
    X (OBLIGATION_LIST, obligation_list)   \
    X (DUE_LIST, due_list)                 \
    X (BATCH, batch)                       \
    X (GRANT, grant)                       \
    X (REFUSE, refuse)                     \
    X (REVOKE, revoke)                     \
    X (CONSENT_SHOW, consent_show)         \
    X (CONSENT_LIST, consent_list)         \
    X (ASK, ask)                           \
    X (WAITING_LIST, waiting_list)         \
    X (DEFER, defer)                       \
    X (SUBJECT_SET, subject_set)           \
    X (SUBJECT_SHOW, subject_show)         \
    X (RESTRICT, restrict_data)            \
    X (RIGHTS_OPEN, rights_open)           \
    X (RIGHTS_EXTEND, rights_extend)       \
    X (RIGHTS_HEAR, rights_hear)           \
    X (RIGHTS_DECIDE, rights_decide)       \
    X (RIGHTS_SHOW, rights_show)           \
    X (RIGHTS_LIST, rights_list)           \
    X (RIGHTS_ERASE, rights_erase)         \
    X (LIFT_RESTRICTION, lift_restriction) \
    X (HOLD_SET, hold_set)                 \
    X (HOLD_LIFT, hold_lift)               \
    X (HOLD_SHOW, hold_show)               \
    X (SUBSCRIBE, subscribe)               \
    X (ACKNOWLEDGE, acknowledge)           \
    X (STATUS, status)                     \
    X (PARTY_ADD, party_add)               \
    X (PARTY_APPLY, party_apply)           \
    X (PARTY_LIST, party_list)             \
    X (PARTY_REMOVE, party_remove)         \
    X (AUDIT_LIST, audit_list)             \
    X (EVENTS_LAG, events_lag)             \
    X (EVENTS_SKIP, events_skip)           \
    X (EVENTS_CONSUMERS, events_consumers) \
    X (EVENTS_FORGET, events_forget)       \
    X (CLOCK_CONFIRM, clock_confirm)       \
    X (CLOCK_RESET, clock_reset)           \
    X (BACKUP, backup)                     \
    X (DECISION_SHOW, decision_show)       \
    X (RETENTION_LIST, retention_list)     \
    X (RETENTION_RUN, retention_run)       \
    X (OVERVIEW, overview)                 \
    X (LOG_CHECKPOINT, log_checkpoint)     \
    X (LOG_PROVE, log_prove)               \
    X (LOG_LINES, log_lines)               \
    X (LOG_WATCH, log_watch)               \
    X (LOG_COSIGN, log_cosign)             \
    X (LOG_WITNESSES, log_witnesses)       \
    X (LOG_ARCHIVE, log_archive)           \
    X (RECEIPT, receipt)                   \
    X (LOG_COPIED, log_copied)             \
    X (SNAPSHOT, snapshot)                 \
    X (WHO_MAY_RECEIVE, who_may_receive)   \
    X (WHOM_MAY_I_ASK, whom_may_i_ask)     \
    X (PARTY_IDENTIFY, party_identify)     \
    X (RECORDED, recorded)                 \
    X (VOCABULARY, vocabulary)             \
    X (POLICY_PACK, policy_pack)           \
    X (CONFIG_DIFF, config_diff)           \
    X (KEYS_LIST, keys_list)

#define VERB_OF_LIST(NAME, name) VERB_##NAME,
enum verb { VERB_NONE, VERB_LIST (VERB_OF_LIST) VERBS };
#undef VERB_OF_LIST

#define ANSWER_LIST(X)                     \
    X (WHOAMI, whoami)                     \
    X (CONSENT_RECORDED, consent_recorded) \
    X (REVOKE, revoke)                     \
    X (CONSENT_SHOW, consent_show)         \
    X (CONSENT_LIST, consent_list)         \
    X (SUBJECT_SHOW, subject_show)         \
    X (RESTRICTION, restriction)           \
    X (HOLD, hold)                         \
    X (RIGHTS, rights)                     \
    X (RIGHTS_LIST, rights_list)           \
    X (RIGHTS_ERASE, rights_erase)         \
    X (SUBSCRIBE, subscribe)               \
    X (ACKNOWLEDGE, acknowledge)           \
    X (STATUS, status_report)              \
    X (PARTY_LIST, party_list)             \
    X (PARTY_APPLY, party_apply)           \
    X (AUDIT_LIST, audit_list)             \
    X (EVENTS_LAG, events_lag)             \
    X (EVENTS_CONSUMERS, events_consumers) \
    X (BACKUP, backup)                     \
    X (RETENTION, retention)               \
    X (WAITING_LIST, waiting_list)         \
    X (OBLIGATION, obligation)             \
    X (OBLIGATION_LIST, obligation_list)   \
    X (DUE_LIST, due_list)                 \
    X (CHECK, check)                       \
    X (DECISION_SHOW, decision_show)       \
    X (OVERVIEW, overview)                 \
    X (LOG_CHECKPOINT, log_checkpoint)     \
    X (LOG_PROVE, log_prove)               \
    X (LOG_LINES, log_lines)               \
    X (LOG_COSIGN, log_cosign)             \
    X (LOG_WITNESSES, log_witnesses)       \
    X (LOG_PUSHED, log_pushed)             \
    X (LOG_ARCHIVE, log_archive)           \
    X (RECEIPT, receipt)                   \
    X (LOG_COPIED, log_copied)             \
    X (SNAPSHOT, snapshot)                 \
    X (PERMITS, permits)                   \
    X (EVENT, event)                       \
    X (BATCH, batch)                       \
    X (PARTY_IDENTIFY, party_identify)     \
    X (RECORDED, recorded)                 \
    X (VOCABULARY, vocabulary)             \
    X (POLICY_PACK, policy_pack)           \
    X (CONFIG_DIFF, config_diff)           \
    X (KEYS_LIST, keys_list)

#define ANSWER_OF_LIST(NAME, name) REPLY_##NAME,
enum reply_body { REPLY_NONE, ANSWER_LIST (ANSWER_OF_LIST) REPLY_BODIES };
#undef ANSWER_OF_LIST

/* What is asked */

struct asked_item {
    const char *category, *origin; /* origin "": not known */
};

/* Of a written request (C8). The registry requires it and does not look at it: people may. */
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

enum {
    BATCH_CHECKS = 256,
    BATCH_ITEMS = 2048,
    TOGETHER_CHECKS = 2048, /* of a batch that discloses all or nothing: a month's claim of a care provider */
    TOGETHER_ITEMS = 16384,
};

/* A check in a batch. It was not read yet, and may not be well formed. */
struct batched_check {
    struct bytes bytes; /* of its CheckRequest, in the message of the batch */
    size_t item_count;
    bool asks_advice;
};

/* Each check is read when it is decided (codec_batch.h), so that a fault in one check does not harm the others. */
struct batch_request {
    struct batched_check *checks;
    size_t count;        /* 1-256, or 1-2,048 that disclose all or nothing */
    bool all_or_nothing; /* all checks disclose, or none does */
    struct bytes common; /* of the message: everything except its key and its body */
};

struct statement_request {      /* grant, refuse and ask */
    struct statement statement; /* as given: scope, motivation, form, evidence, notice, signatures, validity */
    bool has_answers;
    uint8_t answers[16]; /* the request for consent that it answers (G1) */
    uint64_t request;    /* of the subject, on which a consent is corrected: its number; else 0 */
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
    struct text_set care_ended;                        /* laws */
};

struct subject_set_request {
    struct subject_change change; /* its kinds are not looked up yet */
    /* What it is made of. */
    struct representative *representatives;
    struct capability *capabilities;
    struct care_end *care_ended;
    bool has_removal;
    struct subject_removal remove;
    uint8_t expected[16]; /* the version of the record that is changed, */
    bool has_expected;    /* if it was given */
    uint64_t request;     /* of the subject, on which it is done: its number; 0: on none */
};

struct restriction_request {    /* set or lifted */
    bool whole;                 /* or else only the categories: */
    struct text_set categories; /* 1-64 */
    const char *reason;
    uint64_t request; /* of the subject, on which it is done: its number; 0: on none */
};

/* Of a request of the subject (R2). */
struct rights_asked {
    struct rights_request made; /* to open: as given */
    uint64_t number;            /* all others: of the request */
    moment until;               /* extend, 0: as far as may be; hear, 0: says what came */
    enum rights_came came;      /* hear */
    enum rights_state outcome;  /* decide */
    const char *text;           /* extend, hear, decide: reason, note */
    const char *article;        /* decide */
    struct day announced;       /* decide; month 0: today */
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

/* Which parties are meant: these, or those with an identifier. */
enum { IDENTIFY_PARTIES = 32 };
struct identify_request {
    struct text_set parties;        /* none: by */
    const char *identifier, *value; /* the name of an identifier, and its digits; "": by `parties` */
};

enum term_sort { /* the numbers of TermSort in proto/admin.proto */
                 TERM_ANY,
                 TERM_PURPOSE,
                 TERM_CATEGORY,
                 TERM_ORIGIN,
                 TERM_URGENT_REASON,
                 TERM_KIND,
                 TERM_PARTY,
};

/* Whose cosignatures of a checkpoint are wanted. */
struct witness_wish {
    struct text_set keys; /* verifier keys; none: of whoever */
    unsigned needed;      /* so many of them; 0: all, or of whoever one */
};

union asked {
    struct check_request check;
    struct batch_request batch;
    struct statement_request statement;
    struct revoke_request revoke;
    struct {
        bool has_id;
        uint8_t consent_id[16];
        const char *begins; /* the first hexadecimal digits of it; "": it is given whole */
    } consent_show;
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
        const char *letter;         /* done, of INFORM_: which letter went; else "" */
        const char *holder;         /* done: whose it is; "": see proto/check.proto */
    } obligation;                   /* done and defer */
    struct {
        moment until; /* 0: as the registry chooses */
    } due_list;
    struct {
        moment until; /* 0: now */
    } retention;
    struct subject_set_request subject_set;
    struct restriction_request restriction;
    struct {
        const char *reference, *reason; /* hold_set, hold_lift */
    } hold;
    struct rights_asked rights;
    struct {
        uint64_t from;
        unsigned credit;
        const char *consumer; /* "": "default" */
        bool effects;
    } subscribe;
    struct {
        uint64_t number;
        unsigned credit;
    } acknowledge;
    struct party_change_request parties; /* VERB_PARTY_ADD, VERB_PARTY_APPLY */
    struct {
        const char *id; /* only this one; "": all */
    } party_list;
    struct {
        const char *id;
    } party_remove;
    struct {
        const char *party, *reason;
        uint64_t number;
    } events_skip;
    struct {
        const char *party; /* "": all */
        bool waiting_only;
    } events_consumers;
    struct {
        const char *party, *consumer, *reason;
    } events_forget;
    struct {
        bool raw, tellings, follow, backwards;
        struct text_set parties, actions, results; /* lines of one of these; none: of all */
        const char *by_user;                       /* "": of all */
        moment until;                              /* 0: up to the newest */
    } audit_list;
    struct {
        uint8_t backup[16];
        uint64_t from;
        bool give_up, verified;
    } backup;
    struct {
        uint64_t earlier; /* lines of a checkpoint; 0: none */
        struct witness_wish wish;
    } log_checkpoint;
    struct {
        uint64_t number;
        struct witness_wish wish;
    } log_prove;
    struct {
        uint64_t until; /* 0: the newest line */
        bool follow;
    } log_lines;
    struct {
        uint64_t earlier; /* as of log_checkpoint */
    } log_watch;
    struct {
        const char *key; /* verifier key */
        uint64_t size;
        const char *signature; /* its line in the note */
    } log_cosign;
    struct {
        uint64_t until; /* 0: nothing is to leave */
    } log_archive;
    struct {
        bool has_consent;
        uint8_t consent_id[16];
        uint64_t decision; /* 0: a consent */
        const char *reader;
        struct witness_wish wish;
    } receipt;
    struct {
        const char *name, *fault;
        uint8_t copier[16];
        uint64_t number, checkpoint;
    } log_copied;
    struct {
        const char *consumer; /* "": the default one */
        bool permits;
    } snapshot;
    struct {
        uint64_t number;
        bool run; /* then instead: */
        moment since;
    } decision_show;
    struct {
        const char *provider, *purpose, *category; /* "": any; who_may_receive has all three */
    } permits;                                     /* who_may_receive and whom_may_i_ask */
    struct identify_request identify;
    struct {
        uint8_t key[16];
        bool has_key;
    } recorded;
    struct {
        enum term_sort sort; /* TERM_ANY: all */
        const char *purpose; /* "": for any */
    } vocabulary;
    struct {
        struct bytes policy_hash; /* 32 bytes */
        uint32_t part;
    } policy_pack;
    struct {
        const char *reader;  /* "": the subject; else a representative's reference */
        moment since, until; /* of the log; 0: not given */
    } overview;
};

/* What is told */

/* A code or a party that requests can name. Texts are the pack's or the party table's. */
struct shown_term {
    enum term_sort sort;
    const char *code, *label_nl, *label_en;
    const char *kind; /* of a party; else "" */
    bool provides, receives, special;
};

struct shown_duty {
    struct kept_duty duty;
    struct id subject_ref; /* the caller's own pseudonym */
};

/* A request of a subject (R2). */
struct shown_rights {
    const struct rights_request *request;
    enum rights_state state; /* 0: it cannot be read, but for its number */
    bool in_full;            /* with what people wrote, and what followed */
    bool to_be_erased;       /* it was granted, and is not carried out yet */
    struct id subject_ref;   /* the caller's own pseudonym */
    const char *bsn;         /* "": the caller may not see it */
};

/* What a statute requires to be kept of a subject who is erased (T1): disclosures under one law, which one kind of
   party holds. */
struct shown_kept {
    const char *entry, *source, *holder, *law; /* of the pack */
    uint64_t disclosures;
    moment first, last;
    moment until; /* the first moment at which none of it must be kept; 0: never */
};

/* What an erasure would do, or does (R7). */
struct shown_erasure {
    uint64_t number; /* of the request */
    bool done; /* nothing of the subject is told, permitted or recorded any more; what is left is destroyed */
    bool unfinished;     /* nothing is done, and what is kept is not known yet: ask again */
    uint64_t lines;      /* of the log about the subject, that were looked at */
    uint64_t unreadable; /* of these */
    uint64_t statements, requests;
    const struct shown_kept *kept;
    size_t kept_count;
    moment earlier_until; /* what was kept at an erasure before stays until then; 0: nothing was */
    struct text_set told; /* the parties that received data */
    struct text_set held; /* the matters for the sake of which nothing may be destroyed */
};

enum due_kind { DUE_CONSENT_ENDS = 1, DUE_CONSENT_LAPSES, DUE_OBLIGATION, DUE_RIGHTS = 5, DUE_VIEW };

/* Something that is coming (M5, C10). */
struct shown_due {
    enum due_kind kind;
    moment when;
    bool has_consent, has_duty, has_rights;
    struct id consent_id;   /* of consents that end or lapse */
    struct shown_duty duty; /* of obligations */
    struct shown_rights rights;
    struct id subject_ref;
    bool birthday; /* of a lapse: it is on a birthday */
};

struct check_reply {
    const struct check_request *request; /* categories and origins as asked */
    const struct decision *decision;
    const struct policy *policy;
    const struct statement *statements; /* decision->items[].consent is an index in it */
    moment evaluated_at;
    uint64_t number; /* of the decision in the audit log */
    struct id subject_ref;
    const struct obligations *obligations;
    /* What all of that comes to, with the name of the pack; then decision, policy, statements and obligations are
       not looked at. NULL: it is not made yet. */
    const struct check_answer *answer;
    const char *policy_id;
};

/* The answers to the checks of a batch. */
struct batch_reply {
    const struct bytes *answers; /* for each check, packed (codec_batch_answer) */
    size_t count;
};

struct shown_consent {
    const struct statement *statement;
    enum statement_state state;
    struct id subject_ref;
    bool in_full;         /* with motivation, evidence, signatures and who withdrew; else without */
    const char *asked_by; /* party id; NULL: nobody asked for it, or the reader may not know */
    moment asked_at;
};

struct shown_restriction {
    struct id subject_ref; /* the caller's own pseudonym */
    struct text_set categories;
    bool whole;
    moment since;
};

struct shown_permits {
    struct id subject_ref;
    const struct permitted *permits;
    size_t count;
    bool left_out;
};

/* What stands for a party: what is there is not NULL. */
struct snapshot_entry {
    const struct shown_consent *consent;
    const struct shown_restriction *restriction;
    const struct shown_permits *permits;
};

/* A waiting request, as the social team sees it. */
struct shown_waiting {
    const struct consent_request *request; /* NULL: it cannot be read */
    struct id consent_id, subject_ref;
    bool has_ref;
    moment asked_at;
};

/* What is recorded of a subject, and what a change of it does. */
struct shown_subject {
    const struct subject *subject;
    bool in_full; /* with the reasons that people wrote */
    struct id subject_ref;
    bool has_ref;      /* the codec sets it, if the subject is known */
    struct id version; /* of the facts that can be changed; if there are none, has_version is false */
    bool has_version;
    const struct id *ended, *restored; /* consents that the change ended, and brought back (M5) */
    size_t ended_count, restored_count;
    struct text_set informed; /* who received what the change corrects (R4) */
};

struct request;

/* A decision of the past. */
struct shown_decision {
    uint64_t number;
    moment time;
    const char *asked_by;
    /* As recorded. A page of statements has neither. */
    const struct request *asked; /* without its BSN; NULL: none */
    struct bytes answer;         /* the packed answer to the check */
    /* For callers that may explain; else NULL. */
    const uint8_t *policy_hash;
    const struct rule_codes *all_reasons;
    size_t reason_count;
    const struct party_text *provider, *recipient; /* NULL: the party was not known then */
    bool has_subject;
    struct shown_subject subject;
    const struct shown_consent *statements;
    size_t statement_count;
    bool more; /* statements */
    /* Of a run. */
    uint64_t behind;
    bool goes_on;
    uint64_t newest, unreadable;
};

/* Access (R1), as proto/overview.proto says. */

struct overview_telling {
    const char *party;
    bool heard, unknown; /* by all of its systems */
    moment heard_at;
    const struct hearing *consumers;
    size_t consumer_count;
    uint32_t consumers_left_out;
};

struct overview_line {
    uint64_t number;
    moment time;
    const char *party, *action, *result;
    const struct request *asked; /* of a check, without what is left out; NULL: none */
    struct bytes answer;         /* to the check, packed */
    const struct rule_codes *all_reasons;
    size_t reason_count;
    const struct overview_telling *tellings;
    size_t telling_count;
    bool has_consent;
    struct id consent_id;
    bool kept;               /* the subject was erased since, and a statute requires that it is kept */
    moment kept_until;       /* 0: no end is known */
    struct text_set kept_by; /* of a disclosure: sources of the pack's periods */
};

/* What is there is not NULL. */
struct overview_entry {
    const struct shown_subject *subject;
    const struct shown_consent *consent;
    const struct shown_duty *obligation;
    const struct shown_rights *request;
    const struct overview_line *line;
    bool left_out;
};

enum overview_label_kind { /* the numbers of OverviewLabel.Kind in proto/overview.proto */
                           LABEL_CATEGORY = 1,
                           LABEL_PURPOSE,
                           LABEL_ORIGIN,
                           LABEL_STATUTE,
                           LABEL_URGENT_REASON,
                           LABEL_REPRESENTATIVE,
                           LABEL_PARTY,
};

struct overview_label {
    enum overview_label_kind kind;
    const char *code, *label;
};

struct shown_overview {
    const struct overview_entry *entries;
    size_t entry_count;
    const struct overview_label *labels;
    size_t label_count;
    const char *controller, *policy;
    bool known;
    uint64_t newest, looked_until, unreadable;
};

/* A line of the log, with what anybody needs to verify it (proto/receipt.proto). */
struct receipt_line {
    uint64_t number;
    struct bytes line, key, proof;
};

enum { RECEIPT_LINES = 8 };

struct shown_receipt {
    struct bytes checkpoint;
    const struct receipt_line *lines;
    size_t line_count;
    const struct overview_label *labels;
    size_t label_count;
    const char *controller;
};

/* What is past its period, as proto/admin.proto says. */
struct shown_retention {
    struct id subject_ref;
    bool extract;
    moment until;
    uint64_t lines, disclosures;
    const char *source;
    const uint32_t *kept_by; /* enum retained_by */
    size_t kept_by_count;
};

/* A recent alarm, as operators see it. */
struct shown_alarm {
    const char *kind, *party, *consumer;
    moment at;
};

/* A consumer for which events wait, as operators see it. */
struct consumer_warning {
    const char *party, *consumer;
    moment since;     /* of the oldest that waits; 0: not known */
    uint64_t waiting; /* events that it has not acknowledged */
};

/* A copy of the log, as operators see it. */
struct shown_copy {
    const char *name, *fault;
    uint64_t number, behind;
    moment behind_for, heard_at; /* ms; the registry's time */
    bool alarm;
};

/* A line of the log, as operators see it. */
struct audit_line {
    uint64_t number;
    moment time;
    const char *party, *action, *result, *origin, *user, *details;
    bool has_object;
    struct id object;
    struct id subject_ref; /* by which the caller knows it */
    struct bytes raw;      /* size 0: left out, and so is its hash */
    bool has_hash;
    uint8_t hash[32];
    bool record_is_older; /* than the line, or it cannot be read */
    const struct overview_telling *tellings;
    size_t telling_count;
};

/* A key that has cosigned a checkpoint of the log. */
struct shown_witness {
    const char *party, *key;
    uint64_t size;
    moment signed_at, heard_at;
    bool watches;
};

struct shown_party {
    struct party_text text;
    const char *unfit; /* why the party takes part in nothing; NULL: it fits */
};

struct shown_party_change {
    const char *id, *change, *what;
};

struct party_lag {
    const char *party;
    uint64_t newest, acknowledged;
    moment oldest_waiting; /* 0: none waits */
    bool subscribed;
    bool damaged; /* how far the party is, or its oldest waiting event, cannot be read */
};

/* How far a consumer is, as operators see it. */
struct shown_consumer {
    const char *party, *consumer;
    uint64_t first, newest, acknowledged, first_dropped, last_dropped;
    moment oldest_waiting, since, seen_at, forgotten_at, unheard_since;
    bool listening, damaged;
};

struct shown_config_change {
    const char *setting, *in_force, *in_file, *counts;
};

struct status_report {
    const char *server, *policy, *policy_directory, *last_reload;
    const char *listen_requests, *listen_events, *listen_operators;
    struct text_set unfit;
    const uint8_t *policy_hash;
    moment started_at;
    uint64_t consents, subjects, audit_entries, store_used, store_size, store_reserve, turns, requests;
    uint64_t messages_cut_off, turned_away, dropped;
    const char *store_state;
    uint64_t store_operators, store_operators_taken, store_withdrawals, store_withdrawals_taken, store_refused;
    uint64_t failed_commits;
    const char *metrics_fault;
    const char *archive_directory;
    uint64_t archived;
    struct text_set archive_faults;
    unsigned parties;
    bool clock_stopped;
    moment kept_time, wall_time;
    const struct shown_alarm *alarms; /* the newest first */
    size_t alarm_count;
    const struct shown_copy *copies;
    size_t copy_count;
    const struct consumer_warning *unheard, *events_waiting;
    size_t unheard_count, events_waiting_count;
};

union told {
    struct {
        const char *party, *kind, *role;
        struct text_set permissions;
        const char *policy, *server;
        const uint8_t *policy_hash;
        const char *endpoint, *key, *key_until, *controller;
        unsigned protocol;
        const char *server_key_next;
    } whoami;
    struct check_reply check;
    struct batch_reply batch;
    struct {
        struct id consent_id, subject_ref;
        const struct id *superseded;
        size_t superseded_count;
    } consent_recorded;
    struct {
        bool already;
        const struct statement *const *still_covering;
        size_t still_covering_count;
        struct text_set informed;
    } revoke;
    struct shown_consent consent_show;
    struct {
        const struct shown_consent *consents;
        size_t count;
    } consent_list;
    struct shown_subject subject_show;
    struct {
        bool already;
        const struct subject *subject; /* with the restrictions that exist now */
        struct text_set informed;
        struct id subject_ref;
    } restriction;
    struct {
        bool already;
        const struct subject *subject; /* with the holds that stand now */
        struct id subject_ref;
    } hold;
    struct shown_rights rights;
    struct {
        const struct shown_rights *requests;
        size_t count;
    } rights_list;
    struct shown_erasure rights_erase;
    struct {
        uint64_t next, newest, acknowledged, first_dropped, last_dropped;
    } subscribe;
    struct {
        uint64_t acknowledged;
    } acknowledge;
    struct status_report status;
    struct {
        const struct shown_config_change *changes;
        size_t count;
        const char *refused, *path;
    } config_diff;
    struct {
        struct id vault, vault_former, keyring;
        bool has_former, own_root;
        uint64_t generation, subjects, unknown, extracts, marked;
        unsigned replaced;
    } keys_list;
    struct {
        const struct shown_party *parties;
        size_t count;
        const uint8_t *table; /* 16 bytes */
    } party_list;
    struct {
        const struct shown_party_change *changes;
        size_t count;
        const uint8_t *table; /* 16 bytes */
    } party_apply;
    struct {
        const struct audit_line *lines;
        size_t count;
        uint64_t newest;
        uint8_t newest_hash[32];
    } audit_list;
    struct {
        const struct party_lag *parties;
        size_t count;
    } events_lag;
    struct {
        const struct shown_consumer *consumers;
        size_t count;
    } events_consumers;
    struct {
        struct bytes piece;
        bool more;
        uint64_t store_used;
    } backup;
    struct {
        const struct shown_retention *entries;
        size_t count;
        bool wait;
        uint64_t in_force, not_past, without_end, under_way, damaged;
    } retention;
    struct {
        struct bytes checkpoint, proof, cosigned;
        uint64_t size;
        struct text_set keys;
    } log_checkpoint;
    struct {
        struct bytes line, proof, checkpoint;
    } log_prove;
    struct {
        struct bytes lines;
    } log_lines;
    struct {
        uint64_t size;
    } log_cosign;
    struct {
        const struct shown_witness *witnesses;
        size_t count;
        uint64_t size;
    } log_witnesses;
    struct {
        struct bytes checkpoint;
        uint64_t size;
    } log_pushed;
    struct {
        const char *directory;
        uint64_t archived, until;
    } log_archive;
    struct shown_receipt receipt;
    struct {
        struct bytes checkpoint;
        uint64_t newest;
    } log_copied;
    struct {
        uint64_t number, revision, basis, unreadable;
        moment as_of;
        const struct snapshot_entry *entries;
        size_t count;
    } snapshot;
    struct shown_decision decision_show;
    struct shown_overview overview;
    struct {
        const struct shown_waiting *requests;
        size_t count;
    } waiting_list;
    struct shown_duty obligation;
    struct {
        const struct shown_duty *duties;
        size_t count;
    } obligation_list;
    struct {
        const struct shown_due *entries;
        size_t count;
    } due_list;
    struct {
        const struct permitted *permits;
        size_t count;
        uint64_t revision;
        moment as_of;
    } permits;
    struct {
        const struct party_text *parties; /* of each its id, its kind and its identifiers are told */
        size_t count;
    } identify;
    struct {
        struct bytes *answers; /* packed (codec_recorded_answer) */
        size_t count;
        struct id epoch;
    } recorded;
    struct {
        const struct shown_term *terms;
        size_t count;
        bool more; /* not `more` of struct reply: there is no line of the log that a next page could belong to */
        struct bytes next;
        const char *policy;
        const uint8_t *policy_hash;
    } vocabulary;
    struct {
        struct bytes part;
        bool more;
    } policy_pack;
    struct event event;
};
