#include "form.h"
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "bsn.h"
#include "call.h"

enum { LIST_MAX = 64, HASH_SIZE = 32 };

struct form {
    struct arena *arena;
    moment now;
    bool wrong; /* sticky: the first error is kept, and what is read after it does not count */
    char *error;
};

__attribute__ ((format (printf, 2, 3))) static void refuse (struct form *self, const char *format, ...)
{
    if (self->wrong)
        return;
    self->wrong = true;
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (self->error, FORM_ERROR, format, arguments);
    va_end (arguments);
}

static bool is_listed (const char *name, const char *const *names)
{
    while (*names && strcmp (*names, name) != 0)
        names++;
    return *names;
}

/* A name is repeated in an error only if it looks like one of ours: a person may have written anything there. */
static bool looks_like_name (const char *name)
{
    return strlen (name) <= 32 && strspn (name, "abcdefghijklmnopqrstuvwxyz_") == strlen (name);
}

/* The object may have no other fields than these: a field that is not understood may be a condition. */
static void check_names (struct form *self, const char *path, json_t *object, const char *const *names)
{
    const char *name;
    json_t *value;
    json_object_foreach (object, name, value)
    {
        if (!is_listed (name, names))
            refuse (self, "%s%s: is not a field of the form", path, looks_like_name (name) ? name : "(a field)");
    }
}

/* Reads a text. "" if it is not given. */
static char *read_text (struct form *self, const char *path, const json_t *object, const char *name, bool required)
{
    const json_t *value = json_object_get (object, name);
    const char *text = json_string_value (value);
    if (value && !text)
        refuse (self, "%s%s: must be a text", path, name);
    if (required && (!text || !*text))
        refuse (self, "%s%s: must be filled in", path, name);
    else if (text && !*text) /* a form for one case that lost the case must not become one for every case */
        refuse (self, "%s%s: is empty: fill it in, or leave it out", path, name);
    return arena_strdup (self->arena, text ? text : "");
}

static char **read_list (struct form *self, const json_t *object, const char *name, bool required, size_t *count_p)
{
    const json_t *list = json_object_get (object, name);
    *count_p = json_array_size (list);
    if ((list && !json_is_array (list)) || *count_p > LIST_MAX)
        refuse (self, "%s: must be a list of at most %d", name, LIST_MAX);
    if (required && *count_p == 0)
        refuse (self, "%s: must be filled in", name);
    else if (list && *count_p == 0)
        refuse (self, "%s: is empty: fill it in, or leave it out", name);
    if (self->wrong)
        *count_p = 0;
    char **texts = arena_array (self->arena, *count_p + 1, sizeof *texts);
    for (size_t i = 0; i < *count_p; i++) {
        const char *text = json_string_value (json_array_get (list, i));
        if (!text)
            refuse (self, "%s[%zu]: must be a text", name, i);
        texts[i] = arena_strdup (self->arena, text ? text : "");
    }
    return texts;
}

static moment read_moment (struct form *self, const char *path, const json_t *object, const char *name)
{
    moment when = 0;
    const char *text = read_text (self, path, object, name, true);
    if (!self->wrong && !moment_parse (text, &when))
        refuse (self, "%s%s: is no day (YYYY-MM-DD) or moment", path, name);
    return when;
}

static json_t *read_object (struct form *self, const json_t *form, const char *name)
{
    json_t *object = json_object_get (form, name);
    if (object && !json_is_object (object))
        refuse (self, "%s: must be an object", name);
    return object;
}

static char *read_bsn (struct form *self, const json_t *form)
{
    const char *text = read_text (self, "", form, "bsn", true);
    char *bsn = arena_alloc (self->arena, BSN_TEXT);
    if (!bsn_read_text (text, strlen (text), bsn))
        refuse (self, "bsn: is not a valid BSN");
    return bsn;
}

static Consentd__Scope *read_scope (struct form *self, const json_t *form)
{
    Consentd__Scope *scope = arena_alloc (self->arena, sizeof *scope);
    consentd__scope__init (scope);
    scope->providers = read_list (self, form, "verstrekkers", true, &scope->n_providers);
    scope->recipients = read_list (self, form, "ontvangers", true, &scope->n_recipients);
    scope->categories = read_list (self, form, "gegevens", true, &scope->n_categories);
    scope->origins = read_list (self, form, "herkomst", false, &scope->n_origins);
    scope->purpose = read_text (self, "", form, "doel", true);
    scope->case_ref = read_text (self, "", form, "zaak", false);
    return scope;
}

