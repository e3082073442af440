#include "letter_forms.h"

#include <string.h>

#define END_OF_FIELDS          \
    {                          \
        NULL, 0, 0, NULL, NULL \
    }

/* Who writes, to whom, when, and about what: of every letter. */
/* clang-format off */
#define EVERY_LETTER                                                                                              \
    {"gemeente", LETTER_TEXT, LETTER_MAY, "de naam van de gemeente", NULL},                                      \
    {"gemeente-adres", LETTER_TEXTS, LETTER_MUST, "haar naam en postadres, regel voor regel", NULL},                      \
    {"gemeente-telefoon", LETTER_TEXT, LETTER_MUST, "haar telefoonnummer", NULL},                                 \
    {"gemeente-e-mail", LETTER_TEXT, LETTER_MUST, "haar e-mailadres", NULL},                                      \
    {"functionaris", LETTER_TEXT, LETTER_MUST, "de functionaris gegevensbescherming", NULL},                      \
    {"functionaris-e-mail", LETTER_TEXT, LETTER_MUST, "het e-mailadres van de functionaris", NULL},               \
    {"ondertekening", LETTER_TEXTS, LETTER_MUST, "de groet en wie ondertekent, regel voor regel", NULL},          \
    {"datum", LETTER_TEXT, LETTER_MUST, "de datum van de brief", NULL},                                           \
    {"kenmerk", LETTER_TEXT, LETTER_MUST, "waaraan de gemeente de zaak herkent", NULL},                           \
    {"geadresseerde", LETTER_TEXTS, LETTER_HEED, "naam en adres van de lezer, als die zijn gegeven", NULL},       \
    {"vertegenwoordiger", LETTER_FLAG, LETTER_MAY, "de lezer vertegenwoordigt degene om wie het gaat", NULL}
#define LEFT_OUT                                                                                                  \
    {"weggelaten", LETTER_FLAG, LETTER_MUST, "iets over een ander is weggelaten; dat moet er staan", NULL}

/* What a consent or a refusal is about. */
#define SCOPE                                                                                                     \
    {"verstrekkers", LETTER_TEXTS, LETTER_MUST, "wie de gegevens geeft", NULL},                                   \
    {"ontvangers", LETTER_TEXTS, LETTER_MUST, "wie de gegevens krijgt", NULL},                                    \
    {"gegevens", LETTER_TEXTS, LETTER_MUST, "om welke gegevens het gaat", NULL},                                  \
    {"doel", LETTER_TEXT, LETTER_MUST, "waarvoor", NULL},                                                         \
    {"herkomst", LETTER_TEXTS, LETTER_HEED, "alleen gegevens uit deze wetten of van deze bron", NULL},            \
    {"zaak", LETTER_TEXT, LETTER_HEED, "alleen voor deze zaak", NULL}
/* clang-format on */

static const struct letter_field consent[] = {
    EVERY_LETTER,
    SCOPE,
    LEFT_OUT,
    {"vanaf", LETTER_TEXT, LETTER_MUST, "de eerste dag", NULL},
    {"tot-en-met", LETTER_TEXT, LETTER_MUST, "de laatste dag", NULL},
    {"eenmalig", LETTER_FLAG, LETTER_MUST, "de toestemming is voor één keer", NULL},
    {"gebruikt-op", LETTER_TEXT, LETTER_EMPTY, "wanneer een eenmalige toestemming is gebruikt", NULL},
    {"bijzonder", LETTER_FLAG, LETTER_MAY, "er zijn bijzondere gegevens bij, zoals over gezondheid", NULL},
    {"getekend", LETTER_TEXTS, LETTER_HEED, "wie toestemming gaf, en wanneer", NULL},
    {"gevraagd-door", LETTER_TEXT, LETTER_EMPTY, "wie om de toestemming vroeg", NULL},
    {"deels-ingetrokken", LETTER_FLAG, LETTER_MUST, "een deel is later ingetrokken", NULL},
    END_OF_FIELDS,
};

static const struct letter_field refusal[] = {
    EVERY_LETTER,
    SCOPE,
    LEFT_OUT,
    {"vastgelegd-op", LETTER_TEXT, LETTER_MUST, "wanneer de weigering is vastgelegd", NULL},
    {"getekend", LETTER_TEXTS, LETTER_HEED, "wie nee zei, en wanneer", NULL},
    {"gevraagd-door", LETTER_TEXT, LETTER_EMPTY, "wie om de toestemming vroeg", NULL},
    END_OF_FIELDS,
};

