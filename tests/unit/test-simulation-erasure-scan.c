/* Ten thousand identifiers are planted in what is recorded of forty people, and in what is asked about ten whom
   the registry does not know; then all of them are erased (R7). With every key that is left, nothing of the store
   opens that holds one: neither as it is, nor as a copy from before has it. Some others are planted in
   disclosures, which a statute requires to be kept: those are found, also where a copy from before is put back. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/extract.h"
#include "audit/log.h"
#include "big_endian.h"
#include "copied_files.h"
#include "keyring.h"
#include "record/subject_key.h"
#include "registry/erasure.h"
#include "simulated_duties.h"
#include "simulated_rights.h"

enum { PEOPLE = 50, EACH = 200, PLANTED = PEOPLE * EACH, IN_REQUEST = 100, STEPS_LIMIT = 4096, DIGITS = 5 };
static const char sign[] = "planted-";

/* Who is not erased, with an identifier behind the others. */
enum { STAYS = PEOPLE, OF_WHO_STAYS = PLANTED };
/* And those that are kept, behind it. */
enum {
    KEPT_FIRST = PLANTED + 1,
    KEPT_EACH = 10,
    KEPT = (PEOPLE - PEOPLE / 5) * KEPT_EACH,
    ALL = KEPT_FIRST + KEPT
};

static const char *planted (struct simulation *sim, unsigned first, unsigned count)
{
    const char *text = "";
    for (unsigned i = first; i < first + count; i++)
        text = arena_printf (sim->arena, "%s%s%05u ", text, sign, i);
    return text;
}

/* Each fifth is nobody whom the registry knows. */
static bool is_known (unsigned person)
{
    return person % 5 != 4;
}

/* In a decision to which people wrote why, and in the motivation of a consent that was refused. */
static void plant_in_log (struct simulation *sim, const char *bsn, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i += IN_REQUEST) {
        Consentd__Request *check = simulation_check (
            sim, &(struct simulated_check){.bsn = bsn, .urgent = "vitaal-belang", .advise = true});
        check->check->urgent_reasons->triage->necessity =
            arena_strdup (sim->arena, planted (sim, i, IN_REQUEST / 2));
        assert_non_null (simulation_ask (sim, "kernteam", check)->check);
        Consentd__Request *grant =
            simulation_statement (sim, &(struct simulated_statement){.bsn = bsn, .categories = "naw"}, false);
        grant->grant->motivation = arena_strdup (sim->arena, planted (sim, i + IN_REQUEST / 2, IN_REQUEST / 2));
        assert_string_equal (simulation_answer (sim, "kernteam", grant), "REJECTED REPRESENTATION_MISSING");
    }
}

static void plant (struct simulation *sim, unsigned person, unsigned first, unsigned count)
{
    const char *bsn = simulation_bsn (sim, person);
    unsigned half = (count + 1) / 2;
    assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1975-01-02"), "OK");
    for (unsigned i = 0; i < half; i += IN_REQUEST / 2) {
        unsigned more = half - i < IN_REQUEST / 2 ? half - i : IN_REQUEST / 2;
        ASKED (sim, .bsn = bsn, .categories = "naw", .motivation = planted (sim, first + i, more));
        if (count > half)
            OPENED (sim, .bsn = bsn, .asked = planted (sim, first + half + i, more));
    }
    GRANTED (sim, .bsn = bsn, .categories = "naw");
    assert_string_equal (CHECK (sim, .bsn = bsn, .items = "naw"), "consent");
}

/* In a disclosure, which is a record at both its sides. */
static void plant_what_is_kept (struct simulation *sim, unsigned person)
{
    unsigned first = KEPT_FIRST + (person - person / 5) * KEPT_EACH; /* each fifth has none */
    Consentd__Request *check = simulation_check (
        sim, &(struct simulated_check){.bsn = simulation_bsn (sim, person), .urgent = "vitaal-belang"});
    check->check->urgent_reasons->triage->necessity = arena_strdup (sim->arena, planted (sim, first, KEPT_EACH));
    assert_string_equal (simulation_answer (sim, "kernteam", check), "consent");
}

/* --- What can be read with the keys that are left ------------------------------------------------------- */

struct found {
    bool is[ALL];
    size_t count; /* of those of the erased */
    size_t kept;  /* and of those that must be kept */
};

static void look_in (struct found *found, const uint8_t *plain, size_t size)
{
    const uint8_t *end = plain + size;
    while ((plain = memmem (plain, (size_t)(end - plain), sign, sizeof sign - 1)) != NULL) {
        unsigned number = 0;
        plain += sizeof sign - 1;
        if (end - plain < DIGITS)
            return;
        for (int i = 0; i < DIGITS; i++)
            number = number * 10 + (unsigned)(plain[i] - '0');
        assert_true (number < ALL);
        found->count += number < PLANTED && !found->is[number];
        found->kept += number >= KEPT_FIRST && !found->is[number];
        found->is[number] = true;
    }
}

