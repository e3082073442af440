/* What the registry keeps besides subjects and statements: obligations, requests for consent, events. Absent text
   is "". */
#pragma once
#include "rules/obligations.h"
#include "rules/rights.h"
#include "rules/statement.h"

struct id { /* of a consent, or a subject reference */
    uint8_t bytes[16];
};
enum { ID_BEGINS_LEAST = 8 }; /* hexadecimal digits by which one is looked up; fewer are not */

/* The bytes that name the entry of a listing behind which the next page begins. */
enum {
    WAITING_CURSOR_SIZE = 8 + 16,                    /* of a request for consent: when it was asked, its id */
    DUTY_CURSOR_SIZE = 8 + 1 + 2,                    /* of an obligation: its name */
    OVERVIEW_CURSOR_SIZE = 1 + 8 + DUTY_CURSOR_SIZE, /* of an overview: which part, the newest line at its
                                                        beginning, and the place in the part */
    RIGHTS_CURSOR_SIZE = 8 + 8, /* of a subject's request: when it is due (0: not listed by that), its number */
};

/* What is reported about a disclosure against the subject's will (C15). "": nothing. */
struct duty_report {
    const char *reason;  /* sealed */
    const char *file;    /* in which it stands: a reference */
    const char *manager; /* the manager who was consulted: a user id */
};

/* An obligation is named by the line of the log that brought it and its kind; where several parties hold it, each
   holds one of its own (R4). */
struct duty_name {
    uint64_t decision;
    enum obligation kind;
    uint16_t nth; /* of those who hold it, from 0 */
};

/* An obligation that is to be reported done (C10, R4). */
struct kept_duty {
    uint64_t decision; /* with the next two its name */
    enum obligation kind;
    uint16_t nth;
    moment due; /* exclusive */
    bool deferrable;
    const char *holder, *recipient, *purpose;
    struct text_set categories; /* of RECTIFY_DATA: what the holder received of what was corrected */
    enum duty_ground ground;    /* of the disclosure; 0: it is of none */
    const char *basis;          /* code of the statute or the urgent reason */
    moment made_at;
    moment done_at; /* 0: to be done */
    const char *done_by;
    moment deferred_at; /* 0: never put off */
    const char *deferred_by, *defer_reason;
    struct duty_report report;
    const char *letter; /* that went, of INFORM_: a reference */
};

/* What the answer to a check says of one item, besides what was asked. */
struct answered_item {
    enum duty_ground ground;             /* of a permit; 0: it is denied */
    uint32_t consent;                    /* where the ground is a consent: its index in rested_on */
    const char *statute, *urgent_reason; /* codes of the pack, where they are the ground; "" or NULL: none */
    bool against_will;                   /* of a permit, where the caller may hear that (C15) */
    bool manager_missing;                /* of a denial: TRIAGE_INCOMPLETE is about the manager (C15) */
};

/* What the answer to a check says that neither the request says nor the head of its line in the log. */
struct check_answer {
    enum verdict verdict;
    const struct answered_item *items; /* in the order asked */
    size_t item_count;
    const struct rule_codes *heard; /* the reasons that the caller hears, of every item; none: all are permitted */
    size_t heard_count;
    struct text_set missing; /* parts of the triage decision that TRIAGE_INCOMPLETE names */
    bool manager_asked;      /* a DISCLOSE would need a manager (C15) */
    bool keep_secret, one_time;
    const struct kept_duty *duties; /* that the caller hears of: kind, due, holder, deferrable, done_at */
    size_t duty_count;
    moment until; /* 0: none known */
    const struct id
        *rested_on; /* the consents that are grounds, each once. Not kept with it: see struct evidence */
    size_t rested_count;
};

enum answer { ANSWER_NONE, ANSWER_GRANTED, ANSWER_REFUSED, ANSWER_DEFERRED }; /* to a request for consent (G1) */

/* A request for consent (G1), as it is recorded. */
struct consent_request {
    const char *bsn;        /* whom to ask */
    struct statement asked; /* id, scope, motivation, validity (valid_from 0: from the recording on), one_time,
                               user; recorded_at, recorded_by: when it was asked, and by which party */
    moment deferred_at;     /* 0: not deferred; else the latest time */
    const char *deferred_reason, *deferred_by, *deferred_user;
    enum answer answer; /* ANSWER_NONE: none yet, or deferred */
    moment answered_at;
    const char *answered_by; /* party id */
};

/* How a request of the subject came, and how the identity of whoever made it was established. The numbers are
   those of proto/rights.proto. */
