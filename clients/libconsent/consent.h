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

   Every way in which an answer can be missing, late, unreadable or an error ends in CONSENT_DENY: the only thing
   that permits is `verdict == CONSENT_PERMIT`, or an item whose own verdict is that.

   What is sent is sent again after a time-out, on a fresh connection, byte for byte the same. The registry knows
   it by its idempotency key and does nothing twice: a one-time consent is not used up by a retry.

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
    CONSENT_ID_SIZE = 33,          /* characters of an identifier, with the NUL */
    CONSENT_OUTSTANDING_MAX = 256, /* questions asked and not yet answered, on one connection */
    CONSENT_BATCH_MAX = 256,       /* questions in one message */
    CONSENT_WINDOW = 64,           /* events delivered and not yet acknowledged, on one connection */
};

/* What became of a call. Negative values are -errno: the machine failed, not the registry. */
enum consent_status {
    CONSENT_OK = 0,
    /* The registry's own words (docs/protocol.md). */
    CONSENT_REJECTED = 2,  /* a statement that the rules do not admit; nothing was recorded */
    CONSENT_FORBIDDEN = 3, /* the role of this key does not allow this */
    CONSENT_INVALID = 4,   /* malformed; the field is named; do not send it again unchanged */
    CONSENT_NOT_FOUND = 5,
    CONSENT_CONFLICT = 6,
    CONSENT_RETRY = 7,       /* the required revision was not reached, though it was asked several times */
    CONSENT_UNAVAILABLE = 8, /* the registry could not decide or record, though it was asked several times */
    /* The library's. */
    CONSENT_TIMEOUT = 32, /* no answer in any attempt; whether it was done is not known: see consent_check */
    CONSENT_KEY_REFUSED,  /* the registry does not admit this key */
    CONSENT_BAD_REPLY,    /* an answer that cannot be read, or does not fit what was asked */
    CONSENT_BUSY,         /* CONSENT_OUTSTANDING_MAX questions are out: take an answer first */
    CONSENT_NO_EVENT,     /* nothing came within the time given */
    CONSENT_INTERRUPTED,  /* a signal arrived while waiting for an event */
    CONSENT_GAP,          /* events may have been missed: see consent_next_event */
    CONSENT_ENDED,        /* another subscriber of the same party has taken over */
};

typedef struct consent consent_t;

/* ------------------------------------------------------------------------------------------- connection */

/* Opens a connection with the key file of a party: a CZMQ secret certificate with, in its metadata, `party`,
   `server-key` (Z85) and the endpoints `requests` and `events`; an operator's has `operators`, and then everything
   but events goes there. Refuses a file that group or others can read. Does not wait for the registry: one that is
   down is noticed at the first call.
   Returns NULL with one sentence in `error` (it names the file, never what is in it). Caller owns the return value
   and must close it when done. */
consent_t *consent_open (const char *key_file, char *error, size_t size);

/* Closes the connection and sets *self_p to NULL. Questions that are still out are given up. If there is a
   subscription, waits at most one time-out until the registry has the last acknowledgement. */
void consent_close (consent_t **self_p);

/* How long one attempt may take; 2,000 ms unless set; from 1 up. */
void consent_set_timeout (consent_t *self, int milliseconds);

/* How often at most a request is sent; 5 unless set; from 1 up. Between attempts the library waits, longer each
   time and never the same, so that a thousand clients do not return at once to a registry that was away. */
void consent_set_attempts (consent_t *self, int attempts);

/* How long a request may be put off, in all, because the registry says that this party asks more than it may at once;
   60,000 ms unless set; 0: not at all. It says when to come back: the library waits for that, which is no failed
   attempt, and gives up (CONSENT_UNAVAILABLE) only where that would be too late. */
void consent_set_patience (consent_t *self, int milliseconds);

/* How long the event stream may be silent before it is set up anew; 15,000 ms unless set. The registry sends
   a heartbeat every 5,000 ms. */
void consent_set_silence (consent_t *self, int milliseconds);

/* The party that the key file names. Valid until the connection is closed. */
const char *consent_party (const consent_t *self);

/* One sentence on what went wrong in the last call that did not return CONSENT_OK; holds no personal data.
   Valid until the next call on this connection. Never NULL. */
const char *consent_last_error (const consent_t *self);

/* The highest revision of the registry that this connection has seen, and its epoch; 0 and "" before the first
   answer. Either pointer may be NULL. */
