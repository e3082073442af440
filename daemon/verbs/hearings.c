#include "hearings.h"
#include <string.h>
#include "events/heard.h"
#include "events/outbox.h"

/* A system of a party. */
struct consumer {
    const char *name;
    uint64_t first, acknowledged; /* the first event that is for it; the last that it has acknowledged */
    moment forgotten_at;
    bool listens;
    bool is_damaged;
};

struct systems {
    const char *party;
    struct consumer *all;
    size_t count;
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
    made->is_damaged = rc == RECORD_DAMAGED;
    if (rc != 0)
        return made->is_damaged ? 0 : rc;
    bool listens = outbox_find (turn->outbox, made->party) != NULL;
    made->all = arena_alloc (turn->arena, sizeof *made->all);
    made->count = cursor.acknowledged > 0 || listens;
    made->all[0] = (struct consumer){"default", 1, cursor.acknowledged, 0, listens, false};
    return 0;
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
    while (i < of->count && !concerns (&of->all[i], event))
        i++;
    return i == of->count;
}

/* The next system of the party that the event is for, from *index on; at the end the party itself, if it has none.
   False: there is no more. */
static bool find_next (const struct systems *of, uint64_t event, size_t *index, struct hearing *found)
{
    *found = (struct hearing){.party = of->party, .consumer = "", .unknown = event == 0 || of->is_damaged};
    while (event != 0 && *index < of->count) {
        const struct consumer *one = &of->all[(*index)++];
        if (!concerns (one, event))
            continue;
        found->consumer = one->name;
        found->heard = one->acknowledged >= event;
        found->unknown = one->is_damaged && !found->heard;
        found->forgotten_at = one->forgotten_at;
        found->listens = one->listens;
        return true;
    }
    bool is_last = event == 0 ? *index == 0 : *index == of->count && concerns_none (of, event);
    *index = of->count + 1;
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
    while (rc == 0 && find_next (of, telling->event, &index, &one)) {
        if (one.heard != pass->heard)
            continue;
        if (pass->count == pass->room) {
            pass->left_out++;
            continue;
        }
        if (one.heard)
            rc = heard_find (self->turn, one.party, telling->event, &one.heard_at);
        else
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
    while (rc == 0 && find_next (of, telling->event, &index, &one)) {
        sum->heard &= one.heard;
        sum->unknown |= one.unknown;
        if (one.heard)
            rc = heard_find (self->turn, one.party, telling->event, &one.heard_at);
        is_kept &= one.heard_at != 0;
        sum->heard_at = one.heard_at > sum->heard_at ? one.heard_at : sum->heard_at;
    }
    if (!is_kept)
        sum->heard_at = 0;
    return rc;
}
