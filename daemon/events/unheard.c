#include "unheard.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config/config.h"
#include "consumers.h"
#include "overdue.h"
#include "parties/parties.h"
#include "permission.h"

enum { EVENTS_A_LOOK = 64 };

struct one {
    char party[VAULT_PARTY_LIMIT + 1], consumer[CONSUMER_NAME_LIMIT + 1];
    struct overdue overdue;
    uint64_t waiting;
    bool is_seen; /* in this round */
};

struct unheard {
    struct one *all; /* in no order: whoever keeps up is not here */
    size_t count, room;
};

struct unheard *unheard_new (void)
{
    struct unheard *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void unheard_destroy (struct unheard **self_p)
{
    if (*self_p != NULL)
        free ((*self_p)->all);
    free (*self_p);
    *self_p = NULL;
}

static struct one *find (struct unheard *self, const char *party, const char *consumer)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->all[i].party, party) == 0 && strcmp (self->all[i].consumer, consumer) == 0)
            return &self->all[i];
    return NULL;
}

static struct one *add (struct unheard *self, const char *party, const char *consumer)
{
    if (self->count == self->room) {
        self->room = 2 * self->room + 16;
        self->all = realloc (self->all, self->room * sizeof *self->all);
        if (self->all == NULL)
            abort ();
    }
    struct one *made = &self->all[self->count++];
    *made = (struct one){.is_seen = true};
    snprintf (made->party, sizeof made->party, "%s", party);
    snprintf (made->consumer, sizeof made->consumer, "%s", consumer);
    return made;
}

static void drop (struct unheard *self, struct one *one)
{
    *one = self->all[--self->count];
}

void unheard_end_round (struct unheard *self)
{
    for (size_t i = self->count; i-- > 0;) {
        if (!self->all[i].is_seen)
            drop (self, &self->all[i]);
        else
            self->all[i].is_seen = false;
    }
}

/* Whoever is not active, or whose role hears no events, cannot be waited for. */
static bool is_watched (const struct turn *turn, const char *party, const struct consumer *consumer)
{
    const struct party_entry *entry = parties_find (turn->parties, party);
    return consumer->forgotten_at == 0 && entry != NULL && (entry->permissions & PERMISSION_EVENTS) != 0;
}

/* Takes events from where the last look ended. One that cannot be read says nothing: whoever listens hears that,
   and `events lag` names it. *is_whole: all that can be overdue were taken. 0 or a failure. */
static int take_events (struct turn *turn, const char *party, uint64_t newest, struct overdue *overdue,
                        bool *is_whole)
{
    moment before = turn->now - turn->config->events_overdue;
    bool goes_on = overdue->number == 0;
    for (int i = 0; goes_on && i < EVENTS_A_LOOK && overdue->looked < newest; i++) {
        struct arena_mark mark = arena_mark (turn->arena);
        struct event event;
        int rc = outbox_read (turn, party, overdue->looked + 1, &event);
        if (rc == 0)
            goes_on = overdue_take (overdue, &event, before);
        else if (rc == RECORD_DAMAGED || rc == STORE_NOT_FOUND)
            overdue->looked++;
        else
            return rc;
        arena_release (turn->arena, mark);
    }
    *is_whole = !goes_on || overdue->looked >= newest;
    return 0;
}

/* Writes in the record of the consumer whether operators were told. */
static int note_told (struct turn *turn, const char *party, struct consumer *consumer, uint64_t number)
{
    consumer->unheard_told = number;
    return consumers_put (turn, party, consumer);
}

/* Judges what is known, and writes what follows. 0 or a failure. */
static int judge (struct turn *turn, const struct one *one, struct consumer *consumer, struct unheard_found *found)
{
    enum overdue_word word = overdue_judge (&one->overdue, consumer->unheard_told, !found->more);
    found->is_told = word == OVERDUE_BEGINS;
    found->number = one->overdue.number;
    found->since = one->overdue.since;
    return word == OVERDUE_NOTHING ? 0 : note_told (turn, one->party, consumer, found->number);
}

int unheard_look (struct turn *turn, const char *party, struct consumer *consumer, const struct cursor *cursor,
                  struct unheard_found *found)
{
    uint64_t behind =
        consumer->acknowledged > cursor->acknowledged ? consumer->acknowledged : cursor->acknowledged;
    struct one *one = find (turn->unheard, party, consumer->name);
    bool is_whole = true;
    int rc = 0;
    *found = (struct unheard_found){.is_told = false};
    if (one == NULL)
        one = add (turn->unheard, party, consumer->name);
    one->is_seen = true;
    one->waiting = cursor->newest - behind;
    overdue_pass (&one->overdue, behind);
    if (turn->state.clock_stopped)
        return 0;
    if (is_watched (turn, party, consumer))
        rc = take_events (turn, party, cursor->newest, &one->overdue, &is_whole);
    else
        one->overdue = (struct overdue){.looked = behind};
    found->more = !is_whole;
    if (rc == 0)
        rc = judge (turn, one, consumer, found);
    if (rc == 0 && is_whole && one->overdue.number == 0 && one->overdue.looked <= behind)
        drop (turn->unheard, one);
    return rc;
}

/* Puts it among the longest. */
static void insert (struct consumer_warning *list, size_t room, size_t *count, const struct one *one)
{
    size_t at = *count;
    while (at > 0 && list[at - 1].since > one->overdue.since)
        at--;
    if (at == room)
        return;
    *count += *count < room;
    memmove (&list[at + 1], &list[at], (*count - at - 1) * sizeof *list);
    list[at] = (struct consumer_warning){one->party, one->consumer, one->overdue.since, one->waiting};
}

size_t unheard_list (const struct unheard *self, struct consumer_warning *list, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        if (self->all[i].overdue.number > 0)
            insert (list, room, &count, &self->all[i]);
    return count;
}
