#include "cosignatures.h"
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"
#include "bodies.h"
#include "merkle/lines.h"
#include "record/guard.h"

/* The key of a checkpoint: its size (be64). That of a signature: the same, party, NUL, id of the key. */
enum {
    SIZE_SIZE = 8,
    KEY_LIMIT = SIZE_SIZE + VAULT_PARTY_LIMIT + 1 + NOTE_ID_SIZE,
    AT_LINE = 8,            /* of the value: behind the moment (be64); then key, newline, line */
    VERIFY_WORK = 300 * 32, /* of a signature: some hundred microseconds (turn.h) */
};

/* --- Reading ------------------------------------------------------------------------------------------- */

static bool read_signature (struct turn *turn, struct bytes key, struct bytes value, struct cosignature *made)
{
    const char *who = (const char *)key.data + SIZE_SIZE;
    size_t size = key.size - SIZE_SIZE - 1 - NOTE_ID_SIZE;
    struct bytes rest = {(const char *)value.data + AT_LINE, value.size - AT_LINE}, text;
    if (key.size < SIZE_SIZE + 1 + NOTE_ID_SIZE || key.size > KEY_LIMIT || who[size] != 0 ||
        value.size < AT_LINE || !lines_next (&rest, &text))
        return false;
    *made = (struct cosignature){
        .size = get_be64 (key.data),
        .party = arena_strndup (turn->arena, who, size),
        .heard_at = (moment)get_be64 (value.data),
        .key = arena_strndup (turn->arena, text.data, text.size),
        .line = arena_strndup (turn->arena, rest.data, rest.size),
    };
    memcpy (made->id, who + size + 1, NOTE_ID_SIZE);
    return true;
}

/* Signatures whose checkpoint is not there are left out: nobody could verify them. */
static int read_all (struct turn *turn, struct cosignatures *all, uint64_t room)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    all->item = arena_array (turn->arena, room, sizeof *all->item);
    all->note = arena_array (turn->arena, room, sizeof *all->note);
    int rc = store_scan_open (turn->txn, STORE_COSIGNATURES, (struct bytes){"", 0}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0)
        if (key.size == SIZE_SIZE)
            all->note[all->note_count++] = (struct cosigned_note){
                get_be64 (key.data), {arena_memdup (turn->arena, value.data, value.size), value.size}};
        else if (all->note_count > 0 && read_signature (turn, key, value, &all->item[all->count]) &&
                 all->item[all->count].size == all->note[all->note_count - 1].size)
            all->count++;
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int cosignatures_read (struct turn *turn, struct cosignatures *all)
{
    uint64_t room = 0;
    *all = (struct cosignatures){.count = 0};
    int rc = guard_check (turn, STORE_COSIGNATURES, (struct bytes){"", 0});
    if (rc == 0)
        rc = store_count (turn->txn, STORE_COSIGNATURES, &room);
    if (rc == 0 && room > 0)
        rc = read_all (turn, all, room);
    return rc == RECORD_DAMAGED ? 0 : rc;
}

static bool is_of_key (const struct cosignature *self, const char *party, const uint8_t id[NOTE_ID_SIZE])
{
    return memcmp (self->id, id, NOTE_ID_SIZE) == 0 && strcmp (self->party, party) == 0;
}

static int by_party (const void *a, const void *b)
{
    const struct cosignature *one = *(const struct cosignature *const *)a,
                             *other = *(const struct cosignature *const *)b;
    int order = strcmp (one->party, other->party);
    return order != 0 ? order : memcmp (one->id, other->id, NOTE_ID_SIZE);
}

size_t cosignatures_newest (struct turn *turn, const struct cosignatures *all, const struct cosignature ***newest)
{
    const struct cosignature **found = arena_array (turn->arena, all->count, sizeof *found);
    size_t count = 0;
    for (size_t i = all->count; i > 0; i--) { /* the largest first */
        const struct cosignature *one = &all->item[i - 1];
        size_t k = 0;
        while (k < count && !is_of_key (found[k], one->party, one->id))
            k++;
        if (k == count)
            found[count++] = one;
    }
    if (count > 0)
        qsort (found, count, sizeof *found, by_party);
    *newest = found;
    return count;
}

moment cosignature_signed_at (const struct cosignature *self)
{
    uint8_t value[NOTE_ID_SIZE + 8 + 64];
    size_t size;
    const char *base64 = strrchr (self->line, ' ');
    if (base64 == NULL ||
        !lines_base64 ((struct bytes){base64 + 1, strlen (base64 + 1)}, value, sizeof value, &size) ||
        size != sizeof value)
        return 0;
    return (moment)get_be64 (value + NOTE_ID_SIZE) * 1000;
}

/* --- Writing ------------------------------------------------------------------------------------------- */

static struct bytes make_key (const struct cosignature *self, uint8_t key[KEY_LIMIT])
{
    size_t size = strnlen (self->party, VAULT_PARTY_LIMIT);
    put_be64 (key, self->size);
    memcpy (key + SIZE_SIZE, self->party, size);
    key[SIZE_SIZE + size] = 0;
    memcpy (key + SIZE_SIZE + size + 1, self->id, NOTE_ID_SIZE);
    return (struct bytes){key, SIZE_SIZE + size + 1 + NOTE_ID_SIZE};
}

