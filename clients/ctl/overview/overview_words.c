#include "overview_words.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include "arena.h"
#include "check/code_words.h"
#include "letter/letter_words.h"

#define LABEL(name) CONSENTD__OVERVIEW_LABEL__KIND__##name
#define CODE(name) CONSENTD__CODE__##name

/* --- Grounds and reasons --------------------------------------------------------------------------------- */

const char *overview_ground (const struct overview *self, const Consentd__ItemVerdict *item)
{
    switch (item->ground) {
    case CONSENTD__GROUND__CONSENT:
        return "u gaf toestemming";
    case CONSENTD__GROUND__STATUTE:
        return arena_printf (self->arena, "de wet staat dit toe (%s)",
                             overview_label (self, LABEL (STATUTE), item->statute));
    case CONSENTD__GROUND__WRITTEN_REQUEST:
        return "u vroeg hier zelf om, op papier";
    case CONSENTD__GROUND__URGENT_REASONS:
        return arena_printf (self->arena, "er was een dringende reden (%s)",
                             overview_label (self, LABEL (URGENT_REASON), item->urgent_reason));
    default:
        return "de reden is niet bekend";
    }
}

/* As they are said to the subject. What is not here is said as it is to anybody. */
static const struct {
    Consentd__Code code;
    const char *words;
} reasons[] = {
    {CODE (AGREEMENT_MISSING), "er was geen geldige afspraak tussen de organisaties"},
    {CODE (NO_FLOW), "deze organisaties mogen elkaar geen gegevens geven"},
    {CODE (PURPOSE_NOT_IN_FLOW), "voor dit doel mogen deze organisaties elkaar geen gegevens geven"},
    {CODE (CATEGORY_NOT_NEEDED), "deze gegevens zijn voor dit doel niet nodig"},
    {CODE (RESTRICTED), "uw gegevens waren afgeschermd"},
    {CODE (ORIGIN_UNKNOWN), "men zei niet via welke wet de gegevens zijn gekregen"},
    {CODE (STATUTE_NOT_FOR_ORIGIN), "geen wet staat dit toe voor gegevens die zo zijn gekregen"},
    {CODE (STATUTE_NOT_FOR_SPECIAL), "geen wet staat dit toe voor zulke gevoelige gegevens"},
    {CODE (SECRECY), "de medewerker heeft een beroepsgeheim"},
    {CODE (NO_CONSENT), "er was geen toestemming van u"},
    {CODE (REVOKED), "u had uw toestemming ingetrokken"},
    {CODE (EXPIRED), "uw toestemming was verlopen"},
    {CODE (NOT_YET_VALID), "uw toestemming gold nog niet"},
    {CODE (USED_UP), "uw toestemming was voor één keer, en die was al gebruikt"},
    {CODE (OTHER_CASE), "uw toestemming was voor een andere zaak"},
    {CODE (ORIGIN_NOT_CONSENTED), "uw toestemming ging niet over gegevens die zo zijn gekregen"},
    {CODE (FORM_INSUFFICIENT), "uw toestemming was niet op de juiste manier gegeven"},
    {CODE (REPRESENTATION_LAPSED), "wie tekende, spreekt niet meer namens u"},
    {CODE (REFUSED), "u had nee gezegd"},
    {CODE (PROVIDER_NOT_CONSENTED), "uw toestemming noemt een andere organisatie die de gegevens geeft"},
    {CODE (RECIPIENT_NOT_CONSENTED), "uw toestemming noemt een andere organisatie die de gegevens krijgt"},
    {CODE (CATEGORY_NOT_CONSENTED), "uw toestemming gaat niet over deze gegevens"},
    {CODE (WRONG_PURPOSE), "uw toestemming was voor een ander doel"},
    {CODE (ALL_OR_NOTHING), "andere gegevens mochten niet, en men wilde alles of niets"},
    {CODE (TRIAGE_INCOMPLETE), "de afweging was niet volledig"},
    {CODE (GROUND_NOT_ALLOWED), "de reden die men gaf, telt hier niet"},
};

const char *overview_reason (Consentd__Code code)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].code == code)
            return reasons[i].words;
    return code_words_of (code)->dutch;
}

/* --- Parties and codes ----------------------------------------------------------------------------------- */

const char *overview_party (const struct overview *self, const char *id)
{
    if (!*id)
        return "Het register zelf";
    const char *name = overview_party_name (self, id), *label = overview_label (self, LABEL (PARTY), id);
    if (name)
        return name;
    return strcasecmp (label, id) == 0 ? label : arena_printf (self->arena, "%s (%s)", label, id);
}

static const char *add (const struct overview *self, const char *words, const char *word)
{
    return *words ? arena_printf (self->arena, "%s; %s", words, word) : word;
}

const char *overview_parties (const struct overview *self, char *const *ids, size_t count)
{
    const char *words = "";
    for (size_t i = 0; i < count; i++)
        words = add (self, words, overview_party (self, ids[i]));
    return words;
}

const char *overview_labels (const struct overview *self, Consentd__OverviewLabel__Kind kind, char *const *codes,
                             size_t count)
{
    const char *words = "";
    for (size_t i = 0; i < count; i++)
        words = add (self, words, overview_label (self, kind, codes[i]));
    return words;
}

