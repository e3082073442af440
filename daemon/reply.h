/* An answer before the codec packs it. Memory is the arena's, the policy's or the party table's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "kept.h"
#include "request.h"
#include "rules/grant.h"

enum status { /* the numbers of Status in proto/envelope.proto */
              STATUS_OK = 1,
              STATUS_REJECTED,
              STATUS_FORBIDDEN,
              STATUS_INVALID,
              STATUS_NOT_FOUND,
              STATUS_CONFLICT,
              STATUS_RETRY,
              STATUS_UNAVAILABLE,
};

enum reply_body {
    REPLY_NONE,
    REPLY_WHOAMI,
    REPLY_CHECK,
    REPLY_CONSENT_RECORDED,
    REPLY_REVOKE,
    REPLY_CONSENT_SHOW,
    REPLY_CONSENT_LIST,
    REPLY_SUBJECT_SHOW,
    REPLY_RESTRICTION,
    REPLY_SUBSCRIBE,
    REPLY_ACKNOWLEDGE,
    REPLY_STATUS,
    REPLY_PARTY_LIST,
    REPLY_PARTY_APPLY,
    REPLY_AUDIT_LIST,
    REPLY_EVENTS_LAG,
    REPLY_DECISION_SHOW,
    REPLY_WAITING_LIST,
    REPLY_OBLIGATION,
    REPLY_OBLIGATION_LIST,
    REPLY_DUE_LIST,
    REPLY_BATCH,
    REPLY_EVENT,
};

struct shown_duty {
    struct kept_duty duty;
    struct id subject_ref; /* the caller's own pseudonym */
};

struct obligation_list_reply {
    const struct shown_duty *duties;
    size_t count;
    bool more;
    struct obligation_name next; /* if there are more: the cursor of the next page */
};

enum due_kind { DUE_CONSENT_ENDS = 1, DUE_CONSENT_LAPSES, DUE_OBLIGATION };

/* Something that is coming (M5, C10). */
struct shown_due {
    enum due_kind kind;
    moment when;
    bool has_consent, has_duty;
    struct id consent_id;   /* of consents that end or lapse */
    struct shown_duty duty; /* of obligations */
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
};

/* The answers to the checks of a batch. */
struct batch_reply {
    const struct batch_request *request;
    const struct bytes *answers; /* for each check: the packed reply to it alone */
};

struct shown_consent {
    const struct statement *statement;
    enum statement_state state;
    struct id subject_ref;
    bool in_full;         /* with motivation, evidence, signatures and who withdrew; else without */
    const char *asked_by; /* party id; NULL: nobody asked for it, or the reader may not know */
    moment asked_at;
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
    struct id subject_ref;
    bool has_ref;      /* the codec sets it, if the subject is known */
    struct id version; /* of the facts that can be changed; if there are none, has_version is false */
    bool has_version;
    const struct id *ended, *restored; /* consents that the change ended, and brought back (M5) */
    size_t ended_count, restored_count;
};

/* A decision of the past. */
struct shown_decision {
    uint64_t number;
    moment time;
    const char *asked_by;
    struct bytes request, answer; /* as recorded; a page of statements has none */
    /* For callers that may explain; else NULL. */
    const uint8_t *policy_hash;
    const struct rule_codes *all_reasons;
    size_t reason_count;
    const struct party_text *provider, *recipient; /* NULL: the party was not known then */
    const struct subject *subject;
    struct id subject_ref;
    const struct shown_consent *statements;
    size_t statement_count;
    bool more;
};

/* A recent alarm, as operators see it. */
struct shown_alarm {
    const char *kind, *party;
    moment at;
};

/* A line of the log, as operators see it. */
struct audit_line {
    uint64_t number;
    moment time;
    const char *party, *action, *result, *origin, *user, *details;
    bool has_object;
    struct id object;
    struct bytes raw; /* size 0: left out, and so is its hash */
    bool has_hash;
    uint8_t hash[32];
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
    unsigned parties;
    bool clock_stopped;
    moment kept_time, wall_time;
    const struct shown_alarm *alarms; /* the newest first */
    size_t alarm_count;
};

struct reply {
    uint8_t idempotency_key[16];
    bool has_key; /* the request's key could be read */
    enum status status;
    const struct grant_refusal *refusals;
    size_t refusal_count;
    const char *field, *message; /* NULL: none */
    uint8_t epoch[16];
    uint64_t revision;
    moment time;
    bool replayed, revoked_since;
    uint32_t retry_after; /* ms; if UNAVAILABLE because the party is over a limit (L3), else 0 */
    struct bytes listing; /* the ticket for the next page; size 0: there is no next page */
    enum reply_body body;
    union {
        struct {
            const char *party, *kind, *role;
            struct text_set permissions;
            const char *policy, *server;
            const uint8_t *policy_hash;
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
            bool more;
        } consent_list;
        struct shown_subject subject_show;
        struct {
            bool already;
            const struct subject *subject; /* with the restrictions that exist now */
            struct text_set informed;
            struct id subject_ref;
        } restriction;
        struct {
            uint64_t next, newest, acknowledged;
        } subscribe;
        struct {
            uint64_t acknowledged;
        } acknowledge;
        struct status_report status;
        struct {
            const struct shown_party *parties;
            size_t count;
            bool more;
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
            bool more;
            uint64_t newest, looked_until;
            uint8_t newest_hash[32];
        } audit_list;
        struct {
            const struct party_lag *parties;
            size_t count;
        } events_lag;
        struct shown_decision decision_show;
        struct {
            const struct shown_waiting *requests;
            size_t count;
            bool more;
            uint8_t next[8 + 16]; /* if there are more: the cursor of the next page */
        } waiting_list;
        struct shown_duty obligation;
        struct obligation_list_reply obligation_list;
        struct {
            const struct shown_due *entries;
            size_t count;
            bool more;
            struct bytes next; /* if there are more: the cursor of the next page */
        } due_list;
        struct event event;
    } as;
};
