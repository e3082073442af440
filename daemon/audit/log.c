#include "log.h"
#include <assert.h>
#include <errno.h>
#include <string.h>
#include "limits/allowance.h"
#include "big_endian.h"
#include "fields/raw.h"
#include "record/guard.h"
#include "record/subject_key.h"
#include "unconst.h"
#include "archive.h"
#include "extract.h"
#include "lines_about.h"
#include "tree.h"

/* A line as stored: its version, origin and flags, a byte each; number, time, revision and order, as numbers in
   protobuf are written; object, key and fingerprint of the request, each if its flag is set; action, result and
   party, each a length and the text; then the sealed evidence. In the store the line's hash stands before it.

   Lines of version 1 had a fixed part with all of this, up to the texts. */
enum {
    LINE_VERSION = 2,
    EARLIER_VERSION = 1,
    AT_ORIGIN = 1,
    AT_FLAGS = 2,
    AT_NUMBER = 3,
    AT_TIME = AT_NUMBER + 8,
    AT_REVISION = AT_TIME + 8,
    AT_ORDER = AT_REVISION + 8,
    AT_OBJECT = AT_ORDER + 8,
    AT_KEY = AT_OBJECT + VAULT_ID_SIZE,
    AT_REQUEST = AT_KEY + 16,
    FIXED_SIZE = AT_REQUEST + VAULT_ID_SIZE,
    HAS_OBJECT = 1,
    SUBJECT_KEY = 2,
    IS_REPLAYABLE = 4,
    HAS_KEY = 8,
    TEXT_LIMIT = 64,
    HEAD_LIMIT = AT_NUMBER + 4 * RAW_NUMBER_SIZE + 3 * VAULT_ID_SIZE + 3 * (1 + TEXT_LIMIT),
};

static const char *const origin_names[] = {"daemon", "requests", "events", "operators"};

const char *audit_origin_name (enum audit_origin origin)
{
    return origin <= AUDIT_OPERATORS ? origin_names[origin] : "";
}

static uint8_t *put_text (uint8_t *to, const char *text)
{
    size_t size = strnlen (text, TEXT_LIMIT);
    *to = (uint8_t)size;
    memcpy (to + 1, text, size);
    return to + 1 + size;
}

static uint8_t *put_id (uint8_t *to, const uint8_t id[VAULT_ID_SIZE], bool is_there)
{
    if (is_there)
        memcpy (to, id, VAULT_ID_SIZE);
    return to + (is_there ? VAULT_ID_SIZE : 0);
}

/* Returns the size. */
static size_t write_head (const struct turn *turn, const struct audit_head *head, uint64_t number,
                          uint8_t made[HEAD_LIMIT])
{
    bool has_key = head->has_key || head->is_replayable;
    made[0] = LINE_VERSION;
    made[AT_ORIGIN] = (uint8_t)head->origin;
    made[AT_FLAGS] = (uint8_t)((head->has_object ? HAS_OBJECT : 0) | (head->subject_key ? SUBJECT_KEY : 0) |
                               (head->is_replayable ? IS_REPLAYABLE : 0) | (has_key ? HAS_KEY : 0));
    uint8_t *next = raw_put_number (made + AT_NUMBER, number);
    next = raw_put_number (next, raw_zigzag (head->time));
    next = raw_put_number (next, turn->state.revision);
    next = raw_put_number (next, turn->state.order);
    next = put_id (next, head->object, head->has_object);
    next = put_id (next, head->idempotency_key, has_key);
    next = put_id (next, head->request, head->is_replayable);
    next = put_text (next, head->action);
    next = put_text (next, head->result);
    next = put_text (next, head->party);
    return (size_t)(next - made);
}

static uint64_t next_number (const struct turn *turn)
{
    return turn->state.audit_number + 1;
}

uint64_t audit_promise_line (struct turn *turn)
{
    if (turn->promised_line == 0)
        turn->promised_line = next_number (turn);
    return turn->promised_line;
}

void audit_forget_tellings (struct turn *turn)
{
    turn->tellings = NULL;
    turn->telling_count = turn->telling_room = 0;
}

