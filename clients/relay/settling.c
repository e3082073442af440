#include "settling.h"

#include <stdlib.h>

struct item {
    struct settled event;
    int64_t since; /* by `worked` */
};

struct settling {
    struct item *items; /* a ring */
    size_t room, first, count;
    struct settled last;
    int64_t heard;  /* the moment up to which the server is known to work */
    int64_t worked; /* so many ms, in all */
};

struct settling *settling_new (void)
{
    struct settling *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void settling_destroy (struct settling **self_p)
{
    if (*self_p != NULL)
        free ((*self_p)->items);
    free (*self_p);
    *self_p = NULL;
}

void settling_begin (struct settling *self, int64_t now)
{
    self->count = 0;
    self->last = (struct settled){.number = 0};
    self->heard = now;
}

/* An answer proves that the server worked at some moment after it was asked, so it counts up to then. */
void settling_heard (struct settling *self, int64_t asked)
{
    int64_t apart = asked - self->heard;
    if (apart <= 0)
        return;
    if (apart <= SETTLING_SILENCE)
        self->worked += apart;
    self->heard = asked;
}

static void make_room (struct settling *self)
{
    if (self->count < self->room)
        return;
    size_t room = self->room > 0 ? 2 * self->room : 64;
    struct item *items = calloc (room, sizeof *items);
    if (items == NULL)
        abort ();
    for (size_t i = 0; i < self->count; i++)
        items[i] = self->items[(self->first + i) % self->room];
    free (self->items);
    self->items = items;
    self->room = room;
    self->first = 0;
}

void settling_add (struct settling *self, struct settled event, int64_t now)
{
    if (event.number <= self->last.number)
        return;
    make_room (self);
    /* Nobody knows when before now it was taken: what the server worked until now does not count for it. */
    int64_t since = self->worked + (now > self->heard ? now - self->heard : 0);
    self->items[(self->first + self->count++) % self->room] = (struct item){event, since};
    self->last = event;
}

struct settled settling_last (const struct settling *self)
{
    return self->last;
}

struct settled settling_take (struct settling *self, int64_t settle)
{
    struct settled settled = {.number = 0};
    while (self->count > 0) {
        const struct item *item = &self->items[self->first];
        if (settle > 0 && self->worked - item->since < settle)
            break;
        settled = item->event;
        self->first = (self->first + 1) % self->room;
        self->count--;
    }
    return settled;
}