enum rights_way {
    WAY_COUNTER = 1,
    WAY_POST,
    WAY_E_MAIL,
    WAY_TELEPHONE,
    WAY_PORTAL,
    WAY_CONVERSATION, /* with a professional */
    WAY_OTHER,
};
enum rights_identity {
    IDENTITY_DOCUMENT = 1, /* an identity document was seen */
    IDENTITY_DIGID,        /* signed in to the portal */
    IDENTITY_KNOWN,        /* known in person */
    IDENTITY_CALLED_BACK,  /* at a number that was known, and questioned */
    IDENTITY_SIGNATURE,    /* compared with one on file */
    IDENTITY_OTHER,        /* as `evidence` says */
};
enum rights_came { VIEW_AWAITED, VIEW_NO_OBJECTION, VIEW_OBJECTS, VIEW_NOT_GIVEN };

/* The view of another, asked before access (KB 13.3). */
struct rights_view {
    moment asked_at;
    moment until; /* exclusive */
    const char *note, *user;
    enum rights_came came;
    moment came_at;
    const char *came_note, *came_user;
};

/* What followed from a request. */
struct rights_followed {
    uint64_t line; /* of the log */
    const char *action;
    moment at;
};

enum { RIGHTS_VIEWS = 8, RIGHTS_FOLLOWED = 64 }; /* of one request, at most */

/* A request by which a subject exercises rights (R2). */
struct rights_request {
    uint64_t number;   /* of the line of the log that recorded it: its name, with the subject */
    const char *about; /* the BSN of the subject */
    enum rights_kind kind;
    const char *by;   /* "subject", or a reference */
    const char *wish; /* what is asked, in words */
    enum rights_identity identity;
    const char *evidence;
    enum rights_way way;
    struct day received;
    uint64_t against; /* of an objection: the request that was refused; else 0 */
    bool late;        /* of an objection */
    moment opened_at;
    const char *opened_by, *user;
    moment due;        /* exclusive */
    moment due_before; /* it was put off; 0: it was not */
    moment extended_at;
    const char *extension_reason, *extended_user;
    const struct rights_view *views; /* in the order in which they were asked */
    size_t view_count;
    enum rights_state outcome; /* 0: not decided */
    moment decided_at;
    struct day announced;
    const char *reason, *article, *decided_by, *decided_user;
    moment objection_until; /* exclusive; 0: nothing was refused that may be objected to */
    enum rights_kind stake; /* of an objection: the kind of the request that was refused; else 0 */
    moment erased_at;       /* the erasure that was granted was carried out; 0: not, or none was granted */
    const struct rights_followed *followed;
    size_t followed_count;
};

/* A category that is permitted, as it is told (proto/permits.proto). */
struct permitted_category {
    const char *category;
    enum duty_ground ground;
    const char *statute;       /* NULL: none */
    const uint8_t *consent_id; /* NULL: none */
    moment from, until;        /* 0: already; MOMENT_NEVER: no end is known */
};

/* What may flow from one party to another for one purpose. */
struct permitted {
    const char *provider, *recipient, *purpose;
    const struct permitted_category *categories;
    size_t category_count;
    const char *case_ref; /* "": whatever the case; else for a check that names this one */
    size_t index;         /* where this is among the cases of its question */
};

/* What an event changed in that. */
struct effect {
    const char *provider, *recipient, *purpose, *category, *case_ref;
    bool permitted;
    moment from, until; /* of a permit, as of permitted_category */
};

enum event_kind {
    EVENT_HEARTBEAT = 1,
    EVENT_CONSENT_REVOKED,
    EVENT_ENDED,
    EVENT_CONSENT_ANSWERED,
    EVENT_CONSENT_EXPIRED,
    EVENT_CONSENT_USED,
    EVENT_CONSENT_LAPSED,
    EVENT_DATA_RESTRICTED,
    EVENT_RESTRICTION_LIFTED,
    EVENT_CONSENT_GRANTED,
    EVENT_CONSENT_REFUSED,
    EVENT_OBLIGATION_AROSE,
    EVENT_CONSENT_RESTORED,
    EVENT_REGISTRY_ALARM = 14,
    EVENT_PASSED_OVER = 15,
    EVENT_RIGHTS_OPENED = 16,
    EVENT_RIGHTS_OVERDUE = 17,
    EVENT_SUBJECT_ERASED = 18,
    EVENT_DATA_RECTIFIED = 19,
    EVENT_DATA_TO_ERASE = 20,
    EVENT_CONSENT_CORRECTED = 21,
    EVENT_EVENTS_DROPPED = 22,
};

/* V8: the event ends or limits something that a party may rest on, or its content is not known: whoever leaves it
   unheard for too long is told of. An alarm is none: it would feed itself. */
