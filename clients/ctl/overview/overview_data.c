#include "overview_data.h"

#include <inttypes.h>
#include <string.h>
#include "arena.h"
#include "identifier.h"
#include "overview_index.h"
#include "overview_words.h"

struct overview *overview_new (struct arena *arena, const struct overview_part *part, const char *reader)
{
    struct overview *self = arena_alloc (arena, sizeof *self);
    *self = (struct overview){.arena = arena, .part = *part, .reader = reader, .controller = "", .policy = ""};
    self->index = overview_index_new (arena);
    return self;
}

void overview_destroy (struct overview **self_p)
{
    if (*self_p)
        overview_index_destroy (&(*self_p)->index);
    *self_p = NULL;
}

/* --- Labels ---------------------------------------------------------------------------------------------- */

static const char *kind_word (Consentd__OverviewLabel__Kind kind)
{
    static const char *const words[] = {"",        "category", "purpose", "origin",
                                        "statute", "urgent",   "person",  "party"};
    return (size_t)kind < sizeof words / sizeof *words ? words[kind] : "";
}

const char *overview_label (const struct overview *self, Consentd__OverviewLabel__Kind kind, const char *code)
{
    const char *words[] = {"label", kind_word (kind), code ? code : ""};
    const char *label = overview_index_find (self->index, words, 3);
    return label ? label : overview_text (self->index, code);
}

static void take_labels (struct overview *self, const Consentd__OverviewReply *page)
{
    for (size_t i = 0; i < page->n_labels; i++) {
        const Consentd__OverviewLabel *label = page->labels[i];
        const char *words[] = {"label", kind_word (label->kind), label->code};
        overview_index_put (self->index, words, 3, overview_text (self->index, label->label));
    }
}

/* --- Checks ---------------------------------------------------------------------------------------------- */

/* What is known of one check, and one outcome of it. */
struct outcome_part {
    const Consentd__OverviewLine *line;
    enum overview_sort sort;
    struct overview_texts what, why;
    bool against_will;
};

static struct overview_group *find_group (struct overview *self, const struct outcome_part *part)
{
    const Consentd__CheckRequest *check = part->line->check;
    const char *sort = (const char *const[]){"disclosed", "allowed", "denied"}[part->sort];
    const char *words[] = {"group", sort, part->line->party, check->provider, check->recipient, check->purpose};
    struct overview_group *group = overview_index_find (self->index, words, 6);
    if (group)
        return group;
    group = arena_alloc (self->arena, sizeof *group);
    *group = (struct overview_group){.sort = part->sort,
                                     .asker = overview_text (self->index, part->line->party),
                                     .provider = overview_text (self->index, check->provider),
                                     .recipient = overview_text (self->index, check->recipient),
                                     .purpose = overview_text (self->index, check->purpose),
                                     .first = part->line->time};
    overview_index_put (self->index, words, 6, group);
    struct overview_group **last = &self->groups[part->sort];
    while (*last)
        last = &(*last)->next;
    *last = group;
    return group;
}

static void add_row (struct overview *self, const struct outcome_part *part)
{
    struct overview_group *group = find_group (self, part);
    struct overview_row *row = arena_alloc (self->arena, sizeof *row);
    *row = (struct overview_row){.group = group,
                                 .number = part->line->number,
                                 .time = part->line->time,
                                 .what = overview_texts_keep (self->index, &part->what),
                                 .why = overview_texts_join (self->index, &part->why)};
    if (self->last_row)
        self->last_row->next = row;
    else
        self->rows = row;
    self->last_row = row;
    self->row_count++;
    for (size_t i = 0; i < part->what.count; i++)
        overview_texts_add (self->index, &group->what, part->what.item[i]);
    for (size_t i = 0; i < part->why.count; i++)
        overview_texts_add (self->index, &group->why, part->why.item[i]);
    group->count++;
    group->last = part->line->time;
    group->against_will |= part->against_will;
}

/* A kind of data, and under which law it was obtained. */
static const char *name_item (struct overview *self, const Consentd__ItemVerdict *item)
{
    const char *category = overview_label (self, CONSENTD__OVERVIEW_LABEL__KIND__CATEGORY, item->category);
    const char *origin = overview_label (self, CONSENTD__OVERVIEW_LABEL__KIND__ORIGIN, item->origin);
    return overview_pair (self->index, category, origin);
}

static void add_item (struct overview *self, const Consentd__ItemVerdict *item, struct outcome_part *part)
{
    overview_texts_add (self->index, &part->what, name_item (self, item));
    part->against_will |= item->against_will;
    if (item->verdict == CONSENTD__VERDICT__PERMIT) {
        overview_texts_add (self->index, &part->why, overview_text (self->index, overview_ground (self, item)));
        return;
    }
    for (size_t i = 0; i < item->n_reasons; i++)
        overview_texts_add (self->index, &part->why,
                            overview_text (self->index, overview_reason (item->reasons[i]->code)));
}

