/* What one turn works with: one transaction, one moment, one arena. It is passed down to dispatch and the verbs.

   Nothing below the broker knows a socket, a global variable or the wall clock. */
#pragma once
#include <stdint.h>
#include "arena.h"
#include "channel.h"
#include "merkle/merkle.h"
#include "rules/calendar.h"
#include "store/store.h"
#include "vault.h"

struct archive;
struct config;
struct keeping;
struct keyring;
struct log_key;
struct meters;
struct parties;
struct policy;
struct unheard;
struct watchers;

/* The registry's own state between turns. It is a value: a turn works on a copy, and a commit makes the copy the
   state. */
struct registry_state {
    uint8_t epoch[16];     /* C13: new when a backup was restored, or the time was reset */
    uint64_t revision;     /* rises with every change */
    moment time;           /* the highest moment that was acted on (C14) */
    uint64_t order;        /* of the last statement recorded */
    uint64_t audit_number; /* of the last line of the log */
    uint8_t audit_hash[32];
    uint64_t
        checkpoint_size;     /* lines that the newest checkpoint has (audit/checkpoints.h). Not stored by itself */
    moment checkpoint_at;    /* when it was made; 0: before this start. Not stored */
    bool checkpoint_wanted;  /* somebody waits for the next one. Not stored */
    struct merkle_edge tree; /* over the lines of the log (audit/tree.h). Not stored by itself */
    uint8_t noted_policy[32]; /* the hash of the pack that audit/since.h noted last; zero: not known. Not stored */
    uint64_t answered_from;   /* no line before this one is given again (registry/idempotency.h). Not stored */
    moment agenda_at;         /* not later than the first moment at which a consent ends by time. Not stored */
    moment counted_since;     /* since when counted requests wait for a line; 0: none do. Not stored */
    bool erasing;             /* subjects are marked to be erased (registry/erasure.h). Not stored by itself */
    bool clock_stopped;       /* C14: the clock jumped; no decisions until an operator confirms it */
};

/* The backup that is made now, or was made last. A value too. */
struct backup {
    bool is_under_way;
    bool is_given; /* all of it was given, and may be asked again */
    bool is_given_up;
    uint8_t id[16]; /* whoever makes it chose it */
    char party[33], user[65];
    uint64_t bytes;  /* that whoever makes it has */
    moment asked_at; /* steady */
    struct connection_id asked_on;
    bool is_left; /* that connection is gone: whoever makes it may come back, but holds up no other */
};

enum { LOG_COPIES = 4 }; /* that a configuration may expect */

/* A copy of the log beside the registry, by what its copier has told since the start. */
struct log_copy {
    char name[33], fault[49]; /* fault "": nothing is wrong */
    bool is_heard, is_left;   /* the connection that it reported on is gone */
    bool is_behind;           /* operators were told */
    uint8_t copier[16];
    struct connection_id heard_on;
    uint64_t number;  /* of the last line that it has */
    uint64_t newest;  /* the log had so many lines */
    moment newest_at; /* at this moment; steady */
    moment whole_at;  /* it has all lines that there were then; steady */
    moment heard_at;  /* the registry's time */
};

/* Those that the configuration expects. A value, as the backup: a turn works on a copy. */
struct log_copies {
    struct log_copy copy[LOG_COPIES];
    size_t count;
};

/* An event that was made for a party. */
struct telling {
    const char *party;
    uint64_t event; /* its number */
};

/* What operators must hear without looking for it. */
enum alarm_kind {
    ALARM_MANY_SUBJECTS, /* L6: a party asks about more subjects in an hour than is usual */
    ALARM_MANY_UNKNOWN,  /* L6: the same for subjects whom the registry does not know */
    ALARM_STORE_80, /* how much of the store is in use, outside the reserve (registry/room.h); about no party */
    ALARM_STORE_95,
    ALARM_STORE_FULL,
    ALARM_LOG_FORKED,         /* the log is not what a checkpoint that was signed says (A4); about no party */
    ALARM_ARCHIVE_DAMAGED,    /* a file of the log's archive is missing or was changed (audit/archive.h); about no
                                 party */
    ALARM_LOG_COPY_BEHIND,    /* a copy of the log does not keep up (registry/log_copies.h); about no party */
    ALARM_EVENTS_WAITING,     /* many events wait for a consumer, or long: soon the oldest are dropped (V7) */
    ALARM_EVENTS_DROPPED,     /* they were */
    ALARM_WITHDRAWAL_UNHEARD, /* a consumer has not heard for too long of what ends or limits something (V8) */
    ALARM_STORE_DAMAGED,      /* an entry is missing or not what it must be (record/guard.h); about no party */
    ALARM_KINDS
};

