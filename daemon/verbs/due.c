/* What is coming: consents that will end or lapse, and obligations and requests of subjects with their dates (M5,
   C10, R2). The answer is a page of the agenda. Each entry is compared with the record that it is about. */
#include <string.h>
#include "permission.h"
#include "registry/agenda.h"
#include "registry/obligation.h"
#include "registry/rights_request.h"
#include "rules/decide.h"
#include "rights.h"
#include "verbs.h"

enum {
    LOOKED_AT = 512,        /* the most entries looked at for one page, to bound the work */
    STATEMENTS_READ = 1024, /* a page ends after so many statements of their subjects */
    CURSOR_SIZE = AGENDA_KEY_SIZE + VAULT_SEAL_OVERHEAD,
    DAYS_AHEAD = 30,
};

_Static_assert(AGENDA_ENDS == (int)DUE_CONSENT_ENDS, "kinds go on as they are");
_Static_assert(AGENDA_LAPSES == (int)DUE_CONSENT_LAPSES, "kinds go on as they are");
_Static_assert(AGENDA_OBLIGATION == (int)DUE_OBLIGATION, "kinds go on as they are");
_Static_assert(AGENDA_RIGHTS == (int)DUE_RIGHTS, "kinds go on as they are");
_Static_assert(AGENDA_VIEW == (int)DUE_VIEW, "kinds go on as they are");

/* The page that is made. */
struct due_page {
    struct turn *turn;
    const struct caller *caller;
    moment until;
    bool sees_all;
    struct shown_due *entries;
    size_t count;
    size_t statements; /* read so far */
    size_t size;       /* bytes of the obligations so far */
};

/* Entries of this kind may be listed for the caller. */
static bool lists (const struct due_page *page, enum agenda_kind kind)
{
    switch (kind) {
    case AGENDA_ENDS:
    case AGENDA_LAPSES:
        return page->sees_all;
    case AGENDA_OBLIGATION:
        return true; /* its own */
    case AGENDA_RIGHTS:
    case AGENDA_VIEW:
        return (page->caller->party->permissions & PERMISSION_RIGHTS) != 0;
    case AGENDA_RETURNS:
    case AGENDA_OVERDUE:
        break; /* they are told at once */
    }
    return false;
}

/* The cursor must not tell the caller anything that it may not see. So it is sealed for this party. */
static struct vault_binding binding_of (const struct caller *caller)
{
    return (struct vault_binding){"due-list", 1, caller->party->text.id, strlen (caller->party->text.id)};
}

static struct bytes seal_cursor (const struct due_page *page, const uint8_t key[AGENDA_KEY_SIZE])
{
    struct vault_binding binding = binding_of (page->caller);
    uint8_t *sealed = arena_alloc (page->turn->arena, CURSOR_SIZE);
    vault_seal (vault_system_key (page->turn->vault), &binding, key, AGENDA_KEY_SIZE, sealed);
    return (struct bytes){sealed, CURSOR_SIZE};
}

/* Reads where the page begins. False: this is not a cursor of this party. */
static bool open_cursor (const struct due_page *page, struct bytes cursor, uint8_t key[AGENDA_KEY_SIZE])
{
    memset (key, 0, AGENDA_KEY_SIZE);
    if (cursor.size == 0)
        return true;
    struct vault_binding binding = binding_of (page->caller);
    return cursor.size == CURSOR_SIZE &&
           vault_unseal (vault_system_key (page->turn->vault), &binding, cursor.data, cursor.size, key) == 0 &&
           lists (page, (enum agenda_kind)key[0]); /* the party's role may have changed since */
}

static bool is_birthday (const struct subject *subject, moment when)
{
    struct day day = calendar_day (when);
    int years = day.year - subject->birth.year;
    return subject->birth.month != 0 && years > 0 && calendar_start (day) == when &&
           calendar_compare (calendar_birthday (subject->birth, (unsigned)years), day) == 0;
}

/* Shows a consent that is in force and ends at this moment. */
static int look_at_consent (struct due_page *page, const struct agenda_entry *entry, struct shown_due *due,
                            bool *shown)
{
    struct turn *turn = page->turn;
    struct subject_file file;
    size_t index = 0;
    int rc = subject_file_open_by_consent (turn, entry->id, &file, &index);
    page->statements += file.statement_count;
    if (rc == 0) {
        struct decide_facts facts = subject_file_facts (turn, &file);
        bool moved = entry->kind == AGENDA_LAPSES && agenda_lapse_of (&file.statements[index]) != entry->when;
        *shown = !moved && decide_state (&facts, index) == STATE_GRANTED;
        memcpy (due->consent_id.bytes, entry->id, sizeof due->consent_id.bytes);
        due->birthday = entry->kind == AGENDA_LAPSES && is_birthday (&file.subject, entry->when);
    }
    subject_file_close (&file);
    /* A record that cannot be read permits nothing. It must not keep the other entries from being shown. */
    return rc == SUBJECT_FILE_NOT_FOUND || rc == SUBJECT_FILE_ERASING || rc == RECORD_DAMAGED ? 0 : rc;
}

