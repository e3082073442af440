#include "withdrawn.h"
#include <stdlib.h>
#include <string.h>

static const size_t NOBODY = SIZE_MAX;

struct taken {
    char party[33];
    uint64_t bytes, in_turn;
};

struct withdrawn {
    struct taken *items;
    size_t count;
    size_t current; /* the place of the party that is withdrawing now */
    uint64_t before;
    bool has_room; /* there is room outside the reserve again */
};

struct withdrawn *withdrawn_new (void)
{
    struct withdrawn *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->current = NOBODY;
    return self;
}

void withdrawn_destroy (struct withdrawn **self_p)
{
    if (*self_p != NULL)
        free ((*self_p)->items);
    free (*self_p);
    *self_p = NULL;
}

static size_t place_of (struct withdrawn *self, const char *party)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->items[i].party, party) == 0)
            return i;
    self->items = realloc (self->items, (self->count + 1) * sizeof *self->items);
    if (self->items == NULL)
        abort ();
    struct taken *made = &self->items[self->count];
    *made = (struct taken){.bytes = 0};
    strncpy (made->party, party, sizeof made->party - 1);
    return self->count++;
}

bool withdrawn_take (struct withdrawn *self, struct store_txn *txn, const char *party)
{
    withdrawn_close (self, txn);
    if (!self->has_room) {
        size_t place = place_of (self, party);
        const struct taken *taken = &self->items[place];
        if (taken->bytes + taken->in_turn > store_share_left (txn, STORE_WITHDRAWALS))
            return false;
        self->current = place;
        self->before = store_share_taken (txn, STORE_WITHDRAWALS);
    }
    store_use_share (txn, STORE_WITHDRAWALS);
    return true;
}

void withdrawn_close (struct withdrawn *self, struct store_txn *txn)
{
    if (self->current != NOBODY) {
        uint64_t taken = store_share_taken (txn, STORE_WITHDRAWALS);
        self->items[self->current].in_turn += taken > self->before ? taken - self->before : 0;
        self->current = NOBODY;
    }
    self->has_room = store_has_room (txn, STORE_GENERAL, WITHDRAWN_ROOM);
}

void withdrawn_settle (struct withdrawn *self, bool durable)
{
    for (size_t i = 0; i < self->count; i++) {
        if (durable)
            self->items[i].bytes += self->items[i].in_turn;
        self->items[i].in_turn = 0;
    }
    if (durable && self->has_room)
        self->count = 0;
    self->current = NOBODY;
}