static const struct letter_field one_withdrawal[] = {
    {"op", LETTER_TEXT, LETTER_MUST, "wanneer de toestemming is ingetrokken", NULL},
    {"vastgelegd-op", LETTER_TEXT, LETTER_MUST, "vanaf welk moment dat geldt", NULL},
    {"door", LETTER_TEXT, LETTER_HEED, "wie haar introk, als dat gezegd mag worden", NULL},
    {"zonder-iemand", LETTER_FLAG, LETTER_MUST, "niemand kon het zelf doen; het team deed het", NULL},
    {"verstrekkers", LETTER_TEXTS, LETTER_MUST, "wie de gegevens niet meer geeft", NULL},
    {"ontvangers", LETTER_TEXTS, LETTER_MUST, "wie de gegevens niet meer krijgt", NULL},
    {"gegevens", LETTER_TEXTS, LETTER_MUST, "om welke gegevens het gaat", NULL},
    {"bericht-aan", LETTER_TEXTS, LETTER_HEED, "wie bericht kreeg, als niet bekend is wie dat al las", NULL},
    {"gelezen-door", LETTER_TEXTS, LETTER_HEED, "wie bericht kreeg en het heeft opgehaald", NULL},
    {"nog-niet-gelezen-door", LETTER_TEXTS, LETTER_HEED, "wie bericht kreeg en het nog niet heeft opgehaald",
     NULL},
    END_OF_FIELDS,
};

static const struct letter_field withdrawal[] = {
    EVERY_LETTER,
    LEFT_OUT,
    {"doel", LETTER_TEXT, LETTER_MUST, "waarvoor de toestemming was", NULL},
    {"geheel", LETTER_FLAG, LETTER_MUST, "er is niets van de toestemming over", NULL},
    {"intrekking", LETTER_GROUP, LETTER_MUST, "elke keer dat (een deel) is ingetrokken", one_withdrawal},
    END_OF_FIELDS,
};

static const struct letter_field one_ground[] = {
    {"gegevens", LETTER_TEXTS, LETTER_MUST, "wat op deze grond is verteld", NULL},
    {"toestemming", LETTER_FLAG, LETTER_MUST, "er was toestemming", NULL},
    {"schriftelijk-verzoek", LETTER_FLAG, LETTER_MUST, "er is schriftelijk om gevraagd", NULL},
    {"wet", LETTER_TEXT, LETTER_HEED, "het artikel van de wet dat het toestaat", NULL},
    {"dringende-reden", LETTER_TEXT, LETTER_HEED, "de dringende reden", NULL},
    {"herkomst", LETTER_TEXTS, LETTER_EMPTY, "uit welke wet of van wie de gegevens kwamen", NULL},
    END_OF_FIELDS,
};

static const struct letter_field notice[] = {
    EVERY_LETTER,
    LEFT_OUT,
    {"verstrekker", LETTER_TEXT, LETTER_MUST, "wie de gegevens gaf", NULL},
    {"ontvanger", LETTER_TEXT, LETTER_MUST, "wie de gegevens kreeg", NULL},
    {"doel", LETTER_TEXT, LETTER_MUST, "waarvoor", NULL},
    {"verstrekt-op", LETTER_TEXT, LETTER_MUST, "wanneer", NULL},
    {"zaak", LETTER_TEXT, LETTER_EMPTY, "in welke zaak", NULL},
    {"grond", LETTER_GROUP, LETTER_MUST, "elke grond, met wat daarop is verteld", one_ground},
    {"tegen-uw-wil", LETTER_FLAG, LETTER_MUST, "de betrokkene had nee gezegd", NULL},
    END_OF_FIELDS,
};

/* clang-format off */
#define REQUEST                                                                                                   \
    {"nummer", LETTER_TEXT, LETTER_MUST, "het nummer van het verzoek", NULL},                                     \
    {"soort", LETTER_TEXT, LETTER_MUST, "waar om is gevraagd: inzage in de gegevens, ...", NULL},                 \
    {"gevraagd", LETTER_TEXT, LETTER_HEED, "wat er in het verzoek staat", NULL},                                  \
    {"ontvangen-op", LETTER_TEXT, LETTER_MUST, "wanneer het verzoek kwam", NULL},                                 \
    {"bezwaar", LETTER_FLAG, LETTER_MAY, "het verzoek is een bezwaar", NULL},                                     \
    {"zienswijze", LETTER_FLAG, LETTER_MAY, "aan een ander is gevraagd wat die ervan vindt", NULL}
