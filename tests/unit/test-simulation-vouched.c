/* Of every table that a store holds somebody vouches for each entry (record/guard.h). So whichever one is missing,
   is as it was before, or has another bit: what is answered is as it would be with the true one, or nothing is
   answered and operators hear why. */
#include <string.h>
#include "audit/cosignatures.h"
#include "audit/counted.h"
#include "events/consumers.h"
#include "older_store.h"
#include "parties/parties.h"
#include "record/guard.h"
#include "simulated_duties.h"
#include "simulated_keeping.h"

static const char adult[] = "999900006", other[] = "999996770", child[] = "999900018";
static const char nobody[] = "999990329", later[] = "999990482"; /* not on record, and the second one only later */

/* --- A life that fills every table ---------------------------------------------------------------------- */

static uint64_t decided, advised, kept, lines;
static uint64_t first_duty, corrected;
static const uint8_t *asked, *refused;
static const char again_key[] = "once-and-again-1";

static void count_something (struct simulation *sim)
{
    struct turn turn;
    struct audit_head head = {.time = sim->wall, .party = horizon, .action = "check", .result = "unavailable"};
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (counted_add (&turn, &head), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

/* A consumer has acknowledged its events up to this one. */
static void acknowledge (struct simulation *sim, uint64_t number)
{
    struct turn turn;
    struct cursor cursor;
    struct consumer consumer;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (outbox_cursor (&turn, horizon, &cursor), 0);
    assert_int_equal (consumers_begin (&turn, &(struct consumer_start){horizon, "portaal", 0}, &cursor, &consumer),
                      0);
    assert_int_equal (consumers_acknowledge (&turn, horizon, &consumer, number), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

/* A checkpoint of the log, and a signature of it by a party. */
static void witness (struct simulation *sim, uint64_t size)
{
    static const uint8_t secret[NOTE_SECRET_SIZE] = {3};
    struct turn turn;
    struct note_signer witness;
    char line[NOTE_LINE_SIZE];
    const char *text = arena_printf (sim->arena, "voorbeeld.nl/register\n%d\nAAAA\n", (int)size);
    const char *note = arena_printf (sim->arena, "%s\n\u2014 voorbeeld.nl AAAAAAAA\n", text);
    assert_true (note_signer_of (&witness, "horizon.nl", NOTE_COSIGNATURE, secret));
    line[note_sign (&witness, (struct bytes){text, strlen (text)}, 1700000000, line, sizeof line) - 1] = 0;
    struct cosigning cosigning = {.party = horizon, .key = witness.key, .size = size, .line = line};
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (cosignatures_keep_note (&turn, size, (struct bytes){note, strlen (note)}), 0);
    assert_int_equal (cosignatures_take (&turn, &cosigning), 0);
    assert_in_range (cosigning.outcome, COSIGNED, COSIGNED_FIRST);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

/* A request by which the subject exercises a right. */
static void ask_for_access (struct simulation *sim, const char *bsn)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_OPEN);
    Consentd__RightsOpenRequest *body = request->rights_open;
    body->bsn = arena_strdup (sim->arena, bsn);
    body->kind = CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS;
    body->by = arena_strdup (sim->arena, "subject");
    body->wish = arena_strdup (sim->arena, "alles over de hulp van vorig jaar");
    body->identity = (Consentd__RightsIdentity)1;
    body->way = (Consentd__RightsWay)1;
    body->user = arena_strdup (sim->arena, "medewerker-5");
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
}

static void live_first (struct simulation *sim)
{
    kept = simulated_life_that_is_kept (sim, adult);
    simulation_adult (sim);
    moment then = sim->wall;
    sim->wall += 60 * 60 * 1000;
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1974-01-02"), "OK");
    sim->wall = then;
    simulation_reset_clock (sim);
    for (int i = 0; i < 4; i++)
        assert_int_equal (simulation_pass (sim), 0);
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1975-01-02"), "OK");
    assert_string_equal (PERSON (sim, .bsn = child, .born = "2016-03-04", .representatives = "ouder-1 ouder-2"),
                         "OK");
    GRANTED (sim, .categories = "naw bsn");
    CHECK (sim, .items = "naw");
    GRANTED (sim, .bsn = child, .categories = "naw", .signers = "ouder-1 ouder-2", .one_time = true);
    decided = CHECK_REPLY (sim, .bsn = child, .items = "naw")->check->decision;
    ask_for_access (sim, adult);
    first_duty = simulation_disclosed (sim);
    corrected = simulation_recipients_told (sim, adult, RECTIFY, NULL);
    asked = ASKED (sim, .categories = "budget");
    advised = CHECK_REPLY (sim, .bsn = nobody, .items = "naw", .advise = true)->check->decision;
    CHECK (sim, .bsn = later, .items = "naw", .advise = true);
    simulation_write_party (sim, "zorgaanbieder-delta", "zorgaanbieder", "partner", "");
    count_something (sim);
    acknowledge (sim, 0);
    witness (sim, 7);
    simulation_listen (sim, "cak");
}

static void acknowledge_first (struct simulation *sim, const char *party)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_ACKNOWLEDGE);
    request->acknowledge->number = 1;
    simulation_listen (sim, party);
    assert_string_equal (simulation_answer (sim, party, request), "OK");
}

static void live_on (struct simulation *sim)
{
    assert_string_equal (PERSON (sim, .bsn = child, .born = "2016-03-05", .representatives = "ouder-1"), "OK");
    GRANTED (sim, .bsn = other, .categories = "naw bsn", .key = again_key);
    assert_string_equal (PERSON (sim, .bsn = later, .born = "1976-01-02"), "OK");
    Consentd__Request *refusal =
        simulation_statement (sim, &(struct simulated_statement){.bsn = other, .categories = "bsn"}, true);
    refused = simulation_granted (sim, simulation_ask (sim, "kernteam", refusal));
    const uint8_t *part = GRANTED (sim, .categories = "telefoon email");
    assert_string_equal (REVOKE (sim, .consent = part, .categories = "email"), "OK");
    CHECK (sim, .items = "naw bsn");
    assert_string_equal (simulation_answer (sim, "kernteam", simulation_done (sim, first_duty, SUBJECT, 0)), "OK");
    CHECK (sim, .from = "wmo-team", FEE);
    assert_string_equal (simulation_answer (sim, "cak", simulation_done (sim, corrected, RECTIFY, 0)), "OK");
    simulation_recipients_told (sim, adult, ERASE, NULL);
    acknowledge_first (sim, "cak");
    ask_for_access (sim, other);
    DEFER (sim, asked);
    ASKED (sim, .bsn = other, .categories = "budget");
    simulation_write_party (sim, "zorgaanbieder-delta", "zorgaanbieder", "partner", "contact = \"0348 000000\"\n");
    count_something (sim);
    acknowledge (sim, 1);
    witness (sim, 8);
}

/* --- What the registry says ------------------------------------------------------------------------------ */

enum { LOOKS = 28, EVENTS = 128 };

struct told {
    char party[33];
    uint64_t number;
    unsigned kind;
    uint8_t consent[16];
};

struct said {
    struct bytes looks[LOOKS]; /* no data: it could not be answered */
    bool goes_on[LOOKS];       /* what cannot be read is passed over in it, or shown as such */
    size_t count;
    struct told told[EVENTS];
    size_t events;
    bool noticed;
};

/* As whoever verifies the log does. */
static bool is_chained (const Consentd__AuditListReply *log)
{
    uint8_t hash[VAULT_HASH_SIZE] = {0};
    for (size_t i = 0; i < log->n_entries; i++) {
        const Consentd__AuditEntry *one = log->entries[i];
        vault_hash (hash, sizeof hash, one->raw.data, one->raw.len, hash);
        if (one->number != i + 1 || one->hash.len != sizeof hash ||
            memcmp (one->hash.data, hash, sizeof hash) != 0)
            return false;
    }
    return true;
}

static void look (struct simulation *sim, struct said *said, const char *party, Consentd__Request *request)
{
    Consentd__Reply *reply = simulation_look_in_doubt (sim, party, request);
    struct bytes *to = &said->looks[said->count++];
    *to = (struct bytes){NULL, 0};
    if (reply == NULL)
        return;
    if (reply->body_case == CONSENTD__REPLY__BODY_AUDIT_LIST && !is_chained (reply->audit_list))
        said->noticed = true;
    reply->idempotency_key.len = 0;
    reply->listing.len = 0;
    if (reply->body_case == CONSENTD__REPLY__BODY_AUDIT_LIST)
        reply->audit_list->newest_hash.len = 0; /* of a line that looking has made */
    to->size = consentd__reply__get_packed_size (reply);
    uint8_t *made = arena_alloc (sim->arena, to->size + 1);
    consentd__reply__pack (reply, made);
    to->data = made;
}

static void look_at_list (struct simulation *sim, struct said *said, const char *party, Consentd__Request *request)
{
    said->goes_on[said->count] = true;
    look (sim, said, party, request);
}

static void look_at_person (struct simulation *sim, struct said *said, const char *bsn)
{
    Consentd__Request *list = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_LIST);
    Consentd__Request *before = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    before->decision_show->number = kept;
    look (sim, said, "kernteam", before);
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    Consentd__Request *waiting = simulation_asking (sim, CONSENTD__REQUEST__BODY_WAITING_LIST);
    waiting->waiting_list->bsn = arena_strdup (sim->arena, bsn);
    Consentd__Request *rights = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_LIST);
    rights->rights_list->bsn = arena_strdup (sim->arena, bsn);
    list->consent_list->bsn = arena_strdup (sim->arena, bsn);
    show->subject_show->bsn = arena_strdup (sim->arena, bsn);
    look (sim, said, "kernteam", list);
    look (sim, said, "kernteam", show);
    look_at_list (sim, said, "kernteam", waiting);
    look_at_list (sim, said, "kernteam", rights);
    look (sim, said, "kernteam",
          simulation_check (sim, &(struct simulated_check){.bsn = bsn, .items = "naw bsn", .advise = true}));
}