/* Seals as much of the evidence as a line can have. Where that is not all, what was asked is left out first, since the
   answer says what came of it and may be given again; then who was told of it. */
static struct bytes seal_within (struct turn *turn, const struct record_place *place, struct evidence *evidence,
                                 size_t prefix)
{
    struct bytes value = record_seal_evidence (turn->arena, place, evidence, prefix);
    if (value.size > VAULT_HASH_SIZE + AUDIT_LINE_LIMIT) {
        evidence->request = (struct bytes){NULL, 0};
        value = record_seal_evidence (turn->arena, place, evidence, prefix);
    }
    if (value.size > VAULT_HASH_SIZE + AUDIT_LINE_LIMIT) {
        evidence->telling_count = 0;
        value = record_seal_evidence (turn->arena, place, evidence, prefix);
    }
    return value;
}

int audit_append (struct turn *turn, const struct audit_head *head, const struct vault_key *key,
                  const struct evidence *evidence)
{
    uint64_t number = next_number (turn);
    assert (turn->promised_line == 0 || turn->promised_line == number);
    assert (turn->unsettled == NULL); /* what the line tells of is in the store */
    turn->promised_line = 0;
    uint8_t store_key[8];
    put_be64 (store_key, number);
    uint8_t written[HEAD_LIMIT];
    size_t head_size = write_head (turn, head, number, written);
    struct record_place place = {"audit", store_key, sizeof store_key,
                                 head->subject_key ? key : vault_system_key (turn->vault)};
    struct evidence whole = *evidence;
    whole.tellings = turn->tellings;
    whole.telling_count = turn->telling_count;
    struct bytes value = seal_within (turn, &place, &whole, VAULT_HASH_SIZE + head_size);
    audit_forget_tellings (turn);
    if (value.size > VAULT_HASH_SIZE + AUDIT_LINE_LIMIT)
        return -EMSGSIZE;
    uint8_t *made = unconst (value.data);
    uint8_t *raw = made + VAULT_HASH_SIZE;
    memcpy (raw, written, head_size);

    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash (turn->state.audit_hash, VAULT_HASH_SIZE, raw, value.size - VAULT_HASH_SIZE, hash);
    memcpy (made, hash, VAULT_HASH_SIZE);
    int rc = store_append (turn->txn, STORE_AUDIT, (struct bytes){store_key, sizeof store_key}, value);
    if (rc != 0)
        return rc;
    if (turn->allowance != NULL && head->party[0] != 0)
        allowance_take_log (turn->allowance, head->party, value.size);
    turn->state.audit_number = number;
    memcpy (turn->state.audit_hash, hash, VAULT_HASH_SIZE);
    recent_lines_note (turn, number, head);
    return tree_add (turn, number, (struct bytes){raw, value.size - VAULT_HASH_SIZE});
}

static const char *get_text (struct arena *arena, const uint8_t **from, const uint8_t *end)
{
    if (*from >= end || **from > end - *from - 1)
        return NULL;
    const char *made = arena_strndup (arena, (const char *)*from + 1, **from);
    *from += 1 + **from;
    return made;
}

static bool get_id (uint8_t id[VAULT_ID_SIZE], bool is_there, const uint8_t **from, const uint8_t *end)
{
    if (!is_there)
        return true;
    if (end - *from < VAULT_ID_SIZE)
        return false;
    memcpy (id, *from, VAULT_ID_SIZE);
    *from += VAULT_ID_SIZE;
    return true;
}

/* What stands before the texts. Moves *from behind it. */
static bool read_numbers (struct audit_head *head, const uint8_t **from, const uint8_t *end)
{
    struct raw rest = {*from + AT_NUMBER, end};
    uint64_t time;
    if (!raw_number (&rest, &head->number) || !raw_number (&rest, &time) || !raw_number (&rest, &head->revision) ||
        !raw_number (&rest, &head->order))
        return false;
    head->time = raw_unzigzag (time);
    *from = rest.at;
    return get_id (head->object, head->has_object, from, end) &&
           get_id (head->idempotency_key, head->has_key, from, end) &&
           get_id (head->request, head->is_replayable, from, end);
}

