#include "simulation_verbs.h"
#include <stdlib.h>
#include <string.h>
#include "text/burgerservicenummer.h"

static const moment minute = 60000, day = 86400000;

static char *text (struct simulation *self, const char *given, const char *otherwise)
{
    return arena_strdup (self->arena, given != NULL ? given : otherwise);
}

/* A list of words as the generated structs want it. */
static size_t words (struct simulation *self, const char *list, char ***out)
{
    char *rest = NULL, *copy = text (self, list, "");
    *out = arena_array (self->arena, strlen (copy) + 1, sizeof **out);
    size_t count = 0;
    for (char *one = strtok_r (copy, " ", &rest); one != NULL; one = strtok_r (NULL, " ", &rest))
        (*out)[count++] = one;
    return count;
}

Consentd__Request *simulation_asking (struct simulation *self, Consentd__Request__BodyCase body)
{
    Consentd__Request *request = arena_alloc (self->arena, sizeof *request);
    consentd__request__init (request);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field (&consentd__request__descriptor, body);
    const ProtobufCMessageDescriptor *descriptor = field->descriptor;
    ProtobufCMessage *message = arena_alloc (self->arena, descriptor->sizeof_message);
    protobuf_c_message_init (descriptor, message);
    request->body_case = body;
    memcpy ((uint8_t *)request + field->offset, &message, sizeof message);
    return request;
}

static Consentd__Scope *scope_of (struct simulation *self, const struct simulated_statement *said)
{
    Consentd__Scope *scope = arena_alloc (self->arena, sizeof *scope);
    consentd__scope__init (scope);
    scope->n_providers = words (self, said->from != NULL ? said->from : "kernteam", &scope->providers);
    scope->n_recipients = words (self, said->to != NULL ? said->to : "zorgaanbieder-horizon", &scope->recipients);
    scope->n_categories = words (self, said->categories != NULL ? said->categories : "naw", &scope->categories);
    scope->n_origins = words (self, said->origins, &scope->origins);
    scope->purpose = text (self, said->purpose, "toekenning");
    scope->case_ref = text (self, said->case_ref, "");
    return scope;
}

static Consentd__Signature *signature (struct simulation *self, char *signer, moment given_at)
{
    Consentd__Signature *made = arena_alloc (self->arena, sizeof *made);
    consentd__signature__init (made);
    made->signer = signer;
    made->given_at = given_at != 0 ? given_at : self->wall - minute;
    return made;
}

static size_t signatures_of (struct simulation *self, const struct simulated_statement *said,
                             Consentd__Signature ***out)
{
    char **signers;
    size_t count = words (self, said->signers != NULL ? said->signers : "subject", &signers);
    *out = arena_array (self->arena, count + 1, sizeof **out);
    for (size_t i = 0; i < count; i++)
        (*out)[i] = signature (self, signers[i], said->signed_at);
    if (said->also_signer != NULL)
        (*out)[count++] = signature (self, text (self, said->also_signer, ""), said->also_signed_at);
    return count;
}

static ProtobufCBinaryData id_of (struct simulation *self, const uint8_t *id)
{
    return (ProtobufCBinaryData){id != NULL ? 16 : 0, id != NULL ? arena_memdup (self->arena, id, 16) : NULL};
}

static moment until_of (const struct simulation *self, moment given)
{
    return given == NO_END ? 0 : given != 0 ? given : self->wall + 60 * day;
}

static Consentd__Request *refusal_of (struct simulation *self, const struct simulated_statement *said)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_REFUSE);
    Consentd__RefuseRequest *refuse = request->refuse;
    refuse->bsn = text (self, said->bsn, "999900006");
    refuse->scope = scope_of (self, said);
    refuse->motivation = text (self, NULL, "de betrokkene wil dit niet");
    refuse->n_signatures = signatures_of (self, said, &refuse->signatures);
    refuse->user = text (self, NULL, "medewerker-17");
    refuse->answers = id_of (self, said->answers);
    return request;
}

static Consentd__Evidence *evidence_of (struct simulation *self)
{
    Consentd__Evidence *made = arena_alloc (self->arena, sizeof *made);
    consentd__evidence__init (made);
    made->reference = text (self, NULL, "dossier-2026-14");
    made->sha256.data = arena_memdup (self->arena, "het ondertekende formulier, 32..", 32);
    made->sha256.len = 32;
    return made;
}

