/* What holds where things get large or many: answers still fit in a message, pages go on, and nobody is locked
   out. */
#include <string.h>
#include "big_endian.h"
#include "broker/waiting.h"
#include "parties/parties.h"
#include "simulation_verbs.h"

static Consentd__Reply *add_party (struct simulation *sim, const char *id, const char *contact, unsigned key)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_ADD);
    Consentd__Party *party = request->party_add->party = arena_alloc (sim->arena, sizeof *party);
    consentd__party__init (party);
    party->id = arena_strdup (sim->arena, id);
    party->kind = arena_strdup (sim->arena, strncmp (id, "team", 4) == 0 ? "kernteam" : "zorgaanbieder");
    party->role = arena_strdup (sim->arena, "partner");
    party->n_keys = 1;
    party->keys = arena_array (sim->arena, 1, sizeof *party->keys);
    party->keys[0] = arena_alloc (sim->arena, sizeof **party->keys);
    consentd__party_key__init (party->keys[0]);
    party->keys[0]->name = "first";
    party->keys[0]->public_key = arena_printf (sim->arena, "%040u", key);
    party->agreement_from = arena_strdup (sim->arena, "2020-01-01");
    party->contact = arena_strdup (sim->arena, contact);
    return simulation_ask (sim, "operator", request);
}

static char *long_text (struct simulation *sim, size_t size)
{
    char *text = arena_alloc (sim->arena, size + 1);
    memset (text, 'x', size);
    return text;
}

/* Parties */

static void test_a_contact_that_its_file_could_not_hold_is_refused (void **state)
{
    struct simulation *sim = *state;
    Consentd__Reply *reply = add_party (sim, "zorg-nieuw", "Stichting \"De Brug\"", 1000);
    assert_string_equal (simulation_said (sim, reply), "INVALID party_add.party.contact");
    /* The table can be read: the next one is taken up. */
    reply = add_party (sim, "zorg-nieuw", "Stichting 'De Brug' # 2", 1000);
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_string_equal (parties_find (sim->registry.parties, "zorg-nieuw")->text.contact,
                         "Stichting 'De Brug' # 2");
}

static void test_every_party_is_listed_however_much_is_said_of_each (void **state)
{
    struct simulation *sim = *state;
    const char *contact = long_text (sim, 1000);
    for (unsigned i = 0; i < 90; i++)
        assert_string_equal (
            simulation_said (sim, add_party (sim, arena_printf (sim->arena, "zorg-%u", i), contact, 1000 + i)),
            "OK");
    size_t listed = 0;
    char *after = "";
    ProtobufCBinaryData ticket = {0, NULL};
    for (bool more = true; more;) {
        Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_LIST);
        request->party_list->after = after;
        request->listing = ticket;
        Consentd__Reply *reply = simulation_ask (sim, "operator", request);
        assert_string_equal (simulation_said (sim, reply), "OK");
        assert_true (reply->party_list->n_parties > 0);
        listed += reply->party_list->n_parties;
        after = reply->party_list->parties[reply->party_list->n_parties - 1]->id;
        more = reply->party_list->more;
        ticket = more ? reply->listing : ticket;
    }
    assert_int_equal (listed, parties_count (sim->registry.parties));
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_LIST);
    request->party_list->after = after;
    request->party_list->id = after;
    request->listing = ticket; /* of all parties, and not of this one */
    assert_string_equal (simulation_said (sim, simulation_ask (sim, "operator", request)), "INVALID listing");
}

/* Withdrawals */

enum { WIDE = 32 };

static const char *const toekenning[] = {
    "bsn",
    "naw",
    "geboortedatum",
    "telefoon",
    "email",
    "correspondentie",
    "doel",
    "budget",
    "burgerlijke-staat",
    "vertegenwoordiger",
    "behandelaar",
    "gespreksverslag",
    "integraal-plan",
    "toewijzing",
    "periode",
    "soort-voorziening",
    "omvang",
};

enum { CATEGORIES = sizeof toekenning / sizeof *toekenning };

/* So many teams and care providers, with the longest names that they may have. */
static void add_wide_parties (struct simulation *sim, const char **teams, const char **providers)
{
    for (int i = 0; i < 2 * WIDE; i++) {
        bool team = i < WIDE;
        const char *id = arena_printf (sim->arena, "%s-met-een-naam-van-32-byte-%02d", team ? "team" : "zorg", i);
        assert_int_equal (strlen (id), 32);
        simulation_write_party (sim, id, team ? "kernteam" : "zorgaanbieder", "partner",
                                team ? "" : "agreement-from = \"2020-01-01\"\n");
        *(team ? &teams[i] : &providers[i - WIDE]) = id;
    }
}