/* The same of a line of version 1. */
static bool read_earlier_numbers (struct audit_head *head, const uint8_t **from, const uint8_t *end)
{
    const uint8_t *data = *from;
    if (end - data < FIXED_SIZE)
        return false;
    head->has_key = head->is_replayable;
    head->number = get_be64 (data + AT_NUMBER);
    head->time = (moment)get_be64 (data + AT_TIME);
    head->revision = get_be64 (data + AT_REVISION);
    head->order = get_be64 (data + AT_ORDER);
    memcpy (head->object, data + AT_OBJECT, sizeof head->object);
    memcpy (head->idempotency_key, data + AT_KEY, sizeof head->idempotency_key);
    memcpy (head->request, data + AT_REQUEST, sizeof head->request);
    *from += FIXED_SIZE;
    return true;
}

/* Reads what stands before the texts, and says in *from where these begin. */
static bool read_fixed (struct bytes raw, struct audit_head *head, const uint8_t **from)
{
    const uint8_t *data = raw.data, *end = data + raw.size;
    if (raw.size <= AT_NUMBER || data[AT_ORIGIN] > AUDIT_OPERATORS)
        return false;
    head->origin = (enum audit_origin)data[AT_ORIGIN];
    head->has_object = (data[AT_FLAGS] & HAS_OBJECT) != 0;
    head->subject_key = (data[AT_FLAGS] & SUBJECT_KEY) != 0;
    head->is_replayable = (data[AT_FLAGS] & IS_REPLAYABLE) != 0;
    head->has_key = (data[AT_FLAGS] & HAS_KEY) != 0;
    *from = data;
    return data[0] == LINE_VERSION      ? read_numbers (head, from, end)
           : data[0] == EARLIER_VERSION ? read_earlier_numbers (head, from, end)
                                        : false;
}

bool audit_read_numbers (struct bytes raw, struct audit_head *head)
{
    const uint8_t *texts;
    *head = (struct audit_head){0};
    return read_fixed (raw, head, &texts);
}

static int get_value (struct turn *turn, uint64_t number, struct bytes *value)
{
    uint8_t key[8];
    put_be64 (key, number);
    return store_get (turn->txn, STORE_AUDIT, (struct bytes){key, sizeof key}, value);
}

int audit_parse (struct arena *arena, struct bytes raw, struct audit_record *record)
{
    struct audit_head *head = &record->head;
    const uint8_t *next, *end = (const uint8_t *)raw.data + raw.size;
    record->raw = raw;
    head->action = read_fixed (raw, head, &next) ? get_text (arena, &next, end) : NULL;
    head->result = head->action != NULL ? get_text (arena, &next, end) : NULL;
    head->party = head->result != NULL ? get_text (arena, &next, end) : NULL;
    if (head->party == NULL)
        return RECORD_DAMAGED;
    record->sealed = (struct bytes){next, (size_t)(end - next)};
    return 0;
}

/* The hash and the bytes of a line, wherever it is. */
static int read_raw (struct turn *turn, uint64_t number, struct audit_record *record, struct bytes *raw)
{
    struct bytes value;
    struct archived_line line;
    int rc = get_value (turn, number, &value);
    if (rc == STORE_NOT_FOUND || (rc == 0 && archive_is_mark (value))) {
        rc = archive_read (turn, number, &line);
        record->is_archived = true;
    } else if (rc == 0 && value.size < VAULT_HASH_SIZE)
        rc = RECORD_DAMAGED;
    else if (rc == 0) {
        memcpy (line.hash, value.data, VAULT_HASH_SIZE);
        line.raw =
            (struct bytes){(const uint8_t *)value.data + VAULT_HASH_SIZE, value.size - VAULT_HASH_SIZE};
    }
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? AUDIT_NOT_FOUND : rc;
    memcpy (record->hash, line.hash, VAULT_HASH_SIZE);
    *raw = (struct bytes){arena_memdup (turn->arena, line.raw.data, line.raw.size), line.raw.size};
    return 0;
}