void consent_revision (const consent_t *self, char epoch[CONSENT_ID_SIZE], uint64_t *revision);

/* From now on takes answers only from a registry that has reached this revision of this epoch: pass on what
   consent_revision or an event gave, and a check is sure to know that revocation. Revision 0 asks nothing any
   more. Returns CONSENT_OK, or CONSENT_INVALID where `epoch` is not an identifier. */
int consent_require_revision (consent_t *self, const char *epoch, uint64_t revision);

/* ------------------------------------------------------------------------------------------------ checks */

/* Zero is the word that permits nothing. */
enum consent_verdict {
    CONSENT_DENY = 0,
    CONSENT_PARTIAL, /* of a whole answer only: some items are permitted, the others are not */
    CONSENT_PERMIT,
};

enum consent_mode {
    CONSENT_ADVISE = 1, /* asks what a disclosure would bring; nothing is used up or recorded but the question */
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
    const char *origin;   /* the law under which it was obtained, "wmo"; NULL or "" where that is not known */
};

/* A ground without consent that you claim; the registry's policy says where it is admitted. At most one of these.
   Those who must consent asked for this disclosure in writing: all of them and nobody else. */
struct consent_written_request {
    const char *const *by;          /* "subject", and representatives' references; ends with NULL */
    int64_t given_at;               /* when they asked */
    const char *evidence_reference; /* where the writing lies */
    const uint8_t *evidence_sha256; /* its SHA-256, 32 bytes */
};

enum consent_inform {
    CONSENT_INFORM_BEFORE = 1, /* the subject was told before, or is at the decision */
    CONSENT_INFORM_AFTER,      /* the subject will be told after: then by when, and why */
};

/* Urgent reasons, with the triage decision: what of it is missing the answer names (TRIAGE_INCOMPLETE). Texts are
   motivations, kept sealed. */
struct consent_urgent_reasons {
    const char *reason; /* a code of the policy: "vitaal-belang" */
    const char *necessity;
    const char *subsidiarity;
    const char *proportionality;
    const char *purpose_limitation;
    const char
        *objections; /* what the subject objected and how it was weighed; or that nothing was, or why not asked */
    const char *manager_consulted; /* an opaque reference */
    bool serious_situation;
    bool urgent_support;
    enum consent_inform inform;
    int64_t inform_by; /* these two with CONSENT_INFORM_AFTER */
    const char *inform_why;
    const char *consent_sought; /* these four where the provider is bound by professional secrecy */
    const char *no_other_way;
    const char *serious_harm;
    const char *conflict_of_duties;
};

/* May this provider tell these things about this subject to this recipient, for this purpose, now?
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
    bool all_or_nothing; /* CONSENT_DISCLOSE: every item, or none */
    /* For a purpose of which the policy wants a manager first (escalatie): who was consulted, an opaque reference,
       or why nobody could be. Not both. */
    const char *manager_consulted;
    const char *no_manager;
    bool under_secrecy; /* the professional who acts is bound by secrecy, though the provider is not */
    const struct consent_written_request *written_request; /* NULL: not claimed */
    const struct consent_urgent_reasons *urgent_reasons;   /* NULL: not claimed */
    /* 32 hexadecimal digits, not all 0; NULL: new ones. A DISCLOSE whose answer was lost (CONSENT_TIMEOUT) is
       answered from the record where the same question is asked again under the same key, by another process too.
       Not in a batch, which has one for all. */
    const char *idempotency_key;
};

struct consent_reason {
    const char *code; /* "NO_CONSENT"; "UNKNOWN" for one that this library is too old to name */
    const char *rule; /* the rule that says so: "C7" */
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
    bool against_will;         /* of a permit: the subject refused this, and nothing has lifted that */
};

/* What a disclosure obliges you to, to be reported done with the decision's number: as its provider, but
   "INFORM_OF_SOURCE" as its recipient. */
struct consent_duty {
    const char *kind; /* "INFORM_SUBJECT", "INFORM_REPRESENTATIVE", "INFORM_YOUTH", "RECORD_IN_PLAN",
                         "RECORD_AGAINST_WILL", "INFORM_OF_SOURCE" */
    int64_t due;      /* exclusive */
    bool deferrable;  /* it may be put off, with a reason */
    bool done;        /* the subject was informed before */
};

struct consent_answer {
    uint64_t ticket;     /* that consent_ask gave; 0 from consent_check */
    int status;          /* CONSENT_OK, another consent_status, or -errno */
    const char *field;   /* CONSENT_INVALID: where, "check.items[2].category"; else "" */
    const char *message; /* one sentence for people where status is not CONSENT_OK; holds no personal data */