/* The tables that have sealed records: their name in the seal, and how many bytes may stand before the record. */
static const struct sealed_table {
    enum store_table table;
    const char *name;
    size_t before[2];
} sealed_tables[] = {
    {STORE_SUBJECT, "subject", {SUBJECT_WRAPPED_SIZE}}, {STORE_EVENT, "event", {0, 1 + VAULT_ID_SIZE + 8 + 8}},
    {STORE_SUBJECT_BEFORE, "subject_before", {0}},      {STORE_OBLIGATION, "obligation", {0}},
    {STORE_REQUEST, "request", {VAULT_ID_SIZE}},        {STORE_RIGHTS, "rights", {0}},
};

struct keys {
    struct vault_key all[2 * PEOPLE + 2];
    size_t count;
    struct vault_key own[4 * PEOPLE]; /* of single lines */
    size_t own_count;
};

/* Every key that opens something in this store: those of the subjects that can be unwrapped, and the registry's.
 */
static void gather_keys (struct turn *turn, struct keys *keys)
{
    struct store_scan *scan;
    struct bytes id, value;
    keys->all[0] = *vault_system_key (turn->vault);
    keys->count = 1;
    for (size_t table = 0; table < WRAPPED_KEY_TABLES; table++) {
        assert_int_equal (store_scan_open (turn->txn, wrapped_key_tables[table], (struct bytes){"", 0}, &scan), 0);
        while (store_scan_next (scan, &id, &value) == 0) {
            assert_true (keys->count < sizeof keys->all / sizeof *keys->all);
            keys->count +=
                subject_key_unwrap (turn, id.data, value, &keys->all[keys->count]) != WRAPPED_UNREADABLE;
        }
        store_scan_close (&scan);
    }
}

/* The keys of the lines that are kept of the erased. */
static void gather_own_keys (struct turn *turn, struct keys *keys)
{
    struct store_scan *scan;
    struct bytes name, value;
    keys->own_count = 0;
    assert_int_equal (store_scan_open (turn->txn, STORE_EXTRACT_LINE, (struct bytes){"", 0}, &scan), 0);
    while (store_scan_next (scan, &name, &value) == 0) {
        const uint8_t *subject = name.data;
        uint8_t id[VAULT_ID_SIZE];
        struct extract_line line;
        memcpy (id, subject, sizeof id);
        assert_true (keys->own_count < sizeof keys->own / sizeof *keys->own);
        if (extract_find (turn, id, get_be64 (subject + VAULT_ID_SIZE), &line) == 0)
            keys->own[keys->own_count++] = line.own;
    }
    store_scan_close (&scan);
}

static void try_keys (struct turn *turn, const struct keys *keys, const char *name, struct bytes key,
                      struct bytes record, struct found *found)
{
    enum { VERSION_SIZE = 2 };
    const uint8_t *data = record.data;
    if (record.size < VERSION_SIZE + VAULT_SEAL_OVERHEAD)
        return;
    struct vault_binding binding = {name, data[1], key.data, key.size};
    size_t size = record.size - VERSION_SIZE;
    uint8_t *plain = arena_alloc (turn->arena, size);
    for (size_t i = 0; i < keys->count; i++)
        if (vault_unseal (&keys->all[i], &binding, data + VERSION_SIZE, size, plain) == 0)
            look_in (found, plain, size - VAULT_SEAL_OVERHEAD);
    for (size_t i = 0; i < keys->own_count; i++)
        if (vault_unseal_record (&keys->own[i], &binding, data + VERSION_SIZE, size, plain) == 0)
            look_in (found, plain, size - VAULT_SEAL_OVERHEAD);
}

static void look_in_table (struct turn *turn, const struct keys *keys, const struct sealed_table *table,
                           struct found *found)
{
    struct store_scan *scan;
    struct bytes key, value;
    assert_int_equal (store_scan_open (turn->txn, table->table, (struct bytes){"", 0}, &scan), 0);
    while (store_scan_next (scan, &key, &value) == 0)
        for (int i = 0; i < 2; i++) {
            arena_reset (turn->arena);
            if (value.size > table->before[i])
                try_keys (
                    turn, keys, table->name, key,
                    (struct bytes){(const uint8_t *)value.data + table->before[i], value.size - table->before[i]},
                    found);
        }
    store_scan_close (&scan);
}

