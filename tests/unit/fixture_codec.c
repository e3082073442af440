#include "fixture_codec.h"
#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "testing.h"

uint8_t key[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

struct wire wire;
struct arena *arena;
struct request request;
struct codec_fault fault;
uint8_t *packed;
size_t packed_size;

int read_wire (void)
{
    packed_size = consentd__request__get_packed_size (&wire.envelope);
    packed = arena_alloc (arena, packed_size);
    consentd__request__pack (&wire.envelope, packed);
    memset (&request, 0xee, sizeof request);
    memset (&fault, 0xee, sizeof fault);
    return codec_read_request (packed, packed_size, arena, &request, &fault);
}

void assert_read (void)
{
    if (read_wire () != 0)
        fail_msg ("%s: %s", fault.field, fault.message);
}

void assert_invalid (const char *field)
{
    assert_int_equal (read_wire (), CODEC_INVALID);
    assert_string_equal (fault.field, field);
    assert_true (strlen (fault.message) > 0);
    assert_null (strstr (fault.message, BSN));
    assert_true (fault.has_key);
    assert_memory_equal (fault.idempotency_key, key, sizeof key);
}

void assert_each_invalid (char **text, char **values, const char *field)
{
    char *good = *text;
    for (; *values; values++) {
        *text = *values;
        assert_invalid (field);
    }
    *text = good;
    assert_read ();
}

static char long_text[1002];

char *text_of (size_t length)
{
    memset (long_text, 'a', length);
    long_text[length] = '\0';
    return long_text;
}

void prepare_envelope (Consentd__Request__BodyCase body, void *message)
{
    consentd__request__init (&wire.envelope);
    wire.envelope.version = 1;
    wire.envelope.idempotency_key = (ProtobufCBinaryData){16, key};
    wire.envelope.body_case = body;
    wire.envelope.check = message;
}

void prepare_check (void)
{
    consentd__check_request__init (&wire.check);
    for (size_t i = 0; i < 65; i++) {
        consentd__item__init (&wire.items[i]);
        wire.item_list[i] = &wire.items[i];
    }
    wire.items[0].category = "naw";
    wire.items[0].origin = "wmo";
    wire.items[1].category = "indicatie";
    wire.check.bsn = BSN;
    wire.check.provider = "kernteam";
    wire.check.recipient = "zorgaanbieder-horizon";
    wire.check.purpose = "toeleiding";
    wire.check.items = wire.item_list;
    wire.check.n_items = 2;
    wire.check.user = "medewerker-17";
    wire.check.mode = CONSENTD__MODE__DISCLOSE;
    prepare_envelope (CONSENTD__REQUEST__BODY_CHECK, &wire.check);
}

static char *providers[] = {"kernteam", "wmo-team", "kernteam"};
static char *recipients[] = {"zorgaanbieder-horizon"};
char *categories[] = {"indicatie", "naw"};

static void prepare_signatures (void)
{
    for (size_t i = 0; i < 9; i++) {
        consentd__signature__init (&wire.signatures[i]);
        wire.signatures[i].signer = "subject";
        wire.signatures[i].given_at = 1000;
        wire.signature_list[i] = &wire.signatures[i];
    }
}

static void prepare_scope (void)
{
    consentd__scope__init (&wire.scope);
    wire.scope.providers = providers;
    wire.scope.n_providers = 3;
    wire.scope.recipients = recipients;
    wire.scope.n_recipients = 1;
    wire.scope.categories = categories;
    wire.scope.n_categories = 2;
    wire.scope.purpose = "toeleiding";
}

void prepare_grant (void)
{
    prepare_scope ();
    prepare_signatures ();
    static uint8_t sha256[33] = {0xab};
    consentd__evidence__init (&wire.evidence);
    wire.evidence.reference = "dossier-12";
    wire.evidence.sha256 = (ProtobufCBinaryData){32, sha256};
    consentd__notice__init (&wire.notice);
    wire.notice.id = "folder";
    wire.notice.version = "3";
    wire.notice.language = "nl";
    wire.notice.given_at = 999;
    consentd__grant_request__init (&wire.grant);
    wire.grant.bsn = BSN;
    wire.grant.scope = &wire.scope;
    wire.grant.motivation = "Hulp bij het huishouden";
    wire.grant.form = CONSENTD__FORM__WRITTEN;
    wire.grant.evidence = &wire.evidence;
    wire.grant.notice = &wire.notice;
    wire.grant.signatures = wire.signature_list;
    wire.grant.n_signatures = 1;
    wire.grant.valid_until = 2000;
    wire.grant.user = "medewerker-17";
    prepare_envelope (CONSENTD__REQUEST__BODY_GRANT, &wire.grant);
}

void prepare_refuse (void)
{
    prepare_scope ();
    prepare_signatures ();
    consentd__refuse_request__init (&wire.refuse);
    wire.refuse.bsn = BSN;
    wire.refuse.scope = &wire.scope;
    wire.refuse.signatures = wire.signature_list;
    wire.refuse.n_signatures = 1;
    prepare_envelope (CONSENTD__REQUEST__BODY_REFUSE, &wire.refuse);
}

void prepare_revoke (void)
{
    consentd__revoke_request__init (&wire.revoke);
    wire.revoke.consent_id = (ProtobufCBinaryData){16, key};
    wire.revoke.categories = categories;
    wire.revoke.n_categories = 2;
    wire.revoke.withdrawn_by = "subject";
    prepare_envelope (CONSENTD__REQUEST__BODY_REVOKE, &wire.revoke);
}

void prepare_subject (void)
{
    for (size_t i = 0; i < 9; i++) {
        static char references[9][16];
        consentd__representative__init (&wire.representatives[i]);
        snprintf (references[i], sizeof references[i], "ouder-%zu", i);
        wire.representatives[i].reference = references[i];
        wire.representatives[i].kind = "ouder-met-gezag";
        wire.representatives[i].from = "2010-02-28";
        wire.representative_list[i] = &wire.representatives[i];
    }
    for (size_t i = 0; i < 17; i++) {
        static char days[17][11];
        consentd__capability__init (&wire.capabilities[i]);
        snprintf (days[i], sizeof days[i], "2020-01-%02u", (unsigned)(i + 1) % 32);
        wire.capabilities[i].from = days[i];
        wire.capability_list[i] = &wire.capabilities[i];
    }
    consentd__subject_set_request__init (&wire.subject_set);
    wire.subject_set.bsn = BSN;
    wire.subject_set.birth_date = "2010-02-28";
    wire.subject_set.representatives = wire.representative_list;
    wire.subject_set.n_representatives = 2;
    wire.subject_set.capabilities = wire.capability_list;
    wire.subject_set.n_capabilities = 2;
    prepare_envelope (CONSENTD__REQUEST__BODY_SUBJECT_SET, &wire.subject_set);
}

void prepare_party (void)
{
    consentd__party__init (&wire.party);
    wire.party.id = "zorgaanbieder-horizon";
    wire.party.kind = "zorgaanbieder";
    wire.party.role = "aanbieder";
    consentd__party_key__init (&wire.party_key);
    wire.party_key.name = "first";
    wire.party_key.public_key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
    wire.party_keys[0] = &wire.party_key;
    wire.party.n_keys = 1;
    wire.party.keys = wire.party_keys;
    consentd__party_add_request__init (&wire.party_add);
    wire.party_add.party = &wire.party;
    prepare_envelope (CONSENTD__REQUEST__BODY_PARTY_ADD, &wire.party_add);
}

int setup_codec (void **state)
{
    (void)state;
    arena = arena_new (16 * 1024 * 1024);
    return 0;
}

int teardown_codec (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}
