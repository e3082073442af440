#include "erasure.h"
#include <string.h>
#include "audit/extract.h"
#include "audit/log.h"
#include "record/guard.h"
#include "record/subject_key.h"
#include "consent_request.h"
#include "erasing.h"
#include "keeping.h"
#include "registry.h"
#include "store_keyring.h"
#include "subject_cache.h"
#include "unconst.h"

/* 0 where no legal hold stands; ERASURE_HELD. */
static int check_held (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE])
{
    struct subject_file file;
    int rc = subject_file_open_by_id (turn, subject, &file);
    if (rc == 0 && subject_is_held (&file.subject))
        rc = ERASURE_HELD;
    subject_file_close (&file);
    return rc;
}

/* Whether there is what the mark says. 0, SUBJECT_FILE_NOT_FOUND, RECORD_DAMAGED or a failure. */
static int find_marked (struct turn *turn, const struct erasure_mark *mark)
{
    struct vault_key unused;
    bool past;
    if (mark->kind == ERASURE_OF_EXTRACTS) {
        int rc = extract_find_past (turn, mark->subject, &past);
        return rc == 0 && !past ? SUBJECT_FILE_NOT_FOUND : rc;
    }
    int rc = subject_key_read_any (turn, mark->subject, &unused);
    vault_key_wipe (&unused);
    return rc;
}

int erasure_mark (struct turn *turn, const struct erasure_mark *mark)
{
    int rc = find_marked (turn, mark);
    if (rc == 0)
        rc = check_held (turn, mark->subject);
    if (rc == SUBJECT_FILE_ERASING)
        return 0;
    return rc == 0 ? marks_add (turn, mark) : rc;
}

int erasure_find_marked (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], bool *marked)
{
    struct erasure_mark unused;
    int rc = marks_find (turn, subject, ERASURE_OF_SUBJECT, &unused);
    *marked = rc == 0;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* --- Turns -------------------------------------------------------------------------------------------- */

/* What the steps work with. */
struct work {
    struct registry *registry;
    const struct in_force *in_force;
    moment wall;
    struct erasure after;            /* how far the round is, if the turn happens */
    uint16_t buckets[ERASURE_MARKS]; /* of all who are marked, each once */
    size_t bucket_count;
};

static int in_turn (struct work *work, int (*step) (struct turn *turn, struct work *work))
{
    struct turn turn;
    work->after = work->registry->erasure;
    int rc = registry_begin (work->registry, work->in_force, NULL, work->wall, &turn);
    if (rc == 0) {
        store_use_share (turn.txn, STORE_OPERATORS); /* the registry gets smaller by it */
        rc = step (&turn, work);
    }
    rc = registry_end (work->registry, &turn, rc);
    if (rc == 0)
        work->registry->erasure = work->after;
    return rc;
}

static int log_erase (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const char *result,
                      const char *note)
{
    struct evidence evidence = {.note = note};
    struct audit_head head = {.time = turn->now,
                              .party = "",
                              .action = "erase",
                              .result = result,
                              .origin = AUDIT_DAEMON,
                              .has_object = true};
    memcpy (head.object, subject, sizeof head.object);
    return audit_append (turn, &head, NULL, &evidence);
}

/* A subject whose record cannot be read is not erased: nobody could say what belongs to it. */
static int give_up (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], enum erasure_kind kind)
{
    int rc = marks_remove (turn, subject, kind);
    return rc == 0 ? log_erase (turn, subject, "unreadable", "a record cannot be read") : rc;
}

/* --- 1. New keys -------------------------------------------------------------------------------------- */

static void add_bucket (struct work *work, uint16_t bucket)
{
    for (size_t i = 0; i < work->bucket_count; i++)
        if (work->buckets[i] == bucket)
            return;
    work->buckets[work->bucket_count++] = bucket;
}

static int list_buckets (struct turn *turn, struct work *work)
{
    struct erasure_mark *all;
    size_t count;
    int rc = marks_read (turn, &all, &count);
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = find_marked (turn, &all[i]);
        if (rc == 0)
            add_bucket (work, keyring_bucket (all[i].subject));
        else if (rc == SUBJECT_FILE_NOT_FOUND && all[i].kind == ERASURE_OF_EXTRACTS) /* an earlier round did it */
            rc = marks_remove (turn, all[i].subject, all[i].kind);
        else if (rc == RECORD_DAMAGED || rc == SUBJECT_FILE_NOT_FOUND)
            rc = give_up (turn, all[i].subject, all[i].kind);
    }
    work->after = (struct erasure){0};
    return rc;
}