Consentd__Request *simulation_statement (struct simulation *self, const struct simulated_statement *said,
                                         bool refusal)
{
    if (refusal)
        return refusal_of (self, said);
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_GRANT);
    Consentd__GrantRequest *grant = request->grant;
    grant->bsn = text (self, said->bsn, "999900006");
    grant->scope = scope_of (self, said);
    grant->motivation = text (self, NULL, "nodig voor de uitvoering van het plan");
    grant->form = said->form != 0 ? said->form : CONSENTD__FORM__WRITTEN;
    grant->n_signatures = signatures_of (self, said, &grant->signatures);
    grant->notice = arena_alloc (self->arena, sizeof *grant->notice);
    consentd__notice__init (grant->notice);
    grant->notice->id = text (self, NULL, "toestemming-sociaal-domein");
    grant->notice->version = text (self, NULL, "1");
    grant->notice->language = text (self, NULL, "nl");
    grant->notice->given_at = self->wall - 3000 * day; /* before whatever signature */
    if (!said->no_evidence)
        grant->evidence = evidence_of (self);
    grant->valid_from = said->valid_from;
    grant->valid_until = until_of (self, said->valid_until);
    grant->one_time = said->one_time;
    grant->user = text (self, NULL, "medewerker-17");
    grant->answers = id_of (self, said->answers);
    request->idempotency_key = id_of (self, (const uint8_t *)said->key);
    return request;
}

const char *simulation_requester (const struct simulated_request *asked)
{
    return asked->by != NULL ? asked->by : "zorgaanbieder-horizon";
}

Consentd__Request *simulation_request (struct simulation *self, const struct simulated_request *asked)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_ASK);
    Consentd__AskRequest *ask = request->ask = arena_alloc (self->arena, sizeof *ask);
    struct simulated_statement scope = {.from = asked->from,
                                        .to = asked->to,
                                        .categories = asked->categories,
                                        .purpose = asked->purpose,
                                        .origins = asked->origins,
                                        .case_ref = asked->case_ref};
    consentd__ask_request__init (ask);
    ask->bsn = text (self, asked->bsn, "999900006");
    ask->scope = scope_of (self, &scope);
    ask->motivation = text (self, asked->motivation, "nodig om de zorg af te stemmen");
    ask->valid_from = asked->valid_from;
    ask->valid_until = until_of (self, asked->valid_until);
    ask->one_time = asked->one_time;
    ask->user = text (self, NULL, "zorgverlener-4");
    return request;
}

Consentd__Request *simulation_defer (struct simulation *self, const uint8_t *deferred, const char *reason)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_DEFER);
    Consentd__DeferRequest *defer = request->defer;
    defer->consent_id = id_of (self, deferred);
    defer->reason = text (self, reason, "");
    defer->user = text (self, NULL, "medewerker-17");
    return request;
}

const char *simulation_asker (const struct simulated_check *asked)
{
    return asked->by != NULL ? asked->by : asked->from != NULL ? asked->from : "kernteam";
}

static Consentd__WrittenRequest *written_request (struct simulation *self, const struct simulated_check *asked)
{
    Consentd__WrittenRequest *made = arena_alloc (self->arena, sizeof *made);
    consentd__written_request__init (made);
    made->n_by = words (self, asked->written_by, &made->by);
    made->given_at = asked->written_at != 0 ? asked->written_at : self->wall - 3600000;
    made->evidence = evidence_of (self);
    return made;
}

/* Sets a field of the message back to what it is when it is not given. */
static void leave_out (ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name (message->descriptor, name);
    assert_non_null (field);
    void *at = (char *)message + field->offset;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        *(const char **)at = protobuf_c_empty_string;
    else if (field->type == PROTOBUF_C_TYPE_INT64)
        *(int64_t *)at = 0;
    else
        *(int *)at = 0; /* an enumeration, or a bool */
}

