#include "rights_request.h"
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "events/tell.h"
#include "permission.h"
#include "record/guard.h"

enum rights_state rights_request_state (const struct rights_request *self, moment now)
{
    if (self->outcome != 0)
        return self->outcome;
    const struct rights_view *view = rights_request_awaited (self);
    if (view == NULL)
        return RIGHTS_OPEN;
    return view->until > now ? RIGHTS_WAITING : RIGHTS_UNANSWERED;
}

bool rights_request_is_to_be_erased (const struct rights_request *self)
{
    bool is_granted = self->outcome == RIGHTS_GRANTED || self->outcome == RIGHTS_IN_PART;
    enum rights_kind kind = self->kind == RIGHTS_OBJECTION ? self->stake : self->kind;
    return is_granted && kind == RIGHTS_ERASURE && self->erased_at == 0;
}

static bool is_due (const struct rights_request *self)
{
    return self->outcome == 0 || rights_request_is_to_be_erased (self);
}

const struct rights_view *rights_request_awaited (const struct rights_request *self)
{
    const struct rights_view *last = self->view_count > 0 ? &self->views[self->view_count - 1] : NULL;
    return last != NULL && last->came == VIEW_AWAITED ? last : NULL;
}

static struct bytes key_of (const struct subject_file *file, uint64_t number, uint8_t key[RIGHTS_KEY_SIZE])
{
    memcpy (key, file->id, VAULT_ID_SIZE);
    put_be64 (key + VAULT_ID_SIZE, number);
    return (struct bytes){key, RIGHTS_KEY_SIZE};
}

/* The agenda */

static struct agenda_entry entry_of (const struct subject_file *file, const struct rights_request *self,
                                     enum agenda_kind kind, moment when)
{
    struct agenda_entry entry = {.kind = kind, .when = when};
    put_be64 (entry.id, self->number);
    memcpy (entry.subject, file->id, sizeof entry.subject);
    return entry;
}

uint64_t rights_request_of_entry (const struct agenda_entry *entry)
{
    return get_be64 (entry->id);
}

/* The entries of a request that is due. */
enum { ENTRIES = 3 };

static size_t entries_of (const struct subject_file *file, const struct rights_request *self,
                          struct agenda_entry entries[ENTRIES])
{
    const struct rights_view *view = rights_request_awaited (self);
    size_t count = 0;
    if (!is_due (self))
        return 0;
    entries[count++] = entry_of (file, self, AGENDA_RIGHTS, self->due);
    entries[count++] = entry_of (file, self, AGENDA_OVERDUE, self->due);
    if (view != NULL && self->outcome == 0)
        entries[count++] = entry_of (file, self, AGENDA_VIEW, view->until);
    return count;
}

static bool is_among (const struct agenda_entry *entry, const struct agenda_entry *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].kind == entry->kind && all[i].when == entry->when)
            return true;
    return false;
}

/* Moves the request from its old entries to its new ones. What stays is not touched: that it is overdue may have
   been told, and is then not told again. `before` NULL: it is new. */
static int move_on_agenda (struct turn *turn, const struct subject_file *file, const struct rights_request *before,
                           const struct rights_request *now)
{
    struct agenda_entry old[ENTRIES], new[ENTRIES];
    size_t old_count = before != NULL ? entries_of (file, before, old) : 0;
    size_t new_count = entries_of (file, now, new);
    int rc = 0;
    for (size_t i = 0; i < old_count && rc == 0; i++)
        if (!is_among (&old[i], new, new_count)) {
            rc = agenda_remove (turn, &old[i]);
            rc = rc == STORE_NOT_FOUND ? 0 : rc;
        }
    for (size_t i = 0; i < new_count && rc == 0; i++)
        if (!is_among (&new[i], old, old_count))
            rc = agenda_put (turn, &new[i]);
    return rc;
}

/* The record */

static int write (struct turn *turn, const struct subject_file *file, const struct rights_request *self)
{
    uint8_t buffer[RIGHTS_KEY_SIZE];
    struct bytes key = key_of (file, self->number, buffer);
    struct record_place place = {"rights", key.data, key.size, &file->key};
    return guard_put (turn, STORE_RIGHTS, key, record_seal_rights (turn->arena, &place, self));
}

/* V6: whoever keeps the list hears which request, of what kind, and when it is due; not about whom. */
static int tell (struct turn *turn, const struct rights_request *self, enum event_kind kind)
{
    struct event event = {
        .kind = kind, .purpose = "", .request = self->number, .rights = self->kind, .due = self->due};
    return tell_all_with (turn, PERMISSION_RIGHTS | PERMISSION_EVENTS, &event);
}

int rights_request_add (struct turn *turn, struct subject_file *file, struct rights_request *self)
{
    subject_file_ensure (turn, file);
    self->number = audit_promise_line (turn);
    int rc = write (turn, file, self);
    if (rc == 0)
        rc = move_on_agenda (turn, file, NULL, self);
    return rc == 0 ? tell (turn, self, EVENT_RIGHTS_OPENED) : rc;
}

int rights_request_rewrite (struct turn *turn, const struct subject_file *file,
                            const struct rights_request *before, const struct rights_request *now)
{
    int rc = write (turn, file, now);
    return rc == 0 ? move_on_agenda (turn, file, before, now) : rc;
}

int rights_request_note_followed (struct turn *turn, const struct subject_file *file,
                                  const struct rights_request *request, const char *action)
{
    struct rights_request now = *request;
    struct rights_followed *all = arena_array (turn->arena, request->followed_count + 1, sizeof *all);
    if (request->followed_count == RIGHTS_FOLLOWED)
        return 0;
    if (request->followed_count > 0)
        memcpy (all, request->followed, request->followed_count * sizeof *all);
    all[now.followed_count++] = (struct rights_followed){audit_promise_line (turn), action, turn->now};
    now.followed = all;
    return write (turn, file, &now);
}