/* --- Consents -------------------------------------------------------------------------------------------- */

const char *overview_form (Consentd__Form form)
{
    switch (form) {
    case CONSENTD__FORM__WRITTEN:
        return "op papier";
    case CONSENTD__FORM__DIGITAL:
        return "digitaal, met een handtekening";
    case CONSENTD__FORM__ORAL:
        return "in een gesprek";
    default:
        return "";
    }
}

static const char *granted (const struct overview *self, const Consentd__Consent *consent)
{
    const char *until = letter_last_day (self->arena, consent->valid_until);
    if (consent->valid_from > self->made_at)
        return arena_printf (self->arena, "Deze toestemming gaat in op %s. Zij geldt tot en met %s.",
                             letter_day (self->arena, consent->valid_from), until);
    return arena_printf (self->arena, "Deze toestemming geldt nu. Zij geldt tot en met %s.%s", until,
                         consent->n_withdrawals > 0 ? " Een deel is ingetrokken." : "");
}

const char *overview_state (const struct overview *self, const Consentd__Consent *consent)
{
    switch (consent->state) {
    case CONSENTD__CONSENT__STATE__GRANTED:
        return granted (self, consent);
    case CONSENTD__CONSENT__STATE__REFUSAL:
        return consent->n_withdrawals > 0 ? "Dit nee is later ingetrokken." : "Uw nee geldt tot u zelf ja zegt.";
    case CONSENTD__CONSENT__STATE__REVOKED:
        return "Deze toestemming is ingetrokken. Zij geldt niet meer.";
    case CONSENTD__CONSENT__STATE__EXPIRED:
        return arena_printf (self->arena, "De tijd is voorbij. Dit gold tot en met %s.",
                             letter_last_day (self->arena, consent->valid_until));
    case CONSENTD__CONSENT__STATE__USED_UP:
        return arena_printf (self->arena, "Deze toestemming was voor één keer. Zij is gebruikt op %s.",
                             letter_day (self->arena, consent->used_at));
    case CONSENTD__CONSENT__STATE__SUPERSEDED:
        if (consent->corrected_by.len > 0)
            return arena_printf (self->arena,
                                 "Dit was verkeerd opgeschreven. Op %s is dat verbeterd. Dit geldt niet.",
                                 letter_day (self->arena, consent->corrected_at));
        return "Er is een nieuwe toestemming voor in de plaats gekomen.";
    case CONSENTD__CONSENT__STATE__LAPSED:
        return "Deze toestemming geldt niet meer. Wie tekende, spreekt niet meer namens u.";
    case CONSENTD__CONSENT__STATE__REQUESTED:
        return "U hebt hier nog geen antwoord op gegeven.";
    case CONSENTD__CONSENT__STATE__DEFERRED:
        return "U wilde hier nog over nadenken.";
    default:
        return "Wat hiervan is geworden, is niet bekend.";
    }
}

static const char *say_heard (const struct overview *self, const struct overview_hearing *one)
{
    if (one->unknown)
        return "dat is niet bekend";
    if (!one->heard)
        return one->dropped ? "nee, het bericht is vervallen" : "nog niet";
    return one->heard_at ? arena_printf (self->arena, "ja, op %s", letter_moment (self->arena, one->heard_at))
                         : "ja, de datum is niet bewaard";
}

/* Of those systems for which the answer had no room it is not told which have heard. */
bool overview_told_row (const struct overview *self, const struct overview_told *told, size_t index,
                        struct overview_told_row *row)
{
    const char *party = overview_party (self, told->party.who);
    size_t listed = told->system_count;
    if (index < listed) {
        const struct overview_hearing *one = &told->systems[index];
        row->who = arena_printf (self->arena, "%s, systeem %s", party, one->who);
        row->heard = say_heard (self, one);
        return true;
    }
    if (listed == 0 || told->systems_left_out == 0) {
        *row = (struct overview_told_row){party, say_heard (self, &told->party)};
        return listed == 0 && index == 0;
    }
    row->who = arena_printf (self->arena, "%s, nog %" PRIu32 " andere systemen", party, told->systems_left_out);
    row->heard = told->party.heard ? "ja" : "dat staat niet in dit overzicht";
    return index == listed;
}

/* --- Obligations ----------------------------------------------------------------------------------------- */

const char *overview_duty (Consentd__Obligation kind)
{
    switch (kind) {
    case CONSENTD__OBLIGATION__INFORM_SUBJECT:
        return "u vertellen dat uw gegevens zijn doorgegeven";
    case CONSENTD__OBLIGATION__INFORM_REPRESENTATIVE:
        return "het vertellen aan wie u vertegenwoordigt";
    case CONSENTD__OBLIGATION__INFORM_YOUTH:
        return "het aan u als jongere vertellen";
    case CONSENTD__OBLIGATION__RECORD_IN_PLAN:
        return "in uw plan schrijven dat uw gegevens zijn doorgegeven";
    case CONSENTD__OBLIGATION__RECORD_AGAINST_WILL:
        return "opschrijven waarom dit tegen uw wil gebeurde";
    case CONSENTD__OBLIGATION__INFORM_OF_SOURCE:
        return "u vertellen van wie zij de gegevens kregen";
    case CONSENTD__OBLIGATION__RECTIFY_DATA:
        return "de verbetering overnemen";
    case CONSENTD__OBLIGATION__ERASE_DATA:
        return "uw gegevens ook daar verwijderen";
    default:
        return "iets wat dit programma niet kent";
    }
}

