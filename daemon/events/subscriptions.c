/* The table of subscriptions, as turns change it; what is known of the events of those who listen; and who of them
   may have something to hear. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "outbox.h"

enum { BUCKETS = 256 /* of audiences, by party */ };

/* A subscription in the table. */
struct entry {
    struct subscription subscription; /* the first member: what others have of it */
    struct audience *audience;
    struct entry *sibling;  /* of the same audience */
    struct entry *due_next; /* in the line of those that are due */
    bool is_due;
    bool is_gone; /* from the table; it is freed when no push to it is on its way */
    size_t held;  /* pushes that are */
};

/* The subscriptions of a party, and which of its events there are. */
struct audience {
    char party[33];
    struct outbox_extent extent;
    struct entry *first;
    struct audience *next; /* in its bucket */
    bool changed;          /* in this turn */
};

/* A subscription as it was before the turn. `party` is empty if it is new. */
struct former {
    struct entry *entry;
    struct subscription was;
};

struct former_extent {
    struct audience *audience;
    struct outbox_extent was;
};

struct outbox {
    struct entry **items;
    size_t count, room;
    struct audience *buckets[BUCKETS];
    struct entry *due_first, *due_last;
    size_t due;
    struct former *formers;
    size_t former_count, former_room;
    struct former_extent *extents;
    size_t extent_count, extent_room;
};

/* Makes room for one more. */
static void *grow (void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    *room = 2 * *room + 8;
    items = realloc (items, *room * size);
    if (items == NULL)
        abort ();
    return items;
}

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
    while (self->count > 0)
        outbox_drop (self, &self->items[self->count - 1]->subscription);
    free (self->items);
    free (self->formers);
    free (self->extents);
    free (self);
    *self_p = NULL;
}

static struct entry *entry_of (struct subscription *subscription)
{
    return (struct entry *)(void *)subscription;
}

/* --- Audiences ---------------------------------------------------------------------------------------- */

/* Where the audience of a party stands, or would stand. */
static struct audience **place_of (struct outbox *self, const char *party)
{
    unsigned hash = 5381;
    for (const char *at = party; *at != '\0'; at++)
        hash = hash * 33 + (unsigned char)*at;
    struct audience **place = &self->buckets[hash % BUCKETS];
    while (*place != NULL && strcmp ((*place)->party, party) != 0)
        place = &(*place)->next;
    return place;
}

static void join (struct outbox *self, struct entry *entry)
{
    struct audience **place = place_of (self, entry->subscription.party);
    if (*place == NULL) {
        *place = calloc (1, sizeof **place);
        if (*place == NULL)
            abort ();
        snprintf ((*place)->party, sizeof (*place)->party, "%s", entry->subscription.party);
    }
    entry->audience = *place;
    entry->sibling = (*place)->first;
    (*place)->first = entry;
}

/* An audience without anybody is no longer there. */
static void leave (struct outbox *self, struct entry *entry)
{
    struct audience **place = place_of (self, entry->audience->party), *audience = *place;
    struct entry **at = &audience->first;
    while (*at != entry)
        at = &(*at)->sibling;
    *at = entry->sibling;
    if (audience->first != NULL)
        return;
    for (size_t i = 0; i < self->extent_count; i++)
        if (self->extents[i].audience == audience)
            self->extents[i--] = self->extents[--self->extent_count];
    *place = audience->next;
    free (audience);
}

/* --- Who is due --------------------------------------------------------------------------------------- */

static void make_due (struct outbox *self, struct entry *entry)
{
    if (entry->is_due)
        return;
    entry->is_due = true;
    entry->due_next = NULL;
    if (self->due_last != NULL)
        self->due_last->due_next = entry;
    else
        self->due_first = entry;
    self->due_last = entry;
    self->due++;
}

