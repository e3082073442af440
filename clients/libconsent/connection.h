/* What a connection holds. Each part belongs to the file that is named beside it. */
#pragma once
#include "call.h"
#include "identifier.h"
#include "key_file.h"
#include "link.h"
#include "position.h"
#include "presence.h"

/* call.c: a request that was sent, and whose answer the caller has not taken yet. */
struct pending {
    uint8_t key[ID_BYTES];
    uint8_t *bytes; /* sent, and sent again; they hold personal data, and are wiped */
    size_t size;
    uint64_t ticket; /* of consent_ask; 0: a caller waits for the answer */
    int attempts;    /* how often it was sent; sendings that the registry told to come back later do not count */
    int64_t begun;
    int64_t unheard; /* since when it may have been done and nothing was heard of that; 0: it was not done */
    bool sent;       /* true: waits for its answer until `due`. False: waits until `due` to be sent */
    int64_t due;
    bool done;
    int status; /* if done: CONSENT_OK, and there is a reply; else why there is none */
    Consentd__Reply *reply;
};

/* log_watch.c: a request about the log, which may be sent again. */
struct log_errand {
    bool is_out; /* it has no answer yet */
    uint8_t key[ID_BYTES];
    int64_t due; /* when it is sent again; INT64_MAX: it is not */
};

/* log_watch.c: watching the registry's log on this link. Zero: that has not begun. */
struct log_watch {
    uint8_t mark[8]; /* with which the keys of its requests begin */
    uint64_t errands;
    struct log_errand asked; /* for the newest checkpoint, and the proof that it begins with ... */
    uint64_t earlier;        /* ... so many lines */
    bool watching;           /* the registry pushes each new checkpoint on this link */
    int doubts;              /* how often it said that it has fewer lines than were seen */
    uint64_t pushed;         /* lines of the one that was pushed since the last answer; 0: none was */
    struct log_errand cosigning;
    uint64_t cosigned_size; /* lines of the newest that was cosigned on this link */
};

/* events.c: the stream of events. */
struct event_stream {
    bool begun;
    bool live;                /* the registry has confirmed it on this link */
    int final;                /* not 0: the stream has ended with this status */
    bool is_other_epoch;      /* since the registry has another epoch */
    char *position_file;      /* or NULL */
    bool has_epoch;           /* `position.epoch` is known */
    bool was_former;          /* `position` was that of the former consumer */
    bool placed;              /* `position` and `delivered` are known */
    struct position position; /* the last event that was handled, and what was seen of the log */
    struct former *former;    /* former.c: what is in the place of a position that begins anew, or NULL */
    char gap[192];            /* not "": events were missed, and the log is looked at before that is said */
    bool was_dropped;         /* after a gap: the registry dropped events, and nothing else is wrong */
    uint64_t kept_from;       /* then: the first event that it did not drop */
    uint64_t from;            /* first number wanted while not placed; 0: the one after the acknowledged ones */
    uint64_t stored;          /* the caller has the events up to this one; 0: it has said nothing */
    uint64_t delivered;       /* number of the last event that the caller was given */
    uint64_t newest;          /* number of the newest that there is, as the registry said last on this link */
    uint64_t confirmed;       /* number of the last event that the registry knows to be handled */
    uint32_t credit;          /* how many events the registry may still push */
    int stalled;  /* heartbeats in a row that announced events which the registry had credit for, and did not push
                   */
    int attempts; /* attempts to set the stream up, since it was last set up */
    int64_t changed_at; /* when `live` last changed; before that, when it was begun */
    char why[160];      /* what became of the last attempt, or "" */
    int64_t reopen_at;
    int64_t heard_at; /* when the registry was last heard */
    int64_t told_at;  /* when the last acknowledgement was sent */
    uint8_t subscribe_key[ID_BYTES];
};

struct consent {
    void *context;
    struct key_file key;
    int timeout;
    int attempts;
    int patience;
    int absent; /* ms for which a registry that is not there is waited for; CONSENT_ABSENT_WAIT: as for any other
                 */
    /* call.c: is told once of each wait that lasts, and why; NULL: nobody is. */
    consent_waiting_handler *tell_waiting;
    void *waiting_context;
    bool told_waiting; /* of this wait */
    int silence;
    uint64_t window;             /* events delivered and not yet acknowledged, at most */
    char consumer[33];           /* that subscribes; "": "default" */
    const char *former_consumer; /* that this one was in an earlier version, or NULL */
    bool effects;                /* it subscribes to what events change, too */
    /* stream.c: whoever wants to hear each event as it is delivered, and each heartbeat; NULL: nobody. */
    void (*hear) (void *hearer, const Consentd__Reply *reply);
    void *hearer;
    char error[512];
    uint8_t epoch[ID_BYTES]; /* the highest revision seen, and its epoch; revision 0: none seen */
    uint64_t revision;
    uint8_t required_epoch[ID_BYTES];
    uint64_t required; /* 0: any */

