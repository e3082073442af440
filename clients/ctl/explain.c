#include "explain.h"

#include <stddef.h>

#define CODE(name) CONSENTD__CODE__##name

static const struct explanation explanations[] = {
    {CODE (AGREEMENT_MISSING), "no agreement in force with provider or recipient", "geen overeenkomst"},
    {CODE (NO_FLOW), "the policy knows no disclosure between these kinds of party", "geen verstrekking voorzien"},
    {CODE (PURPOSE_NOT_IN_FLOW), "not for this purpose between these kinds of party", "doel niet voorzien"},
    {CODE (CATEGORY_NOT_NEEDED), "this category is not needed for the purpose", "gegeven niet nodig"},
    {CODE (RESTRICTED), "subject or category is restricted", "afgeschermd"},
    {CODE (ORIGIN_UNKNOWN), "a statute needs to know under which law it was obtained", "herkomst onbekend"},
    {CODE (STATUTE_NOT_FOR_ORIGIN), "no statute covers what was obtained under this law",
     "wet dekt herkomst niet"},
    {CODE (STATUTE_NOT_FOR_SPECIAL), "no statute carries this special category",
     "wet dekt bijzonder gegeven niet"},
    {CODE (SECRECY), "the provider is bound by professional secrecy", "beroepsgeheim"},
    {CODE (NO_CONSENT), "no consent", "geen toestemming"},
    {CODE (REVOKED), "the consent was withdrawn", "ingetrokken"},
    {CODE (EXPIRED), "the consent has expired", "verlopen"},
    {CODE (NOT_YET_VALID), "the consent is not valid yet", "nog niet geldig"},
    {CODE (USED_UP), "the one-time consent was used", "eenmalig, al gebruikt"},
    {CODE (OTHER_CASE), "the consent is for another case", "andere zaak"},
    {CODE (ORIGIN_NOT_CONSENTED), "not for data of this origin", "herkomst niet toegestemd"},
    {CODE (FORM_INSUFFICIENT), "form, evidence or one-time use does not do for this", "vorm onvoldoende"},
    {CODE (REPRESENTATION_LAPSED), "who signed no longer speaks for the subject", "vertegenwoordiging vervallen"},
    {CODE (REFUSED), "the subject refused", "geweigerd"},
    {CODE (PROVIDER_NOT_CONSENTED), "the consent names another provider", "andere verstrekker"},
    {CODE (RECIPIENT_NOT_CONSENTED), "the consent names another recipient", "andere ontvanger"},
    {CODE (CATEGORY_NOT_CONSENTED), "the consent does not name this category", "gegeven niet toegestemd"},
    {CODE (WRONG_PURPOSE), "the consent is for another purpose", "ander doel"},
    {CODE (ALL_OR_NOTHING), "another item was denied, and it was all or nothing", "alles of niets"},
    {CODE (TRIAGE_INCOMPLETE), "the triage decision is not complete", "triagebesluit onvolledig"},
    {CODE (GROUND_NOT_ALLOWED), "the claimed ground is not allowed here, or not for this category",
     "grond niet toegestaan"},
    {CODE (BLANKET_CONSENT), "not specific: name parties, categories and one purpose", "algemene machtiging"},
    {CODE (NOT_NEEDED), "the policy has no use for this; leave it out", "niet noodzakelijk"},
    {CODE (NOT_INFORMED), "the subject was not given a known notice beforehand", "niet geïnformeerd"},
    {CODE (TOO_LONG), "no end, or later than the policy's longest validity", "te lange duur"},
    {CODE (MUST_BE_ONE_TIME), "only as a one-time consent", "moet eenmalig zijn"},
    {CODE (ONE_TIME_TOO_WIDE), "one-time: name one provider and one recipient", "eenmalig is te ruim"},
    {CODE (REPRESENTATION_MISSING), "not signed, or not withdrawn, by those who must", "handtekening ontbreekt"},
    {CODE (CONSENT_NOT_THE_GROUND), "a statute carries this: consent would change nothing",
     "toestemming is niet de grond"},
};

static const struct explanation unknown = {CODE (CODE_UNSPECIFIED), "a code that this program does not know", "?"};

const struct explanation *explain_code (Consentd__Code code)
{
    for (size_t i = 0; i < sizeof explanations / sizeof *explanations; i++)
        if (explanations[i].code == code)
            return &explanations[i];
    return &unknown;
}

const char *explain_status (Consentd__Status status)
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
