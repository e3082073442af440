#include "earlier_store.h"
#include <string.h>
#include "big_endian.h"
#include "events/outbox.h"
#include "record/record_parts.h"
#include "record/subject_key.h"
#include "registry/history.h"
#include "registry/subject_file.h"
#include "audit/recorded.h"

/* [prefix][version 1][sealed], as record.c wrote it. */
static struct bytes sealed (struct turn *turn, const struct record_place *place, enum record_sort sort,
                            const void *from, struct bytes prefix)
{
    struct bytes plain = fields_write (&records[sort], from, turn->arena);
    size_t size = prefix.size + 2 + plain.size + VAULT_SEAL_OVERHEAD;
    uint8_t *made = arena_alloc (turn->arena, size);
    struct vault_binding binding = {place->table, 1, place->key, place->key_size};
    if (prefix.size > 0)
        memcpy (made, prefix.data, prefix.size);
    made[prefix.size + 1] = 1;
    vault_seal (place->seal, &binding, plain.data, plain.size, made + prefix.size + 2);
    return (struct bytes){made, size};
}

static int put_statement (struct turn *turn, const struct subject_file *file, const struct statement *statement)
{
    struct bytes id = {statement->id, sizeof statement->id}, subject = {file->id, sizeof file->id};
    struct record_place place = {"consent", id.data, id.size, &file->key};
    uint8_t key[VAULT_ID_SIZE + 8];
    memcpy (key, file->id, VAULT_ID_SIZE);
    put_be64 (key + VAULT_ID_SIZE, statement->order);
    int rc = store_put (turn->txn, STORE_EARLIER_STATEMENTS, (struct bytes){key, sizeof key}, id);
    if (rc != 0)
        return rc;
    return store_put (turn->txn, STORE_CONSENT, id, sealed (turn, &place, RECORD_STATEMENT, statement, subject));
}

static int put_received (struct turn *turn, const struct subject_file *file, const struct received *one)
{
    uint8_t key[VAULT_ID_SIZE + VAULT_PARTY_LIMIT];
    struct received bare = *one;
    size_t size = strlen (one->party);
    bare.party = "";
    memcpy (key, file->id, VAULT_ID_SIZE);
    memcpy (key + VAULT_ID_SIZE, one->party, size);
    struct record_place place = {"received", key, VAULT_ID_SIZE + size, &file->key};
    return store_put (turn->txn, STORE_EARLIER_RECEIVED, (struct bytes){key, VAULT_ID_SIZE + size},
                      sealed (turn, &place, RECORD_RECEIVED, &bare, (struct bytes){NULL, 0}));
}

/* Each change of the facts kept all of them. */
static int rewrite_history (struct turn *turn, const struct subject_file *file)
{
    struct store_scan *scan = NULL;
    struct bytes key, value, record[64], keys[64];
    size_t count = 0;
    int rc = store_scan_open (turn->txn, STORE_SUBJECT_BEFORE, (struct bytes){file->id, sizeof file->id}, &scan);
    while (rc == 0 && count < 64 && (rc = store_scan_next (scan, &key, &value)) == 0 &&
           memcmp (key.data, file->id, sizeof file->id) == 0)
        keys[count++] = (struct bytes){arena_memdup (turn->arena, key.data, key.size), key.size};
    store_scan_close (&scan);
    rc = rc == STORE_NOT_FOUND ? 0 : rc;
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct subject_facts facts = {.parts = 0};
        struct record_place place = {"subject_before", keys[i].data, keys[i].size, &file->key};
        uint64_t line = get_be64 ((const uint8_t *)keys[i].data + sizeof file->id);
        rc = history_subject_at (turn, file, line - 1, &facts.subject);
        record[i] = sealed (turn, &place, RECORD_SUBJECT, &facts, (struct bytes){NULL, 0});
    }
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = store_put (turn->txn, STORE_SUBJECT_BEFORE, keys[i], record[i]);
    return rc;
}

