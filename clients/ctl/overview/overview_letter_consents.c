/* What was agreed: consents, refusals, requests for consent; what was withdrawn, and who has heard of it. */
#include <inttypes.h>
#include <string.h>
#include "arena.h"
#include "identifier.h"
#include "letter/letter_words.h"
#include "overview_letter_parts.h"
#include "overview_words.h"

#define LABEL(name) CONSENTD__OVERVIEW_LABEL__KIND__##name

/* Who it was. What is empty concerns another person, or was left out because of him (M9). */
static const char *name_person (const char *who)
{
    if (strcmp (who, "subject") == 0)
        return "u zelf";
    return *who ? "de vertegenwoordiger voor wie dit overzicht is" : "een vertegenwoordiger";
}

static const char *describe_signatures (const struct overview *overview, const Consentd__Consent *consent)
{
    const char *words = "";
    for (size_t i = 0; i < consent->n_signatures; i++)
        words = arena_printf (overview->arena, "%s%s%s, op %s", words, *words ? "; " : "",
                              name_person (consent->signatures[i]->signer),
                              letter_day (overview->arena, consent->signatures[i]->given_at));
    return words;
}

static const char *describe_notice (const struct overview *overview, const Consentd__Consent *consent)
{
    if (!consent->notice || !*consent->notice->id)
        return "";
    return arena_printf (overview->arena, "%s, versie %s, op %s", consent->notice->id, consent->notice->version,
                         letter_day (overview->arena, consent->notice->given_at));
}

/* The scope of a consent, a refusal or a request. */
static void add_scope (struct overview_letter *self, const Consentd__Consent *consent)
{
    const struct overview *overview = self->overview;
    const Consentd__Scope *scope = consent->scope;
    letter_add_fact (&self->document, "Welke gegevens",
                     overview_labels (overview, LABEL (CATEGORY), scope->categories, scope->n_categories));
    letter_add_fact (&self->document, "Wie geeft ze",
                     overview_parties (overview, scope->providers, scope->n_providers));
    letter_add_fact (&self->document, "Wie krijgt ze",
                     overview_parties (overview, scope->recipients, scope->n_recipients));
    letter_add_fact (&self->document, "Herkomst",
                     overview_labels (overview, LABEL (ORIGIN), scope->origins, scope->n_origins));
    letter_add_fact (&self->document, "Zaak", scope->case_ref);
    letter_add_fact (&self->document, "Waarom dit nodig is", consent->motivation);
}

static void add_consent_facts (struct overview_letter *self, const Consentd__Consent *consent)
{
    const struct overview *overview = self->overview;
    struct arena *arena = overview->arena;
    bool is_refusal = consent->state == CONSENTD__CONSENT__STATE__REFUSAL;
    letter_begin_facts (&self->document);
    add_scope (self, consent);
    if (!is_refusal) {
        letter_add_fact (&self->document, "Geldig vanaf", letter_day (arena, consent->valid_from));
        letter_add_fact (&self->document, "Geldig tot en met", letter_last_day (arena, consent->valid_until));
        letter_add_fact (&self->document, "Hoe vaak", consent->one_time ? "voor één keer" : "");
    }
    letter_add_fact (&self->document, is_refusal ? "Wie nee zei" : "Wie ja zei",
                     describe_signatures (overview, consent));
    letter_add_fact (&self->document, "Hoe", overview_form (consent->form));
    letter_add_fact (&self->document, "Bewijs", consent->evidence ? consent->evidence->reference : "");
    letter_add_fact (&self->document, "Uitleg die u kreeg", describe_notice (overview, consent));
    if (consent->corrects.len > 0)
        letter_add_fact (&self->document, "Verbetering", "van wat eerst verkeerd was opgeschreven");
    letter_add_fact (&self->document, "Opgeschreven",
                     arena_printf (arena, "op %s, door %s", letter_day (arena, consent->recorded_at),
                                   overview_party (overview, consent->recorded_by)));
    if (*consent->asked_by)
        letter_add_fact (&self->document, "Gevraagd",
                         arena_printf (arena, "op %s, door %s", letter_day (arena, consent->asked_at),
                                       overview_party (overview, consent->asked_by)));
}

static void add_told (struct overview_letter *self, const struct overview_change *change)
{
    static const char *const headings[] = {"Organisatie", "Verteld op", "Heeft het bericht gezien"};
    const char *when = letter_moment (self->overview->arena, change->time);
    struct overview_told_row row;
    if (change->told_count == 0)
        return;
    letter_begin_table (&self->document, headings, 3);
    for (size_t i = 0; i < change->told_count; i++)
        for (size_t j = 0; overview_told_row (self->overview, &change->told[i], j, &row); j++)
            letter_add_row (&self->document, (const char *[]){row.who, when, row.heard});
}

