#include "lines_about.h"
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"

enum {
    RECENT = 2 * LINES_TOLD, /* a turn may end behind the lines of a record, and fail */
    RECORD_VERSION = 1,
    /* A record, sealed: the hash of its last line; the tags in their order; the places of the lines in the same
       order. Lines with one tag are in the order of their numbers. */
    TAG_SIZE = 4,
    PLACE_SIZE = 2,
    ENTRY_SIZE = TAG_SIZE + PLACE_SIZE,
    TAG_SHIFT = 8 * PLACE_SIZE, /* of an entry as a number: the place is below it */
    /* Bytes beside those of a record: the pages that are split on the way to it. */
    ROOM_TO_SPARE = 64 * 1024,
};

/* Whom line `number` is about; tag 0: nobody. */
struct recent {
    uint64_t number;
    uint32_t tag;
};

struct recent_lines {
    struct recent items[RECENT]; /* a line has its place by its number */
};

struct recent_lines *recent_lines_new (void)
{
    struct recent_lines *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void recent_lines_destroy (struct recent_lines **self_p)
{
    free (*self_p);
    *self_p = NULL;
}

/* A pseudonym is as good as random. Two subjects may have one tag: then a line is read in vain. */
static uint32_t tag_of (const uint8_t object[VAULT_ID_SIZE])
{
    uint32_t tag;
    memcpy (&tag, object, sizeof tag);
    return tag != 0 ? tag : 1;
}

static uint32_t tag_of_head (const struct audit_head *head)
{
    return head->has_object ? tag_of (head->object) : 0;
}

void recent_lines_note (struct turn *turn, uint64_t number, const struct audit_head *head)
{
    turn->recent_lines->items[number % RECENT] = (struct recent){number, tag_of_head (head)};
    if (number % LINES_TOLD == 0)
        turn->complete_line = number;
}

/* Finds whom a line is about, in memory or in the log, and then notes it. 0; AUDIT_NOT_FOUND, RECORD_DAMAGED:
   nobody can tell; or a failure. */
static int find_tag (struct turn *turn, uint64_t number, uint32_t *tag)
{
    struct recent *recent = &turn->recent_lines->items[number % RECENT];
    struct audit_record record;
    if (recent->number != number) {
        struct arena_mark mark = arena_mark (turn->arena);
        int rc = audit_read (turn, number, &record);
        if (rc == 0)
            *recent = (struct recent){number, tag_of_head (&record.head)};
        arena_release (turn->arena, mark);
        if (rc != 0)
            return rc;
    }
    *tag = recent->tag;
    return 0;
}

/* --- Records -------------------------------------------------------------------------------------------- */

static struct vault_binding binding_of (const uint8_t key[8])
{
    return (struct vault_binding){"lines", RECORD_VERSION, key, 8};
}

/* Sorts entries by their tags, a byte of them at a time. Those with one tag stay in their order. */
static void sort_by_tag (uint64_t *entries, uint64_t *spare, size_t count)
{
    for (unsigned shift = TAG_SHIFT; shift < TAG_SHIFT + 8 * TAG_SIZE; shift += 8) {
        size_t at[257] = {0};
        for (size_t i = 0; i < count; i++)
            at[1 + (entries[i] >> shift & 0xff)]++;
        for (size_t byte = 1; byte < 256; byte++)
            at[byte] += at[byte - 1];
        for (size_t i = 0; i < count; i++)
            spare[at[entries[i] >> shift & 0xff]++] = entries[i];
        uint64_t *sorted = spare;
        spare = entries;
        entries = sorted;
    }
}

/* The lines after `before` as entries in the order of a record: the tag, and behind it the place. The second half
   of the room is for sorting. 0; AUDIT_NOT_FOUND, RECORD_DAMAGED: one of them cannot be read; or a failure. */
static int collect (struct turn *turn, uint64_t before, uint64_t entries[2 * LINES_TOLD], size_t *count)
{
    *count = 0;
    for (unsigned place = 0; place < LINES_TOLD; place++) {
        uint32_t tag;
        int rc = find_tag (turn, before + 1 + place, &tag);
        if (rc != 0)
            return rc;
        if (tag != 0)
            entries[(*count)++] = (uint64_t)tag << TAG_SHIFT | place;
    }
    sort_by_tag (entries, entries + LINES_TOLD, *count);
    return 0;
}

/* Writes the record, with the hash of its last line before the entries. */
static int put_record (struct turn *turn, uint64_t last, const uint64_t *entries, size_t count)
{
    size_t size = VAULT_HASH_SIZE + count * ENTRY_SIZE;
    uint8_t *plain = arena_alloc (turn->arena, size);
    uint8_t *value = arena_alloc (turn->arena, size + VAULT_SEAL_OVERHEAD);
    uint8_t *tags = plain + VAULT_HASH_SIZE, *places = tags + count * TAG_SIZE, key[8];
    int rc = audit_read_hash (turn, last, plain);
    if (rc != 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        uint32_t tag = (uint32_t)(entries[i] >> TAG_SHIFT);
        uint16_t place = (uint16_t)entries[i];
        memcpy (tags + i * TAG_SIZE, &tag, sizeof tag);
        memcpy (places + i * PLACE_SIZE, &place, sizeof place);
    }
    put_be64 (key, last);
    struct vault_binding binding = binding_of (key);
    vault_seal (vault_system_key (turn->vault), &binding, plain, size, value);
    return store_put (turn->txn, STORE_LINES_ABOUT, (struct bytes){key, sizeof key},
                      (struct bytes){value, size + VAULT_SEAL_OVERHEAD});
}

/* Writes the record of the lines up to `last`. 0, also if there is no room for it; AUDIT_NOT_FOUND,
   RECORD_DAMAGED: one of its lines cannot be read; or a failure. */
static int write_record (struct turn *turn, uint64_t last)
{
    enum store_share share = store_share_of (turn->txn);
    struct arena_mark mark = arena_mark (turn->arena);
    uint64_t *entries = arena_array (turn->arena, 2 * LINES_TOLD, sizeof *entries);
    size_t count;
    if (!store_has_room (turn->txn, STORE_OWN, LINES_TOLD * ENTRY_SIZE + ROOM_TO_SPARE))
        return 0; /* the lines are read instead, until there is */
    int rc = collect (turn, last - LINES_TOLD, entries, &count);
    store_use_share (turn->txn, STORE_OWN);
    if (rc == 0)
        rc = put_record (turn, last, entries, count);
    store_use_share (turn->txn, share);
    arena_release (turn->arena, mark);
    return rc;
}

int lines_about_write (struct turn *turn)
{
    int rc = turn->complete_line != 0 ? write_record (turn, turn->complete_line) : 0;
    return audit_is_unreadable (rc) ? 0 : rc;
}

/* Opens the record of the lines up to `last`. 0; STORE_NOT_FOUND, RECORD_DAMAGED: there is none that can be
   believed; or a failure. *plain is the arena's. */
static int open_record (struct turn *turn, uint64_t last, struct bytes *plain)
{
    uint8_t key[8];
    struct bytes value;
    uint8_t hash[VAULT_HASH_SIZE];
    put_be64 (key, last);
    int rc = store_get (turn->txn, STORE_LINES_ABOUT, (struct bytes){key, sizeof key}, &value);
    if (rc != 0)
        return rc;
    if (value.size < VAULT_SEAL_OVERHEAD + VAULT_HASH_SIZE ||
        (value.size - VAULT_SEAL_OVERHEAD - VAULT_HASH_SIZE) % ENTRY_SIZE != 0)
        return RECORD_DAMAGED;
    struct vault_binding binding = binding_of (key);
    uint8_t *made = arena_alloc (turn->arena, value.size - VAULT_SEAL_OVERHEAD);
    *plain = (struct bytes){made, value.size - VAULT_SEAL_OVERHEAD};
    if (vault_unseal (vault_system_key (turn->vault), &binding, value.data, value.size, made) != 0)
        return RECORD_DAMAGED;
    rc = audit_read_hash (turn, last, hash);
    if (rc == 0 && !vault_equal (hash, made, VAULT_HASH_SIZE))
        return RECORD_DAMAGED;
    return audit_is_unreadable (rc) ? RECORD_DAMAGED : rc;
}

static uint32_t tag_at (const uint8_t *tags, size_t index)
{
    uint32_t tag;
    memcpy (&tag, tags + index * TAG_SIZE, sizeof tag);
    return tag;
}

/* Takes the places of the lines about the subject from a record. */
static void take_places (struct lines_about *self, struct bytes plain)
{
    size_t all = (plain.size - VAULT_HASH_SIZE) / ENTRY_SIZE, low = 0, high = all;
    const uint8_t *tags = (const uint8_t *)plain.data + VAULT_HASH_SIZE, *places = tags + all * TAG_SIZE;
    uint32_t tag = tag_of (self->object);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tag_at (tags, middle) < tag)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < all && tag_at (tags, low) == tag; low++)
        memcpy (&self->places[self->count++], places + low * PLACE_SIZE, PLACE_SIZE);
}

