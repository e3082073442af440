#include "correction.h"
#include <string.h>
#include "events/tell.h"
#include "registry/recipients.h"
#include "rules/decide.h"

static const char signed_anew[] =
    "not as it was signed: who agreed to something else signs for it; record a new consent";

/* --- What was signed stays as it was ------------------------------------------------------------------ */

/* What is left out is taken over. NULL, or the field that differs. */
static const char *keep_evidence (struct statement *now, const struct statement *wrong)
{
    if (now->form == FORM_NONE)
        now->form = wrong->form;
    if (!now->has_evidence) {
        now->has_evidence = wrong->has_evidence;
        now->evidence_reference = wrong->evidence_reference;
        memcpy (now->evidence_sha256, wrong->evidence_sha256, sizeof now->evidence_sha256);
    }
    return now->form != wrong->form                                           ? "form"
           : strcmp (now->evidence_reference, wrong->evidence_reference) != 0 ? "evidence.reference"
           : memcmp (now->evidence_sha256, wrong->evidence_sha256, sizeof now->evidence_sha256) != 0
               ? "evidence.sha256"
               : NULL;
}

static const char *keep_notice (struct statement *now, const struct statement *wrong)
{
    if (now->notice.id[0] == '\0')
        now->notice = wrong->notice;
    bool same = strcmp (now->notice.id, wrong->notice.id) == 0 &&
                strcmp (now->notice.version, wrong->notice.version) == 0 &&
                strcmp (now->notice.language, wrong->notice.language) == 0;
    return !same ? "notice.id" : now->notice.given_at != wrong->notice.given_at ? "notice.given_at" : NULL;
}

static const char *keep_signatures (struct turn *turn, struct statement *now, const struct statement *wrong)
{
    if (now->signature_count == 0) {
        now->signatures = wrong->signatures;
        now->signature_count = wrong->signature_count;
    }
    if (now->signature_count != wrong->signature_count)
        return "signatures";
    for (size_t i = 0; i < now->signature_count; i++)
        if (strcmp (now->signatures[i].signer, wrong->signatures[i].signer) != 0 ||
            now->signatures[i].given_at != wrong->signatures[i].given_at)
            return arena_printf (turn->arena, "signatures[%zu]", i);
    return NULL;
}

static const char *keep_validity (struct statement *now, const struct statement *wrong)
{
    if (now->valid_from == 0)
        now->valid_from = wrong->valid_from;
    if (now->valid_until == 0)
        now->valid_until = wrong->valid_until;
    now->one_time = now->one_time || wrong->one_time;
    now->under_secrecy = now->under_secrecy || wrong->under_secrecy;
    return now->valid_from != wrong->valid_from    ? "valid_from"
           : now->valid_until > wrong->valid_until ? "valid_until"
                                                   : NULL;
}

static const char *keep_signed (struct turn *turn, struct statement *now, const struct statement *wrong)
{
    if (now->motivation[0] == '\0')
        now->motivation = wrong->motivation;
    const char *field = keep_evidence (now, wrong);
    if (field == NULL)
        field = keep_notice (now, wrong);
    if (field == NULL)
        field = keep_signatures (turn, now, wrong);
    return field != NULL ? field : keep_validity (now, wrong);
}

/* --- The scope ---------------------------------------------------------------------------------------- */

static bool is_same_set (const struct text_set *one, const struct text_set *other)
{
    for (size_t i = 0; i < one->count; i++)
        if (!text_set_has (other, one->item[i]))
            return false;
    return one->count == other->count;
}

static bool is_same_use (const struct scope *one, const struct scope *other)
{
    return strcmp (one->purpose, other->purpose) == 0 && strcmp (one->case_ref, other->case_ref) == 0 &&
           is_same_set (&one->origins, &other->origins);
}

static bool is_same_scope (const struct scope *one, const struct scope *other)
{
    return is_same_use (one, other) && is_same_set (&one->providers, &other->providers) &&
           is_same_set (&one->recipients, &other->recipients) &&
           is_same_set (&one->categories, &other->categories);
}

/* G10: a correction brings nothing back that was withdrawn. A withdrawal named what the wrong record had. */
static bool has_withdrawn (const struct statement *now, const struct statement *wrong, moment when)
{
    const struct scope *scope = &now->scope;
    for (size_t p = 0; p < scope->providers.count; p++)
        for (size_t r = 0; r < scope->recipients.count; r++)
            for (size_t c = 0; c < scope->categories.count; c++)
                if (statement_is_withdrawn_for (wrong, scope->providers.item[p], scope->recipients.item[r],
                                                scope->categories.item[c], when))
                    return true;
    return false;
}

