#include "subject_change.h"
#include <string.h>
#include "ask.h"
#include "ctl.h"
#include "moments.h"
#include "table.h"

const char *subject_describe_representative (struct ctl *ctl, const Consentd__Representative *one)
{
    char until[11];
    const char *last = day_before (one->until, until) && *until ? until : "open";
    const char *text = arena_printf (ctl->arena, "%s, %s, %s to %s", one->reference, one->kind, one->from, last);
    if (*one->refused_from)
        text = arena_printf (ctl->arena, "%s; refused from %s: %s", text, one->refused_from, one->refused_reason);
    return text;
}

/* The lines of a change. */
struct changes {
    struct ctl *ctl;
    struct table table;
    size_t count;
};

static void add (struct changes *self, const char *what, const char *before, const char *after)
{
    if (strcmp (before, after) == 0)
        return;
    table_add (&self->table, (const char *[]){what, *before ? before : "-", *after ? after : "-"});
    self->count++;
}

static const Consentd__Representative *find_representative (const Consentd__SubjectShowReply *subject,
                                                            const char *reference)
{
    for (size_t i = 0; i < subject->n_representatives; i++)
        if (strcmp (subject->representatives[i]->reference, reference) == 0)
            return subject->representatives[i];
    return NULL;
}

static void compare_representatives (struct changes *self, const Consentd__SubjectShowReply *before,
                                     const Consentd__SubjectShowReply *after)
{
    struct ctl *ctl = self->ctl;
    for (size_t i = 0; i < before->n_representatives; i++) {
        const Consentd__Representative *was = before->representatives[i],
                                       *is = find_representative (after, was->reference);
        add (self, "representative", subject_describe_representative (ctl, was),
             is ? subject_describe_representative (ctl, is) : "");
    }
    for (size_t i = 0; i < after->n_representatives; i++)
        if (!find_representative (before, after->representatives[i]->reference))
            add (self, "representative", "", subject_describe_representative (ctl, after->representatives[i]));
}

static const char *capability_on (const Consentd__SubjectShowReply *subject, const char *day)
{
    for (size_t i = 0; i < subject->n_capabilities; i++)
        if (strcmp (subject->capabilities[i]->from, day) == 0)
            return subject->capabilities[i]->capable ? "capable" : "not capable";
    return "";
}

static void compare_capabilities (struct changes *self, const Consentd__SubjectShowReply *before,
                                  const Consentd__SubjectShowReply *after)
{
    for (size_t i = 0; i < before->n_capabilities; i++) {
        const char *day = before->capabilities[i]->from;
        add (self, arena_printf (self->ctl->arena, "from %s", day), capability_on (before, day),
             capability_on (after, day));
    }
    for (size_t i = 0; i < after->n_capabilities; i++) {
        const char *day = after->capabilities[i]->from;
        if (!*capability_on (before, day))
            add (self, arena_printf (self->ctl->arena, "from %s", day), "", capability_on (after, day));
    }
}

/* "": none is recorded. */
static const char *care_end_under (const Consentd__SubjectShowReply *subject, const char *law)
{
    for (size_t i = 0; i < subject->n_care_ended; i++)
        if (strcmp (subject->care_ended[i]->law, law) == 0)
            return subject->care_ended[i]->day;
    return "";
}

static void compare_care_ended (struct changes *self, const Consentd__SubjectShowReply *before,
                                const Consentd__SubjectShowReply *after)
{
    for (size_t i = 0; i < before->n_care_ended; i++) {
        const Consentd__CareEnd *was = before->care_ended[i];
        add (self, arena_printf (self->ctl->arena, "care ended, %s", was->law), was->day,
             care_end_under (after, was->law));
    }
    for (size_t i = 0; i < after->n_care_ended; i++) {
        const Consentd__CareEnd *is = after->care_ended[i];
        if (!*care_end_under (before, is->law))
            add (self, arena_printf (self->ctl->arena, "care ended, %s", is->law), "", is->day);
    }
}

bool subject_change_print (struct ctl *ctl, const Consentd__SubjectShowReply *before,
                           const Consentd__SubjectShowReply *after, FILE *out)
{
    static const char *const headings[] = {"CHANGES", "FROM", "TO"};
    struct changes changes = {ctl, table_start (ctl->arena, headings, 3), 0};
    add (&changes, "born", before->birth_date, after->birth_date);
    add (&changes, "died", before->death_date, after->death_date);
    compare_representatives (&changes, before, after);
    compare_capabilities (&changes, before, after);
    compare_care_ended (&changes, before, after);
    if (!before->known)
        add (&changes, "subject", "", "known");
    for (size_t i = 0; i < after->n_ended; i++)
        add (&changes, "consent", "granted",
             arena_printf (ctl->arena, "ends: %s", ask_hex (ctl, &after->ended[i])));
    for (size_t i = 0; i < after->n_restored; i++)
        add (&changes, "consent", "ended",
             arena_printf (ctl->arena, "stands again: %s", ask_hex (ctl, &after->restored[i])));
    for (size_t i = 0; i < after->n_informed && changes.count > 0; i++)
        add (&changes, "told", "", after->informed[i]);
    if (changes.count > 0)
        table_print (&changes.table, out);
    return changes.count > 0;
}
