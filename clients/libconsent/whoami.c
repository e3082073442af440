/* Asks the registry as whom it knows this connection. */
#include "connection.h"

#include "allocate.h"

struct identity {
    struct consent_identity public;
    const char **permissions;
    Consentd__Reply *reply; /* has the texts */
};

void consent_identity_destroy (struct consent_identity **identity_p)
{
    struct identity *self = (struct identity *)*identity_p;
    if (!self)
        return;
    consentd__reply__free_unpacked (self->reply, NULL);
    free (self->permissions);
    free (self);
    *identity_p = NULL;
}

/* Takes over the reply. */
static struct consent_identity *make_identity (Consentd__Reply *reply)
{
    const Consentd__WhoamiReply *told = reply->whoami;
    struct identity *self = allocate (1, sizeof *self);
    self->reply = reply;
    self->permissions = allocate_list (told->permissions, told->n_permissions);
    self->public = (struct consent_identity){.party = told->party,
                                             .kind = told->kind,
                                             .role = told->role,
                                             .permissions = self->permissions,
                                             .endpoint = told->endpoint,
                                             .key = told->key,
                                             .key_until = told->key_until,
                                             .controller = told->controller,
                                             .policy = told->policy,
                                             .server = told->server,
                                             .protocol = told->protocol,
                                             .time = reply->time};
    return &self->public;
}

int consent_whoami (consent_t *self, struct consent_identity **identity_p)
{
    Consentd__Whoami whoami;
    Consentd__Request request;
    Consentd__Reply *reply;
    *identity_p = NULL;
    consentd__whoami__init (&whoami);
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_WHOAMI;
    request.whoami = &whoami;
    int result = connection_ask (self, &request, CONSENTD__REPLY__BODY_WHOAMI, &reply);
    if (!result)
        *identity_p = make_identity (reply);
    return result;
}