/* `before` stands before it in the line; NULL: it is the first. */
static void take_out (struct outbox *self, struct entry *before, struct entry *entry)
{
    if (before != NULL)
        before->due_next = entry->due_next;
    else
        self->due_first = entry->due_next;
    if (self->due_last == entry)
        self->due_last = before;
    entry->is_due = false;
    self->due--;
}

static void forget_due (struct outbox *self, struct entry *entry)
{
    struct entry *before = NULL;
    if (!entry->is_due)
        return;
    for (struct entry *at = self->due_first; at != entry; at = at->due_next)
        before = at;
    take_out (self, before, entry);
}

struct subscription *outbox_due (struct outbox *self)
{
    return self->due_first != NULL ? &self->due_first->subscription : NULL;
}

size_t outbox_due_count (const struct outbox *self)
{
    return self->due;
}

void outbox_looked_at (struct outbox *self, bool again)
{
    struct entry *entry = self->due_first;
    take_out (self, NULL, entry);
    if (again)
        make_due (self, entry);
}

void outbox_look_again (struct outbox *self)
{
    for (size_t i = 0; i < self->count; i++)
        make_due (self, self->items[i]);
}

void outbox_beat (struct outbox *self)
{
    for (size_t bucket = 0; bucket < BUCKETS; bucket++)
        for (struct audience *audience = self->buckets[bucket]; audience != NULL; audience = audience->next)
            for (struct entry *entry = audience->first; entry != NULL; entry = entry->sibling) {
                entry->subscription.heartbeat_due = true;
                make_due (self, entry);
            }
}

/* --- Which events there are --------------------------------------------------------------------------- */

static void set_extent (struct outbox *self, struct audience *audience, const struct cursor *cursor)
{
    if (!audience->changed) {
        self->extents = grow (self->extents, self->extent_count, &self->extent_room, sizeof *self->extents);
        self->extents[self->extent_count++] = (struct former_extent){audience, audience->extent};
        audience->changed = true;
    }
    audience->extent = (struct outbox_extent){cursor->acknowledged, cursor->newest};
}

void outbox_know (struct outbox *self, const char *party, const struct cursor *cursor)
{
    struct audience *audience = *place_of (self, party);
    if (audience == NULL)
        return;
    bool is_news = cursor->newest != audience->extent.newest;
    set_extent (self, audience, cursor);
    for (struct entry *entry = audience->first; entry != NULL; entry = entry->sibling)
        if (is_news || entry->subscription.next <= cursor->acknowledged)
            make_due (self, entry);
}

struct outbox_extent outbox_extent (const struct subscription *subscription)
{
    return ((const struct entry *)(const void *)subscription)->audience->extent;
}

/* --- The table ---------------------------------------------------------------------------------------- */

struct subscription *outbox_find (struct outbox *self, const char *party, const char *consumer)
{
    struct audience *audience = *place_of (self, party);
    for (struct entry *one = audience != NULL ? audience->first : NULL; one != NULL; one = one->sibling)
        if (one->subscription.live && strcmp (one->subscription.consumer, consumer) == 0)
            return &one->subscription;
    return NULL;
}

static bool is_on (const struct subscription *self, const struct caller *caller)
{
    return self->route_size == caller->route_size && memcmp (self->route, caller->route, self->route_size) == 0;
}

struct subscription *outbox_find_own (struct outbox *self, const struct caller *caller)
{
    struct audience *audience = *place_of (self, caller->party->text.id);
    for (struct entry *one = audience != NULL ? audience->first : NULL; one != NULL; one = one->sibling)
        if (one->subscription.live && is_on (&one->subscription, caller))
            return &one->subscription;
    return NULL;
}

size_t outbox_listening (struct outbox *self, const char *party)
{
    struct audience *audience = *place_of (self, party);
    size_t count = 0;
    for (struct entry *one = audience != NULL ? audience->first : NULL; one != NULL; one = one->sibling)
        count += one->subscription.live;
    return count;
}