/* --- Judging ------------------------------------------------------------------------------------------ */

static bool find_wrong (const struct subject_file *file, const struct statement *statement, size_t *index)
{
    for (size_t i = 0; i < file->statement_count; i++)
        if (memcmp (file->statements[i].id, statement->corrects, sizeof statement->corrects) == 0) {
            *index = i;
            return true;
        }
    return false;
}

static const char *why_not (struct turn *turn, const struct subject_file *file, size_t index)
{
    struct decide_facts facts = subject_file_facts (turn, file);
    if (file->statements[index].refusal)
        return "this is a refusal: record what the subject said";
    if (file->statements[index].is_corrected)
        return "this consent was corrected already";
    return decide_state (&facts, index) != STATE_GRANTED ? "this consent has ended: it permits nothing" : NULL;
}

/* The answer stays OK. */
static int judge (struct turn *turn, struct statement *now, const struct statement *wrong,
                  struct handling *handling)
{
    const char *field = keep_signed (turn, now, wrong);
    if (field != NULL)
        return handling_invalid (handling, arena_printf (turn->arena, "grant.%s", field), signed_anew);
    if (is_same_scope (&now->scope, &wrong->scope))
        return handling_invalid (handling, "grant.scope", "it is recorded so: nothing is corrected");
    if (has_withdrawn (now, wrong, turn->now))
        return handling_invalid (handling, "grant.scope", "a part of this was withdrawn: record a new consent");
    now->stands_for = statement_place (wrong);
    return 0;
}

int correction_open (struct turn *turn, const struct caller *caller, struct correction *self,
                     struct handling *handling)
{
    self->done_on = (struct done_on){
        .number = self->request->as.statement.request, .action = RIGHTS_RECTIFY, .field = "grant.request"};
    int rc = done_on_open (turn, caller, &self->done_on, handling);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    if (!find_wrong (&handling->file, self->statement, &self->wrong))
        return handling_invalid (handling, "grant.corrects", "no such consent of this subject");
    const char *why = why_not (turn, &handling->file, self->wrong);
    if (why != NULL)
        return handling_invalid (handling, "grant.corrects", why);
    return judge (turn, self->statement, &handling->file.statements[self->wrong], handling);
}

/* --- Recording ---------------------------------------------------------------------------------------- */

/* The scope has an item that this recipient received. */
static bool lets_receive (const struct scope *scope, const char *provider, const char *recipient,
                          const char *category)
{
    return text_set_has (&scope->providers, provider) && text_set_has (&scope->recipients, recipient) &&
           text_set_has (&scope->categories, category);
}

static bool is_wrong_for (const struct scope *wrong, const struct scope *now, const char *recipient,
                          const char *category)
{
    for (size_t i = 0; i < wrong->providers.count; i++)
        if (lets_receive (wrong, wrong->providers.item[i], recipient, category) &&
            (!is_same_use (wrong, now) || !lets_receive (now, wrong->providers.item[i], recipient, category)))
            return true;
    return false;
}

/* R4: what was recorded as if it might go there, and went there. */
static int tell_recipients (struct turn *turn, const struct subject_file *file, const struct scope *wrong,
                            const struct scope *now)
{
    struct received *each = arena_array (turn->arena, file->received_count, sizeof *each);
    size_t count = 0;
    for (size_t i = 0; i < file->received_count; i++) {
        const struct received *one = &file->received[i];
        struct text_set found = {arena_array (turn->arena, one->categories.count, sizeof (char *)), 0};
        for (size_t j = 0; j < one->categories.count; j++)
            if (is_wrong_for (wrong, now, one->party, one->categories.item[j]))
                found.item[found.count++] = one->categories.item[j];
        if (found.count > 0)
            each[count++] = (struct received){.party = one->party, .categories = found};
    }
    return recipients_tell_each (turn, file, each, count);
}

int correction_record (struct turn *turn, struct correction *self, struct handling *handling)
{
    struct subject_file *file = &handling->file;
    const struct statement wrong = file->statements[self->wrong];
    struct tell_items items;
    tell_find_items (turn, &wrong, NULL, &items);
    int rc = subject_file_correct (turn, file, self->wrong, self->statement->id);
    if (rc == 0)
        rc = tell_consent (turn, subject_file_about (file), EVENT_CONSENT_CORRECTED, &items, NULL);
    if (rc == 0)
        rc = tell_recipients (turn, file, &wrong.scope, &self->statement->scope);
    return rc == 0 ? done_on_note (turn, &self->done_on, "grant", handling) : rc;
}
