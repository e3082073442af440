#include "consent_request.h"
#include <string.h>
#include "big_endian.h"
#include "record/guard.h"
#include "unconst.h"

enum {
    CURSOR = WAITING_CURSOR_SIZE,
    KEY_LIMIT = VAULT_PARTY_LIMIT + 1 + CURSOR,
    VALUE_FIXED = 8 + VAULT_ID_SIZE, /* valid_until, subject; then the party */
    SWEPT = 1024,                    /* requests looked at in one run of consent_request_sweep */
};

/* An index over the requests that wait. Key: owner (see prefix), asked_at, id. Value: valid_until, subject,
   party. */
struct index {
    enum store_table table;
    uint8_t key[KEY_LIMIT];
    size_t prefix; /* bytes of the key that say whose list it is */
};

static struct index index_of_all (void)
{
    return (struct index){.table = STORE_REQUEST_WAITING};
}

static struct index index_of_subject (const uint8_t subject[VAULT_ID_SIZE])
{
    struct index made = {.table = STORE_REQUEST_BY_SUBJECT, .prefix = VAULT_ID_SIZE};
    memcpy (made.key, subject, VAULT_ID_SIZE);
    return made;
}

static struct index index_of_party (const char *party)
{
    struct index made = {.table = STORE_REQUEST_BY_PARTY};
    size_t size = strnlen (party, VAULT_PARTY_LIMIT);
    memcpy (made.key, party, size); /* with its NUL */
    made.prefix = size + 1;
    return made;
}

void consent_request_cursor (const struct waiting_request *at, uint8_t cursor[CURSOR])
{
    put_be64 (cursor, (uint64_t)at->asked_at);
    memcpy (cursor + 8, at->id, sizeof at->id);
}

static struct bytes index_key (struct index *index, const struct waiting_request *one)
{
    consent_request_cursor (one, index->key + index->prefix);
    return (struct bytes){index->key, index->prefix + CURSOR};
}

static bool read_entry (const struct index *index, struct bytes key, struct bytes value,
                        struct waiting_request *one)
{
    const uint8_t *at = (const uint8_t *)key.data + index->prefix, *data = value.data;
    if (key.size != index->prefix + CURSOR || value.size <= VALUE_FIXED ||
        value.size > VALUE_FIXED + VAULT_PARTY_LIMIT)
        return false;
    memset (one, 0, sizeof *one);
    one->asked_at = (moment)get_be64 (at);
    memcpy (one->id, at + 8, sizeof one->id);
    one->valid_until = (moment)get_be64 (data);
    memcpy (one->subject, data + 8, sizeof one->subject);
    memcpy (one->party, data + VALUE_FIXED, value.size - VALUE_FIXED);
    return true;
}

static int put_entry (struct turn *turn, struct index index, const struct waiting_request *one)
{
    uint8_t value[VALUE_FIXED + VAULT_PARTY_LIMIT];
    size_t size = strnlen (one->party, VAULT_PARTY_LIMIT);
    put_be64 (value, (uint64_t)one->valid_until);
    memcpy (value + 8, one->subject, sizeof one->subject);
    memcpy (value + VALUE_FIXED, one->party, size);
    return guard_put (turn, index.table, index_key (&index, one), (struct bytes){value, VALUE_FIXED + size});
}

