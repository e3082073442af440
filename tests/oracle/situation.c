#include "situation.h"

#include <stdlib.h>
#include <string.h>

#define HOURS(count) ((moment)(count)*60 * 60 * 1000)

moment situation_now (void)
{
    return calendar_start ((struct day){2026, 6, 15}) + HOURS (12);
}

moment situation_day (int days)
{
    return situation_now () + HOURS (24) * days;
}

/* --- Reading a line --- */

/* The words of a line, one after the other. */
struct words {
    char *rest;
    bool failed;
};

/* "": the word is "-". */
static const char *take_word (struct words *words)
{
    char *word = strtok_r (NULL, " ", &words->rest);
    if (word == NULL) {
        words->failed = true;
        return "";
    }
    return strcmp (word, "-") == 0 ? "" : word;
}

static moment take_moment (struct words *words)
{
    return strtoll (take_word (words), NULL, 10);
}

static struct day take_day (struct words *words)
{
    struct day day = {.month = 0};
    const char *word = take_word (words);
    if (*word != '\0' && !calendar_parse (word, &day))
        words->failed = true;
    return day;
}

static bool take_yes (struct words *words)
{
    return strcmp (take_word (words), "yes") == 0;
}

static struct situation_list take_list (struct words *words)
{
    struct situation_list list = {.count = 0};
    char *rest = (char *)(uintptr_t)take_word (words);
    for (char *item = strtok_r (rest, ",", &rest); item != NULL; item = strtok_r (NULL, ",", &rest)) {
        if (list.count == SITUATION_LIST) {
            words->failed = true;
            break;
        }
        list.item[list.count++] = item;
    }
    return list;
}

static void take_subject (struct situation *self, struct words *words)
{
    self->case_ref = take_word (words);
    self->restricted_after = (size_t)take_moment (words);
    self->subject.known = true;
    self->subject.birth = take_day (words);
    self->subject.death = take_day (words);
    self->must = take_list (words);
}

static void take_representative (struct situation *self, struct words *words)
{
    if (self->subject.representative_count == SITUATION_LIST) {
        words->failed = true;
        return;
    }
    struct representative *one = &self->representatives[self->subject.representative_count++];
    one->reference = take_word (words);
    one->kind = take_word (words);
    one->from = take_day (words);
    one->refused_from = take_day (words);
    one->refused_reason = one->refused_from.month != 0 ? "reason" : "";
}

static void take_capability (struct situation *self, struct words *words)
{
    if (self->subject.capability_count == SITUATION_LIST) {
        words->failed = true;
        return;
    }
    struct capability *one = &self->capabilities[self->subject.capability_count++];
    one->from = take_day (words);
    one->capable = take_yes (words);
}

static enum form form_named (struct words *words, const char *name)
{
    static const char *const names[] = {
        [FORM_WRITTEN] = "written", [FORM_DIGITAL] = "digital", [FORM_ORAL] = "oral"};
    for (enum form form = FORM_WRITTEN; form <= FORM_ORAL; form++)
        if (strcmp (names[form], name) == 0)
            return form;
    words->failed = true;
    return FORM_NONE;
}

static void take_consent (struct statement *one, struct situation_statement *of, struct words *words)
{
    one->valid_from = take_moment (words);
    one->valid_until = take_moment (words);
    one->form = form_named (words, take_word (words));
    one->has_evidence = take_yes (words);
    one->evidence_reference = one->has_evidence ? "dossier-1" : "";
    const char *one_time = take_word (words);
    of->one_time_as_cell = strcmp (one_time, "asked") == 0;
    one->one_time = strcmp (one_time, "yes") == 0;
    one->under_secrecy = take_yes (words);
    struct situation_list signers = take_list (words);
    for (size_t i = 0; i < signers.count; i++)
        of->signatures[one->signature_count++] = (struct signature){signers.item[i], one->recorded_at};
}

static void take_statement (struct situation *self, bool refusal, struct words *words)
{
    if (self->statement_count == SITUATION_STATEMENTS) {
        words->failed = true;
        return;
    }
    size_t index = self->statement_count++;
    struct statement *one = &self->statements[index];
    struct situation_statement *of = &self->of[index];
    one->id[0] = (uint8_t)(index + 1);
    one->order = index + 1;
    one->number = 10 * (index + 1);
    one->refusal = refusal;
    one->motivation = one->evidence_reference = one->recorded_by = one->user = "";
    one->notice.id = one->notice.version = one->notice.language = "";
    one->recorded_at = one->valid_from = take_moment (words);
    one->valid_until = MOMENT_NEVER;
    of->providers = take_list (words);
    of->recipients = take_list (words);
    of->categories = take_list (words);
    of->purpose = take_word (words);
    of->origins = take_list (words);
    one->scope.case_ref = take_word (words);
    if (!refusal)
        take_consent (one, of, words);
}

static void take_withdrawal (struct statement *one, struct situation_statement *of, struct words *words)
{
    one->withdrawal_count = 1;
    of->withdrawal = (struct withdrawal){.withdrawn_by = "subject", .nobody_reason = ""};
    of->withdrawal.number = (uint64_t)take_moment (words);
    of->withdrawal.withdrawn_at = of->withdrawal.recorded_at = take_moment (words);
    of->withdrawn_providers = take_list (words);
    take_word (words); /* recipients: in no situation */
    of->withdrawn_categories = take_list (words);
}