static int open_one (struct turn *turn, const struct subject_file *file, struct bytes key, struct bytes value,
                     struct rights_request *self)
{
    struct record_place place = {"rights", key.data, key.size, &file->key};
    int rc = record_open_rights (turn->arena, &place, value, self);
    self->number = get_be64 ((const uint8_t *)key.data + VAULT_ID_SIZE);
    return rc;
}

int rights_request_read (struct turn *turn, const struct subject_file *file, uint64_t number,
                         struct rights_request *self)
{
    uint8_t buffer[RIGHTS_KEY_SIZE];
    struct bytes key = key_of (file, number, buffer), value;
    if (!file->known)
        return RIGHTS_NOT_FOUND;
    int rc = guard_get (turn, STORE_RIGHTS, key, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? RIGHTS_NOT_FOUND : rc;
    return open_one (turn, file, key, value, self);
}

int rights_request_open (struct turn *turn, uint64_t number, struct subject_file *file,
                         struct rights_request *self)
{
    struct audit_record line;
    memset (file, 0, sizeof *file);
    int rc = audit_find (turn, number, &line);
    if (rc == AUDIT_NOT_FOUND || (rc == 0 && !line.head.has_object))
        return RIGHTS_NOT_FOUND;
    if (rc == 0)
        rc = subject_file_open_by_id (turn, line.head.object, file);
    return rc == 0 ? rights_request_read (turn, file, number, self) : rc;
}

int rights_request_check (struct turn *turn, const struct subject_file *file)
{
    return guard_check (turn, STORE_RIGHTS, (struct bytes){file->id, sizeof file->id});
}

int rights_request_enter_again (struct turn *turn, const struct subject_file *file, uint64_t number, moment since)
{
    struct rights_request request;
    struct agenda_entry entries[ENTRIES];
    int rc = rights_request_read (turn, file, number, &request);
    size_t count = rc == 0 ? entries_of (file, &request, entries) : 0;
    for (size_t i = 0; i < count && rc == 0; i++)
        if (entries[i].kind != AGENDA_OVERDUE || entries[i].when > since)
            rc = agenda_put (turn, &entries[i]);
    return rc;
}

int rights_request_next (struct turn *turn, const struct subject_file *file, uint64_t number,
                         struct rights_request *self)
{
    uint8_t buffer[RIGHTS_KEY_SIZE];
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_RIGHTS, key_of (file, number + 1, buffer), &scan);
    if (rc == 0)
        rc = store_scan_next (scan, &key, &value);
    if (rc == STORE_NOT_FOUND ||
        (rc == 0 && (key.size != RIGHTS_KEY_SIZE || memcmp (key.data, file->id, VAULT_ID_SIZE) != 0)))
        rc = RIGHTS_NOT_FOUND;
    if (rc == 0)
        rc = open_one (turn, file, key, value, self);
    store_scan_close (&scan);
    return rc;
}

int rights_request_keep (struct turn *turn, const struct subject_file *file, const struct rights_request *self)
{
    return write (turn, file, self);
}

static int take_out_one (struct turn *turn, const struct subject_file *file, const struct rights_request *one)
{
    uint8_t buffer[RIGHTS_KEY_SIZE];
    const struct rights_request past = {.number = one->number, .outcome = RIGHTS_WITHDRAWN}; /* has no entries */
    int rc = move_on_agenda (turn, file, one, &past);
    return rc == 0 ? guard_delete (turn, STORE_RIGHTS, key_of (file, one->number, buffer)) : rc;
}

int rights_request_take_out (struct turn *turn, const struct subject_file *file)
{
    struct rights_request one = {0};
    int rc = rights_request_check (turn, file);
    if (rc != 0)
        return rc;
    while ((rc = rights_request_next (turn, file, one.number, &one)) == 0)
        if ((rc = take_out_one (turn, file, &one)) != 0)
            return rc;
    return rc == RIGHTS_NOT_FOUND ? 0 : rc;
}

/* What time brings */

static int log_overdue (struct turn *turn, const struct subject_file *file, uint64_t number)
{
    struct evidence evidence = {.note = arena_printf (turn->arena, "request %llu", (unsigned long long)number)};
    struct audit_head head = {
        .time = turn->now,
        .party = "",
        .action = "rights-overdue",
        .result = "ok",
        .origin = AUDIT_DAEMON,
        .has_object = true,
        .subject_key = true,
    };
    memcpy (head.object, file->id, sizeof head.object);
    return audit_append (turn, &head, &file->key, &evidence);
}

int rights_request_tell_overdue (struct turn *turn, const struct agenda_entry *entry)
{
    struct subject_file file = {.known = true}; /* only its key is needed */
    struct rights_request request;
    uint64_t number = rights_request_of_entry (entry);
    memcpy (file.id, entry->subject, sizeof file.id);
    int rc = subject_key_read (turn, file.id, &file.key);
    if (rc == 0)
        rc = rights_request_read (turn, &file, number, &request);
    if (rc == 0 && is_due (&request)) {
        turn->state.revision++;
        rc = tell (turn, &request, EVENT_RIGHTS_OVERDUE);
        if (rc == 0)
            rc = log_overdue (turn, &file, number);
    }
    subject_file_close (&file);
    /* A record that cannot be read does not hold up the others. The list of what is due has its entry still. */
    return rc == RIGHTS_NOT_FOUND || rc == SUBJECT_FILE_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
}