/* clang-format on */

static const struct letter_field receipt[] = {
    EVERY_LETTER,
    REQUEST,
    {"antwoord-uiterlijk", LETTER_TEXT, LETTER_MUST, "de laatste dag voor het antwoord", NULL},
    {"te-laat", LETTER_FLAG, LETTER_MUST, "het bezwaar kwam na de zes weken", NULL},
    END_OF_FIELDS,
};

static const struct letter_field extension[] = {
    EVERY_LETTER,
    REQUEST,
    {"eerst-uiterlijk", LETTER_TEXT, LETTER_MUST, "de laatste dag zoals die eerst was", NULL},
    {"antwoord-uiterlijk", LETTER_TEXT, LETTER_MUST, "de nieuwe laatste dag voor het antwoord", NULL},
    {"reden", LETTER_TEXT, LETTER_MUST, "waarom het langer duurt", NULL},
    END_OF_FIELDS,
};

static const struct letter_field granted[] = {
    EVERY_LETTER,
    REQUEST,
    LEFT_OUT,
    {"besloten-op", LETTER_TEXT, LETTER_MUST, "de dag van het besluit", NULL},
    {"toelichting", LETTER_TEXT, LETTER_HEED, "wat er verder over te zeggen is", NULL},
    END_OF_FIELDS,
};

/* Granted in part, or refused. An objection has no objection after it, but an appeal. */
/* clang-format off */
#define REFUSAL                                                                                                   \
    EVERY_LETTER,                                                                                                 \
    REQUEST,                                                                                                      \
    LEFT_OUT,                                                                                                     \
    {"besloten-op", LETTER_TEXT, LETTER_MUST, "de dag van het besluit", NULL},                                    \
    {"redenen", LETTER_TEXT, LETTER_MUST, "waarom het verzoek (voor een deel) is afgewezen", NULL},               \
    {"artikel", LETTER_TEXT, LETTER_MUST, "het artikel waarop dat berust", NULL},                                 \
    {"bezwaar-uiterlijk", LETTER_TEXT, LETTER_HEED,                                                               \
     "de laatste dag voor bezwaar; er is geen bezwaar tegen een bezwaar", NULL}
/* clang-format on */

static const struct letter_field refused[] = {
    REFUSAL,
    END_OF_FIELDS,
};

/* What a statute requires to be kept of somebody whose data are erased. */
static const struct letter_field one_kept[] = {
    {"wie", LETTER_TEXT, LETTER_HEED, "wat voor organisatie het heeft", NULL},
    {"wet", LETTER_TEXT, LETTER_MUST, "onder welke wet de gegevens vallen", NULL},
    {"artikel", LETTER_TEXT, LETTER_MUST, "het artikel dat zegt hoe lang het blijft", NULL},
    {"tot-en-met", LETTER_TEXT, LETTER_HEED, "de laatste dag dat het moet blijven; leeg: zonder einde", NULL},
    END_OF_FIELDS,
};

static const struct letter_field in_part[] = {
    REFUSAL,
    {"blijft", LETTER_GROUP, LETTER_HEED, "van een verwijdering: wat volgens de wet moet blijven", one_kept},
    END_OF_FIELDS,
};

