#include "askers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_AT_FIRST = 64 };

/* A hash set of the first bytes of pseudonyms. They are as good as random, so they are their own hash. At most
   half full. */
struct seen {
    uint64_t *slots; /* 0: free */
    size_t room, count;
    size_t most;
    enum { IN_BOUNDS, TO_BE_TOLD, TOLD } state;
};

struct asker {
    char party[33];
    moment hour;
    struct seen sorts[ASKERS_SORTS];
};

struct askers {
    moment now;
    struct asker *askers;
    size_t count;
    size_t untold;
};

struct askers *askers_new (void)
{
    struct askers *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void askers_destroy (struct askers **self_p)
{
    struct askers *self = *self_p;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->count; i++)
        for (unsigned sort = 0; sort < ASKERS_SORTS; sort++)
            free (self->askers[i].sorts[sort].slots);
    free (self->askers);
    free (self);
    *self_p = NULL;
}

void askers_set_time (struct askers *self, moment steady)
{
    self->now = steady;
}

/* The place where the value is, or would be put. */
static uint64_t *place_of (const struct seen *seen, uint64_t value)
{
    size_t at = value & (seen->room - 1);
    while (seen->slots[at] != 0 && seen->slots[at] != value)
        at = (at + 1) & (seen->room - 1);
    return &seen->slots[at];
}

static void make_room (struct seen *seen)
{
    struct seen larger = *seen;
    larger.room = seen->room > 0 ? 2 * seen->room : ROOM_AT_FIRST;
    larger.slots = calloc (larger.room, sizeof *larger.slots);
    if (larger.slots == NULL)
        abort ();
    for (size_t i = 0; i < seen->room; i++)
        if (seen->slots[i] != 0)
            *place_of (&larger, seen->slots[i]) = seen->slots[i];
    free (seen->slots);
    *seen = larger;
}

/* Adds a value. True: with it there are more than `most`. */
static bool add (struct seen *seen, uint64_t value, size_t most)
{
    if (seen->state != IN_BOUNDS)
        return false;
    if (2 * (seen->count + 1) > seen->room)
        make_room (seen);
    uint64_t *place = place_of (seen, value);
    if (*place == value)
        return false;
    *place = value;
    if (++seen->count <= most)
        return false;
    seen->state = TO_BE_TOLD;
    seen->most = most;
    free (seen->slots);
    seen->slots = NULL;
    seen->room = 0;
    return true;
}

static void begin_hour (struct askers *self, struct asker *asker, moment hour)
{
    asker->hour = hour;
    for (unsigned sort = 0; sort < ASKERS_SORTS; sort++) {
        struct seen *seen = &asker->sorts[sort];
        if (seen->state == TO_BE_TOLD)
            self->untold--;
        free (seen->slots);
        *seen = (struct seen){0};
    }
}

static struct asker *asker_of (struct askers *self, const char *party)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->askers[i].party, party) == 0)
            return &self->askers[i];
    self->askers = realloc (self->askers, (self->count + 1) * sizeof *self->askers);
    if (self->askers == NULL)
        abort ();
    struct asker *made = &self->askers[self->count++];
    *made = (struct asker){.hour = self->now / ASKERS_HOUR};
    snprintf (made->party, sizeof made->party, "%s", party);
    return made;
}

void askers_note (struct askers *self, const char *party, const struct askers_limits *limits,
                  const uint8_t subject[VAULT_ID_SIZE], bool unknown)
{
    uint64_t value;
    memcpy (&value, subject, sizeof value);
    value += value == 0; /* 0 is a free slot */
    struct asker *asker = asker_of (self, party);
    if (asker->hour != self->now / ASKERS_HOUR)
        begin_hour (self, asker, self->now / ASKERS_HOUR);
    for (unsigned sort = 0; sort < ASKERS_SORTS; sort++)
        if (sort != ASKERS_UNKNOWN || unknown)
            self->untold += add (&asker->sorts[sort], value, limits->most[sort]);
}

bool askers_next (const struct askers *self, struct askers_alarm *alarm)
{
    for (size_t i = 0; i < self->count && self->untold > 0; i++)
        for (unsigned sort = 0; sort < ASKERS_SORTS; sort++)
            if (self->askers[i].sorts[sort].state == TO_BE_TOLD) {
                *alarm = (struct askers_alarm){self->askers[i].party, (enum askers_sort)sort,
                                               self->askers[i].sorts[sort].most};
                return true;
            }
    return false;
}

void askers_told (struct askers *self, const struct askers_alarm *alarm)
{
    struct seen *seen = &asker_of (self, alarm->party)->sorts[alarm->sort];
    if (seen->state == TO_BE_TOLD)
        self->untold--;
    seen->state = TOLD;
}
