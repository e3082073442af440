/* The inside of the broker: shared by broker*.c, and included by nothing else. */
#pragma once
#include "limits/allowance.h"
#include "limits/askers.h"
#include "meters.h"
#include "audit/counted.h"
#include "auth.h"
#include "broker.h"
#include "clock.h"
#include "connections.h"
#include "endpoints.h"
#include "exchange.h"
#include "push.h"
#include "registry/registry.h"
#include "replies.h"
#include "waiting.h"

/* A message that waits until what it tells is on the disk. */
struct news {
    bool waits;
    zmq_msg_t message;
    uint64_t rests_on; /* a turn, as store_commit_soon numbers them */
};

/* How far a consumer was when it was looked at last. */
struct tallied {
    char party[33], consumer[33];
    uint64_t waiting;
    moment since; /* of the oldest event that waits; 0: none does, or it cannot be read */
};
struct tally {
    struct tallied *item;
    size_t count, room;
};

struct broker {
    char *config_path;
    struct in_force in_force;
    struct registry registry;
    struct daemon_report report;
    struct meters meters;
    void *context;
    struct auth *auth;
    struct connections *connections;
    struct allowance *allowance;
    struct askers *askers;
    struct endpoints endpoints;
    int signals;
    struct push_list *pushes;
    struct news news;    /* of the newest checkpoint, to connections that watch */
    moment heartbeat_at; /* steady */
    moment alive_at;     /* steady: when the supervisor is told again that the loop goes round */
    int64_t alive_every; /* ms; 0: it does not want to know */
    bool stopping;
    int failure; /* after which nothing can succeed any more; 0: there is none */

    /* broker_gather.c, broker_decide.c, broker_answer.c */
    struct inlet inlets[CHANNELS];
    struct exchange *spare; /* for the next message */
    struct waiting *waiting;
    struct replies *replies;
    struct exchange **served; /* in this turn; only broker_decide () appends to it */
    size_t served_count, served_room;
    size_t singly; /* how many requests still get a turn alone, because a turn of several failed */
    bool more;     /* there is work that no socket will announce */

    /* broker_depart.c: answers, in the order in which they leave */
    struct exchange *departing, *departing_last;
    uint64_t durable;            /* the newest turn that is known to be on the disk */
    uint64_t departed, answered; /* since the start: answers that were let depart, and of those that left */

    /* broker_turn.c */
    struct clock clock;
    bool clock_unlogged;        /* the clock stopped, and the log does not say so yet */
    const char *start_unlogged; /* what the log must still say of the start, once there is room; NULL: nothing */
    moment erase_again_at;      /* steady: an erasure failed, and is tried again then; 0: none did */
    bool erase_fails;           /* that was said */
    bool tree_stands_still;     /* lines that it lacks cannot be read */
    bool log_is_forked;         /* it does not begin with what was signed of it: no checkpoint any more */
    moment sign_again_at;       /* a checkpoint could not be made; steady */
    moment archive_again_at;    /* operators could not be told of a file of the archive; steady */
    moment copies_again_at;     /* what became of a copy of the log could not be told; steady */
    moment rest_at;             /* steady: when to bring the store's file up to date, if nothing comes; 0: it is */
    moment endings_again_at;    /* steady: when to try again to make endings known */
    bool endings_wait;
    /* broker_consumers.c */
    moment consumers_at;      /* steady: when the next round begins; while one is under way it began */
    char consumers_after[33]; /* the party that was the last to be looked at in this round; "": it begins */
    bool consumers_more;      /* this round left events for the next one */

    /* broker_metrics.c */
    moment metrics_at;         /* steady: when they are written next */
    char *metrics_path;        /* where they were written last; NULL: nowhere */
    char *metrics_unwritten;   /* where they could not be written, which was said; NULL: nowhere */
    struct tally tally, going; /* of the last round of broker_consumers.c, and of the one that is under way */

    moment alarm_again_at; /* steady: when to try again to raise an alarm */
};

/* Which sockets have something to read: that of the handshakes, at 0, and each channel's. It spares a system call
   or two for each socket that has nothing. */
struct open_sockets {
    bool at[CHANNELS];
};

moment broker_steady (void);
moment broker_wall (void);
/* The registry's time. */
moment broker_now (const struct broker *self);

/* Begins a transaction, which must be ended in any case. 0 or a failure. */
int broker_begin (struct broker *self, struct turn *turn);
/* Ends the transaction, as registry_end. If an operator confirmed the clock in it (C14), the clock goes on once it
   is durable. */
int broker_end (struct broker *self, struct turn *turn, int rc);
/* A line that the daemon itself writes: start, stop, reload. 0 or a failure. */
int broker_log (struct broker *self, const char *action, const char *result, const char *note);

/* L5: a registry that is full to its last page starts, and its log says so as soon as it can. 0 or a failure. */
int broker_log_start (struct broker *self, const char *result);
/* Tells operators what they must know of the store, and writes lines for what was only counted. */
void broker_watch_store (struct broker *self);

