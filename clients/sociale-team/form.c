#include "form.h"
#include <errno.h>
#include <string.h>
#include "bsn.h"
#include "call.h"
#include "form_reader.h"

enum { SIGNATURES_MAX = 64, MONTHS_MAX = 1200 };

static char *read_bsn (struct form_reading *self, const struct form_place *form)
{
    const char *text = form_text (self, form, "bsn", true, SYNTAX_ANY);
    char *bsn = arena_alloc (self->arena, BSN_TEXT);
    if (*text && !bsn_read_text (text, strlen (text), bsn))
        form_refuse (self, form, "bsn", "is geen geldig burgerservicenummer");
    return bsn;
}

static Consentd__Scope *read_scope (struct form_reading *self, const struct form_place *form)
{
    Consentd__Scope *scope = arena_alloc (self->arena, sizeof *scope);
    consentd__scope__init (scope);
    scope->providers = form_texts (self, form, "verstrekkers", true, &scope->n_providers);
    scope->recipients = form_texts (self, form, "ontvangers", true, &scope->n_recipients);
    scope->categories = form_texts (self, form, "gegevens", true, &scope->n_categories);
    scope->origins = form_texts (self, form, "herkomst", false, &scope->n_origins);
    scope->purpose = form_text (self, form, "doel", true, SYNTAX_ANY); /* a rule judges it */
    scope->case_ref = form_text (self, form, "zaak", false, SYNTAX_REFERENCE);
    return scope;
}

static Consentd__Signature *read_signature (struct form_reading *self, json_t *fields, const char *path)
{
    static const char *const names[] = {"door", "op", NULL};
    const struct form_place place = {fields, path};
    Consentd__Signature *signature = arena_alloc (self->arena, sizeof *signature);
    consentd__signature__init (signature);
    form_check_names (self, &place, names);
    signature->signer = form_text (self, &place, "door", true, SYNTAX_REFERENCE);
    if (strcmp (signature->signer, "betrokkene") == 0)
        signature->signer = arena_strdup (self->arena, "subject");
    signature->given_at = form_moment (self, &place, "op", true, false);
    return signature;
}

static Consentd__Signature **read_signatures (struct form_reading *self, const struct form_place *form,
                                              size_t *count_p)
{
    const json_t *list = json_object_get (form->fields, "ondertekening");
    size_t count = json_array_size (list);
    if (count == 0 || count > SIGNATURES_MAX) {
        form_refuse (self, form, "ondertekening",
                     count == 0 ? "vul in wie tekent, en wanneer" : "er zijn te veel handtekeningen");
        count = 0;
    }
    Consentd__Signature **signatures = arena_array (self->arena, count + 1, sizeof *signatures);
    for (size_t i = 0; i < count; i++) {
        json_t *fields = json_array_get (list, i);
        const char *name = arena_printf (self->arena, "ondertekening[%zu]", i);
        if (!json_is_object (fields))
            form_refuse (self, form, name, "moet een object zijn");
        signatures[i] = read_signature (self, fields, arena_printf (self->arena, "%s.", name));
    }
    *count_p = count;
    return signatures;
}

static Consentd__Form read_way (struct form_reading *self, const struct form_place *form)
{
    static const struct {
        const char *name;
        Consentd__Form form;
    } ways[] = {{"schriftelijk", CONSENTD__FORM__WRITTEN},
                {"digitaal", CONSENTD__FORM__DIGITAL},
                {"mondeling", CONSENTD__FORM__ORAL}};
    const char *text = form_text (self, form, "vorm", true, SYNTAX_ANY);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp (text, ways[i].name) == 0)
            return ways[i].form;
    if (*text)
        form_refuse (self, form, "vorm", "moet schriftelijk, digitaal of mondeling zijn");
    return CONSENTD__FORM__FORM_UNSPECIFIED;
}

/* Reads hexadecimal digits, two identifiers' worth at most. */
static bool read_hex (const char *text, uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at < size; at += FORM_ID) {
        char part[2 * FORM_ID + 1] = "";
        if (strlen (text) != 2 * (size - at))
            return false;
        memcpy (part, text, 2 * FORM_ID);
        if (!consent_unhex (part, bytes + at))
            return false;
        text += 2 * FORM_ID;
    }
    return true;
}

/* The hash of the file that was given beside the form; what the form itself says of it must agree. */
static void read_hash (struct form_reading *self, const struct form_place *evidence, uint8_t hash[FORM_HASH])
{
    const char *text = form_text (self, evidence, "sha256", !self->evidence, SYNTAX_ANY);
    if (*text && !read_hex (text, hash, FORM_HASH))
        form_refuse (self, evidence, "sha256", "moet uit 64 hexadecimale cijfers bestaan");
    else if (*text && self->evidence && memcmp (hash, self->evidence, FORM_HASH) != 0)
        form_refuse (self, evidence, "sha256", "is niet die van het bestand dat erbij is gegeven");
    if (self->evidence)
        memcpy (hash, self->evidence, FORM_HASH);
}

