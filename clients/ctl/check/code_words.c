#include "code_words.h"

#include <stdbool.h>
#include <string.h>
#include "arena.h"

#define CODE(name) CONSENTD__CODE__##name

/* The one table of the texts of reasons: what each code means, the rule that gives it, and the article of that
   rule. Sources as in the rules: KB, HR, BO, IR (2015), LAW (today's), AVG. */
static const struct code_words explanations[] = {
    {CODE (AGREEMENT_MISSING), "C3", "KB 4.2, IR", "no agreement in force with provider or recipient",
     "er is geen overeenkomst van kracht met de verstrekker of de ontvanger"},
    {CODE (NO_FLOW), "C4", "KB 8, KB 11.2", "the policy knows no disclosure between these kinds of party",
     "tussen deze soorten partijen is geen verstrekking voorzien"},
    {CODE (PURPOSE_NOT_IN_FLOW), "C4", "KB 8, KB 11.2", "not for this purpose between these kinds of party",
     "voor dit doel is tussen deze soorten partijen geen verstrekking voorzien"},
    {CODE (CATEGORY_NOT_NEEDED), "C4", "KB 8, KB 9.2", "this category is not needed for the purpose",
     "dit gegeven is voor dit doel niet nodig"},
    {CODE (RESTRICTED), "C5", "KB 14", "subject or category is restricted", "de gegevens zijn afgeschermd"},
    {CODE (ORIGIN_UNKNOWN), "C6", "LAW Wmo 5.1.1, 5.2.1",
     "a statute needs to know under which law it was obtained",
     "de wet vraagt onder welke wet het gegeven is verkregen"},
    {CODE (STATUTE_NOT_FOR_ORIGIN), "C6", "LAW Wmo 5.1.1(4), 5.2.1(1)",
     "no statute covers what was obtained under this law", "geen wet dekt wat onder deze wet is verkregen"},
    {CODE (STATUTE_NOT_FOR_SPECIAL), "C6", "KB 9, AVG 9", "no statute carries this special category",
     "geen wet draagt dit bijzondere persoonsgegeven"},
    {CODE (SECRECY), "C6", "HR 6", "the provider is bound by professional secrecy",
     "de verstrekker heeft een beroepsgeheim"},
    {CODE (NO_CONSENT), "C7", "KB 3.1, KB 11.1.a", "no consent", "er is geen toestemming"},
    {CODE (REVOKED), "C7", "AVG 7.3", "the consent was withdrawn", "de toestemming is ingetrokken"},
    {CODE (EXPIRED), "C7", "HR 5", "the consent has expired", "de toestemming is verlopen"},
    {CODE (NOT_YET_VALID), "C7", "HR 5", "the consent is not valid yet", "de toestemming geldt nog niet"},
    {CODE (USED_UP), "C7", "HR 4.2, HR 6", "the one-time consent was used",
     "de eenmalige toestemming is gebruikt"},
    {CODE (OTHER_CASE), "C7", "KB 3 toel.", "the consent is for another case",
     "de toestemming is voor een andere zaak"},
    {CODE (ORIGIN_NOT_CONSENTED), "C7", "LAW Wmo 5.1.1(4)", "the consent does not name data of this origin",
     "de toestemming noemt gegevens van deze herkomst niet"},
    {CODE (FORM_INSUFFICIENT), "C7", "KB 9.4, KB 11.1.a", "form, evidence or one-time use does not do for this",
     "de vorm of het bewijs van de toestemming is hiervoor niet voldoende"},
    {CODE (REPRESENTATION_LAPSED), "C7", "HR 7", "who signed does not (any longer) speak for the subject",
     "wie tekende spreekt niet (meer) namens de betrokkene"},
    {CODE (REFUSED), "C7", "HR 5", "the subject refused", "de betrokkene heeft geweigerd"},
    {CODE (PROVIDER_NOT_CONSENTED), "C7", "KB 3 toel.", "the consent names another provider",
     "de toestemming noemt een andere verstrekker"},
    {CODE (RECIPIENT_NOT_CONSENTED), "C7", "KB 3 toel.", "the consent names another recipient",
     "de toestemming noemt een andere ontvanger"},
    {CODE (CATEGORY_NOT_CONSENTED), "C7", "KB 3 toel.", "the consent does not name this category",
     "de toestemming noemt dit gegeven niet"},
    {CODE (WRONG_PURPOSE), "C7", "KB 3 toel.", "the consent is for another purpose",
     "de toestemming is voor een ander doel"},
    {CODE (ALL_OR_NOTHING), "C11", "own rule", "another item, or check of its batch, was denied, and it was all or nothing",
     "een ander gegeven of een andere toets is geweigerd, en het was alles of niets"},
    {CODE (TRIAGE_INCOMPLETE), "C8, C15", "HR 3, HR 4.3, HR 6",
     "the triage decision is not complete, or no manager was consulted",
     "het triagebesluit is niet volledig, of er is geen leidinggevende geraadpleegd"},
    {CODE (GROUND_NOT_ALLOWED), "C8", "KB 11.1.b, KB 11.1.d, BO 3",
     "the claimed ground is not allowed here, for this category, or by who asked",
     "de ingeroepen grond is hier, voor dit gegeven of door wie vroeg niet toegestaan"},
    {CODE (BLANKET_CONSENT), "G2", "KB 3 toel., HR 5", "not specific: name parties, categories and one purpose",
     "een algemene machtiging: noem partijen, gegevens en één doel"},
    {CODE (NOT_NEEDED), "G3", "KB 2.2, KB 8", "the policy has no use for this; leave it out",
     "dit is niet noodzakelijk; laat het weg"},
    {CODE (NOT_INFORMED), "G4", "KB 5.1, HR 4", "the subject was not given a known notice beforehand",
     "de betrokkene is vooraf niet met een bekende tekst geïnformeerd"},
    {CODE (TOO_LONG), "G6", "HR 5", "no end, or later than the policy's longest validity",
     "er is geen einddatum, of die ligt te ver weg"},
    {CODE (MUST_BE_ONE_TIME), "G7", "HR 4.2, HR 6", "only as a one-time consent",
     "dit kan alleen met een eenmalige toestemming"},
    {CODE (ONE_TIME_TOO_WIDE), "G7", "HR 4.2", "one-time: name one provider and one recipient",
     "eenmalig: noem één verstrekker en één ontvanger"},
    {CODE (REPRESENTATION_MISSING), "G8", "HR 7", "not signed, or not withdrawn, by those who must",
     "niet ondertekend, of niet ingetrokken, door wie dat moet doen"},
    {CODE (CONSENT_NOT_THE_GROUND), "G9", "HR 5, LAW Wmo 5.2.1",
     "a statute carries this: consent would change nothing", "een wet draagt dit al: toestemming verandert niets"},
};

