#include "receipt_told.h"
#include <inttypes.h>
#include <string.h>
#include "arena.h"
#include "call.h"
#include "check/code_words.h"
#include "letter/letter_document.h"
#include "letter/letter_words.h"
#include "receipt_code.h"
#include "receipt_words.h"

/* What is told, and the words for it. */
struct telling_it {
    struct arena *arena;
    const json_t *words;
    struct letter_document *document;
};

/* "naw (Naam, adres en woonplaats)" */
static const char *in_words (const struct telling_it *self, const char *kind, const char *name)
{
    const char *label = receipt_words_of (self->words, kind, name);
    return label != NULL ? arena_printf (self->arena, "%s (%s)", name, label) : name;
}

static const char *list (const struct telling_it *self, const char *kind, char *const *codes, size_t count)
{
    const char *joined = "";
    for (size_t i = 0; i < count; i++)
        joined = arena_printf (self->arena, "%s%s%s", joined, i > 0 ? "; " : "", in_words (self, kind, codes[i]));
    return joined;
}

static void paragraph (const struct telling_it *self, const char *text)
{
    letter_add_paragraph (self->document, text);
}

static void fact (const struct telling_it *self, const char *name, const char *value)
{
    letter_add_fact (self->document, name, value);
}

static const char *who_says (const struct telling_it *self, const char *who)
{
    return strcmp (who, "subject") == 0 ? "de betrokkene zelf"
                                        : arena_printf (self->arena, "vertegenwoordiger %s", who);
}

static void tell_recording (const struct telling_it *self, const struct receipt_seen *line)
{
    fact (self, "Vastgelegd op", letter_moment (self->arena, line->head.time));
    fact (self, "Vastgelegd door", in_words (self, "PARTY", line->head.party));
    fact (self, "Regel", arena_printf (self->arena, "%" PRIu64, line->head.number));
}

static void tell_closed (const struct telling_it *self)
{
    paragraph (self,
               "Meer zegt dit bewijs niet over deze regel. De sleutel van de regel zit er niet bij. Dat is zo als er "
               "iets in staat over iemand anders, of over een medewerker van een andere organisatie.");
}

/* --- Statements --------------------------------------------------------------------------------------- */

static void tell_scope (const struct telling_it *self, const Consentd__Scope *scope)
{
    fact (self, "Welke gegevens", list (self, "CATEGORY", scope->categories, scope->n_categories));
    fact (self, "Wie ze geeft", list (self, "PARTY", scope->providers, scope->n_providers));
    fact (self, "Wie ze krijgt", list (self, "PARTY", scope->recipients, scope->n_recipients));
    fact (self, "Waarvoor", in_words (self, "PURPOSE", scope->purpose));
    fact (self, "Alleen gegevens uit", list (self, "ORIGIN", scope->origins, scope->n_origins));
    fact (self, "Alleen voor zaak", scope->case_ref);
}

static void tell_terms (const struct telling_it *self, const struct receipt_seen *line,
                        const Consentd__GrantRequest *grant)
{
    moment from = grant->valid_from != 0 ? grant->valid_from : line->head.time;
    if (grant->corrects.len > 0)
        fact (self, "Let op", "dit verbetert een toestemming die verkeerd was vastgelegd");
    else
        fact (self, "Vanaf", letter_day (self->arena, from));
    fact (self, "Tot en met", letter_last_day (self->arena, grant->valid_until));
    fact (self, "Voor één keer", grant->one_time ? "ja" : "nee");
}

static void tell_signers (const struct telling_it *self, const struct receipt_statement *statement)
{
    for (size_t i = 0; i < statement->signature_count; i++) {
        const Consentd__Signature *one = statement->signatures[i];
        fact (self, statement->grant != NULL ? "Wie ja zei" : "Wie nee zei",
              arena_printf (self->arena, "%s, op %s", who_says (self, one->signer),
                            letter_day (self->arena, one->given_at)));
    }
}

static void tell_statement (const struct telling_it *self, const struct receipt_seen *line)
{
    paragraph (self, line->kind == RECEIPT_GRANT ? "Er is toestemming gegeven om gegevens te delen."
                                                 : "Er is nee gezegd tegen het delen van gegevens.");
    letter_begin_facts (self->document);
    if (line->is_open) {
        struct receipt_statement statement = receipt_statement_of (line);
        tell_scope (self, statement.scope);
        if (statement.grant != NULL)
            tell_terms (self, line, statement.grant);
        tell_signers (self, &statement);
    }
    tell_recording (self, line);
    if (!line->is_open)
        tell_closed (self);
}

