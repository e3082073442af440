#include "standing.h"

#include <stdlib.h>
#include <string.h>

enum { SHELF_LIMIT = 4 * 1024 * 1024 }; /* events beyond the base: far more than a registry keeps */

struct shelf {
    const char *party;
    char epoch[CONSENT_ID_SIZE]; /* of the events; "": any that the stream has, there is none */
    struct settled base;
    uint64_t first, until;
    uint64_t *sequence; /* of event base.number + 1 + index; 0: it was not found */
    size_t room;
    uint64_t lowest; /* that was found; 0: none was */
};

static bool is_marked (const struct standing *self)
{
    return self->mark.stream[0] != 0;
}

/* What settled is still where it was. */
static bool mark_holds (const struct standing *self)
{
    return is_marked (self) && self->mark.created == self->created && self->last >= self->mark.event.sequence;
}

/* The epoch by which the stream is judged. "": any will do. */
static const char *epoch_known (const struct standing *self)
{
    return self->placed ? self->epoch : is_marked (self) ? self->mark.epoch : "";
}

/* What came behind the mark, as its last message says. What is before it was judged when the mark was made. */
static enum standing_verdict judge_last (const struct standing *self)
{
    char epoch[CONSENT_ID_SIZE];
    uint64_t number;
    const char *known = epoch_known (self);
    if (self->last_of_ours <= (is_marked (self) ? self->mark.event.sequence : 0))
        return STANDING_GOES_ON;
    if (!mark_id_read (self->last_id, self->party, epoch, &number))
        return STANDING_FOREIGN;
    if (*known && strcmp (epoch, known) != 0)
        return STANDING_OTHER_EPOCH;
    return !is_marked (self) && self->placed && number < self->acknowledged ? STANDING_PUT_BACK : STANDING_GOES_ON;
}

enum standing_verdict standing_judge (const struct standing *self)
{
    if (self->from > 0)
        return STANDING_GOES_ON;
    if (is_marked (self) && strcmp (self->mark.epoch, epoch_known (self)) != 0)
        return STANDING_OTHER_EPOCH;
    if (is_marked (self) && self->mark.created != self->created)
        return STANDING_ANEW;
    if (is_marked (self) && self->last < self->mark.event.sequence)
        return STANDING_PUT_BACK;
    return judge_last (self);
}

struct shelf *shelf_new (const struct standing *standing)
{
    struct shelf *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    uint64_t number = 0;
    bool is_ours =
        standing->last_of_ours > 0 && mark_id_read (standing->last_id, standing->party, self->epoch, &number);
    self->party = standing->party;
    self->first = standing->first;
    if (standing->from > 0) {
        self->base.number = standing->from - 1; /* of which epoch, the registry has yet to say */
    } else {
        const char *known = epoch_known (standing);
        if (*known)
            memcpy (self->epoch, known, sizeof self->epoch);
        if (mark_holds (standing))
            self->base = standing->mark.event;
        else if (!standing->placed && is_ours)
            self->base =
                (struct settled){number, standing->last_of_ours}; /* published in order, and nothing is known */
        self->until = self->base.sequence;
        if (standing->placed && standing->acknowledged > self->base.number)
            self->base = (struct settled){standing->acknowledged, 0};
    }
    return self;
}

void shelf_destroy (struct shelf **self_p)
{
    if (*self_p != NULL)
        free ((*self_p)->sequence);
    free (*self_p);
    *self_p = NULL;
}

uint64_t shelf_until (const struct shelf *self)
{
    return self->until;
}

uint64_t shelf_base (const struct shelf *self)
{
    return self->base.number;
}

static void make_room (struct shelf *self, size_t index)
{
    if (index < self->room)
        return;
    size_t room = index + 64;
    self->sequence = realloc (self->sequence, room * sizeof *self->sequence);
    if (self->sequence == NULL)
        abort ();
    memset (self->sequence + self->room, 0, (room - self->room) * sizeof *self->sequence);
    self->room = room;
}

uint64_t shelf_note (struct shelf *self, uint64_t sequence, const char *id)
{
    char epoch[CONSENT_ID_SIZE];
    uint64_t number;
    if (!mark_id_read (id, self->party, epoch, &number) || strcmp (epoch, self->epoch) != 0 ||
        (number > self->base.number && number - self->base.number > SHELF_LIMIT))
        return 0;
    if (number <= self->base.number)
        return number;
    size_t index = (size_t)(number - self->base.number - 1);
    make_room (self, index);
    if (self->sequence[index] == 0)
        self->sequence[index] = sequence;
    if (self->lowest == 0 || number < self->lowest)
        self->lowest = number;
    return number;
}

uint64_t shelf_find (const struct shelf *self, const char *epoch, uint64_t number)
{
    if (number <= self->base.number || strcmp (epoch, self->epoch) != 0)
        return 0;
    uint64_t index = number - self->base.number - 1;
    return index < self->room ? self->sequence[index] : 0;
}

struct settled shelf_before (const struct shelf *self, const char *epoch, uint64_t last)
{
    bool has_some = self->lowest > 0 && strcmp (epoch, self->epoch) == 0;
    uint64_t lowest = has_some ? self->sequence[self->lowest - self->base.number - 1] : last + 1;
    return (struct settled){self->base.number, lowest - 1};
}

struct settled shelf_through (struct shelf *self, char epoch[CONSENT_ID_SIZE])
{
    struct settled through = self->base;
    memcpy (epoch, self->epoch, sizeof self->epoch);
    /* The stream dropped its oldest, as it is told to. They were there: what is lost is lost from the end. */
    if (self->lowest > 0 && self->first > self->until + 1)
        through.number = self->lowest - 1;
    uint64_t next;
    while ((next = shelf_find (self, self->epoch, through.number + 1)) > 0)
        through = (struct settled){through.number + 1, next};
    return through;
}