/* What is damaged is taken as it is: the signatures prove themselves to whoever reads them. */
static int mend (struct turn *turn)
{
    int rc = guard_check (turn, STORE_COSIGNATURES, (struct bytes){"", 0});
    return rc == RECORD_DAMAGED ? guard_mend (turn, STORE_COSIGNATURES, (struct bytes){"", 0}) : rc;
}

static int delete_one (struct turn *turn, const struct cosignature *one)
{
    uint8_t key[KEY_LIMIT];
    return guard_delete (turn, STORE_COSIGNATURES, make_key (one, key));
}

static int delete_checkpoint (struct turn *turn, const struct cosignatures *all, uint64_t size)
{
    uint8_t key[SIZE_SIZE];
    put_be64 (key, size);
    int rc = guard_delete (turn, STORE_COSIGNATURES, (struct bytes){key, sizeof key});
    for (size_t i = 0; i < all->count && rc == 0; i++)
        if (all->item[i].size == size)
            rc = delete_one (turn, &all->item[i]);
    return rc;
}

static bool is_newest_of_any (const struct cosignature *const *newest, size_t count, uint64_t size)
{
    for (size_t i = 0; i < count; i++)
        if (newest[i]->size == size)
            return true;
    return false;
}

/* Leaves room for one checkpoint more. */
static int forget_old (struct turn *turn)
{
    struct cosignatures all;
    const struct cosignature **newest;
    int rc = cosignatures_read (turn, &all);
    size_t count = cosignatures_newest (turn, &all, &newest), kept = 1;
    for (size_t i = all.note_count; i > 0 && rc == 0; i--) {
        uint64_t size = all.note[i - 1].size;
        if (kept < COSIGNATURES_RECENT || (kept < COSIGNATURES_KEPT && is_newest_of_any (newest, count, size)))
            kept++;
        else
            rc = delete_checkpoint (turn, &all, size);
    }
    return rc;
}

int cosignatures_keep_note (struct turn *turn, uint64_t size, struct bytes note)
{
    uint8_t key[SIZE_SIZE];
    put_be64 (key, size);
    int rc = mend (turn);
    if (rc == 0)
        rc = forget_old (turn);
    return rc == 0 ? guard_put (turn, STORE_COSIGNATURES, (struct bytes){key, sizeof key}, note) : rc;
}

/* --- A signature comes --------------------------------------------------------------------------------- */

static const struct cosigned_note *note_of (const struct cosignatures *all, uint64_t size)
{
    for (size_t i = all->note_count; i > 0; i--)
        if (all->note[i - 1].size == size)
            return &all->note[i - 1];
    return NULL;
}

/* One of its signatures is by a key of this name. */
static bool has_name (const struct note *note, const char *name)
{
    for (size_t i = 0; i < note->count; i++)
        if (note->signature[i].name.size == strlen (name) &&
            memcmp (note->signature[i].name.data, name, strlen (name)) == 0)
            return true;
    return false;
}

/* The line is a signature by this key of what the registry signed. */
static enum cosigned verify (struct turn *turn, const struct cosigning *cosigning, struct bytes kept)
{
    struct note note;
    uint64_t time;
    if (note_read (&note, kept) != NOTE_OK)
        return COSIGNED_NOT_KEPT;
    const char *text = arena_printf (turn->arena, "%.*s\n%s\n", (int)note.text.size, (const char *)note.text.data,
                                     cosigning->line);
    turn->work += VERIFY_WORK;
    if (has_name (&note, cosigning->key.name))
        return COSIGNED_LOG_NAME;
    if (note_read (&note, (struct bytes){text, strlen (text)}) != NOTE_OK || note.count != 1 ||
        note_verify (&note, &cosigning->key, &time) != NOTE_OK)
        return COSIGNED_NOT_VALID;
    return time > (uint64_t)(turn->now / 1000) + COSIGNATURES_AHEAD_S ? COSIGNED_AHEAD : COSIGNED;
}

/* What is known of the key, and of the party's other ones. */
struct known {
    const struct cosignature *own;    /* its newest; NULL: none yet */
    const struct cosignature *oldest; /* of the party's other keys the one that was heard longest ago */
    size_t others;
    bool is_foreign;
};

static struct known look_up (const struct cosigning *cosigning, const char *key,
                             const struct cosignature *const *newest, size_t count)
{
    struct known known = {.own = NULL};
    size_t named = strlen (cosigning->key.name) + 1 + (size_t)2 * NOTE_ID_SIZE; /* "name+hash", by which it is found */
    for (size_t i = 0; i < count; i++) {
        const struct cosignature *one = newest[i];
        bool is_party = strcmp (one->party, cosigning->party) == 0;
        if (is_of_key (one, cosigning->party, cosigning->key.id))
            known.own = one;
        else if (is_party && (known.others++ == 0 || one->heard_at < known.oldest->heard_at))
            known.oldest = one;
        else if (!is_party && strncmp (one->key, key, named) == 0)
            known.is_foreign = true;
    }
    return known;
}

