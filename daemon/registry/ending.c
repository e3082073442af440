#include "ending.h"
#include <stdio.h>
#include <string.h>
#include "audit/log.h"
#include "rules/decide.h"
#include "events/tell.h"
#include "agenda.h"
#include "renewal.h"
#include "rights_request.h"
#include "subject_cache.h"
#include "say.h"

enum { ENTRIES = 64, WORK = 1 << 20 }; /* for one run; the unit of work is an item looked at for a party */

/* What is told of an entry: the state that the consent must be in, the event, and the action. */
struct told_as {
    enum statement_state state;
    enum event_kind event;
    const char *action; /* in the log */
};

static const struct told_as *told_as (enum agenda_kind kind)
{
    static const struct told_as ends = {STATE_EXPIRED, EVENT_CONSENT_EXPIRED, "expire"};
    static const struct told_as lapses = {STATE_LAPSED, EVENT_CONSENT_LAPSED, "lapse"};
    static const struct told_as returns = {STATE_GRANTED, EVENT_CONSENT_RESTORED, "restore"};
    return kind == AGENDA_ENDS ? &ends : kind == AGENDA_LAPSES ? &lapses : &returns;
}

/* Writes a line of the daemon itself. */
static int log_ending (struct turn *turn, const struct subject_file *file, const struct agenda_entry *entry,
                       const char *result)
{
    struct id consent;
    char hex[2 * sizeof consent.bytes + 1];
    memcpy (consent.bytes, entry->id, sizeof consent.bytes);
    for (size_t i = 0; i < sizeof consent.bytes; i++)
        snprintf (hex + 2 * i, 3, "%02x", consent.bytes[i]);
    struct evidence evidence = {
        .note = arena_printf (turn->arena, "consent %s", hex), .rested_on = &consent, .rested_count = 1};
    struct audit_head head = {
        .time = turn->now,
        .party = "",
        .action = told_as (entry->kind)->action,
        .result = result,
        .origin = AUDIT_DAEMON,
        .has_object = true,
        .subject_key = file != NULL,
    };
    memcpy (head.object, entry->subject, sizeof head.object);
    return audit_append (turn, &head, file != NULL ? &file->key : NULL, &evidence);
}

/* The consent is in the state that this entry is about. For an end that means: nothing else ended it before. */
static bool is_so (const struct turn *turn, const struct subject_file *file, size_t index, enum agenda_kind kind)
{
    struct decide_facts facts = subject_file_facts (turn, file);
    return decide_state (&facts, index) == told_as (kind)->state;
}

static size_t work_of (const struct statement *statement)
{
    const struct scope *scope = &statement->scope;
    return (scope->providers.count + scope->recipients.count) * scope->providers.count * scope->recipients.count *
           scope->categories.count;
}

/* V5: the consent has ended by itself, by its record and the clock. This only makes it known. */
static int make_known (struct turn *turn, const struct subject_file *file, size_t index,
                       const struct agenda_entry *entry)
{
    struct tell_items items;
    tell_find_items (turn, &file->statements[index], NULL, &items);
    turn->state.revision++;
    int rc = tell_consent (turn, subject_file_about (file), told_as (entry->kind)->event, &items, NULL);
    return rc == 0 ? log_ending (turn, file, entry, "ok") : rc;
}

/* A record that cannot be read permits nothing (C12), and nobody can say whom it concerns. It is passed over, so
   that it does not hold up all others. */
static int pass_over (struct turn *turn, const struct agenda_entry *entry)
{
    say (SAY_ERROR, "record-damaged", "a consent that ended cannot be read");
    return log_ending (turn, NULL, entry, "unreadable");
}

/* Handles the end or the return of a consent. The pack in force may have other ages than the pack under which the
   entry was made. A lapse that is then still to come gets an entry at its own moment. */
static int make_consent_known (struct turn *turn, const struct agenda_entry *entry, size_t *work)
{
    struct subject_file file;
    size_t index = 0;
    int rc = subject_file_open_by_consent (turn, entry->id, &file, &index);
    if (rc == 0) {
        const struct statement *statement = &file.statements[index];
        struct agenda_entry moved = *entry;
        moved.when = agenda_lapse_of (statement);
        *work += work_of (statement);
        if (is_so (turn, &file, index, entry->kind))
            rc = make_known (turn, &file, index, entry);
        else if (entry->kind == AGENDA_LAPSES && moved.when > turn->now)
            rc = agenda_put (turn, &moved);
        else if (entry->kind == AGENDA_RETURNS)
            rc = agenda_pass_over (turn, file.id, statement);
    } else if (rc == RECORD_DAMAGED)
        rc = pass_over (turn, entry);
    subject_file_close (&file);
    subject_cache_sweep (turn->cache);
    return rc == SUBJECT_FILE_NOT_FOUND || rc == SUBJECT_FILE_ERASING ? 0 : rc;
}

/* Handles one entry, and removes it. */
static int handle (struct turn *turn, const struct agenda_entry *entry, size_t *work)
{
    arena_reset (turn->arena);
    int rc = agenda_remove (turn, entry);
    if (rc != 0)
        return rc;
    return entry->kind == AGENDA_OVERDUE ? rights_request_tell_overdue (turn, entry)
                                         : make_consent_known (turn, entry, work);
}

/* The first entry by which a consent ends or returns, or a request is overdue. Of two ends at one moment it is the
   lapse, as in decide_state. 0, STORE_NOT_FOUND or a failure. */
static int find_first (struct turn *turn, struct agenda_entry *first)
{
    static const enum agenda_kind kinds[] = {AGENDA_LAPSES, AGENDA_ENDS, AGENDA_RETURNS, AGENDA_OVERDUE};
    bool found = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        uint8_t from = (uint8_t)kinds[i];
        struct agenda_entry entry;
        int rc = agenda_seek (turn, (struct bytes){&from, 1}, &entry);
        if (rc != 0 && rc != STORE_NOT_FOUND)
            return rc;
        if (rc != 0 || entry.kind != kinds[i] || (found && first->when <= entry.when))
            continue;
        *first = entry;
        found = true;
    }
    return found ? 0 : STORE_NOT_FOUND;
}

int ending_run (struct turn *turn)
{
    struct agenda_entry entry;
    size_t work = 0;
    bool more;
    int rc = renewal_is_needed (turn->guard) ? renewal_mend (turn) : 0;
    if (rc == 0)
        rc = renewal_go_on (turn, &more);
    if (rc == 0)
        rc = find_first (turn, &entry);
    if (rc == RECORD_DAMAGED && renewal_is_needed (turn->guard)) { /* the next run finds what there is */
        rc = renewal_mend (turn);
        more = true;
        entry.when = turn->now + 1;
    }
    for (size_t handled = 0; rc == 0 && entry.when <= turn->now && handled < ENTRIES && work < WORK; handled++) {
        rc = handle (turn, &entry, &work);
        if (rc == 0)
            rc = find_first (turn, &entry);
    }
    turn->state.agenda_at = more ? turn->now : rc == 0 ? entry.when : MOMENT_NEVER;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}
