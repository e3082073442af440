#include "overview_letter.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_words.h"
#include "overview_letter_parts.h"
#include "overview_words.h"

#define LABEL(name) CONSENTD__OVERVIEW_LABEL__KIND__##name

/* What each article says, in a sentence. */
static const struct {
    const char *name, *says;
} articles[ARTICLES] = {
    [ARTICLE_3] = {"artikel 3", "Het mag als u toestemming geeft. Soms mag het ook omdat een wet het zegt"},
    [ARTICLE_10] = {"artikel 10", "Als iemand uw gegevens van een ander krijgt, hoort u dat"},
    [ARTICLE_13] = {"artikel 13", "U mag weten welke gegevens wij over u hebben"},
    [ARTICLE_13_4] = {"artikel 13, lid 4", "Wij laten weg wat over een ander gaat"},
    [ARTICLE_14] = {"artikel 14",
                    "U mag vragen om iets te verbeteren, aan te vullen, weg te halen of af te schermen"},
    [ARTICLE_15] = {"artikel 15", "U kunt dan bezwaar maken. Doe dat binnen zes weken"},
    [ARTICLE_16] = {"artikel 16", "U kunt hulp vragen aan de Autoriteit Persoonsgegevens"},
};

const char *overview_cite (struct overview_letter *self, enum article article)
{
    bool is_first = !self->cited[article], is_any = false;
    for (int i = 0; i < ARTICLES; i++)
        is_any |= self->cited[i];
    self->cited[article] = true;
    return !is_first ? articles[article].name
                     : arena_printf (self->overview->arena, "%s%s. %s", articles[article].name,
                                     is_any ? "" : " van het privacyreglement", articles[article].says);
}

void overview_say (struct overview_letter *self, const char *format, ...)
{
    char *text;
    va_list list;
    va_start (list, format);
    int size = vasprintf (&text, format, list);
    va_end (list);
    if (size < 0)
        abort ();
    letter_add_paragraph (&self->document, text);
    free (text);
}

const char *overview_number (const struct overview *overview, uint64_t count, const char *one, const char *more)
{
    return arena_printf (overview->arena, "%" PRIu64 " %s", count, count == 1 ? one : more);
}

/* --- The beginning --------------------------------------------------------------------------------------- */

/* R5: a second overview soon after is made all the same. */
static void add_previous (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    if (overview->previous_at == 0 || overview->part.since != 0 || *overview->part.case_ref)
        return;
    const char *when = letter_day (overview->arena, overview->previous_at);
    if (overview->since_previous == 0)
        overview_say (
            self,
            "Op %s is ook een overzicht gemaakt. Daarna is er niets bij gekomen. U kunt dus ook het vorige "
            "overzicht gebruiken.",
            when);
    else
        overview_say (self, "Op %s is ook een overzicht gemaakt. Daarna is er %" PRIu64 " keer iets bij gekomen.",
                      when, overview->since_previous);
}

static void add_part (struct overview_letter *self)
{
    if (self->options->year)
        overview_say (self, "Dit is een deel. Het gaat over het jaar %d.", self->options->year);
    if (*self->overview->part.case_ref)
        overview_say (self, "Dit is een deel. Het gaat over de zaak %s.", self->overview->part.case_ref);
}

static void add_beginning (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    letter_add_heading (&self->document, 1, "Overzicht van uw gegevens");
    overview_say (
        self,
        "%s heeft een register van toestemmingen. Daarin staat wie gegevens over u mag doorgeven, en aan "
        "wie. In deze brief leest u wat er over u in staat op %s.",
        overview->controller, letter_moment (overview->arena, overview->made_at));
    overview_say (self, "U hebt recht op dit overzicht. Dat staat in %s.", overview_cite (self, ARTICLE_13));
    if (*overview->reader)
        overview_say (
            self, "Deze brief is voor een vertegenwoordiger. Waar 'u' staat, gaat het om de persoon van wie de "
                  "gegevens zijn.");
    add_part (self);
    add_previous (self);
}

static size_t count_in_force (const struct overview *overview)
{
    size_t count = 0;
    for (size_t i = 0; i < overview->kept.consent_count; i++)
        count += overview->kept.consents[i]->state == CONSENTD__CONSENT__STATE__GRANTED &&
                 overview->kept.consents[i]->valid_from <= overview->made_at;
    return count;
}

static size_t count_refusals (const struct overview *overview)
{
    size_t count = 0;
    for (size_t i = 0; i < overview->kept.consent_count; i++)
        count += overview->kept.consents[i]->state == CONSENTD__CONSENT__STATE__REFUSAL;
    return count;
}

static void add_summary (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    size_t refusals = count_refusals (overview), consents = overview->kept.consent_count - refusals;
    letter_add_heading (&self->document, 2, "In het kort");
    letter_begin_list (&self->document);
    letter_add_line (&self->document,
                     arena_printf (overview->arena, "%s. Daarvan %s er nu %zu.",
                                   overview_number (overview, consents, "toestemming", "toestemmingen"),
                                   count_in_force (overview) == 1 ? "geldt" : "gelden",
                                   count_in_force (overview)));
    if (refusals > 0)
        letter_add_line (&self->document, arena_printf (overview->arena, "%s dat u nee zei.",
                                                        overview_number (overview, refusals, "keer", "keer")));
    letter_add_line (
        &self->document,
        arena_printf (overview->arena, "%s dat gegevens zijn doorgegeven.",
                      overview_number (overview, overview_count (overview, OVERVIEW_DISCLOSED), "keer", "keer")));
    letter_add_line (
        &self->document,
        arena_printf (overview->arena, "%s dat iemand om gegevens vroeg en nee kreeg.",
                      overview_number (overview, overview_count (overview, OVERVIEW_DENIED), "keer", "keer")));
}

