/* What a connection holds. Each part of it belongs to the file that is named beside it. */
#pragma once
#include "call.h"
#include "identifier.h"
#include "key_file.h"
#include "link.h"
#include "position.h"

/* call.c: a request that was sent and is not yet taken up. */
struct pending {
    uint8_t key[ID_BYTES];
    uint8_t *bytes; /* as sent, and sent again; hold personal data, and are wiped */
    size_t size;
    uint64_t ticket; /* of consent_ask; 0 where a caller waits */
    int attempts;    /* how often it was sent, but for those that the registry told to wait */
    int64_t begun;
    bool sent;       /* waits for its answer until `due`; else for its turn to be sent, at `due` */
    int64_t due;
    bool done;
    int status; /* where done: CONSENT_OK, and then there is a reply; else why there is none */
    Consentd__Reply *reply;
};

/* events.c: the stream of events. */
struct event_stream {
    bool begun;
    bool live;                /* the registry has confirmed it on this link */
    int final;                /* not 0: the stream has ended, with this */
    char *position_file;      /* or NULL */
    bool has_epoch;           /* `position.epoch` is known */
    bool placed;              /* `position` and `delivered` are known */
    struct position position; /* what was handled */
    uint64_t from;            /* first number wanted while not placed; 0: whatever follows what was acknowledged */
    uint64_t delivered;       /* last number that the caller was given */
    uint64_t confirmed;       /* last number of which the registry said that it knows it was handled */
    uint32_t credit;          /* events that it may still push */
    int stalled;              /* heartbeats in a row that spoke of events which it might have pushed and did not */
    int attempts;             /* to set it up, since it last was */
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
    int silence;
    char error[512];
    uint8_t epoch[ID_BYTES]; /* the highest revision seen, and its epoch; revision 0: none seen */
    uint64_t revision;
    uint8_t required_epoch[ID_BYTES];
    uint64_t required; /* 0: any */

    struct link calls;
    struct pending *pending; /* CONSENT_OUTSTANDING_MAX asked ones and one that is waited for */
    size_t pending_count;
    uint64_t last_ticket;
    bool unreadable; /* something came that could not be read, since the last that could */

    struct link events;
    struct event_stream stream;
};

/* connection.c: keeps a sentence for consent_last_error, and returns `status`. */
int connection_fail (consent_t *self, int status, const char *format, ...) __attribute__ ((format (printf, 3, 4)));

/* connection.c: the status and the words of a reply that is not OK, as connection_fail keeps them. */
int connection_fail_reply (consent_t *self, const Consentd__Reply *reply);

/* connection.c: remembers the revision of a reply, if it is the highest. */
void connection_note (consent_t *self, const Consentd__Reply *reply);

/* call.c: sends a request, which is lent, and from then on sees to it that it gets an answer. `ticket`: 0 for one
   that is waited for. CONSENT_OK, CONSENT_BUSY, CONSENT_INVALID (too large) or -errno. */
int call_start (consent_t *self, const Consentd__Request *request, uint64_t ticket);

/* call.c: waits for the one without a ticket, or for any that has one, and hands it over in *done. The caller must
   end it with call_end. Without a reply, consent_last_error says why. False: there is none. */
bool call_wait (consent_t *self, bool ticketed, struct pending *done);
void call_end (struct pending *self);

/* call.c: gives up whatever is out. */
void call_abandon (consent_t *self);

/* events.c: waits a moment for the last acknowledgement to arrive, and ends the stream. */
void events_end (consent_t *self);