/* What of the log anybody can verify. Each of the first four says which of them it is. */
static const struct letter_field proof[] = {
    EVERY_LETTER,
    {"toestemming", LETTER_FLAG, LETTER_MUST, "er is toestemming gegeven", NULL},
    {"weigering", LETTER_FLAG, LETTER_MUST, "er is nee gezegd", NULL},
    {"mocht", LETTER_FLAG, LETTER_MUST, "iemand vroeg of gegevens gedeeld mochten worden, en dat mocht", NULL},
    {"mocht-deels", LETTER_FLAG, LETTER_MUST, "iemand vroeg dat, en een deel mocht", NULL},
    {"mocht-niet", LETTER_FLAG, LETTER_MUST, "iemand vroeg dat, en niets mocht", NULL},
    {"gedeeld", LETTER_FLAG, LETTER_MUST, "er is gevraagd om te delen wat mocht", NULL},
    {"gegevens", LETTER_TEXTS, LETTER_HEED, "om welke gegevens het gaat, of welke mochten", NULL},
    {"gegevens-niet", LETTER_TEXTS, LETTER_HEED, "welke gegevens niet mochten", NULL},
    {"verstrekkers", LETTER_TEXTS, LETTER_HEED, "wie de gegevens geeft", NULL},
    {"ontvangers", LETTER_TEXTS, LETTER_HEED, "wie de gegevens krijgt", NULL},
    {"doel", LETTER_TEXT, LETTER_HEED, "waarvoor", NULL},
    {"tot-en-met", LETTER_TEXT, LETTER_HEED, "de laatste dag van een toestemming", NULL},
    {"vastgelegd-op", LETTER_TEXT, LETTER_MUST, "wanneer het is vastgelegd", NULL},
    {"vastgelegd-door", LETTER_TEXT, LETTER_MUST, "welke organisatie het vastlegde", NULL},
    {"ingetrokken-op", LETTER_TEXTS, LETTER_HEED, "wanneer de toestemming, of een deel, is ingetrokken", NULL},
    {"gesloten", LETTER_FLAG, LETTER_MUST, "iets over een ander is weggelaten; dat moet er staan", NULL},
    {"code", LETTER_TEXT, LETTER_MUST, "de code van het bewijs", NULL},
    {"regel", LETTER_TEXT, LETTER_MUST, "het nummer van de regel in het register", NULL},
    {"register", LETTER_TEXT, LETTER_MUST, "hoe het register heet", NULL},
    {"vingerafdruk", LETTER_TEXT, LETTER_MUST, "de vingerafdruk van de regel (SHA-256)", NULL},
    {"qr", LETTER_PART, LETTER_MUST, "de QR-code: de code, de vingerafdruk en hoe men controleert", NULL},
    END_OF_FIELDS,
};

/* What went to an organisation where something went wrong, and what whoever writes the letters fills in of it. */
static const struct letter_field breach[] = {
    EVERY_LETTER,
    {"organisatie", LETTER_TEXT, LETTER_MUST, "bij welke organisatie het gebeurde", NULL},
    {"gegevens", LETTER_TEXTS, LETTER_MUST, "welke gegevens over de lezer daar waren", NULL},
    {"bijzonder", LETTER_FLAG, LETTER_MAY, "er zijn bijzondere gegevens bij, zoals over gezondheid", NULL},
    {"verstrekkers", LETTER_TEXTS, LETTER_MUST, "van wie die organisatie ze kreeg", NULL},
    {"gekregen", LETTER_TEXT, LETTER_MUST, "wanneer zij ze kreeg: een dag, of van en tot en met", NULL},
    {"wat-er-gebeurde", LETTER_TEXT, LETTER_MUST, "ingevuld: wat er is misgegaan", NULL},
    {"wanneer", LETTER_TEXT, LETTER_HEED, "ingevuld: wanneer dat was, als dat bekend is", NULL},
    {"ontdekt-op", LETTER_TEXT, LETTER_MUST, "ingevuld: wanneer het is ontdekt", NULL},
    {"gemeld-op", LETTER_TEXT, LETTER_HEED, "ingevuld: wanneer het is gemeld bij de toezichthouder", NULL},
    {"gevolgen", LETTER_TEXTS, LETTER_MUST, "ingevuld: wat er nu kan gebeuren", NULL},
    {"maatregelen", LETTER_TEXTS, LETTER_MUST, "ingevuld: wat er is gedaan", NULL},
    {"adviezen", LETTER_TEXTS, LETTER_MUST, "ingevuld: wat de lezer zelf kan doen", NULL},
    {"bel", LETTER_TEXT, LETTER_HEED, "ingevuld: een eigen telefoonnummer voor vragen hierover", NULL},
    END_OF_FIELDS,
};

