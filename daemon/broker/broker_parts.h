/* The broker from within: shared by broker*.c and included by nothing else. */
#pragma once
#include "limits/allowance.h"
#include "limits/askers.h"
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

struct broker {
    char *config_path;
    struct in_force in_force;
    struct registry registry;
    struct daemon_report report;
    void *context;
    struct auth *auth;
    struct connections *connections;
    struct allowance *allowance;
    struct askers *askers;
    struct endpoints endpoints;
    int signals;
    struct push_list *pushes;
    moment heartbeat_at; /* steady */
    bool stopping;
    int failure; /* in which nothing can succeed any more; 0: there is none */

    /* broker_serve.c */
    struct inlet inlets[CHANNELS];
    struct exchange *spare; /* for the next message */
    struct waiting *waiting;
    struct replies *replies;
    struct exchange **served; /* in this turn: appended to by take_turn () alone */
    size_t served_count, served_room;
    size_t singly; /* how many requests still get a turn alone, since one with several failed */
    bool more;     /* work is left that no socket will tell of */

    /* broker_turn.c */
    struct clock clock;
    bool clock_unlogged;        /* it stopped, and the log does not say so yet */
    const char *start_unlogged; /* what the log shall say of the start, when it has room; NULL: it does */
    moment endings_again_at;    /* steady: they could not be made known, and wait */
    bool endings_wait;
    moment alarm_again_at; /* steady: one could not be told */
};

/* Which sockets have something: the handshakes, at 0, and each channel. Looking at one that has nothing is a
   system call or two. */
struct open_sockets {
    bool at[CHANNELS];
};

moment broker_steady (void);
moment broker_wall (void);
/* The registry's time. */
moment broker_now (const struct broker *self);

/* A transaction: 0 or a failure; it must be ended in any case. */
int broker_begin (struct broker *self, struct turn *turn);
/* Ends it, as registry_end. An operator who confirmed the clock in it (C14) is believed once that is durable. */
int broker_end (struct broker *self, struct turn *turn, int rc);
/* A line that the daemon itself writes: start, stop, reload. 0 or a failure. */
int broker_log (struct broker *self, const char *action, const char *result, const char *note);

/* L5: a registry that is full to the last page starts, and its log says so as soon as it can. 0 or a failure. */
int broker_log_start (struct broker *self, const char *result);
/* What operators must know of the store, and the log of what was only counted. */
void broker_watch_store (struct broker *self);

/* C14, from the start on. */
void broker_start_clock (struct broker *self);
void broker_watch_clock (struct broker *self);
/* Whether something may have ended by now, and can be made known: in a transaction of its own, so that a full disk
   keeps it waiting and nobody else. */
void broker_make_endings_known (struct broker *self);
/* When, steady, that is worth a look again. */
moment broker_endings_due (const struct broker *self);

/* The store as configured. Lent as long as the configuration. */
struct store_options broker_store_options (const struct config *config);
/* L6: tells operators who asked about too many, in a turn of its own. */
void broker_raise_alarms (struct broker *self);
/* When, steady, there is one to be told; MOMENT_NEVER. */
moment broker_alarms_due (const struct broker *self);

/* SIGHUP: all of configuration and policy is taken up, or none. */
void broker_reload (struct broker *self);
/* L4: whoever may not come in any more is not left inside. */
void broker_show_out (struct broker *self);

/* Takes in what has come: what cannot wait is refused at once. */
void broker_receive (struct broker *self, const struct open_sockets *open);
/* Answers the handshakes that wait. */
void broker_admit (struct broker *self);
/* One turn of what waits. False: nothing did, or nothing that can be answered now. */
bool broker_serve (struct broker *self);
/* Events, and at the time for it heartbeats, to the subscriptions: after the turn that made them, and in a
   transaction of its own, so that no request can take them down with it. 0, or the failure for which none left. */
int broker_push (struct broker *self, bool heartbeat);
/* Whatever waits is told why it is not answered; how many that were. */
unsigned broker_refuse_all (struct broker *self, const char *why);
/* Nobody waits there any more (L4). */
void broker_forget_connection (struct broker *self, const struct connection_id *gone);
