#include "import_known.h"
#include <string.h>
#include <sysexits.h>
#include "unconst.h"

enum { PAGE = 32 };

static bool has_text (char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (list[i], text) == 0)
            return true;
    return false;
}

/* Lists are sets. */
static bool is_same_set (char *const *a, size_t a_count, char *const *b, size_t b_count)
{
    for (size_t i = 0; i < a_count; i++)
        if (!has_text (b, b_count, a[i]))
            return false;
    for (size_t i = 0; i < b_count; i++)
        if (!has_text (a, a_count, b[i]))
            return false;
    return true;
}

static bool is_same_scope (const Consentd__Scope *a, const Consentd__Scope *b)
{
    return b && is_same_set (a->providers, a->n_providers, b->providers, b->n_providers) &&
           is_same_set (a->recipients, a->n_recipients, b->recipients, b->n_recipients) &&
           is_same_set (a->categories, a->n_categories, b->categories, b->n_categories) &&
           is_same_set (a->origins, a->n_origins, b->origins, b->n_origins) &&
           strcmp (a->purpose, b->purpose) == 0 && strcmp (a->case_ref, b->case_ref) == 0;
}

static bool is_signed_by (Consentd__Signature *const *all, size_t count, const Consentd__Consent *consent)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < consent->n_signatures; j++)
            if (strcmp (all[i]->signer, consent->signatures[j]->signer) == 0 &&
                all[i]->given_at == consent->signatures[j]->given_at) {
                found++;
                break;
            }
    return found == count && count == consent->n_signatures;
}

static bool is_same_evidence (const Consentd__Evidence *a, const Consentd__Evidence *b)
{
    if (!a || !b)
        return !a && !b;
    return strcmp (a->reference, b->reference) == 0 && a->sha256.len == b->sha256.len &&
           memcmp (a->sha256.data, b->sha256.data, a->sha256.len) == 0;
}

static bool is_same_notice (const Consentd__Notice *a, const Consentd__Notice *b)
{
    if (!a || !b)
        return !a && !b;
    return strcmp (a->id, b->id) == 0 && strcmp (a->version, b->version) == 0 &&
           strcmp (a->language, b->language) == 0 && a->given_at == b->given_at;
}

/* One without a first day has that of its recording. */
static bool is_same_grant (const Consentd__GrantRequest *a, const Consentd__Consent *b)
{
    return b->state != CONSENTD__CONSENT__STATE__REFUSAL && is_same_scope (a->scope, b->scope) &&
           strcmp (a->motivation, b->motivation) == 0 && a->form == b->form &&
           is_same_evidence (a->evidence, b->evidence) && is_same_notice (a->notice, b->notice) &&
           is_signed_by (a->signatures, a->n_signatures, b) &&
           (a->valid_from == 0 || a->valid_from == b->valid_from) && a->valid_until == b->valid_until &&
           a->one_time == b->one_time && a->under_secrecy == b->under_secrecy;
}

static bool is_same_refusal (const Consentd__RefuseRequest *a, const Consentd__Consent *b)
{
    return b->state == CONSENTD__CONSENT__STATE__REFUSAL && is_same_scope (a->scope, b->scope) &&
           strcmp (a->motivation, b->motivation) == 0 && is_signed_by (a->signatures, a->n_signatures, b);
}

static bool is_same (const Consentd__Request *said, const Consentd__Consent *consent)
{
    bool is_recorded = consent->recorded_at != 0 && consent->consent_id.len == 16;
    return is_recorded && (import_is_refusal (said) ? is_same_refusal (said->refuse, consent)
                                                    : is_same_grant (said->grant, consent));
}

/* Looks through one page. */
static bool look (const Consentd__ConsentListReply *page, const Consentd__Request *said, struct import_line *line)
{
    for (size_t i = 0; i < page->n_consents; i++) {
        if (!is_same (said, page->consents[i]))
            continue;
        line->outcome = IMPORT_ACCEPTED;
        line->was_known = true;
        consent_hex (page->consents[i]->consent_id.data, 16, line->consent_id);
        return true;
    }
    return false;
}

/* Asks for a page. 0 with *reply_p; or why there is none. */
static int ask_page (consent_t *registry, const Consentd__Request *request, Consentd__Reply **reply_p,
                     const char **words)
{
    int status = consent_call (registry, request, reply_p);
    *words = consent_last_error (registry);
    if (status != CONSENT_OK)
        return status == CONSENT_KEY_REFUSED ? EX_NOPERM : EX_UNAVAILABLE;
    Consentd__Status said = (*reply_p)->status;
    if (said == CONSENTD__STATUS__OK && (*reply_p)->body_case == CONSENTD__REPLY__BODY_CONSENT_LIST)
        return 0;
    *words = "the registry does not tell which statements it has";
    consentd__reply__free_unpacked (*reply_p, NULL);
    *reply_p = NULL;
    return said == CONSENTD__STATUS__UNAVAILABLE || said == CONSENTD__STATUS__RETRY ? EX_UNAVAILABLE : EX_NOPERM;
}

/* Where the next page begins. */
struct place {
    uint8_t last[16], listing[32];
};

/* True: there is a next page, which this request then asks for. */
static bool go_on (Consentd__Request *request, const Consentd__Reply *reply, struct place *place)
{
    const Consentd__ConsentListReply *page = reply->consent_list;
    const ProtobufCBinaryData *last = page->n_consents ? &page->consents[page->n_consents - 1]->consent_id : NULL;
    if (!page->more || !last || last->len != sizeof place->last || reply->listing.len != sizeof place->listing)
        return false;
    memcpy (place->last, last->data, sizeof place->last);
    memcpy (place->listing, reply->listing.data, sizeof place->listing);
    request->consent_list->after = (ProtobufCBinaryData){sizeof place->last, place->last};
    request->listing = (ProtobufCBinaryData){sizeof place->listing, place->listing};
    return true;
}

int import_known_find (consent_t *registry, const struct import_statement *statement, struct import_line *line,
                       bool *found_p, const char **words)
{
    Consentd__ConsentListRequest list;
    consentd__consent_list_request__init (&list);
    list.bsn = unconst_text (import_bsn (statement->request));
    list.limit = PAGE;
    Consentd__Request request;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_CONSENT_LIST;
    request.consent_list = &list;
    struct place place;
    bool more = true;
    for (*found_p = false; more && !*found_p;) {
        Consentd__Reply *reply;
        int code = ask_page (registry, &request, &reply, words);
        if (code)
            return code;
        *found_p = look (reply->consent_list, statement->request, line);
        more = go_on (&request, reply, &place);
        consentd__reply__free_unpacked (reply, NULL);
    }
    return 0;
}
