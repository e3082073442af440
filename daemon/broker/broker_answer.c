/* Answering: lets the answers depart if the turn has happened, or else takes the turn back. */
#include <stdio.h>
#include "audit/archive.h"
#include "batch.h"
#include "broker_parts.h"
#include "dispatch/dispatch.h"
#include "outcome.h"
#include "say.h"

enum {
    MOST_OUTSTANDING = 65536, /* the most requests that are tried alone after a turn that failed */
    WHY_SIZE = 320,
};

void broker_refuse (struct broker *self, struct exchange *exchange, const char *why)
{
    struct bytes answer;
    self->meters.unjudged++;
    struct turn turn = {.arena = self->registry.arena, .state = self->registry.state, .now = broker_now (self)};
    arena_reset (turn.arena);
    dispatch_unavailable (&turn, exchange_payload (exchange), why, &answer);
    exchange_answer (exchange, answer, self->replies);
    broker_depart (self, exchange);
}

static void conclude (struct broker *self)
{
    for (size_t i = 0; i < self->served_count; i++) {
        struct exchange *exchange = self->served[i];
        if (exchange->batch != NULL)
            batch_keep (exchange->batch);
        if (!exchange->answered)
            continue;
        waiting_finish (self->waiting, &exchange->waiter);
        broker_depart (self, exchange);
        self->served[i] = NULL;
    }
    for (size_t i = self->served_count; i > 0; i--)
        if (self->served[i - 1] != NULL)
            waiting_give_back (self->waiting, &self->served[i - 1]->waiter);
}

static void take_back (struct broker *self)
{
    for (size_t i = self->served_count; i > 0; i--) {
        struct exchange *exchange = self->served[i - 1];
        exchange_unanswer (exchange);
        if (exchange->batch != NULL)
            batch_undo (exchange->batch);
        waiting_give_back (self->waiting, &exchange->waiter);
    }
    self->singly += self->served_count;
    if (self->singly > MOST_OUTSTANDING)
        self->singly = MOST_OUTSTANDING;
}

/* A1: writes a line for a request that failed, if there is room. Its own turn cannot: it has not happened. */
static void log_failure (struct broker *self, struct exchange *exchange)
{
    const struct party_entry *party =
        parties_by_key (self->registry.parties, exchange_key (exchange), broker_now (self));
    struct turn turn;
    int rc = broker_begin (self, &turn);
    if (rc == 0) {
        struct audit_head head = {.time = turn.now,
                                  .party = party != NULL ? party->text.id : "",
                                  .action = "request",
                                  .result = "unavailable",
                                  .origin = (enum audit_origin)exchange->channel};
        struct evidence evidence = {.note = ""};
        rc = audit_append (&turn, &head, NULL, &evidence);
    }
    broker_end (self, &turn, rc);
}

/* A file of the archive is named: whoever asked can put it back. */
static void say_why (const struct broker *self, int rc, char text[WHY_SIZE])
{
    const struct archive_fault *fault = archive_fault (self->registry.archive, 0);
    if (rc == STORE_FULL)
        snprintf (text, WHY_SIZE, "the store is full: only withdrawals are still recorded");
    else if (rc == ARCHIVE_DAMAGED && fault != NULL)
        snprintf (text, WHY_SIZE, "a file of the log's archive is needed: %s %s", fault->path, fault->why);
    else
        snprintf (text, WHY_SIZE, "the registry cannot record or read this now; nothing was done");
}

/* The request was alone in a turn that failed. So the fault is in the request or the store. */
static void fail_one (struct broker *self, int rc)
{
    struct exchange *exchange = self->served[0];
    char why[WHY_SIZE];
    say_why (self, rc, why);
    if (rc == STORE_FULL)
        registry_refuse (&self->registry, broker_now (self)); /* one line for all of them */
    else {
        say (SAY_ERROR, "request-failed", "a request failed: %s", outcome_sentence (rc));
        log_failure (self, exchange);
    }
    waiting_finish (self->waiting, &exchange->waiter);
    broker_refuse (self, exchange, why);
}

bool broker_answer (struct broker *self, int rc)
{
    bool served = self->served_count > 0;
    if (served && self->singly > 0)
        self->singly--;
    self->report.turns += served;
    if (rc == 0)
        conclude (self);
    else if (self->served_count == 1)
        fail_one (self, rc);
    else
        take_back (self);
    return served;
}

unsigned broker_refuse_all (struct broker *self, const char *why)
{
    unsigned count = 0;
    for (struct waiter *waiter; (waiter = waiting_drop_any (self->waiting)) != NULL; count++)
        broker_refuse (self, exchange_of (waiter), why);
    return count;
}

void broker_forget_connection (struct broker *self, const struct connection_id *gone)
{
    for (struct waiter *waiter; (waiter = waiting_drop (self->waiting, gone)) != NULL;) {
        struct exchange *exchange = exchange_of (waiter);
        exchange_destroy (&exchange);
        self->report.dropped++;
    }
    replies_close (self->replies, gone);
}
