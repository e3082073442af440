/* libconsent: ask a consent registry whether personal data may be disclosed, and hear when consent is withdrawn.

       char error [256];
       consent_t *registry = consent_open ("/etc/consentd/kernteam.key", error, sizeof error);
       struct consent_item items [] = { { .category = "naw", .origin = "wmo" } };
       struct consent_question question = {
           .bsn = bsn, .provider = "kernteam", .recipient = "zorgaanbieder-horizon", .purpose = "toekenning",
           .items = items, .item_count = 1, .user = "medewerker-17", .mode = CONSENT_DISCLOSE };
       struct consent_answer *answer = consent_check (registry, &question);
       if (answer->verdict == CONSENT_PERMIT)
           disclose ();
       consent_answer_destroy (&answer);
       consent_close (&registry);

   If an answer is missing, late, unreadable or an error, it is CONSENT_DENY. Only `verdict == CONSENT_PERMIT`
   permits, or an item whose own verdict is CONSENT_PERMIT.

   After a time-out a request is sent again, byte for byte the same, on a fresh connection. The registry knows it
   by its idempotency key and does nothing twice: a retry does not use up a one-time consent.

   Times are milliseconds since 1970-01-01T00:00:00Z, by the registry's clock. Time-outs are milliseconds.
   Text is UTF-8. Identifiers (of consents, subjects, epochs) are 32 lower-case hexadecimal digits, or "" for none.
   Lists of strings end with NULL and are themselves never NULL in what the library returns.
   A consent_t belongs to one thread at a time. The library installs no signal handler, and prints nothing. When
   memory is exhausted the process is aborted.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CONSENT_ID_SIZE = 33,           /* characters of an identifier, with the NUL */
    CONSENT_OUTSTANDING_MAX = 256,  /* questions asked and not yet answered, on one connection */
    CONSENT_BATCH_MAX = 256,        /* questions in one message, */
    CONSENT_BATCH_ITEMS_MAX = 2048, /* and items of all of them */
    CONSENT_TOGETHER_MAX = 2048,    /* the same of what is disclosed all or nothing */
    CONSENT_TOGETHER_ITEMS_MAX = 16384,
    CONSENT_WINDOW = 64, /* events delivered and not yet acknowledged, unless consent_set_window says otherwise */
};

/* The outcome of a call. Negative values are -errno: the machine failed, not the registry. */
enum consent_status {
    CONSENT_OK = 0,
    /* What the registry says (docs/protocol.md). */
    CONSENT_REJECTED = 2,  /* the rules do not admit the statement; nothing was recorded */
    CONSENT_FORBIDDEN = 3, /* the role of this key does not allow this */
    CONSENT_INVALID = 4,   /* malformed; the field is named; do not repeat it unchanged */
    CONSENT_NOT_FOUND = 5,
    CONSENT_CONFLICT = 6,
    CONSENT_RETRY = 7,       /* the registry has not reached the required revision, in any attempt */
    CONSENT_UNAVAILABLE = 8, /* the registry could not decide or record, in any attempt */
    /* What the library says. */
    CONSENT_TIMEOUT = 32, /* no answer in any attempt; nobody knows whether it was done: see consent_check */
    CONSENT_KEY_REFUSED,  /* the registry does not admit this key */
    CONSENT_BAD_REPLY,    /* the answer cannot be read, or does not fit the question */
    CONSENT_BUSY,         /* CONSENT_OUTSTANDING_MAX questions have no answer yet: take an answer first */
    CONSENT_NO_EVENT,     /* nothing came within the time given */
    CONSENT_INTERRUPTED,  /* a signal arrived while waiting for an event */
    CONSENT_GAP,          /* events may have been missed: see consent_next_event */
    CONSENT_ENDED,        /* another subscriber of the same party has taken over */
    CONSENT_CONTRADICTED, /* the registry's log is not the one that it signed before: see consent_next_event */
    CONSENT_ABSENT,       /* nobody takes connections at the address of the key file; nothing was sent */
    CONSENT_STRANGER, /* who listens there does not know us by `server-key` of the key file; nothing was sent */
};

typedef struct consent consent_t;

/* ------------------------------------------------------------------------------------------- connection */

/* Opens a connection with the key file of a party. That is a CZMQ secret certificate whose metadata have `party`,
   `server-key` (Z85) and the endpoints `requests` and `events`. An operator's also has `operators`: then
   everything except events goes to that endpoint. `log-key` says by which keys the registry's log is believed:
   name+hash+base64, several with a blank between them, at most eight. Refuses a file that group or others can
   read. Does not wait for the registry: if it cannot be reached, the first call notices.
   Returns NULL with one sentence in `error` (it names the file, never its content). Caller owns the return
   value and must close it when done. */
consent_t *consent_open (const char *key_file, char *error, size_t size);

/* Closes the connection and sets *self_p to NULL. Questions without an answer are dropped. If there is a
   subscription, it waits at most one time-out until the registry has the last acknowledgement. */
void consent_close (consent_t **self_p);

/* How long one attempt may take: 2,000 ms unless set; 1 or more. */
void consent_set_timeout (consent_t *self, int milliseconds);

enum {
    CONSENT_ABSENT_FAIL = 0,
    CONSENT_ABSENT_WAIT = -1,
    CONSENT_ABSENT_ALWAYS = -2,
};