/* A party of which more than one system is told. */
static bool has_systems (const struct overview_change *change)
{
    size_t i = 0;
    while (i < change->told_count && change->told[i].system_count == 0)
        i++;
    return i < change->told_count;
}

static const char *describe_part (const struct overview *overview, const Consentd__Withdrawal *withdrawal)
{
    const char *words =
        overview_labels (overview, LABEL (CATEGORY), withdrawal->categories, withdrawal->n_categories);
    if (withdrawal->n_providers > 0)
        words = arena_printf (overview->arena, "%s%svan %s", words, *words ? "; " : "",
                              overview_parties (overview, withdrawal->providers, withdrawal->n_providers));
    if (withdrawal->n_recipients > 0)
        words = arena_printf (overview->arena, "%s%saan %s", words, *words ? "; " : "",
                              overview_parties (overview, withdrawal->recipients, withdrawal->n_recipients));
    return words;
}

/* V8: what was taken back, and who has heard of it. */
static void add_withdrawal (struct overview_letter *self, const Consentd__Withdrawal *withdrawal)
{
    const struct overview *overview = self->overview;
    const char *part = describe_part (overview, withdrawal);
    const struct overview_change *change = overview_find_change (overview, withdrawal->number);
    overview_say (self, "Ingetrokken op %s, door %s. %s heeft dat opgeschreven.",
                  letter_day (overview->arena, withdrawal->withdrawn_at), name_person (withdrawal->withdrawn_by),
                  overview_party (overview, withdrawal->recorded_by));
    if (*part)
        overview_say (self, "Het gaat om dit deel: %s.", part);
    if (!change)
        return;
    overview_say (self, "Wij hebben dit verteld aan de organisaties hieronder.");
    if (has_systems (change))
        overview_say (self, "Heeft een organisatie meer computersystemen? Dan staat elk systeem apart.");
    add_told (self, change);
}

static void add_consent (struct overview_letter *self, const Consentd__Consent *consent, size_t number)
{
    const char *sort = consent->state == CONSENTD__CONSENT__STATE__REFUSAL ? "Nee" : "Toestemming";
    letter_add_heading (&self->document, 3,
                        arena_printf (self->overview->arena, "%s %zu: %s", sort, number,
                                      overview_label (self->overview, LABEL (PURPOSE), consent->scope->purpose)));
    overview_say (self, "%s", overview_state (self->overview, consent));
    add_consent_facts (self, consent);
    for (size_t i = 0; i < consent->n_withdrawals; i++)
        add_withdrawal (self, consent->withdrawals[i]);
}

static void add_consents (struct overview_letter *self, bool refusals)
{
    const struct overview_kept *kept = &self->overview->kept;
    for (size_t i = 0, number = 0; i < kept->consent_count; i++)
        if ((kept->consents[i]->state == CONSENTD__CONSENT__STATE__REFUSAL) == refusals)
            add_consent (self, kept->consents[i], ++number);
}

static size_t count (const struct overview_kept *kept, bool refusals)
{
    size_t all = 0;
    for (size_t i = 0; i < kept->consent_count; i++)
        all += (kept->consents[i]->state == CONSENTD__CONSENT__STATE__REFUSAL) == refusals;
    return all;
}

void overview_letter_consents (struct overview_letter *self)
{
    const struct overview_kept *kept = &self->overview->kept;
    letter_set_flag (self->values, "geen-toestemmingen", count (kept, false) == 0);
    overview_part_begin (self);
    add_consents (self, false);
    overview_part_end (self, "toestemmingen");
    if (count (kept, true) == 0)
        return;
    overview_part_begin (self);
    add_consents (self, true);
    overview_part_end (self, "weigeringen");
}

/* The state of a request: what was answered, or that nothing was. */
static const char *describe_answer (const struct overview_letter *self, const Consentd__Consent *request)
{
    switch (request->state) {
    case CONSENTD__CONSENT__STATE__GRANTED:
        return "U zei ja, of ja tegen een deel. Dat staat bij uw toestemmingen.";
    case CONSENTD__CONSENT__STATE__REFUSAL:
        return "U zei nee.";
    case CONSENTD__CONSENT__STATE__EXPIRED:
        return "Er kwam geen antwoord. Nu kan dat niet meer.";
    default:
        return overview_state (self->overview, request);
    }
}