static Consentd__Evidence *read_evidence (struct form_reading *self, const struct form_place *form)
{
    static const char *const names[] = {"kenmerk", "sha256", NULL};
    struct form_place place;
    if (!form_object (self, form, "bewijs", names, &place)) {
        if (self->evidence)
            form_refuse (self, &(struct form_place){NULL, "bewijs."}, "kenmerk", "vul dit in");
        return NULL;
    }
    Consentd__Evidence *evidence = arena_alloc (self->arena, sizeof *evidence);
    consentd__evidence__init (evidence);
    evidence->reference = form_text (self, &place, "kenmerk", true, SYNTAX_REFERENCE);
    evidence->sha256.len = FORM_HASH;
    evidence->sha256.data = arena_alloc (self->arena, FORM_HASH);
    read_hash (self, &place, evidence->sha256.data);
    return evidence;
}

static Consentd__Notice *read_notice (struct form_reading *self, const struct form_place *form)
{
    static const char *const names[] = {"folder", "versie", "taal", "verstrekt_op", NULL};
    struct form_place place;
    if (!form_object (self, form, "voorlichting", names, &place))
        return NULL;
    Consentd__Notice *notice = arena_alloc (self->arena, sizeof *notice);
    consentd__notice__init (notice);
    notice->id = form_text (self, &place, "folder", true, SYNTAX_REFERENCE);
    notice->version = form_text (self, &place, "versie", true, SYNTAX_REFERENCE);
    notice->language = form_text (self, &place, "taal", true, SYNTAX_CODE);
    notice->given_at = form_moment (self, &place, "verstrekt_op", true, false);
    return notice;
}

/* When a duration begins that has no first day. */
static moment first_moment (const struct form_reading *self, const Consentd__GrantRequest *grant)
{
    moment from = grant->valid_from ? grant->valid_from : self->now;
    for (size_t i = 0; i < grant->n_signatures && !grant->valid_from && !self->now; i++)
        if (grant->signatures[i]->given_at > from)
            from = grant->signatures[i]->given_at;
    return from;
}

/* Reads a last day, or a number of months: "up to and including the same day N months later" (G6). If the form has
   neither, the registry refuses it by G6. */
static void read_validity (struct form_reading *self, const struct form_place *form, Consentd__GrantRequest *grant)
{
    const json_t *months = json_object_get (form->fields, "geldig_maanden");
    json_int_t count = json_integer_value (months);
    grant->valid_from = form_moment (self, form, "geldig_vanaf", false, false);
    grant->valid_until = form_moment (self, form, "geldig_tot_en_met", false, true);
    if (!months)
        return;
    if (json_object_get (form->fields, "geldig_tot_en_met"))
        form_refuse (self, form, "geldig_maanden", "niet samen met \"Geldig tot en met\"");
    else if (count < 1 || count > MONTHS_MAX)
        form_refuse (self, form, "geldig_maanden", "moet een getal zijn, 1 of meer");
    else
        grant->valid_until = calendar_end_after_months (first_moment (self, grant), (unsigned)count);
}

static ProtobufCBinaryData read_answers (struct form_reading *self, const struct form_place *form)
{
    const char *text = form_text (self, form, "verzoek", false, SYNTAX_ANY);
    uint8_t *id = arena_alloc (self->arena, FORM_ID);
    if (*text && !read_hex (text, id, FORM_ID))
        form_refuse (self, form, "verzoek", "moet uit 32 hexadecimale cijfers bestaan");
    else if (*text && self->answers && memcmp (id, self->answers, FORM_ID) != 0)
        form_refuse (self, form, "verzoek", "is een ander verzoek dan is genoemd");
    else if (self->answers)
        memcpy (id, self->answers, FORM_ID);
    return *text || self->answers ? (ProtobufCBinaryData){FORM_ID, id} : (ProtobufCBinaryData){0, NULL};
}

static Consentd__GrantRequest *read_grant (struct form_reading *self, const struct form_place *form)
{
    Consentd__GrantRequest *grant = arena_alloc (self->arena, sizeof *grant);
    consentd__grant_request__init (grant);
    grant->bsn = read_bsn (self, form);
    grant->scope = read_scope (self, form);
    grant->one_time = form_flag (self, form, "eenmalig");
    grant->signatures = read_signatures (self, form, &grant->n_signatures);
    read_validity (self, form, grant);
    grant->motivation = form_text (self, form, "motivering", true, SYNTAX_MOTIVATION);
    grant->form = read_way (self, form);
    grant->evidence = read_evidence (self, form);
    grant->notice = read_notice (self, form);
    grant->under_secrecy = form_flag (self, form, "beroepsgeheim");
    grant->user = form_text (self, form, "medewerker", true, SYNTAX_REFERENCE);
    grant->answers = read_answers (self, form);
    return grant;
}