/* What a connection does if the registry is not there when it is first needed: its socket or machine is not, or
   refuses. CONSENT_ABSENT_WAIT, unless set: it is tried as often as ever, which suits whoever outlives a restart
   of the registry. CONSENT_ABSENT_FAIL: the request, or the subscription, ends at once with CONSENT_ABSENT, which
   suits a person; a positive number: after so many ms, for which consent_ask waits too. Neither says anything of a
   request that may have been sent before, nor of a registry that was met once: both are tried as ever. With either
   CONSENT_STRANGER is told soon too, which else ends in CONSENT_TIMEOUT: connections were closed before they were
   secure, as who has another key than `server-key` of the key file does, or a registry that can let nobody in just
   now. CONSENT_ABSENT_ALWAYS: as CONSENT_ABSENT_FAIL, also for a registry that was met, and whose connection was
   lost since: that suits who has others waiting. A request that may have been sent to it then ends with
   CONSENT_TIMEOUT; if the registry is there again it is sent again at once. */
void consent_set_absent (consent_t *self, int milliseconds);

/* How many times a request is sent at most: 5 unless set; 1 or more. The library waits between attempts, longer
   each time and partly at random, so that a thousand clients do not return at once to a registry that was away.
   After 23 hours without an answer none is sent again, as when a process was stopped: the registry knows the key
   for 24. */
void consent_set_attempts (consent_t *self, int attempts);

/* How long a request may be delayed in all, if the registry says that this party asks more than it may at once:
   60,000 ms unless set; 0: not at all. The registry says when to come back. The library waits until then, and this
   is no failed attempt. If that is longer than the patience, it gives up (CONSENT_UNAVAILABLE). */
void consent_set_patience (consent_t *self, int milliseconds);

/* How long the event stream may be silent before it is set up again: 15,000 ms unless set. The registry sends a
   heartbeat every 5,000 ms. */
void consent_set_silence (consent_t *self, int milliseconds);

/* How many events may be delivered and not yet acknowledged: CONSENT_WINDOW unless set; 1 or more. The registry
   keeps those, the library does not: a wide window is for who can acknowledge only long after it stored. Call it
   before consent_subscribe. */
void consent_set_window (consent_t *self, uint32_t events);

/* The party that the key file names. Valid until the connection is closed. */
const char *consent_party (const consent_t *self);

/* One sentence about what went wrong in the last call that did not return CONSENT_OK. It holds no personal data.
   Valid until the next call on this connection. Never NULL. */
const char *consent_last_error (const consent_t *self);

/* The highest revision of the registry that this connection has seen, and its epoch. 0 and "" before the first
   answer. Either pointer may be NULL. */
void consent_revision (const consent_t *self, char epoch[CONSENT_ID_SIZE], uint64_t *revision);

/* From now on accepts answers only from a registry that has reached this revision of this epoch. Give it what
   consent_revision or an event gave: every check then knows that revocation. Revision 0 ends this. Returns
   CONSENT_OK, or CONSENT_INVALID if `epoch` is not an identifier. */
int consent_require_revision (consent_t *self, const char *epoch, uint64_t revision);

/* ------------------------------------------------------------------------------------------------ checks */

/* Zero permits nothing. */
enum consent_verdict {
    CONSENT_DENY = 0,
    CONSENT_PARTIAL, /* only of a whole answer: some items are permitted, others are not */
    CONSENT_PERMIT,
};

enum consent_mode {
    CONSENT_ADVISE = 1, /* asks what a disclosure would bring; only the question is recorded */
    CONSENT_DISCLOSE,   /* the disclosure is about to happen, and is recorded */
};

enum consent_ground {
    CONSENT_GROUND_NONE = 0,
    CONSENT_GROUND_CONSENT,
    CONSENT_GROUND_STATUTE,
    CONSENT_GROUND_WRITTEN_REQUEST,
    CONSENT_GROUND_URGENT_REASONS,
};

/* One kind of datum that would be told. */
struct consent_item {
    const char *category; /* gegevenssoort, a code of the registry's policy: "naw" */
    const char *origin;   /* the law under which it was obtained, "wmo"; NULL or "" if not known */
};

/* A ground without consent that you claim. The registry's policy says where it is admitted. A question has at most
   one such ground: a written request or urgent reasons. Here those who must consent have asked for this disclosure
   in writing: all of them and nobody else. */
struct consent_written_request {
    const char *const *by;          /* "subject", and references of representatives; ends with NULL */
    int64_t given_at;               /* when they asked */
    const char *evidence_reference; /* where the written request is kept */
    const uint8_t *evidence_sha256; /* its SHA-256, 32 bytes */
};

enum consent_inform {
    CONSENT_INFORM_BEFORE = 1, /* the subject was told before, or is at the decision */
    CONSENT_INFORM_AFTER,      /* the subject will be told later: inform_by and inform_why say when and why */
};

/* Urgent reasons, with the triage decision. If a part is missing, the answer names it (TRIAGE_INCOMPLETE). Texts
   are motivations, and are kept sealed. */
struct consent_urgent_reasons {
    const char *reason; /* a code of the policy: "vitaal-belang" */
    const char *necessity;
    const char *subsidiarity;
    const char *proportionality;
    const char *purpose_limitation;
    /* What the subject objected and how it was weighed, or that he did not, or why he was not asked. */
    const char *objections;
    const char *manager_consulted; /* an opaque reference */
    bool serious_situation;
    bool urgent_support;
    enum consent_inform inform;
    int64_t inform_by; /* this and inform_why: with CONSENT_INFORM_AFTER */
    const char *inform_why;
    const char *consent_sought; /* this and the next three: if the provider is bound by professional secrecy */
    const char *no_other_way;
    const char *serious_harm;
    const char *conflict_of_duties;
};

/* May this provider tell these data about this subject to this recipient, for this purpose, now?
   Everything is lent for the call. A NULL string counts as an empty one. */