/* How much, and of which consent, is in the line; of which consent also in that of the statement. */
static void tell_what_is_withdrawn (const struct telling_it *self, const Consentd__RevokeRequest *revoke,
                                    bool is_of_first)
{
    if (revoke == NULL)
        paragraph (self, "Er is een toestemming van deze persoon ingetrokken, of een deel ervan.");
    else if (receipt_is_part (revoke))
        paragraph (self, is_of_first ? "Een deel van de toestemming is ingetrokken."
                                     : "Een deel van een toestemming van deze persoon is ingetrokken.");
    else
        paragraph (self, is_of_first ? "De toestemming is ingetrokken."
                                     : "Een toestemming van deze persoon is ingetrokken.");
    if (!is_of_first)
        paragraph (self, "Dit bewijs zegt niet of dat de toestemming hierboven is.");
}

static void tell_withdrawal (const struct telling_it *self, const struct receipt_seen *line, bool is_of_first)
{
    const Consentd__RevokeRequest *revoke = line->is_open ? line->request->revoke : NULL;
    tell_what_is_withdrawn (self, revoke, is_of_first);
    letter_begin_facts (self->document);
    if (revoke != NULL) {
        const Consentd__RevokeReply *reply = line->reply->revoke;
        fact (self, "Welke gegevens", list (self, "CATEGORY", revoke->categories, revoke->n_categories));
        fact (self, "Wie ze gaf", list (self, "PARTY", revoke->providers, revoke->n_providers));
        fact (self, "Wie ze kreeg", list (self, "PARTY", revoke->recipients, revoke->n_recipients));
        fact (self, "Door", *revoke->withdrawn_by ? who_says (self, revoke->withdrawn_by) : NULL);
        fact (self, "Wie bericht kreeg", list (self, "PARTY", reply->informed, reply->n_informed));
    }
    tell_recording (self, line);
    if (revoke == NULL)
        tell_closed (self);
}

/* --- Decisions ---------------------------------------------------------------------------------------- */

static const char *ground_of (const struct telling_it *self, const struct evidence *evidence, size_t i)
{
    const struct answered_item *item = &evidence->answer.items[i];
    char id[2 * sizeof (struct id) + 1];
    switch (item->ground) {
    case DUTY_CONSENT:
        consent_hex (evidence->rested_on[item->consent].bytes, sizeof (struct id), id);
        return arena_printf (self->arena, "met toestemming %s", id);
    case DUTY_STATUTE:
        return arena_printf (self->arena, "volgens de wet: %s", in_words (self, "STATUTE", item->statute));
    case DUTY_URGENT_REASONS:
        return arena_printf (self->arena, "om een dringende reden: %s",
                             in_words (self, "URGENT_REASON", item->urgent_reason));
    default:
        return "omdat er schriftelijk om is gevraagd";
    }
}

static const char *reasons_of (const struct telling_it *self, const struct evidence *evidence, size_t item)
{
    const struct rule_codes *codes = evidence->reason_count > 0         ? &evidence->all_reasons[item]
                                     : evidence->answer.heard_count > 0 ? &evidence->answer.heard[item]
                                                                        : NULL;
    const char *joined = "";
    for (size_t i = 0; codes != NULL && i < codes->count && i < sizeof codes->code; i++)
        joined = arena_printf (self->arena, "%s%s%s", joined, i > 0 ? "; " : "",
                               code_words_of ((Consentd__Code)codes->code[i])->dutch);
    return joined;
}

static void tell_items (const struct telling_it *self, const struct receipt_seen *line)
{
    static const char *const headings[] = {"Gegevens", "Mocht het?", "Waarom"};
    const Consentd__CheckRequest *check = line->request->check;
    letter_begin_table (self->document, headings, 3);
    for (size_t i = 0; i < check->n_items; i++) {
        bool is_permitted = line->evidence->answer.items[i].ground != 0;
        letter_add_row (self->document, (const char *[]){in_words (self, "CATEGORY", check->items[i]->category),
                                                         is_permitted ? "ja" : "nee",
                                                         is_permitted ? ground_of (self, line->evidence, i)
                                                                      : reasons_of (self, line->evidence, i)});
    }
}

static const char *result_words (const char *result)
{
    return strcmp (result, "permit") == 0    ? "Het mocht."
           : strcmp (result, "partial") == 0 ? "Een deel mocht. De rest mocht niet."
                                             : "Het mocht niet.";
}

static void tell_decision (const struct telling_it *self, const struct receipt_seen *line)
{
    paragraph (self, "Er is gevraagd of gegevens gedeeld mochten worden.");
    paragraph (self, result_words (line->head.result));
    letter_begin_facts (self->document);
    if (line->is_open) {
        const Consentd__CheckRequest *check = line->request->check;
        bool is_shared = check->mode == CONSENTD__MODE__DISCLOSE;
        fact (self, "Wie ze geeft", in_words (self, "PARTY", check->provider));
        fact (self, "Wie ze krijgt", in_words (self, "PARTY", check->recipient));
        fact (self, "Waarvoor", in_words (self, "PURPOSE", check->purpose));
        fact (self, "Soort vraag",
              is_shared ? "om daarna te delen wat mag" : "alleen om te weten of het mag");
    }
    tell_recording (self, line);
    if (line->is_open)
        tell_items (self, line);
    else
        tell_closed (self);
}

