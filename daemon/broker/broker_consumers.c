/* What must be looked at of consumers, whoever asks anything or not: which events nobody needs or may wait no
   longer (V7), and who has left one unheard for too long (V8). Party after party, a bounded number in one turn. */
#include <stdio.h>
#include <stdlib.h>
#include "broker_parts.h"
#include "events/backlog.h"
#include "events/unheard.h"
#include "registry/alarm.h"

enum {
    PARTIES_A_LOOK = 16,
    READ_A_LOOK = 512, /* values of the store: a turn ends with the party by which as many were read */
    ROUND_MS = 5000,
    MORE_MS = 250,    /* instead, if a round left events */
    AGAIN_MS = 30000, /* where a turn failed */
    ALARMS_OF_ONE = 3,
    TOLD_ROOM = ALARMS_OF_ONE * (CONSUMERS_OF_PARTY +
                                 PARTIES_A_LOOK), /* a turn ends with the party by which as many are told of */
};

/* One turn of a round. */
struct look {
    struct turn *turn;
    const char *party;
    struct cursor cursor;
    struct alarm told[TOLD_ROOM]; /* to be kept for the status, once they are durable */
    size_t told_count;
    struct tally *tally;
    bool more; /* events were left for the next round, which begins soon */
};

static int tell (struct look *self, enum alarm_kind kind, const struct consumer *consumer, const char *note)
{
    struct alarm *told = &self->told[self->told_count++];
    *told = (struct alarm){.kind = kind, .at = self->turn->now};
    snprintf (told->party, sizeof told->party, "%s", self->party);
    snprintf (told->consumer, sizeof told->consumer, "%s", consumer->name);
    return alarm_raise (self->turn, told->kind, told->party, told->consumer, note);
}

/* V8 */
static int tell_unheard (struct look *self, const struct consumer *consumer, const struct unheard_found *found)
{
    struct turn *turn = self->turn;
    return tell (self, ALARM_WITHDRAWAL_UNHEARD, consumer,
                 arena_printf (turn->arena, "event %llu, unheard for %lld hours",
                               (unsigned long long)found->number,
                               (long long)(turn->now - found->since) / 3600000));
}

/* V7: soon the oldest that wait for it are dropped, or they were. */
static int look_at_backlog (struct look *self, struct consumer *consumer, struct backlog_found *found)
{
    struct turn *turn = self->turn;
    int rc = backlog_look (turn, self->party, consumer, &self->cursor, found);
    if (rc == 0 && found->is_near)
        rc = tell (self, ALARM_EVENTS_WAITING, consumer,
                   arena_printf (turn->arena, "%llu events wait", (unsigned long long)found->waiting));
    if (rc == 0 && found->is_dropped)
        rc = tell (self, ALARM_EVENTS_DROPPED, consumer,
                   arena_printf (turn->arena, "up to event %llu", (unsigned long long)consumer->last_dropped));
    return rc;
}

/* For the metrics: all that are not forgotten, and of nobody only what waits. */
static void tally_add (struct tally *self, const char *party, const struct consumer *consumer,
                       const struct backlog_found *found)
{
    if (self->count == self->room) {
        self->room = 2 * self->room + 64;
        self->item = realloc (self->item, self->room * sizeof *self->item);
        if (self->item == NULL)
            abort ();
    }
    struct tallied *one = &self->item[self->count++];
    *one = (struct tallied){.waiting = found->waiting, .since = found->since};
    snprintf (one->party, sizeof one->party, "%s", party);
    snprintf (one->consumer, sizeof one->consumer, "%s", consumer->name);
}

/* Whoever keeps up, and of whom nothing was told, needs no look. */
static int look_at (struct look *self, struct consumer *consumer)
{
    struct unheard_found found = {.is_told = false};
    struct backlog_found backlog = {.waiting = 0};
    bool is_told = consumer->unheard_told != 0 || consumer->waiting_told != 0;
    if (consumer->forgotten_at != 0)
        return 0;
    bool keeps_up = consumer->acknowledged >= self->cursor.newest && !is_told && consumer->last_dropped == 0;
    int rc = keeps_up ? 0 : look_at_backlog (self, consumer, &backlog);
    if (rc == 0 && (consumer->name[0] != '\0' || backlog.waiting > 0))
        tally_add (self->tally, self->party, consumer, &backlog);
    if (rc == 0 && !keeps_up)
        rc = unheard_look (self->turn, self->party, consumer, &self->cursor, &found);
    self->more |= found.more;
    return rc == 0 && found.is_told ? tell_unheard (self, consumer, &found) : rc;
}