/* The reasons that whoever asked did not hear. */
static void add_unheard (struct overview *self, const Consentd__OverviewLine *line, struct outcome_part *denied)
{
    for (size_t i = 0; i < line->n_all_reasons; i++)
        for (size_t j = 0; j < line->all_reasons[i]->n_codes; j++)
            overview_texts_add (self->index, &denied->why,
                                overview_text (self->index, overview_reason (line->all_reasons[i]->codes[j])));
}

static void take_check (struct overview *self, const Consentd__OverviewLine *line)
{
    bool disclosed = line->check->mode == CONSENTD__MODE__DISCLOSE;
    struct outcome_part yes = {.line = line, .sort = disclosed ? OVERVIEW_DISCLOSED : OVERVIEW_ALLOWED};
    struct outcome_part no = {.line = line, .sort = OVERVIEW_DENIED};
    for (size_t i = 0; i < line->reply->n_items; i++) {
        const Consentd__ItemVerdict *item = line->reply->items[i];
        add_item (self, item, item->verdict == CONSENTD__VERDICT__PERMIT ? &yes : &no);
    }
    if (no.what.count > 0)
        add_unheard (self, line, &no);
    if (yes.what.count > 0)
        add_row (self, &yes);
    if (no.what.count > 0)
        add_row (self, &no);
}

/* --- Other lines ----------------------------------------------------------------------------------------- */

/* V8. A party is told as one, unless it has several systems. */
static struct overview_told take_told (struct overview *self, const Consentd__OverviewTelling *one)
{
    struct overview_told told = {
        .party = {overview_text (self->index, one->party), one->heard, one->unknown, false, one->heard_at}};
    if (one->n_consumers + one->consumers_left_out < 2)
        return told;
    told.systems = arena_array (self->arena, one->n_consumers, sizeof *told.systems);
    told.system_count = one->n_consumers;
    told.systems_left_out = one->consumers_left_out;
    for (size_t i = 0; i < one->n_consumers; i++) {
        const Consentd__Hearing *system = one->consumers[i];
        told.systems[i] = (struct overview_hearing){overview_text (self->index, system->consumer), system->heard,
                                                    system->unknown, system->dropped, system->heard_at};
    }
    return told;
}

static void take_change (struct overview *self, const Consentd__OverviewLine *line)
{
    struct overview_change *change = arena_alloc (self->arena, sizeof *change);
    char consent[CONSENT_ID_SIZE];
    identifier_print (&line->consent_id, consent);
    *change = (struct overview_change){.number = line->number,
                                       .time = line->time,
                                       .action = overview_text (self->index, line->action),
                                       .consent = overview_text (self->index, consent),
                                       .told_count = line->n_tellings};
    change->told = arena_array (self->arena, line->n_tellings, sizeof *change->told);
    for (size_t i = 0; i < line->n_tellings; i++)
        change->told[i] = take_told (self, line->tellings[i]);
    if (self->last_change)
        self->last_change->next = change;
    else
        self->changes = change;
    self->last_change = change;
}

static void count_act (struct overview *self, const Consentd__OverviewLine *line)
{
    const char *words[] = {"act", line->party, line->action, line->result};
    struct overview_act *act = overview_index_find (self->index, words, 4), **last = &self->acts;
    if (!act) {
        act = arena_alloc (self->arena, sizeof *act);
        *act = (struct overview_act){.party = overview_text (self->index, line->party),
                                     .action = overview_text (self->index, line->action),
                                     .result = overview_text (self->index, line->result),
                                     .first = line->time};
        overview_index_put (self->index, words, 4, act);
        while (*last)
            last = &(*last)->next;
        *last = act;
    }
    act->count++;
    act->last = line->time;
}

static void count_remainder (struct overview *self, const Consentd__OverviewLine *line)
{
    struct overview_texts by = {.count = 0};
    for (size_t i = 0; i < line->n_kept_by; i++)
        overview_texts_add (self->index, &by, overview_text (self->index, line->kept_by[i]));
    const char *until = arena_printf (self->arena, "%" PRId64, line->kept_until);
    const char *words[] = {"remainder", line->action, until, overview_texts_join (self->index, &by)};
    struct overview_remainder *found = overview_index_find (self->index, words, 4), **last = &self->remainders;
    if (!found) {
        found = arena_alloc (self->arena, sizeof *found);
        *found = (struct overview_remainder){
            .action = overview_text (self->index, line->action), .by = by, .until = line->kept_until};
        overview_index_put (self->index, words, 4, found);
        while (*last)
            last = &(*last)->next;
        *last = found;
    }
    found->count++;
}

/* R5: what came since the overview before. */
static void note_previous (struct overview *self, const Consentd__OverviewLine *line)
{
    bool is_overview = strcmp (line->action, "overview") == 0;
    if (is_overview && strcmp (line->result, "ok") == 0) {
        self->previous_at = line->time;
        self->since_previous = 0;
    } else if (!is_overview)
        self->since_previous++;
}

static void take_line (struct overview *self, const Consentd__OverviewLine *line)
{
    bool is_check = line->check && line->reply;
    self->lines++;
    if (is_check)
        take_check (self, line);
    else
        count_act (self, line);
    if (line->n_tellings > 0)
        take_change (self, line);
    if (line->kept)
        count_remainder (self, line);
}