struct consent_question {
    const char *bsn;       /* eight or nine digits */
    const char *provider;  /* party id of who tells */
    const char *recipient; /* party id of who is told */
    const char *purpose;   /* a code of the policy; exactly one */
    const struct consent_item *items;
    size_t item_count;    /* 1-64 */
    const char *user;     /* who acts: an opaque reference of your own; never a BSN */
    const char *case_ref; /* the case, or NULL */
    enum consent_mode mode;
    bool all_or_nothing; /* CONSENT_DISCLOSE: discloses every item, or none */
    /* For a purpose for which the policy wants a manager first (escalatie): who was consulted, an opaque
       reference; or why nobody could be. Not both. */
    const char *manager_consulted;
    const char *no_manager;
    bool under_secrecy; /* the professional who acts is bound by secrecy, though the provider is not */
    const struct consent_written_request *written_request; /* NULL: not claimed */
    const struct consent_urgent_reasons *urgent_reasons;   /* NULL: not claimed */
    /* 32 hexadecimal digits, not all 0. NULL: the library makes new ones. If the answer to a DISCLOSE was lost
       (CONSENT_TIMEOUT), ask the same question again with the same key, from any process: the recorded answer is
       given. Not in a batch, which has one key for all. */
    const char *idempotency_key;
};

struct consent_reason {
    const char *code; /* "NO_CONSENT"; "UNKNOWN": the library is too old to know its name */
    const char *rule; /* the rule that gives it: "C7" */
    const char *const
        *details; /* TRIAGE_INCOMPLETE: the names of what is missing; by rule C15 "manager_consulted" */
};

struct consent_item_answer {
    const char *category; /* as asked */
    const char *origin;
    enum consent_verdict verdict;         /* CONSENT_PERMIT or CONSENT_DENY */
    enum consent_ground ground;           /* of a permit */
    char consent_id[CONSENT_ID_SIZE];     /* where the ground is consent */
    const char *statute;                  /* where the ground is a statute, else "" */
    const struct consent_reason *reasons; /* of a denial */
    size_t reason_count;
    const char *urgent_reason; /* where the ground is urgent reasons, else "" */
    bool against_will;         /* of a permit: the subject refused this, and has not said yes since */
};

/* A duty that the disclosure brings you, to be reported done with the decision's number. It is the provider's,
   except "INFORM_OF_SOURCE", which is the recipient's. */
struct consent_duty {
    const char *kind; /* "INFORM_SUBJECT", "INFORM_REPRESENTATIVE", "INFORM_YOUTH", "RECORD_IN_PLAN",
                         "RECORD_AGAINST_WILL", "INFORM_OF_SOURCE" */
    int64_t due;      /* exclusive */
    bool deferrable;  /* it may be deferred, with a reason */
    bool done;        /* the subject was informed before the decision */
};

struct consent_answer {
    uint64_t ticket;     /* of consent_ask; 0: of consent_check */
    int status;          /* CONSENT_OK, another consent_status, or -errno */
    const char *field;   /* CONSENT_INVALID: the field, "check.items[2].category"; else "" */
    const char *message; /* if not CONSENT_OK: one sentence for people; holds no personal data */

    enum consent_verdict verdict;            /* CONSENT_DENY unless status is CONSENT_OK */
    const struct consent_item_answer *items; /* one for each item asked, in that order; none without CONSENT_OK */
    size_t item_count;
    const char *const *obligations;    /* "KEEP_SECRET", "ONE_TIME", and the kind of each duty */
    const struct consent_duty *duties; /* yours; of CONSENT_ADVISE: those that CONSENT_DISCLOSE would bring */
    size_t duty_count;
    const char *const *asked; /* CONSENT_ADVISE: what CONSENT_DISCLOSE would also need: "manager_consulted" */
    int64_t evaluated_at;
    int64_t until;                     /* first known moment at which this answer would differ; 0: none known */
    uint64_t decision;                 /* its number in the registry's audit log */
    char subject_ref[CONSENT_ID_SIZE]; /* your own pseudonym of the subject: the same in your events */
    const char *policy;                /* name and version: "kaag-en-braassem-2015/2" */
    char epoch[CONSENT_ID_SIZE];
    uint64_t revision;  /* of the registry when it answered */
    bool replayed;      /* the recorded answer to an earlier attempt, whose reply was lost */
    bool revoked_since; /* with `replayed`: what it rested on has ended since; then no verdict is a permit */
};

/* Asks one question and waits for its answer, at most attempts x (time-out + pause). Never returns NULL. Caller
   owns the return value and must destroy it when done.
   After CONSENT_TIMEOUT a DISCLOSE may have been recorded, though you may not disclose: the log then says more
   than what happened, never less. */
struct consent_answer *consent_check (consent_t *self, const struct consent_question *question);

/* Sends a question without waiting, and gives its ticket (never 0). CONSENT_OK; CONSENT_BUSY; CONSENT_INVALID if
   the question is larger than a message may be. What is lent is needed only during the call. */
int consent_ask (consent_t *self, const struct consent_question *question, uint64_t *ticket);

/* Waits for the next answer to a question of consent_ask; answers come in any order. Each question gets exactly
   one answer, at worst CONSENT_TIMEOUT. NULL: every question has been answered.
   Caller owns the return value and must destroy it when done. */
struct consent_answer *consent_next_answer (consent_t *self);

/* Whether consent_next_answer has something to look at: an answer, or something else that has come and is not looked
   at yet. Also where no question is out. Does not wait, so that a caller can do other work until there is something;
   what becomes late meanwhile is noticed by consent_next_answer. */
bool consent_has_answer (consent_t *self);