/* --- Searching ------------------------------------------------------------------------------------------ */

/* Takes the places from the lines themselves: of those that have no record, and those that have none yet. A line
   that cannot be read may be about the subject. */
static int read_lines (struct turn *turn, struct lines_about *self)
{
    uint64_t newest = turn->state.audit_number;
    uint32_t tag = tag_of (self->object);
    for (unsigned place = 0; place < LINES_TOLD && self->first + place <= newest; place++) {
        uint32_t found;
        int rc = find_tag (turn, self->first + place, &found);
        if (rc != 0 && !audit_is_unreadable (rc))
            return rc;
        if (rc != 0 || found == tag)
            self->places[self->count++] = (uint16_t)place;
        self->left--;
    }
    return 0;
}

/* Finds the lines about the subject among those that one record tells of, from line `first` on. */
static int find_places (struct turn *turn, struct lines_about *self, uint64_t first)
{
    uint64_t last = first - 1 + LINES_TOLD;
    struct bytes plain;
    if (self->places == NULL)
        self->places = arena_array (turn->arena, LINES_TOLD, sizeof *self->places);
    self->first = first;
    self->count = self->next = 0;
    if (last > turn->state.audit_number)
        return read_lines (turn, self);
    struct arena_mark mark = arena_mark (turn->arena);
    int rc = open_record (turn, last, &plain);
    if (rc == 0)
        take_places (self, plain);
    arena_release (turn->arena, mark);
    self->left -= LINES_RECORD_COST;
    if (rc != STORE_NOT_FOUND && rc != RECORD_DAMAGED)
        return rc;
    rc = read_lines (turn, self);
    if (rc == 0)
        rc = write_record (turn, last);
    return audit_is_unreadable (rc) ? 0 : rc;
}

