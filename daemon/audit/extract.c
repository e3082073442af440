#include "extract.h"
#include <string.h>
#include "big_endian.h"
#include "keyring.h"
#include "record/guard.h"
#include "record/subject_key.h"

enum {
    NAME_SIZE = VAULT_ID_SIZE + 8, /* of an extract, and of a line in one: the pseudonym, and until or number */
    SEALED_SIZE = 32 + VAULT_SEAL_OVERHEAD,
    LINE_SIZE = 8 + SEALED_SIZE, /* the extract's until, the key of the line */
    LINE_VERSION = 1,
    LOOKED_AT = 1024, /* lines, in one part of extract_delete */
};

static struct bytes name_of (const uint8_t subject[VAULT_ID_SIZE], uint64_t number, uint8_t key[NAME_SIZE])
{
    memcpy (key, subject, VAULT_ID_SIZE);
    put_be64 (key + VAULT_ID_SIZE, number);
    return (struct bytes){key, NAME_SIZE};
}

bool extract_read_name (struct bytes key, struct extract *name)
{
    if (key.size != NAME_SIZE)
        return false;
    memcpy (name->subject, key.data, VAULT_ID_SIZE);
    name->until = (moment)get_be64 ((const uint8_t *)key.data + VAULT_ID_SIZE);
    return true;
}

static struct vault_binding binding_of (struct bytes key)
{
    return (struct vault_binding){"extract_line", LINE_VERSION, key.data, key.size};
}

/* --- The key of an extract ---------------------------------------------------------------------------- */

/* Reads it. 0, STORE_NOT_FOUND, RECORD_DAMAGED or a failure. */
static int read_key (struct turn *turn, const struct extract *extract, struct vault_key *key)
{
    uint8_t buffer[NAME_SIZE];
    struct bytes value;
    int rc = guard_get (turn, STORE_EXTRACT, name_of (extract->subject, (uint64_t)extract->until, buffer), &value);
    if (rc != 0)
        return rc;
    if (value.size == VAULT_WRAPPED_KEY_SIZE &&
        subject_key_unwrap (turn, extract->subject, value, key) != WRAPPED_UNREADABLE)
        return 0;
    guard_note_damage (turn->guard, STORE_EXTRACT);
    return RECORD_DAMAGED;
}

static int make_key (struct turn *turn, const struct extract *extract, struct vault_key *key)
{
    uint8_t buffer[NAME_SIZE], wrapped[VAULT_WRAPPED_KEY_SIZE];
    vault_subject_key_new (key);
    vault_subject_key_wrap (keyring_key (turn->keyring, extract->subject), extract->subject, key, wrapped);
    return guard_put (turn, STORE_EXTRACT, name_of (extract->subject, (uint64_t)extract->until, buffer),
                      (struct bytes){wrapped, sizeof wrapped});
}

/* --- Lines -------------------------------------------------------------------------------------------- */

int extract_put (struct turn *turn, const struct extract *extract, uint64_t line, const struct vault_key *own)
{
    uint8_t buffer[NAME_SIZE], value[LINE_SIZE];
    struct bytes name = name_of (extract->subject, line, buffer);
    struct vault_binding binding = binding_of (name);
    struct vault_key key;
    int rc = read_key (turn, extract, &key);
    if (rc == STORE_NOT_FOUND)
        rc = make_key (turn, extract, &key);
    if (rc == 0) {
        put_be64 (value, (uint64_t)extract->until);
        vault_seal (&key, &binding, own->bytes, sizeof own->bytes, value + 8);
        rc = guard_put (turn, STORE_EXTRACT_LINE, name, (struct bytes){value, sizeof value});
    }
    vault_key_wipe (&key);
    return rc;
}

