#include "form_fields.h"
#include <stdlib.h>
#include <string.h>
#include "arena.h"

static const struct {
    const char *path, *registry, *label;
} fields[] = {
    {"formulier", NULL, "Soort formulier"},
    {"toestemming", NULL, "Geeft u toestemming"},
    {"bsn", "bsn", "Burgerservicenummer"},
    {"verstrekkers", "scope.providers", "Wie mag de gegevens geven"},
    {"ontvangers", "scope.recipients", "Wie mag de gegevens krijgen"},
    {"gegevens", "scope.categories", "Welke gegevens"},
    {"doel", "scope.purpose", "Waarvoor"},
    {"herkomst", "scope.origins", "Alleen gegevens uit"},
    {"zaak", "scope.case_ref", "Alleen voor zaak"},
    {"geldig_vanaf", "valid_from", "Geldig vanaf"},
    {"geldig_tot_en_met", "valid_until", "Geldig tot en met"},
    {"geldig_maanden", NULL, "Aantal maanden geldig"},
    {"eenmalig", "one_time", "Voor één keer"},
    {"ondertekening", "signatures", "Ondertekening"},
    {"ondertekening.door", "signatures.signer", "wie"},
    {"ondertekening.op", "signatures.given_at", "datum"},
    {"motivering", "motivation", "Waarom dit nodig is"},
    {"vorm", "form", "Hoe het is gezegd"},
    {"bewijs", "evidence", "Bewijs"},
    {"bewijs.kenmerk", "evidence.reference", "Waar het formulier ligt"},
    {"bewijs.sha256", "evidence.sha256", "Vingerafdruk van het formulier (SHA-256)"},
    {"voorlichting", "notice", "Voorlichting"},
    {"voorlichting.folder", "notice.id", "Folder"},
    {"voorlichting.versie", "notice.version", "Versie van de folder"},
    {"voorlichting.taal", "notice.language", "Taal van de folder"},
    {"voorlichting.verstrekt_op", "notice.given_at", "Folder gegeven op"},
    {"beroepsgeheim", "under_secrecy", "Beroepsgeheim"},
    {"medewerker", "user", "Medewerker"},
    {"verzoek", "answers", "Antwoord op verzoek"},
};

enum { FIELDS = sizeof fields / sizeof *fields };

const char *form_label (const char *path)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp (fields[i].path, path) == 0)
            return fields[i].label;
    return NULL;
}

/* The name without its "[2]", and which entry that is, from 1; 0: none. */
static char *take_number (struct arena *arena, const char *path, const char **index_p, size_t *length_p)
{
    const char *open = strchr (path, '['), *close = open ? strchr (open, ']') : NULL;
    *index_p = "";
    *length_p = 0;
    if (!close)
        return arena_strdup (arena, path);
    *index_p = open;
    *length_p = (size_t)(close + 1 - open);
    return arena_printf (arena, "%.*s%s", (int)(open - path), path, close + 1);
}

const char *form_path_of_registry (struct arena *arena, const char *field)
{
    const char *dot = strchr (field, '.'), *index;
    size_t length;
    if (!dot)
        return NULL;
    const char *name = take_number (arena, dot + 1, &index, &length);
    for (size_t i = 0; i < FIELDS; i++) {
        if (!fields[i].registry || strcmp (fields[i].registry, name) != 0)
            continue;
        const char *path = fields[i].path;
        int size = (int)(length ? strcspn (path, ".") : strlen (path));
        return arena_printf (arena, "%.*s%.*s%s", size, path, (int)length, index, path + size);
    }
    return NULL;
}

const char *form_words_of_path (struct arena *arena, const char *path)
{
    const char *index;
    size_t length;
    const char *name = take_number (arena, path, &index, &length);
    const char *label = form_label (name);
    if (!label)
        return "(een veld)";
    if (!length)
        return label;
    unsigned long number = strtoul (index + 1, NULL, 10) + 1;
    const char *list = form_label (arena_strndup (arena, path, (size_t)(strcspn (path, "["))));
    return list && strcmp (list, label) != 0 ? arena_printf (arena, "%s %lu, %s", list, number, label)
                                             : arena_printf (arena, "%s, nummer %lu", label, number);
}
