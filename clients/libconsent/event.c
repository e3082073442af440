/* Turns one event from the form of the wire into that of the caller. */
#include "events.h"

#include "allocate.h"
#include "identifier.h"

struct event {
    struct consent_event public;
    Consentd__Reply *reply; /* has the texts */
    const char **providers;
    const char **recipients;
    const char **categories;
    struct consent_effect *effects;
};

/* Every sort of event. An event that is not here cannot be told to the caller. */
static const struct {
    const char *type;
    bool about_consent; /* it names a consent */
} kinds[] = {
    [CONSENTD__EVENT_KIND__CONSENT_REVOKED] = {"nl.toestemmingen.toestemming-ingetrokken", true},
    [CONSENTD__EVENT_KIND__CONSENT_ANSWERED] = {"nl.toestemmingen.verzoek-beantwoord", true},
    [CONSENTD__EVENT_KIND__CONSENT_EXPIRED] = {"nl.toestemmingen.toestemming-verlopen", true},
    [CONSENTD__EVENT_KIND__CONSENT_USED] = {"nl.toestemmingen.toestemming-verbruikt", true},
    [CONSENTD__EVENT_KIND__CONSENT_LAPSED] = {"nl.toestemmingen.toestemming-vervallen", true},
    [CONSENTD__EVENT_KIND__DATA_RESTRICTED] = {"nl.toestemmingen.gegevens-afgeschermd", false},
    [CONSENTD__EVENT_KIND__RESTRICTION_LIFTED] = {"nl.toestemmingen.afscherming-opgeheven", false},
    [CONSENTD__EVENT_KIND__CONSENT_GRANTED] = {"nl.toestemmingen.toestemming-gegeven", true},
    [CONSENTD__EVENT_KIND__CONSENT_REFUSED] = {"nl.toestemmingen.toestemming-geweigerd", true},
    [CONSENTD__EVENT_KIND__OBLIGATION_AROSE] = {"nl.toestemmingen.verplichting-ontstaan", false},
    [CONSENTD__EVENT_KIND__CONSENT_RESTORED] = {"nl.toestemmingen.toestemming-hersteld", true},
    [CONSENTD__EVENT_KIND__EVENT_PASSED_OVER] = {"nl.toestemmingen.gebeurtenis-overgeslagen", false},
    [CONSENTD__EVENT_KIND__RIGHTS_OPENED] = {"nl.toestemmingen.verzoek-ontvangen", false},
    [CONSENTD__EVENT_KIND__RIGHTS_OVERDUE] = {"nl.toestemmingen.verzoek-over-tijd", false},
    [CONSENTD__EVENT_KIND__SUBJECT_ERASED] = {"nl.toestemmingen.betrokkene-verwijderd", false},
    [CONSENTD__EVENT_KIND__DATA_RECTIFIED] = {"nl.toestemmingen.gegevens-verbeterd", false},
    [CONSENTD__EVENT_KIND__DATA_TO_ERASE] = {"nl.toestemmingen.gegevens-te-verwijderen", false},
    [CONSENTD__EVENT_KIND__CONSENT_CORRECTED] = {"nl.toestemmingen.toestemming-verbeterd", true},
    [CONSENTD__EVENT_KIND__REGISTRY_ALARM] = {"nl.toestemmingen.register-alarm", false},
};

bool consent_event_is_known (const Consentd__EventPush *push)
{
    if (push->kind >= sizeof kinds / sizeof *kinds || !kinds[push->kind].type)
        return false;
    /* Of the events in the table only these name no subject. */
    bool is_about_nobody = push->kind == CONSENTD__EVENT_KIND__REGISTRY_ALARM ||
                           push->kind == CONSENTD__EVENT_KIND__RIGHTS_OPENED ||
                           push->kind == CONSENTD__EVENT_KIND__RIGHTS_OVERDUE ||
                           push->kind == CONSENTD__EVENT_KIND__EVENT_PASSED_OVER;
    size_t subject = is_about_nobody ? 0 : ID_BYTES;
    return push->subject_ref.len == subject &&
           push->consent_id.len == (kinds[push->kind].about_consent ? ID_BYTES : 0);
}

static const char *answer_name (Consentd__Answer answer)
{
    switch (answer) {
    case CONSENTD__ANSWER__ANSWER_GRANTED:
        return "granted";
    case CONSENTD__ANSWER__ANSWER_REFUSED:
        return "refused";
    case CONSENTD__ANSWER__ANSWER_DEFERRED:
        return "deferred";
    default:
        return "";
    }
}

static const char *obligation_name (Consentd__Obligation obligation)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value (&consentd__obligation__descriptor, (int)obligation);
    return value != NULL && obligation != CONSENTD__OBLIGATION__OBLIGATION_UNSPECIFIED ? value->name : "";
}

static const char *rights_name (Consentd__RightsKind kind)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value (&consentd__rights_kind__descriptor, (int)kind);
    return value != NULL && kind != CONSENTD__RIGHTS_KIND__RIGHTS_KIND_UNSPECIFIED ? value->name : "";
}

void consent_event_destroy (struct consent_event **event_p)
{
    struct event *self = (struct event *)*event_p;
    if (!self)
        return;
    consentd__reply__free_unpacked (self->reply, NULL);
    free (self->providers);
    free (self->recipients);
    free (self->categories);
    free (self->effects);
    free (self);
    *event_p = NULL;
}

static void take_effects (struct event *self, const Consentd__EventPush *push)
{
    self->effects = allocate (push->n_effects, sizeof *self->effects);
    for (size_t i = 0; i < push->n_effects; i++) {
        const Consentd__Effect *one = push->effects[i];
        self->effects[i] = (struct consent_effect){.provider = one->provider,
                                                   .recipient = one->recipient,
                                                   .purpose = one->purpose,
                                                   .category = one->category,
                                                   .case_ref = one->case_ref,
                                                   .permitted = one->permitted,
                                                   .from = one->from,
                                                   .until = one->until};
    }
    self->public.effects = self->effects;
    self->public.effect_count = push->n_effects;
    self->public.effects_left_out = push->effects_left_out;
}

struct consent_event *consent_event_new (Consentd__Reply *reply)
{
    struct event *self = allocate (1, sizeof *self);
    const Consentd__EventPush *push = reply->event;
    self->reply = reply;
    self->providers = allocate_list (push->providers, push->n_providers);
    self->recipients = allocate_list (push->recipients, push->n_recipients);
    self->categories = allocate_list (push->categories, push->n_categories);
    struct consent_event *public = &self->public;
    public->number = push->number;
    public->type = kinds[push->kind].type;
    public->time = push->time;
    identifier_print (&push->consent_id, public->consent_id);
    identifier_print (&push->subject_ref, public->subject_ref);
    public->providers = self->providers;
    public->recipients = self->recipients;
    public->categories = self->categories;
    public->purpose = push->purpose;
    public->whole = push->whole;
    public->answer = answer_name (push->answer);
    public->obligation = obligation_name (push->obligation);
    public->decision = push->decision;
    public->alarm = push->alarm;
    public->party = push->party;
    public->consumer = push->consumer;
    public->request = push->request;
    public->rights = rights_name (push->rights);
    public->due = push->due;
    identifier_print (&reply->epoch, public->epoch);
    public->revision = push->revision;
    take_effects (self, push);
    return public;
}
