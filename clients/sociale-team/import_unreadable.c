#include "import_unreadable.h"
#include "call.h"
#include "unconst.h"

/* What it says. UNSPECIFIED: nothing. */
static Consentd__Status ask (consent_t *connection, const Consentd__Request *request)
{
    Consentd__Reply *reply;
    if (consent_call (connection, request, &reply) != CONSENT_OK)
        return CONSENTD__STATUS__STATUS_UNSPECIFIED;
    Consentd__Status status = reply->status;
    consentd__reply__free_unpacked (reply, NULL);
    return status;
}

bool import_is_unreadable (consent_t *connection, const char *bsn)
{
    Consentd__ConsentListRequest list;
    Consentd__Whoami whoami;
    Consentd__Request about_person, about_nobody;
    consentd__consent_list_request__init (&list);
    consentd__whoami__init (&whoami);
    consentd__request__init (&about_person);
    consentd__request__init (&about_nobody);
    list.bsn = unconst_text (bsn);
    list.limit = 1;
    about_person.body_case = CONSENTD__REQUEST__BODY_CONSENT_LIST;
    about_person.consent_list = &list;
    about_nobody.body_case = CONSENTD__REQUEST__BODY_WHOAMI;
    about_nobody.whoami = &whoami;
    return ask (connection, &about_person) == CONSENTD__STATUS__UNAVAILABLE &&
           ask (connection, &about_nobody) == CONSENTD__STATUS__OK;
}