void overview_letter_requests (struct overview_letter *self)
{
    const struct overview_kept *kept = &self->overview->kept;
    if (kept->request_count == 0)
        return;
    overview_part_begin (self);
    for (size_t i = 0; i < kept->request_count; i++) {
        const Consentd__Consent *request = kept->requests[i];
        letter_add_heading (&self->document, 3,
                            overview_label (self->overview, LABEL (PURPOSE), request->scope->purpose));
        overview_say (self, "%s vroeg dit op %s. %s", overview_party (self->overview, request->asked_by),
                      letter_day (self->overview->arena, request->asked_at), describe_answer (self, request));
        letter_begin_facts (&self->document);
        add_scope (self, request);
    }
    overview_part_end (self, "gevraagd");
}

static void add_rights (struct overview_letter *self, const Consentd__RightsRequest *request)
{
    struct arena *arena = self->overview->arena;
    letter_add_heading (
        &self->document, 3,
        arena_printf (arena, "%s (nummer %" PRIu64 ")", overview_rights_kind (request->kind), request->number));
    overview_say (self, "%s", overview_rights_state (request->state));
    if (request->to_be_erased)
        overview_say (self, "Het wissen moet nog gebeuren.");
    letter_begin_facts (&self->document);
    letter_add_fact (&self->document, "Wie vroeg dit", name_person (request->by));
    letter_add_fact (&self->document, "Gekregen op", letter_day_of_text (arena, request->received));
    letter_add_fact (&self->document, "Wat is gevraagd", request->wish);
    if (request->decided_at)
        letter_add_fact (&self->document, "Beslist op", letter_day (arena, request->decided_at));
    else
        letter_add_fact (&self->document, "Antwoord uiterlijk", letter_last_day (arena, request->due));
    letter_add_fact (&self->document, "Gewist op", letter_day (arena, request->erased_at));
    letter_add_fact (&self->document, "Later, omdat", request->extension_reason);
    letter_add_fact (&self->document, "Waarom", request->reason);
    letter_add_fact (&self->document, "Artikel", overview_article (self, request->article));
    letter_add_fact (&self->document, "Bezwaar kan tot en met", letter_last_day (arena, request->objection_until));
}

void overview_letter_rights (struct overview_letter *self)
{
    const struct overview_kept *kept = &self->overview->kept;
    if (kept->rights_count == 0)
        return;
    overview_part_begin (self);
    for (size_t i = 0; i < kept->rights_count; i++)
        add_rights (self, kept->rights[i]);
    overview_part_end (self, "verzoeken");
}

/* The changes that no withdrawal shows: restrictions, ends, corrections. */
static bool is_shown_here (const struct overview_change *change)
{
    static const char *const shown[] = {"restrict", "lift-restriction", "expire",
                                        "lapse",    "restore",          "subject-set"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (strcmp (change->action, shown[i]) == 0)
            return true;
    return false;
}

static const char *name_change (const char *action)
{
    if (strcmp (action, "restrict") == 0)
        return "Gegevens zijn afgeschermd";
    if (strcmp (action, "lift-restriction") == 0)
        return "Een afscherming is opgeheven";
    if (strcmp (action, "expire") == 0)
        return "Een toestemming is verlopen";
    if (strcmp (action, "restore") == 0)
        return "Een toestemming geldt weer";
    return "Een toestemming geldt niet meer";
}

static void add_change (struct overview_letter *self, const struct overview_change *change)
{
    const char *when = letter_moment (self->overview->arena, change->time);
    struct overview_told_row row;
    for (size_t i = 0; i < change->told_count; i++)
        for (size_t j = 0; overview_told_row (self->overview, &change->told[i], j, &row); j++)
            letter_add_row (&self->document,
                            (const char *[]){name_change (change->action), row.who, when, row.heard});
}

void overview_letter_changes (struct overview_letter *self)
{
    static const char *const headings[] = {"Wat er veranderde", "Organisatie", "Verteld op",
                                           "Heeft het bericht gezien"};
    const struct overview *overview = self->overview;
    bool is_first = true;
    for (const struct overview_change *change = overview->changes; change; change = change->next) {
        if (!is_shown_here (change))
            continue;
        if (is_first) {
            overview_part_begin (self);
            letter_begin_table (&self->document, headings, 4);
        }
        is_first = false;
        add_change (self, change);
    }
    if (!is_first)
        overview_part_end (self, "veranderingen");
}
