/* consentctl audit: a log that was tampered with is found out, and what an entry is about is told in few words. */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "audit/audit_summary.h"
#include "audit/chain.h"
#include "table.h"
#include "testing.h"

enum { ENTRIES = 5, RAW = 8 };

/* A log of some entries, as the daemon would answer it. */
struct log {
    Consentd__AuditEntry entries[ENTRIES], *list[ENTRIES];
    uint8_t raw[ENTRIES][RAW], hash[ENTRIES][VAULT_HASH_SIZE];
};

static void make_log (struct log *self)
{
    memset (self, 0, sizeof *self);
    uint8_t before[VAULT_HASH_SIZE] = {0};
    for (unsigned i = 0; i < ENTRIES; i++) {
        snprintf ((char *)self->raw[i], RAW, "line %u", i);
        vault_hash (before, sizeof before, self->raw[i], RAW, self->hash[i]);
        memcpy (before, self->hash[i], sizeof before);
        consentd__audit_entry__init (&self->entries[i]);
        self->entries[i].number = i + 1;
        self->entries[i].raw = (ProtobufCBinaryData){RAW, self->raw[i]};
        self->entries[i].hash = (ProtobufCBinaryData){VAULT_HASH_SIZE, self->hash[i]};
        self->list[i] = &self->entries[i];
    }
}

/* The page of `count` entries from `first` (0 on) of a log whose newest entry is `newest`. */
static Consentd__AuditListReply page_of (struct log *log, size_t first, size_t count, size_t newest)
{
    Consentd__AuditListReply page;
    consentd__audit_list_reply__init (&page);
    page.entries = log->list + first;
    page.n_entries = count;
    page.newest = newest;
    page.newest_hash = (ProtobufCBinaryData){VAULT_HASH_SIZE, log->hash[newest - 1]};
    return page;
}

static struct chain follow_all (struct log *log)
{
    struct chain chain = {0};
    Consentd__AuditListReply page = page_of (log, 0, ENTRIES, ENTRIES);
    chain_follow (&chain, &page);
    return chain;
}

static void test_a_whole_chain_is_followed_over_pages (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    struct chain chain = {0};
    Consentd__AuditListReply first = page_of (&log, 0, 2, ENTRIES), second = page_of (&log, 2, 3, ENTRIES);
    chain_follow (&chain, &first);
    assert_false (chain_is_done (&chain));
    chain_follow (&chain, &second);
    assert_true (chain_is_done (&chain));
    assert_null (chain.broken);
    assert_int_equal (chain.entries, ENTRIES);
    assert_memory_equal (chain.hash, log.hash[ENTRIES - 1], VAULT_HASH_SIZE);
}

/* The root over the first `count` entries. */
static struct merkle_hash root_of (const struct log *log, size_t count)
{
    struct merkle_edge edge = {.size = 0};
    struct merkle_filled unused;
    for (size_t i = 0; i < count; i++) {
        struct merkle_hash leaf = merkle_leaf ((struct bytes){log->raw[i], RAW});
        merkle_add (&edge, &leaf, &unused);
    }
    return merkle_root (&edge);
}

static void test_the_entries_are_those_that_were_signed (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    for (size_t size = 0; size <= ENTRIES; size++) {
        Consentd__AuditListReply page = page_of (&log, 0, ENTRIES, ENTRIES);
        struct chain chain = {.signed_of = {.size = size, .root = root_of (&log, size)}}, other = chain;
        chain_follow (&chain, &page);
        assert_null (chain.broken);
        other.signed_of.root.bytes[0] ^= 1;
        chain_follow (&other, &page);
        assert_int_equal (other.first_bad, size); /* of none nothing can be wrong */
        assert_int_equal (other.broken != NULL, size > 0);
        assert_int_equal (other.bad, size > 0);
    }
}