static Consentd__Signature **read_signatures (struct form *self, const json_t *form, size_t *count_p)
{
    static const char *const names[] = {"door", "op", NULL};
    const json_t *list = json_object_get (form, "ondertekening");
    *count_p = json_array_size (list);
    if (*count_p == 0 || *count_p > LIST_MAX) {
        refuse (self, "ondertekening: must be a list of at least one");
        *count_p = 0;
    }
    Consentd__Signature **signatures = arena_array (self->arena, *count_p + 1, sizeof *signatures);
    for (size_t i = 0; i < *count_p; i++) {
        char path[48];
        snprintf (path, sizeof path, "ondertekening[%zu].", i);
        json_t *object = json_array_get (list, i);
        if (!json_is_object (object))
            refuse (self, "%s: must be an object", path);
        check_names (self, path, object, names);
        signatures[i] = arena_alloc (self->arena, sizeof **signatures);
        consentd__signature__init (signatures[i]);
        signatures[i]->signer = read_text (self, path, object, "door", true);
        if (strcmp (signatures[i]->signer, "betrokkene") == 0)
            signatures[i]->signer = arena_strdup (self->arena, "subject");
        signatures[i]->given_at = read_moment (self, path, object, "op");
    }
    return signatures;
}

static Consentd__Form read_form (struct form *self, const json_t *form)
{
    static const struct {
        const char *name;
        Consentd__Form form;
    } forms[] = {{"schriftelijk", CONSENTD__FORM__WRITTEN},
                 {"digitaal", CONSENTD__FORM__DIGITAL},
                 {"mondeling", CONSENTD__FORM__ORAL}};
    const char *text = read_text (self, "", form, "vorm", true);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp (text, forms[i].name) == 0)
            return forms[i].form;
    }
    refuse (self, "vorm: must be schriftelijk, digitaal or mondeling");
    return CONSENTD__FORM__FORM_UNSPECIFIED;
}

/* Reads 64 hexadecimal digits. A hash is as long as two identifiers, and is written in the same way. */
static bool read_hash (const char *text, uint8_t hash[HASH_SIZE])
{
    char half[33] = "";
    if (strlen (text) != 64)
        return false;
    memcpy (half, text, 32);
    return consent_unhex (half, hash) && consent_unhex (text + 32, hash + 16);
}

static Consentd__Evidence *read_evidence (struct form *self, const json_t *form)
{
    static const char *const names[] = {"kenmerk", "sha256", NULL};
    json_t *object = read_object (self, form, "bewijs");
    if (!object)
        return NULL;
    Consentd__Evidence *evidence = arena_alloc (self->arena, sizeof *evidence);
    consentd__evidence__init (evidence);
    check_names (self, "bewijs.", object, names);
    evidence->reference = read_text (self, "bewijs.", object, "kenmerk", true);
    evidence->sha256.len = HASH_SIZE;
    evidence->sha256.data = arena_alloc (self->arena, HASH_SIZE);
    if (!read_hash (read_text (self, "bewijs.", object, "sha256", true), evidence->sha256.data))
        refuse (self, "bewijs.sha256: must be 64 hexadecimal digits");
    return evidence;
}

static Consentd__Notice *read_notice (struct form *self, const json_t *form)
{
    static const char *const names[] = {"folder", "versie", "taal", "verstrekt_op", NULL};
    json_t *object = read_object (self, form, "voorlichting");
    if (!object)
        return NULL;
    Consentd__Notice *notice = arena_alloc (self->arena, sizeof *notice);
    consentd__notice__init (notice);
    check_names (self, "voorlichting.", object, names);
    notice->id = read_text (self, "voorlichting.", object, "folder", true);
    notice->version = read_text (self, "voorlichting.", object, "versie", true);
    notice->language = read_text (self, "voorlichting.", object, "taal", true);
    notice->given_at = read_moment (self, "voorlichting.", object, "verstrekt_op");
    return notice;
}

/* Reads a last day, or a number of months: "up to and including the same day N months later" (G6). If the form has
   neither, the registry refuses it by G6. */
