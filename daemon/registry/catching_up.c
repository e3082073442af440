#include "catching_up.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "record/guard.h"
#include "record/subject_key.h"
#include "erasing.h"
#include "marks.h"
#include "store_keyring.h"

enum {
    GONE_LIMIT = 1024, /* people who are taken out together */
    READ = 1024,       /* entries of the list, or of a table, in one turn */
    TAKEN_OUT = 256,   /* entries deleted in one turn */
    MARKED = 64,       /* people marked in one turn */
    PUT_IN = 256,      /* keys put in in one turn */
};

/* Somebody who was erased since the copy was made. */
struct gone {
    uint8_t id[VAULT_ID_SIZE];
    uint64_t round;
};

/* --- Is it behind? ------------------------------------------------------------------------------------ */

/* Up to which round a store can be that this keyring belongs to. In the newest, while it is under way, nothing is
   destroyed yet. */
static uint64_t destroyed_up_to (const struct turn *turn)
{
    const uint16_t *unused;
    return keyring_generation (turn->keyring) - (keyring_formers (turn->keyring, &unused) > 0);
}

/* The list to its end. 0; or what is wrong with it. */
static int read_through (struct turn *turn)
{
    struct keyring_list *list;
    struct keyring_listed unused;
    int rc = keyring_list_open (&list, turn->keyring);
    if (rc == KEYRING_LIST_MISSING && destroyed_up_to (turn) == KEYRING_FIRST)
        return 0; /* nothing was ever erased */
    uint64_t generation = rc == 0 ? keyring_list_generation (list) : 0;
    while (rc == 0)
        rc = keyring_list_next (list, &unused);
    keyring_list_close (&list);
    if (rc != KEYRING_LIST_END)
        return rc;
    if (generation > keyring_generation (turn->keyring))
        return KEYRING_LIST_NEWER;
    return generation < destroyed_up_to (turn) ? KEYRING_LIST_OLDER : 0;
}

static int refuse (struct turn *turn, int outcome)
{
    const struct keyring_place *place = keyring_place (turn->keyring);
    char *path = keyring_path_of (place, KEYRING_LIST_NAME);
    snprintf (place->error, place->error_size, "%s: %s", path, outcome_sentence (outcome));
    free (path);
    return outcome;
}

/* What a list that is lost means. Of a store that is not behind it can be made anew. */
static int judge_lost (struct turn *turn, struct catching_up *self, int outcome, bool without_list)
{
    const struct keyring_place *place = keyring_place (turn->keyring);
    refuse (turn, outcome);
    size_t used = strlen (place->error);
    self->list_is_lost = true;
    if (!self->is_behind || without_list)
        return 0;
    snprintf (
        place->error + used, place->error_size - used,
        ", and the store is from before an erasure: put the newest copy there, or start with --without-list");
    return outcome;
}

int catching_up_begin (struct turn *turn, struct catching_up *self, bool without_list)
{
    uint64_t round;
    int rc = store_keyring_read_round (turn, &round);
    if (rc != 0)
        return rc;
    self->is_behind = round < destroyed_up_to (turn);
    rc = read_through (turn);
    if (rc == KEYRING_LIST_MISSING || rc == KEYRING_LIST_DAMAGED || rc == KEYRING_LIST_OLDER)
        rc = judge_lost (turn, self, rc, without_list);
    else if (rc != 0)
        refuse (turn, rc);
    if (rc != 0 || !self->is_behind)
        return rc;
    self->is_at_end = self->list_is_lost; /* then nothing is found in it */
    self->gone = calloc (GONE_LIMIT, sizeof *self->gone);
    if (self->gone == NULL)
        abort ();
    return self->list_is_lost ? 0 : keyring_list_open (&self->list, turn->keyring);
}

void catching_up_close (struct catching_up *self)
{
    keyring_list_close (&self->list);
    free (self->gone);
    self->gone = NULL;
}

/* --- Who is taken out --------------------------------------------------------------------------------- */

static int compare_gone (const void *one, const void *other)
{
    return memcmp (one, other, VAULT_ID_SIZE);
}