/* A party that has no consumer yet is waited for as one without a name. */
static int look_at_consumers (struct look *self)
{
    struct consumers all;
    struct backlog_cleared cleared = {.dropped = false};
    int rc = outbox_cursor (self->turn, self->party, &self->cursor);
    if (rc == 0)
        rc = consumers_list (self->turn, self->party, &self->cursor, &all);
    if (rc == 0)
        rc = backlog_clear (self->turn, self->party, &self->cursor, &all, &cleared);
    self->more |= cleared.more;
    if (rc != 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < all.count; i++)
        rc = look_at (self, &all.item[i]);
    if (rc != 0 || all.live > 0 || all.missing > 0 || self->cursor.closed)
        return rc;
    struct consumer nobody = consumers_nobody (&self->cursor);
    if (cleared.dropped && nobody.dropped_told == 0)
        nobody.last_dropped = self->cursor.acknowledged;
    return look_at (self, &nobody);
}

/* What is damaged of one party keeps no look from the others: `events lag` names it. */
static int look_at_party (struct look *self)
{
    int rc = look_at_consumers (self);
    return rc == RECORD_DAMAGED ? 0 : rc;
}

/* The next parties. By their ids, since others come and go meanwhile: so each is looked at once. *is_whole: that
   was the last of the round. */
static int look_at_some (struct look *self, const char *after, bool *is_whole)
{
    const struct party_entry *next = parties_behind (self->turn->parties, after);
    int rc = 0;
    for (unsigned looked = 0; rc == 0 && next != NULL && looked < PARTIES_A_LOOK; looked++) {
        struct arena_mark mark = arena_mark (self->turn->arena);
        self->party = next->text.id;
        rc = look_at_party (self);
        if (store_writes (self->turn->txn) == 0)
            arena_release (self->turn->arena, mark);
        next = parties_behind (self->turn->parties, self->party);
        if (self->told_count >= TOLD_ROOM - ALARMS_OF_ONE * CONSUMERS_OF_PARTY ||
            store_operations (self->turn->txn) >= READ_A_LOOK)
            break;
    }
    *is_whole = next == NULL;
    return rc;
}

static void tally_end_round (struct broker *self)
{
    struct tally whole = self->going;
    self->going = self->tally;
    self->going.count = 0;
    self->tally = whole;
}

static void end_round (struct broker *self)
{
    unheard_end_round (self->registry.unheard);
    tally_end_round (self);
    self->consumers_at = broker_steady () + (self->consumers_more ? MORE_MS : ROUND_MS);
    self->consumers_more = false;
    self->consumers_after[0] = '\0';
}

void broker_watch_consumers (struct broker *self)
{
    struct turn turn;
    struct look look = {.turn = &turn, .party = "", .tally = &self->going};
    size_t tallied = self->going.count;
    bool is_whole = false;
    if (broker_steady () < self->consumers_at)
        return;
    int rc = broker_begin (self, &turn);
    if (rc == 0) {
        store_use_share (turn.txn, STORE_OWN);
        rc = look_at_some (&look, self->consumers_after, &is_whole);
    }
    rc = broker_end (self, &turn, rc);
    if (rc != 0) {
        self->going.count = tallied;
        self->consumers_at = broker_steady () + AGAIN_MS;
        return;
    }
    for (size_t i = 0; i < look.told_count; i++)
        alarm_keep (&self->report, look.told[i].kind, look.told[i].party, look.told[i].consumer, turn.now);
    snprintf (self->consumers_after, sizeof self->consumers_after, "%s", look.party);
    self->consumers_more |= look.more;
    if (is_whole)
        end_round (self);
}

moment broker_consumers_due (const struct broker *self)
{
    return self->consumers_at;
}