static Consentd__UrgentReasons *urgent_reasons (struct simulation *self, const struct simulated_check *asked)
{
    Consentd__Triage *triage = arena_alloc (self->arena, sizeof *triage);
    consentd__triage__init (triage);
    triage->necessity = text (self, NULL, "zonder dit kan niemand helpen");
    triage->subsidiarity = text (self, NULL, "met minder gaat het niet");
    triage->proportionality = text (self, NULL, "alleen wat nodig is");
    triage->purpose_limitation = text (self, NULL, "alleen hiervoor");
    triage->objections = text (self, NULL, "niet gevraagd: dat was te gevaarlijk");
    triage->manager_consulted = text (self, NULL, "manager-3");
    triage->serious_situation = triage->urgent_support = true;
    triage->inform = asked->inform_by != 0 ? CONSENTD__INFORM__AFTER : CONSENTD__INFORM__BEFORE;
    triage->inform_by = asked->inform_by;
    triage->inform_why = text (self, asked->inform_by != 0 ? "nu vertellen is gevaarlijk" : "", "");
    triage->consent_sought = text (self, NULL, "gevraagd en niet gekregen");
    triage->no_other_way = text (self, NULL, "er is geen andere weg");
    triage->serious_harm = text (self, NULL, "ernstige schade voor een ander");
    triage->conflict_of_duties = text (self, NULL, "in gewetensnood");
    char **names;
    size_t count = words (self, asked->without, &names);
    for (size_t i = 0; i < count; i++)
        leave_out (&triage->base, names[i]);
    Consentd__UrgentReasons *made = arena_alloc (self->arena, sizeof *made);
    consentd__urgent_reasons__init (made);
    made->reason = text (self, asked->urgent, "");
    made->triage = triage;
    return made;
}

Consentd__Request *simulation_check (struct simulation *self, const struct simulated_check *asked)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_CHECK);
    Consentd__CheckRequest *check = request->check;
    check->bsn = text (self, asked->bsn, "999900006");
    check->provider = text (self, asked->from, "kernteam");
    check->recipient = text (self, asked->to, "zorgaanbieder-horizon");
    check->purpose = text (self, asked->purpose, "toekenning");
    check->case_ref = text (self, asked->case_ref, "");
    char **items;
    check->n_items = words (self, asked->items != NULL ? asked->items : "naw", &items);
    check->items = arena_array (self->arena, check->n_items, sizeof *check->items);
    for (size_t i = 0; i < check->n_items; i++) {
        Consentd__Item *item = check->items[i] = arena_alloc (self->arena, sizeof *item);
        consentd__item__init (item);
        char *slash = strchr (items[i], '/');
        item->origin = text (self, slash != NULL ? slash + 1 : NULL, "wmo");
        if (slash != NULL)
            *slash = 0;
        item->category = items[i];
    }
    check->user = text (self, NULL, "medewerker-17");
    check->mode = asked->advise ? CONSENTD__MODE__ADVISE : CONSENTD__MODE__DISCLOSE;
    check->all_or_nothing = asked->all_or_nothing;
    check->manager_consulted = text (self, asked->manager, "");
    check->no_manager = text (self, asked->no_manager, "");
    check->under_secrecy = asked->under_secrecy;
    if (asked->written_by != NULL)
        check->written_request = written_request (self, asked);
    if (asked->urgent != NULL)
        check->urgent_reasons = urgent_reasons (self, asked);
    return request;
}

Consentd__Request *simulation_batch (struct simulation *self, const struct simulated_check *asked, size_t count)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_BATCH);
    Consentd__BatchRequest *batch = request->batch;
    batch->n_checks = count;
    batch->checks = arena_array (self->arena, count, sizeof *batch->checks);
    for (size_t i = 0; i < count; i++)
        batch->checks[i] = simulation_check (self, &asked[i])->check;
    return request;
}

const char *simulation_passer (const struct simulated_revocation *said)
{
    return said->by != NULL ? said->by : "kernteam";
}

Consentd__Request *simulation_revocation (struct simulation *self, const struct simulated_revocation *said)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_REVOKE);
    Consentd__RevokeRequest *revoke = request->revoke;
    revoke->consent_id.data = arena_memdup (self->arena, said->consent, 16);
    revoke->consent_id.len = 16;
    revoke->n_providers = words (self, said->from, &revoke->providers);
    revoke->n_recipients = words (self, said->to, &revoke->recipients);
    revoke->n_categories = words (self, said->categories, &revoke->categories);
    revoke->withdrawn_by = text (self, said->withdrawn_by, said->nobody_reason != NULL ? "" : "subject");
    revoke->nobody_reason = text (self, said->nobody_reason, "");
    revoke->user = text (self, NULL, "medewerker-17");
    return request;
}

