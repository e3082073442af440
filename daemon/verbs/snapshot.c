/* What stands for a party now, in pages that show one state of the registry while writing goes on (V7): each
   subject as it was after the line of the log at which the first page was made. What is recorded later comes as an
   event, with a number above that of the snapshot. */
#include <string.h>
#include "big_endian.h"
#include "events/consumers.h"
#include "parties/parties.h"
#include "permission.h"
#include "registry/bucket_walk.h"
#include "registry/subject_file.h"
#include "snapshot_part.h"
#include "verbs.h"

enum {
    BYTES_OPENED = 512 * 1024, /* of subjects' records, for one page: */
    WORK_DONE = 1 << 20,       /* some milliseconds */
};

/* A snapshot that is being given, and how far it is. It goes to the caller and back, sealed. */
struct snapshot {
    uint8_t epoch[16];
    uint8_t last[VAULT_ID_SIZE]; /* the last subject that was wholly given; zero: none yet */
    uint8_t part[VAULT_ID_SIZE]; /* the one behind it, of which so many entries were given: */
    uint64_t given;
    uint64_t permissions; /* of the caller */
    uint64_t basis;       /* parties_facts */
    uint64_t number, revision;
    struct snapshot_at at;
};

enum {
    NUMBERS = 8,
    PLAIN = 16 + 2 * VAULT_ID_SIZE + 8 * NUMBERS,
    CURSOR_SIZE = PLAIN + VAULT_SEAL_OVERHEAD,
};

/* The page that is made. */
struct snapshot_page {
    struct turn *turn;
    const struct caller *caller;
    struct snapshot *snapshot;
    struct snapshot_entry *entries;
    size_t count, limit, size;
    bool permits;
    uint64_t opened, work; /* of the turn, when the page began */
    struct reply *reply;
    bool is_full;
};

/* --- Where a page begins ------------------------------------------------------------------------------ */

/* The cursor is of use to this party and consumer, for this user, and to nobody else. */
static struct vault_binding binding_of (struct turn *turn, const struct caller *caller,
                                        const struct request *request)
{
    const char *whose = arena_printf (turn->arena, "%s %s %s %d", caller->party->text.id,
                                      request->as.snapshot.consumer, request->user, request->as.snapshot.permits);
    return (struct vault_binding){"snapshot", 1, whose, strlen (whose)};
}

static void number_all (struct snapshot *self, uint64_t *all[NUMBERS])
{
    uint64_t *const list[NUMBERS] = {&self->given,    &self->permissions,        &self->basis,
                                     &self->number,   &self->revision,           &self->at.line,
                                     &self->at.order, (uint64_t *)&self->at.time};
    memcpy (all, list, sizeof list);
}

static struct bytes seal_cursor (struct turn *turn, const struct vault_binding *binding, struct snapshot *snapshot)
{
    uint8_t plain[PLAIN], *to = plain, *sealed = arena_alloc (turn->arena, CURSOR_SIZE);
    uint64_t *all[NUMBERS];
    number_all (snapshot, all);
    memcpy (to, snapshot->epoch, sizeof snapshot->epoch), to += sizeof snapshot->epoch;
    memcpy (to, snapshot->last, VAULT_ID_SIZE), to += VAULT_ID_SIZE;
    memcpy (to, snapshot->part, VAULT_ID_SIZE), to += VAULT_ID_SIZE;
    for (size_t i = 0; i < NUMBERS; i++, to += 8)
        put_be64 (to, *all[i]);
    vault_seal (vault_system_key (turn->vault), binding, plain, sizeof plain, sealed);
    return (struct bytes){sealed, CURSOR_SIZE};
}

