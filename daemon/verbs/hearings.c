#include "hearings.h"
#include <string.h>
#include "events/consumers.h"
#include "events/heard.h"

/* The consumers of a party. */
struct systems {
    const char *party;
    struct consumers all;
    bool is_damaged; /* which there are cannot be read */
    struct systems *next;
};

struct hearings {
    struct turn *turn;
    struct systems *parties;
};

struct hearings *hearings_new (struct turn *turn)
{
    struct hearings *self = arena_alloc (turn->arena, sizeof *self);
    *self = (struct hearings){.turn = turn};
    return self;
}

/* The consumers of the party, which are read once. 0 or a failure. */
static int find_systems (struct hearings *self, const char *party, const struct systems **found_p)
{
    struct cursor cursor;
    struct systems *found = self->parties;
    while (found != NULL && strcmp (found->party, party) != 0)
        found = found->next;
    *found_p = found;
    if (found != NULL)
        return 0;
    found = arena_alloc (self->turn->arena, sizeof *found);
    *found = (struct systems){.party = party, .next = self->parties};
    *found_p = self->parties = found;
    int rc = outbox_cursor (self->turn, party, &cursor);
    if (rc == 0)
        rc = consumers_list (self->turn, party, &cursor, &found->all);
    found->is_damaged = rc == RECORD_DAMAGED || found->all.missing > 0;
    return rc == RECORD_DAMAGED ? 0 : rc;
}

/* The event is for it. One that was taken away before it heard, nobody waits for any more. */
static bool concerns (const struct consumer *one, uint64_t event)
{
    return one->first <= event && (one->forgotten_at == 0 || one->acknowledged >= event);
}

/* A walk over the systems that one event is for. */
struct walk {
    const struct systems *of;
    const struct telling *telling;
    moment at;
    size_t next;
    bool is_any; /* was found */
};

static int begin (struct hearings *self, const struct telling *telling, moment at, struct walk *walk)
{
    *walk = (struct walk){.telling = telling, .at = at};
    int rc = find_systems (self, telling->party, &walk->of);
    if (rc == 0 && telling->event == 0)
        walk->next = walk->of->all.count;
    return rc;
}

/* Finds the next one, as far as its record tells. At the end the party itself, if it has none, or not all can be
   read. False: there is no more. */
static bool find_next (const struct hearings *self, struct walk *walk, struct hearing *found)
{
    const struct consumers *all = &walk->of->all;
    uint64_t event = walk->telling->event;
    while (walk->next < all->count) {
        const struct consumer *one = &all->item[walk->next++];
        if (!concerns (one, event))
            continue;
        *found = (struct hearing){.party = walk->of->party,
                                  .consumer = one->name,
                                  .heard = one->acknowledged >= event,
                                  .dropped = one->last_dropped >= event && one->first_dropped <= event,
                                  .unknown = one->damaged && one->acknowledged < event,
                                  .forgotten_at = one->forgotten_at};
        found->listens = outbox_find (self->turn->outbox, found->party, one->name) != NULL;
        found->since = found->heard ? 0 : walk->at;
        return walk->is_any = true;
    }
    *found = (struct hearing){.party = walk->of->party,
                              .consumer = "",
                              .since = walk->at,
                              .unknown = event == 0 || walk->of->is_damaged};
    return walk->next++ == all->count && (!walk->is_any || found->unknown);
}

/* When a system heard that has acknowledged the event; or that it never had it. 0 or a failure. */
static int find_when (struct hearings *self, const struct walk *walk, struct hearing *found)
{
    int rc = heard_find (self->turn, found->party, found->consumer, walk->telling->event, &found->heard_at);
    if (found->heard_at != HEARD_DROPPED)
        return rc;
    found->heard = false;
    found->dropped = true;
    found->heard_at = 0;
    found->since = walk->at;
    return rc;
}

struct heap {
    struct hearing *item;
    size_t count, room;
    uint32_t left_out;
};

static void put (struct heap *heap, const struct hearing *one)
{
    if (heap->count < heap->room)
        heap->item[heap->count++] = *one;
    else
        heap->left_out++;
}

/* Of those that have heard, no more are looked up than have room: what a full answer costs is bounded. */
static int add_those_of (struct hearings *self, struct walk *walk, struct heap *unheard, struct heap *heard)
{
    struct hearing one;
    int rc = 0;
    while (rc == 0 && find_next (self, walk, &one)) {
        if (one.heard && heard->count < heard->room)
            rc = find_when (self, walk, &one);
        put (one.heard ? heard : unheard, &one);
    }
    return rc;
}

/* The most that there can be. */
static int count_all (struct hearings *self, const struct tellings *told, size_t *count)
{
    int rc = 0;
    *count = 0;
    for (size_t i = 0; rc == 0 && i < told->count; i++) {
        struct walk walk;
        rc = begin (self, &told->telling[i], told->at, &walk);
        *count += rc == 0 ? walk.of->all.count + 1 : 0;
    }
    return rc;
}

int hearings_list (struct hearings *self, const struct tellings *told, size_t room, struct heard_by *by)
{
    size_t most;
    *by = (struct heard_by){.count = 0};
    int rc = count_all (self, told, &most);
    room = room < most ? room : most;
    struct hearing *item = arena_array (self->turn->arena, 2 * room, sizeof *item);
    struct heap unheard = {.item = item, .room = room}, heard = {.item = item + room, .room = room};
    for (size_t i = 0; rc == 0 && i < told->count; i++) {
        struct walk walk;
        rc = begin (self, &told->telling[i], told->at, &walk);
        if (rc == 0)
            rc = add_those_of (self, &walk, &unheard, &heard);
    }
    size_t fit = room - unheard.count < heard.count ? room - unheard.count : heard.count;
    memmove (item + unheard.count, heard.item, fit * sizeof *item);
    *by = (struct heard_by){item, unheard.count + fit, unheard.left_out,
                            heard.left_out + (uint32_t)(heard.count - fit)};
    return rc;
}

int hearings_sum (struct hearings *self, const struct telling *telling, struct overview_telling *sum)
{
    struct walk walk;
    struct hearing one;
    bool is_kept = true;
    *sum = (struct overview_telling){.party = telling->party, .heard = true};
    int rc = begin (self, telling, 0, &walk);
    while (rc == 0 && find_next (self, &walk, &one)) {
        if (one.heard)
            rc = find_when (self, &walk, &one);
        sum->heard &= one.heard;
        sum->unknown |= one.unknown;
        is_kept &= one.heard_at != 0;
        sum->heard_at = one.heard_at > sum->heard_at ? one.heard_at : sum->heard_at;
    }
    if (!is_kept)
        sum->heard_at = 0;
    return rc;
}
