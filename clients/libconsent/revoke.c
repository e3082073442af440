/* Passes on the withdrawal of a consent. */
#include "connection.h"

#include "allocate.h"
#include "identifier.h"
#include "unconst.h"

/* A list that ends with NULL, for generated structs, which also want its count. NULL is an empty list. */
static char **lend_list (const char *const *list, size_t *count)
{
    *count = 0;
    while (list && list[*count])
        (*count)++;
    return unconst_list (list);
}

struct revoked {
    struct consent_revoked public;
    Consentd__Reply *reply; /* has the informed parties */
    char (*ids)[CONSENT_ID_SIZE];
    const char **covered;
    const char **informed;
};

void consent_revoked_destroy (struct consent_revoked **revoked_p)
{
    struct revoked *self = (struct revoked *)*revoked_p;
    if (!self)
        return;
    consentd__reply__free_unpacked (self->reply, NULL);
    free (self->ids);
    free (self->covered);
    free (self->informed);
    free (self);
    *revoked_p = NULL;
}

/* Takes over the reply. */
static struct consent_revoked *make_revoked (Consentd__Reply *reply)
{
    struct revoked *self = allocate (1, sizeof *self);
    const Consentd__RevokeReply *revoke = reply->revoke;
    self->reply = reply;
    self->ids = allocate (revoke->n_still_covered_by, sizeof *self->ids);
    self->covered = allocate (revoke->n_still_covered_by + 1, sizeof *self->covered);
    for (size_t i = 0; i < revoke->n_still_covered_by; i++) {
        identifier_print (&revoke->still_covered_by[i], self->ids[i]);
        self->covered[i] = self->ids[i];
    }
    self->informed = allocate_list (revoke->informed, revoke->n_informed);
    self->public.already = revoke->already;
    self->public.still_covered_by = self->covered;
    self->public.informed = self->informed;
    return &self->public;
}

static int send_revocation (consent_t *self, const struct consent_revocation *revocation,
                            Consentd__Reply **reply_p)
{
    uint8_t id[ID_BYTES];
    if (!consent_unhex (revocation->consent_id, id))
        return connection_fail (self, CONSENT_INVALID, "the consent's id is not 32 hexadecimal digits");
    Consentd__RevokeRequest revoke;
    consentd__revoke_request__init (&revoke);
    revoke.consent_id = (ProtobufCBinaryData){ID_BYTES, id};
    revoke.providers = lend_list (revocation->providers, &revoke.n_providers);
    revoke.recipients = lend_list (revocation->recipients, &revoke.n_recipients);
    revoke.categories = lend_list (revocation->categories, &revoke.n_categories);
    revoke.withdrawn_by = unconst_text (revocation->withdrawn_by);
    revoke.withdrawn_at = revocation->withdrawn_at;
    revoke.user = unconst_text (revocation->user);
    revoke.nobody_reason = unconst_text (revocation->nobody_reason);
    Consentd__Request request;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_REVOKE;
    request.revoke = &revoke;
    return connection_ask (self, &request, CONSENTD__REPLY__BODY_REVOKE, reply_p);
}

int consent_revoke (consent_t *self, const struct consent_revocation *revocation,
                    struct consent_revoked **revoked_p)
{
    if (revoked_p)
        *revoked_p = NULL;
    Consentd__Reply *reply;
    int result = send_revocation (self, revocation, &reply);
    if (result)
        return result;
    if (revoked_p)
        *revoked_p = make_revoked (reply);
    else
        consentd__reply__free_unpacked (reply, NULL);
    return CONSENT_OK;
}