/* --- The subject himself --------------------------------------------------------------------------------- */

static void add_representatives (struct overview_letter *self, const Consentd__SubjectShowReply *subject)
{
    const struct overview *overview = self->overview;
    for (size_t i = 0; i < subject->n_representatives; i++) {
        const Consentd__Representative *one = subject->representatives[i];
        char last[11];
        const char *until =
            *one->until && day_before (one->until, last) ? letter_day_of_text (overview->arena, last) : "";
        letter_add_fact (&self->document, "Vertegenwoordiger",
                         arena_printf (overview->arena, "%s, vanaf %s%s%s",
                                       overview_label (overview, LABEL (REPRESENTATIVE), one->kind),
                                       letter_day_of_text (overview->arena, one->from),
                                       *until ? " tot en met " : "", until));
    }
}

static void add_restrictions (struct overview_letter *self, const Consentd__SubjectShowReply *subject)
{
    const struct overview *overview = self->overview;
    for (size_t i = 0; i < subject->n_restrictions; i++) {
        const Consentd__Restriction *one = subject->restrictions[i];
        letter_add_fact (&self->document, "Afgeschermd",
                         arena_printf (overview->arena, "%s, sinds %s, door %s%s%s",
                                       *one->category ? overview_label (overview, LABEL (CATEGORY), one->category)
                                                      : "alle gegevens",
                                       letter_day (overview->arena, one->since),
                                       overview_party (overview, one->recorded_by),
                                       *one->reason ? ". Reden: " : "", one->reason));
    }
}

static void add_subject (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    const Consentd__SubjectShowReply *subject = overview->subject;
    letter_add_heading (&self->document, 2, "Wat er over u zelf staat");
    overview_say (self,
                  "Uw naam en adres staan niet in het register. Ook uw burgerservicenummer (BSN) staat er niet "
                  "leesbaar in.");
    letter_begin_facts (&self->document);
    letter_add_fact (&self->document, "Geboren", letter_day_of_text (overview->arena, subject->birth_date));
    letter_add_fact (&self->document, "Overleden", letter_day_of_text (overview->arena, subject->death_date));
    add_representatives (self, subject);
    for (size_t i = 0; i < subject->n_capabilities; i++)
        letter_add_fact (&self->document, "Zelf beslissen",
                         arena_printf (overview->arena, "%s vanaf %s",
                                       subject->capabilities[i]->capable ? "u beslist zelf"
                                                                         : "een vertegenwoordiger beslist voor u",
                                       letter_day_of_text (overview->arena, subject->capabilities[i]->from)));
    add_restrictions (self, subject);
}

/* --- The end --------------------------------------------------------------------------------------------- */

/* R6: that something is left out is said, with the article. */
static void add_left_out (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    letter_add_heading (&self->document, 2, "Wat er niet in dit overzicht staat");
    overview_say (self, "De namen van medewerkers staan er niet in.");
    if (overview->left_out)
        overview_say (
            self,
            "Er is ook iets weggelaten over andere mensen. Het kan gaan om een vertegenwoordiger, of om wat een "
            "medewerker over een ander schreef. Dat moet van %s.",
            overview_cite (self, ARTICLE_13_4));
    if (overview->unreadable > 0)
        overview_say (
            self, "Van %s kunnen wij niet lezen over wie het gaat. Het kan over u gaan.",
            overview_number (overview, overview->unreadable, "regel in het register", "regels in het register"));
}

static void add_rights (struct overview_letter *self)
{
    letter_add_heading (&self->document, 2, "Wat u kunt doen");
    overview_say (self, "Klopt er iets niet? Vraag ons dan om het te veranderen. Dat recht staat in %s.",
                  overview_cite (self, ARTICLE_14));
    overview_say (self, "Zeggen wij nee? Dan geldt %s.", overview_cite (self, ARTICLE_15));
    overview_say (self, "Komt u er met ons niet uit? Dan geldt %s.", overview_cite (self, ARTICLE_16));
}

static bool holds_something (const struct overview *overview)
{
    return overview->is_known || overview->lines > 0 || overview->kept.consent_count > 0;
}

struct letter_document overview_letter_make (const struct overview *overview,
                                             const struct overview_letter_options *options)
{
    struct overview_letter self = {overview, options, letter_document_start (overview->arena), {false}};
    add_beginning (&self);
    if (!holds_something (overview)) {
        overview_say (&self, "Er staat niets over u in het register.");
        add_rights (&self);
        return self.document;
    }
    add_summary (&self);
    if (overview->is_known)
        add_subject (&self);
    overview_letter_consents (&self);
    overview_letter_requests (&self);
    overview_letter_uses (&self);
    overview_letter_obligations (&self);
    overview_letter_rights (&self);
    overview_letter_changes (&self);
    overview_letter_acts (&self);
    add_left_out (&self);
    add_rights (&self);
    overview_letter_appendix (&self);
    return self.document;
}
