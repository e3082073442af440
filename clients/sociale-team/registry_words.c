#include "registry_words.h"
#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "form_fields.h"

/* Those of a grant or refusal that only the registry can judge come first; of the others the form says itself what
   is wrong, and these are for a form that is read otherwise here than there. */
static const struct {
    const char *english, *dutch; /* the beginning of the one, and the other */
} words[] = {
    {"names more than 32 parties", "dit zijn er meer dan 32"},
    {"more than 32 parties", "dit zijn er meer dan 32"},
    {"is a kind of party: name the party itself", "is een soort organisatie: noem de organisatie zelf"},
    {"is not a known party", "is geen bekende organisatie"},
    {"is the provider itself, and nobody else", "is alleen wie de gegevens geeft"},
    {"is not a known category", "is geen bekende soort gegevens"},
    {"is missing", "ontbreekt"},
    {"is not a known purpose", "is geen bekend doel"},
    {"is not a known origin", "is geen bekende herkomst"},
    {"has signed twice", "heeft twee keer getekend"},
    {"is in the future", "ligt in de toekomst"},
    {"is not after valid_from", "ligt niet na de eerste dag"},
    {"is past", "is voorbij"},
    {"the registry holds as many statements of one subject as it can",
     "van één persoon kan het register er niet meer bewaren"},
    {"was not asked for", "is niet gevraagd"},
    {"was asked for some origins only", "is maar voor sommige herkomsten gevraagd"},
    {"was asked for another case", "is voor een andere zaak gevraagd"},
    {"is earlier than was asked for", "is eerder dan er is gevraagd"},
    {"is later than was asked for", "is later dan er is gevraagd"},
    {"was asked for once only", "is maar voor één keer gevraagd"},
    {"no such request about this subject", "dit verzoek is er niet over deze persoon"},
    {"was answered already, or is past its time", "is al beantwoord, of te oud"},
    {"A reference does not hold the subject's BSN.", "bevat het burgerservicenummer"},
    {"Nothing of this text is visible: leave it out.", "hiervan is niets te zien: laat het weg"},
    {"This is required.", "vul dit in"},
    {"The id of a party is not a BSN", "kan geen naam van een organisatie zijn"},
    {"A code is not a BSN",
     "is geen code: hoogstens 48 letters, cijfers of de tekens . _ : - en geen burgerservicenummer"},
    {"A BSN is no name of a party, nor a code.", "is een burgerservicenummer"},
    {"A reference is not a BSN",
     "is geen kenmerk: hoogstens 64 letters, cijfers of de tekens . _ : - en geen burgerservicenummer"},
    {"A BSN is eight or nine digits", "is geen geldig burgerservicenummer"},
    {"A time is a number", "is geen dag vanaf 1970 en voor het jaar 10000"},
    {"The SHA-256 of the evidence is required", "moet uit 64 hexadecimale cijfers bestaan"},
    {"Evidence has a reference.", "vul in waar het formulier ligt"},
    {"This text is at most 1000 bytes.", "is te lang: hoogstens 1000 bytes"},
    {"This text is at most 64 bytes.", "is te lang: hoogstens 64 bytes"},
};

const char *registry_words_dutch (const char *message)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp (words[i].english, message, strlen (words[i].english)) == 0)
            return words[i].dutch;
    return "dit neemt het register niet aan";
}

static const Consentd__Scope *scope_of (const Consentd__Request *request)
{
    return request->body_case == CONSENTD__REQUEST__BODY_REFUSE ? request->refuse->scope : request->grant->scope;
}

/* The list of the request that this field of the form became, and how many it has. */
static char *const *list_of (const Consentd__Scope *scope, const char *field, size_t *count)
{
    const struct {
        const char *name;
        char *const *list;
        size_t count;
    } lists[] = {{"verstrekkers[", scope->providers, scope->n_providers},
                 {"ontvangers[", scope->recipients, scope->n_recipients},
                 {"gegevens[", scope->categories, scope->n_categories},
                 {"herkomst[", scope->origins, scope->n_origins}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        *count = lists[i].count;
        if (strncmp (field, lists[i].name, strlen (lists[i].name)) == 0)
            return lists[i].list;
    }
    return NULL;
}

/* Where the entry stands of which `place` others, each once, come before it in the order of the registry. */
static size_t find_given (char *const *list, size_t count, size_t place)
{
    for (size_t i = 0; i < count; i++) {
        size_t before = 0;
        for (size_t j = 0; j < count; j++) {
            size_t first = 0;
            while (strcmp (list[first], list[j]) != 0)
                first++;
            before += first == j && strcmp (list[j], list[i]) < 0;
        }
        if (before == place)
            return i;
    }
    return place;
}

const char *registry_words_path (struct arena *arena, const Consentd__Request *request,
                                 const Consentd__Reply *reply)
{
    const char *path = form_path_of_registry (arena, reply->field);
    size_t count = 0;
    char *const *list = path ? list_of (scope_of (request), path, &count) : NULL;
    /* What cannot be read is told in the order of the message, and in a sentence; what is judged, in a clause. */
    if (!list || isupper ((unsigned char)*reply->message))
        return path;
    const char *open = strchr (path, '[');
    size_t place = find_given (list, count, strtoul (open + 1, NULL, 10));
    return arena_printf (arena, "%.*s[%zu]", (int)(open - path), path, place);
}