/* Everything that is held about somebody. Who sends it is known where the pack is named. */
static const struct letter_field overview[] = {
    {"verantwoordelijke", LETTER_TEXT, LETTER_MUST, "wie het register heeft, zoals het register dat zegt", NULL},
    {"gemaakt-op", LETTER_TEXT, LETTER_MUST, "het moment waarop het overzicht is gemaakt", NULL},
    {"gemeente", LETTER_TEXT, LETTER_EMPTY, "de naam van de gemeente", NULL},
    {"gemeente-adres", LETTER_TEXTS, LETTER_EMPTY, "haar naam en postadres, regel voor regel", NULL},
    {"gemeente-telefoon", LETTER_TEXT, LETTER_EMPTY, "haar telefoonnummer", NULL},
    {"gemeente-e-mail", LETTER_TEXT, LETTER_EMPTY, "haar e-mailadres", NULL},
    {"functionaris", LETTER_TEXT, LETTER_EMPTY, "de functionaris gegevensbescherming", NULL},
    {"functionaris-e-mail", LETTER_TEXT, LETTER_EMPTY, "het e-mailadres van de functionaris", NULL},
    {"ondertekening", LETTER_TEXTS, LETTER_EMPTY, "de groet en wie ondertekent, regel voor regel", NULL},
    {"vertegenwoordiger", LETTER_FLAG, LETTER_MUST, "de lezer vertegenwoordigt degene om wie het gaat", NULL},
    {"jaar", LETTER_TEXT, LETTER_HEED, "alleen over dit jaar", NULL},
    {"zaak", LETTER_TEXT, LETTER_HEED, "alleen over deze zaak", NULL},
    {"vorige-op", LETTER_TEXT, LETTER_HEED, "wanneer het vorige overzicht is gemaakt", NULL},
    {"nieuw-sindsdien", LETTER_TEXT, LETTER_EMPTY, "hoe vaak er daarna iets bij kwam", NULL},
    {"niets", LETTER_FLAG, LETTER_MUST, "er staat niets over de betrokkene in het register", NULL},
    {"kort", LETTER_TEXTS, LETTER_HEED, "hoeveel er van alles is, een regel voor elk", NULL},
    {"bewaard", LETTER_PART, LETTER_HEED, "wat na een verwijdering moet blijven, tot wanneer en waarom", NULL},
    {"over-u-zelf", LETTER_PART, LETTER_HEED, "geboorte, vertegenwoordigers, afschermingen", NULL},
    {"toestemmingen", LETTER_PART, LETTER_HEED, "elke toestemming, en wat daarvan is geworden", NULL},
    {"geen-toestemmingen", LETTER_FLAG, LETTER_MAY, "er zijn geen toestemmingen", NULL},
    {"weigeringen", LETTER_PART, LETTER_HEED, "waar de betrokkene nee op zei", NULL},
    {"gevraagd", LETTER_PART, LETTER_HEED, "wie om toestemming vroeg", NULL},
    {"doorgegeven", LETTER_PART, LETTER_HEED, "wie welke gegevens kreeg", NULL},
    {"keer-doorgegeven", LETTER_TEXT, LETTER_EMPTY, "hoe vaak gegevens zijn doorgegeven, als dat gebeurde", NULL},
    {"geweigerd", LETTER_PART, LETTER_HEED, "wie om gegevens vroeg en nee kreeg", NULL},
    {"niemand-geweigerd", LETTER_FLAG, LETTER_MAY, "niemand vroeg om gegevens en kreeg nee", NULL},
    {"alleen-gevraagd", LETTER_PART, LETTER_HEED, "wie alleen vroeg of iets mag", NULL},
    {"verplichtingen", LETTER_PART, LETTER_HEED, "wat er daarna moest gebeuren", NULL},
    {"verzoeken", LETTER_PART, LETTER_HEED, "de verzoeken van de betrokkene", NULL},
    {"veranderingen", LETTER_PART, LETTER_HEED, "wie is verteld dat er iets veranderde", NULL},
    {"handelingen", LETTER_PART, LETTER_HEED, "wat er verder is gedaan, en door wie", NULL},
    {"weggelaten", LETTER_FLAG, LETTER_MUST, "iets over een ander is weggelaten; dat moet er staan", NULL},
    {"onleesbaar", LETTER_TEXT, LETTER_HEED, "hoeveel regels van het register niet te lezen zijn", NULL},
    {"bijlage", LETTER_PART, LETTER_HEED, "elke keer apart, als iets vaker gebeurde", NULL},
    {"bijlage-op-verzoek", LETTER_FLAG, LETTER_MAY, "de bijlage is te lang; zij kan worden gevraagd", NULL},
    END_OF_FIELDS,
};

