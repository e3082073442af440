#include "view_table.h"

#include <stdio.h>
#include <string.h>

#include "allocate.h"
#include "unconst.h"

enum {
    TEXT_LIMIT = 512, /* of the names of a flow, with their ends; the protocol has no longer ones */
    FIRST_SIZE = 64,  /* of both tables; a power of two, as every later size */
    NOBODY = 0,       /* in the place of a flow: an entry that never was */
    ANY_CASE = 0,
};

/* Names have numbers from 1 on. In the place of that of a flow also: */
static const uint32_t GONE = UINT32_MAX - 1;   /* an entry that was taken out */
static const uint32_t CLOSED = UINT32_MAX - 2; /* of a subject that is shut */

/* Each flow, and each case, has a number: there are few, for many subjects. */
struct name {
    char *text; /* NULL: none is here */
    uint32_t size, number;
    uint64_t hash;
};

struct entry {
    uint8_t subject[VIEW_SUBJECT];
    uint32_t flow, case_ref;
    struct view_permit permit;
};

struct view_table {
    struct name *names;
    size_t name_count, name_size;
    struct entry *entries;
    size_t count, used, size; /* permits; entries that are not NOBODY; all */
    size_t shut;
};

struct view_table *view_table_new (void)
{
    struct view_table *self = allocate (1, sizeof *self);
    self->name_size = self->size = FIRST_SIZE;
    self->names = allocate (self->name_size, sizeof *self->names);
    self->entries = allocate (self->size, sizeof *self->entries);
    return self;
}

void view_table_destroy (struct view_table **self_p)
{
    struct view_table *self = *self_p;
    if (!self)
        return;
    for (size_t i = 0; i < self->name_size; i++)
        free (self->names[i].text);
    free (self->names);
    free (self->entries);
    free (self);
    *self_p = NULL;
}

/* --- Names -------------------------------------------------------------------------------------------- */

/* FNV-1a. Who could choose names so that they collide is the registry itself. */
static uint64_t hash_of (const char *text, size_t size)
{
    uint64_t hash = UINT64_C (0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (uint8_t)text[i]) * UINT64_C (0x100000001b3);
    return hash ^ hash >> 32;
}

static struct name *name_slot (const struct view_table *self, const char *text, size_t size, uint64_t hash)
{
    size_t at = hash & (self->name_size - 1);
    while (self->names[at].text && (self->names[at].hash != hash || self->names[at].size != size ||
                                    memcmp (self->names[at].text, text, size) != 0))
        at = (at + 1) & (self->name_size - 1);
    return &self->names[at];
}

static void grow_names (struct view_table *self)
{
    struct name *former = self->names;
    size_t size = self->name_size;
    self->name_size *= 2;
    self->names = allocate (self->name_size, sizeof *self->names);
    for (size_t i = 0; i < size; i++)
        if (former[i].text)
            *name_slot (self, former[i].text, former[i].size, former[i].hash) = former[i];
    free (former);
}

/* 0: nobody has given this name. `adds`: then it is given one. */
static uint32_t number_of (struct view_table *self, const char *text, size_t size, bool adds)
{
    uint64_t hash = hash_of (text, size);
    struct name *slot = name_slot (self, text, size, hash);
    if (slot->text || !adds)
        return slot->text ? slot->number : 0;
    *slot = (struct name){allocate (size, 1), (uint32_t)size, (uint32_t)++self->name_count, hash};
    memcpy (slot->text, text, size);
    uint32_t number = slot->number;
    if (4 * self->name_count > 3 * self->name_size)
        grow_names (self);
    return number;
}

/* Both numbers of a flow, as an entry has them. False: one of them has none, or is too long. */
static bool find_numbers (struct view_table *self, const struct view_flow *flow, bool adds, struct entry *entry)
{
    const char *const parts[] = {flow->provider, flow->recipient, flow->purpose, flow->category};
    char text[TEXT_LIMIT];
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t length = strlen (parts[i]) + 1;
        if (size + length > sizeof text)
            return false;
        memcpy (text + size, parts[i], length);
        size += length;
    }
    size_t case_size = strlen (flow->case_ref);
    if (case_size > TEXT_LIMIT)
        return false;
    entry->flow = number_of (self, text, size, adds);
    entry->case_ref = case_size ? number_of (self, flow->case_ref, case_size, adds) : ANY_CASE;
    return entry->flow != 0 && (case_size == 0 || entry->case_ref != 0);
}

/* --- Entries ------------------------------------------------------------------------------------------ */