static Consentd__Representative *representative (struct simulation *self, char *given,
                                                 const struct simulated_person *person)
{
    Consentd__Representative *made = arena_alloc (self->arena, sizeof *made);
    consentd__representative__init (made);
    made->reference = strtok (given, ":");
    made->kind = text (self, strtok (NULL, ":"), "ouder-met-gezag");
    made->from = text (self, strtok (NULL, ":"), "2000-01-01");
    made->until = text (self, strtok (NULL, ":"), "");
    char **refused;
    size_t count = words (self, person->refused, &refused);
    for (size_t i = 0; i < count; i++)
        if (strcmp (refused[i], made->reference) == 0) {
            made->refused_from = text (self, person->refused_from, "2026-01-01");
            made->refused_reason = text (self, NULL, "zwaarwegend belang van het kind");
        }
    return made;
}

static Consentd__Capability *capability (struct simulation *self, const char *from, bool capable)
{
    Consentd__Capability *made = arena_alloc (self->arena, sizeof *made);
    consentd__capability__init (made);
    made->from = text (self, from, "");
    made->capable = capable;
    return made;
}

/* Of the record as it is shown; of none, empty. Where it is asked after that the log is as it was. */
static ProtobufCBinaryData version_of (struct simulation *self, char *bsn)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = bsn;
    Consentd__Reply *reply = simulation_look (self, "kernteam", request);
    return reply->subject_show != NULL ? reply->subject_show->version : (ProtobufCBinaryData){0, NULL};
}

Consentd__Request *simulation_person (struct simulation *self, const struct simulated_person *person)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_SUBJECT_SET);
    Consentd__SubjectSetRequest *set = request->subject_set;
    set->bsn = text (self, person->bsn, "999900006");
    set->birth_date = text (self, person->born, "1980-05-17");
    set->death_date = text (self, person->died, "");
    char **all;
    set->n_representatives = words (self, person->representatives, &all);
    set->representatives = arena_array (self->arena, set->n_representatives + 1, sizeof *set->representatives);
    for (size_t i = 0; i < set->n_representatives; i++)
        set->representatives[i] = representative (self, all[i], person);
    set->capabilities = arena_array (self->arena, 2, sizeof *set->capabilities);
    if (person->incapable_from != NULL)
        set->capabilities[set->n_capabilities++] = capability (self, person->incapable_from, false);
    if (person->capable_from != NULL)
        set->capabilities[set->n_capabilities++] = capability (self, person->capable_from, true);
    set->user = text (self, NULL, "medewerker-17");
    set->whole = true;
    set->expected = version_of (self, set->bsn);
    return request;
}

/* Answers */

static const char *name_of (const ProtobufCEnumDescriptor *kind, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value (kind, value);
    assert_non_null (found);
    return found->name;
}

static const char *item_said (struct simulation *self, const Consentd__ItemVerdict *item)
{
    if (item->verdict == CONSENTD__VERDICT__PERMIT) {
        assert_int_equal (item->n_reasons, 0);
        assert_int_equal (item->consent_id.len, item->ground == CONSENTD__GROUND__CONSENT ? 16 : 0);
        switch (item->ground) {
        case CONSENTD__GROUND__CONSENT:
            return "consent";
        case CONSENTD__GROUND__WRITTEN_REQUEST:
            return "written request";
        case CONSENTD__GROUND__URGENT_REASONS:
            return item->urgent_reason;
        default:
            return item->statute;
        }
    }
    assert_int_equal (item->verdict, CONSENTD__VERDICT__DENY);
    assert_int_equal (item->ground, CONSENTD__GROUND__GROUND_NONE);
    assert_true (item->n_reasons > 0);
    const char *said = "";
    for (size_t i = 0; i < item->n_reasons; i++) {
        const Consentd__Reason *reason = item->reasons[i];
        said = arena_printf (self->arena, "%s%s%s", said, i > 0 ? " " : "",
                             name_of (&consentd__code__descriptor, (int)reason->code));
        if (reason->n_details > 0)
            said = arena_printf (self->arena, "%s(%s)", said,
                                 simulation_words (self, reason->details, reason->n_details));
    }
    return said;
}