static int note_keyring (struct turn *turn, struct work *work)
{
    (void)work;
    return store_keyring_note (turn);
}

/* The marks are durable first: a key that is replaced for nothing would do no harm, but nobody could tell why. */
static int begin_round (struct work *work)
{
    int rc = in_turn (work, list_buckets);
    if (rc != 0 || work->bucket_count == 0)
        return rc;
    erasure_list_drop (&work->registry->erasure_list); /* it would be of the generation before */
    rc = store_sync (work->registry->store);
    if (rc == 0)
        rc = keyring_replace (work->registry->keyring, work->buckets, work->bucket_count);
    return rc == 0 ? in_turn (work, note_keyring) : rc;
}

/* --- 2. Through a bucket ------------------------------------------------------------------------------ */

static struct walked all_wrapped (const struct turn *turn)
{
    struct walked through = {.tables = wrapped_key_tables, .table_count = WRAPPED_KEY_TABLES};
    through.bucket_count = keyring_formers (turn->keyring, &through.buckets);
    return through;
}

static int wrap_anew (struct turn *turn, const struct entry_name *entry, struct bytes value,
                      const struct vault_key *key)
{
    uint8_t *made = arena_memdup (turn->arena, value.data, value.size);
    vault_subject_key_wrap (keyring_key (turn->keyring, entry->key), entry->key, key, made);
    subject_cache_drop (turn->cache, entry->key); /* it has the key as it was wrapped before */
    return guard_put (turn, entry->table, (struct bytes){entry->key, entry->size},
                      (struct bytes){made, value.size});
}

/* What must be kept is kept first. If that is nothing, nothing stays of the request either. 0; KEEPING_LATER; or
   as erasing_take_out. */
static int take_out (struct turn *turn, struct work *work, const struct erasure_mark *mark)
{
    uint64_t kept;
    memcpy (work->registry->erasure.trying, mark->subject, VAULT_ID_SIZE);
    int rc = keeping_write (turn, mark, &kept);
    if (rc == 0)
        rc = marks_remove (turn, mark->subject, ERASURE_OF_SUBJECT);
    return rc == 0 ? erasing_take_out (turn, mark->subject, kept > 0 ? mark->request : 0) : rc;
}

/* An extract that need not be kept any more, and whose key older pages have under the former key only: that is
   destroyed with the round. 0; KEEPING_LATER: there is more of it; or a failure. */
static int destroy (struct turn *turn, struct work *work, const struct extract *extract)
{
    bool done, past = true;
    int rc = extract_delete (turn, extract, &work->after.line, &done);
    if (rc != 0 || !done)
        return rc != 0 ? rc : KEEPING_LATER;
    work->after.line = 0;
    rc = extract_find_past (turn, extract->subject, &past);
    if (rc == RECORD_DAMAGED)
        rc = 0; /* the next round gives it up, if it is marked (list_buckets); nobody else has to wait for it */
    else if (rc == 0 && !past)
        rc = marks_remove (turn, extract->subject, ERASURE_OF_EXTRACTS);
    return rc == 0 ? log_erase (turn, extract->subject, "extract", NULL) : rc;
}

static bool is_past (const struct turn *turn, const struct entry_name *entry, struct extract *extract)
{
    return entry->table == STORE_EXTRACT && extract_read_name ((struct bytes){entry->key, entry->size}, extract) &&
           extract->until <= turn->now;
}

/* *taken: the subject was taken out, and the turn does no more. 0; KEEPING_LATER: it is to be looked at again; or
   a failure. */
