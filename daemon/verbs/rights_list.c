/* Requests by which a subject exercises rights, listed: those of one subject, or all that are open (R2). */
#include <string.h>
#include "big_endian.h"
#include "permission.h"
#include "registry/rights_request.h"
#include "rights.h"
#include "verbs.h"

struct shown_rights rights_shown (const struct turn *turn, const struct caller *caller,
                                  const uint8_t subject[VAULT_ID_SIZE], const struct rights_request *request,
                                  bool in_full)
{
    bool sees_bsn = (caller->party->permissions & PERMISSION_SUBJECT) != 0;
    struct shown_rights made = {.request = request,
                                .state = rights_request_state (request, turn->now),
                                .in_full = in_full,
                                .to_be_erased = rights_request_is_to_be_erased (request),
                                .bsn = sees_bsn ? request->about : ""};
    vault_subject_ref (turn->vault, subject, caller->party->text.id, made.subject_ref.bytes);
    return made;
}

/* The page that is made. */
struct rights_page {
    struct turn *turn;
    const struct caller *caller;
    struct shown_rights *shown;
    size_t count, limit;
};

/* Of a request that cannot be read only its number is told: it must not keep the others from being shown. */
static int add (struct rights_page *page, const uint8_t subject[VAULT_ID_SIZE],
                const struct rights_request *request, int rc)
{
    if (rc != 0 && rc != RECORD_DAMAGED)
        return rc;
    struct shown_rights *shown = &page->shown[page->count++];
    *shown = rights_shown (page->turn, page->caller, subject, request, false);
    if (rc == RECORD_DAMAGED)
        shown->state = 0;
    return 0;
}

static struct bytes make_cursor (struct arena *arena, moment due, uint64_t number)
{
    uint8_t *bytes = arena_alloc (arena, RIGHTS_CURSOR_SIZE);
    put_be64 (bytes, (uint64_t)due);
    put_be64 (bytes + 8, number);
    return (struct bytes){bytes, RIGHTS_CURSOR_SIZE};
}

/* All of one subject, by their numbers. */
static int list_of_subject (struct rights_page *page, const struct subject_file *file, struct bytes after,
                            struct reply *reply)
{
    uint64_t last = after.size > 0 ? get_be64 ((const uint8_t *)after.data + 8) : 0;
    int rc = file->known ? rights_request_check (page->turn, file) : RIGHTS_NOT_FOUND;
    while (rc == 0) {
        struct rights_request *request = arena_alloc (page->turn->arena, sizeof *request);
        rc = rights_request_next (page->turn, file, last, request);
        if (rc != 0 && rc != RECORD_DAMAGED)
            break;
        if (page->count == page->limit) {
            reply->more = true;
            reply->next.bytes = make_cursor (page->turn->arena, 0, last);
            return 0;
        }
        last = request->number;
        rc = add (page, file->id, request, rc);
    }
    return rc == RIGHTS_NOT_FOUND ? 0 : rc;
}

/* Shows the request that an entry of the agenda is about. */
static int add_entry (struct rights_page *page, const struct agenda_entry *entry)
{
    struct subject_file bare = {.known = true}; /* only its key is needed */
    struct rights_request *request = arena_alloc (page->turn->arena, sizeof *request);
    memcpy (bare.id, entry->subject, sizeof bare.id);
    int rc = subject_key_read (page->turn, bare.id, &bare.key);
    if (rc == 0)
        rc = rights_request_read (page->turn, &bare, rights_request_of_entry (entry), request);
    subject_file_close (&bare);
    if (rc == SUBJECT_FILE_NOT_FOUND || rc == RIGHTS_NOT_FOUND)
        rc = RECORD_DAMAGED; /* the agenda says that there is one */
    request->number = rights_request_of_entry (entry);
    return add (page, entry->subject, request, rc);
}

/* All that are open, by their due dates. */
static int list_open (struct rights_page *page, struct bytes after, struct reply *reply)
{
    uint8_t key[AGENDA_KEY_SIZE] = {AGENDA_RIGHTS};
    struct agenda_entry entry, last = {.kind = AGENDA_RIGHTS};
    if (after.size > 0) {
        memcpy (key + 1, after.data, RIGHTS_CURSOR_SIZE);
        agenda_step (key);
    }
    int rc = 0;
    while (rc == 0) {
        rc = agenda_seek (page->turn, (struct bytes){key, sizeof key}, &entry);
        if (rc != 0 || entry.kind != AGENDA_RIGHTS)
            break;
        if (page->count == page->limit) {
            reply->more = true;
            reply->next.bytes = make_cursor (page->turn->arena, last.when, rights_request_of_entry (&last));
            break;
        }
        last = entry;
        rc = add_entry (page, &entry);
        agenda_key (&entry, key);
        agenda_step (key);
    }
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int verb_rights_list (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    struct rights_page page = {turn, caller, arena_array (turn->arena, request->page.limit, sizeof *page.shown), 0,
                               request->page.limit};
    struct bytes after = request->page.after.bytes;
    int rc = 0;
    if (request->bsn[0] != '\0') {
        rc = subject_file_open (turn, request->bsn, &handling->file);
        handling->has_file = rc == 0;
        if (rc == 0)
            rc = list_of_subject (&page, &handling->file, after, &handling->reply);
    } else {
        rc = list_open (&page, after, &handling->reply);
    }
    handling->reply.body = REPLY_RIGHTS_LIST;
    handling->reply.as.rights_list.requests = page.shown;
    handling->reply.as.rights_list.count = page.count;
    return rc;
}