static const char *check_said (struct simulation *self, const Consentd__CheckReply *check)
{
    const char *said = "";
    size_t permitted = 0, denied = 0;
    for (size_t i = 0; i < check->n_items; i++) {
        said = arena_printf (self->arena, "%s%s%s", said, i > 0 ? ", " : "", item_said (self, check->items[i]));
        if (check->items[i]->verdict == CONSENTD__VERDICT__PERMIT)
            assert_int_equal (check->permitted[permitted++], i);
        else
            assert_int_equal (check->denied[denied++], i);
    }
    assert_int_equal (check->n_permitted, permitted);
    assert_int_equal (check->n_denied, denied);
    assert_int_equal (check->verdict, denied == 0      ? CONSENTD__VERDICT__PERMIT
                                      : permitted == 0 ? CONSENTD__VERDICT__DENY
                                                       : CONSENTD__VERDICT__PARTIAL);
    assert_true (check->until == 0 || check->until > check->evaluated_at);
    return said;
}

const char *simulation_said (struct simulation *self, const Consentd__Reply *reply)
{
    const char *said = name_of (&consentd__status__descriptor, (int)reply->status);
    if (reply->status == CONSENTD__STATUS__OK && reply->body_case == CONSENTD__REPLY__BODY_CHECK)
        said = check_said (self, reply->check);
    for (size_t i = 0; i < reply->n_refusals; i++)
        said = arena_printf (self->arena, "%s %s", said,
                             name_of (&consentd__code__descriptor, (int)reply->refusals[i]->code));
    if (reply->field[0] != 0)
        said = arena_printf (self->arena, "%s %s", said, reply->field);
    if (reply->replayed)
        said = arena_printf (self->arena, "%s again%s", said, reply->revoked_since ? " revoked" : "");
    return said;
}

const char *simulation_said_at (struct simulation *self, const Consentd__Reply *batch, size_t index)
{
    const Consentd__BatchAnswer *answer = batch->batch->answers[index];
    Consentd__Reply alone;
    consentd__reply__init (&alone);
    alone.status = (Consentd__Status)answer->status;
    alone.field = answer->field;
    alone.replayed = answer->replayed;
    alone.revoked_since = answer->revoked_since;
    if (answer->check != NULL) {
        alone.body_case = CONSENTD__REPLY__BODY_CHECK;
        alone.check = answer->check;
    }
    return simulation_said (self, &alone);
}

const uint8_t *simulation_granted (struct simulation *self, const Consentd__Reply *reply)
{
    if (reply->status != CONSENTD__STATUS__OK)
        assert_string_equal (simulation_said (self, reply), "OK");
    assert_int_equal (reply->body_case, CONSENTD__REPLY__BODY_CONSENT_RECORDED);
    assert_int_equal (reply->consent_recorded->consent_id.len, 16);
    return reply->consent_recorded->consent_id.data;
}

static int compare (const void *a, const void *b)
{
    return strcmp (*(char *const *)a, *(char *const *)b);
}

const char *simulation_words (struct simulation *self, char *const *given, size_t count)
{
    char **sorted = arena_memdup (self->arena, given, count * sizeof *sorted);
    qsort (sorted, count, sizeof *sorted, compare);
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        all = arena_printf (self->arena, "%s%s%s", all, i > 0 ? " " : "", sorted[i]);
    return all;
}

const char *simulation_bsn (struct simulation *self, unsigned index)
{
    for (unsigned number = 999900006;; number++) {
        const char *text = arena_printf (self->arena, "%u", number);
        if (bsn_is_valid (text) && index-- == 0)
            return text;
    }
}

void simulation_reset_clock (struct simulation *self)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_CLOCK_RESET);
    request->clock_reset->user = arena_strdup (self->arena, "beheerder-2");
    assert_string_equal (simulation_said (self, simulation_ask (self, "operator", request)), "OK");
}

const char horizon[] = "zorgaanbieder-horizon";

void simulation_adult (struct simulation *self)
{
    assert_string_equal (PERSON (self, .born = "1980-05-17"), "OK");
}

int simulation_setup_adult (void **state)
{
    simulation_setup (state);
    simulation_adult (*state);
    return 0;
}

const char *simulation_answer (struct simulation *self, const char *party, Consentd__Request *request)
{
    return simulation_said (self, simulation_ask (self, party, request));
}

const char *simulation_logged (struct simulation *self, const char *action)
{
    const Consentd__Reply *reply =
        simulation_ask (self, "operator", simulation_asking (self, CONSENTD__REQUEST__BODY_AUDIT_LIST));
    for (size_t i = 0; i < reply->audit_list->n_entries; i++)
        if (strcmp (reply->audit_list->entries[i]->action, action) == 0)
            return reply->audit_list->entries[i]->details;
    fail_msg ("no %s in the log", action);
    return NULL;
}