static const struct code_words unknown = {CODE (CODE_UNSPECIFIED), "", "",
                                          "a code that this program does not know",
                                          "een code die dit programma niet kent"};

const struct code_words *code_words_of (Consentd__Code code)
{
    for (size_t i = 0; i < sizeof explanations / sizeof *explanations; i++)
        if (explanations[i].code == code)
            return &explanations[i];
    return &unknown;
}

const char *code_words_in_both (struct arena *arena, const struct code_words *words)
{
    return arena_printf (arena, "%s (%s)", words->english, words->dutch);
}

const char *status_words (Consentd__Status status)
{
    switch (status) {
    case CONSENTD__STATUS__REJECTED:
        return "the rules do not admit this; nothing was recorded";
    case CONSENTD__STATUS__FORBIDDEN:
        return "the role of this key does not allow this here";
    case CONSENTD__STATUS__INVALID:
        return "malformed";
    case CONSENTD__STATUS__NOT_FOUND:
        return "there is no such consent or party";
    case CONSENTD__STATUS__CONFLICT:
        return "this request was used before for something else";
    case CONSENTD__STATUS__RETRY:
        return "the registry has not come that far yet";
    case CONSENTD__STATUS__UNAVAILABLE:
        return "the registry cannot decide or record now; nothing was done";
    default:
        return "an answer that this program does not know";
    }
}