int audit_read (struct turn *turn, uint64_t number, struct audit_record *record)
{
    memset (record, 0, sizeof *record);
    struct bytes raw;
    int rc = read_raw (turn, number, record, &raw);
    if (rc == 0)
        rc = audit_parse (turn->arena, raw, record);
    return rc == 0 && record->head.number != number ? RECORD_DAMAGED : rc;
}

int audit_read_hash (struct turn *turn, uint64_t number, uint8_t hash[VAULT_HASH_SIZE])
{
    struct bytes value;
    struct audit_record record;
    int rc = get_value (turn, number, &value);
    if (rc == STORE_NOT_FOUND) {
        rc = audit_read (turn, number, &record);
        memcpy (hash, record.hash, VAULT_HASH_SIZE);
        return rc;
    }
    if (rc == 0 && value.size < VAULT_HASH_SIZE)
        return RECORD_DAMAGED;
    if (rc == 0) /* in a line and in a mark of the archive it comes first */
        memcpy (hash, value.data, VAULT_HASH_SIZE);
    return rc;
}

bool audit_is_unreadable (int rc)
{
    return rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED || rc == ARCHIVE_DAMAGED;
}

/* 0, RECORD_DAMAGED: the line is not the one that follows the line before it; or a failure. */
static int check_link (struct turn *turn, const struct audit_record *record)
{
    static const uint8_t none[VAULT_HASH_SIZE];
    uint8_t hash[VAULT_HASH_SIZE];
    struct bytes before = {none, sizeof none};
    if (record->is_archived)
        return 0; /* it was read by its link */
    int rc = record->head.number > 1 ? get_value (turn, record->head.number - 1, &before) : 0;
    if (rc == STORE_NOT_FOUND || (rc == 0 && before.size < VAULT_HASH_SIZE))
        return RECORD_DAMAGED;
    if (rc != 0)
        return rc;
    vault_hash (before.data, VAULT_HASH_SIZE, record->raw.data, record->raw.size, hash);
    return vault_equal (hash, record->hash, sizeof hash) ? 0 : RECORD_DAMAGED;
}

int audit_find (struct turn *turn, uint64_t number, struct audit_record *record)
{
    int rc = audit_read (turn, number, record);
    if (rc == AUDIT_NOT_FOUND && number > 0 && number <= turn->state.audit_number)
        rc = RECORD_DAMAGED;
    if (rc == 0)
        rc = check_link (turn, record);
    if (rc == RECORD_DAMAGED)
        guard_note_damage (turn->guard, STORE_AUDIT);
    return rc;
}

/* The line was the subject's before an erasure. 0; AUDIT_NOT_FOUND: it was not kept; RECORD_DAMAGED or a failure.
 */
static int open_kept (struct turn *turn, const struct audit_record *record, const struct record_place *place,
                      struct evidence *evidence)
{
    struct extract_line line;
    int rc = extract_find (turn, record->head.object, record->head.number, &line);
    struct record_place alone = *place;
    alone.seal = &line.own;
    alone.is_own = true;
    if (rc == 0)
        rc = record_open_evidence (turn->arena, &alone, record->sealed, evidence);
    vault_key_wipe (&line.own);
    return rc == STORE_NOT_FOUND ? AUDIT_NOT_FOUND : rc;
}

int audit_open (struct turn *turn, const struct audit_record *record, struct evidence *evidence)
{
    uint8_t store_key[8];
    struct vault_key key;
    put_be64 (store_key, record->head.number);
    struct record_place place = {"audit", store_key, sizeof store_key, vault_system_key (turn->vault)};
    if (!record->head.subject_key)
        return record_open_evidence (turn->arena, &place, record->sealed, evidence);
    int rc = subject_key_read_any (turn, record->head.object, &key);
    bool is_gone = rc == SUBJECT_FILE_NOT_FOUND;
    place.seal = &key;
    if (rc == 0)
        rc = record_open_evidence (turn->arena, &place, record->sealed, evidence);
    vault_key_wipe (&key);
    if (is_gone || rc == RECORD_DAMAGED)
        rc = subject_key_judge (turn, record->head.object, record->head.number);
    if (is_gone && rc == RECORD_DAMAGED)
        guard_note_damage (turn->guard, STORE_UNKNOWN);
    return rc == SUBJECT_FILE_NOT_FOUND ? open_kept (turn, record, &place, evidence) : rc;
}