static const char *joined (struct simulation *sim, const char *const *words, size_t count)
{
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        all = arena_printf (sim->arena, "%s %s", all, words[i]);
    return all;
}

static Consentd__Reply *show (struct simulation *sim, const uint8_t *consent)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id.data = arena_memdup (sim->arena, consent, 16);
    request->consent_show->consent_id.len = 16;
    return simulation_ask (sim, "kernteam", request);
}

static Consentd__Reply *list (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_LIST);
    request->consent_list->bsn = arena_strdup (sim->arena, "999900006");
    return simulation_ask (sim, "kernteam", request);
}

static void test_a_consent_withdrawn_in_many_parts_is_still_shown_and_withdrawn (void **state)
{
    struct simulation *sim = *state;
    const char *teams[WIDE], *providers[WIDE];
    add_wide_parties (sim, teams, providers);
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    const uint8_t *consent = GRANTED (sim, .from = joined (sim, teams, WIDE), .to = joined (sim, providers, WIDE),
                                      .categories = joined (sim, toekenning, CATEGORIES));
    const char *said = "OK";
    unsigned parts = 0;
    /* Each part is as wordy as it can be, and takes something away that was left. */
    for (int round = 0; round < 3 && strcmp (said, "OK") == 0; round++)
        for (int i = 0; i < CATEGORIES && strcmp (said, "OK") == 0; i++) {
            said = REVOKE (sim, .consent = consent, .from = joined (sim, teams + round, WIDE - 2),
                           .to = joined (sim, providers + round, WIDE - 2), .categories = toekenning[i]);
            parts += strcmp (said, "OK") == 0;
            assert_string_equal (simulation_said (sim, show (sim, consent)), "OK");
            assert_string_equal (simulation_said (sim, list (sim)), "OK");
        }
    assert_string_equal (said, "INVALID revoke.categories");
    assert_true (parts >= 16);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    Consentd__Reply *reply = show (sim, consent);
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_int_equal (reply->consent_show->consent->state, CONSENTD__CONSENT__STATE__REVOKED);
    assert_int_equal (reply->consent_show->consent->n_withdrawals, parts + 1);
}

/* The log */

static Consentd__Reply *audit (struct simulation *sim, uint64_t after, bool raw)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->after = after;
    request->audit_list->limit = 100;
    request->audit_list->raw = raw;
    return simulation_ask (sim, "operator", request);
}

/* A grant that names more than a hundred things that are none, and which take six times as much to be shown. */
static void name_what_is_not (struct simulation *sim)
{
    const char *categories = "";
    for (int i = 0; i < 122; i++)
        categories =
            arena_printf (sim->arena, "%s %.*s%03d", categories, 60,
                          "\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001"
                          "\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001"
                          "\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001",
                          i);
    assert_string_not_equal (GRANT (sim, .categories = categories), "OK");
}

static void read_whole_log (struct simulation *sim, bool raw)
{
    uint64_t after = 0;
    for (bool more = true; more;) {
        Consentd__Reply *reply = audit (sim, after, raw);
        assert_string_equal (simulation_said (sim, reply), "OK");
        assert_true (reply->audit_list->looked_until > after);
        for (size_t i = 0; i < reply->audit_list->n_entries; i++)
            assert_int_equal (reply->audit_list->entries[i]->number, ++after);
        assert_int_equal (reply->audit_list->looked_until, after);
        more = reply->audit_list->more;
    }
}

static void test_the_log_is_read_to_its_end_whatever_its_lines_hold (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    for (int few = 0; few < 36; few++) {
        /* Small lines up to where a large one would go over the page. */
        for (int i = 0; i < few; i++)
            CHECK (sim, .items = "naw");
        name_what_is_not (sim);
    }
    read_whole_log (sim, false);
    read_whole_log (sim, true);
}

/* Bounded work */

enum { DAY = 86400000 };

/* Of every two of these categories one consent, so that none covers another, each ending a day after the one
   before. Returns when the last of those ends that name the first category. */
static moment grant_pairs (struct simulation *sim, const char *case_ref)
{
    moment last = 0;
    int day = 10;
    for (int i = 0; i < 16; i++)
        for (int j = i + 1; j < 16; j++) {
            moment until = sim->wall + day++ * (moment)DAY;
            GRANTED (sim, .categories = arena_printf (sim->arena, "%s %s", toekenning[i], toekenning[j]),
                     .valid_until = until, .case_ref = case_ref);
            last = i == 0 ? until : last;
        }
    return last;
}

/* In units of the turn's cost, besides what is paid for each request and value (turn.h). */
static uint64_t charged (struct simulation *sim, const char *party, Consentd__Request__BodyCase body)
{
    assert_string_equal (simulation_said (sim, simulation_ask (sim, party, simulation_asking (sim, body))), "OK");
    return sim->work / TURN_UNIT_WORK;
}

