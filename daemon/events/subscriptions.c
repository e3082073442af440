/* The table of subscriptions, as turns change it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "outbox.h"

/* A subscription as it was before the turn. `party` is empty if it is new. */
struct former {
    struct subscription *subscription;
    struct subscription was;
};

struct outbox {
    struct subscription **items;
    size_t count;
    struct former *formers;
    size_t former_count;
};

struct outbox *outbox_new (void)
{
    struct outbox *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void outbox_destroy (struct outbox **self_p)
{
    struct outbox *self = *self_p;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->count; i++)
        free (self->items[i]);
    free (self->items);
    free (self->formers);
    free (self);
    *self_p = NULL;
}

struct subscription *outbox_find (struct outbox *self, const char *party, const char *consumer)
{
    for (size_t i = 0; i < self->count; i++) {
        struct subscription *one = self->items[i];
        if (one->live && strcmp (one->party, party) == 0 && strcmp (one->consumer, consumer) == 0)
            return one;
    }
    return NULL;
}

static bool is_on (const struct subscription *self, const struct caller *caller)
{
    return self->route_size == caller->route_size && memcmp (self->route, caller->route, self->route_size) == 0;
}

struct subscription *outbox_find_own (struct outbox *self, const struct caller *caller)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->items[i]->live && is_on (self->items[i], caller) &&
            strcmp (self->items[i]->party, caller->party->text.id) == 0)
            return self->items[i];
    return NULL;
}

size_t outbox_listening (struct outbox *self, const char *party)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        count += self->items[i]->live && strcmp (self->items[i]->party, party) == 0;
    return count;
}

void outbox_change (struct outbox *self, struct subscription *subscription)
{
    if (subscription->changed)
        return;
    self->formers = realloc (self->formers, (self->former_count + 1) * sizeof *self->formers);
    if (self->formers == NULL)
        abort ();
    self->formers[self->former_count++] = (struct former){subscription, *subscription};
    subscription->changed = true;
}

void outbox_end (struct outbox *self, struct subscription *subscription, const char *why)
{
    outbox_change (self, subscription);
    subscription->live = false;
    subscription->ended = true;
    subscription->why = why;
}

static struct subscription *add (struct outbox *self)
{
    struct subscription *made = calloc (1, sizeof *made);
    self->items = realloc (self->items, (self->count + 1) * sizeof (struct subscription *));
    if (made == NULL || self->items == NULL)
        abort ();
    return self->items[self->count++] = made;
}

struct subscription *outbox_subscribe (struct outbox *self, const struct caller *caller, const char *consumer)
{
    const char *party = caller->party->text.id;
    struct subscription *found = outbox_find (self, party, consumer);
    if (found != NULL && !is_on (found, caller)) {
        outbox_end (self, found, "this consumer subscribed anew on another connection");
        found = NULL;
    }
    if (found == NULL)
        found = add (self);
    outbox_change (self, found);
    snprintf (found->party, sizeof found->party, "%s", party);
    snprintf (found->consumer, sizeof found->consumer, "%s", consumer);
    snprintf (found->key, sizeof found->key, "%s", caller->key);
    memcpy (found->route, caller->route, caller->route_size);
    found->route_size = caller->route_size;
    found->connection = caller->connection;
    found->live = true;
    return found;
}

void outbox_settle (struct outbox *self, bool durable)
{
    for (size_t i = 0; i < self->former_count; i++) {
        const struct former *former = &self->formers[i];
        if (durable)
            former->subscription->changed = false;
        else if (former->was.party[0] != 0)
            *former->subscription = former->was;
        else
            outbox_drop (self, former->subscription);
    }
    self->former_count = 0;
}

struct subscription *outbox_at (struct outbox *self, size_t index)
{
    return index < self->count ? self->items[index] : NULL;
}

void outbox_drop (struct outbox *self, struct subscription *subscription)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->items[i] == subscription) {
            self->items[i] = self->items[--self->count];
            free (subscription);
            return;
        }
}

void outbox_connection_gone (struct outbox *self, const struct connection_id *gone)
{
    for (size_t i = self->count; i > 0; i--)
        if (self->items[i - 1]->connection.number == gone->number)
            outbox_drop (self, self->items[i - 1]);
}