/* Asks 1 to CONSENT_BATCH_MAX questions in one message, of at most CONSENT_BATCH_ITEMS_MAX items in all, and waits
   for the answers, at most attempts x (time-out + pause). Everything is lent for the call. Afterwards answers[i]
   is the answer to questions[i], as consent_check would have given it; never NULL. Caller owns each and must
   destroy it when done. CONSENT_OK: the batch was answered. Each answer has a status of its own, which says
   nothing about the others; a `field` is "batch.checks[3].purpose". If some are CONSENT_UNAVAILABLE, the library
   does not ask them again. Anything else: none was answered, and every answer is a CONSENT_DENY with that status.
   CONSENT_INVALID is also given if all questions together are larger than a message may be. For CONSENT_TIMEOUT
   see consent_check. */
int consent_check_batch (consent_t *self, const struct consent_question *questions, size_t count,
                         struct consent_answer **answers);

/* The same, with a key of its own, or all or nothing: for what is one message to its recipient. */
struct consent_batch {
    const struct consent_question *questions;
    size_t count; /* as of consent_check_batch, or 1 to CONSENT_TOGETHER_MAX that are all or nothing */
    /* All questions are CONSENT_DISCLOSE. They are judged first, at one moment, each as it would be behind those
       before it. If one would not be permitted whole, nothing of any is disclosed or used up: what alone would be
       permitted is denied with ALL_OR_NOTHING. So either every answer is a CONSENT_PERMIT, or none is, unless one
       has `revoked_since`, or was erased. */
    bool all_or_nothing;
    /* As that of a question. With all_or_nothing it stands for the whole batch: with other questions, or more or
       fewer, CONSENT_CONFLICT. Asked again with the same it gives the recorded answers. */
    const char *idempotency_key;
};
/* As consent_check_batch. CONSENT_INVALID: the key is not 32 hexadecimal digits. */
int consent_check_together (consent_t *self, const struct consent_batch *batch, struct consent_answer **answers);

/* What stands for a key with which this party asked, or may have asked: for who was interrupted, and does not
   know. Nothing is decided or recorded by it. `idempotency_key`: 32 hexadecimal digits. `user`: who acts, or NULL.
   CONSENT_OK: *count is 1 for a check. For a batch it is that of its questions, up to the last of which an answer
   is recorded. answers[i] is the answer to questions[i] as the registry recorded it, with `replayed`, and with
   `revoked_since`, `decision` and `subject_ref` as consent_check would give it if it asked the same again; an
   answer that is not recorded, or was erased with its subject, has the status CONSENT_NOT_FOUND, and is a
   CONSENT_DENY. Caller owns each and must destroy it when done. There is room for CONSENT_TOGETHER_MAX. Anything
   else: *count is 0. CONSENT_NOT_FOUND: the key was not used, or more than 24 hours ago, or only for what is not
   recorded (CONSENT_ADVISE, CONSENT_INVALID), or what it was used for was erased; consent_last_error says no more,
   since the registry tells no more. CONSENT_CONFLICT: it was used for something that is no check. CONSENT_INVALID,
   CONSENT_FORBIDDEN, CONSENT_TIMEOUT, CONSENT_BAD_REPLY, -errno. */
int consent_recorded (consent_t *self, const char *idempotency_key, const char *user,
                      struct consent_answer **answers, size_t *count);

/* Destroys an answer and sets *answer_p to NULL. */
void consent_answer_destroy (struct consent_answer **answer_p);

/* ----------------------------------------------------------------------------------------------- parties */

/* Which parties are meant: these, or those that have this identifier. Everything is lent for the call. */
struct consent_identification {
    const char *const *parties; /* 1-32 party ids, ending with NULL; or NULL: */
    const char *identifier;     /* "agb", "gemeentecode" or "oin" */
    const char *value;          /* its 8, 4 or 20 digits */
    const char *user;           /* who acts, or NULL */
};

struct consent_known_party {
    const char *id;
    const char *kind; /* a code of the policy */
    const char *agb;  /* these three: "" if the party has none */
    const char *gemeentecode;
    const char *oin;
};

struct consent_parties {
    const struct consent_known_party *parties; /* ordered by id; only those that are active */
    size_t count;                              /* 0: there is no such party */
};

/* Asks who they are: whether a message comes from the party that it names, and for whom it is. The role must allow
   `check` or `grant`. CONSENT_OK: *parties_p is the answer; caller owns it and must destroy it. Anything else: it
   is NULL, and consent_last_error says why. */
int consent_identify (consent_t *self, const struct consent_identification *asked,
                      struct consent_parties **parties_p);
void consent_parties_destroy (struct consent_parties **parties_p);

enum consent_term_sort {
    CONSENT_TERM_ANY, /* only asked */
    CONSENT_TERM_PURPOSE,
    CONSENT_TERM_CATEGORY,
    CONSENT_TERM_ORIGIN,
    CONSENT_TERM_URGENT_REASON,
    CONSENT_TERM_KIND, /* of a party */
    CONSENT_TERM_PARTY,
};

/* A code of the policy, or a party. */
struct consent_term {
    enum consent_term_sort sort;
    const char *code;                /* as requests have it; of a party its id */
    const char *label_nl, *label_en; /* of a party those of its kind */
    const char *kind;                /* of a party; else "" */
    bool provides; /* the policy has a flow with it of which the provider is of your kind; of a kind or a party: to
                      it */
    bool receives; /* the same of the recipient; from it */
    bool special;  /* of a category: special personal data */
};

struct consent_vocabulary {
    const struct consent_term *terms; /* in the order of the sorts, then of the policy or of the ids */
    size_t count;
    const char *policy; /* "kaag-en-braassem-2015/2" */
};