/* The store does not know of this erasure: it is from before. One that it knows of may be of somebody who has come
   back since. */
static int judge_erased (struct turn *turn, struct catching_up *self, const struct keyring_listed *entry)
{
    struct generation generation;
    int rc = subject_read_generation (turn, entry->key.data, &generation);
    if (rc != 0 || generation.round >= entry->round)
        return rc;
    struct gone *gone = &self->gone[self->gone_count++];
    memcpy (gone->id, entry->key.data, sizeof gone->id);
    gone->round = entry->round;
    return 0;
}

static int find (struct turn *turn, struct catching_up *self)
{
    struct keyring_listed entry;
    int rc = 0;
    for (int i = 0; i < READ && rc == 0 && self->gone_count < GONE_LIMIT && !self->is_at_end; i++) {
        rc = keyring_list_next (self->list, &entry);
        if (rc == 0 && entry.round != 0)
            rc = judge_erased (turn, self, &entry);
        self->is_at_end = rc == KEYRING_LIST_END;
        rc = self->is_at_end ? 0 : rc;
    }
    if (rc == 0 && (self->is_at_end || self->gone_count == GONE_LIMIT)) {
        qsort (self->gone, self->gone_count, sizeof *self->gone, compare_gone);
        self->phase = CATCHING_UP_TAKES_OUT;
        self->table = 0;
        self->last_size = 0;
    }
    return rc;
}

/* --- What of them is taken out ------------------------------------------------------------------------ */

/* The keys of some entries. */
struct found {
    struct bytes keys[TAKEN_OUT]; /* the arena's */
    size_t count;
    bool more;
};

static bool is_of_gone (const struct catching_up *self, struct bytes key, struct bytes value)
{
    const uint8_t *id = erasing_whose ((enum store_table)self->table, key, value);
    return id != NULL && bsearch (id, self->gone, self->gone_count, sizeof *self->gone, compare_gone) != NULL;
}

/* Looks at entries from the last key on. */
static int find_entries (struct turn *turn, struct catching_up *self, struct found *found)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, (enum store_table)self->table,
                              (struct bytes){self->last, self->last_size}, &scan);
    found->count = 0;
    for (int i = 0; i < READ && found->count < TAKEN_OUT && rc == 0; i++) {
        rc = store_scan_next (scan, &key, &value);
        if (rc != 0 || key.size > sizeof self->last)
            continue;
        if (is_of_gone (self, key, value))
            found->keys[found->count++] = (struct bytes){arena_memdup (turn->arena, key.data, key.size), key.size};
        memcpy (self->last, key.data, key.size);
        self->last_size = key.size;
    }
    store_scan_close (&scan);
    found->more = rc == 0;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

static bool has_entries_to_take_out (enum store_table table)
{
    enum erased_by by = erasing_of (table);
    return by == ERASED_BY_TURN || by == ERASED_BY_SWEEP || by == ERASED_BUT_TOLD;
}

/* All that leads to them, or is about them and could be read by nobody: it is found by the pseudonym, since no
   record tells what belongs to it. */
static int take_out (struct turn *turn, struct catching_up *self)
{
    struct found found = {.more = false};
    int rc = 0;
    if (self->gone_count > 0 && has_entries_to_take_out ((enum store_table)self->table))
        rc = find_entries (turn, self, &found);
    for (size_t i = 0; i < found.count && rc == 0; i++)
        rc = guard_delete (turn, (enum store_table)self->table, found.keys[i]);
    turn->state.revision += found.count > 0;
    if (rc != 0 || found.more)
        return rc;
    self->last_size = 0;
    if (++self->table == STORE_TABLES) {
        self->phase = CATCHING_UP_MARKS;
        self->marked = 0;
    }
    return 0;
}

/* From here on the store knows of the erasure. */
static int mark (struct turn *turn, const struct gone *gone)
{
    const struct generation generation = {.since = audit_promise_line (turn), .round = gone->round};
    int rc = marks_remove (turn, gone->id, ERASURE_OF_SUBJECT);
    if (rc == 0)
        rc = subject_put_generation (turn, gone->id, &generation);
    return rc == 0 ? erasing_log (turn, gone->id, "after the copy that was put back") : rc;
}