static int forget_key (struct turn *turn, const struct cosignatures *all, const struct cosignature *gone)
{
    int rc = 0;
    for (size_t i = 0; i < all->count && rc == 0; i++)
        if (is_of_key (&all->item[i], gone->party, gone->id))
            rc = delete_one (turn, &all->item[i]);
    return rc;
}

static int put (struct turn *turn, const struct cosigning *cosigning, const char *key)
{
    uint8_t place[KEY_LIMIT], at[AT_LINE + 1] = {0};
    struct cosignature made = {.size = cosigning->size, .party = cosigning->party};
    memcpy (made.id, cosigning->key.id, sizeof made.id);
    put_be64 (at, (uint64_t)turn->now);
    size_t size = strlen (key) + 1 + strlen (cosigning->line);
    uint8_t *value = arena_alloc (turn->arena, AT_LINE + size + 1);
    memcpy (value, at, AT_LINE);
    memcpy (value + AT_LINE, arena_printf (turn->arena, "%s\n%s", key, cosigning->line), size);
    return guard_put (turn, STORE_COSIGNATURES, make_key (&made, place), (struct bytes){value, AT_LINE + size});
}

static int keep (struct turn *turn, struct cosigning *cosigning, const struct cosignatures *all,
                 const struct known *known, const char *key)
{
    int rc = mend (turn);
    cosigning->outcome = known->own != NULL ? COSIGNED : COSIGNED_FIRST;
    if (rc == 0 && known->own == NULL && known->others >= COSIGNATURES_KEYS) {
        cosigning->outcome = COSIGNED_IN_PLACE;
        cosigning->forgotten = known->oldest->key;
        rc = forget_key (turn, all, known->oldest);
    }
    cosigning->newest = cosigning->size;
    return rc == 0 ? put (turn, cosigning, key) : rc;
}

int cosignatures_take (struct turn *turn, struct cosigning *cosigning)
{
    struct cosignatures all;
    const struct cosignature **newest;
    char key[NOTE_KEY_TEXT_SIZE];
    note_key_write (&cosigning->key, key);
    int rc = cosignatures_read (turn, &all);
    size_t count = cosignatures_newest (turn, &all, &newest);
    const struct known known = look_up (cosigning, key, newest, count);
    const struct cosigned_note *note = note_of (&all, cosigning->size);
    cosigning->newest = known.own != NULL ? known.own->size : 0;
    if (known.is_foreign)
        cosigning->outcome = COSIGNED_NOT_OWN;
    else if (cosigning->newest > cosigning->size)
        cosigning->outcome = COSIGNED_LATE;
    else
        cosigning->outcome = note != NULL ? verify (turn, cosigning, note->note) : COSIGNED_NOT_KEPT;
    return rc == 0 && cosigning->outcome == COSIGNED ? keep (turn, cosigning, &all, &known, key) : rc;
}

/* --- Publishing ---------------------------------------------------------------------------------------- */

static bool is_wished (const struct witness_wish *wish, const struct cosignature *one)
{
    return wish->keys.count == 0 || text_set_has (&wish->keys, one->key);
}

static size_t needed_by (const struct witness_wish *wish)
{
    return wish->needed > 0 ? wish->needed : wish->keys.count > 0 ? wish->keys.count : 1;
}

static void publish (struct turn *turn, const struct witness_wish *wish, const struct cosignatures *all,
                     struct cosigned_note *note, bool *enough)
{
    struct note read;
    size_t count = 0, own = note_read (&read, note->note) == NOTE_OK ? read.count : COSIGNATURES_PUBLISHED;
    const char *text = arena_strndup (turn->arena, note->note.data, note->note.size);
    for (size_t i = 0; i < all->count && own + count < COSIGNATURES_PUBLISHED; i++)
        if (all->item[i].size == note->size && is_wished (wish, &all->item[i])) {
            text = arena_printf (turn->arena, "%s%s\n", text, all->item[i].line);
            count++;
        }
    note->note = (struct bytes){text, strlen (text)};
    *enough = count >= needed_by (wish);
}

int cosignatures_add (struct turn *turn, const struct witness_wish *wish, struct cosigned_note *note, bool *enough)
{
    struct cosignatures all;
    int rc = cosignatures_read (turn, &all);
    publish (turn, wish, &all, note, enough);
    return rc;
}

int cosignatures_find (struct turn *turn, const struct witness_wish *wish, uint64_t least,
                       struct cosigned_note *found)
{
    struct cosignatures all;
    bool enough = false;
    int rc = cosignatures_read (turn, &all);
    for (size_t i = all.note_count; i > 0 && rc == 0 && !enough && all.note[i - 1].size >= least; i--) {
        *found = all.note[i - 1];
        publish (turn, wish, &all, found, &enough);
    }
    return rc != 0 ? rc : enough ? 0 : STORE_NOT_FOUND;
}