/* Asks what your requests can name, so that no program needs a list of its own: `sort` alone, and only what a
   disclosure for `purpose` can have (NULL: for any). Whether it is permitted is for a check to say. CONSENT_OK:
   *vocabulary_p is the answer; caller owns it and must destroy it. Anything else: it is NULL, and
   consent_last_error says why: CONSENT_INVALID if the policy has no such purpose, CONSENT_UNAVAILABLE if it
   changes again and again. */
int consent_vocabulary (consent_t *self, enum consent_term_sort sort, const char *purpose,
                        struct consent_vocabulary **vocabulary_p);
void consent_vocabulary_destroy (struct consent_vocabulary **vocabulary_p);

/* As whom the registry knows this connection, and what it may do there. Texts are "" where there is none. */
struct consent_identity {
    const char *party, *kind, *role;
    const char *const *permissions; /* "check", "grant" ..., ending with NULL */
    const char *endpoint;           /* "requests" or "operators" */
    const char *key;                /* the name of the key of the key file, in the party's settings */
    const char *key_until;          /* the first day without that key: "2027-01-01"; "": open */
    const char *controller;         /* whose registry it is */
    const char *policy;             /* "kaag-en-braassem-2015/2" */
    const char *server;             /* version of the registry: "consentd 0.1.0" */
    unsigned protocol;              /* version of the protocol */
    int64_t time;                   /* by the registry's clock */
};

/* Asks that. Every party that is let in may. CONSENT_OK: *identity_p is the answer; caller owns it and must
   destroy it. Anything else: it is NULL, and consent_last_error says why. */
int consent_whoami (consent_t *self, struct consent_identity **identity_p);
void consent_identity_destroy (struct consent_identity **identity_p);

/* -------------------------------------------------------------------------------------------- revocation */

/* A withdrawal by the subject, which you pass on. Lists end with NULL. A NULL or empty list means: all that the
   consent has. Everything is lent for the call. */
struct consent_revocation {
    const char *consent_id;
    const char *const *providers;
    const char *const *recipients;
    const char *const *categories;
    const char *withdrawn_by;  /* "subject", or the reference of a representative */
    int64_t withdrawn_at;      /* 0: now. For the record only: it counts from the reply on */
    const char *user;          /* who acts: an opaque reference of your own */
    const char *nobody_reason; /* if nobody can exercise the rights: why; withdrawn_by is then NULL */
};

struct consent_revoked {
    bool already;                        /* nothing was left to withdraw */
    const char *const *still_covered_by; /* other consents in force that cover something of what was withdrawn */
    const char *const *informed;         /* parties that are told */
};

/* Withdraws a consent, wholly or in part. CONSENT_OK: every check that is answered from now on knows it. Anything
   else: it may not have been withdrawn, and consent_last_error says why. To repeat it is no error.
   If revoked_p is not NULL it is set to the details, or to NULL without CONSENT_OK. Caller owns them and must
   destroy them. */
int consent_revoke (consent_t *self, const struct consent_revocation *revocation,
                    struct consent_revoked **revoked_p);
void consent_revoked_destroy (struct consent_revoked **revoked_p);

/* ------------------------------------------------------------------------------------------------ events */

/* Something happened that concerns this party: a consent was given, was withdrawn or ended, a request was
   answered, data were restricted, or a duty arose. The types, each after "nl.toestemmingen.":
     toestemming-ingetrokken    the subject has withdrawn a consent
     toestemming-verlopen       it is past its end
     toestemming-verbruikt      it was one-time, and was used
     toestemming-vervallen      it lapsed: the subject must sign himself, or has died, or not all signed who had to
     toestemming-hersteld       by a correction it stands again
     toestemming-gegeven        the subject consents: your part of it
     toestemming-geweigerd      the subject refuses
     verzoek-beantwoord         what you asked the social team for was answered: see `answer`
     verplichting-ontstaan      a disclosure that another party asked about obliges you: see `obligation`
     gegevens-afgeschermd       disclosing these data was stopped
     afscherming-opgeheven      disclosing these data is possible again
     gebeurtenis-overgeslagen   the event with this number could not be read, and an operator passed it over
     betrokkene-verwijderd      the subject was erased; in the place of what you had not heard about the subject
     toestemming-verbeterd      it was recorded wrongly, and counts for nothing; what was signed is given as
   another gegevens-verbeterd         data that you received were corrected: correct them, and report the
   `obligation` done before `due` gegevens-te-verwijderen    the subject was erased: erase what you received, and
   report it done verzoek-ontvangen          to who keeps the requests of subjects: one came, see `request`
     verzoek-over-tijd          to the same: one is overdue
     register-alarm             to operators: see `alarm` */
struct consent_event {
    uint64_t number; /* per party, from 1, without gaps */
    const char *type;
    int64_t time;                      /* when it was recorded */
    char consent_id[CONSENT_ID_SIZE];  /* "" if the event is not about a consent */
    char subject_ref[CONSENT_ID_SIZE]; /* the same as in your answers about this subject; "" if about nobody */
    const char *const *providers;      /* what was withdrawn, or ended */
    const char *const *recipients;
    const char *const *categories;
    const char *purpose;
    bool whole;             /* nothing of the consent is left for this party; or all data are restricted */
    const char *answer;     /* verzoek-beantwoord: "granted", "refused" or "deferred"; else "" */
    const char *obligation; /* what must be reported done: "INFORM_SUBJECT", "RECTIFY_DATA", "ERASE_DATA"; or "" */
    uint64_t decision;      /* and the number in the registry's log by which it is reported; else 0 */
    const char *alarm;      /* register-alarm: what it is, "many-subjects"; else "" */
    const char *party;      /* register-alarm: the party that it is about; else "" */
    const char *consumer;   /* register-alarm: the consumer of that party; else "" */
    uint64_t request;       /* verzoek-ontvangen, verzoek-over-tijd: the number of the request; else 0 */
    const char *rights;     /* and its kind, "RIGHTS_ACCESS"; else "" */
    int64_t due;            /* before when that is to be decided, or data corrected or erased; else 0 */
    char epoch[CONSENT_ID_SIZE];
    uint64_t revision; /* a check that requires this revision knows this event */
    /* With consent_set_effects: what it changed for this party, about this subject. */
    const struct consent_effect *effects;
    size_t effect_count;
    bool effects_left_out; /* it changed more than is told: ask anew about this subject */
};