struct alarm {
    enum alarm_kind kind;
    char party[33], consumer[33]; /* that it is about */
    moment at;
};

enum { ALARMS_KEPT = 16 };

/* What operators are told about the running daemon. */
struct daemon_report {
    moment started_at;
    uint64_t turns, requests;
    uint64_t messages_cut_off;        /* messages with more frames than the protocol has */
    uint64_t turned_away;             /* requests of parties that already had as many waiting as they may */
    uint64_t dropped;                 /* requests of peers that left before their turn */
    char last_reload[512];            /* room for SETTINGS_ERROR_ONE bytes */
    char metrics_fault[512];          /* "FILE: why" the newest try to write the metrics failed; "": it did not */
    char server_key_next[41];         /* Z85; "": none is to come */
    struct alarm alarms[ALARMS_KEPT]; /* since the start, the newest first */
    size_t alarm_count;
    uint64_t alarms_raised[ALARM_KINDS];
};

struct turn {
    struct store *store;
    struct store_txn *txn;
    const struct vault *vault;
    struct keyring *keyring;
    const struct policy *policy;
    struct parties *parties; /* as this turn has changed them so far (registry/party_table.h) */
    const struct config *config;
    const struct log_key *log_key; /* NULL: checkpoints are not signed */
    struct outbox *outbox;
    struct watchers *watchers; /* connections that hear of checkpoints */
    struct unheard *unheard;   /* who has left events unheard for too long */
    struct guard *guard;
    struct subject_cache *cache;
    struct idempotency_index *idempotency;
    struct recent_lines *recent_lines; /* whom the newest lines of the log are about */
    struct archive *archive;           /* of lines of the log that have left the store */
    struct changes *changes;           /* recent changes of subjects' files */
    struct decided *decided;           /* the decisions of this turn */
    struct withdrawn *withdrawn;
    struct keeping *keeping; /* what must be kept of a subject, as far as it was looked for */
    const struct daemon_report *report;
    struct allowance *allowance; /* L3; NULL: nobody is limited */
    struct askers *askers;       /* L6; NULL: nobody is watched */
    struct meters *meters;       /* NULL: nobody counts */
    struct arena *arena;         /* reset after every request */
    moment now;
    moment wall;   /* the machine's clock, whether it is believed or not */
    moment steady; /* the monotonic clock */
    struct registry_state state;
    struct backup backup;
    struct log_copies copies;
    bool store_full;                      /* there is no room outside the reserve, and operators were told */
    const struct room *room;              /* of the store, as it was after the turn before */
    uint64_t failed_commits;              /* since the start */
    uint64_t refused;                     /* requests that found no room in this turn */
    const struct subject_file *unsettled; /* changed, and its record is not written yet; NULL: none */
    struct telling *tellings; /* the events that the next line of the log tells of, in the arena of its request */
    size_t telling_count, telling_room;
    uint64_t promised_line; /* the number that the next line of the log must have (audit/log.h); 0: not promised */
    uint64_t complete_line; /* the last line of a record of audit/lines_about.h, written in this turn; 0: none */
    uint64_t asked;         /* requests so far; each check of a batch is one */
    uint64_t listed;        /* checks so far of batches that began in this turn */
    uint64_t work;          /* the work of decisions so far (rules/decide.h) */
    uint64_t record_bytes;  /* of subjects' records: opened, and TURN_WRITTEN times those that were written */
};

/* What things cost in a turn, in units of about a third of a microsecond. The cost is counted, not timed. What
   many callers ask in small requests is counted for less than it takes: the more of them a turn has, the less each
   costs. */
enum {
    TURN_REQUEST_COST = 24, /* to read a request, to log and to answer it */
    TURN_LISTED_COST = 3,   /* to find a check in its batch, and whether others are equal */
    TURN_STORE_COST = 15,   /* to read or write one value, with its unsealing or sealing */
    TURN_UNIT_WORK = 32,    /* as much work of a decision is one unit */
    TURN_UNIT_BYTES = 100,  /* as many bytes of a record that is opened are one unit; */
    TURN_WRITTEN = 3,       /* to write them, to the journal too, takes so many times as long */
};

/* What the turn has cost so far. */
static inline uint64_t turn_cost (const struct turn *turn)
{
    return TURN_REQUEST_COST * turn->asked + TURN_LISTED_COST * turn->listed + turn->work / TURN_UNIT_WORK +
           turn->record_bytes / TURN_UNIT_BYTES + TURN_STORE_COST * store_operations (turn->txn);
}
