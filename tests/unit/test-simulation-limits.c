/* What holds where things get large or many: answers still fit in a message, pages go on, and nobody is locked
 * out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "simulation_verbs.h"

static Consentd__Request *asking (struct simulation *sim, Consentd__Request__BodyCase body)
{
    Consentd__Request *request = arena_alloc (sim->arena, sizeof *request);
    consentd__request__init (request);
    request->body_case = body;
    return request;
}

static Consentd__Reply *add_party (struct simulation *sim, const char *id, const char *contact, unsigned key)
{
    Consentd__Request *request = asking (sim, CONSENTD__REQUEST__BODY_PARTY_ADD);
    request->party_add = arena_alloc (sim->arena, sizeof *request->party_add);
    consentd__party_add_request__init (request->party_add);
    Consentd__Party *party = request->party_add->party = arena_alloc (sim->arena, sizeof *party);
    consentd__party__init (party);
    party->id = arena_strdup (sim->arena, id);
    party->kind = arena_strdup (sim->arena, strncmp (id, "team", 4) == 0 ? "kernteam" : "zorgaanbieder");
    party->role = arena_strdup (sim->arena, "partner");
    party->public_key = arena_printf (sim->arena, "%040u", key);
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
    assert_string_equal (parties_find (sim->in_force.parties, "zorg-nieuw")->text.contact,
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
    for (bool more = true; more;) {
        Consentd__Request *request = asking (sim, CONSENTD__REQUEST__BODY_PARTY_LIST);
        request->party_list = arena_alloc (sim->arena, sizeof *request->party_list);
        consentd__party_list_request__init (request->party_list);
        request->party_list->after = after;
        Consentd__Reply *reply = simulation_ask (sim, "operator", request);
        assert_string_equal (simulation_said (sim, reply), "OK");
        assert_true (reply->party_list->n_parties > 0);
        listed += reply->party_list->n_parties;
        after = reply->party_list->parties[reply->party_list->n_parties - 1]->id;
        more = reply->party_list->more;
    }
    assert_int_equal (listed, parties_count (sim->in_force.parties));
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
        FILE *file = fopen (arena_printf (sim->arena, "%s/parties/%s.party", sim->directory, id), "w");
        assert_non_null (file);
        fprintf (file, "kind = \"%s\"\nrole = \"partner\"\npublic-key = \"%040d\"\n%s",
                 team ? "kernteam" : "zorgaanbieder", 1000 + i, team ? "" : "agreement-from = \"2020-01-01\"\n");
        fclose (file);
        *(team ? &teams[i] : &providers[i - WIDE]) = id;
    }
    simulation_write_party (sim, "kernteam", "kernteam", "sociale-team", "");
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
    Consentd__Request *request = asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show = arena_alloc (sim->arena, sizeof *request->consent_show);
    consentd__consent_show_request__init (request->consent_show);
    request->consent_show->consent_id.data = arena_memdup (sim->arena, consent, 16);
    request->consent_show->consent_id.len = 16;
    return simulation_ask (sim, "kernteam", request);
}

static Consentd__Reply *list (struct simulation *sim)
{
    Consentd__Request *request = asking (sim, CONSENTD__REQUEST__BODY_CONSENT_LIST);
    request->consent_list = arena_alloc (sim->arena, sizeof *request->consent_list);
    consentd__consent_list_request__init (request->consent_list);
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

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_a_contact_that_its_file_could_not_hold_is_refused, simulation_setup,
                                         simulation_teardown),
        cmocka_unit_test_setup_teardown (test_every_party_is_listed_however_much_is_said_of_each, simulation_setup,
                                         simulation_teardown),
        cmocka_unit_test_setup_teardown (test_a_consent_withdrawn_in_many_parts_is_still_shown_and_withdrawn,
                                         simulation_setup, simulation_teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