/* Reads a refusal. A refusal needs no form, no notice and no end (G12): if the file has them, they are left
   out. */
static Consentd__RefuseRequest *read_refusal (struct form_reading *self, const struct form_place *form)
{
    Consentd__RefuseRequest *refusal = arena_alloc (self->arena, sizeof *refusal);
    consentd__refuse_request__init (refusal);
    refusal->bsn = read_bsn (self, form);
    refusal->scope = read_scope (self, form);
    refusal->signatures = read_signatures (self, form, &refusal->n_signatures);
    refusal->motivation = form_text (self, form, "motivering", true, SYNTAX_MOTIVATION);
    refusal->user = form_text (self, form, "medewerker", true, SYNTAX_REFERENCE);
    refusal->answers = read_answers (self, form);
    return refusal;
}

/* A form that says neither yes nor no is read as yes, so that all that is wrong is told. */
static Consentd__Request *read_request (struct form_reading *self, const struct form_place *form)
{
    Consentd__Request *request = arena_alloc (self->arena, sizeof *request);
    consentd__request__init (request);
    const char *kind = form_text (self, form, "formulier", true, SYNTAX_ANY);
    const char *answer = form_text (self, form, "toestemming", true, SYNTAX_ANY);
    if (*kind && strcmp (kind, "toestemming/1") != 0)
        form_refuse (self, form, "formulier", "moet toestemming/1 zijn");
    if (*answer && strcmp (answer, "ja") != 0 && strcmp (answer, "nee") != 0)
        form_refuse (self, form, "toestemming", "moet ja of nee zijn");
    if (strcmp (answer, "nee") == 0) {
        request->body_case = CONSENTD__REQUEST__BODY_REFUSE;
        request->refuse = read_refusal (self, form);
    } else {
        request->body_case = CONSENTD__REQUEST__BODY_GRANT;
        request->grant = read_grant (self, form);
    }
    return request;
}

int form_read_json (struct form_reading *self, json_t *form, Consentd__Request **request_p)
{
    static const char *const names[] = {"formulier",
                                        "toestemming",
                                        "bsn",
                                        "verstrekkers",
                                        "ontvangers",
                                        "gegevens",
                                        "doel",
                                        "herkomst",
                                        "zaak",
                                        "vorm",
                                        "motivering",
                                        "bewijs",
                                        "eenmalig",
                                        "beroepsgeheim",
                                        "voorlichting",
                                        "ondertekening",
                                        "geldig_vanaf",
                                        "medewerker",
                                        "geldig_tot_en_met",
                                        "geldig_maanden",
                                        "verzoek",
                                        NULL};
    const struct form_place place = {form, ""};
    form_check_names (self, &place, names);
    *request_p = read_request (self, &place);
    return self->problem_count ? -EINVAL : 0;
}

const char *form_words_of_json (const json_t *read, const json_error_t *error)
{
    if (read)
        return "is geen object: een formulier staat tussen accolades";
    switch (json_error_code (error)) {
    case json_error_duplicate_key:
        return "noemt een veld twee keer";
    case json_error_invalid_utf8:
        return "is geen tekst in UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "heeft een teken dat in geen tekst kan staan";
    default:
        return "is geen JSON";
    }
}

static const char *words_of_no_form (struct form_reading *self, struct bytes text, const json_t *read,
                                     const json_error_t *error)
{
    const char *first = text.data;
    size_t blanks = 0;
    while (blanks < text.size && strchr (" \t\r\n", first[blanks]))
        blanks++;
    return blanks < text.size && first[blanks] == '<'
               ? "dit is het lege formulier: open het in een browser, vul het in, en bewaar het"
               : arena_printf (self->arena, "regel %d: %s", read ? 1 : error->line,
                               form_words_of_json (read, error));
}

int form_read (struct form_reading *self, struct bytes text, Consentd__Request **request_p)
{
    json_error_t where;
    json_t *form = json_loadb (text.data, text.size, JSON_REJECT_DUPLICATES, &where);
    int rc = -EINVAL;
    if (json_is_object (form))
        rc = form_read_json (self, form, request_p);
    else
        self->problems[self->problem_count++] =
            (struct form_problem){"", words_of_no_form (self, text, form, &where)};
    json_decref (form);
    return rc;
}
