#include "hearings.h"
#include <string.h>
#include "events/heard.h"
#include "events/consumers.h"

struct systems {
    const char *party;
    struct consumers *all;
    bool is_damaged; /* whether there are any cannot be read */
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

static int read_systems (struct turn *turn, struct systems *made)
{
    struct cursor cursor;
    int rc = outbox_cursor (turn, made->party, &cursor);
    made->all = arena_alloc (turn->arena, sizeof *made->all);
    made->all->count = 0;
    made->is_damaged = rc == RECORD_DAMAGED;
    if (rc != 0)
        return made->is_damaged ? 0 : rc;
    rc = consumers_list (turn, made->party, &cursor, made->all);
    made->is_damaged = made->all->missing > 0;
    return rc;
}

/* The systems of the party, which are read once. 0 or a failure. */
static int find_systems (struct hearings *self, const char *party, const struct systems **found_p)
{
    struct systems *found = self->parties;
    int rc = 0;
    while (found != NULL && strcmp (found->party, party) != 0)
        found = found->next;
    if (found == NULL) {
        found = arena_alloc (self->turn->arena, sizeof *found);
        *found = (struct systems){.party = party, .next = self->parties};
        rc = read_systems (self->turn, found);
        self->parties = found;
    }
    *found_p = found;
    return rc;
}

/* The event is for it. One that was taken away before it heard, nobody waits for any more. */
static bool concerns (const struct consumer *one, uint64_t event)
{
    return one->first <= event && (one->forgotten_at == 0 || one->acknowledged >= event);
}

static bool concerns_none (const struct systems *of, uint64_t event)
{
    size_t i = 0;
    while (i < of->all->count && !concerns (&of->all->item[i], event))
        i++;
    return i == of->all->count;
}

/* When it heard, of one that acknowledged the event or one behind it. One that was dropped it never had. */
static int find_when (struct turn *turn, uint64_t event, struct hearing *one)
{
    int rc = heard_find (turn, one->party, one->consumer, event, &one->heard_at);
    if (rc == 0 && one->heard_at == HEARD_DROPPED) {
        one->heard = false;
        one->heard_at = 0;
    }
    return rc;
}

/* The next system of the party that the event is for, from *index on; at the end the party itself, if it has none.
   1: there is one; 0: there is no more; or a failure. */
static int find_next (struct turn *turn, const struct systems *of, uint64_t event, size_t *index,
                      struct hearing *found)
{
    *found = (struct hearing){.party = of->party, .consumer = "", .unknown = event == 0 || of->is_damaged};
    while (event != 0 && *index < of->all->count) {
        const struct consumer *one = &of->all->item[(*index)++];
        if (!concerns (one, event))
            continue;
        found->consumer = one->name;
        found->heard = one->acknowledged >= event;
        found->unknown = one->damaged && !found->heard;
        found->forgotten_at = one->forgotten_at;
        found->listens = outbox_find (turn->outbox, of->party, one->name) != NULL;
        int rc = found->heard ? find_when (turn, event, found) : 0;
        return rc == 0 ? 1 : rc;
    }
    bool is_last = event == 0 ? *index == 0 : *index == of->all->count && concerns_none (of, event);
    *index = of->all->count + 1;
    return is_last;
}

/* One pass over them: those that have heard, or those that have not. Beyond `room` they are counted. */
struct pass {
    bool heard;
    size_t room;
    struct hearing *item;
    size_t count;
    uint32_t left_out;
};

static int add_those_of (struct hearings *self, const struct telling *telling, moment at, struct pass *pass)
{
    const struct systems *of;
    struct hearing one;
    size_t index = 0;
    int rc = find_systems (self, telling->party, &of);
    if (rc != 0)
        return rc;
    while ((rc = find_next (self->turn, of, telling->event, &index, &one)) == 1) {
        if (one.heard != pass->heard)
            continue;
        if (pass->count == pass->room) {
            pass->left_out++;
            continue;
        }
        if (!one.heard)
            one.since = at;
        pass->item[pass->count++] = one;
    }
    return rc;
}

static int add_all (struct hearings *self, const struct tellings *told, struct pass *pass)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < told->count; i++)
        rc = add_those_of (self, &told->telling[i], told->at, pass);
    return rc;
}

int hearings_list (struct hearings *self, const struct tellings *told, size_t room, struct heard_by *by)
{
    struct pass unheard = {.heard = false}, heard = {.heard = true};
    *by = (struct heard_by){.count = 0};
    int rc = add_all (self, told, &unheard);
    if (rc == 0)
        rc = add_all (self, told, &heard);
    if (rc != 0)
        return rc;
    size_t all = (size_t)unheard.left_out + heard.left_out;
    room = room < all ? room : all;
    struct hearing *item = arena_array (self->turn->arena, room, sizeof *item);
    unheard = (struct pass){.heard = false, .room = room, .item = item};
    rc = add_all (self, told, &unheard);
    heard = (struct pass){.heard = true, .room = room, .item = item, .count = unheard.count};
    if (rc == 0)
        rc = add_all (self, told, &heard);
    *by = (struct heard_by){item, heard.count, unheard.left_out, heard.left_out};
    return rc;
}

int hearings_sum (struct hearings *self, const struct telling *telling, struct overview_telling *sum)
{
    const struct systems *of;
    struct hearing one;
    bool is_kept = true;
    size_t index = 0;
    *sum = (struct overview_telling){.party = telling->party, .heard = true};
    int rc = find_systems (self, telling->party, &of);
    if (rc != 0)
        return rc;
    while ((rc = find_next (self->turn, of, telling->event, &index, &one)) == 1) {
        sum->heard &= one.heard;
        sum->unknown |= one.unknown;
        is_kept &= one.heard_at != 0;
        sum->heard_at = one.heard_at > sum->heard_at ? one.heard_at : sum->heard_at;
    }
    if (!is_kept)
        sum->heard_at = 0;
    return rc;
}
