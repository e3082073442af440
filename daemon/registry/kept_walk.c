#include "kept_walk.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/lines_about.h"
#include "record/subject_key.h"
#include "rules/retention.h"

enum { LINES_READ = 512 }; /* lines about the subject that are opened in one turn */

void kept_walk_clear (struct kept_walk *self)
{
    free (self->parts);
    free (self->justified);
    free (self->told);
    *self = (struct kept_walk){0};
}

/* Makes room in a list for one more. Lists double. */
static void *make_room (void *list, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return list;
    void *made = reallocarray (list, count == 0 ? 1 : 2 * count, size);
    if (made == NULL)
        abort ();
    return made;
}

/* --- Counting ----------------------------------------------------------------------------------------- */

static size_t find_part (struct kept_walk *self, const struct record_period *period)
{
    size_t i = 0;
    while (i < self->part_count && (self->parts[i].holder != period->holder || self->parts[i].law != period->law))
        i++;
    if (i == self->part_count) {
        self->parts = make_room (self->parts, i, sizeof *self->parts);
        self->parts[self->part_count++] = (struct walked_part){
            .holder = period->holder, .law = period->law, .first = MOMENT_NEVER, .last = MOMENT_ALWAYS};
    }
    return i;
}

static void note_justified (struct kept_walk *self, const struct id *consent, size_t part, moment at)
{
    size_t i = 0;
    while (i < self->justified_count &&
           (self->justified[i].part != part || memcmp (self->justified[i].consent, consent->bytes, 16) != 0))
        i++;
    if (i == self->justified_count) {
        self->justified = make_room (self->justified, i, sizeof *self->justified);
        self->justified[self->justified_count++] = (struct justified){.part = part, .last = MOMENT_ALWAYS};
        memcpy (self->justified[i].consent, consent->bytes, 16);
    }
    if (at > self->justified[i].last)
        self->justified[i].last = at;
}

static void note_disclosed (struct kept_walk *self, const struct policy *policy, const struct disclosed *one)
{
    struct record_period periods[DISCLOSED_PERIODS];
    size_t count = disclosed_periods (policy, one, periods);
    self->disclosures++;
    for (size_t law = 0; law < policy->origin_count; law++)
        if (code_set_has (&one->laws, (code)law) && one->at > self->last[law])
            self->last[law] = one->at;
    for (size_t i = 0; i < count; i++) {
        size_t part = find_part (self, &periods[i]);
        struct walked_part *found = &self->parts[part];
        found->disclosures++;
        found->first = one->at < found->first ? one->at : found->first;
        found->last = one->at > found->last ? one->at : found->last;
        for (size_t j = 0; j < one->rested_count; j++)
            note_justified (self, &one->rested_on[j], part, one->at);
    }
}

static void note_told (struct kept_walk *self, const struct telling *one)
{
    size_t i = 0;
    while (i < self->told_count && strcmp (self->told[i].party, one->party) != 0)
        i++;
    if (i == self->told_count) {
        self->told = make_room (self->told, i, sizeof *self->told);
        self->told[self->told_count++] = (struct kept_telling){.event = 0};
        snprintf (self->told[i].party, sizeof self->told[i].party, "%s", one->party);
    }
    if (one->event > self->told[i].event)
        self->told[i].event = one->event;
}

/* V8: a line tells which events were made by it. What one that cannot be read told is not known: its party hears
   that the subject was erased (EVENT_SUBJECT_ERASED). */
static int find_told (struct turn *turn, struct kept_walk *self, const struct audit_record *line)
{
    struct evidence evidence;
    int rc = line->head.subject_key ? audit_open (turn, line, &evidence) : AUDIT_NOT_FOUND;
    for (size_t i = 0; rc == 0 && i < evidence.telling_count; i++)
        note_told (self, &evidence.tellings[i]);
    return rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
}

static int look_at (struct turn *turn, struct kept_walk *self, const struct audit_record *line)
{
    struct arena_mark mark = arena_mark (turn->arena);
    struct disclosed one;
    int rc = find_told (turn, self, line);
    if (rc == 0)
        rc = disclosed_read (turn, line, &one);
    self->lines++;
    if (line->head.time > self->last_line)
        self->last_line = line->head.time;
    if (rc == 0 && one.is_one)
        note_disclosed (self, turn->policy, &one);
    self->unreadable += rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED;
    arena_release (turn->arena, mark);
    return rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
}

