#include "snapshot_part.h"
#include <stdlib.h>
#include <string.h>
#include "audit/log.h"
#include "registry/history.h"
#include "registry/permitted.h"
#include "registry/received.h"
#include "rules/decide.h"
#include "rules/own_part.h"
#include "verbs.h"

enum {
    RESTRICTION_ADDS = 64, /* bytes: what an entry takes besides its categories */
    CATEGORY_ADDS = 4,
    PERMITS_SIZE = 8 * 1024, /* of one entry, if it has more than one permit */
    PERMIT_ADDS = 160,       /* names of parties, a purpose and a case */
    PERMITTED_ADDS = 112,    /* what stands beside the name of a category */
    WEIGHED = 4,             /* work (rules/decide.h) of one statement beside another */
};

/* The subject as it was. */
struct then {
    struct subject subject;
    struct statement *statements;
    size_t count;
    struct decide_facts facts;
};

static bool names_party (const struct subject_file *file, const char *party)
{
    for (size_t i = 0; i < file->statement_count; i++)
        if (statement_names_party (&file->statements[i], party))
            return true;
    return false;
}

static int go_back (struct turn *turn, const struct snapshot_at *at, const struct subject_file *file,
                    struct then *then)
{
    const struct audit_head next = {.number = at->line + 1, .order = at->order, .time = at->time};
    then->statements = history_statements_at (turn, file, &next, &then->count);
    turn->work += WEIGHED * then->count * then->count;
    int rc = history_subject_at (turn, file, at->line, &then->subject);
    if (rc != 0)
        return rc;
    decide_prepare (turn->policy, &then->subject, then->statements, then->count);
    then->facts = (struct decide_facts){.policy = turn->policy,
                                        .subject = &then->subject,
                                        .statements = then->statements,
                                        .statement_count = then->count,
                                        .now = at->time,
                                        .listener = {.party = ""}};
    return 0;
}

static struct snapshot_entry *add_entry (struct snapshot_part *self, size_t size)
{
    self->sizes[self->count] = size;
    return &self->entries[self->count++];
}

/* V2: its own items, and what was withdrawn of them. */
static void add_consents (struct snapshot_part *self, const struct subject_file *file, const struct then *then)
{
    struct turn *turn = self->turn;
    for (size_t i = 0; i < then->count; i++) {
        enum statement_state state;
        if (!statement_names_party (&then->statements[i], self->party))
            continue;
        struct statement *own = arena_alloc (turn->arena, sizeof *own);
        *own = own_part_of (&then->statements[i], self->party, turn->arena);
        state = decide_state_for (&then->facts, i, self->party);
        if (own->scope.providers.count == 0 || (state != STATE_GRANTED && state != STATE_REFUSAL))
            continue;
        struct shown_consent *shown = arena_alloc (turn->arena, sizeof *shown);
        *shown = (struct shown_consent){.statement = own, .state = state};
        vault_subject_ref (turn->vault, file->id, self->party, shown->subject_ref.bytes);
        add_entry (self, consent_size (own))->consent = shown;
    }
}

static void add_once (struct text_set *set, const char *text)
{
    if (!text_set_has (set, text))
        set->item[set->count++] = text;
}