/* --- What it proves ----------------------------------------------------------------------------------- */

static void tell_line (const struct telling_it *self, const struct receipt_lines *lines, size_t i)
{
    const struct receipt_seen *line = &lines->line[i];
    switch (line->kind) {
    case RECEIPT_WITHDRAWAL:
        tell_withdrawal (self, line, receipt_is_of_first (lines, line));
        break;
    case RECEIPT_DECISION:
        tell_decision (self, line);
        break;
    default:
        tell_statement (self, line);
    }
}

/* "Regel 17 en 18": the lines of the receipt. */
static const char *numbers_of (const struct telling_it *self, const struct receipt_lines *lines)
{
    const char *made = "Regel ";
    for (size_t i = 0; i < lines->count; i++)
        made = arena_printf (self->arena, "%s%s%" PRIu64, made,
                             i == 0                 ? ""
                             : i + 1 < lines->count ? ", "
                                                    : " en ",
                             lines->line[i].head.number);
    return made;
}

static void tell_proof (const struct telling_it *self, const struct receipt_judged *judged)
{
    letter_add_heading (self->document, 2, "Wat is bewezen?");
    letter_begin_list (self->document);
    letter_add_line (self->document,
                     arena_printf (self->arena, "%s van het register %s: daar staat dit in, precies zo.",
                                   numbers_of (self, &judged->lines), judged->checkpoint.origin));
    letter_add_line (self->document, arena_printf (self->arena,
                                                   "Het register heeft dat ondertekend toen het %" PRIu64
                                                   " regels had. Het is sindsdien niet veranderd.",
                                                   judged->checkpoint.size));
}

/* Which witnesses had seen the log so. Returns how many. */
static size_t tell_witnesses (const struct telling_it *self, const struct receipt_judged *judged,
                              const struct log_trust *trust)
{
    struct note note;
    size_t count = 0;
    for (size_t i = 0; i < trust->witness_count && note_read (&note, judged->note) == NOTE_OK; i++) {
        moment when = log_trust_signed_at (&trust->witness[i], &note);
        if (when == 0)
            continue;
        letter_add_line (self->document, arena_printf (self->arena, "Op %s stond dit er al. Dat zag getuige %s.",
                                                       letter_moment (self->arena, when), trust->witness[i].name));
        count++;
    }
    return count;
}

static void tell_limits (const struct telling_it *self, const struct receipt_lines *lines, bool is_witnessed)
{
    letter_add_heading (self->document, 2, "Wat is niet bewezen?");
    letter_begin_list (self->document);
    letter_add_line (self->document, "Of het nu nog zo is. Vraag dat aan de gemeente.");
    letter_add_line (self->document, "Of wat iemand toen vastlegde, ook waar was.");
    if (lines->line[0].kind == RECEIPT_DECISION)
        letter_add_line (self->document, "Of er daarna ook iets is gedeeld.");
    letter_add_line (self->document,
                     "Of de tijd klopt die erbij staat. Dat is de tijd van de klok van het register.");
    if (!is_witnessed)
        letter_add_line (
            self->document,
            "Of het register nooit is vervangen door een ander met dezelfde sleutel. Dat zeggen getuigen, "
            "en er is geen getuige genoemd.");
    if (self->words != NULL)
        letter_add_line (self->document,
                         "De woorden tussen haakjes. Die leggen alleen uit wat een code betekent.");
}

void receipt_tell (const struct receipt_judged *judged, const struct log_trust *trust, const json_t *words,
                   struct letter_document *document)
{
    const struct receipt_lines *lines = &judged->lines;
    const struct telling_it self = {lines->arena, words, document};
    const struct receipt_seen *newest = receipt_newest (lines);
    char short_code[RECEIPT_CODE_SIZE];
    receipt_code_write (newest->head.number, &newest->leaf, short_code);
    letter_add_heading (document, 1, "Dit bewijs klopt");
    letter_begin_facts (document);
    fact (&self, "Register", judged->checkpoint.origin);
    fact (&self, "Code", short_code);
    letter_add_heading (document, 2, "Wat is vastgelegd?");
    for (size_t i = 0; i < lines->count; i++)
        tell_line (&self, lines, i);
    tell_proof (&self, judged);
    tell_limits (&self, lines, tell_witnesses (&self, judged, trust) > 0);
}