/* So that others have their turn between two of them. */
static void test_what_reads_a_pack_or_asks_each_of_its_flows_is_charged_for_that (void **state)
{
    struct simulation *sim = *state;
    assert_true (charged (sim, "operator", CONSENTD__REQUEST__BODY_CONFIG_DIFF) > 10 * WAITING_QUANTUM);
    uint64_t all = charged (sim, "kernteam", CONSENTD__REQUEST__BODY_VOCABULARY);
    const struct policy *pack = sim->in_force.policy;
    size_t pairs = pack->kind_count * pack->category_count;
    assert_in_range (all, 10 * pairs / TURN_UNIT_WORK, (pack->flow_count * pairs + 1000) / TURN_UNIT_WORK);
    assert_in_range (charged (sim, "cak", CONSENTD__REQUEST__BODY_VOCABULARY), 1, all / 4);
}

static void test_what_can_never_speak_for_the_item_is_no_moment_of_until (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    grant_pairs (sim, "zaak-1");
    Consentd__Reply *reply =
        CHECK_REPLY (sim, .by = "zorgaanbieder-horizon", .from = "wmo-team", .items = "naw/wmo", .advise = true);
    assert_int_equal (reply->check->until, 0);
}

static void test_until_is_early_and_never_late_where_it_would_take_too_long_to_find (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    moment last = grant_pairs (sim, "");
    const char *first = arena_printf (sim->arena, "%s/wmo", toekenning[0]), *items = "";
    for (int i = 0; i < 64; i++)
        items = arena_printf (sim->arena, "%s %s%s", items, toekenning[i % 16],
                              i < 16   ? "/"
                              : i < 32 ? "/wmo"
                              : i < 48 ? "/jeugdwet"
                                       : "/zvw");
    Consentd__Reply *one =
        CHECK_REPLY (sim, .by = "zorgaanbieder-horizon", .from = "wmo-team", .items = first, .advise = true);
    assert_string_equal (simulation_said (sim, one), "PROVIDER_NOT_CONSENTED");
    assert_int_equal (one->check->until, last);
    Consentd__Reply *many =
        CHECK_REPLY (sim, .by = "zorgaanbieder-horizon", .from = "wmo-team", .items = items, .advise = true);
    assert_int_equal (many->status, CONSENTD__STATUS__OK);
    assert_true (many->check->until > many->check->evaluated_at);
    assert_true (many->check->until < last);
}

/* Turns over the last byte of a line. */
static void damage_line (struct simulation *sim, uint64_t number)
{
    struct turn turn;
    struct bytes value;
    uint8_t key[8];
    put_be64 (key, number);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (store_get (turn.txn, STORE_AUDIT, (struct bytes){key, 8}, &value), 0);
    uint8_t *copy = arena_memdup (sim->arena, value.data, value.size);
    copy[value.size - 1] ^= 1;
    assert_int_equal (store_put (turn.txn, STORE_AUDIT, (struct bytes){key, 8}, (struct bytes){copy, value.size}),
                      0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

static void test_a_damaged_line_of_the_log_is_shown_as_it_lies_there (void **state)
{
    struct simulation *sim = *state;
    uint64_t before = sim->state.audit_number;
    for (int i = 0; i < 3; i++)
        CHECK (sim, .items = "naw");
    damage_line (sim, before + 2);
    Consentd__Reply *reply = audit (sim, before, true);
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_int_equal (reply->audit_list->n_entries, 3);
    const Consentd__AuditEntry *first = reply->audit_list->entries[0], *damaged = reply->audit_list->entries[1];
    assert_string_not_equal (first->details, "");
    assert_string_equal (damaged->details, "");
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash (first->hash.data, first->hash.len, damaged->raw.data, damaged->raw.len, hash);
    assert_memory_not_equal (hash, damaged->hash.data, sizeof hash);
    damage_line (sim, before + 2); /* back */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_a_contact_that_its_file_could_not_hold_is_refused),
        SIMULATION_TEST (test_every_party_is_listed_however_much_is_said_of_each),
        SIMULATION_TEST (test_a_consent_withdrawn_in_many_parts_is_still_shown_and_withdrawn),
        SIMULATION_TEST (test_the_log_is_read_to_its_end_whatever_its_lines_hold),
        SIMULATION_TEST (test_a_damaged_line_of_the_log_is_shown_as_it_lies_there),
        SIMULATION_TEST (test_what_reads_a_pack_or_asks_each_of_its_flows_is_charged_for_that),
        SIMULATION_TEST (test_what_can_never_speak_for_the_item_is_no_moment_of_until),
        SIMULATION_TEST (test_until_is_early_and_never_late_where_it_would_take_too_long_to_find),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