    enum consent_verdict verdict;            /* CONSENT_DENY unless status is CONSENT_OK */
    const struct consent_item_answer *items; /* one for each item asked, in that order; none without CONSENT_OK */
    size_t item_count;
    const char *const *obligations;    /* "KEEP_SECRET", "ONE_TIME", and the kind of each duty */
    const struct consent_duty *duties; /* that you hold; CONSENT_ADVISE: that CONSENT_DISCLOSE would bring */
    size_t duty_count;
    const char *const *asked; /* CONSENT_ADVISE: what CONSENT_DISCLOSE needs besides: "manager_consulted" */
    int64_t evaluated_at;
    int64_t until;     /* first known moment at which something of this answer would differ; 0: none known */
    uint64_t decision; /* its number in the registry's audit log */
    char subject_ref[CONSENT_ID_SIZE]; /* your own pseudonym of the subject: the same in your events */
    const char *policy;                /* name and version: "kaag-en-braassem-2015/2" */
    char epoch[CONSENT_ID_SIZE];
    uint64_t revision;  /* of the registry, when it answered */
    bool replayed;      /* the recorded answer to an attempt whose reply was lost */
    bool revoked_since; /* with `replayed`: what it rested on has ended since; then no verdict is a permit */
};

/* Asks one question and waits for its answer, at most attempts x (time-out + pause).
   Never returns NULL. Caller owns the return value and must destroy it when done.
   After CONSENT_TIMEOUT a DISCLOSE may have been recorded although nothing may be disclosed: the log then says
   more than what happened, never less. */
struct consent_answer *consent_check (consent_t *self, const struct consent_question *question);

/* Sends a question without waiting, and gives its ticket (never 0). CONSENT_OK or CONSENT_BUSY; CONSENT_INVALID
   where the question is larger than a message may be. Nothing is lent beyond the call. */
int consent_ask (consent_t *self, const struct consent_question *question, uint64_t *ticket);

/* Waits for the next answer to any question that consent_ask sent, in whatever order they come. Each question has
   exactly one answer, CONSENT_TIMEOUT at the worst. NULL: no question is out.
   Caller owns the return value and must destroy it when done. */
struct consent_answer *consent_next_answer (consent_t *self);

/* Asks 1 to CONSENT_BATCH_MAX questions, of at most 2,048 items in all, in one message, and waits for the answers,
   at most attempts x (time-out + pause). Everything is lent for the call. Afterwards each of answers[0] to
   answers[count - 1] is the answer to the question at its place, as consent_check would have given it; never NULL.
   Caller owns each of them and must destroy it when done. CONSENT_OK: the batch was answered. Each answer has a
   status of its own, and one that is not CONSENT_OK says nothing of the others; a `field` is
   "batch.checks[3].purpose". A batch of which some are CONSENT_UNAVAILABLE is not asked again by itself. Anything
   else: none was answered, and every answer is a CONSENT_DENY with that status. CONSENT_INVALID also where all of
   them together are larger than a message may be. After CONSENT_TIMEOUT as after that of consent_check. */
int consent_check_batch (consent_t *self, const struct consent_question *questions, size_t count,
                         struct consent_answer **answers);

/* Destroys an answer and sets *answer_p to NULL. */
void consent_answer_destroy (struct consent_answer **answer_p);

/* -------------------------------------------------------------------------------------------- revocation */

/* Passes on that the subject withdrew. Lists end with NULL; a NULL or empty list means all of the consent's.
   Everything is lent for the call. */
struct consent_revocation {
    const char *consent_id;
    const char *const *providers;
    const char *const *recipients;
    const char *const *categories;
    const char *withdrawn_by;  /* "subject", or a representative's reference */
    int64_t withdrawn_at;      /* 0: now; for the record: it counts from the reply on */
    const char *user;          /* who acts: an opaque reference of your own */
    const char *nobody_reason; /* where nobody can exercise the rights; then withdrawn_by is NULL */
};

struct consent_revoked {
    bool already;                        /* nothing was left to withdraw */
    const char *const *still_covered_by; /* other consents in force that cover something of what was withdrawn */
    const char *const *informed;         /* parties that hear of it */
};

