#include "effects.h"
#include <string.h>
#include "rules/decide.h"
#include "history.h"
#include "permitted.h"
#include "subject_cache.h"
#include "subject_file.h"

/* A state of the subject: after this line of the log, at this moment. */
struct state {
    uint64_t line;
    moment when;
};

/* What is known of it. */
struct known {
    struct subject subject;
    struct statement *statements;
    size_t count;
    struct permitted_list permits;
};

static int find_known (struct turn *turn, const struct subject_file *file, struct state state, struct known *known)
{
    int rc = history_subject_at (turn, file, state.line, &known->subject);
    if (rc != 0)
        return rc;
    known->statements = history_statements_after (turn, file, state.line, &known->count);
    decide_prepare (turn->policy, &known->subject, known->statements, known->count);
    return 0;
}

static int find_permits (struct turn *turn, const struct subject_file *file, struct state state, const char *party,
                         struct known *known)
{
    int rc = find_known (turn, file, state, known);
    struct decide_facts facts = {.policy = turn->policy,
                                 .subject = &known->subject,
                                 .statements = known->statements,
                                 .statement_count = known->count,
                                 .now = state.when,
                                 .listener = {.party = party}};
    if (rc == 0)
        known->permits = permitted_of_party (turn, &facts, party);
    return rc;
}

/* --- Which states came before ------------------------------------------------------------------------- */

/* The last line up to `line` that corrected something, or changed the facts of the subject; 0: none. */
static int last_correction (struct turn *turn, const struct subject_file *file, uint64_t line, uint64_t *last)
{
    int rc = history_last_change (turn, file, line, last);
    for (size_t i = 0; i < file->statement_count; i++) {
        const struct statement *one = &file->statements[i];
        if (one->is_corrected && one->corrected_in <= line && one->corrected_in > *last)
            *last = one->corrected_in;
    }
    return rc;
}

/* When the consent of the event ended by the clock; MOMENT_NEVER: it did not. */
static moment end_of (const struct event *event, const struct known *after)
{
    for (size_t i = 0; i < after->count; i++) {
        const struct statement *one = &after->statements[i];
        if (memcmp (one->id, event->consent_id.bytes, sizeof one->id) != 0)
            continue;
        if (event->kind == EVENT_CONSENT_EXPIRED)
            return one->valid_until;
        if (event->kind == EVENT_CONSENT_LAPSED)
            return one->lapses_at;
    }
    return MOMENT_NEVER;
}

enum { BEFORE = 3 };

struct states {
    struct state item[BEFORE];
    size_t count;
};

/* The states before: just before its line; and of a consent that ended by time, or that a correction ended or
   brought back, those before that, since it is told later. */
static int states_before (struct turn *turn, const struct subject_file *file, const struct event *event,
                          const struct known *after, struct states *states)
{
    uint64_t corrected;
    moment end = end_of (event, after);
    *states = (struct states){{{event->after_line, event->time}}, 1};
    if (end > INT64_MIN && end <= event->time) /* INT64_MIN: it never counted */
        states->item[states->count++] = (struct state){event->after_line, end - 1};
    if (event->kind != EVENT_CONSENT_LAPSED && event->kind != EVENT_CONSENT_RESTORED &&
        event->kind != EVENT_CONSENT_EXPIRED)
        return 0;
    int rc = last_correction (turn, file, event->after_line, &corrected);
    if (rc == 0 && corrected > 0)
        states->item[states->count++] = (struct state){corrected - 1, event->time};
    return rc;
}

/* --- What differs -------------------------------------------------------------------------------------- */

struct found {
    struct effect *items;
    size_t count;
    bool too_many;
};

static const struct permitted_category *find_category (const struct permitted_list *list,
                                                       const struct permitted *row, const char *category)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct permitted *one = &list->items[i];
        if (strcmp (one->provider, row->provider) != 0 || strcmp (one->recipient, row->recipient) != 0 ||
            strcmp (one->purpose, row->purpose) != 0 || strcmp (one->case_ref, row->case_ref) != 0)
            continue;
        for (size_t j = 0; j < one->category_count; j++)
            if (strcmp (one->categories[j].category, category) == 0)
                return &one->categories[j];
    }
    return NULL;
}

static bool is_same_effect (const struct effect *one, const struct effect *other)
{
    return strcmp (one->provider, other->provider) == 0 && strcmp (one->recipient, other->recipient) == 0 &&
           strcmp (one->purpose, other->purpose) == 0 && strcmp (one->category, other->category) == 0 &&
           strcmp (one->case_ref, other->case_ref) == 0;
}

static void add (struct found *found, const struct effect *effect)
{
    for (size_t i = 0; i < found->count; i++)
        if (is_same_effect (&found->items[i], effect))
            return;
    if (found->count == EFFECTS_LIMIT)
        found->too_many = true;
    else
        found->items[found->count++] = *effect;
}

/* Tells each permit of `list` that the other one has not, or not for the same time: as it is after the event. */
static void compare (const struct permitted_list *list, const struct permitted_list *other, bool permitted,
                     struct found *found)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct permitted *row = &list->items[i];
        for (size_t j = 0; j < row->category_count; j++) {
            const struct permitted_category *one = &row->categories[j];
            const struct permitted_category *same = find_category (other, row, one->category);
            if (same != NULL && (!permitted || (same->from == one->from && same->until == one->until)))
                continue;
            struct effect effect = {
                row->provider, row->recipient, row->purpose, one->category, row->case_ref, permitted, 0, 0};
            if (permitted) {
                effect.from = one->from;
                effect.until = one->until;
            }
            add (found, &effect);
        }
    }
}

static int find_in (struct turn *turn, const struct subject_file *file, const char *party, struct event *event)
{
    const struct state now = {event->after_line + 1, event->time};
    struct states states = {.count = 0};
    struct known *known = arena_array (turn->arena, 1 + BEFORE, sizeof *known), *after = &known[BEFORE];
    struct found found = {arena_array (turn->arena, EFFECTS_LIMIT, sizeof *found.items), 0, false};
    int rc = find_permits (turn, file, now, party, after);
    if (rc == 0)
        rc = states_before (turn, file, event, after, &states);
    found.too_many = after->permits.left_out;
    for (size_t i = 0; i < states.count && rc == 0 && !found.too_many; i++) {
        rc = find_permits (turn, file, states.item[i], party, &known[i]);
        if (rc != 0)
            break;
        found.too_many |= known[i].permits.left_out;
        compare (&after->permits, &known[i].permits, true, &found);
        compare (&known[i].permits, &after->permits, false, &found);
    }
    event->effects_left_out = found.too_many;
    event->effects = found.items;
    event->effect_count = event->effects_left_out ? 0 : found.count;
    return rc;
}

int effects_find (struct turn *turn, const char *party, struct event *event)
{
    if (event->kind == EVENT_PASSED_OVER)
        event->effects_left_out = true;
    if (!event->is_about || event->kind == EVENT_SUBJECT_ERASED)
        return 0;
    struct subject_file file;
    int rc = subject_file_open_by_id (turn, event->about.bytes, &file);
    if (rc == 0)
        rc = find_in (turn, &file, party, event);
    subject_file_close (&file);
    /* What cannot be read permits nothing (C12); one who is being erased neither. */
    if (rc == RECORD_DAMAGED || rc == SUBJECT_FILE_ERASING || rc == SUBJECT_FILE_NOT_FOUND) {
        event->effects_left_out = true;
        event->effect_count = 0;
        rc = 0;
    }
    return rc;
}
