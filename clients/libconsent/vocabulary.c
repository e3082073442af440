/* Asks the registry which codes and parties requests can name. */
#include "connection.h"

#include "allocate.h"
#include "unconst.h"

enum { TIMES = 3, PAGES = 1024, PAGE = 100 };

struct vocabulary {
    struct consent_vocabulary public;
    struct consent_term *list;
    Consentd__Reply **pages; /* have the texts */
    size_t page_count;
};

/* The page belongs to other ones than those before: the pack or the parties changed. */
enum { ANEW = 1 << 16 };

static void forget_pages (struct vocabulary *self)
{
    for (size_t i = 0; i < self->page_count; i++)
        consentd__reply__free_unpacked (self->pages[i], NULL);
    self->page_count = 0;
}

static void destroy (struct vocabulary *self)
{
    forget_pages (self);
    free (self->pages);
    free (self->list);
    free (self);
}

void consent_vocabulary_destroy (struct consent_vocabulary **vocabulary_p)
{
    if (*vocabulary_p)
        destroy ((struct vocabulary *)*vocabulary_p);
    *vocabulary_p = NULL;
}

static bool is_same_pack (const struct vocabulary *self, const Consentd__Reply *page)
{
    const ProtobufCBinaryData *first = &self->pages[0]->vocabulary->policy_hash,
                              *hash = &page->vocabulary->policy_hash;
    return first->len == hash->len && memcmp (first->data, hash->data, hash->len) == 0;
}

/* Takes over the page. CONSENT_OK, ANEW, or what consent_last_error explains. */
static int take_page (consent_t *connection, struct vocabulary *self, Consentd__Reply *page)
{
    int result = CONSENT_OK;
    if (page->status == CONSENTD__STATUS__INVALID && self->page_count > 0)
        result = ANEW;
    else if (page->status != CONSENTD__STATUS__OK)
        result = connection_fail_reply (connection, page);
    else if (page->body_case != CONSENTD__REPLY__BODY_VOCABULARY || self->page_count == PAGES)
        result = connection_fail (connection, CONSENT_BAD_REPLY, "the answer does not fit what was asked");
    else if (self->page_count > 0 && !is_same_pack (self, page))
        result = ANEW;
    if (result)
        consentd__reply__free_unpacked (page, NULL);
    else
        self->pages[self->page_count++] = page;
    return result;
}

static int read_pages (consent_t *connection, struct vocabulary *self, Consentd__VocabularyRequest *wish)
{
    Consentd__Request request;
    Consentd__Reply *page;
    int result;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_VOCABULARY;
    request.vocabulary = wish;
    wish->after = (ProtobufCBinaryData){0, NULL};
    do {
        result = consent_call (connection, &request, &page);
        if (!result)
            result = take_page (connection, self, page);
        if (!result)
            wish->after = self->pages[self->page_count - 1]->vocabulary->next;
    } while (!result && self->pages[self->page_count - 1]->vocabulary->more);
    return result;
}

static struct consent_vocabulary *finish (struct vocabulary *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->page_count; i++)
        count += self->pages[i]->vocabulary->n_terms;
    self->list = allocate (count, sizeof *self->list);
    count = 0;
    for (size_t i = 0; i < self->page_count; i++)
        for (size_t k = 0; k < self->pages[i]->vocabulary->n_terms; k++) {
            const Consentd__Term *one = self->pages[i]->vocabulary->terms[k];
            self->list[count++] = (struct consent_term){.sort = (enum consent_term_sort)one->sort,
                                                        .code = one->code,
                                                        .label_nl = one->label_nl,
                                                        .label_en = one->label_en,
                                                        .kind = one->kind,
                                                        .provides = one->provides,
                                                        .receives = one->receives,
                                                        .special = one->special};
        }
    self->public = (struct consent_vocabulary){self->list, count, self->pages[0]->vocabulary->policy};
    return &self->public;
}

int consent_vocabulary (consent_t *connection, enum consent_term_sort sort, const char *purpose,
                        struct consent_vocabulary **vocabulary_p)
{
    struct vocabulary *self = allocate (1, sizeof *self);
    Consentd__VocabularyRequest wish;
    int result = ANEW;
    *vocabulary_p = NULL;
    consentd__vocabulary_request__init (&wish);
    self->pages = allocate (PAGES, sizeof *self->pages);
    wish.sort = (Consentd__TermSort)sort;
    wish.purpose = unconst_text (purpose);
    wish.limit = PAGE;
    for (int i = 0; result == ANEW && i < TIMES; i++) {
        forget_pages (self);
        result = read_pages (connection, self, &wish);
    }
    if (result == ANEW)
        result = connection_fail (connection, CONSENT_UNAVAILABLE, "the pack or the parties changed meanwhile");
    if (result)
        destroy (self);
    else
        *vocabulary_p = finish (self);
    return result;
}
