#include "snapshot.h"

#include <string.h>

#include "allocate.h"
#include "identifier.h"
#include "unconst.h"

enum { ENTRIES_A_PAGE = 100 };

/* A page, and what leads to the next one. */
struct page {
    uint8_t *after, *listing; /* NULL: at the beginning */
    size_t after_size, listing_size;
};

static void free_page (struct page *self)
{
    free (self->after);
    free (self->listing);
    *self = (struct page){.after = NULL};
}

static uint8_t *copy (const ProtobufCBinaryData *data, size_t *size)
{
    uint8_t *made = allocate (data->len, 1);
    if (data->len)
        memcpy (made, data->data, data->len);
    *size = data->len;
    return made;
}

static int ask (consent_t *self, bool permits, const struct page *page, Consentd__Reply **reply_p)
{
    Consentd__SnapshotRequest asked;
    Consentd__Request request;
    consentd__request__init (&request);
    consentd__snapshot_request__init (&asked);
    asked.consumer = self->consumer;
    asked.permits = permits;
    asked.limit = ENTRIES_A_PAGE;
    asked.after = (ProtobufCBinaryData){page->after_size, page->after};
    request.listing = (ProtobufCBinaryData){page->listing_size, page->listing};
    request.body_case = CONSENTD__REQUEST__BODY_SNAPSHOT;
    request.snapshot = &asked;
    return consent_call (self, &request, reply_p);
}

/* What became of a page. */
static int judge (consent_t *self, const Consentd__Reply *reply)
{
    if (reply->status == CONSENTD__STATUS__INVALID && !strcmp (reply->field, "snapshot.after"))
        return connection_fail (self, CONSENT_RETRY, "%s", reply->message);
    if (reply->status != CONSENTD__STATUS__OK)
        return connection_fail_reply (self, reply);
    if (reply->body_case != CONSENTD__REPLY__BODY_SNAPSHOT || reply->epoch.len != ID_BYTES ||
        (reply->snapshot->more && !reply->snapshot->next.len))
        return connection_fail (self, CONSENT_BAD_REPLY,
                                "the registry gave a page of a snapshot that cannot be used");
    return CONSENT_OK;
}

/* Every page is of one moment. */
static int note (consent_t *self, const Consentd__Reply *reply, bool is_first, struct consent_snapshot *first)
{
    const Consentd__SnapshotReply *page = reply->snapshot;
    char epoch[CONSENT_ID_SIZE];
    identifier_print (&reply->epoch, epoch);
    if (is_first) {
        *first =
            (struct consent_snapshot){.number = page->number, .revision = page->revision, .as_of = page->as_of};
        memcpy (first->epoch, epoch, sizeof epoch);
    } else if (page->number != first->number || strcmp (epoch, first->epoch) != 0)
        return connection_fail (self, CONSENT_RETRY, "the pages of the snapshot are not of one moment");
    first->unreadable += page->unreadable;
    return CONSENT_OK;
}

int snapshot_take (consent_t *self, bool permits, snapshot_page_handler *each, void *context,
                   struct consent_snapshot *first)
{
    struct page page = {.after = NULL};
    bool more = true;
    int result = CONSENT_OK;
    while (more && !result) {
        Consentd__Reply *reply;
        result = ask (self, permits, &page, &reply);
        if (result)
            break;
        result = judge (self, reply);
        if (!result)
            result = note (self, reply, !page.after, first);
        if (!result) {
            each (context, reply->snapshot);
            more = reply->snapshot->more;
            free_page (&page);
            page.after = copy (&reply->snapshot->next, &page.after_size);
            page.listing = copy (&reply->listing, &page.listing_size);
        }
        consentd__reply__free_unpacked (reply, NULL);
    }
    free_page (&page);
    return result;
}

/* --- For the caller ----------------------------------------------------------------------------------- */

struct receiver {
    consent_standing_handler *each;
    void *context;
};

static void hand_on_consent (const struct receiver *self, const Consentd__Consent *consent)
{
    static const char *const none[] = {NULL};
    const Consentd__Scope *scope = consent->scope;
    size_t count = consent->n_withdrawals;
    struct consent_withdrawn_part *parts = allocate (count, sizeof *parts);
    struct consent_standing made = {
        .kind = consent->state == CONSENTD__CONSENT__STATE__REFUSAL ? CONSENT_STANDING_REFUSAL
                                                                    : CONSENT_STANDING_CONSENT,
        .providers = scope ? allocate_list (scope->providers, scope->n_providers) : none,
        .recipients = scope ? allocate_list (scope->recipients, scope->n_recipients) : none,
        .categories = scope ? allocate_list (scope->categories, scope->n_categories) : none,
        .origins = scope ? allocate_list (scope->origins, scope->n_origins) : none,
        .purpose = scope ? scope->purpose : "",
        .case_ref = scope ? scope->case_ref : "",
        .valid_from = consent->valid_from,
        .valid_until = consent->valid_until,
        .one_time = consent->one_time,
        .withdrawn = parts,
        .withdrawn_count = count};
    identifier_print (&consent->subject_ref, made.subject_ref);
    identifier_print (&consent->consent_id, made.consent_id);
    for (size_t i = 0; i < count; i++) {
        const Consentd__Withdrawal *one = consent->withdrawals[i];
        parts[i] = (struct consent_withdrawn_part){allocate_list (one->providers, one->n_providers),
                                                   allocate_list (one->recipients, one->n_recipients),
                                                   allocate_list (one->categories, one->n_categories)};
    }
    self->each (self->context, &made);
    for (size_t i = 0; i < count; i++) {
        free (unconst (parts[i].providers));
        free (unconst (parts[i].recipients));
        free (unconst (parts[i].categories));
    }
    if (scope) {
        free (unconst (made.providers));
        free (unconst (made.recipients));
        free (unconst (made.categories));
        free (unconst (made.origins));
    }
    free (parts);
}

static void hand_on_restriction (const struct receiver *self, const Consentd__SnapshotRestriction *restriction)
{
    static const char *const none[] = {NULL};
    const char **categories = allocate_list (restriction->categories, restriction->n_categories);
    struct consent_standing made = {.kind = CONSENT_STANDING_RESTRICTION,
                                    .providers = none,
                                    .recipients = none,
                                    .origins = none,
                                    .purpose = "",
                                    .case_ref = "",
                                    .categories = categories,
                                    .whole = restriction->whole,
                                    .since = restriction->since};
    identifier_print (&restriction->subject_ref, made.subject_ref);
    self->each (self->context, &made);
    free (categories);
}

static void hand_on (void *context, const Consentd__SnapshotReply *page)
{
    for (size_t i = 0; i < page->n_entries; i++) {
        const Consentd__SnapshotEntry *entry = page->entries[i];
        if (entry->entry_case == CONSENTD__SNAPSHOT_ENTRY__ENTRY_CONSENT)
            hand_on_consent (context, entry->consent);
        else if (entry->entry_case == CONSENTD__SNAPSHOT_ENTRY__ENTRY_RESTRICTION)
            hand_on_restriction (context, entry->restriction);
    }
}

int consent_snapshot (consent_t *self, consent_standing_handler *each, void *context,
                      struct consent_snapshot *snapshot)
{
    struct receiver receiver = {each, context};
    return snapshot_take (self, false, hand_on, &receiver, snapshot);
}
