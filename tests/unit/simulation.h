/* The registry without sockets and with a clock of its own: what the broker does with a turn, and nothing else.

   The pack is a shipped one: kaag-en-braassem-2015, unless a test names another. Store, keys and parties are a
   scratch instance. The parties:
     kernteam, wijkteam            kernteam       sociale-team (kernteam), partner (wijkteam)
     wmo-team                      wmo-team       partner
     zorgaanbieder-horizon         zorgaanbieder  agreement from 2020
     zorgaanbieder-delta           zorgaanbieder  agreement from 2026-06-01, none from 2026-09-01 on
     zorgaanbieder-geest           zorgaanbieder  the same as horizon, bound by professional secrecy
     huisarts-dorp, school-brug, veilig-thuis, gemeente, cak, svb, veiligheidshuis
     toezicht                      gemeente       asks for others and hears every reason
     loket                         gemeente       asks for others, consents too, and hears only what it may
     operator                                     on the operators' endpoint
   It begins at 2026-05-01 12:00 in Amsterdam. */
#pragma once
#include <stdbool.h>
#include "arena.h"
#include "envelope.pb-c.h"
#include "in_force.h"
#include "testing.h"
#include "registry/registry.h"

enum { SIMULATION_TURN = 128 };

struct simulation_options {
    uint64_t size, reserve; /* of the store, bytes; 0: 8 MiB, 1 MiB */
    size_t cache_limit;     /* bytes of opened subjects; 0: 16 MiB */
    bool own_root;      /* as a registry made by a daemon; else its pseudonyms are the same in each simulation */
    const char *policy; /* the pack's name in config/policies; NULL: kaag-en-braassem-2015 */
    struct {            /* a change of that pack: in this file this text becomes that one; NULL: none */
        const char *file, *text, *becomes;
    } pack;
};

/* A request of a party, and what became of it. */
struct round_trip {
    const char *party;
    Consentd__Request *request;
    Consentd__Reply *reply; /* NULL where the turn failed; as long as the simulation */
};

struct simulation {
    moment wall;                 /* of the clock on the wall; a test sets it */
    bool fail_commit;            /* the next turn fails at its end, as where the disk does */
    int failure;                 /* what ended the last turn, or 0 */
    uint64_t work;               /* of the decisions of the last turn (turn.h) */
    struct registry_state state; /* as committed */
    struct store *store;         /* the registry's, to damage it */
    struct arena *arena;         /* for what lives as long as the simulation */

    char refusal[sizeof (struct settings_error)]; /* why the last start was refused */
    char directory[64];
    struct simulation_options options;
    struct in_force in_force;
    struct registry registry;
    struct daemon_report report;
    bool without_list; /* registry.h: of the next start */
    uint64_t keys_given;
    unsigned parties_written; /* that are not in the table above */
    Consentd__Reply **replies;
    size_t reply_count;
};

/* Caller owns the result. NULL: no options. */
struct simulation *simulation_new (const struct simulation_options *options);
/* Also checks the log: its chain holds from the first line to the last. */
void simulation_destroy (struct simulation **self_p);
/* cmocka's setup and teardown: *state is a fresh simulation. */
int simulation_setup (void **state);
int simulation_teardown (void **state);

/* A moment in Amsterdam: "2026-05-01", "2026-05-01 12:00", "2026-05-01 12:00:00.250". In the hour that an autumn
   night has twice it is the first of the two. */
moment simulation_at (const char *text);

/* A turn in which nothing comes: what time has brought is made known, a bounded part of it. 0, or what ended it.
 */
int simulation_pass (struct simulation *self);
/* The same, and then one turn for all of them in that order: durable, or as if it had not been. 0, or what ended
   it. A request without an idempotency key gets a new one. */
int simulation_turn (struct simulation *self, struct round_trip *round_trips, size_t count);
/* One turn for one request, which must not fail. */
Consentd__Reply *simulation_ask (struct simulation *self, const char *party, Consentd__Request *request);
/* One step of a batch in a turn of its own, which may cost so much; *batch_p is NULL at first, and again at the
   end. The reply where it is whole; NULL: there is more to decide, or the turn failed. */
struct batch;
Consentd__Reply *simulation_step (struct simulation *self, const char *party, Consentd__Request *request,
                                  struct batch **batch_p, uint64_t allowance);
/* A turn that must fail: returns what ended it. */
int simulation_ask_in_vain (struct simulation *self, const char *party, Consentd__Request *request);

/* Takes up configuration and pack anew, as on SIGHUP. */
void simulation_reload (struct simulation *self);

/* What the answer would be: nothing is done, and no line written. */
Consentd__Reply *simulation_look (struct simulation *self, const char *party, Consentd__Request *request);
/* The same, or NULL where it fails. */
Consentd__Reply *simulation_look_in_doubt (struct simulation *self, const char *party, Consentd__Request *request);

/* Stops and starts again: only what is in the store remains. */
void simulation_restart (struct simulation *self);
/* The two by themselves. To start is 0, or what refused it, with its line in `refusal`: then it must be stopped
   before it is started again. */
void simulation_stop (struct simulation *self);
int simulation_start (struct simulation *self);
struct registry_options simulation_registry_options (struct simulation *self);
/* Brings a party in, or changes it, by the text of its file. `more`: further lines, such as "secrecy =
 * \"professional\"\n". */
void simulation_write_party (struct simulation *self, const char *id, const char *kind, const char *role,
                             const char *more);

/* The party's consumer "default" subscribes, in a turn without a line of the log, and has been sent all that there
 * is.
 */
void simulation_listen (struct simulation *self, const char *party);
/* Every party acknowledges all that it was told, in a turn without a line of the log. */
void simulation_hear_all (struct simulation *self);
/* Event `number` as it is pushed to the party, or NULL if there is none (any more). */
Consentd__EventPush *simulation_event (struct simulation *self, const char *party, uint64_t number);
/* Number of its newest event; 0: none yet. */
uint64_t simulation_newest (struct simulation *self, const char *party);
/* The same with those that only tell what was recorded (V5). */
Consentd__EventPush *simulation_event_of_all (struct simulation *self, const char *party, uint64_t number);
uint64_t simulation_newest_of_all (struct simulation *self, const char *party);