/* The empty consent form. Its places are made by the program. */
static const struct letter_field consent_form[] = {
    {"gemeente", LETTER_TEXT, LETTER_MAY, "de naam van de gemeente", NULL},
    {"gemeente-adres", LETTER_TEXTS, LETTER_MUST, "haar naam en postadres, regel voor regel", NULL},
    {"gemeente-telefoon", LETTER_TEXT, LETTER_MUST, "haar telefoonnummer", NULL},
    {"gemeente-e-mail", LETTER_TEXT, LETTER_MUST, "haar e-mailadres", NULL},
    {"functionaris", LETTER_TEXT, LETTER_MUST, "de functionaris gegevensbescherming", NULL},
    {"functionaris-e-mail", LETTER_TEXT, LETTER_MUST, "het e-mailadres van de functionaris", NULL},
    {"ondertekening", LETTER_TEXTS, LETTER_MAY, "de groet en wie ondertekent, regel voor regel", NULL},
    {"scherm", LETTER_FLAG, LETTER_MUST, "het is een bladzijde voor op een scherm, met een knop om te bewaren",
     NULL},
    {"gevraagd-door", LETTER_TEXT, LETTER_HEED, "wie om deze toestemming vroeg", NULL},
    {"langste", LETTER_TEXT, LETTER_HEED,
     "hoe lang de toestemming hoogstens geldt, van een formulier voor één doel", NULL},
    {"over-wie", LETTER_PART, LETTER_MUST, "om in te vullen: over wie het gaat", NULL},
    {"waarvoor", LETTER_PART, LETTER_MUST, "om aan te kruisen: het ene doel", NULL},
    {"verstrekkers", LETTER_PART, LETTER_MUST, "om aan te kruisen: wie de gegevens geeft", NULL},
    {"ontvangers", LETTER_PART, LETTER_MUST, "om aan te kruisen: wie de gegevens krijgt", NULL},
    {"gegevens", LETTER_PART, LETTER_HEED, "om aan te kruisen: gewone gegevens", NULL},
    {"gevoelig", LETTER_PART, LETTER_HEED, "om aan te kruisen: bijzondere gegevens, zoals over gezondheid", NULL},
    {"hoe-lang", LETTER_PART, LETTER_MUST, "om in te vullen: van wanneer tot wanneer, of voor één keer", NULL},
    {"antwoord", LETTER_PART, LETTER_MUST, "om aan te kruisen: ja of nee", NULL},
    {"tekenen", LETTER_PART, LETTER_MUST, "om in te vullen: wie tekent, en wanneer", NULL},
    {"team", LETTER_PART, LETTER_MUST, "om in te vullen: wat het team vastlegt", NULL},
    END_OF_FIELDS,
};

const struct letter_form letter_forms[] = {
    {"bewijs", "een bewijs van wat in het register staat, dat iedereen kan controleren", proof},
    {"datalek", "aan iedereen om wie het gaat: er is iets misgegaan met uw gegevens (AVG 34)", breach},
    {"formulier", "het formulier waarmee iemand toestemming geeft, of nee zegt", consent_form},
    {"informeren", "aan de betrokkene: zonder toestemming is iets over u verteld", notice},
    {"informeren-herkomst", "aan de betrokkene: wij hebben gegevens over u van een ander", notice},
    {"informeren-jongere", "aan een jongere van 12 tot 16: er is iets over jou verteld", notice},
    {"informeren-vertegenwoordiger", "aan een vertegenwoordiger: er is iets verteld", notice},
    {"intrekking", "bevestiging van een intrekking: wie dat weet", withdrawal},
    {"overzicht", "alles wat over iemand in het register staat", overview},
    {"toestemming", "bevestiging van een toestemming", consent},
    {"verzoek-afgewezen", "het antwoord op een verzoek: nee", refused},
    {"verzoek-deels", "het antwoord op een verzoek: voor een deel", in_part},
    {"verzoek-ontvangen", "ontvangst van een verzoek", receipt},
    {"verzoek-toegewezen", "het antwoord op een verzoek: ja", granted},
    {"verzoek-verlengd", "het antwoord op een verzoek komt later", extension},
    {"weigering", "bevestiging van een weigering", refusal},
    {NULL, NULL, NULL},
};

const struct letter_form *letter_form_find (const char *name)
{
    for (const struct letter_form *form = letter_forms; form->name; form++)
        if (strcmp (form->name, name) == 0)
            return form;
    return NULL;
}
