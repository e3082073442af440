#include "overview_letter.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "arena.h"
#include "letter/letter_forms.h"
#include "letter/letter_sender.h"
#include "letter/letter_template.h"
#include "letter/letter_words.h"
#include "overview_letter_parts.h"
#include "overview_words.h"

#define LABEL(name) CONSENTD__OVERVIEW_LABEL__KIND__##name

void overview_part_begin (struct overview_letter *self)
{
    self->document = letter_document_start (self->overview->arena);
}

void overview_part_end (struct overview_letter *self, const char *field)
{
    letter_set_part (self->values, field, &self->document);
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
static void set_previous (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    if (overview->previous_at == 0 || overview->part.since != 0 || *overview->part.case_ref)
        return;
    letter_set (self->values, "vorige-op", letter_day (overview->arena, overview->previous_at));
    if (overview->since_previous > 0)
        letter_set (self->values, "nieuw-sindsdien",
                    arena_printf (overview->arena, "%" PRIu64, overview->since_previous));
}

static void set_beginning (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    letter_set (self->values, "verantwoordelijke", overview->controller);
    letter_set (self->values, "gemaakt-op", letter_moment (overview->arena, overview->made_at));
    letter_set_flag (self->values, "vertegenwoordiger", *overview->reader != '\0');
    if (self->options->year)
        letter_set (self->values, "jaar", arena_printf (overview->arena, "%d", self->options->year));
    letter_set (self->values, "zaak", overview->part.case_ref);
    set_previous (self);
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

static void set_summary (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    struct arena *arena = overview->arena;
    size_t refusals = count_refusals (overview), consents = overview->kept.consent_count - refusals;
    size_t in_force = count_in_force (overview);
    letter_add (self->values, "kort",
                arena_printf (arena, "%s. Daarvan %s er nu %zu.",
                              overview_number (overview, consents, "toestemming", "toestemmingen"),
                              in_force == 1 ? "geldt" : "gelden", in_force));
    if (refusals > 0)
        letter_add (self->values, "kort", arena_printf (arena, "%zu keer dat u nee zei.", refusals));
    letter_add (self->values, "kort",
                arena_printf (arena, "%" PRIu64 " keer dat gegevens zijn doorgegeven.",
                              overview_count (overview, OVERVIEW_DISCLOSED)));
    letter_add (self->values, "kort",
                arena_printf (arena, "%" PRIu64 " keer dat iemand om gegevens vroeg en nee kreeg.",
                              overview_count (overview, OVERVIEW_DENIED)));
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

/* Legal holds: until they are lifted nothing is erased or destroyed. */
static void add_holds (struct overview_letter *self, const Consentd__SubjectShowReply *subject)
{
    const struct overview *overview = self->overview;
    for (size_t i = 0; i < subject->n_holds; i++) {
        const Consentd__Hold *one = subject->holds[i];
        letter_add_fact (&self->document, "Moet blijven",
                         arena_printf (overview->arena, "alles wat hier staat, sinds %s, door %s%s%s",
                                       letter_day (overview->arena, one->since),
                                       overview_party (overview, one->recorded_by),
                                       *one->reason ? ". Reden: " : "", one->reason));
    }
}

/* How long something is kept may count from it (T1). */
static void add_care_ended (struct overview_letter *self, const Consentd__SubjectShowReply *subject)
{
    const struct overview *overview = self->overview;
    for (size_t i = 0; i < subject->n_care_ended; i++)
        letter_add_fact (&self->document, "Zorg gestopt",
                         arena_printf (overview->arena, "op %s (%s)",
                                       letter_day_of_text (overview->arena, subject->care_ended[i]->day),
                                       overview_label (overview, LABEL (ORIGIN), subject->care_ended[i]->law)));
}

static void set_subject (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    const Consentd__SubjectShowReply *subject = overview->subject;
    overview_part_begin (self);
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
    add_care_ended (self, subject);
    add_restrictions (self, subject);
    add_holds (self, subject);
    overview_part_end (self, "over-u-zelf");
}

/* --- The whole ------------------------------------------------------------------------------------------- */

/* R6: that something is left out is said. */
static void set_left_out (struct overview_letter *self)
{
    const struct overview *overview = self->overview;
    letter_set_flag (self->values, "weggelaten", overview->left_out);
    if (overview->unreadable > 0)
        letter_set (
            self->values, "onleesbaar",
            overview_number (overview, overview->unreadable, "regel in het register", "regels in het register"));
}

static bool holds_something (const struct overview *overview)
{
    return overview->is_known || overview->lines > 0 || overview->kept.consent_count > 0;
}

static void set_parts (struct overview_letter *self)
{
    set_summary (self);
    overview_letter_remainder (self);
    if (self->overview->is_known)
        set_subject (self);
    overview_letter_consents (self);
    overview_letter_requests (self);
    overview_letter_uses (self);
    overview_letter_obligations (self);
    overview_letter_rights (self);
    overview_letter_changes (self);
    overview_letter_acts (self);
    set_left_out (self);
    overview_letter_appendix (self);
}

struct letter_document overview_letter_make (const struct overview *overview,
                                             const struct overview_letter_options *options)
{
    const struct letter_form *form = letter_form_find (OVERVIEW_FORM);
    struct overview_letter self = {
        .overview = overview, .options = options, .values = letter_values_new (overview->arena, form->fields)};
    struct letter_document document = letter_document_start (overview->arena);
    if (options->sender)
        letter_sender_tell (options->sender, self.values);
    set_beginning (&self);
    letter_set_flag (self.values, "niets", !holds_something (overview));
    if (holds_something (overview))
        set_parts (&self);
    letter_template_fill (options->template, self.values, &document);
    return document;
}