int extract_drop (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], uint64_t line)
{
    uint8_t buffer[NAME_SIZE];
    int rc = guard_delete (turn, STORE_EXTRACT_LINE, name_of (subject, line, buffer));
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int extract_find (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], uint64_t line,
                  struct extract_line *found)
{
    uint8_t buffer[NAME_SIZE], copy[LINE_SIZE];
    struct bytes name = name_of (subject, line, buffer), value;
    struct vault_binding binding = binding_of (name);
    struct extract extract;
    struct vault_key key;
    int rc = guard_get (turn, STORE_EXTRACT_LINE, name, &value);
    if (rc != 0)
        return rc;
    if (value.size != sizeof copy)
        return RECORD_DAMAGED;
    memcpy (copy, value.data, sizeof copy);
    extract.until = found->until = (moment)get_be64 (copy);
    memcpy (extract.subject, subject, VAULT_ID_SIZE);
    rc = read_key (turn, &extract, &key);
    if (rc == 0 && vault_unseal (&key, &binding, copy + 8, SEALED_SIZE, found->own.bytes) != 0)
        rc = RECORD_DAMAGED;
    vault_key_wipe (&key);
    return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
}

/* --- Extracts ----------------------------------------------------------------------------------------- */

int extract_next (struct turn *turn, const struct extract *after, struct extract *next)
{
    uint8_t buffer[NAME_SIZE];
    struct store_scan *scan = NULL;
    struct bytes key, value;
    uint64_t from = after->until == MOMENT_NEVER ? UINT64_MAX : (uint64_t)after->until + 1;
    int rc = store_scan_open (turn->txn, STORE_EXTRACT, name_of (after->subject, from, buffer), &scan);
    do
        rc = rc == 0 ? store_scan_next (scan, &key, &value) : rc;
    while (rc == 0 && !extract_read_name (key, next));
    store_scan_close (&scan);
    return rc;
}

int extract_next_of (struct turn *turn, const struct extract *after, struct extract *next)
{
    int rc = guard_check (turn, STORE_EXTRACT, (struct bytes){after->subject, VAULT_ID_SIZE});
    if (rc == 0)
        rc = extract_next (turn, after, next);
    return rc == 0 && memcmp (after->subject, next->subject, VAULT_ID_SIZE) != 0 ? STORE_NOT_FOUND : rc;
}

int extract_find_past (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], bool *past)
{
    struct extract before = {.until = 0}, first;
    memcpy (before.subject, subject, VAULT_ID_SIZE);
    int rc = extract_next_of (turn, &before, &first);
    *past = rc == 0 && first.until <= turn->now;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* The lines of the subject after *line that are in this extract. *line is moved behind those that were looked at;
   0: all were. */
static int list_lines (struct turn *turn, const struct extract *extract, uint64_t *line, uint64_t lines[LOOKED_AT],
                       size_t *count)
{
    uint8_t buffer[NAME_SIZE];
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int looked_at = 0;
    *count = 0;
    int rc = store_scan_open (turn->txn, STORE_EXTRACT_LINE, name_of (extract->subject, *line + 1, buffer), &scan);
    while (rc == 0 && looked_at++ < LOOKED_AT && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (key.size != NAME_SIZE || memcmp (key.data, extract->subject, VAULT_ID_SIZE) != 0) {
            rc = STORE_NOT_FOUND;
            break;
        }
        *line = get_be64 ((const uint8_t *)key.data + VAULT_ID_SIZE);
        if (value.size == LINE_SIZE && (moment)get_be64 (value.data) == extract->until)
            lines[(*count)++] = *line;
    }
    store_scan_close (&scan);
    if (rc == STORE_NOT_FOUND)
        *line = 0;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int extract_delete (struct turn *turn, const struct extract *extract, uint64_t *line, bool *done)
{
    uint64_t *lines = arena_array (turn->arena, LOOKED_AT, sizeof *lines);
    uint8_t buffer[NAME_SIZE];
    size_t count;
    int rc = list_lines (turn, extract, line, lines, &count);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = extract_drop (turn, extract->subject, lines[i]);
    *done = rc == 0 && *line == 0;
    if (*done)
        rc = guard_delete (turn, STORE_EXTRACT, name_of (extract->subject, (uint64_t)extract->until, buffer));
    return rc == STORE_NOT_FOUND ? 0 : rc;
}