/* The entry may be gone already, if the clock was put back since (C14). */
static int delete_entry (struct turn *turn, struct index index, const struct waiting_request *one)
{
    int rc = guard_delete (turn, index.table, index_key (&index, one));
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

static int put_entries (struct turn *turn, const struct waiting_request *one)
{
    int rc = put_entry (turn, index_of_all (), one);
    if (rc == 0)
        rc = put_entry (turn, index_of_subject (one->subject), one);
    return rc == 0 ? put_entry (turn, index_of_party (one->party), one) : rc;
}

int consent_request_drop (struct turn *turn, const struct waiting_request *past)
{
    int rc = delete_entry (turn, index_of_all (), past);
    if (rc == 0)
        rc = delete_entry (turn, index_of_subject (past->subject), past);
    return rc == 0 ? delete_entry (turn, index_of_party (past->party), past) : rc;
}

static int list (struct turn *turn, const struct index *index, struct waiting_page *page)
{
    const uint8_t *cursor = page->after;
    uint8_t from[KEY_LIMIT];
    struct bytes start = {from, index->prefix + (cursor != NULL ? CURSOR : 0)}, key, value;
    struct store_scan *scan = NULL;
    memcpy (from, index->key, index->prefix);
    if (cursor != NULL)
        memcpy (from + index->prefix, cursor, CURSOR);
    page->count = 0;
    int rc = guard_check (turn, index->table, start);
    if (rc == 0)
        rc = store_scan_open (turn->txn, index->table, start, &scan);
    while (rc == 0 && page->count < page->limit && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (key.size < index->prefix || memcmp (key.data, from, index->prefix) != 0)
            break;
        if (cursor != NULL && key.size == start.size && memcmp (key.data, from, start.size) == 0)
            continue;
        if (!read_entry (index, key, value, &page->found[page->count++]))
            rc = RECORD_DAMAGED;
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int consent_request_list_waiting (struct turn *turn, const uint8_t *subject, struct waiting_page *page)
{
    struct index index = subject != NULL ? index_of_subject (subject) : index_of_all ();
    return list (turn, &index, page);
}

struct tally {
    size_t waiting, own;
};

/* How many requests of an index still wait, and how many of those this party asked (own). Requests whose time is
   past are dropped. */
static int count_waiting (struct turn *turn, const struct index *index, size_t limit, const char *party,
                          struct tally *tally)
{
    struct waiting_page page = {.limit = limit, .found = arena_array (turn->arena, limit, sizeof *page.found)};
    int rc = list (turn, index, &page);
    *tally = (struct tally){0};
    for (size_t i = 0; i < page.count && rc == 0; i++) {
        if (page.found[i].valid_until <= turn->now) {
            rc = consent_request_drop (turn, &page.found[i]);
            continue;
        }
        tally->waiting++;
        tally->own += strcmp (page.found[i].party, party) == 0;
    }
    return rc;
}

static int find_room (struct turn *turn, const struct waiting_request *one)
{
    struct index of_subject = index_of_subject (one->subject), of_party = index_of_party (one->party);
    struct tally tally;
    int rc = count_waiting (turn, &of_subject, CONSENT_REQUESTS_OF_SUBJECT, one->party, &tally);
    if (rc == 0 &&
        (tally.waiting >= CONSENT_REQUESTS_OF_SUBJECT || tally.own >= CONSENT_REQUESTS_OF_SUBJECT_BY_PARTY))
        return CONSENT_REQUEST_FULL;
    if (rc == 0)
        rc = count_waiting (turn, &of_party, CONSENT_REQUESTS_BY_PARTY, one->party, &tally);
    return rc == 0 && tally.waiting >= CONSENT_REQUESTS_BY_PARTY ? CONSENT_REQUEST_FULL : rc;
}

bool consent_request_is_waiting (const struct consent_request *self, moment now)
{
    return self->answer == ANSWER_NONE && self->asked.valid_until > now;
}

enum statement_state consent_request_state (const struct consent_request *self, moment now)
{
    if (self->answer == ANSWER_NONE && self->asked.valid_until <= now)
        return STATE_EXPIRED;
    return self->deferred_at != 0 ? STATE_DEFERRED : STATE_REQUESTED;
}

/* The value in the store holds the subject's id, then the sealed record. */
static struct record_place place_of (const struct subject_file *file, const uint8_t id[16])
{
    return (struct record_place){"request", id, 16, &file->key};
}

static int find_record (struct turn *turn, const uint8_t id[16], struct bytes *value)
{
    int rc = guard_get (turn, STORE_REQUEST, (struct bytes){id, 16}, value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? CONSENT_REQUEST_NOT_FOUND : rc;
    return value->size < VAULT_ID_SIZE ? RECORD_DAMAGED : 0;
}

int consent_request_read (struct turn *turn, const struct subject_file *file, const uint8_t id[16],
                          struct consent_request *self)
{
    struct bytes value;
    int rc = find_record (turn, id, &value);
    if (rc != 0)
        return rc;
    if (!file->known || memcmp (value.data, file->id, VAULT_ID_SIZE) != 0)
        return CONSENT_REQUEST_NOT_FOUND;
    struct record_place place = place_of (file, id);
    struct bytes sealed = {(const uint8_t *)value.data + VAULT_ID_SIZE, value.size - VAULT_ID_SIZE};
    rc = record_open_request (turn->arena, &place, sealed, self);
    memcpy (self->asked.id, id, 16);
    return rc;
}

int consent_request_open (struct turn *turn, const uint8_t id[16], struct subject_file *file,
                          struct consent_request *self)
{
    struct bytes value;
    uint8_t subject[VAULT_ID_SIZE];
    memset (file, 0, sizeof *file);
    int rc = find_record (turn, id, &value);
    if (rc != 0)
        return rc;
    memcpy (subject, value.data, sizeof subject);
    rc = subject_file_open_by_id (turn, subject, file);
    return rc == 0 ? consent_request_read (turn, file, id, self) : rc;
}

static int write_record (struct turn *turn, const struct subject_file *file, const struct consent_request *self)
{
    struct record_place place = place_of (file, self->asked.id);
    struct bytes value = record_seal_request (turn->arena, &place, self, VAULT_ID_SIZE);
    memcpy (unconst (value.data), file->id, VAULT_ID_SIZE);
    return guard_put (turn, STORE_REQUEST, (struct bytes){self->asked.id, 16}, value);
}

static struct waiting_request entry_of (const struct subject_file *file, const struct consent_request *self)
{
    struct waiting_request made = {.asked_at = self->asked.recorded_at, .valid_until = self->asked.valid_until};
    memcpy (made.id, self->asked.id, sizeof made.id);
    memcpy (made.subject, file->id, sizeof made.subject);
    strncpy (made.party, self->asked.recorded_by, VAULT_PARTY_LIMIT);
    return made;
}

int consent_request_add (struct turn *turn, struct subject_file *file, struct consent_request *self)
{
    vault_random (self->asked.id, sizeof self->asked.id);
    struct waiting_request entry = entry_of (file, self);
    int rc = find_room (turn, &entry);
    if (rc != 0)
        return rc;
    subject_file_ensure (turn, file);
    rc = write_record (turn, file, self);
    return rc == 0 ? put_entries (turn, &entry) : rc;
}

int consent_request_rewrite (struct turn *turn, const struct subject_file *file,
                             const struct consent_request *self)
{
    int rc = write_record (turn, file, self);
    if (rc != 0 || self->answer == ANSWER_NONE)
        return rc;
    struct waiting_request entry = entry_of (file, self);
    return consent_request_drop (turn, &entry);
}

int consent_request_enter_again (struct turn *turn, const uint8_t id[16], moment since)
{
    struct subject_file file = {.known = true}; /* only its key is needed */
    struct consent_request request;
    struct bytes value;
    int rc = find_record (turn, id, &value);
    if (rc != 0)
        return rc;
    memcpy (file.id, value.data, sizeof file.id);
    rc = subject_key_read (turn, file.id, &file.key);
    if (rc == 0)
        rc = consent_request_read (turn, &file, id, &request);
    subject_file_close (&file);
    if (rc != 0 || !consent_request_is_waiting (&request, since))
        return rc;
    struct waiting_request entry = entry_of (&file, &request);
    return put_entries (turn, &entry);
}

static int delete_record (struct turn *turn, const uint8_t id[16])
{
    int rc = guard_delete (turn, STORE_REQUEST, (struct bytes){id, 16});
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int consent_request_take_out (struct turn *turn, const struct subject_file *file)
{
    struct waiting_request found[CONSENT_REQUESTS_OF_SUBJECT];
    struct waiting_page page = {.limit = CONSENT_REQUESTS_OF_SUBJECT, .found = found};
    int rc = 0;
    for (size_t i = 0; i < file->statement_count && rc == 0; i++)
        rc = delete_record (turn, file->statements[i].id);
    do {
        if (rc == 0)
            rc = consent_request_list_waiting (turn, file->id, &page);
        for (size_t i = 0; i < page.count && rc == 0; i++) {
            rc = consent_request_drop (turn, &found[i]);
            if (rc == 0)
                rc = delete_record (turn, found[i].id);
        }
    } while (rc == 0 && page.count == page.limit);
    return rc;
}

/* The ids of such requests that come from `last` on; `last` is then the one behind which to go on. */
static int find_of_nobody (struct turn *turn, uint8_t last[16], uint8_t (*ids)[16], size_t *count, bool *more)
{
    struct store_scan *scan = NULL;
    struct bytes key, value, unused;
    size_t looked = 0;
    *count = 0;
    int rc = store_scan_open (turn->txn, STORE_REQUEST, (struct bytes){last, 16}, &scan);
    while (rc == 0 && looked < SWEPT && (rc = store_scan_next (scan, &key, &value)) == 0) {
        looked++;
        if (key.size != 16 || value.size < VAULT_ID_SIZE)
            continue;
        memcpy (last, key.data, 16);
        int is_known = store_get (turn->txn, STORE_SUBJECT, (struct bytes){value.data, VAULT_ID_SIZE}, &unused);
        if (is_known == STORE_NOT_FOUND)
            memcpy (ids[(*count)++], key.data, 16);
        else if (is_known != 0)
            rc = is_known;
    }
    store_scan_close (&scan);
    *more = rc == 0;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int consent_request_sweep (struct turn *turn, uint8_t last[16], bool *more)
{
    uint8_t (*ids)[16] = arena_array (turn->arena, SWEPT, sizeof *ids);
    size_t count;
    int rc = find_of_nobody (turn, last, ids, &count, more);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = delete_record (turn, ids[i]);
    return rc;
}