static bool open_cursor (struct turn *turn, const struct vault_binding *binding, struct bytes cursor,
                         struct snapshot *snapshot)
{
    uint8_t plain[PLAIN], *from = plain;
    uint64_t *all[NUMBERS];
    if (cursor.size != CURSOR_SIZE ||
        vault_unseal (vault_system_key (turn->vault), binding, cursor.data, cursor.size, plain) != 0)
        return false;
    number_all (snapshot, all);
    memcpy (snapshot->epoch, from, sizeof snapshot->epoch), from += sizeof snapshot->epoch;
    memcpy (snapshot->last, from, VAULT_ID_SIZE), from += VAULT_ID_SIZE;
    memcpy (snapshot->part, from, VAULT_ID_SIZE), from += VAULT_ID_SIZE;
    for (size_t i = 0; i < NUMBERS; i++, from += 8)
        *all[i] = get_be64 (from);
    return true;
}

/* What must be the same for every page, beside the binding. */
static struct snapshot begin (struct turn *turn, const struct caller *caller)
{
    struct snapshot made = {
        .permissions = caller->party->permissions,
        .basis = parties_facts (turn->parties),
        .revision = turn->state.revision,
        .at = {turn->state.audit_number, turn->state.order, turn->now},
    };
    memcpy (made.epoch, turn->state.epoch, sizeof made.epoch);
    return made;
}

/* NULL, or why the page cannot be given. */
static const char *why_over (const struct snapshot *self, const struct snapshot *now)
{
    if (memcmp (self->epoch, now->epoch, sizeof self->epoch) != 0)
        return "of another epoch of the registry: begin anew";
    if (self->basis != now->basis)
        return "parties or the policy have changed since the first page: begin anew";
    if (self->permissions != now->permissions)
        return "this party's role has changed since the first page: begin anew";
    return NULL;
}

/* --- What is on it ------------------------------------------------------------------------------------ */

/* Adds what fits. The rest is the beginning of the next page. */
static void add (struct snapshot_page *page, const struct snapshot_part *part, const uint8_t id[VAULT_ID_SIZE])
{
    struct snapshot *snapshot = page->snapshot;
    bool begun = memcmp (snapshot->part, id, VAULT_ID_SIZE) == 0;
    size_t next = begun ? snapshot->given : 0;
    while (next < part->count && page->count < page->limit &&
           (page->count == 0 || page->size + part->sizes[next] < CONSENT_SIZE_LIMIT)) {
        page->size += part->sizes[next];
        page->entries[page->count++] = part->entries[next++];
    }
    page->is_full = next < part->count;
    if (page->is_full) {
        memcpy (snapshot->part, id, VAULT_ID_SIZE);
        snapshot->given = next;
        return;
    }
    memcpy (snapshot->last, id, VAULT_ID_SIZE);
    memset (snapshot->part, 0, VAULT_ID_SIZE);
    snapshot->given = 0;
}

/* A record that cannot be read permits nothing (C12), and must not keep the others from being shown. */
static int look_at (struct snapshot_page *page, const uint8_t id[VAULT_ID_SIZE])
{
    struct snapshot_part part = {.turn = page->turn,
                                 .at = &page->snapshot->at,
                                 .party = page->caller->party->text.id,
                                 .permits = page->permits};
    struct subject_file file;
    int rc = subject_file_open_by_id (page->turn, id, &file);
    if (rc == 0)
        rc = snapshot_part_find (&part, &file);
    subject_file_close (&file);
    page->reply->as.snapshot.unreadable += rc == RECORD_DAMAGED;
    if (rc != 0 && rc != RECORD_DAMAGED && rc != SUBJECT_FILE_ERASING)
        return rc;
    if (rc != 0)
        part.count = 0;
    add (page, &part, id);
    return 0;
}

static bool has_done_enough (const struct snapshot_page *page)
{
    return page->is_full || page->count == page->limit || page->turn->record_bytes - page->opened > BYTES_OPENED ||
           page->turn->work - page->work > WORK_DONE;
}

