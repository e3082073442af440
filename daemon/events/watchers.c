#include "watchers.h"
#include <stdlib.h>
#include <string.h>

struct watchers {
    struct watcher *item;
    size_t count, room;
};

struct watchers *watchers_new (void)
{
    struct watchers *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void watchers_destroy (struct watchers **self_p)
{
    if (*self_p != NULL)
        free ((*self_p)->item);
    free (*self_p);
    *self_p = NULL;
}

static const struct watcher *find (const struct watchers *self, const struct caller *caller)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct watcher *one = &self->item[i];
        if (one->route_size == caller->route_size && memcmp (one->route, caller->route, one->route_size) == 0)
            return one;
    }
    return NULL;
}

bool watchers_add (struct watchers *self, const struct caller *caller)
{
    if (find (self, caller) != NULL || caller->route_size > sizeof self->item->route)
        return false;
    if (self->count == self->room) {
        self->room = 2 * self->room + 8;
        self->item = realloc (self->item, self->room * sizeof *self->item);
        if (self->item == NULL)
            abort ();
    }
    struct watcher *made = &self->item[self->count++];
    *made = (struct watcher){.route_size = caller->route_size, .connection = caller->connection, .is_new = true};
    strncpy (made->party, caller->party->text.id, sizeof made->party - 1);
    strncpy (made->key, caller->key, sizeof made->key - 1);
    memcpy (made->route, caller->route, caller->route_size);
    return true;
}

bool watchers_has (const struct watchers *self, const struct caller *caller)
{
    const struct watcher *found = find (self, caller);
    return found != NULL && !found->is_new;
}

bool watchers_has_party (const struct watchers *self, const char *party)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->item[i].party, party) == 0)
            return true;
    return false;
}

void watchers_settle (struct watchers *self, bool durable)
{
    for (size_t i = self->count; i > 0; i--)
        if (self->item[i - 1].is_new && !durable)
            watchers_drop (self, i - 1);
        else
            self->item[i - 1].is_new = false;
}

const struct watcher *watchers_at (const struct watchers *self, size_t index)
{
    return index < self->count ? &self->item[index] : NULL;
}

void watchers_drop (struct watchers *self, size_t index)
{
    self->item[index] = self->item[--self->count];
}

void watchers_connection_gone (struct watchers *self, const struct connection_id *gone)
{
    for (size_t i = self->count; i > 0; i--)
        if (self->item[i - 1].connection.number == gone->number)
            watchers_drop (self, i - 1);
}
