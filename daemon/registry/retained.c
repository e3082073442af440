#include "retained.h"
#include <string.h>
#include "events/consumers.h"
#include "parties/parties.h"
#include "rules/decide.h"
#include "consent_request.h"
#include "keeping.h"
#include "kept_walk.h"
#include "obligation.h"
#include "rights_request.h"

bool retained_is_kept (const struct retained *self)
{
    for (size_t i = 0; i < RETAINED_BY; i++)
        if (self->by[i])
            return true;
    return false;
}

/* --- What is in force or open ------------------------------------------------------------------------- */

static void look_at_statements (struct turn *turn, const struct subject_file *file, struct retained *self)
{
    struct decide_facts facts = subject_file_facts (turn, file);
    for (size_t i = 0; i < file->statement_count; i++) {
        enum statement_state state = decide_state (&facts, i);
        self->by[RETAINED_BY_CONSENT] |= state == STATE_GRANTED;
        self->by[RETAINED_BY_REFUSAL] |= state == STATE_REFUSAL && file->subject.death.month == 0;
    }
}

static int look_at_requests (struct turn *turn, const struct subject_file *file, struct retained *self)
{
    struct rights_request one = {.number = 0};
    int rc = rights_request_check (turn, file);
    while (rc == 0 && (rc = rights_request_next (turn, file, one.number, &one)) == 0) {
        self->by[RETAINED_BY_REQUEST] |=
            !rights_is_closed (rights_request_state (&one, turn->now)) || rights_request_is_to_be_erased (&one);
        self->by[RETAINED_BY_OBJECTION] |= one.objection_until > turn->now;
    }
    return rc == RIGHTS_NOT_FOUND ? 0 : rc;
}

/* Those to erase are about what was erased before, and outlive the file. */
static int look_at_obligations (struct turn *turn, const struct subject_file *file, struct retained *self)
{
    struct kept_duty duty;
    struct duty_name name = {.decision = 0};
    int rc;
    while ((rc = obligation_next (turn, file, name, &duty)) == 0) {
        self->by[RETAINED_BY_OBLIGATION] |= duty.done_at == 0 && duty.kind != OBLIGATION_ERASE_DATA;
        name = obligation_name (&duty);
    }
    return rc == OBLIGATION_NOT_FOUND ? 0 : rc;
}

static int look_at_asking (struct turn *turn, const struct subject_file *file, struct retained *self)
{
    struct waiting_request found[CONSENT_REQUESTS_OF_SUBJECT];
    struct waiting_page page = {.limit = CONSENT_REQUESTS_OF_SUBJECT, .found = found};
    int rc = consent_request_list_waiting (turn, file->id, &page);
    for (size_t i = 0; rc == 0 && i < page.count; i++)
        self->by[RETAINED_BY_ASKING] |= found[i].valid_until > turn->now;
    return rc;
}

static int look_at_file (struct turn *turn, const struct subject_file *file, struct retained *self)
{
    self->by[RETAINED_BY_HOLD] = subject_is_held (&file->subject);
    self->by[RETAINED_BY_RESTRICTION] = file->subject.restriction_count > 0;
    look_at_statements (turn, file, self);
    int rc = look_at_requests (turn, file, self);
    if (rc == 0)
        rc = look_at_obligations (turn, file, self);
    return rc == 0 ? look_at_asking (turn, file, self) : rc;
}

/* --- The periods -------------------------------------------------------------------------------------- */

/* V7: an event that nobody will acknowledge any more keeps nothing. */
static int look_at_events (struct turn *turn, struct retained *self)
{
    const struct kept_telling *told;
    int rc = 0;
    for (size_t i = 0; rc == 0 && (told = keeping_told (turn->keeping, i)) != NULL; i++) {
        const struct party_entry *party = parties_find (turn->parties, told->party);
        struct cursor cursor = {.newest = 0};
        struct consumers all;
        if (party == NULL || !party->text.active)
            continue;
        rc = outbox_cursor (turn, told->party, &cursor);
        if (rc == 0)
            rc = consumers_list (turn, told->party, &cursor, &all);
        self->by[RETAINED_BY_EVENT] |= rc == 0 && consumers_least (&all, &cursor) < told->event;
        self->by[RETAINED_BY_DAMAGE] |= rc == RECORD_DAMAGED;
        rc = rc == RECORD_DAMAGED ? 0 : rc;
    }
    return rc;
}

/* A period that was over when the record came to be, as `until-majority` is for an adult, asks nothing. */
static void find_until (struct turn *turn, const struct kept_parts *parts, struct retained *self)
{
    self->is_found = true;
    self->source = "";
    self->lines = parts->lines;
    self->disclosures = parts->disclosures;
    self->until = retention_until_without (turn->policy, parts->last_line);
    for (size_t i = 0; i < parts->count; i++)
        if (parts->parts[i].until > parts->parts[i].last) {
            self->until = parts->parts[i].until;
            self->source = parts->parts[i].source;
            return; /* the latest comes first */
        }
}

static int look_at_lines (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], struct retained *self)
{
    struct kept_parts parts;
    int rc = keeping_find (turn, subject, &parts);
    if (rc != 0)
        return rc;
    self->by[RETAINED_BY_DAMAGE] |= parts.unreadable > 0;
    find_until (turn, &parts, self);
    return look_at_events (turn, self);
}

int retained_find (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], struct retained *self)
{
    struct subject_file file;
    *self = (struct retained){.source = ""};
    int rc = subject_file_open_by_id (turn, subject, &file);
    if (rc == 0 && file.known)
        rc = look_at_file (turn, &file, self);
    subject_file_close (&file);
    if (rc == 0 && !self->by[RETAINED_BY_CONSENT])
        rc = look_at_lines (turn, subject, self);
    if (rc != RECORD_DAMAGED)
        return rc;
    self->by[RETAINED_BY_DAMAGE] = true;
    return 0;
}