/* A consumer that cannot be read hears some of its events again, and operators see that. */
static void look_at_consumers (struct turn *turn, const char *party, const struct cursor *cursor,
                               struct said *said)
{
    struct consumers all;
    assert_int_equal (consumers_list (turn, party, cursor, &all), 0);
    said->noticed = said->noticed || all.missing > 0;
    for (size_t i = 0; i < all.count; i++)
        said->noticed = said->noticed || all.item[i].damaged;
}

static void hear_party (struct turn *turn, size_t party, struct said *said)
{
    const char *id = parties_at (turn->parties, party)->text.id;
    struct cursor cursor;
    int rc = outbox_cursor (turn, id, &cursor);
    said->noticed = said->noticed || rc != 0;
    if (rc == 0)
        look_at_consumers (turn, id, &cursor, said);
    for (uint64_t number = cursor.acknowledged + 1; rc == 0 && number <= cursor.newest; number++) {
        struct event event;
        assert_in_range (said->events, 0, EVENTS - 1);
        int read = outbox_read (turn, id, number, &event);
        struct told *told = &said->told[said->events++];
        *told = (struct told){.number = number, .kind = read == 0 ? (unsigned)event.kind : 0};
        strncpy (told->party, id, sizeof told->party - 1);
        if (read == 0)
            memcpy (told->consent, event.consent_id.bytes, 16);
        said->noticed = said->noticed || read != 0; /* and its subscription ends */
    }
}