/* --- The walk ----------------------------------------------------------------------------------------- */

bool kept_walk_is_of (const struct kept_walk *self, const struct turn *turn, const uint8_t subject[VAULT_ID_SIZE])
{
    return memcmp (self->subject, subject, VAULT_ID_SIZE) == 0 &&
           memcmp (self->policy, turn->policy->hash, sizeof self->policy) == 0 &&
           self->number <= turn->state.audit_number;
}

/* What was before the subject was erased last is not the subject's any more. */
static int begin (struct turn *turn, struct kept_walk *self, const uint8_t subject[VAULT_ID_SIZE])
{
    struct generation generation;
    int rc = subject_read_generation (turn, subject, &generation);
    struct kept_about about = self->about;
    kept_walk_clear (self);
    memcpy (self->subject, subject, VAULT_ID_SIZE);
    memcpy (self->policy, turn->policy->hash, sizeof self->policy);
    self->about = about;
    self->number = generation.since;
    return rc;
}

int kept_walk_on (struct turn *turn, struct kept_walk *self, const uint8_t subject[VAULT_ID_SIZE])
{
    int rc = kept_walk_is_of (self, turn, subject) && !self->begins_anew ? 0 : begin (turn, self, subject);
    struct lines_about search = {.number = self->number, .until = turn->state.audit_number, .left = LINES_A_PAGE};
    memcpy (search.object, subject, sizeof search.object);
    for (int read = 0; rc == 0; read++) {
        struct audit_record line;
        rc = read == LINES_READ ? AUDIT_LATER : lines_about_next (turn, &search, &line);
        if (rc == 0)
            rc = look_at (turn, self, &line);
        self->number = search.number;
    }
    self->unreadable += search.unreadable;
    self->archive_is_damaged |= search.archive_is_damaged;
    self->begins_anew = rc == AUDIT_NOT_FOUND && self->archive_is_damaged;
    if (rc == AUDIT_NOT_FOUND || rc == AUDIT_LATER)
        return rc == AUDIT_LATER ? KEEPING_LATER : 0;
    kept_walk_clear (self);
    return rc;
}

/* --- What follows ------------------------------------------------------------------------------------- */

static moment later_of (moment a, moment b)
{
    return a > b ? a : b;
}

moment kept_walk_until (const struct kept_walk *self, const struct record_period *period, moment receipt)
{
    struct retention_facts facts = {.receipt = receipt,
                                    .last_change = self->last[period->law],
                                    .birth = self->about.birth,
                                    .care_ended = self->about.care_ended[period->law]};
    return retention_until (period->entry, &facts);
}

moment kept_walk_until_of (const struct kept_walk *self, const struct policy *policy,
                           const struct disclosed *disclosed)
{
    struct record_period periods[DISCLOSED_PERIODS];
    size_t count = disclosed_periods (policy, disclosed, periods);
    moment until = 0;
    for (size_t i = 0; i < count; i++)
        until = later_of (until, kept_walk_until (self, &periods[i], disclosed->at));
    return until;
}

static moment until_of_part (const struct kept_walk *self, const struct policy *policy, size_t part, moment last)
{
    const struct walked_part *one = &self->parts[part];
    struct record_period period = {retention_of_record (policy, one->holder, one->law), one->holder, one->law};
    return kept_walk_until (self, &period, last);
}

moment kept_walk_longest (const struct kept_walk *self, const struct policy *policy)
{
    moment until = 0;
    for (size_t i = 0; i < self->part_count; i++)
        until = later_of (until, until_of_part (self, policy, i, self->parts[i].last));
    return until;
}

moment kept_walk_until_of_consent (const struct kept_walk *self, const struct policy *policy,
                                   const uint8_t consent[16])
{
    moment until = 0;
    for (size_t i = 0; i < self->justified_count; i++) {
        const struct justified *one = &self->justified[i];
        if (memcmp (one->consent, consent, sizeof one->consent) == 0)
            until = later_of (until, until_of_part (self, policy, one->part, one->last));
    }
    return until;
}