static void read_validity (struct form *self, const json_t *form, Consentd__GrantRequest *grant)
{
    const json_t *until = json_object_get (form, "geldig_tot_en_met");
    const json_t *months = json_object_get (form, "geldig_maanden");
    if (json_object_get (form, "geldig_vanaf"))
        grant->valid_from = read_moment (self, "", form, "geldig_vanaf");
    if (until && months)
        refuse (self, "geldig_maanden: not together with geldig_tot_en_met");
    if (until && !moment_parse_end (read_text (self, "", form, "geldig_tot_en_met", true), &grant->valid_until))
        refuse (self, "geldig_tot_en_met: is no day (YYYY-MM-DD) or moment");
    if (!months)
        return;
    json_int_t count = json_integer_value (months);
    if (count < 1 || count > 1200) {
        refuse (self, "geldig_maanden: must be a number, 1 or more");
        return;
    }
    moment from = grant->valid_from ? grant->valid_from : self->now;
    grant->valid_until = calendar_end_after_months (from, (unsigned)count);
}

static Consentd__GrantRequest *read_grant (struct form *self, const json_t *form)
{
    Consentd__GrantRequest *grant = arena_alloc (self->arena, sizeof *grant);
    consentd__grant_request__init (grant);
    grant->bsn = read_bsn (self, form);
    grant->scope = read_scope (self, form);
    grant->motivation = read_text (self, "", form, "motivering", true);
    grant->form = read_form (self, form);
    grant->evidence = read_evidence (self, form);
    grant->notice = read_notice (self, form);
    grant->signatures = read_signatures (self, form, &grant->n_signatures);
    read_validity (self, form, grant);
    const json_t *once = json_object_get (form, "eenmalig");
    if (once && !json_is_boolean (once))
        refuse (self, "eenmalig: must be true or false");
    grant->one_time = json_is_true (once);
    const json_t *secrecy = json_object_get (form, "beroepsgeheim");
    if (secrecy && !json_is_boolean (secrecy))
        refuse (self, "beroepsgeheim: must be true or false");
    grant->under_secrecy = json_is_true (secrecy);
    grant->user = read_text (self, "", form, "medewerker", true);
    return grant;
}

/* Reads a refusal. A refusal needs no form, no notice and no end (G12): if the file has them, they are left
   out. */
static Consentd__RefuseRequest *read_refusal (struct form *self, const json_t *form)
{
    Consentd__RefuseRequest *refusal = arena_alloc (self->arena, sizeof *refusal);
    consentd__refuse_request__init (refusal);
    refusal->bsn = read_bsn (self, form);
    refusal->scope = read_scope (self, form);
    refusal->motivation = read_text (self, "", form, "motivering", true);
    refusal->signatures = read_signatures (self, form, &refusal->n_signatures);
    refusal->user = read_text (self, "", form, "medewerker", true);
    return refusal;
}

static Consentd__Request *read_request (struct form *self, json_t *form)
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
                                        NULL};
    Consentd__Request *request = arena_alloc (self->arena, sizeof *request);
    consentd__request__init (request);
    check_names (self, "", form, names);
    if (strcmp (read_text (self, "", form, "formulier", true), "toestemming/1") != 0)
        refuse (self, "formulier: must be toestemming/1");
    const char *answer = read_text (self, "", form, "toestemming", true);
    if (strcmp (answer, "ja") == 0) {
        request->body_case = CONSENTD__REQUEST__BODY_GRANT;
        request->grant = read_grant (self, form);
    } else if (strcmp (answer, "nee") == 0) {
        request->body_case = CONSENTD__REQUEST__BODY_REFUSE;
        request->refuse = read_refusal (self, form);
    } else {
        refuse (self, "toestemming: must be ja or nee");
    }
    return request;
}

int form_read (struct bytes text, moment now, struct arena *arena, Consentd__Request **request_p,
               char error[FORM_ERROR])
{
    struct form self = {.arena = arena, .now = now, .error = error};
    json_error_t where;
    json_t *form = json_loadb (text.data, text.size, JSON_REJECT_DUPLICATES, &where);
    if (!json_is_object (form))
        refuse (&self, "line %d: is not JSON, or not an object", form ? 1 : where.line);
    else
        *request_p = read_request (&self, form);
    json_decref (form);
    return self.wrong ? -EINVAL : 0;
}