void outbox_change (struct outbox *self, struct subscription *subscription)
{
    struct entry *entry = entry_of (subscription);
    make_due (self, entry);
    if (subscription->changed)
        return;
    self->formers = grow (self->formers, self->former_count, &self->former_room, sizeof *self->formers);
    self->formers[self->former_count++] = (struct former){entry, *subscription};
    subscription->changed = true;
}

void outbox_end (struct outbox *self, struct subscription *subscription, const char *why)
{
    outbox_change (self, subscription);
    subscription->live = false;
    subscription->ended = true;
    subscription->why = why;
}

static struct subscription *add (struct outbox *self, const char *party)
{
    struct entry *made = calloc (1, sizeof *made);
    self->items = grow (self->items, self->count, &self->room, sizeof *self->items);
    if (made == NULL)
        abort ();
    self->items[self->count++] = made;
    outbox_change (self, &made->subscription); /* as one without a party */
    snprintf (made->subscription.party, sizeof made->subscription.party, "%s", party);
    join (self, made);
    return &made->subscription;
}

struct subscription *outbox_subscribe (struct outbox *self, const struct caller *caller, const char *consumer,
                                       const struct cursor *cursor)
{
    const char *party = caller->party->text.id;
    struct subscription *found = outbox_find (self, party, consumer);
    if (found != NULL && !is_on (found, caller)) {
        outbox_end (self, found, "this consumer subscribed anew on another connection");
        found = NULL;
    }
    if (found == NULL)
        found = add (self, party);
    outbox_change (self, found);
    set_extent (self, entry_of (found)->audience, cursor);
    snprintf (found->consumer, sizeof found->consumer, "%s", consumer);
    snprintf (found->key, sizeof found->key, "%s", caller->key);
    memcpy (found->route, caller->route, caller->route_size);
    found->route_size = caller->route_size;
    found->connection = caller->connection;
    found->live = true;
    return found;
}

/* What was taken from a line that is taken back must be looked at again. */
static void settle_one (struct outbox *self, const struct former *former, bool durable)
{
    if (durable)
        former->entry->subscription.changed = false;
    else if (former->was.party[0] == 0)
        outbox_drop (self, &former->entry->subscription);
    else {
        former->entry->subscription = former->was;
        make_due (self, former->entry);
    }
}

void outbox_settle (struct outbox *self, bool durable)
{
    for (size_t i = 0; i < self->extent_count; i++) {
        self->extents[i].audience->changed = false;
        if (!durable)
            self->extents[i].audience->extent = self->extents[i].was;
    }
    self->extent_count = 0;
    for (size_t i = 0; i < self->former_count; i++)
        settle_one (self, &self->formers[i], durable);
    self->former_count = 0;
}

struct subscription *outbox_at (struct outbox *self, size_t index)
{
    return index < self->count ? &self->items[index]->subscription : NULL;
}

void outbox_drop (struct outbox *self, struct subscription *subscription)
{
    struct entry *entry = entry_of (subscription);
    size_t at = 0;
    while (self->items[at] != entry)
        at++;
    self->items[at] = self->items[--self->count];
    forget_due (self, entry);
    leave (self, entry);
    entry->is_gone = true;
    if (entry->held == 0)
        free (entry);
}

void outbox_connection_gone (struct outbox *self, const struct connection_id *gone)
{
    for (size_t i = self->count; i > 0; i--)
        if (self->items[i - 1]->subscription.connection.number == gone->number)
            outbox_drop (self, &self->items[i - 1]->subscription);
}

void outbox_hold (struct subscription *subscription)
{
    entry_of (subscription)->held++;
}

bool outbox_is_there (const struct subscription *subscription)
{
    return !((const struct entry *)(const void *)subscription)->is_gone;
}

void outbox_release (struct subscription *subscription)
{
    struct entry *entry = entry_of (subscription);
    if (--entry->held == 0 && entry->is_gone)
        free (entry);
}