/* --- What is kept ---------------------------------------------------------------------------------------- */

static void append (struct arena *arena, const void ***list, size_t *count, const void *one)
{
    if ((*count & (*count - 1)) == 0) {
        const void **more = arena_array (arena, *count > 0 ? 2 * *count : 1, sizeof *more);
        if (*count > 0)
            memcpy (more, *list, *count * sizeof *more);
        *list = more;
    }
    (*list)[(*count)++] = one;
}

/* Takes what stays the registry's message. False: it has nothing of that. */
static bool take_kept (struct overview *self, const Consentd__OverviewEntry *entry)
{
    struct overview_kept *kept = &self->kept;
    struct arena *arena = self->arena;
    if (entry->subject)
        self->subject = entry->subject;
    if (entry->obligation)
        append (arena, (const void ***)(void *)&kept->obligations, &kept->obligation_count, entry->obligation);
    if (entry->request)
        append (arena, (const void ***)(void *)&kept->rights, &kept->rights_count, entry->request);
    if (entry->consent && entry->line)
        append (arena, (const void ***)(void *)&kept->requests, &kept->request_count, entry->consent);
    else if (entry->consent)
        append (arena, (const void ***)(void *)&kept->consents, &kept->consent_count, entry->consent);
    return entry->subject || entry->obligation || entry->consent || entry->request;
}

/* --- Parts ------------------------------------------------------------------------------------------------ */

static bool is_of_case (const struct overview *self, const char *case_ref)
{
    return !*self->part.case_ref || strcmp (self->part.case_ref, case_ref) == 0;
}

/* Of a year: what was recorded before its end, and was not over before it. */
static bool is_of_time (const struct overview *self, int64_t from, int64_t until)
{
    return (self->part.until == 0 || from < self->part.until) &&
           (self->part.since == 0 || until == 0 || until > self->part.since);
}

/* A consent of the part has this id. Consents come before lines. */
static bool is_of_kept (const struct overview *self, const ProtobufCBinaryData *id)
{
    for (size_t i = 0; i < self->kept.consent_count; i++)
        if (self->kept.consents[i]->consent_id.len == id->len &&
            memcmp (self->kept.consents[i]->consent_id.data, id->data, id->len) == 0)
            return id->len > 0;
    return false;
}

/* Which case an obligation is of, its disclosure says, which comes later: an obligation is of any. A line that is
   no check is of a case by its consent. */
bool overview_is_wanted (const struct overview *self, const Consentd__OverviewEntry *entry)
{
    if (entry->consent && !is_of_case (self, entry->consent->scope->case_ref))
        return false;
    if (entry->consent && !entry->line)
        return is_of_time (self, entry->consent->recorded_at, entry->consent->valid_until);
    if (entry->obligation)
        return is_of_time (self, entry->obligation->made_at, entry->obligation->done_at);
    if (entry->request)
        return !*self->part.case_ref && is_of_time (self, entry->request->opened_at, 0);
    if (entry->line && entry->line->check)
        return is_of_case (self, entry->line->check->case_ref);
    return !entry->line || !*self->part.case_ref || is_of_kept (self, &entry->line->consent_id);
}

bool overview_take (struct overview *self, const Consentd__Reply *reply)
{
    const Consentd__OverviewReply *page = reply->overview;
    bool is_lent = false;
    take_labels (self, page);
    if (self->made_at == 0) {
        self->made_at = reply->time;
        self->controller = overview_text (self->index, page->controller);
        self->policy = overview_text (self->index, page->policy);
        self->is_known = page->known;
        self->newest = page->newest;
    }
    self->looked_until = page->looked_until;
    self->unreadable += page->unreadable;
    for (size_t i = 0; i < page->n_entries; i++) {
        const Consentd__OverviewEntry *entry = page->entries[i];
        if (entry->line)
            note_previous (self, entry->line);
        if (!overview_is_wanted (self, entry))
            continue;
        self->left_out |= entry->left_out;
        is_lent |= take_kept (self, entry);
        if (entry->line)
            take_line (self, entry->line);
    }
    return is_lent;
}

const struct overview_change *overview_find_change (const struct overview *self, uint64_t number)
{
    const struct overview_change *change = self->changes;
    while (change && change->number != number)
        change = change->next;
    return number ? change : NULL;
}

uint64_t overview_count (const struct overview *self, enum overview_sort sort)
{
    uint64_t count = 0;
    for (const struct overview_group *group = self->groups[sort]; group; group = group->next)
        count += group->count;
    return count;
}

bool overview_has_duty (const struct overview *self, const Consentd__Duty *duty)
{
    const struct overview_row *row = self->rows;
    while (*self->part.case_ref && row && row->number != duty->decision)
        row = row->next;
    return !*self->part.case_ref || row;
}

void overview_name_party (struct overview *self, const char *id, const char *name)
{
    overview_index_put (self->index, (const char *const[]){"name", id}, 2, overview_text (self->index, name));
}

const char *overview_party_name (const struct overview *self, const char *id)
{
    return overview_index_find (self->index, (const char *const[]){"name", id}, 2);
}