/* Ends a backup that nobody takes any more. */
void broker_watch_backup (struct broker *self);
/* Does a part of erasing the subjects who are marked, until nothing is left of it (R7). */
void broker_erase (struct broker *self);
/* Brings the tree over the log up to its lines, a bounded part of it, if nothing waits to be decided. */
void broker_grow_tree (struct broker *self);
/* Tells operators of a file of the log's archive that could not be used. */
void broker_watch_archive (struct broker *self);
/* Signs a checkpoint of the log, if one is due. */
void broker_sign_log (struct broker *self);
/* When one may be due, steady. */
moment broker_sign_due (const struct broker *self);
/* Tells the connections that watch of the newest checkpoint, once it is on the disk. */
void broker_tell_watchers (struct broker *self);
/* Nobody is told any more. */
void broker_drop_news (struct broker *self);
/* Tells operators which copies of the log do not keep up, and which do again. */
void broker_watch_copies (struct broker *self);
/* When one may not, steady. */
moment broker_copies_due (const struct broker *self);
/* Looks at a bounded number of the parties, and tells operators whose consumers left events unheard for too long.
 */
void broker_watch_consumers (struct broker *self);
/* When the next look is due, steady. */
moment broker_consumers_due (const struct broker *self);
/* Writes the metrics to the file of the configuration, if they are due, and no other file is left of before. */
void broker_write_metrics (struct broker *self);
/* When they are, steady. MOMENT_NEVER: nobody wants them. */
moment broker_metrics_due (const struct broker *self);
/* Takes the file away: who reads it afterwards would take what it says for what is. */
void broker_end_metrics (struct broker *self);

/* Has the store's file brought up to date, when nothing has come for a while: a start then has nothing to take up.
 */
void broker_rest (struct broker *self);

/* C14: judges the clock, at the start and from then on. */
void broker_start_clock (struct broker *self);
void broker_watch_clock (struct broker *self);
/* Makes endings known, if there may be some. In a transaction of its own: if the disk is full, this waits and
   nothing else does. */
void broker_make_endings_known (struct broker *self);
/* When, on the steady clock, to look for endings again. */
moment broker_endings_due (const struct broker *self);

/* L6: tells operators which parties asked about too many subjects, in a turn of its own. */
void broker_raise_alarms (struct broker *self);
/* When, on the steady clock, an alarm can be raised. MOMENT_NEVER: there is none. */
moment broker_alarms_due (const struct broker *self);

/* SIGHUP: takes up configuration and policy, both or neither. */
void broker_reload (struct broker *self);
/* At a start, when the log can be written: gives the registry the vault key that is configured now, and announces
   the server key to come. 0, BROKER_CANNOT_START or negative, with one line in `error`. */
int broker_start_keys (struct broker *self, struct settings_error *error);
/* L4: closes the connections that may not come in any more. */
void broker_show_out (struct broker *self);

/* The steps of one turn, as broker.c takes them. */

/* Answers the handshakes that wait, and takes in what has come. What cannot wait is refused at once. */
void broker_gather (struct broker *self, const struct open_sockets *open);
/* Decides what waits, in fair turns and in one transaction, which it begins; broker_end must end it. 0, or the
   failure because of which nothing of it may happen. */
int broker_decide (struct broker *self, struct turn *turn);
/* `rc` is how the transaction ended. Lets the answers to what was decided in it depart, if it happened; else takes
   it back, to be decided again, or refuses the one request that was alone in it. False: nothing was decided. */
bool broker_answer (struct broker *self, int rc);
/* Has events depart to the subscriptions, and heartbeats when it is time. After the turn that made the events, and
   in a transaction of its own, so that no request can make it fail. 0, or the failure because of which none does.
 */
int broker_tell (struct broker *self, bool heartbeat);

/* Lets the answer leave when all that has happened so far is on the disk. Takes the exchange. */
void broker_depart (struct broker *self, struct exchange *exchange);
/* Has the disk take what has happened, and sends the answers and events that may leave. To be called when it is
   known what waits to be decided. */
void broker_send_durable (struct broker *self);
/* Something waits for broker_send_durable, and no sync is at work on it. */
bool broker_has_to_send (const struct broker *self);
/* Waits until all that has happened is on the disk. 0 or STORE_DEAD. */
int broker_sync (struct broker *self);
/* Waits for the disk, and sends all answers and events that were let depart. */
void broker_send_all (struct broker *self);
/* Destroys the answers that can never leave. */
void broker_drop_departing (struct broker *self);

/* Answers UNAVAILABLE without a transaction, and destroys the exchange: nothing happens. */
void broker_refuse (struct broker *self, struct exchange *exchange, const char *why);
/* Tells everything that waits why it is not answered. Returns how many requests that were. */
unsigned broker_refuse_all (struct broker *self, const char *why);
/* L4: drops what waits for a connection that is gone. */
void broker_forget_connection (struct broker *self, const struct connection_id *gone);