int audit_own_key (struct turn *turn, const struct audit_record *record, struct vault_key *own)
{
    struct vault_key key;
    if (!record->head.subject_key)
        return record_own_key (vault_system_key (turn->vault), record->sealed, own);
    int rc = subject_key_read_any (turn, record->head.object, &key);
    if (rc == 0)
        rc = record_own_key (&key, record->sealed, own);
    vault_key_wipe (&key);
    return rc == SUBJECT_FILE_NOT_FOUND ? AUDIT_NOT_FOUND : rc;
}

int audit_open_own (struct arena *arena, const struct audit_record *record, const struct vault_key *own,
                    struct evidence *evidence)
{
    uint8_t store_key[8];
    put_be64 (store_key, record->head.number);
    const struct record_place place = {"audit", store_key, sizeof store_key, own, .is_own = true};
    return record_open_evidence (arena, &place, record->sealed, evidence);
}

int audit_load_state (struct turn *turn)
{
    struct bytes key, value;
    int rc = store_last (turn->txn, STORE_AUDIT, (struct bytes){"", 0}, &key, &value);
    if (rc == STORE_NOT_FOUND)
        return 0;
    if (rc != 0)
        return rc;
    if (key.size != 8)
        return RECORD_DAMAGED;
    uint64_t number = get_be64 (key.data);
    struct audit_record last;
    uint8_t before[VAULT_HASH_SIZE] = {0};
    rc = audit_read (turn, number, &last);
    if (rc == 0 && number > 1)
        rc = audit_read_hash (turn, number - 1, before);
    if (rc != 0)
        return rc < 0 ? rc : RECORD_DAMAGED;
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash (before, VAULT_HASH_SIZE, last.raw.data, last.raw.size, hash);
    if (!vault_equal (hash, last.hash, VAULT_HASH_SIZE))
        return RECORD_DAMAGED;
    turn->state.revision = last.head.revision;
    turn->state.order = last.head.order;
    turn->state.time = last.head.time;
    turn->state.audit_number = number;
    memcpy (turn->state.audit_hash, hash, sizeof hash);
    return 0;
}

/* The mark of lines that are in the archive: they come first, a bundle after the other. */
static int follow_mark (struct audit_end *self, struct bytes key, struct bytes value)
{
    uint64_t number = get_be64 (key.data);
    if (self->number != self->archived || number != self->number + MERKLE_TILE_WIDTH)
        return RECORD_DAMAGED;
    memcpy (self->hash, value.data, VAULT_HASH_SIZE);
    self->time = (moment)get_be64 ((const uint8_t *)value.data + VAULT_HASH_SIZE);
    self->number = self->archived = number;
    return 0;
}

int audit_follow (struct audit_end *self, struct bytes key, struct bytes value)
{
    struct audit_head head = {0};
    const uint8_t *kept = value.data, *texts;
    uint8_t hash[VAULT_HASH_SIZE];
    if (key.size != 8 || value.size < VAULT_HASH_SIZE)
        return RECORD_DAMAGED;
    if (archive_is_mark (value))
        return follow_mark (self, key, value);
    struct bytes raw = {kept + VAULT_HASH_SIZE, value.size - VAULT_HASH_SIZE};
    vault_hash (self->hash, VAULT_HASH_SIZE, raw.data, raw.size, hash);
    if (get_be64 (key.data) != self->number + 1 || !read_fixed (raw, &head, &texts) ||
        head.number != self->number + 1 || memcmp (hash, kept, sizeof hash) != 0)
        return RECORD_DAMAGED;
    self->number++;
    self->time = head.time;
    memcpy (self->hash, hash, sizeof hash);
    return 0;
}