/* What is missing is said of the chain; of what comes behind it nobody knows whether it was signed. */
static void test_what_was_signed_is_not_compared_behind_a_missing_entry (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    log.entries[2].raw.len = 0;
    struct chain chain = {.signed_of = {.size = ENTRIES}};
    Consentd__AuditListReply page = page_of (&log, 0, ENTRIES, ENTRIES);
    chain_follow (&chain, &page);
    assert_int_equal (chain.first_bad, 3);
    assert_int_equal (chain.bad, 1);
}

static void test_entries_that_came_while_asking_are_left_for_the_next_time (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    struct chain chain = {0};
    Consentd__AuditListReply first = page_of (&log, 0, 2, 3), second = page_of (&log, 2, 3, ENTRIES);
    chain_follow (&chain, &first);
    chain_follow (&chain, &second);
    assert_true (chain_is_done (&chain));
    assert_null (chain.broken);
    assert_int_equal (chain.entries, 3);
}

static void test_a_changed_entry_breaks_the_chain_there (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    log.raw[2][0] ^= 1;
    struct chain chain = follow_all (&log);
    assert_non_null (chain.broken);
    assert_int_equal (chain.first_bad, 3);
    assert_int_equal (chain.bad, 1);
    assert_int_equal (chain.entries, ENTRIES); /* those after it are right */
}

static void test_a_changed_entry_with_a_hash_to_match_breaks_the_chain_after_it (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    log.raw[2][0] ^= 1;
    vault_hash (log.hash[1], VAULT_HASH_SIZE, log.raw[2], RAW, log.hash[2]);
    struct chain chain = follow_all (&log);
    assert_non_null (chain.broken);
    assert_int_equal (chain.first_bad, 4);
}

static void test_a_missing_entry_breaks_the_chain (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    log.list[1] = log.list[2];
    struct chain chain = follow_all (&log);
    assert_non_null (chain.broken);
    assert_int_equal (chain.first_bad, 2);
    assert_int_equal (chain.bad, 1);
    assert_int_equal (chain.entries, ENTRIES);
}

static void test_an_entry_whose_record_fell_back_is_named (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    log.list[3]->record_is_older = true;
    struct chain chain = follow_all (&log);
    assert_non_null (strstr (chain.broken, "older"));
    assert_int_equal (chain.first_bad, 4);
    assert_int_equal (chain.bad, 1);
    assert_true (chain_is_done (&chain));
    assert_memory_equal (chain.hash, log.hash[ENTRIES - 1], VAULT_HASH_SIZE);
}

/* What the registry sends in the place of an entry that it cannot read. */
static void test_a_damaged_entry_is_named_and_those_after_it_are_followed (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    log.list[2]->raw.len = log.list[2]->hash.len = 0;
    struct chain chain = follow_all (&log);
    assert_int_equal (chain.first_bad, 3);
    assert_int_equal (chain.bad, 1);
    assert_true (chain_is_done (&chain));
    make_log (&log);
    log.list[1]->raw.len = log.list[1]->hash.len = 0;
    log.raw[3][0] ^= 1; /* another one is still found out */
    chain = follow_all (&log);
    assert_int_equal (chain.first_bad, 2);
    assert_int_equal (chain.bad, 2);
}

static void test_a_log_that_was_cut_off_is_broken (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    struct chain chain = {0};
    Consentd__AuditListReply first = page_of (&log, 0, 3, ENTRIES), nothing = page_of (&log, 3, 0, ENTRIES);
    chain_follow (&chain, &first);
    chain_follow (&chain, &nothing);
    assert_non_null (chain.broken);
    assert_int_equal (chain.first_bad, 4);
    assert_int_equal (chain.bad, ENTRIES - 3);
}

static void test_the_newest_hash_must_be_that_of_the_newest_entry (void **state)
{
    (void)state;
    struct log log;
    make_log (&log);
    struct chain chain = {0};
    Consentd__AuditListReply page = page_of (&log, 0, 3, 3);
    page.newest_hash.data = log.hash[4];
    chain_follow (&chain, &page);
    assert_non_null (chain.broken);
    assert_int_equal (chain.first_bad, 3);
}