static void hear_events (struct simulation *sim, struct said *said)
{
    struct turn turn;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (size_t party = 0; party < parties_count (turn.parties); party++)
        hear_party (&turn, party, said);
    registry_end (&sim->registry, &turn, -1);
}

/* The lines of that life; what is counted makes others as soon as one looks. */
static Consentd__Request *log_whole (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->raw = true;
    request->audit_list->limit = (uint32_t)lines;
    return request;
}

static void hear (struct simulation *sim, struct said *said)
{
    *said = (struct said){.count = 0};
    moment wall = sim->wall;
    simulation_pass (sim);
    look_at_person (sim, said, adult);
    look_at_person (sim, said, other);
    look_at_person (sim, said, child);
    Consentd__Request *duties = simulation_asking (sim, CONSENTD__REQUEST__BODY_OBLIGATION_LIST);
    duties->obligation_list->bsn = arena_strdup (sim->arena, adult);
    look (sim, said, "kernteam", duties);
    Consentd__Request *decision = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    decision->decision_show->number = decided;
    look (sim, said, "kernteam", decision);
    Consentd__Request *advice = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    advice->decision_show->number = advised;
    look (sim, said, "kernteam", advice);
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    show->consent_show->consent_id = (ProtobufCBinaryData){16, arena_memdup (sim->arena, refused, 16)};
    look (sim, said, "kernteam", show); /* nothing else looks for a refusal by its id */
    look_at_list (sim, said, "kernteam", simulation_asking (sim, CONSENTD__REQUEST__BODY_WAITING_LIST));
    Consentd__Request *due = simulation_asking (sim, CONSENTD__REQUEST__BODY_DUE_LIST);
    due->due_list->until = AT ("2044-01-01");
    look_at_list (sim, said, "kernteam", due);
    look_at_list (sim, said, "operator", simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_LIST));
    look (sim, said, "kernteam",
          simulation_statement (
              sim, &(struct simulated_statement){.bsn = other, .categories = "naw bsn", .key = again_key}, false));
    look_at_list (sim, said, "operator", log_whole (sim));
    sim->wall = AT ("2026-08-01");
    for (int i = 0; i < 6; i++)
        simulation_pass (sim);
    hear_events (sim, said);
    said->noticed = said->noticed || guard_untold (sim->registry.guard) != STORE_TABLES;
    for (int table = 0; table < STORE_TABLES; table++)
        said->noticed = said->noticed || guard_is_damaged (sim->registry.guard, (enum store_table)table);
    sim->wall = wall;
}