static int make (struct snapshot_page *page, bool *more)
{
    static const enum store_table subjects[] = {STORE_SUBJECT};
    static const struct walked everybody = {.bucket_count = 1, .tables = subjects, .table_count = 1};
    static const uint8_t nobody[VAULT_ID_SIZE];
    struct bucket_walk walk = {.last_size = VAULT_ID_SIZE};
    struct entry_name names[BUCKET_WALK_LIMIT];
    size_t count, done = 0;
    memcpy (walk.last, page->snapshot->last, VAULT_ID_SIZE);
    if (memcmp (walk.last, nobody, VAULT_ID_SIZE) == 0)
        walk.last_size = 0;
    int rc = bucket_walk_list (page->turn, &walk, &everybody, names, &count);
    while (rc == 0 && done < count && !has_done_enough (page)) {
        rc = look_at (page, names[done].key);
        done += !page->is_full;
    }
    *more = done < count || count == BUCKET_WALK_LIMIT;
    return rc;
}

static void reply_page (const struct snapshot_page *page)
{
    struct reply *reply = page->reply;
    reply->body = REPLY_SNAPSHOT;
    reply->as.snapshot.number = page->snapshot->number;
    reply->as.snapshot.revision = page->snapshot->revision;
    reply->as.snapshot.basis = page->snapshot->basis;
    reply->as.snapshot.as_of = page->snapshot->at.time;
    reply->as.snapshot.entries = page->entries;
    reply->as.snapshot.count = page->count;
}

/* V7: whoever begins with a snapshot misses nothing behind it: the consumer comes to be at the next event, unless
   it is there. 0, also where the answer is a refusal, or a failure. */
static int begin_consumer (struct turn *turn, const struct caller *caller, const struct request *request,
                           struct cursor *cursor, struct handling *handling)
{
    const char *party = caller->party->text.id, *name = request->as.snapshot.consumer;
    struct consumer_start start = {party, *name != '\0' ? name : CONSUMER_DEFAULT, 0};
    struct consumer consumer;
    int rc = outbox_cursor (turn, party, cursor);
    start.from = cursor->newest + 1;
    if (rc == 0)
        rc = consumers_find (turn, party, start.name, cursor, &consumer);
    if (rc == CONSUMERS_NONE || (rc == 0 && consumer.forgotten_at != 0))
        rc = consumers_begin (turn, &start, cursor, &consumer);
    if (rc == CONSUMERS_TOO_MANY)
        return handling_invalid (handling, "snapshot.consumer",
                                 "this party has 16 consumers, and may have no more: an operator can forget one");
    return rc;
}

/* Finds where the page begins. 0, also where the answer is a refusal, or a failure. */
static int find_place (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct snapshot *snapshot, struct handling *handling)
{
    const struct vault_binding binding = binding_of (turn, caller, request);
    const struct bytes after = request->page.after.bytes;
    const struct snapshot now = *snapshot = begin (turn, caller);
    if (request->as.snapshot.permits && (caller->party->permissions & PERMISSION_CHECK) == 0)
        return handling_invalid (handling, "snapshot.permits", "this party's role may not check");
    if (after.size > 0) {
        if (!open_cursor (turn, &binding, after, snapshot))
            return handling_invalid (handling, "snapshot.after", "not a cursor of this party's consumer and user");
        const char *why = why_over (snapshot, &now);
        return why != NULL ? handling_invalid (handling, "snapshot.after", why) : 0;
    }
    struct cursor cursor;
    int rc = begin_consumer (turn, caller, request, &cursor, handling);
    snapshot->number = cursor.newest;
    return rc;
}

int verb_snapshot (struct turn *turn, const struct caller *caller, const struct request *request,
                   struct handling *handling)
{
    const struct vault_binding binding = binding_of (turn, caller, request);
    struct snapshot snapshot;
    int rc = find_place (turn, caller, request, &snapshot, handling);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    struct snapshot_page page = {.turn = turn,
                                 .caller = caller,
                                 .snapshot = &snapshot,
                                 .limit = request->page.limit,
                                 .permits = request->as.snapshot.permits,
                                 .opened = turn->record_bytes,
                                 .work = turn->work,
                                 .reply = &handling->reply};
    page.entries = arena_array (turn->arena, page.limit, sizeof *page.entries);
    rc = make (&page, &handling->reply.more);
    if (rc != 0)
        return rc;
    reply_page (&page);
    if (handling->reply.more)
        handling->reply.next.bytes = seal_cursor (turn, &binding, &snapshot);
    return 0;
}
