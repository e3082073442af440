/* What happened with the data: who got them, who was refused, what had to be done, and who looked. */
#include <inttypes.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_words.h"
#include "overview_index.h"
#include "overview_letter_parts.h"
#include "overview_words.h"

enum { FEW = 60 }; /* questions that are listed one by one, whether that is asked or not */

#define LABEL(name) CONSENTD__OVERVIEW_LABEL__KIND__##name

static const char *purpose_of (const struct overview *overview, const struct overview_group *group)
{
    return overview_label (overview, LABEL (PURPOSE), group->purpose);
}

static const char *join (const struct overview *overview, const struct overview_texts *texts)
{
    return overview_texts_join (overview->index, texts);
}

static const char *describe_why (const struct overview *overview, const struct overview_group *group)
{
    const char *why = join (overview, &group->why);
    return group->against_will ? arena_printf (overview->arena, "%s; u had hier nee op gezegd", why) : why;
}

/* "Kernteam aan Huisarts" */
static const char *describe_way (const struct overview *overview, const struct overview_group *group)
{
    return arena_printf (overview->arena, "%s aan %s", overview_party (overview, group->provider),
                         overview_party (overview, group->recipient));
}

/* Each group is told by itself: as a table it would have more columns than a page has room for. */
static void add_groups (struct overview_letter *self, enum overview_sort sort)
{
    static const char *const why[] = {"Waarom mocht dat", "Waarom zou het mogen", "Waarom niet"};
    const struct overview *overview = self->overview;
    for (const struct overview_group *group = overview->groups[sort]; group; group = group->next) {
        letter_add_heading (&self->document, 3, describe_way (overview, group));
        letter_begin_facts (&self->document);
        if (sort != OVERVIEW_DISCLOSED)
            letter_add_fact (&self->document, "Wie vroeg het", overview_party (overview, group->asker));
        letter_add_fact (&self->document, "Waarvoor", purpose_of (overview, group));
        letter_add_fact (&self->document, "Welke gegevens", overview_pairs_join (overview->index, &group->what));
        letter_add_fact (&self->document, why[sort], describe_why (overview, group));
        letter_add_fact (&self->document, "Wanneer",
                         overview_when (overview, group->count, group->first, group->last));
    }
}

void overview_letter_uses (struct overview_letter *self)
{
    static const char *const fields[] = {"doorgegeven", "alleen-gevraagd", "geweigerd"};
    const struct overview *overview = self->overview;
    uint64_t disclosed = overview_count (overview, OVERVIEW_DISCLOSED);
    if (disclosed > 0)
        letter_set (self->values, "keer-doorgegeven", arena_printf (overview->arena, "%" PRIu64, disclosed));
    letter_set_flag (self->values, "niemand-geweigerd", !overview->groups[OVERVIEW_DENIED]);
    for (int sort = 0; sort < OVERVIEW_SORTS; sort++) {
        if (sort == OVERVIEW_ALLOWED && !overview->groups[sort])
            continue;
        overview_part_begin (self);
        add_groups (self, sort);
        overview_part_end (self, fields[sort]);
    }
}

/* What brought it: data that were passed on, corrected or erased. */
static const char *about_duty (const struct overview *overview, const Consentd__Duty *duty)
{
    const char *day = letter_day (overview->arena, duty->made_at);
    if (duty->kind == CONSENTD__OBLIGATION__RECTIFY_DATA)
        return arena_printf (overview->arena, "verbeterd op %s: %s", day,
                             overview_labels (overview, LABEL (CATEGORY), duty->categories, duty->n_categories));
    if (duty->kind == CONSENTD__OBLIGATION__ERASE_DATA)
        return arena_printf (overview->arena, "verwijderd op %s", day);
    return arena_printf (overview->arena, "gegevens aan %s, op %s: %s", overview_party (overview, duty->recipient),
                         day, overview_label (overview, LABEL (PURPOSE), duty->purpose));
}

void overview_letter_obligations (struct overview_letter *self)
{
    static const char *const headings[] = {"Wat moet er gebeuren", "Waarover", "Stand"};
    const struct overview *overview = self->overview;
    const struct overview_kept *kept = &overview->kept;
    size_t count = 0;
    for (size_t i = 0; i < kept->obligation_count; i++)
        count += overview_has_duty (overview, kept->obligations[i]);
    if (count == 0)
        return;
    overview_part_begin (self);
    letter_begin_table (&self->document, headings, 3);
    for (size_t i = 0; i < kept->obligation_count; i++) {
        const Consentd__Duty *duty = kept->obligations[i];
        if (!overview_has_duty (overview, duty))
            continue;
        letter_add_row (
            &self->document,
            (const char *[]){arena_printf (overview->arena, "%s: %s", overview_party (overview, duty->holder),
                                           overview_duty (duty->kind)),
                             about_duty (overview, duty), overview_duty_state (overview, duty)});
    }
    overview_part_end (self, "verplichtingen");
}

void overview_letter_acts (struct overview_letter *self)
{
    static const char *const headings[] = {"Wie", "Wat", "Wanneer"};
    const struct overview *overview = self->overview;
    if (!overview->acts)
        return;
    overview_part_begin (self);
    letter_begin_table (&self->document, headings, 3);
    for (const struct overview_act *act = overview->acts; act; act = act->next)
        letter_add_row (&self->document,
                        (const char *[]){overview_party (overview, act->party), overview_act (overview, act),
                                         overview_when (overview, act->count, act->first, act->last)});
    overview_part_end (self, "handelingen");
}

static const char *name_outcome (enum overview_sort sort)
{
    return sort == OVERVIEW_DISCLOSED ? "doorgegeven"
           : sort == OVERVIEW_ALLOWED ? "mocht, alleen gevraagd"
                                      : "mocht niet";
}

static bool has_several (const struct overview *overview)
{
    for (int sort = 0; sort < OVERVIEW_SORTS; sort++)
        for (const struct overview_group *group = overview->groups[sort]; group; group = group->next)
            if (group->count > 1)
                return true;
    return false;
}

static void add_rows (struct overview_letter *self)
{
    static const char *const headings[] = {"Wanneer", "Van wie en waarvoor", "Welke gegevens", "Uitkomst"};
    const struct overview *overview = self->overview;
    letter_begin_table (&self->document, headings, 4);
    for (const struct overview_row *row = overview->rows; row; row = row->next) {
        const char *way = describe_way (overview, row->group), *purpose = purpose_of (overview, row->group);
        const char *outcome = name_outcome (row->group->sort);
        letter_add_row (&self->document,
                        (const char *[]){letter_moment (overview->arena, row->time),
                                         arena_printf (overview->arena, "%s: %s", way, purpose),
                                         overview_pairs_join (overview->index, row->what),
                                         arena_printf (overview->arena, "%s: %s", outcome, row->why)});
    }
}

void overview_letter_appendix (struct overview_letter *self)
{
    bool is_long = !self->options->has_all && self->overview->row_count > FEW;
    if (!has_several (self->overview))
        return;
    letter_set_flag (self->values, "bijlage-op-verzoek", is_long);
    overview_part_begin (self);
    if (!is_long)
        add_rows (self);
    overview_part_end (self, "bijlage");
}
