/* One connection to a NATS server, and one stream of its JetStream. The only file that knows libnats.

   A connection that failed is not mended: what was on its way then is neither known to be stored nor to be lost,
   so the caller begins anew, and looks at the stream first. Nothing is sent by itself, and nothing waits longer
   than JETSTREAM_PATIENCE for each answer. libnats has threads of its own; signals are for the caller to block
   before. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JETSTREAM_PATIENCE = 2000 }; /* ms */

enum jetstream_outcome {
    JETSTREAM_AWAY = 1,   /* the connection is of no more use */
    JETSTREAM_NOTHING,    /* there is no such message */
    JETSTREAM_NO_STREAM,  /* there is no such stream */
    JETSTREAM_REFUSED,    /* the stream did not take it: it is full, or the message too large. It may later */
    JETSTREAM_OTHER_LAST, /* the last message with our subject is another than was expected; nothing was stored */
};

/* Where to, and who we are. All is lent as long as the connection is. NULL: not given. */
struct jetstream_to {
    const char *url;         /* several with a comma between them */
    const char *credentials; /* file with a JWT and a seed */
    const char *user, *password;
    const char *ca; /* file with who vouches for the server */
    const char *certificate, *certificate_key;
    const char *stream, *subject;
};

/* What the stream is, and how far. */
struct jetstream_look {
    int64_t created;      /* ns since 1970 */
    uint64_t first, last; /* sequences */
    int64_t replicas;
    bool is_replicated; /* three servers or more are to keep it, and most of them have what it has now */
    bool is_limits;     /* keeps what it has until a limit is reached, whoever has read it */
    bool is_file;       /* else it is in memory */
    bool is_closed;     /* sealed, a mirror, or it acknowledges nothing */
    bool drops_oldest;  /* at a limit, or by age; else it refuses what is new */
};

struct jetstream_message {
    uint64_t sequence;
    bool is_ours; /* has our subject */
    char id[512]; /* as its header says; "": none, or one too long to be ours */
};

struct jetstream;
/* NULL with a sentence in `error`, and *is_wrong: what was given is wrong, and will not do later either. */
struct jetstream *jetstream_connect (const struct jetstream_to *to, bool *is_wrong, char *error, size_t size);
/* Ends the connection, and sets *self_p to NULL. */
void jetstream_destroy (struct jetstream **self_p);
/* Ends libnats, when no connection is left. */
void jetstream_end (void);

/* Each of these: 0 or an outcome, with jetstream_why. */
int jetstream_look (struct jetstream *self, struct jetstream_look *look);
/* The last message with our subject. */
int jetstream_last (struct jetstream *self, struct jetstream_message *message);
/* The message with this sequence. */
int jetstream_read (struct jetstream *self, uint64_t sequence, struct jetstream_message *message);

struct jetstream_text {
    const char *id;
    const char *text;
};
/* Publishes with our subject, if the last such message is that of sequence `last` (0: there is none). *sequence is
   where it is now; if the stream had this id already, that is not above `last`. */
int jetstream_publish (struct jetstream *self, const struct jetstream_text *text, uint64_t last,
                       uint64_t *sequence);

/* Why the last call did not do what was asked, a clause without the address. Until the next call. */
const char *jetstream_why (const struct jetstream *self);