static void take_use (struct statement *one, struct words *words)
{
    one->used_by = (uint64_t)take_moment (words);
    one->used_at = take_moment (words);
}

bool situation_take_line (struct situation *self, char *line)
{
    struct words words = {.rest = NULL};
    const char *what = strtok_r (line, " ", &words.rest);
    size_t last = self->statement_count - 1;
    if (what == NULL)
        return false;
    if (strcmp (what, "subject") == 0)
        take_subject (self, &words);
    else if (strcmp (what, "representative") == 0)
        take_representative (self, &words);
    else if (strcmp (what, "capability") == 0)
        take_capability (self, &words);
    else if (strcmp (what, "consent") == 0 || strcmp (what, "refusal") == 0)
        take_statement (self, *what == 'r', &words);
    else if (strcmp (what, "withdrawal") == 0 && self->statement_count > 0)
        take_withdrawal (&self->statements[last], &self->of[last], &words);
    else if (strcmp (what, "use") == 0 && self->statement_count > 0)
        take_use (&self->statements[last], &words);
    else
        return false;
    return !words.failed && strtok_r (NULL, " ", &words.rest) == NULL;
}

/* --- Making it one about the cell --- */

static int compare_names (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static bool has (const struct situation_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp (list->item[i], name) == 0)
            return true;
    return false;
}

static struct text_set set_of (struct situation_list *list)
{
    return (struct text_set){list->item, list->count};
}

/* `asked`: its half; `other`: the other half, or beside `asked` one of it. */
static void set_categories (struct statement *one, struct situation_statement *of,
                            const struct situation_cell *cell)
{
    bool asked = has (&of->categories, "asked"), other = has (&of->categories, "other");
    const struct text_set *half = asked ? &cell->half : &cell->other_half;
    struct text_set *names = &one->scope.categories;
    *names = (struct text_set){of->names, 0};
    for (size_t i = 0; i < half->count; i++)
        names->item[names->count++] = half->item[i];
    if (asked && other)
        names->item[names->count++] = cell->other_half.item[0];
    qsort (names->item, names->count, sizeof *names->item, compare_names);
}

static const char *purpose_of (const char *purpose, const struct situation_cell *cell)
{
    if (strcmp (purpose, "another") == 0)
        return strcmp (cell->purpose, "registratie-hulpvraag") == 0 ? "toekenning" : "registratie-hulpvraag";
    return strcmp (purpose, "asked") == 0 ? cell->purpose : purpose;
}

static void set_withdrawal (struct statement *one, struct situation_statement *of,
                            const struct situation_cell *cell)
{
    of->withdrawal.providers = set_of (&of->withdrawn_providers);
    if (has (&of->withdrawn_categories, "asked"))
        of->withdrawal.categories = cell->half;
    if (has (&of->withdrawn_categories, "other"))
        of->withdrawal.categories = (struct text_set){cell->other_half.item, 1};
    one->withdrawals = &of->withdrawal;
}

static void set_statement (struct situation *self, size_t index, const struct situation_cell *cell)
{
    struct statement *one = &self->statements[index];
    struct situation_statement *of = &self->of[index];
    one->scope.providers = set_of (&of->providers);
    one->scope.recipients = set_of (&of->recipients);
    one->scope.origins = set_of (&of->origins);
    one->scope.purpose = purpose_of (of->purpose, cell);
    set_categories (one, of, cell);
    one->signatures = of->signatures;
    if (of->one_time_as_cell)
        one->one_time = cell->one_time;
    if (one->withdrawal_count > 0)
        set_withdrawal (one, of, cell);
    statement_resolve (one, cell->policy);
}

void situation_build (struct situation *self, const struct situation *read, const struct situation_cell *cell)
{
    *self = *read;
    self->subject.representatives = self->representatives;
    self->subject.capabilities = self->capabilities;
    self->subject.restrictions = self->restrictions;
    for (size_t i = 0; i < self->statement_count; i++)
        set_statement (self, i, cell);
    decide_prepare (cell->policy, &self->subject, self->statements, self->statement_count);
}

/* --- Restriction --- */

static void restrict_one (struct situation *self, const char *category)
{
    self->restrictions[self->subject.restriction_count++] =
        (struct restriction){.category = category,
                             .since = situation_day (-10),
                             .next_order = self->restricted_after + 1,
                             .reason = "",
                             .recorded_by = "",
                             .user = ""};
}

bool situation_restrict (struct situation *self, const struct situation_cell *cell, const char *restriction,
                         const struct text_set *categories, size_t turn)
{
    self->subject.restriction_count = 0;
    if (strcmp (restriction, "none") == 0) {
        if (turn % 2 == 1)
            restrict_one (self, cell->other_half.item[0]);
        return true;
    }
    if (strcmp (restriction, "subject") == 0) {
        restrict_one (self, "");
        return true;
    }
    for (size_t i = 0; i < categories->count; i++)
        restrict_one (self, categories->item[i]);
    return strcmp (restriction, "category") == 0;
}