static void look_in_log (struct turn *turn, const struct keys *keys, struct found *found)
{
    for (uint64_t number = 1; number <= turn->state.audit_number; number++) {
        struct audit_record line;
        uint8_t key[8];
        arena_reset (turn->arena);
        assert_int_equal (audit_read (turn, number, &line), 0);
        for (int i = 0; i < 8; i++)
            key[i] = (uint8_t)(number >> (56 - 8 * i));
        try_keys (turn, keys, "audit", (struct bytes){key, sizeof key}, line.sealed, found);
    }
}

static struct found *look_in_store (struct simulation *sim)
{
    struct found *found = arena_alloc (sim->arena, sizeof *found);
    struct keys keys;
    struct turn turn;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    gather_keys (&turn, &keys);
    gather_own_keys (&turn, &keys);
    for (size_t i = 0; i < sizeof sealed_tables / sizeof *sealed_tables; i++)
        look_in_table (&turn, &keys, &sealed_tables[i], found);
    look_in_log (&turn, &keys, found);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return found;
}

/* --- Files -------------------------------------------------------------------------------------------- */

static size_t files_looked_at;

/* In clear nothing is in any file, ever (A3). */
static int assert_nothing_in_clear (const char *file, const struct stat *status, int kind, struct FTW *place)
{
    (void)place;
    if (kind != FTW_F)
        return 0;
    size_t size = (size_t)status->st_size;
    uint8_t *all = malloc (size + 1);
    FILE *in = fopen (file, "r");
    assert_non_null (all);
    assert_non_null (in);
    assert_int_equal (fread (all, 1, size, in), size);
    fclose (in);
    if (memmem (all, size, sign, sizeof sign - 1) != NULL)
        fail_msg ("%s has an identifier in clear", file);
    free (all);
    files_looked_at++;
    return 0;
}

static void look_at_files (struct simulation *sim)
{
    files_looked_at = 0;
    assert_int_equal (nftw (sim->directory, assert_nothing_in_clear, 16, FTW_PHYS), 0);
    assert_true (files_looked_at > 4);
}

/* --- The test ----------------------------------------------------------------------------------------- */

static void erase_all (struct simulation *sim)
{
    struct turn turn;
    struct erasure_mark mark = {.kind = ERASURE_OF_SUBJECT};
    for (unsigned person = 0; person < PEOPLE; person++) /* what recipients are told stays readable */
        simulation_recipients_told (sim, simulation_bsn (sim, person), ERASE, NULL);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (unsigned person = 0; person < PEOPLE; person++) {
        vault_subject_id (sim->registry.vault, simulation_bsn (sim, person), mark.subject);
        assert_int_equal (erasure_mark (&turn, &mark), 0);
    }
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    for (int i = 0; erasure_is_due (&sim->registry); i++) {
        assert_true (i < STEPS_LIMIT);
        assert_int_equal (erasure_go_on (&sim->registry, &sim->in_force, sim->wall), 0);
    }
    sim->state = sim->registry.state;
}

static void assert_none_but_who_stays (const struct found *found, size_t kept)
{
    assert_int_equal (found->count, 0);
    assert_int_equal (found->kept, kept);
    assert_true (found->is[OF_WHO_STAYS]);
}

static void test_of_ten_thousand_identifiers_none_is_found (void **state)
{
    struct simulation *sim = *state;
    for (unsigned person = 0; person < PEOPLE; person++)
        if (is_known (person)) {
            plant (sim, person, person * EACH, EACH);
            plant_what_is_kept (sim, person);
        } else
            plant_in_log (sim, simulation_bsn (sim, person), person * EACH, EACH);
    plant (sim, STAYS, OF_WHO_STAYS, 1);
    look_at_files (sim);
    const struct found *before = look_in_store (sim); /* the search finds what can be found */
    assert_int_equal (before->count, PLANTED);
    assert_int_equal (before->kept, KEPT);
    copy_store (sim, "", ".before");
    erase_all (sim);
    look_at_files (sim);
    assert_none_but_who_stays (look_in_store (sim), KEPT);
    simulation_stop (sim);
    copy_store (sim, "", ".newest");
    copy_store (sim, ".before", "");
    assert_int_equal (simulation_start (sim), 0);          /* a backup from before, with the keys that are left */
    assert_none_but_who_stays (look_in_store (sim), KEPT); /* which the list beside the keyring has */
    simulation_stop (sim);
    copy_store (sim, ".newest", "");
    assert_int_equal (simulation_start (sim), 0);
}

static int setup (void **state)
{
    const struct simulation_options options = {.size = 32 << 20, .reserve = 1 << 20};
    *state = simulation_new (&options);
    return 0;
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_of_ten_thousand_identifiers_none_is_found, setup,
                                         simulation_teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