/* What became permitted by an event, or is no longer. */
struct consent_effect {
    const char *provider;
    const char *recipient;
    const char *purpose;
    const char *category;
    const char *case_ref; /* "": whatever the case */
    bool permitted;
    int64_t from;  /* of a permit: from when; 0: already */
    int64_t until; /* of a permit: exclusive; 0: no end is known */
};

/* Which system of the party listens. A party can have several; each has a position of its own at the registry, and
   an event is kept until each has acknowledged it. Only one connection at a time listens as one of them: a new one
   ends the old (CONSENT_ENDED). The name is 1-32 of a-z, 0-9 and -, the first not a -; without a call it is
   "default". Each has a position file of its own. Call it before consent_subscribe. CONSENT_OK, or
   CONSENT_INVALID: it is no such name, or there is a subscription already. Sets consent_last_error. */
int consent_set_consumer (consent_t *self, const char *name);

/* From the subscription on, each event says what became permitted by it, or is no longer, between this party and
   others (consent_effect): so that you need not know the rules to stop an exchange that runs. The role must allow
   `check`. Call it before consent_subscribe. CONSENT_OK, or CONSENT_INVALID: there is a subscription already. */
int consent_set_effects (consent_t *self, bool wanted);

/* Begins to listen. With a position file, the library keeps in it, durably, which event was handled last and of
   which epoch, and goes on after it. NULL: the registry's own record of what was acknowledged is the position.
   If `from` is not 0, the stream starts at that number, whatever the position file says, and the position is
   written anew. That is the way out after CONSENT_GAP, once you have asked again about everything that you hold.
   A position of another epoch is then kept beside it (consent_former_position).
   The library also watches the registry's log: it asks that each newer checkpoint be proved to continue the newest
   one that it saw, which is in the position file too (without one, it is remembered as long as the connection is).
   A registry that shows no log, and never did, goes on without.
   Does not wait for the registry. CONSENT_OK; CONSENT_INVALID if the position file cannot be understood, is that
   of another party or consumer, or the key file has no events endpoint; -EALREADY; -errno of the position file.
   Sets consent_last_error. */
int consent_subscribe (consent_t *self, const char *position_file, uint64_t from);

/* For who stores events in a place from which it knows, at its start, how far it came: the events up to `number`
   of this epoch are there, and need not be delivered again. They count as delivered; to acknowledge them is still
   the caller's. A number before the position, or before the `from` of consent_subscribe, says nothing new. Call it
   after consent_subscribe, before the first event. If the registry has no such event, or another epoch, the stream
   ends with CONSENT_GAP. CONSENT_OK; CONSENT_GAP: the position file is of another epoch; CONSENT_INVALID. Sets
   consent_last_error. */
int consent_set_stored (consent_t *self, const char *epoch, uint64_t number);

/* Waits at most `timeout` ms (-1: for ever) for the next event. If the registry restarts, the library sets the
   stream up again, as often as needed, and goes on where it was.
   CONSENT_OK: *event_p is the next event; caller owns it and must destroy it.
   CONSENT_NO_EVENT: none came. Also if as many as the window wait for your acknowledgement.
   CONSENT_INTERRUPTED: a signal was handled.
   The other returns are final: every further call returns the same, and no more events come.
   CONSENT_GAP: a number is missing, is lower than before, is no longer kept or does not exist yet, events were
   dropped by a limit of the registry, or it has another epoch (a backup was restored). You may have missed
   withdrawals: treat what you hold as not permitted until you have asked again. CONSENT_CONTRADICTED: the registry
   was put back or rewritten: its log has fewer lines than it signed before, does not begin with those lines, is
   signed by no key that is believed, or is not shown any more. Believe nothing of this registry, ask who runs it
   what happened, and keep the evidence: the signed notes, in POSITION.contradiction (consent_last_error names the
   file). Whoever starts again with the same position file hears the same. CONSENT_ENDED, CONSENT_FORBIDDEN,
   CONSENT_KEY_REFUSED, CONSENT_BAD_REPLY, -errno. */
int consent_next_event (consent_t *self, int timeout, struct consent_event **event_p);

/* How it stands with the subscription, as of the last consent_next_event. */
struct consent_stream_state {
    bool live;            /* the registry has confirmed it, on a connection that stands */
    const char *endpoint; /* whom the library hears, or tries: `events` of the key file */
    int64_t since;        /* for so many ms it has been live, or not; of a new subscription since its beginning */
    int64_t silent;       /* live: for so many ms nothing came. The registry owes a heartbeat every 5,000 */
    const char *why;      /* not live: what became of the last attempt, a clause without personal data; "": nothing
                             is known yet */
};

/* A registry that is not there, or is there again, is no return of consent_next_event: the library tries again by
   itself, as long as it is asked for events. Whoever wants to tell people asks here. A connection that was closed
   or refused is known at once; one that is dead, as when the network is cut, by its silence. CONSENT_OK, or
   CONSENT_INVALID: there is no subscription. The texts are valid until the next call on this connection. */