static int look_at_obligation (struct due_page *page, const struct agenda_entry *entry, struct shown_due *due,
                               bool *shown)
{
    int rc = obligation_read_by_entry (page->turn, entry, &due->duty.duty);
    *shown = rc == 0 && (page->sees_all || verb_obligation_is_shown (page->caller, &due->duty.duty));
    return rc == SUBJECT_FILE_NOT_FOUND || rc == OBLIGATION_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
}

static int look_at_rights (struct due_page *page, const struct agenda_entry *entry, struct shown_due *due,
                           bool *shown)
{
    struct turn *turn = page->turn;
    struct subject_file bare = {.known = true}; /* only its key is needed */
    struct rights_request *request = arena_alloc (turn->arena, sizeof *request);
    memcpy (bare.id, entry->subject, sizeof bare.id);
    int rc = subject_key_read (turn, bare.id, &bare.key);
    if (rc == 0)
        rc = rights_request_read (turn, &bare, rights_request_of_entry (entry), request);
    subject_file_close (&bare);
    *shown = rc == 0;
    if (rc == 0)
        due->rights = rights_shown (turn, page->caller, entry->subject, request, false);
    return rc == SUBJECT_FILE_NOT_FOUND || rc == RIGHTS_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
}

static int look_at (struct due_page *page, const struct agenda_entry *entry, struct shown_due *due, bool *shown)
{
    *shown = false;
    *due = (struct shown_due){.kind = (enum due_kind)entry->kind, .when = entry->when};
    due->has_duty = entry->kind == AGENDA_OBLIGATION;
    due->has_rights = entry->kind == AGENDA_RIGHTS || entry->kind == AGENDA_VIEW;
    due->has_consent = !due->has_duty && !due->has_rights;
    int rc = due->has_duty     ? look_at_obligation (page, entry, due, shown)
             : due->has_rights ? look_at_rights (page, entry, due, shown)
                               : look_at_consent (page, entry, due, shown);
    vault_subject_ref (page->turn->vault, entry->subject, page->caller->party->text.id, due->subject_ref.bytes);
    due->duty.subject_ref = due->subject_ref;
    return rc;
}

/* Finds the entry at or behind `key`, and moves `key` to it. If the rest of a kind lies beyond the page, or the
   kind is not listed, goes on with the next kind. */
static int seek (struct due_page *page, uint8_t key[AGENDA_KEY_SIZE], struct agenda_entry *entry)
{
    int rc;
    while ((rc = agenda_seek (page->turn, (struct bytes){key, AGENDA_KEY_SIZE}, entry)) == 0 &&
           (entry->when > page->until || !lists (page, entry->kind))) {
        memset (key, 0, AGENDA_KEY_SIZE);
        key[0] = (uint8_t)(entry->kind + 1);
    }
    if (rc == 0)
        agenda_key (entry, key);
    return rc;
}

int verb_due_list (struct turn *turn, const struct caller *caller, const struct request *request,
                   struct handling *handling)
{
    unsigned limit = request->page.limit;
    moment until = request->as.due_list.until;
    struct due_page page = {
        .turn = turn,
        .caller = caller,
        .until = until != 0 ? until : calendar_end_after_days (turn->now, DAYS_AHEAD),
        .sees_all = verb_sees_whole (caller),
        .entries = arena_array (turn->arena, limit, sizeof *page.entries),
    };
    uint8_t key[AGENDA_KEY_SIZE];
    if (!open_cursor (&page, request->page.after.bytes, key))
        return handling_invalid (handling, "due_list.after", "not a cursor of this party's");
    struct agenda_entry entry;
    int rc = seek (&page, key, &entry);
    for (unsigned looked = 0; rc == 0 && looked < LOOKED_AT && page.count < limit &&
                              page.statements < STATEMENTS_READ && page.size < DUTY_SIZE_LIMIT;
         looked++) {
        bool shown;
        rc = look_at (&page, &entry, &page.entries[page.count], &shown);
        if (rc != 0)
            return rc;
        page.size += shown && page.entries[page.count].has_duty
                         ? verb_obligation_size (&page.entries[page.count].duty.duty)
                         : 0;
        page.count += shown;
        agenda_step (key);
        rc = seek (&page, key, &entry);
    }
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    handling->reply.body = REPLY_DUE_LIST;
    handling->reply.as.due_list.entries = page.entries;
    handling->reply.as.due_list.count = page.count;
    handling->reply.more = rc == 0;
    if (rc == 0)
        handling->reply.next.bytes = seal_cursor (&page, key);
    return 0;
}