const char *overview_duty_state (const struct overview *self, const Consentd__Duty *duty)
{
    const char *due = letter_last_day (self->arena, duty->due);
    if (duty->done_at)
        return arena_printf (self->arena, "gedaan op %s", letter_day (self->arena, duty->done_at));
    if (duty->due <= self->made_at)
        return arena_printf (self->arena, "nog niet gedaan; dat moest uiterlijk %s", due);
    return arena_printf (self->arena, duty->deferred_at ? "uitgesteld; moet uiterlijk %s" : "moet uiterlijk %s",
                         due);
}

/* --- Requests under the rights --------------------------------------------------------------------------- */

const char *overview_rights_kind (Consentd__RightsKind kind)
{
    static const char *const words[] = {"Een verzoek",  "Inzage",      "Verbetering", "Aanvulling",
                                        "Verwijdering", "Afscherming", "Bezwaar",     "Verzet"};
    return (size_t)kind < sizeof words / sizeof *words ? words[kind] : words[0];
}

const char *overview_rights_state (Consentd__RightsState state)
{
    static const char *const words[] = {"Dit verzoek kan niet worden gelezen.",
                                        "Hierover is nog niet beslist.",
                                        "Wij wachten nog op wat een ander ervan vindt.",
                                        "Hierover is nog niet beslist.",
                                        "Wij hebben ja gezegd.",
                                        "Wij hebben voor een deel ja gezegd.",
                                        "Wij hebben nee gezegd.",
                                        "Dit verzoek is ingetrokken."};
    return (size_t)state < sizeof words / sizeof *words ? words[state] : words[0];
}

/* --- The log --------------------------------------------------------------------------------------------- */

static const struct {
    const char *action, *words;
} acts[] = {
    {"ask", "heeft u om toestemming gevraagd"},
    {"check", "stelde een vraag die niet kon worden beantwoord"},
    {"consent-list", "heeft uw toestemmingen bekeken"},
    {"consent-show", "heeft een toestemming bekeken"},
    {"decision-show", "heeft bekeken waarom iets wel of niet mocht"},
    {"defer", "heeft opgeschreven dat u nog wilde nadenken"},
    {"expire", "heeft gemeld dat een toestemming is verlopen"},
    {"grant", "heeft een toestemming opgeschreven"},
    {"hold-lift", "heeft opgeschreven dat uw gegevens weer weg mogen als hun tijd om is"},
    {"hold-set", "heeft opgeschreven dat uw gegevens voorlopig moeten blijven"},
    {"hold-show", "heeft bekeken of uw gegevens moeten blijven"},
    {"lapse", "heeft gemeld dat een toestemming niet meer geldt"},
    {"lift-restriction", "heeft een afscherming opgeheven"},
    {"obligation-defer", "heeft iets uitgesteld wat moest gebeuren"},
    {"obligation-done", "heeft gemeld dat iets is gedaan wat moest gebeuren"},
    {"obligation-list", "heeft bekeken wat er nog moest gebeuren"},
    {"overview", "heeft een overzicht zoals dit gemaakt"},
    {"refuse", "heeft opgeschreven dat u nee zei"},
    {"restore", "heeft gemeld dat een toestemming weer geldt"},
    {"restrict", "heeft gegevens afgeschermd"},
    {"revoke", "heeft opgeschreven dat een toestemming is ingetrokken"},
    {"subject-set", "heeft gegevens over u opgeschreven of veranderd"},
    {"subject-show", "heeft bekeken wat er over u zelf staat"},
    {"waiting-list", "heeft bekeken wat u nog is gevraagd"},
};

const char *overview_act (const struct overview *self, const struct overview_act *act)
{
    const char *words = strncmp (act->action, "rights-", 7) == 0 ? "heeft aan een verzoek van u gewerkt"
                                                                 : "heeft iets anders met uw gegevens gedaan";
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp (acts[i].action, act->action) == 0)
            words = acts[i].words;
    bool is_done = strcmp (act->result, "ok") == 0 || strcmp (act->action, "check") == 0;
    return is_done ? words : arena_printf (self->arena, "%s; dat is niet gelukt", words);
}

const char *overview_when (const struct overview *self, uint64_t count, int64_t first, int64_t last)
{
    const char *from = letter_day (self->arena, first), *to = letter_day (self->arena, last);
    if (count == 1)
        return letter_moment (self->arena, first);
    if (strcmp (from, to) == 0)
        return arena_printf (self->arena, "%" PRIu64 " keer, op %s", count, from);
    return arena_printf (self->arena, "%" PRIu64 " keer, van %s tot en met %s", count, from, to);
}