int consent_stream_state (const consent_t *self, struct consent_stream_state *state);

/* Says that this event and all before it are handled and stored. Call it after that, never before. Writes the
   position file (durable on return) and tells the registry, which then need not keep these events.
   CONSENT_OK, also for a number that was acknowledged before; CONSENT_INVALID for a number that was not
   delivered; -errno of the position file: the registry is then not told. */
int consent_acknowledge (consent_t *self, uint64_t number);

/* Destroys an event and sets *event_p to NULL. */
void consent_event_destroy (struct consent_event **event_p);

/* The server key (Z85) that the registry says it is to have, and the key file does not know: put it there as
   `server-key-next`, and open a new connection; then the change needs nobody. "": none. Of a subscription, which
   hears it within five seconds. Valid until the next call. */
const char *consent_server_key_to_come (const consent_t *self);

/* After CONSENT_GAP: whether it is the registry that was heard before, and it only dropped events that nobody
   took. Then *from_p is the first that it still has for this consumer: the `from` of a consent_subscribe on another
   connection, once you have asked again about everything that you hold. */
bool consent_was_dropped (const consent_t *self, uint64_t *from_p);

/* Where the position of another epoch is kept that consent_subscribe was told to replace: POSITION.before-EPOCH;
   or what could not be understood as one: POSITION.damaged. Known once the registry has answered. "": there was
   none. Valid until the connection is closed. */
const char *consent_former_position (const consent_t *self);

/* ------------------------------------------------------------------------------------------ what stands */

enum consent_standing_kind {
    CONSENT_STANDING_CONSENT = 1,
    CONSENT_STANDING_REFUSAL,     /* only a later consent lifts it */
    CONSENT_STANDING_RESTRICTION, /* of these data nothing may be disclosed, with the exceptions of the rules */
};

/* A part of a consent or a refusal that was withdrawn. An empty list: all that it has. */
struct consent_withdrawn_part {
    const char *const *providers;
    const char *const *recipients;
    const char *const *categories;
};

/* What stands for this party: your own part of it. */
struct consent_standing {
    enum consent_standing_kind kind;
    char subject_ref[CONSENT_ID_SIZE]; /* the same as in your answers and events */
    char consent_id[CONSENT_ID_SIZE];  /* "" of a restriction, as all up to withdrawn_count are empty then */
    const char *const *providers;
    const char *const *recipients;
    const char *const *origins; /* none: any */
    const char *purpose;
    const char *case_ref; /* "": not bound to a case */
    int64_t valid_from;
    int64_t valid_until; /* exclusive; of a refusal 0: no end */
    bool one_time;
    const struct consent_withdrawn_part *withdrawn;
    size_t withdrawn_count;
    const char *const
        *categories; /* of a restriction: that are restricted, of those that you received or may be given */
    bool whole;      /* of a restriction: all data of the subject are restricted */
    int64_t since;   /* of a restriction */
};

/* Of which moment that is. */
struct consent_snapshot {
    uint64_t number;   /* the newest event of this party then */
    uint64_t revision; /* of the registry */
    int64_t as_of;
    char epoch[CONSENT_ID_SIZE];
    uint64_t unreadable; /* subjects that were passed over, because their record at the registry cannot be read */
};

/* Asks what stands now, for whoever begins to listen or may have missed something (CONSENT_GAP). Calls `each` with
   one thing after another, in no order that means anything; what it is given is valid during that call, and it may
   not use this connection. All of it is one state of the registry, whatever is recorded meanwhile: what comes
   later is an event, so go on with consent_subscribe (self, position_file, snapshot->number + 1). The consumer
   (consent_set_consumer) comes to be with the first page, so that nothing after that number is lost. CONSENT_OK:
   it is complete. CONSENT_RETRY: the policy or this party's role changed meanwhile: forget what came, and begin
   anew. Anything else: forget what came; consent_last_error says why. */
typedef void consent_standing_handler (void *context, const struct consent_standing *standing);
int consent_snapshot (consent_t *self, consent_standing_handler *each, void *context,
                      struct consent_snapshot *snapshot);

/* ----------------------------------------------------------------------------------------- a local view */

/* A view answers "may these data flow now?" from memory, in microseconds, with the registry beside or away. It
   takes a snapshot of what is permitted between this party and others, and follows the events with what each
   changes, in a thread of its own, on a connection of its own; as a consumer it acknowledges what it has taken in.

       char error [256];
       struct consent_view_options options = { .consumer = "portaal" };
       consent_view_t *view = consent_view_open ("/etc/consentd/kernteam.key", &options, error, sizeof error);
       struct consent_view_question question = {
           .subject_ref = ref, .provider = "kernteam", .recipient = "zorgaanbieder-horizon", .purpose =
   "toekenning", .category = "naw" }; struct consent_view_answer answer; consent_view_ask (view, &question,
   &answer); if (answer.permitted) go_on (); consent_view_close (&view);

   It fails closed: it says no, and `why`, until it has caught up by itself, where an event may be missing, where
   it has not heard for longer than the silence that it is allowed, where the registry has another epoch or other
   parties or another policy than it knew, and where a clock is not to be believed.

   What it answers is what a check in mode CONSENT_ADVISE would, asked without an origin and without claims, as
   long ago as `heard_ms` says. It records nothing: before something is disclosed a check in mode CONSENT_DISCLOSE
   is asked of the registry as ever. A view is for what goes on: to stop an exchange that runs, to show or not to
   show, to ask nobody in vain. The subject is named by the party's own pseudonym (`subject_ref` of an answer or an
   event): a view holds no BSN. */