static int rewrite (struct turn *turn, const uint8_t id[VAULT_ID_SIZE])
{
    struct subject_file file;
    int rc = subject_file_open_by_id (turn, id, &file);
    struct subject_facts facts = {file.subject, (uint32_t)file.statement_count};
    struct record_place place = {"subject", file.id, sizeof file.id, &file.key};
    uint8_t wrapped[SUBJECT_WRAPPED_SIZE];
    vault_subject_key_wrap (vault_earlier_wrapping_key (turn->vault), file.id, &file.key, wrapped);
    if (rc == 0)
        rc = store_put (turn->txn, STORE_SUBJECT, (struct bytes){file.id, sizeof file.id},
                        sealed (turn, &place, RECORD_SUBJECT, &facts, (struct bytes){wrapped, sizeof wrapped}));
    for (size_t i = 0; i < file.statement_count && rc == 0; i++)
        rc = put_statement (turn, &file, &file.statements[i]);
    for (size_t i = 0; i < file.received_count && rc == 0; i++)
        rc = put_received (turn, &file, &file.received[i]);
    if (rc == 0)
        rc = rewrite_history (turn, &file);
    subject_file_close (&file);
    return rc;
}

/* Does `change` to every key that a table holds now. */
static int for_each (struct turn *turn, enum store_table table, int (*change) (struct turn *, struct bytes))
{
    struct store_scan *scan = NULL;
    struct bytes key, value, *keys = NULL;
    uint64_t count = 0, all = 0;
    int rc = store_count (turn->txn, table, &all);
    if (rc == 0)
        rc = store_scan_open (turn->txn, table, (struct bytes){"", 0}, &scan);
    keys = arena_array (turn->arena, all + 1, sizeof *keys);
    while (rc == 0 && count < all && (rc = store_scan_next (scan, &key, &value)) == 0)
        keys[count++] = (struct bytes){arena_memdup (turn->arena, key.data, key.size), key.size};
    store_scan_close (&scan);
    for (uint64_t i = 0; i < count && rc == 0; i++)
        rc = change (turn, keys[i]);
    return rc;
}

static int rewrite_subject (struct turn *turn, struct bytes key)
{
    return rewrite (turn, key.data);
}

static int drop_generation (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_GENERATION, key);
}

/* Version 1 of a line: a fixed part with everything, and the evidence with request and reply whole. */
static size_t write_earlier_head (const struct audit_head *head, uint8_t made[512])
{
    enum { FIXED = 83, AT_IDS = 35 };
    const char *const texts[] = {head->action, head->result, head->party};
    memset (made, 0, FIXED);
    made[0] = 1;
    made[1] = (uint8_t)head->origin;
    made[2] = (uint8_t)((head->has_object ? 1 : 0) | (head->subject_key ? 2 : 0) | (head->is_replayable ? 4 : 0));
    put_be64 (made + 3, head->number);
    put_be64 (made + 11, (uint64_t)head->time);
    put_be64 (made + 19, head->revision);
    put_be64 (made + 27, head->order);
    memcpy (made + AT_IDS, head->object, 16);
    if (head->is_replayable)
        memcpy (made + AT_IDS + 16, head->idempotency_key, 16);
    memcpy (made + AT_IDS + 32, head->request, 16);
    size_t size = FIXED;
    for (int i = 0; i < 3; i++) {
        made[size++] = (uint8_t)strlen (texts[i]);
        memcpy (made + size, texts[i], strlen (texts[i]));
        size += strlen (texts[i]);
    }
    return size;
}

