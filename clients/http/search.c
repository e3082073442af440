#include "search.h"

#include <stdlib.h>
#include <string.h>
#include "answer.h"
#include "call.h"
#include "codec/document.h"
#include "question.h"
#include "unconst.h"

enum {
    PAGE = 100,
    PAGES = 64, /* of one search, at most */
    TIMES = 3,  /* that it is begun, where what is listed changes meanwhile */
};

/* What was found. Each once: the same may be permitted by more than one consent. */
struct found {
    const struct search *search;
    enum search_for what;
    json_t *results, *seen;
};

static void add (struct found *self, const char *key, const char *more, json_t *result)
{
    json_t *of_key = json_object_get (self->seen, key);
    if (!of_key)
        json_object_set_new (self->seen, key, of_key = json_object ());
    if (!json_object_get (of_key, more)) {
        json_object_set_new (of_key, more, json_true ());
        json_array_append (self->results, result);
    }
    json_decref (result);
}

static void add_row (struct found *self, const Consentd__Permits *row, const char *category)
{
    switch (self->what) {
    case SEARCH_SUBJECT:
        add (self, row->recipient, "",
             json_pack ("{s:s, s:o}", "type", TYPE_PARTY, "id", document_string (row->recipient)));
        break;
    case SEARCH_RESOURCE:
        add (self, category, row->provider,
             json_pack ("{s:s, s:o, s:{s:o}}", "type", TYPE_DATA, "id", document_string (category), "properties",
                        "verstrekker", document_string (row->provider)));
        break;
    case SEARCH_ACTION:
        add (self, row->purpose, "",
             json_pack ("{s:s, s:{s:o}}", "name", ACTION_DISCLOSE, "properties", "doel",
                        document_string (row->purpose)));
        break;
    }
}

static bool is_wanted (const char *wanted, const char *value)
{
    return !*wanted || strcmp (wanted, value) == 0;
}

/* What counts at the moment of the listing, and only what was asked: whatever the registry lists. */
static void add_page (struct found *self, const Consentd__PermitsReply *page)
{
    const struct search *search = self->search;
    for (size_t i = 0; i < page->n_permits; i++) {
        const Consentd__Permits *row = page->permits[i];
        if (!is_wanted (search->provider, row->provider) || !is_wanted (search->recipient, row->recipient) ||
            !is_wanted (search->purpose, row->purpose) ||
            (*row->case_ref && strcmp (row->case_ref, search->case_ref) != 0))
            continue;
        for (size_t j = 0; j < row->n_categories; j++) {
            const Consentd__PermittedCategory *one = row->categories[j];
            if (one->from == 0 && (one->until == 0 || one->until > page->as_of) &&
                is_wanted (search->category, one->category))
                add_row (self, row, one->category);
        }
    }
}

/* --- Asking -------------------------------------------------------------------------------------------- */

/* The request for one page. */
struct page_request {
    Consentd__Request request;
    Consentd__WhoMayReceiveRequest who;
    Consentd__WhomMayIAskRequest whom;
};

static void make_request (struct page_request *self, const struct search *search, bool is_own)
{
    consentd__request__init (&self->request);
    consentd__who_may_receive_request__init (&self->who);
    consentd__whom_may_iask_request__init (&self->whom);
    self->request.user = unconst_text (search->user);
    self->who.bsn = self->whom.bsn = unconst_text (search->bsn);
    self->who.purpose = self->whom.purpose = unconst_text (search->purpose);
    self->who.provider = unconst_text (search->provider);
    self->who.category = unconst_text (search->category);
    self->who.limit = self->whom.limit = PAGE;
    self->request.body_case =
        is_own ? CONSENTD__REQUEST__BODY_WHOM_MAY_I_ASK : CONSENTD__REQUEST__BODY_WHO_MAY_RECEIVE;
    if (is_own)
        self->request.whom_may_i_ask = &self->whom;
    else
        self->request.who_may_receive = &self->who;
}

/* A kind of data, or a person, that the registry does not know: of that nothing may be told. */
static bool is_unknown (const Consentd__Reply *reply)
{
    return reply->status == CONSENTD__STATUS__NOT_FOUND ||
           (reply->status == CONSENTD__STATUS__INVALID && strcmp (reply->field, "who_may_receive.category") == 0);
}

static bool has_changed (const Consentd__Reply *reply)
{
    const char *last = strrchr (reply->field, '.');
    return reply->status == CONSENTD__STATUS__INVALID && last && strcmp (last, ".after") == 0;
}

/* Asks for pages up to the last. `replied` is the last reply; NULL: none came, and the status is of the call. The
   caller frees it. */
static int ask_pages (consent_t *registry, struct page_request *asked, struct found *found,
                      Consentd__Reply **replied)
{
    for (size_t i = 0; i < PAGES; i++) {
        Consentd__Reply *last = *replied;
        if (last) {
            asked->who.after = last->permits->next;
            asked->whom.after = last->permits->next;
        }
        *replied = NULL;
        int result = consent_call (registry, &asked->request, replied);
        if (last)
            consentd__reply__free_unpacked (last, NULL);
        if (result != CONSENT_OK || (*replied)->status != CONSENTD__STATUS__OK)
            return result;
        if ((*replied)->body_case != CONSENTD__REPLY__BODY_PERMITS)
            return CONSENT_BAD_REPLY;
        add_page (found, (*replied)->permits);
        if (!(*replied)->permits->more)
            return CONSENT_OK;
    }
    return CONSENT_UNAVAILABLE;
}

/* Once through all pages. True: it is to be begun anew. */
static bool look (consent_t *registry, struct found *found, struct refusal *refusal)
{
    struct page_request asked;
    Consentd__Reply *reply = NULL;
    bool is_own =
        found->what == SEARCH_RESOURCE && strcmp (found->search->recipient, consent_party (registry)) == 0;
    json_array_clear (found->results);
    json_object_clear (found->seen);
    *refusal = (struct refusal){.status = 0};
    make_request (&asked, found->search, is_own);
    int result = ask_pages (registry, &asked, found, &reply);
    bool is_again = reply && has_changed (reply);
    if (result != CONSENT_OK)
        answer_refuse (refusal, result, "", consent_last_error (registry), "");
    else if (is_again)
        refuse (refusal, 503, "what was listed changed meanwhile");
    else if (reply->status != CONSENTD__STATUS__OK && !is_unknown (reply))
        answer_refuse (refusal, (int)reply->status, reply->field, reply->message, "");
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    return is_again;
}

static void search (consent_t *registry, enum search_for what, const json_t *body, struct reply *reply)
{
    struct search asked;
    struct refusal refusal = {.status = 0};
    struct found found = {&asked, what, json_array (), json_object ()};
    bool is_read = search_read (&asked, what, body, &refusal);
    for (size_t i = 0; is_read && !asked.is_nothing && i < TIMES; i++)
        if (!look (registry, &found, &refusal))
            break;
    if (refusal.status)
        *reply = (struct reply){refusal.status, json_string (refusal.text)};
    else
        *reply = (struct reply){200, json_pack ("{s:O}", "results", found.results)};
    json_decref (found.results);
    json_decref (found.seen);
}

void search_subject (consent_t *registry, const json_t *body, struct reply *reply)
{
    search (registry, SEARCH_SUBJECT, body, reply);
}

void search_resource (consent_t *registry, const json_t *body, struct reply *reply)
{
    search (registry, SEARCH_RESOURCE, body, reply);
}

void search_action (consent_t *registry, const json_t *body, struct reply *reply)
{
    search (registry, SEARCH_ACTION, body, reply);
}