    struct link calls;
    bool has_met;                    /* one of the links was secure once */
    char
        told_key[KEY_FILE_KEY]; /* the server key that the registry says it is to have; "": none, or it is known */
    int turned;                 /* so many server keys in a row were not the registry's */
    char absent_why[PRESENCE_WORDS]; /* of the last that was not there */
    struct pending *pending; /* at most CONSENT_OUTSTANDING_MAX asked ones, and one that a caller waits for */
    size_t pending_count;
    uint64_t last_ticket;
    bool unreadable; /* a message came that could not be read, and none since that could */

    struct link events;
    struct event_stream stream;
    struct log_watch log;
    struct note_signer *witness; /* or NULL */
    uint64_t cosigned;           /* lines of the newest of which the registry has our cosignature */
    int64_t
        unanswered_since; /* ms since 1970: since when a question about the log has no answer; 0: none is out */
    char cosign_refused[256];                          /* why it did not take the last one, or "" */
    char *former_file;                                 /* former.c: where the former position is kept, or NULL */
    char key_text[LOG_KEYS_KNOWN][NOTE_KEY_TEXT_SIZE]; /* for consent_checkpoint */
    const char *key_list[LOG_KEYS_KNOWN + 1];
};

/* connection.c: keeps a sentence for consent_last_error, and returns `status`. */
int connection_fail (consent_t *self, int status, const char *format, ...) __attribute__ ((format (printf, 3, 4)));

/* connection.c: the registry was not met yet, and the caller wants to know soon if it is not there, or is another.
 */
bool connection_is_wary (const consent_t *self);
/* connection.c: who listens there does not know us by the server key of the link, and the key file has another,
   which is to be tried: the next link is opened with that one, and this one is to be closed. Where the caller
   wants to hear soon of a stranger, false once both were tried twice. */
bool connection_turns (consent_t *self, const struct link *link);
/* connection.c: the registry says which server key it is to have; "": none. */
void connection_hear_key (consent_t *self, const char *key);
/* connection.c: keeps the words for CONSENT_ABSENT, why as in `absent_why`, or CONSENT_STRANGER, and returns it.
 */
int connection_fail_to_meet (consent_t *self, int status, const char *endpoint);

/* connection.c: keeps the status and the words of a reply that is not OK, and returns the status. */
int connection_fail_reply (consent_t *self, const Consentd__Reply *reply);
/* connection.c: asks for what is told in this body alone. CONSENT_OK: *reply_p has it; caller owns it. Else NULL,
   and why is kept: no answer came, it is not OK, or it is another one. */
int connection_ask (consent_t *self, const Consentd__Request *request, Consentd__Reply__BodyCase body,
                    Consentd__Reply **reply_p);

/* connection.c: keeps the revision of a reply, if it is the highest. */
void connection_note (consent_t *self, const Consentd__Reply *reply);

/* call.c: sends a request, which is lent, and then takes care that it gets an answer. `ticket` 0: the caller waits
   for it. CONSENT_OK, CONSENT_BUSY, CONSENT_INVALID (too large) or -errno. */
int call_start (consent_t *self, const Consentd__Request *request, uint64_t ticket);

/* call.c: waits for the request without a ticket, or for any that has one, and moves it to *done. The caller must
   end it with call_end. If it has no reply, consent_last_error says why. False: there is no such request. */
bool call_wait (consent_t *self, bool ticketed, struct pending *done);
/* Whether that has, for ticketed ones, something to look at, or nothing to wait for. Does not wait. */
bool call_has_something (consent_t *self);
void call_end (struct pending *self);

/* call.c: drops all requests that have no answer yet. */
void call_abandon (consent_t *self);

/* events.c: waits a moment until the last acknowledgement has arrived, and ends the stream. */
void events_end (consent_t *self);
/* events.c: the stream is live, and the caller was given every event that the registry said there is. */
bool events_are_all_here (const consent_t *self);