static int mark_some (struct turn *turn, struct catching_up *self)
{
    int rc = 0;
    for (int i = 0; i < MARKED && rc == 0 && self->marked < self->gone_count; i++)
        rc = mark (turn, &self->gone[self->marked++]);
    if (rc != 0 || self->marked < self->gone_count)
        return rc;
    self->erased += self->gone_count;
    self->gone_count = 0;
    self->phase = CATCHING_UP_FINDS;
    if (!self->is_at_end)
        return 0;
    self->phase = CATCHING_UP_PUTS_IN;
    keyring_list_close (&self->list);
    return self->list_is_lost ? 0 : keyring_list_open (&self->list, turn->keyring);
}

/* --- Keys that are put in ----------------------------------------------------------------------------- */

/* Puts the listed key in front of what the store has, if that is not read any more. The same key may stand in
   another table in the copy than it did when it was listed. */
static int mend (struct turn *turn, struct catching_up *self, enum store_table table,
                 const struct keyring_listed *entry)
{
    struct vault_key unused;
    struct bytes value;
    int rc = store_get (turn->txn, table, entry->key, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    if (value.size < SUBJECT_WRAPPED_SIZE ||
        subject_key_unwrap (turn, entry->key.data, value, &unused) != WRAPPED_UNREADABLE ||
        subject_key_unwrap (turn, entry->key.data, entry->value, &unused) == WRAPPED_UNREADABLE)
        return 0;
    uint8_t *made = arena_memdup (turn->arena, value.data, value.size);
    memcpy (made, entry->value.data, SUBJECT_WRAPPED_SIZE);
    self->mended++;
    return guard_put (turn, table, entry->key, (struct bytes){made, value.size});
}

/* What a statute requires to be kept of somebody who was erased (audit/extract.h). Lines that the copy does not
   have are none of this subject before the erasure. */
static int keep (struct turn *turn, const struct keyring_listed *entry)
{
    struct generation generation;
    struct bytes unused;
    enum store_table table = (enum store_table)entry->table;
    if ((table != STORE_EXTRACT && table != STORE_EXTRACT_LINE) || entry->key.size != VAULT_ID_SIZE + 8)
        return 0;
    int rc = store_get (turn->txn, table, entry->key, &unused);
    if (rc != STORE_NOT_FOUND)
        return rc;
    rc = subject_read_generation (turn, entry->key.data, &generation);
    bool is_here =
        table == STORE_EXTRACT || get_be64 ((const uint8_t *)entry->key.data + VAULT_ID_SIZE) < generation.since;
    return rc == 0 && is_here ? guard_put (turn, table, entry->key, entry->value) : rc;
}

static int put_in (struct turn *turn, struct catching_up *self)
{
    struct keyring_listed entry;
    int rc = self->list != NULL ? 0 : KEYRING_LIST_END;
    for (int i = 0; i < PUT_IN && rc == 0; i++) {
        rc = keyring_list_next (self->list, &entry);
        for (size_t t = 0; rc == 0 && entry.round == 0 && t < WRAPPED_KEY_TABLES; t++)
            rc = mend (turn, self, wrapped_key_tables[t], &entry);
        if (rc == 0 && entry.round == 0)
            rc = keep (turn, &entry);
    }
    if (rc != KEYRING_LIST_END)
        return rc;
    self->is_done = true;
    return store_keyring_note_round (turn, destroyed_up_to (turn));
}

int catching_up_step (struct turn *turn, struct catching_up *self)
{
    switch (self->phase) {
    case CATCHING_UP_FINDS:
        return find (turn, self);
    case CATCHING_UP_TAKES_OUT:
        return take_out (turn, self);
    case CATCHING_UP_MARKS:
        return mark_some (turn, self);
    case CATCHING_UP_PUTS_IN:
        break;
    }
    return put_in (turn, self);
}
