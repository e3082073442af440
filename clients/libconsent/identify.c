/* Asks the registry which parties are meant. */
#include "connection.h"

#include "allocate.h"
#include "unconst.h"

struct parties {
    struct consent_parties public;
    struct consent_known_party *list;
    Consentd__Reply *reply; /* has the texts */
};

void consent_parties_destroy (struct consent_parties **parties_p)
{
    struct parties *self = (struct parties *)*parties_p;
    if (!self)
        return;
    consentd__reply__free_unpacked (self->reply, NULL);
    free (self->list);
    free (self);
    *parties_p = NULL;
}

/* Takes over the reply. */
static struct consent_parties *make_parties (Consentd__Reply *reply)
{
    const Consentd__PartyIdentifyReply *told = reply->party_identify;
    struct parties *self = allocate (1, sizeof *self);
    self->reply = reply;
    self->list = allocate (told->n_parties, sizeof *self->list);
    for (size_t i = 0; i < told->n_parties; i++) {
        const Consentd__IdentifiedParty *one = told->parties[i];
        self->list[i] = (struct consent_known_party){one->id, one->kind, one->agb, one->gemeentecode, one->oin};
    }
    self->public = (struct consent_parties){self->list, told->n_parties};
    return &self->public;
}

int consent_identify (consent_t *self, const struct consent_identification *asked,
                      struct consent_parties **parties_p)
{
    Consentd__PartyIdentifyRequest identify;
    Consentd__Request request;
    Consentd__Reply *reply;
    *parties_p = NULL;
    consentd__party_identify_request__init (&identify);
    consentd__request__init (&request);
    identify.parties = unconst_list (asked->parties);
    while (asked->parties && asked->parties[identify.n_parties])
        identify.n_parties++;
    identify.identifier = unconst_text (asked->identifier);
    identify.value = unconst_text (asked->value);
    request.user = unconst_text (asked->user);
    request.body_case = CONSENTD__REQUEST__BODY_PARTY_IDENTIFY;
    request.party_identify = &identify;
    int result = connection_ask (self, &request, CONSENTD__REPLY__BODY_PARTY_IDENTIFY, &reply);
    if (!result)
        *parties_p = make_parties (reply);
    return result;
}
