/* What one turn works with: one transaction, one moment, one arena. Handed down to dispatch and the verbs.

   Nothing below the broker knows a socket, a global or the wall clock. */
#pragma once
#include <stdint.h>
#include "arena.h"
#include "rules/calendar.h"
#include "store/store.h"
#include "vault.h"

struct config;
struct parties;
struct policy;

/* What the registry remembers of itself between turns. It is a value: a turn works on a copy, and only a commit
   makes the copy the truth. */
struct registry_state {
    uint8_t epoch[16];     /* C13: new when a backup was restored, or the time was reset */
    uint64_t revision;     /* rises with every change */
    moment time;           /* the highest that was acted on (C14) */
    uint64_t order;        /* of the last statement recorded */
    uint64_t audit_number; /* of the last line of the log */
    uint8_t audit_hash[32];
    moment agenda_at; /* when a consent may have ended by time; not later than the first. Not stored */
    moment
        counted_since;  /* 0: there is nothing counted in the store that has no line of the log yet. Not stored */
    bool clock_stopped; /* C14: the clock jumped; no decisions until an operator confirms it */
};

/* What operators must hear without looking for it. */
enum alarm_kind {
    ALARM_MANY_SUBJECTS, /* L6: a party asks about more subjects an hour than is usual */
    ALARM_MANY_UNKNOWN,  /* the same of those whom the registry does not know */
    ALARM_STORE_80, /* of the store so much is in use, outside the reserve (registry/room.h); about no party */
    ALARM_STORE_95,
    ALARM_STORE_FULL,
};

struct alarm {
    enum alarm_kind kind;
    char party[33]; /* that it is about */
    moment at;
};

enum { ALARMS_KEPT = 16 };

/* What operators are told about the running daemon. */
struct daemon_report {
    moment started_at;
    uint64_t turns, requests;
    uint64_t messages_cut_off;        /* of more frames than the protocol has */
    uint64_t turned_away;             /* requests of parties that had more waiting than they may */
    uint64_t dropped;                 /* requests of peers that had left before they were decided */
    char last_reload[512];            /* all of a struct settings_error */
    struct alarm alarms[ALARMS_KEPT]; /* since the start, the newest first */
    size_t alarm_count;
};

struct turn {
    struct store *store;
    struct store_txn *txn;
    const struct vault *vault;
    const struct policy *policy;
    struct parties *parties; /* as this turn has left it so far (registry/party_table.h) */
    const struct config *config;
    struct outbox *outbox;
    struct subject_cache *cache;
    struct changes *changes; /* of subjects' files, of late */
    struct decided *decided; /* in this turn */
    struct idempotency_index *idempotency;
    struct withdrawn *withdrawn;
    const struct daemon_report *report;
    struct allowance *allowance; /* L3; NULL: nobody is limited */
    struct askers *askers;       /* L6; NULL: nobody is watched */
    struct arena *arena;         /* reset after every request */
    moment now;
    moment wall; /* what the machine's clock says, believed or not */
    struct registry_state state;
    bool store_full;         /* requests find no room outside the reserve, and operators were told */
    const struct room *room; /* of the store, as of the turn before */
    uint64_t failed_commits; /* since the start */
    uint64_t refused;        /* requests that found none in this turn */
    uint64_t promised_line;  /* the number that the next line of the log must have (audit/log.h); 0: any */
    uint64_t asked;          /* requests so far, each check of a batch being one */
    uint64_t work;           /* so far, of decisions (rules/decide.h) */
};

/* What things cost a turn: counted and not timed, in units of about a third of a microsecond. What many ask in
   small requests is counted for less than it takes, since the more of them there are in a turn, the less each
   costs. */
enum {
    TURN_REQUEST_COST = 24, /* to read a request, to log and to answer it */
    TURN_STORE_COST = 15,   /* to read or write one value, with its unsealing or sealing */
    TURN_UNIT_WORK = 32,    /* as much work of a decision is one unit */
};

/* What the turn has cost so far. */
static inline uint64_t turn_cost (const struct turn *turn)
{
    return TURN_REQUEST_COST * turn->asked + turn->work / TURN_UNIT_WORK +
           TURN_STORE_COST * store_operations (turn->txn);
}