/* A pseudonym is as good as random. */
static size_t place_of (const struct view_table *self, const struct entry *entry)
{
    uint64_t hash;
    memcpy (&hash, entry->subject, sizeof hash);
    hash ^= (uint64_t)entry->flow << 32 ^ entry->case_ref;
    hash *= UINT64_C (0x9e3779b97f4a7c15);
    return (hash ^ hash >> 29) & (self->size - 1);
}

/* Where it is, or would be. */
static struct entry *entry_slot (const struct view_table *self, const struct entry *entry)
{
    struct entry *free_slot = NULL;
    for (size_t at = place_of (self, entry);; at = (at + 1) & (self->size - 1)) {
        struct entry *slot = &self->entries[at];
        if (slot->flow == NOBODY)
            return free_slot ? free_slot : slot;
        if (slot->flow == GONE) {
            if (!free_slot)
                free_slot = slot;
        } else if (slot->flow == entry->flow && slot->case_ref == entry->case_ref &&
                   memcmp (slot->subject, entry->subject, VIEW_SUBJECT) == 0)
            return slot;
    }
}

static bool is_there (const struct entry *slot)
{
    return slot->flow != NOBODY && slot->flow != GONE;
}

/* Makes it twice as large if it is full of permits, and else only sweeps it. */
static void make_room (struct view_table *self)
{
    if (4 * (self->used + 1) <= 3 * self->size)
        return;
    struct entry *former = self->entries;
    size_t size = self->size;
    if (2 * (self->count + self->shut) > size)
        self->size *= 2;
    self->entries = allocate (self->size, sizeof *self->entries);
    self->used = 0;
    for (size_t i = 0; i < size; i++)
        if (is_there (&former[i])) {
            *entry_slot (self, &former[i]) = former[i];
            self->used++;
        }
    free (former);
}

/* True: it was not there yet. */
static bool put (struct view_table *self, const struct entry *entry)
{
    make_room (self);
    struct entry *slot = entry_slot (self, entry);
    bool is_new = !is_there (slot);
    self->used += slot->flow == NOBODY;
    *slot = *entry;
    return is_new;
}

static struct entry of_subject (const uint8_t subject[VIEW_SUBJECT])
{
    struct entry made = {.flow = CLOSED};
    memcpy (made.subject, subject, VIEW_SUBJECT);
    return made;
}

void view_table_put (struct view_table *self, const uint8_t subject[VIEW_SUBJECT], const struct view_flow *flow,
                     struct view_permit permit)
{
    struct entry entry = of_subject (subject);
    entry.permit = permit;
    if (find_numbers (self, flow, true, &entry))
        self->count += put (self, &entry);
}

void view_table_take (struct view_table *self, const uint8_t subject[VIEW_SUBJECT], const struct view_flow *flow)
{
    struct entry entry = of_subject (subject);
    if (!find_numbers (self, flow, false, &entry))
        return;
    struct entry *slot = entry_slot (self, &entry);
    if (!is_there (slot))
        return;
    slot->flow = GONE;
    self->count--;
}

/* Rarely done, so it may go through all. */
void view_table_forget (struct view_table *self, const uint8_t subject[VIEW_SUBJECT])
{
    for (size_t i = 0; i < self->size; i++) {
        struct entry *slot = &self->entries[i];
        if (!is_there (slot) || slot->flow == CLOSED || memcmp (slot->subject, subject, VIEW_SUBJECT) != 0)
            continue;
        slot->flow = GONE;
        self->count--;
    }
}

void view_table_shut (struct view_table *self, const uint8_t subject[VIEW_SUBJECT])
{
    struct entry entry = of_subject (subject);
    self->shut += put (self, &entry);
}

static bool permits (const struct view_table *self, const struct entry *entry, int64_t now)
{
    const struct entry *slot = entry_slot (self, entry);
    return is_there (slot) && slot->permit.from <= now && (slot->permit.until == 0 || now < slot->permit.until);
}

enum view_found view_table_find (const struct view_table *self, const uint8_t subject[VIEW_SUBJECT],
                                 const struct view_flow *flow, int64_t now)
{
    struct entry entry = of_subject (subject);
    struct view_flow any = *flow;
    any.case_ref = "";
    if (self->shut > 0 && is_there (entry_slot (self, &entry)))
        return VIEW_SHUT;
    /* Without `adds` the names are only looked at. */
    struct view_table *looked_at = unconst (self);
    if (find_numbers (looked_at, &any, false, &entry) && permits (self, &entry, now))
        return VIEW_PERMITTED;
    if (flow->case_ref[0] && find_numbers (looked_at, flow, false, &entry) && permits (self, &entry, now))
        return VIEW_PERMITTED;
    return VIEW_NOTHING;
}

size_t view_table_count (const struct view_table *self)
{
    return self->count;
}
