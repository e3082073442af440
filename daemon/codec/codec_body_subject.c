/* What is recorded of a subject, and how it changes. */
#include <string.h>
#include "arena.h"
#include "codec_body.h"

/* Of one who is registered what is empty stays as it is: only what is given is looked at here. */
static struct representative read_representative (struct syntax *syntax, const Consentd__Representative *wire)
{
    struct representative one = {
        .reference = syntax_required (syntax, SYNTAX_REFERENCE, "representatives[#].reference", wire->reference),
        .kind = syntax_optional (syntax, SYNTAX_CODE, "representatives[#].kind", wire->kind),
        .from = syntax_optional_day (syntax, "representatives[#].from", wire->from),
        .until = syntax_optional_day (syntax, "representatives[#].until", wire->until),
        .refused_from = syntax_optional_day (syntax, "representatives[#].refused_from", wire->refused_from),
        .refused_reason =
            syntax_optional (syntax, SYNTAX_TEXT, "representatives[#].refused_reason", wire->refused_reason),
    };
    if (strcmp (one.reference, "subject") == 0)
        syntax_fault (syntax, "representatives[#].reference", "The word 'subject' stands for the subject alone.");
    if (one.until.month > 0 && one.from.month > 0 && calendar_compare (one.until, one.from) <= 0)
        syntax_fault (syntax, "representatives[#].until", "This day is later than the first.");
    if (wire->refused_from[0] != '\0' && wire->refused_reason[0] == '\0')
        syntax_fault (syntax, "representatives[#].refused_reason", "Refusing a representative has a reason.");
    if (wire->refused_from[0] == '\0' && wire->refused_reason[0] != '\0')
        syntax_fault (syntax, "representatives[#].refused_from", "A reason to refuse comes with its first day.");
    return one;
}

static void read_representatives (struct syntax *syntax, const Consentd__SubjectSetRequest *wire,
                                  struct subject_change *change)
{
    struct representative *all = arena_array (syntax->arena, wire->n_representatives, sizeof *all);
    change->representatives = all;
    change->representative_count = wire->n_representatives;
    for (size_t i = 0; i < wire->n_representatives; i++) {
        syntax->index = i;
        all[i] = read_representative (syntax, wire->representatives[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp (all[j].reference, all[i].reference) == 0)
                syntax_fault (syntax, "representatives[#].reference", "This reference is given twice.");
    }
}

static void read_capabilities (struct syntax *syntax, const Consentd__SubjectSetRequest *wire,
                               struct subject_change *change)
{
    struct capability *all = arena_array (syntax->arena, wire->n_capabilities, sizeof *all);
    change->capabilities = all;
    change->capability_count = wire->n_capabilities;
    for (size_t i = 0; i < wire->n_capabilities; i++) {
        syntax->index = i;
        all[i] = (struct capability){
            .from = syntax_required_day (syntax, "capabilities[#].from", wire->capabilities[i]->from),
            .capable = wire->capabilities[i]->capable,
        };
        if (i > 0 && calendar_compare (all[i].from, all[i - 1].from) <= 0)
            syntax_fault (syntax, "capabilities[#].from", "This day is later than that of the entry before.");
    }
}

/* References, sorted. */
static const char *const *read_references (struct syntax *syntax, const char *field, size_t size, char **wire,
                                           size_t *count)
{
    struct text_set set;
    syntax_set (syntax, SYNTAX_REFERENCE, field, size, wire, &set);
    *count = set.count;
    return set.item;
}

static void read_removal (struct syntax *syntax, const Consentd__SubjectSetRequest *request,
                          struct subject_change *change)
{
    const Consentd__SubjectRemoval *wire = request->remove;
    if (!wire)
        return;
    if (change->whole)
        syntax_fault (syntax, "remove", "Of a whole record nothing is taken away: it is what is named.");
    change->no_birth = wire->birth_date;
    change->no_death = wire->death_date;
    if (change->no_birth && change->birth.month != 0)
        syntax_fault (syntax, "remove.birth_date", "This is set by the same request.");
    if (change->no_death && change->death.month != 0)
        syntax_fault (syntax, "remove.death_date", "This is set by the same request.");
    change->no_representatives = read_references (syntax, "remove.representatives[#]", wire->n_representatives,
                                                  wire->representatives, &change->no_representative_count);
    change->no_untils =
        read_references (syntax, "remove.untils[#]", wire->n_untils, wire->untils, &change->no_until_count);
    change->no_refusals = read_references (syntax, "remove.refusals[#]", wire->n_refusals, wire->refusals,
                                           &change->no_refusal_count);
    struct day *days = arena_array (syntax->arena, wire->n_capabilities, sizeof *days);
    for (size_t i = 0; i < wire->n_capabilities; i++) {
        syntax->index = i;
        days[i] = syntax_required_day (syntax, "remove.capabilities[#]", wire->capabilities[i]);
    }
    change->no_capabilities = days;
    change->no_capability_count = wire->n_capabilities;
}

void codec_read_subject_set (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__SubjectSetRequest *wire = envelope->subject_set;
    struct subject_set_request *asked = &request->as.subject_set;
    struct subject_change *change = &asked->change;
    request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    change->birth = syntax_optional_day (syntax, "birth_date", wire->birth_date);
    change->death = syntax_optional_day (syntax, "death_date", wire->death_date);
    if (change->birth.month > 0 && change->death.month > 0 && calendar_compare (change->death, change->birth) < 0)
        syntax_fault (syntax, "death_date", "This day is not before the day of birth.");
    change->whole = wire->whole;
    read_representatives (syntax, wire, change);
    read_capabilities (syntax, wire, change);
    read_removal (syntax, wire, change);
    asked->has_expected = wire->expected.len > 0;
    if (asked->has_expected)
        syntax_id (syntax, "expected", wire->expected.len, wire->expected.data, asked->expected);
    request->is_trial = wire->advise;
    request->user = syntax_optional (syntax, SYNTAX_REFERENCE, "user", wire->user);
}

void codec_read_subject_show (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    request->bsn = syntax_bsn (syntax, "bsn", envelope->subject_show->bsn);
}