static int handle (struct turn *turn, struct work *work, const struct entry_name *entry, bool *taken)
{
    struct erasure_mark mark;
    struct vault_key key;
    struct bytes value;
    arena_reset (turn->arena);
    int rc = marks_find (turn, entry->key, ERASURE_OF_SUBJECT, &mark);
    bool is_marked = rc == 0;
    if (rc == 0 || rc == STORE_NOT_FOUND)
        rc = store_get (turn->txn, entry->table, (struct bytes){entry->key, entry->size}, &value);
    if (rc != 0)
        return rc;
    /* What neither key opens could not be read before either. */
    enum wrapped_under under = subject_key_unwrap (turn, entry->key, value, &key);
    struct extract extract;
    if (under != WRAPPED_UNDER_NEWEST && is_past (turn, entry, &extract)) {
        *taken = true;
        rc = destroy (turn, work, &extract);
    } else if (under == WRAPPED_UNDER_FORMER) {
        *taken = is_marked && (entry->table == STORE_SUBJECT || entry->table == STORE_UNKNOWN);
        rc = *taken ? take_out (turn, work, &mark) : wrap_anew (turn, entry, value, &key);
    }
    vault_key_wipe (&key);
    return rc;
}

static int go_through (struct turn *turn, struct work *work)
{
    struct entry_name names[BUCKET_WALK_LIMIT];
    const struct walked through = all_wrapped (turn);
    size_t count, done = 0;
    bool taken = false;
    int rc = bucket_walk_list (turn, &work->after.walk, &through, names, &count);
    while (rc == 0 && done < count && !taken)
        if ((rc = handle (turn, work, &names[done], &taken)) == 0)
            done++;
    bool later = rc == KEEPING_LATER;
    if (later && done == 0)
        return 0;
    rc = later ? 0 : rc;
    if (rc == 0)
        bucket_walk_move (&work->after.walk, &through, names, done, count);
    return rc;
}

static int give_up_tried (struct turn *turn, struct work *work)
{
    return give_up (turn, work->registry->erasure.trying, ERASURE_OF_SUBJECT);
}

static int go_through_bucket (struct work *work)
{
    static const uint8_t nobody[VAULT_ID_SIZE];
    uint8_t *trying = work->registry->erasure.trying;
    memset (trying, 0, VAULT_ID_SIZE);
    int rc = in_turn (work, go_through);
    if (rc == RECORD_DAMAGED && memcmp (trying, nobody, VAULT_ID_SIZE) != 0)
        rc = in_turn (work, give_up_tried);
    return rc;
}

/* --- 3 to 5 ------------------------------------------------------------------------------------------- */

static int sweep (struct turn *turn, struct work *work)
{
    bool more;
    int rc = consent_request_sweep (turn, work->after.request, &more);
    work->after.is_swept = !more;
    return rc;
}

/* The list must be there before the keys without which an older copy of the store cannot be read. */
static int list (struct turn *turn, struct work *work)
{
    bool done;
    int rc = erasure_list_go_on (turn, &work->registry->erasure_list, &done);
    work->after.is_listed = done;
    return rc;
}

static int note_round (struct turn *turn, struct work *work)
{
    (void)work;
    return store_keyring_note_round (turn, keyring_generation (turn->keyring));
}

static int end_round (struct work *work)
{
    int rc = in_turn (work, note_round);
    if (rc == 0)
        rc = store_sync (work->registry->store);
    return rc == 0 ? keyring_destroy_former (work->registry->keyring) : rc;
}

bool erasure_is_due (const struct registry *registry)
{
    const uint16_t *buckets;
    return registry->state.erasing || registry->erasure_list.is_lost ||
           keyring_formers (registry->keyring, &buckets) > 0;
}

int erasure_go_on (struct registry *registry, const struct in_force *in_force, moment wall)
{
    struct work work = {.registry = registry, .in_force = in_force, .wall = wall};
    const uint16_t *buckets;
    size_t count = keyring_formers (registry->keyring, &buckets);
    registry->keyring_error[0] = '\0';
    if (!erasure_is_due (registry))
        return 0;
    if (count == 0 && registry->state.erasing)
        return begin_round (&work);
    if (registry->erasure.walk.bucket < count)
        return go_through_bucket (&work);
    if (count > 0 && !registry->erasure.is_swept)
        return in_turn (&work, sweep);
    if (registry->erasure_list.is_lost || !registry->erasure.is_listed)
        return in_turn (&work, list);
    return end_round (&work);
}