static void test_an_empty_log_is_whole (void **state)
{
    (void)state;
    struct chain chain = {0};
    Consentd__AuditListReply page;
    consentd__audit_list_reply__init (&page);
    chain_follow (&chain, &page);
    assert_true (chain_is_done (&chain));
    assert_null (chain.broken);
}

static void test_an_entry_is_told_by_its_codes (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1 << 16);
    assert_string_equal (audit_summary (arena,
                                        "{\"request\": {\"version\": 1, \"idempotency_key\": \"00ff\", \"grant\": "
                                        "{\"scope\": {\"providers\": [\"kernteam\"], \"categories\": [\"naw\", "
                                        "\"email\"]}, \"user\": \"jan\"}}, "
                                        "\"reply\": {\"message\": \"no\"}}"),
                         "kernteam naw email");
    assert_string_equal (audit_summary (arena, "{\"request\": {\"restrict_data\": {\"expected\": \"00ff\", "
                                               "\"categories\": [\"naw\"], \"whole\": true}}}"),
                         "naw whole");
    assert_string_equal (audit_summary (arena, "{\"note\": \"started\"}"), "started");
    assert_string_equal (audit_summary (arena, ""), "");
    assert_string_equal (audit_summary (arena, "[1, {"), "");
    arena_destroy (&arena);
}

static void test_an_entry_about_a_decision_or_a_whole_subject_says_so (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1 << 16);
    assert_string_equal (audit_summary (arena,
                                        "{\"request\": {\"version\": 1, \"obligation_done\": "
                                        "{\"decision\": 192, \"kind\": \"INFORM_SUBJECT\", \"done_at\": 17}}}"),
                         "192 INFORM_SUBJECT");
    assert_string_equal (audit_summary (arena, "{\"request\": {\"decision_show\": {\"number\": 192}}}"), "192");
    assert_string_equal (audit_summary (arena, "{\"request\": {\"restrict_data\": {\"whole\": true, \"user\": "
                                               "\"jan\"}}}"),
                         "whole");
    assert_string_equal (audit_summary (arena, "{\"request\": {\"audit_list\": {\"limit\": 9}}}"), "");
    arena_destroy (&arena);
}

static void test_a_long_text_is_cut_at_its_width (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1 << 16);
    assert_string_equal (table_cut (arena, "cliënten", 8), "cliënten");
    assert_string_equal (table_cut (arena, "cliënten", 5), "clië…");
    assert_string_equal (table_cut (arena, "漢字漢字", 6), "漢字…");
    arena_destroy (&arena);
}

static int set_locale (void **state)
{
    (void)state;
    return setlocale (LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_whole_chain_is_followed_over_pages),
        cmocka_unit_test (test_the_entries_are_those_that_were_signed),
        cmocka_unit_test (test_what_was_signed_is_not_compared_behind_a_missing_entry),
        cmocka_unit_test (test_entries_that_came_while_asking_are_left_for_the_next_time),
        cmocka_unit_test (test_a_changed_entry_breaks_the_chain_there),
        cmocka_unit_test (test_a_changed_entry_with_a_hash_to_match_breaks_the_chain_after_it),
        cmocka_unit_test (test_a_missing_entry_breaks_the_chain),
        cmocka_unit_test (test_an_entry_whose_record_fell_back_is_named),
        cmocka_unit_test (test_a_damaged_entry_is_named_and_those_after_it_are_followed),
        cmocka_unit_test (test_a_log_that_was_cut_off_is_broken),
        cmocka_unit_test (test_the_newest_hash_must_be_that_of_the_newest_entry),
        cmocka_unit_test (test_an_empty_log_is_whole),
        cmocka_unit_test (test_an_entry_is_told_by_its_codes),
        cmocka_unit_test (test_an_entry_about_a_decision_or_a_whole_subject_says_so),
        cmocka_unit_test (test_a_long_text_is_cut_at_its_width),
    };
    return cmocka_run_group_tests (tests, set_locale, NULL);
}