static int compare (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Adds what a consent in force names for the party, and was not withdrawn. */
static void concern_own (const struct snapshot_part *self, const struct statement *own, struct text_set *found)
{
    const struct scope *scope = &own->scope;
    for (size_t p = 0; p < scope->providers.count; p++)
        for (size_t r = 0; r < scope->recipients.count; r++)
            for (size_t c = 0; c < scope->categories.count; c++) {
                const char *provider = scope->providers.item[p], *recipient = scope->recipients.item[r];
                const char *category = scope->categories.item[c];
                if (own_part_has (self->party, provider, recipient) &&
                    !statement_is_withdrawn_for (own, provider, recipient, category, self->at->time))
                    add_once (found, category);
            }
}

/* R3: of what the party hears when data are restricted: the categories that it received, and those that a consent
   in force names for it. What it received is not kept by the line; whoever received more since hears of each later
   change of a restriction. */
static struct text_set concerned (const struct snapshot_part *self, const struct subject_file *file,
                                  const struct then *then)
{
    const struct received *received = received_find (file->received, file->received_count, self->party);
    size_t most = received != NULL ? received->categories.count : 0;
    for (size_t i = 0; i < then->count; i++)
        most += then->statements[i].scope.categories.count;
    struct text_set found = {arena_array (self->turn->arena, most, sizeof *found.item), 0};
    for (size_t i = 0; received != NULL && i < received->categories.count; i++)
        add_once (&found, received->categories.item[i]);
    for (size_t i = 0; i < self->count; i++) {
        const struct shown_consent *consent = self->entries[i].consent;
        if (consent->state == STATE_GRANTED && consent->statement->valid_from <= self->at->time)
            concern_own (self, consent->statement, &found);
    }
    qsort (found.item, found.count, sizeof *found.item, compare);
    return found;
}

static void add_restriction (struct snapshot_part *self, const struct subject_file *file,
                             const struct restriction *one, struct text_set categories)
{
    struct shown_restriction *shown = arena_alloc (self->turn->arena, sizeof *shown);
    size_t size = RESTRICTION_ADDS;
    for (size_t i = 0; i < categories.count; i++)
        size += CATEGORY_ADDS + strlen (categories.item[i]);
    *shown = (struct shown_restriction){
        .categories = categories, .whole = one->category[0] == '\0', .since = one->since};
    vault_subject_ref (self->turn->vault, file->id, self->party, shown->subject_ref.bytes);
    add_entry (self, size)->restriction = shown;
}

static void add_restrictions (struct snapshot_part *self, const struct subject_file *file, const struct then *then)
{
    const struct text_set all = concerned (self, file, then);
    for (size_t i = 0; i < then->subject.restriction_count && all.count > 0; i++) {
        const struct restriction *one = &then->subject.restrictions[i];
        const char **name = arena_alloc (self->turn->arena, sizeof *name);
        *name = one->category;
        if (one->category[0] == '\0')
            add_restriction (self, file, one, all);
        else if (text_set_has (&all, one->category))
            add_restriction (self, file, one, (struct text_set){name, 1});
    }
}

static size_t permitted_size (const struct permitted *one)
{
    size_t size = PERMIT_ADDS;
    for (size_t i = 0; i < one->category_count; i++)
        size += PERMITTED_ADDS + strlen (one->categories[i].category);
    return size;
}

static void add_permits (struct snapshot_part *self, const struct subject_file *file, struct shown_permits some,
                         size_t size)
{
    struct shown_permits *shown = arena_memdup (self->turn->arena, &some, sizeof some);
    vault_subject_ref (self->turn->vault, file->id, self->party, shown->subject_ref.bytes);
    add_entry (self, RESTRICTION_ADDS + size)->permits = shown;
}

/* In as many entries as fit in messages. */
static void split_permits (struct snapshot_part *self, const struct subject_file *file,
                           const struct permitted_list *list)
{
    struct shown_permits some = {.permits = list->items, .left_out = list->left_out};
    size_t size = 0;
    for (size_t i = 0; i < list->count; i++) {
        size_t more = permitted_size (&list->items[i]);
        if (some.count > 0 && size + more > PERMITS_SIZE) {
            add_permits (self, file, some, size);
            some.permits += some.count, some.count = 0, size = 0;
        }
        some.count++;
        size += more;
    }
    if (some.count > 0 || some.left_out)
        add_permits (self, file, some, size);
}

int snapshot_part_find (struct snapshot_part *self, const struct subject_file *file)
{
    struct then then;
    bool received = received_find (file->received, file->received_count, self->party) != NULL;
    self->count = 0;
    if (file->since > self->at->line || (!received && !names_party (file, self->party)))
        return 0; /* who was erased since, or does not concern the party */
    int rc = go_back (self->turn, self->at, file, &then);
    if (rc != 0)
        return rc;
    struct permitted_list permitted = {.count = 0};
    if (self->permits)
        permitted = permitted_of_party (self->turn, &then.facts, self->party);
    size_t most = then.count + then.subject.restriction_count + permitted.count + 1;
    self->entries = arena_array (self->turn->arena, most, sizeof *self->entries);
    self->sizes = arena_array (self->turn->arena, most, sizeof *self->sizes);
    add_consents (self, file, &then);
    add_restrictions (self, file, &then);
    split_permits (self, file, &permitted);
    return 0;
}