/* Withdraws a consent, wholly or in part. CONSENT_OK: every check answered from now on knows it. Anything else: it
   may not have been withdrawn; consent_last_error says why. Repeating it is no error.
   If revoked_p is not NULL it gets the details, or NULL without CONSENT_OK; caller owns them and must destroy
   them. */
int consent_revoke (consent_t *self, const struct consent_revocation *revocation,
                    struct consent_revoked **revoked_p);
void consent_revoked_destroy (struct consent_revoked **revoked_p);

/* ------------------------------------------------------------------------------------------------ events */

/* A consent was withdrawn or ended, a request was answered, or data were restricted, as far as that concerns this
   party. By type, each after "nl.toestemmingen.":
     toestemming-ingetrokken  withdrawn by the subject
     toestemming-verlopen     past its end
     toestemming-verbruikt    one-time, and used
     toestemming-vervallen    lapsed: the subject has to sign himself, or has died, or not all signed who had to
     toestemming-hersteld     by a correction it stands again
     toestemming-gegeven      the subject consents: what is yours of it
     toestemming-geweigerd    the subject refuses
     verzoek-beantwoord       what you asked the social team for was answered: see `answer`
     verplichting-ontstaan    a disclosure that another asked about obliges you: see `obligation`
     gegevens-afgeschermd, afscherming-opgeheven   disclosing the data was stopped, or is possible again */
struct consent_event {
    uint64_t number; /* per party, from 1, without gaps */
    const char *type;
    int64_t time;                      /* when it was recorded */
    char consent_id[CONSENT_ID_SIZE];  /* "" where data were restricted, or that was lifted */
    char subject_ref[CONSENT_ID_SIZE]; /* the same as in your answers about this subject; "" of register-alarm */
    const char *const *providers;      /* what was withdrawn, or ended */
    const char *const *recipients;
    const char *const *categories;
    const char *purpose;
    bool whole;         /* nothing of the consent is left for this party */
    const char *answer; /* "granted", "refused" or "deferred" to verzoek-beantwoord; else "" */
    const char *obligation; /* "INFORM_SUBJECT", to be reported done, of verplichting-ontstaan; else "" */
    uint64_t decision;      /* that it arose from: its number in the registry's log; else 0 */
    const char *alarm;  /* of register-alarm, to operators: "many-subjects", "many-unknown-subjects"; else "" */
    const char *party;  /* of register-alarm: the party that it is about; else "" */
    char epoch[CONSENT_ID_SIZE];
    uint64_t revision; /* a check that requires it is sure to know this */
};

/* Begins to listen. With a position file the library keeps there, durably, which event was handled last and of
   which epoch, and resumes after it; NULL: the registry's own memory of what was acknowledged is the position.
   `from` other than 0 starts at that number whatever the position file says, and writes the position anew: the way
   out after CONSENT_GAP, once you have asked again about everything that you hold.
   Does not wait for the registry. CONSENT_OK; CONSENT_INVALID where the position file cannot be understood or the
   key file names no events endpoint; -EALREADY; -errno of the position file. Sets consent_last_error. */
int consent_subscribe (consent_t *self, const char *position_file, uint64_t from);

/* Waits at most `timeout` ms (-1: as long as it takes) for the next event. Survives restarts of the registry: sets
   up the stream anew, as often as needed, from where it was.
   CONSENT_OK: *event_p is the next event; caller owns it and must destroy it.
   CONSENT_NO_EVENT: none came. Also when CONSENT_WINDOW events wait for your acknowledgement.
   CONSENT_INTERRUPTED: a signal was handled.
   The others are final, and every further call returns the same: the stream fails closed.
   CONSENT_GAP: a number is missing, went back, is no longer kept or not yet made, or the registry has another
   epoch (a backup was restored). Withdrawals may have been missed: treat what you hold as not permitted until
   asked again. CONSENT_ENDED, CONSENT_FORBIDDEN, CONSENT_KEY_REFUSED, CONSENT_BAD_REPLY, -errno. */
int consent_next_event (consent_t *self, int timeout, struct consent_event **event_p);

/* Says that this event and all before it are handled and stored: call it after, never before. Writes the position
   file (durable on return) and tells the registry, which from then on need not keep them.
   CONSENT_OK; CONSENT_INVALID for a number that was not delivered; -errno of the position file, and then the
   registry is not told. A number acknowledged before is no error. */
int consent_acknowledge (consent_t *self, uint64_t number);

/* Destroys an event and sets *event_p to NULL. */
void consent_event_destroy (struct consent_event **event_p);

#ifdef __cplusplus
}
#endif