typedef struct consent_view consent_view_t;

struct consent_view_options {
    const char *consumer;      /* by which the registry knows it; NULL: "view". Two views need two names */
    const char *position_file; /* keeps what was seen of the registry's log over restarts; NULL: only in memory */
    int silence;               /* ms; 0: 15,000. The registry sends a heartbeat every 5,000 ms */
    int timeout;               /* ms, of one attempt to ask the registry; 0: 2,000 */
};

/* Why a view says what it says. Only the last permits. */
enum consent_view_why {
    CONSENT_VIEW_NOT_PERMITTED = 0,
    CONSENT_VIEW_CATCHING_UP, /* a snapshot is taken, or events are under way */
    CONSENT_VIEW_SILENT,      /* nothing new was heard of the registry for too long */
    CONSENT_VIEW_GAP,         /* an event may be missing */
    CONSENT_VIEW_OTHER_EPOCH, /* a backup of the registry was put back, or its time reset */
    CONSENT_VIEW_OTHER_BASIS, /* the registry's parties or policy have changed */
    CONSENT_VIEW_LEFT_OUT,    /* an event about this subject changed more than was told */
    CONSENT_VIEW_CLOCK, /* the registry's clock was stopped, stands still, or does not agree with this machine's */
    /* These two are final: the view must be opened anew, once it is known what happened. */
    CONSENT_VIEW_CONTRADICTED, /* the registry's log is not the one that it signed before: see consent_next_event
                                */
    CONSENT_VIEW_ENDED,        /* the registry refused, or another has taken this consumer's place */
    CONSENT_VIEW_PERMITTED,
};

/* Opens a view with the key file of a party (consent_open), of which the role may `events` and `check`. Does not
   wait for the registry: until it has caught up every answer is no. NULL with one sentence in `error`. Caller owns
   the return value and must close it when done. `options` NULL: all as by default. */
consent_view_t *consent_view_open (const char *key_file, const struct consent_view_options *options, char *error,
                                   size_t size);
/* Ends its thread, which may take as long as two attempts. Sets *self_p to NULL. No thread may still ask it. */
void consent_view_close (consent_view_t **self_p);

/* What is asked. Everything is lent for the call; NULL counts as "". */
struct consent_view_question {
    const char *subject_ref;
    const char *provider;
    const char *recipient;
    const char *purpose;
    const char *category;
    const char *case_ref; /* the case, or NULL */
};

struct consent_view_answer {
    bool permitted;
    enum consent_view_why why; /* CONSENT_VIEW_PERMITTED exactly if `permitted` */
    uint64_t revision;         /* of the registry, as far as the view knows all that concerns this party */
    int64_t heard_ms;          /* so long ago, at most, that was so; -1: nothing is known */
};

/* Asks the view. Waits for nothing but a short lock, so any number of threads may ask. */
void consent_view_ask (consent_view_t *self, const struct consent_view_question *question,
                       struct consent_view_answer *answer);

/* How the view is. */
struct consent_view_status {
    enum consent_view_why why; /* CONSENT_VIEW_NOT_PERMITTED: it has caught up, and answers */
    uint64_t number;           /* the last event that it has taken in */
    uint64_t revision;
    int64_t heard_ms;
    uint64_t permits;   /* that it holds */
    uint64_t snapshots; /* that it has taken so far */
    char problem[256];  /* a sentence about the last trouble; "": there was none */
};
void consent_view_status (consent_view_t *self, struct consent_view_status *status);

/* Waits at most `timeout` ms until the view has caught up. True if it has. */
bool consent_view_wait (consent_view_t *self, int timeout);

/* "PERMITTED", "SILENT". Static. */
const char *consent_view_why_name (enum consent_view_why why);

/* --------------------------------------------------------------------------------------------- witnesses */

/* The registry's log is a Merkle tree. A checkpoint says how many lines it has, and its root, and the registry
   signs it (C2SP tlog-checkpoint). Whoever keeps the newest that it has seen notices a registry that was put back
   or rewritten. A witness also says so to others: it signs each checkpoint that continues what it saw (C2SP
   tlog-cosignature), and the registry publishes that.

   Cosigns with the key in this file, a line for its owner alone; `consent-watch --new-witness-key` makes one. What
   is cosigned is in the position file first, and consent_subscribe refuses to do without one (CONSENT_INVALID).
   Call it before consent_subscribe. CONSENT_OK, or CONSENT_INVALID: the file is no such key, or others can read
   it; or there is a subscription already. Sets consent_last_error. */
int consent_set_witness (consent_t *self, const char *key_file);

/* The newest checkpoint of the registry's log that was verified. */
struct consent_checkpoint {
    uint64_t size;           /* lines of the log */
    int64_t seen_at;         /* when it was first seen, by the clock of this machine */
    const char *origin;      /* the name of the log */
    const char *const *keys; /* verifier keys by which the next one is believed: name+hash+base64 */
    uint64_t cosigned;   /* lines of the newest of which the registry took our cosignature, since consent_open */
    const char *refused; /* why it did not take the last one, in a sentence; "" if it did */
    /* Since when the registry owes an answer about its log, by the clock of this machine; 0: it owes none. A
       registry that was rewritten, and is asked to prove that it was not, has no better way than to be silent. */
    int64_t unanswered_since;
};

/* CONSENT_OK, or CONSENT_NOT_FOUND: none was seen. The texts are valid until the next call on this connection. */
int consent_checkpoint (consent_t *self, struct consent_checkpoint *checkpoint);

#ifdef __cplusplus
}
#endif