static bool is_same (const struct bytes *a, const struct bytes *b)
{
    return a->size == b->size && (a->size == 0 || memcmp (a->data, b->data, a->size) == 0);
}

/* Each event of the truth is told, and under its number where nothing was told twice. */
static bool has_all_events (const struct said *truth, const struct said *said, bool any_number)
{
    for (size_t i = 0; i < truth->events; i++) {
        bool found = false;
        for (size_t k = 0; k < said->events && !found; k++)
            found = strcmp (said->told[k].party, truth->told[i].party) == 0 &&
                    said->told[k].kind == truth->told[i].kind &&
                    memcmp (said->told[k].consent, truth->told[i].consent, 16) == 0 &&
                    (any_number || said->told[k].number == truth->told[i].number);
        if (!found)
            return false;
    }
    return true;
}

/* --- The walk --------------------------------------------------------------------------------------------- */

struct walk {
    struct simulation *sim;
    const struct older_contents *before, *now;
    struct said truth;
    unsigned noticed, same; /* in this table */
};

static void put_all (struct walk *self, enum store_table table, struct bytes key, const struct bytes *value)
{
    struct simulation *sim = self->sim;
    struct store *store = older_unwitnessed (sim);
    struct store_txn *txn;
    struct arena_mark mark = arena_mark (sim->arena);
    assert_int_equal (store_begin (store, &txn), 0);
    for (int i = 0; i < STORE_TABLES; i++)
        older_put_table (sim, txn, (enum store_table)i, &self->now->tables[i]);
    int rc = value != NULL ? store_put (txn, table, key, *value) : store_delete (txn, table, key);
    assert_true (rc == 0 || rc == STORE_NOT_FOUND);
    assert_int_equal (store_commit (&txn), 0);
    older_close (&store);
    arena_release (sim->arena, mark);
}

static void judge (struct walk *self, enum store_table table, const char *what)
{
    struct simulation *sim = self->sim;
    struct said said;
    if (simulation_start (sim) != 0) {
        self->noticed++;
        simulation_stop (sim);
        return;
    }
    hear (sim, &said);
    bool noticed = said.noticed, same = true;
    for (size_t i = 0; i < said.count; i++) {
        if (said.looks[i].data == NULL)
            noticed = true;
        else if (!is_same (&self->truth.looks[i], &said.looks[i])) {
            same = false;
            if (table != STORE_PARTY_SINCE && !said.goes_on[i]) /* a party that is unfit is denied everything */
                fail_msg ("%s, %s: look %zu was answered, and not with the truth", store_table_name (table), what,
                          i);
        }
    }
    bool told = has_all_events (&self->truth, &said, noticed);
    if (!noticed && (!same || !told))
        fail_msg ("%s, %s: nobody noticed%s", store_table_name (table), what,
                  same ? ", and an event is not told" : "");
    if (!told && guard_by (table) == GUARDED_BY_DAY)
        fail_msg ("%s, %s: an event was never told", store_table_name (table), what);
    *(noticed ? &self->noticed : &self->same) += 1;
    simulation_stop (sim);
}

/* The value that this key had before. NULL: it had none. */
static const struct bytes *value_before (const struct walk *self, enum store_table table, struct bytes key)
{
    const struct older_content *content = &self->before->tables[table];
    for (size_t i = 0; i < content->count; i++)
        if (content->keys[i].size == key.size && memcmp (content->keys[i].data, key.data, key.size) == 0)
            return &content->values[i];
    return NULL;
}