static inline bool event_protects (enum event_kind kind)
{
    switch (kind) {
    case EVENT_CONSENT_REVOKED:
    case EVENT_CONSENT_EXPIRED:
    case EVENT_CONSENT_USED:
    case EVENT_CONSENT_LAPSED:
    case EVENT_CONSENT_REFUSED:
    case EVENT_CONSENT_CORRECTED:
    case EVENT_DATA_RESTRICTED:
    case EVENT_DATA_RECTIFIED:
    case EVENT_DATA_TO_ERASE:
    case EVENT_SUBJECT_ERASED:
    case EVENT_PASSED_OVER:
        return true;
    case EVENT_HEARTBEAT:
    case EVENT_ENDED:
    case EVENT_CONSENT_ANSWERED:
    case EVENT_RESTRICTION_LIFTED:
    case EVENT_CONSENT_GRANTED:
    case EVENT_OBLIGATION_AROSE:
    case EVENT_CONSENT_RESTORED:
    case EVENT_REGISTRY_ALARM:
    case EVENT_RIGHTS_OPENED:
    case EVENT_RIGHTS_OVERDUE:
    case EVENT_EVENTS_DROPPED:
        break;
    }
    return false;
}

/* One event, as it is kept for a party (V5, V7). */
struct event {
    uint64_t number;
    enum event_kind kind;
    moment time;
    struct id consent_id; /* all zero where it is about no consent */
    struct id subject_ref;
    struct text_set providers, recipients, categories;
    const char *purpose;
    bool whole;
    uint64_t revision;
    enum answer answer;
    enum obligation obligation; /* that arose: with the decision, and the party, its name; else 0 */
    uint64_t decision;
    const char *alarm, *party; /* of an alarm: which, and the party that it is about; else NULL */
    uint64_t request;          /* of a request of a subject: its number; else 0 */
    enum rights_kind rights;   /* and its kind, */
    moment due;                /* and when it is due; so of the obligation of DATA_ kinds */
    uint64_t first_dropped;    /* of EVENT_EVENTS_DROPPED, else 0 */
    const char *consumer;      /* of an alarm: the consumer that it is about; else NULL */
    /* Where it is about a subject who is not erased: the registry's pseudonym, and the line of the log before its
       own. Not told. */
    bool is_about;
    struct id about;
    uint64_t after_line;
    /* Not kept: found when it is told (registry/effects.h). */
    const struct effect *effects;
    size_t effect_count;
    bool effects_left_out;
    uint64_t basis; /* parties_facts */
    bool stopped;   /* the clock stopped decisions (C14) */
    const char *server_key_next; /* of a heartbeat: the server key that is to come; NULL or "": none is */
};

/* Whether a system of a party has heard of an event (V8). */
struct hearing {
    const char *party;
    const char *consumer; /* "": no system of the party listened to what it was told then */
    bool heard, unknown;  /* neither: it waits */
    moment heard_at;      /* by this moment; 0: not heard, or that was not kept */
    moment since;         /* when the party was told, where it has not heard; else 0 */
    moment forgotten_at;  /* 0: it is not */
    bool listens;         /* now */
    bool dropped;         /* it was dropped before the system had it (V7) */
};

/* What a party's events came to, for all its consumers together. */
struct cursor {
    uint64_t newest;       /* number of its newest event; 0: none yet */
    uint64_t acknowledged; /* events up to this one are no longer kept */
    bool named;            /* the table of consumers says which there are; else see events/consumers.h */
    uint32_t live;         /* how many consumers it has that were not forgotten */
    bool closed;           /* the last of them was forgotten: nothing is kept until one comes */
    /* As those of a consumer, while the party has none. */
    uint64_t unheard_told, waiting_told, dropped_told;
};

enum { CONSUMER_NAME_LIMIT = 32 };
#define CONSUMER_DEFAULT "default" /* whoever names none */

/* A consumer: a system of a party, with a position of its own (V7). */
struct consumer {
    char name[CONSUMER_NAME_LIMIT + 1]; /* "": nobody's, of a party that has none yet */
    uint64_t first;                     /* number of the first event that is its own */
    uint64_t acknowledged;              /* it has stored its events up to this one */
    moment since;                       /* it came to be; 0: before consumers had names */
    moment seen_at;                     /* it last subscribed or acknowledged; 0: not known */
    moment forgotten_at;                /* 0: it was not */
    uint64_t unheard_told; /* number of the event about which "withdrawal-unheard" was told; 0: none */
    uint64_t waiting_told; /* newest number when "events-waiting" was told; 0: not in this episode */
    uint64_t dropped_told; /* last number about which "events-dropped" was told; 0: none */
    /* Not stored. Its events from first_dropped to last_dropped were dropped before it acknowledged them; 0: none
       were, or it has acknowledged one behind them. */
    uint64_t first_dropped, last_dropped;
    bool damaged; /* its record cannot be read: it counts as one that has acknowledged nothing that is kept */
};
