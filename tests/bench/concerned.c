#include "concerned.h"
#include <stdlib.h>
#include <string.h>

/* Every second party is a team that provides, and the first is a care provider that receives. */
static bool is_recipient (size_t party)
{
    return party % 2 == 0;
}

static void fill_party (struct concerned *one, size_t number, Consentd__Party *party, Consentd__PartyKey **key)
{
    bool receives = is_recipient (number);
    snprintf (one->id, sizeof one->id, "%s-%02zu", receives ? "zorg" : "team", number);
    if (zmq_curve_keypair (one->identity.public_key, one->identity.secret_key) != 0)
        bench_fail ("cannot make a key");
    consentd__party__init (party);
    consentd__party_key__init (*key);
    (*key)->name = bench_text ("bench");
    (*key)->public_key = one->identity.public_key;
    party->id = one->id;
    party->kind = bench_text (receives ? "zorgaanbieder" : "kernteam");
    party->role = bench_text ("partner");
    party->active = true;
    party->n_keys = 1;
    party->keys = key;
    if (!receives)
        return;
    party->agreement_from = bench_text ("2020-01-01");
    party->agreement_until = bench_text ("2090-01-01");
    party->agreement_reference = bench_text ("bench");
}

static void must_be_ok (Consentd__Reply *reply)
{
    load_must_be_ok (reply);
    consentd__reply__free_unpacked (reply, NULL);
}

void concerned_add (struct setting *setting, struct concerned all[CONCERNED_PARTIES])
{
    static uint8_t message[BENCH_MESSAGE_LIMIT];
    Consentd__Party parties[CONCERNED_PARTIES], *list[CONCERNED_PARTIES];
    Consentd__PartyKey keys[CONCERNED_PARTIES], *key_list[CONCERNED_PARTIES];
    Consentd__Request request;
    Consentd__PartyApplyRequest apply;
    uint8_t key[BENCH_KEY_SIZE];
    consentd__request__init (&request);
    consentd__party_apply_request__init (&apply);
    for (size_t i = 0; i < CONCERNED_PARTIES; i++) {
        bench_read_identity (setting->party_key, "events", &all[i].identity);
        list[i] = &parties[i];
        key_list[i] = &keys[i];
        fill_party (&all[i], i, list[i], &key_list[i]);
    }
    apply.n_parties = CONCERNED_PARTIES;
    apply.parties = list;
    bench_new_key (&request, key);
    request.user = bench_text ("bench");
    request.body_case = CONSENTD__REQUEST__BODY_PARTY_APPLY;
    request.party_apply = &apply;
    must_be_ok (bench_ask (setting->operator_socket, message, bench_pack (&request, message)));
}

/* What is granted now. A maker and a look are told of nothing else. */
static struct concerned_consents *granted;

static void take_id (const Consentd__Reply *reply)
{
    load_must_be_ok (reply);
    if (reply->consent_recorded == NULL || reply->consent_recorded->consent_id.len != sizeof granted->ids[0])
        bench_fail ("a consent was not recorded");
    memcpy (granted->ids[granted->count++], reply->consent_recorded->consent_id.data, sizeof granted->ids[0]);
}

static size_t make_grant (struct people people, size_t number, uint8_t *message)
{
    static char names[CONCERNED_PARTIES][33];
    char *providers[CONCERNED_PARTIES], *recipients[CONCERNED_PARTIES], *category = bench_text ("naw");
    Consentd__Request request;
    Consentd__GrantRequest grant;
    Consentd__Scope scope;
    uint8_t key[BENCH_KEY_SIZE];
    consentd__request__init (&request);
    consentd__scope__init (&scope);
    bench_new_key (&request, key);
    bench_fill_grant (&grant);
    for (size_t i = 0; i < granted->parties; i++) {
        snprintf (names[i], sizeof names[i], "%s-%02zu", is_recipient (i) ? "zorg" : "team", i);
        if (is_recipient (i))
            recipients[scope.n_recipients++] = names[i];
        else
            providers[scope.n_providers++] = names[i];
    }
    scope.providers = providers;
    scope.recipients = recipients;
    scope.n_categories = 1;
    scope.categories = &category;
    scope.purpose = bench_text ("toekenning");
    grant.bsn = bench_bsns[people.first + number];
    grant.scope = &scope;
    request.body_case = CONSENTD__REQUEST__BODY_GRANT;
    request.grant = &grant;
    return bench_pack (&request, message);
}

static void record (struct setting *setting, bench_maker *make, struct people people, load_look *look)
{
    struct load load = {.sockets = setting->registry.sockets,
                        .clients = SETTING_CLIENTS,
                        .window = SETTING_WINDOW,
                        .make = make,
                        .people = people,
                        .look = look,
                        .every = 1,
                        .total = people.count};
    load_run (&load);
}

void concerned_grant (struct setting *setting, struct people people, size_t parties,
                      struct concerned_consents *consents)
{
    *consents =
        (struct concerned_consents){.parties = parties, .ids = calloc (people.count, sizeof *consents->ids)};
    if (consents->ids == NULL)
        bench_fail ("out of memory");
    granted = consents;
    record (setting, bench_make_subject, people, load_must_be_ok);
    record (setting, make_grant, people, take_id);
}

size_t concerned_withdraw (struct concerned_consents *consents, uint8_t *message)
{
    Consentd__Request request;
    Consentd__RevokeRequest revoke;
    uint8_t key[BENCH_KEY_SIZE];
    if (consents->withdrawn == consents->count)
        bench_fail ("there are no more consents to withdraw");
    consentd__request__init (&request);
    consentd__revoke_request__init (&revoke);
    bench_new_key (&request, key);
    revoke.consent_id = (ProtobufCBinaryData){sizeof consents->ids[0], consents->ids[consents->withdrawn++]};
    revoke.withdrawn_by = bench_text ("subject");
    revoke.user = bench_text ("bench");
    request.body_case = CONSENTD__REQUEST__BODY_REVOKE;
    request.revoke = &revoke;
    return bench_pack (&request, message);
}