static void walk_table (struct walk *self, enum store_table table)
{
    const struct older_content *content = &self->now->tables[table];
    self->noticed = self->same = 0;
    for (size_t i = 0; i < content->count; i++) {
        struct bytes key = content->keys[i], value = content->values[i];
        if (table == STORE_META && store_is_its_own (key))
            continue;
        put_all (self, table, key, NULL);
        judge (self, table, "missing");
        const struct bytes *older = value_before (self, table, key);
        if (older != NULL && !is_same (older, &value)) {
            put_all (self, table, key, older);
            judge (self, table, "older");
        }
        if (value.size == 0)
            continue;
        struct bytes flipped = older_altered (self->sim, value, value.size / 2);
        put_all (self, table, key, &flipped);
        judge (self, table, "with another bit");
    }
    /* What was there before, and was deleted since. */
    for (size_t i = 0; i < self->before->tables[table].count; i++) {
        struct bytes key = self->before->tables[table].keys[i];
        bool is_there = false;
        for (size_t k = 0; k < content->count && !is_there; k++)
            is_there = is_same (&content->keys[k], &key);
        if (is_there)
            continue;
        put_all (self, table, key, &self->before->tables[table].values[i]);
        judge (self, table, "put back");
    }
    print_message ("%s: %u noticed, %u make no difference\n", store_table_name (table), self->noticed, self->same);
}

static bool may_be_empty (enum store_table table)
{
    return table == STORE_HEARD ||                                                 /* nothing rests on it */
           table == STORE_EARLIER_STATEMENTS || table == STORE_EARLIER_RECEIVED || /* of an earlier program */
           table == STORE_TREE || /* made again of the lines; what was signed of it is the test of checkpoints */
           table == STORE_PACK || /* whoever is given a pack holds its bytes against the hash of the decision */
           table == STORE_ANSWERED || table == STORE_LINES_ABOUT; /* after thousands of lines: see their tests */
}

static void test_nothing_that_is_missing_older_or_flipped_is_believed (void **state)
{
    struct walk walk = {.sim = *state};
    struct simulation *sim = walk.sim;
    live_first (sim);
    walk.before = older_copy_of_all (sim);
    live_on (sim);
    simulation_restart (sim);
    walk.now = older_copy_of_all (sim);
    lines = sim->state.audit_number;
    hear (sim, &walk.truth);
    assert_false (walk.truth.noticed);
    for (size_t i = 0; i < walk.truth.count; i++)
        assert_non_null (walk.truth.looks[i].data);
    simulation_stop (sim);
    for (int table = 0; table < STORE_TABLES; table++) {
        walk_table (&walk, (enum store_table)table);
        assert_true (may_be_empty ((enum store_table)table) || walk.noticed > 0);
        assert_true (guard_by ((enum store_table)table) == GUARDED_ELSEWHERE || walk.same == 0);
    }
    put_all (&walk, STORE_CONSENT, (struct bytes){"none", 4}, NULL);
    assert_int_equal (simulation_start (sim), 0);
}

/* The action, result and note of the newest line of the log. */
static const char *newest_line (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->last = 1;
    const Consentd__AuditListReply *list = simulation_look (sim, "operator", request)->audit_list;
    const Consentd__AuditEntry *line = list->entries[list->n_entries - 1];
    return arena_printf (sim->arena, "%s %s %s", line->action, line->result, line->details);
}

static void test_operators_hear_of_damage_once (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    struct bytes key = {consent, 16}, now = older_value_of (sim, STORE_CONSENT, key);
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    show->consent_show->consent_id = (ProtobufCBinaryData){16, arena_memdup (sim->arena, consent, 16)};
    older_put_one (sim, STORE_CONSENT, key, NULL);
    simulation_restart (sim);
    assert_null (simulation_look_in_doubt (sim, "kernteam", show));
    for (int i = 0; i < 2; i++) {
        uint64_t lines_before = sim->registry.state.audit_number;
        assert_int_equal (registry_watch (&sim->registry, &sim->in_force, sim->wall), 0);
        assert_int_equal (sim->registry.state.audit_number, lines_before + (i == 0));
    }
    assert_string_equal (newest_line (sim), "alarm store-damaged {\"note\":\"table consent\"}");
    older_put_one (sim, STORE_CONSENT, key, &now);
    simulation_restart (sim);
    assert_non_null (simulation_look_in_doubt (sim, "kernteam", show));
    assert_int_equal (registry_watch (&sim->registry, &sim->in_force, sim->wall), 0);
    assert_int_equal (guard_untold (sim->registry.guard), STORE_TABLES);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_operators_hear_of_damage_once),
        ADULT_TEST (test_nothing_that_is_missing_older_or_flipped_is_believed),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
