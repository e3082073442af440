/* Parties, and what a party is told about itself. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

enum { POLICY_HASH_SIZE = 32, PARTIES_TABLE_SIZE = 16 };

/* Asked. party_text.h judges the texts of a party. */

NOTHING_ASKED (whoami);

static const struct field asked_party[] = {
    {PART ("party_text", &party_text_fields)},
    {PASSED_OVER ("unfit"), .in_log = true},
};
static const struct fields asked_party_fields = {FIELDS_OF (party_text, asked_party)};

static const struct field party_add_asks[] = {
    {GROUP_IF (request, as.parties.added, as.parties.has_added, &asked_party_fields), .also = "party",
     .in_log = true},
};
ASKED (party_add, party_add_asks);

static const struct field party_apply_asks[] = {
    {LIST (request, as.parties.parties, as.parties.count, &asked_party_fields), .in_log = true},
    {FLAG (request, is_trial), .also = "trial", .in_log = true},
    {FIXED_IF (request, as.parties.table, as.parties.has_table), .in_log = true},
};
ASKED (party_apply, party_apply_asks);

static const struct field party_list_asks[] = {
    {TEXT (request, page.after.text), .also = "after", .sort = SYNTAX_PARTY, .in_log = true},
    {TEXT (request, as.party_list.id), .sort = SYNTAX_PARTY, .in_log = true},
};
ASKED (party_list, party_list_asks);

static const struct field party_remove_asks[] = {
    {TEXT (request, as.party_remove.id), .sort = SYNTAX_PARTY, .needed = true, .in_log = true},
};
ASKED (party_remove, party_remove_asks);

static const struct field party_identify_asks[] = {
    {TEXTS (request, as.identify.parties), .sort = SYNTAX_PARTY, .in_log = true},
    {TEXT (request, as.identify.identifier), .sort = SYNTAX_CODE, .in_log = true},
    {TEXT (request, as.identify.value), .sort = SYNTAX_REFERENCE, .in_log = true},
};
ASKED (party_identify, party_identify_asks);

static const struct field vocabulary_asks[] = {
    {CHOICE (request, as.vocabulary.sort, TERM_ANY, TERM_PARTY), .in_log = true},
    {TEXT (request, as.vocabulary.purpose), .sort = SYNTAX_CODE, .in_log = true},
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (vocabulary, vocabulary_asks);

/* Told */

static const struct field whoami_tells[] = {
    {TEXT (reply, as.whoami.party)},
    {TEXT (reply, as.whoami.kind)},
    {TEXT (reply, as.whoami.role)},
    {TEXTS (reply, as.whoami.permissions)},
    {TEXT (reply, as.whoami.policy)},
    {FIXED_AT (reply, as.whoami.policy_hash, POLICY_HASH_SIZE)},
    {TEXT (reply, as.whoami.server)},
    {TEXT (reply, as.whoami.endpoint)},
    {TEXT (reply, as.whoami.key)},
    {TEXT (reply, as.whoami.key_until)},
    {TEXT (reply, as.whoami.controller)},
    {NUMBER32 (reply, as.whoami.protocol)},
    {TEXT (reply, as.whoami.server_key_next)},
};
TOLD (whoami, reply, whoami_tells);

static const struct field shown_party_field[] = {
    {GROUP (shown_party, text, &party_text_fields)},
    {TEXT (shown_party, unfit), .in_log = true},
};
static const struct fields shown_party_fields = {FIELDS_OF (shown_party, shown_party_field)};
static const struct field party_list_tells[] = {
    {LIST (reply, as.party_list.parties, as.party_list.count, &shown_party_fields), .in_log = true},
    {FLAG (reply, more), .in_log = true},
    {FIXED_AT (reply, as.party_list.table, PARTIES_TABLE_SIZE), .in_log = true},
};
TOLD (party_list, reply, party_list_tells);

static const struct field shown_party_change_field[] = {
    {TEXT (shown_party_change, id), .in_log = true},
    {TEXT (shown_party_change, change), .in_log = true},
    {TEXT (shown_party_change, what), .in_log = true},
};
static const struct fields shown_party_change_fields = {FIELDS_OF (shown_party_change, shown_party_change_field)};
static const struct field party_apply_tells[] = {
    {LIST (reply, as.party_apply.changes, as.party_apply.count, &shown_party_change_fields), .in_log = true},
    {FIXED_AT (reply, as.party_apply.table, PARTIES_TABLE_SIZE), .in_log = true},
};
TOLD (party_apply, reply, party_apply_tells);

static const struct field identified_party_field[] = {
    {TEXT (party_text, id)},           {TEXT (party_text, kind)}, {TEXT (party_text, agb)},
    {TEXT (party_text, gemeentecode)}, {TEXT (party_text, oin)},
};
static const struct fields identified_party_fields = {FIELDS_OF (party_text, identified_party_field)};
static const struct field party_identify_tells[] = {
    {LIST (reply, as.identify.parties, as.identify.count, &identified_party_fields)},
};
TOLD (party_identify, reply, party_identify_tells);

static const struct field shown_term_field[] = {
    {CHOICE (shown_term, sort, TERM_PURPOSE, TERM_PARTY)},
    {TEXT (shown_term, code)},
    {TEXT (shown_term, label_nl)},
    {TEXT (shown_term, label_en)},
    {TEXT (shown_term, kind)},
    {FLAG (shown_term, provides)},
    {FLAG (shown_term, receives)},
    {FLAG (shown_term, special)},
};
static const struct fields shown_term_fields = {FIELDS_OF (shown_term, shown_term_field)};
static const struct field vocabulary_tells[] = {
    {LIST (reply, as.vocabulary.terms, as.vocabulary.count, &shown_term_fields)},
    {FLAG (reply, as.vocabulary.more)},
    {BYTES (reply, as.vocabulary.next)},
    {TEXT (reply, as.vocabulary.policy)},
    {FIXED_AT (reply, as.vocabulary.policy_hash, POLICY_HASH_SIZE)},
};
TOLD (vocabulary, reply, vocabulary_tells);