/* Reads the line, if it is about the subject. Else self->number is moved over it. */
static int read_if_about (struct turn *turn, struct lines_about *self, uint64_t number,
                          struct audit_record *record)
{
    int rc = audit_read (turn, number, record);
    self->number = number;
    if (rc == 0 && (!record->head.has_object || memcmp (record->head.object, self->object, VAULT_ID_SIZE) != 0))
        return AUDIT_NOT_FOUND;
    self->unreadable += audit_is_unreadable (rc);
    self->archive_is_damaged |= rc == ARCHIVE_DAMAGED;
    if (self->shows_unreadable && rc == AUDIT_NOT_FOUND)
        return RECORD_DAMAGED;
    return audit_is_unreadable (rc) && !self->shows_unreadable ? AUDIT_NOT_FOUND : rc;
}

int lines_about_next (struct turn *turn, struct lines_about *self, struct audit_record *record)
{
    while (self->number < self->until) {
        uint64_t first = self->number / LINES_TOLD * LINES_TOLD + 1;
        int rc;
        if (self->first != first && self->left <= 0)
            return AUDIT_LATER;
        if (self->first != first && (rc = find_places (turn, self, first)) != 0)
            return rc;
        while (self->next < self->count && first + self->places[self->next] <= self->number)
            self->next++;
        uint64_t found = self->next < self->count ? first + self->places[self->next] : UINT64_MAX;
        uint64_t end = first - 1 + LINES_TOLD < self->until ? first - 1 + LINES_TOLD : self->until;
        if (found > end) {
            self->number = end;
            continue;
        }
        if ((rc = read_if_about (turn, self, found, record)) != AUDIT_NOT_FOUND)
            return rc;
    }
    return AUDIT_NOT_FOUND;
}