static int rewrite_line (struct turn *turn, uint64_t number, uint8_t hash[VAULT_HASH_SIZE])
{
    struct audit_record record;
    struct evidence evidence;
    struct vault_key key = *vault_system_key (turn->vault);
    uint8_t store_key[8], head[512];
    put_be64 (store_key, number);
    int rc = audit_read (turn, number, &record);
    if (rc == 0)
        rc = recorded_open (turn, &record, &evidence);
    if (rc == 0 && record.head.subject_key)
        rc = subject_key_read (turn, record.head.object, &key);
    if (rc == SUBJECT_FILE_NOT_FOUND) { /* about somebody without a record: under the registry's key */
        record.head.subject_key = false;
        rc = 0;
    }
    evidence.has_answer = false;
    evidence.telling_count = 0; /* as it was before the events were noted */
    evidence.asked.size = 0;
    size_t size = write_earlier_head (&record.head, head);
    struct record_place place = {"audit", store_key, sizeof store_key, &key};
    struct bytes made = record_seal_evidence (turn->arena, &place, &evidence, VAULT_HASH_SIZE + size);
    uint8_t *line = arena_memdup (turn->arena, made.data, made.size);
    memcpy (line + VAULT_HASH_SIZE, head, size);
    vault_hash (hash, VAULT_HASH_SIZE, line + VAULT_HASH_SIZE, made.size - VAULT_HASH_SIZE, hash);
    memcpy (line, hash, VAULT_HASH_SIZE);
    if (rc == 0)
        rc = store_put (turn->txn, STORE_AUDIT, (struct bytes){store_key, sizeof store_key},
                        (struct bytes){line, made.size});
    return rc;
}

static int rewrite_log (struct turn *turn)
{
    uint8_t hash[VAULT_HASH_SIZE] = {0};
    int rc = 0;
    for (uint64_t number = 1; rc == 0 && number <= turn->state.audit_number; number++)
        rc = rewrite_line (turn, number, hash);
    return rc;
}

static int drop_since (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_SINCE, key);
}

static int drop_answered (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_ANSWERED, key);
}

static int drop_lines_about (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_LINES_ABOUT, key);
}

static int drop_unknown (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_UNKNOWN, key);
}

static int drop_heard (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_HEARD, key);
}

static int drop_consumer (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_CONSUMER, key);
}

static int drop_tree (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_TREE, key);
}

static int drop_sums (struct turn *turn, struct bytes key)
{
    return store_delete (turn->txn, STORE_GUARD, key);
}

static int rewrite_cursor (struct turn *turn, struct bytes key)
{
    struct cursor cursor;
    uint8_t value[16];
    int rc = outbox_cursor (turn, arena_strndup (turn->arena, key.data, key.size), &cursor);
    put_be64 (value, cursor.newest);
    put_be64 (value + 8, cursor.acknowledged);
    return rc == 0 ? store_put (turn->txn, STORE_CURSOR, key, (struct bytes){value, sizeof value}) : rc;
}

int earlier_store_make (struct registry *registry, const struct in_force *in_force)
{
    struct turn turn;
    int rc = registry_begin (registry, in_force, NULL, registry->state.time, &turn);
    if (rc == 0)
        rc = rewrite_log (&turn);
    if (rc == 0)
        rc = for_each (&turn, STORE_SINCE, drop_since);
    if (rc == 0)
        rc = for_each (&turn, STORE_CURSOR, rewrite_cursor);
    if (rc == 0)
        rc = for_each (&turn, STORE_CONSUMER, drop_consumer);
    if (rc == 0)
        rc = for_each (&turn, STORE_SUBJECT, rewrite_subject);
    if (rc == 0)
        rc = for_each (&turn, STORE_GENERATION, drop_generation);
    if (rc == 0)
        rc = for_each (&turn, STORE_GUARD, drop_sums);
    if (rc == 0)
        rc = for_each (&turn, STORE_ANSWERED, drop_answered);
    if (rc == 0)
        rc = for_each (&turn, STORE_LINES_ABOUT, drop_lines_about);
    if (rc == 0)
        rc = for_each (&turn, STORE_HEARD, drop_heard);
    if (rc == 0)
        rc = for_each (&turn, STORE_UNKNOWN, drop_unknown);
    if (rc == 0)
        rc = for_each (&turn, STORE_TREE, drop_tree);
    if (rc == 0)
        rc = store_delete (turn.txn, STORE_META, (struct bytes){"seal", 4});
    if (rc == 0)
        rc = store_delete (turn.txn, STORE_META, (struct bytes){"keyring", 7});
    if (rc == 0)
        rc = store_put (turn.txn, STORE_META, (struct bytes){"schema", 6}, (struct bytes){"\0\0\0\3", 4});
    if (rc == 0)
        rc = store_commit (&turn.txn);
    registry_end (registry, &turn, -1); /* it does not know of this */
    return rc;
}
