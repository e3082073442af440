#include "simulation.h"
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "audit/log.h"
#include "broker/batch.h"
#include "codec/codec.h"
#include "dispatch/dispatch.h"
#include "events/consumers.h"
#include "keyring_root.h"
#include "record/guard.h"
#include "registry/ending.h"
#include "registry/party_table.h"
#include "rules/policy.h"
#include "audit/recorded.h"

enum { ARENA_LIMIT = 256 << 20, MEBIBYTE = 1 << 20 };

/* Always the same, so that two simulations have the same pseudonyms. */
static const char vault_key[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

static const char configuration[] = "controller = \"Gemeente Proef\"\n"
                                    "listen\n"
                                    "    requests = \"ipc://requests\"\n"
                                    "    events = \"ipc://events\"\n"
                                    "    operators = \"ipc://operators\"\n"
                                    "keys\n"
                                    "    server = \"server.key\"\n"
                                    "    vault = \"vault.key\"\n"
                                    "store\n"
                                    "    directory = \"data\"\n"
                                    "    size = \"16\"\n"
                                    "    reserve = \"1\"\n"
                                    "policy = \"pack\"\n"
                                    "parties = \"parties\"\n"
                                    "roles\n"
                                    "    sociale-team = \"check grant revoke subject rights explain events\"\n"
                                    "    partner = \"check request events\"\n"
                                    "    toezichthouder = \"check check-for-others explain\"\n"
                                    "    loket = \"check check-for-others request\"\n"
                                    "    balie = \"subject\"\n"
                                    "    bezwaren = \"rights events\"\n"
                                    "    operator = \"admin revoke subject rights explain\"\n"
                                    "limits\n"
                                    "    turn = \"256\"\n"
                                    "    connections = \"64\"\n"
                                    "    cache = \"1\"\n"
                                    "    clock-jump = \"24\"\n";

static const struct {
    const char *id, *kind, *role, *more;
} parties[] = {
    {"kernteam", "kernteam", "sociale-team", ""},
    {"wijkteam", "kernteam", "partner", ""},
    {"wmo-team", "wmo-team", "partner", ""},
    {"zorgaanbieder-horizon", "zorgaanbieder", "partner", "agreement-from = \"2020-01-01\"\n"},
    {"zorgaanbieder-delta", "zorgaanbieder", "partner",
     "agreement-from = \"2026-06-01\"\nagreement-until = \"2026-09-01\"\n"},
    {"zorgaanbieder-geest", "zorgaanbieder", "partner",
     "agreement-from = \"2020-01-01\"\nsecrecy = \"professional\"\n"},
    {"huisarts-dorp", "huisarts", "partner", ""},
    {"school-brug", "school", "partner", ""},
    {"veilig-thuis", "veilig-thuis", "partner", ""},
    {"veiligheidshuis", "veiligheidshuis", "partner", "agreement-from = \"2020-01-01\"\n"},
    {"gemeente", "gemeente", "partner", ""},
    {"cak", "cak", "partner", "agreement-from = \"2020-01-01\"\n"},
    {"svb", "svb", "partner", "agreement-from = \"2020-01-01\"\n"},
    {"toezicht", "gemeente", "toezichthouder", ""},
    {"loket", "gemeente", "loket", ""},
    {"operator", "operator", "operator", ""},
};

/* The scratch instance */

static const char *path_of (struct simulation *self, const char *name)
{
    return arena_printf (self->arena, "%s/%s", self->directory, name);
}

static void write_text (const char *path, const char *text, size_t size)
{
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    assert_int_equal (fwrite (text, 1, size, file), size);
    assert_int_equal (fclose (file), 0);
}

static char *read_text (struct simulation *self, const char *path, size_t *size)
{
    struct stat found;
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    assert_int_equal (fstat (fileno (file), &found), 0);
    *size = (size_t)found.st_size;
    char *text = arena_alloc (self->arena, *size + 1);
    assert_int_equal (fread (text, 1, *size, file), *size);
    fclose (file);
    return text;
}

/* The pack that the test asks for, with its change. */
static void copy_pack (struct simulation *self)
{
    static const char *const files[] = {"ages",     "categories",    "flows",    "notices",         "origins",
                                        "pack",     "parties",       "purposes", "representatives", "retention",
                                        "statutes", "urgent-reasons"};
    assert_int_equal (mkdir (path_of (self, "pack"), 0700), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t size;
        const char *name = arena_printf (self->arena, "%s.txt", files[i]);
        char *text = read_text (
            self, arena_printf (self->arena, "%s/policies/%s/%s", CONFIG_DIR, self->options.policy, name), &size);
        if (self->options.pack.file != NULL && strcmp (self->options.pack.file, name) == 0) {
            char *found = strstr (text, self->options.pack.text);
            assert_non_null (found);
            text = arena_printf (self->arena, "%.*s%s%s", (int)(found - text), text, self->options.pack.becomes,
                                 found + strlen (self->options.pack.text));
            size = strlen (text);
        }
        write_text (path_of (self, arena_printf (self->arena, "pack/%s", name)), text, size);
    }
}

/* Every party has a key of its own: that of its place in the table, or of how many came later. */
static const char *key_of (struct simulation *self, const char *id)
{
    unsigned key = 1;
    while (key <= sizeof parties / sizeof *parties && strcmp (parties[key - 1].id, id) != 0)
        key++;
    if (key > sizeof parties / sizeof *parties)
        key += self->parties_written++;
    return arena_printf (self->arena, "%040u", key);
}

static const char *write_party (struct simulation *self, const char *id, const char *kind, const char *role,
                                const char *more)
{
    const char *path = path_of (self, arena_printf (self->arena, "parties/%s.party", id));
    const char *text = arena_printf (self->arena, "kind = \"%s\"\nrole = \"%s\"\npublic-key = \"%s\"\n%s", kind,
                                     role, key_of (self, id), more);
    write_text (path, text, strlen (text));
    return path;
}

static void read_in_force (struct simulation *self)
{
    struct settings_error error = {""};
    struct in_force fresh;
    if (in_force_read (&fresh, path_of (self, "consentd.conf"), &error) != 0)
        fail_msg ("%s", error.text);
    in_force_release (&self->in_force);
    self->in_force = fresh;
}

static int begin (struct simulation *self, struct turn *turn)
{
    return registry_begin (&self->registry, &self->in_force, &self->report, self->wall, turn);
}

static int end (struct simulation *self, struct turn *turn, int rc)
{
    rc = registry_end (&self->registry, turn,
                       rc == 0 && self->fail_commit && store_writes (turn->txn) > 0 ? -EIO : rc);
    self->fail_commit = false;
    self->work = turn->work;
    self->state = self->registry.state;
    return self->failure = rc;
}

static Consentd__Reply *unpack (struct simulation *self, struct bytes answer)
{
    Consentd__Reply *reply = consentd__reply__unpack (NULL, answer.size, answer.data);
    assert_non_null (reply);
    self->replies = realloc (self->replies, (self->reply_count + 1) * sizeof *self->replies);
    assert_non_null (self->replies);
    return self->replies[self->reply_count++] = reply;
}

static struct bytes packed (struct simulation *self, Consentd__Request *request)
{
    request->version = 1;
    if (request->idempotency_key.len == 0) {
        self->keys_given++;
        request->idempotency_key.data = arena_alloc (self->arena, 16);
        request->idempotency_key.len = 16;
        memcpy (request->idempotency_key.data, &self->keys_given, sizeof self->keys_given);
    }
    size_t size = consentd__request__get_packed_size (request);
    uint8_t *data = arena_alloc (self->arena, size);
    consentd__request__pack (request, data);
    return (struct bytes){data, size};
}

static enum channel channel_of (const Consentd__Request *request, const char *party)
{
    if (request->body_case == CONSENTD__REQUEST__BODY_SUBSCRIBE ||
        request->body_case == CONSENTD__REQUEST__BODY_ACKNOWLEDGE ||
        request->body_case == CONSENTD__REQUEST__BODY_LOG_WATCH ||
        request->body_case == CONSENTD__REQUEST__BODY_LOG_COSIGN)
        return CHANNEL_EVENTS;
    return strcmp (party, "operator") == 0 ? CHANNEL_OPERATORS : CHANNEL_REQUESTS;
}

static struct bytes packed_without_bsn (struct simulation *self, const uint8_t *data, size_t size)
{
    static char nobody[] = "";
    Consentd__Request *request = consentd__request__unpack (NULL, size, data);
    assert_non_null (request);
    char *bsn = request->check->bsn;
    request->check->bsn = nobody;
    uint8_t *made = arena_alloc (self->arena, consentd__request__get_packed_size (request));
    struct bytes whole = {made, consentd__request__pack (request, made)};
    request->check->bsn = bsn;
    consentd__request__free_unpacked (request, NULL);
    return whole;
}

static void assert_same_bytes (struct bytes one, struct bytes other)
{
    assert_int_equal (one.size, other.size);
    assert_memory_equal (one.data, other.data, one.size);
}

/* Of a check that was decided now: what its line of the log keeps makes the very same bytes again. */
static void check_recorded (struct simulation *self, struct turn *turn, struct bytes message, struct bytes answer)
{
    Consentd__Reply *reply = consentd__reply__unpack (NULL, answer.size, answer.data);
    bool is_new = reply->body_case == CONSENTD__REPLY__BODY_CHECK && !reply->replayed &&
                  reply->check->decision == turn->state.audit_number;
    consentd__reply__free_unpacked (reply, NULL);
    if (!is_new)
        return;
    struct audit_record record;
    struct evidence evidence;
    assert_int_equal (audit_read (turn, turn->state.audit_number, &record), 0);
    if (guard_is_damaged (turn->guard, STORE_SINCE))
        return; /* nobody knows the pack of a line any more */
    assert_int_equal (recorded_open (turn, &record, &evidence), 0);
    assert_true (evidence.has_answer);
    assert_same_bytes (evidence.reply, answer);
    assert_same_bytes (packed_without_bsn (self, evidence.request.data, evidence.request.size),
                       packed_without_bsn (self, message.data, message.size));
    assert_memory_equal (evidence.policy_hash, turn->policy->hash, VAULT_HASH_SIZE);
}

static int ask_in_turn (struct simulation *self, struct turn *turn, struct round_trip *round_trip,
                        struct bytes *answer)
{
    const struct party_entry *party = parties_find (turn->parties, round_trip->party);
    assert_non_null (party);
    assert_true (party->party.active);
    struct caller caller = {party, party->text.keys[0].public_key,
                            channel_of (round_trip->request, round_trip->party), round_trip->party,
                            strlen (round_trip->party)};
    struct bytes lent;
    arena_reset (turn->arena);
    store_use_share (turn->txn, STORE_GENERAL);
    struct bytes message = packed (self, round_trip->request);
    const struct request *asked;
    int rc = dispatch (turn, &caller, message, &lent, &asked);
    if (rc == DISPATCH_BATCH) {
        struct batch *batch = batch_new (asked);
        rc = batch_step (batch, turn, &caller, UINT64_MAX, &lent);
        batch_destroy (&batch);
    } else if (rc == 0)
        check_recorded (self, turn, message, lent);
    assert_true (rc <= 0); /* what is positive was handled */
    if (rc == 0)
        *answer = (struct bytes){arena_memdup (self->arena, lent.data, lent.size), lent.size};
    return rc;
}

int simulation_pass (struct simulation *self)
{
    struct turn turn;
    int rc = begin (self, &turn);
    if (rc == 0 && !turn.state.clock_stopped && turn.state.agenda_at <= turn.now)
        rc = ending_run (&turn);
    return end (self, &turn, rc);
}

int simulation_turn (struct simulation *self, struct round_trip *round_trips, size_t count)
{
    struct bytes answers[SIMULATION_TURN];
    struct turn turn;
    assert_in_range (count, 1, SIMULATION_TURN);
    if (!self->fail_commit)
        simulation_pass (self);
    int rc = begin (self, &turn);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = ask_in_turn (self, &turn, &round_trips[i], &answers[i]);
    rc = end (self, &turn, rc);
    for (size_t i = 0; i < count; i++)
        round_trips[i].reply = rc == 0 ? unpack (self, answers[i]) : NULL;
    return rc;
}

Consentd__Reply *simulation_ask (struct simulation *self, const char *party, Consentd__Request *request)
{
    struct round_trip round_trip = {party, request, NULL};
    assert_int_equal (simulation_turn (self, &round_trip, 1), 0);
    return round_trip.reply;
}

Consentd__Reply *simulation_step (struct simulation *self, const char *party, Consentd__Request *request,
                                  struct batch **batch_p, uint64_t allowance)
{
    struct turn turn;
    struct bytes answer, copy = {NULL, 0}, message = packed (self, request);
    assert_int_equal (begin (self, &turn), 0);
    struct caller caller = {parties_find (turn.parties, party), "", CHANNEL_REQUESTS, party, strlen (party)};
    arena_reset (turn.arena);
    if (*batch_p == NULL) {
        const struct request *asked;
        assert_int_equal (dispatch (&turn, &caller, message, &answer, &asked), DISPATCH_BATCH);
        *batch_p = batch_new (asked);
    }
    int rc = batch_step (*batch_p, &turn, &caller, allowance, &answer);
    assert_true (rc == 0 || rc == BATCH_MORE);
    if (rc == 0)
        copy = (struct bytes){arena_memdup (self->arena, answer.data, answer.size), answer.size};
    if (end (self, &turn, 0) != 0) {
        batch_undo (*batch_p);
        return NULL;
    }
    batch_keep (*batch_p);
    if (rc == BATCH_MORE)
        return NULL;
    batch_destroy (batch_p);
    return unpack (self, copy);
}

int simulation_ask_in_vain (struct simulation *self, const char *party, Consentd__Request *request)
{
    struct round_trip round_trip = {party, request, NULL};
    assert_int_not_equal (simulation_turn (self, &round_trip, 1), 0);
    return self->failure;
}

Consentd__Reply *simulation_look_in_doubt (struct simulation *self, const char *party, Consentd__Request *request)
{
    struct round_trip round_trip = {party, request, NULL};
    struct bytes answer;
    struct turn turn;
    assert_int_equal (begin (self, &turn), 0);
    const struct party_entry *entry = parties_find (turn.parties, party); /* else it cannot sign in */
    int rc = entry != NULL && entry->party.active ? ask_in_turn (self, &turn, &round_trip, &answer) : -EACCES;
    registry_end (&self->registry, &turn, -ECANCELED);
    return rc == 0 ? unpack (self, answer) : NULL;
}

Consentd__Reply *simulation_look (struct simulation *self, const char *party, Consentd__Request *request)
{
    Consentd__Reply *reply = simulation_look_in_doubt (self, party, request);
    assert_non_null (reply);
    return reply;
}

/* Starting and stopping */

struct registry_options simulation_registry_options (struct simulation *self)
{
    return (struct registry_options){
        .vault_key = path_of (self, "vault.key"),
        .store = {path_of (self, "data"), self->options.size, self->options.reserve},
        .cache_size = self->options.cache_limit,
        .without_list = self->without_list,
    };
}

int simulation_start (struct simulation *self)
{
    struct registry_options options = simulation_registry_options (self);
    struct settings_error error = {""};
    int rc = registry_open (&self->registry, &options, &self->in_force, self->wall, &error);
    memcpy (self->refusal, error.text, sizeof self->refusal);
    self->state = self->registry.state;
    self->store = self->registry.store;
    return rc;
}

static void open_all (struct simulation *self)
{
    if (simulation_start (self) != 0)
        fail_msg ("%s", self->refusal);
}

void simulation_stop (struct simulation *self)
{
    registry_close (&self->registry);
}

/* A root that is known, so that who shares a bucket with whom is so in each run. */
static void keep_root (struct simulation *self)
{
    struct vault *vault;
    const char *path = path_of (self, "vault.key");
    assert_int_equal (vault_open (&vault, path, self->refusal, sizeof self->refusal), 0);
    const struct keyring_place place = {vault, path, self->refusal, sizeof self->refusal};
    assert_int_equal (keyring_make_directory (&place), 0);
    assert_int_equal (keyring_root_keep (&place), 0);
    vault_destroy (&vault);
}

struct simulation *simulation_new (const struct simulation_options *options)
{
    struct simulation *self = calloc (1, sizeof *self);
    assert_non_null (self);
    self->options = options != NULL ? *options : (struct simulation_options){.size = 0};
    if (self->options.size == 0) {
        self->options.size = 8 * MEBIBYTE;
        self->options.reserve = MEBIBYTE;
    }
    if (self->options.policy == NULL)
        self->options.policy = "kaag-en-braassem-2015";
    if (self->options.cache_limit == 0)
        self->options.cache_limit = 16 * MEBIBYTE;
    self->arena = arena_new (ARENA_LIMIT);
    self->wall = simulation_at ("2026-05-01 12:00");
    /* In memory where that can be: no test here is about the disk, and thousands of commits need not wait for it.
     */
    strcpy (self->directory, access ("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm/test-simulation-XXXXXX"
                                                                   : "/tmp/test-simulation-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    assert_int_equal (mkdir (path_of (self, "data"), 0700), 0);
    assert_int_equal (mkdir (path_of (self, "parties"), 0700), 0);
    write_text (path_of (self, "consentd.conf"), configuration, strlen (configuration));
    copy_pack (self);
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++)
        write_party (self, parties[i].id, parties[i].kind, parties[i].role, parties[i].more);
    read_in_force (self);
    write_text (path_of (self, "vault.key"), vault_key, strlen (vault_key));
    assert_int_equal (chmod (path_of (self, "vault.key"), 0600), 0);
    if (!self->options.own_root)
        keep_root (self);
    open_all (self);
    return self;
}

void simulation_restart (struct simulation *self)
{
    simulation_stop (self);
    open_all (self);
}

void simulation_reload (struct simulation *self)
{
    struct settings_error error = {""};
    struct parties *judged;
    read_in_force (self);
    if (party_table_judge (self->registry.parties, &self->in_force, &judged, &error) != 0)
        fail_msg ("%s", error.text);
    parties_destroy (&self->registry.parties);
    self->registry.parties = judged;
    registry_forget (&self->registry);
}

void simulation_write_party (struct simulation *self, const char *id, const char *kind, const char *role,
                             const char *more)
{
    const struct party_author nobody = {"", "", AUDIT_DAEMON};
    struct settings_error error = {""};
    struct party_text party;
    struct turn turn;
    if (party_file_read (write_party (self, id, kind, role, more), self->arena, &party, &error) != 0)
        fail_msg ("%s", error.text);
    assert_int_equal (begin (self, &turn), 0);
    assert_int_equal (end (self, &turn, party_table_change (&turn, &nobody, &party, 1)), 0);
    assert_null (parties_find (self->registry.parties, id)->unfit.message);
}

/* A line's hash covers the hash before it: the last one, which the state keeps, answers for all. */
static void check_log (struct simulation *self)
{
    struct turn turn;
    uint8_t hash[VAULT_HASH_SIZE] = {0};
    assert_int_equal (begin (self, &turn), 0);
    for (uint64_t number = 1; number <= self->state.audit_number; number++) {
        struct audit_record record;
        arena_reset (turn.arena);
        assert_int_equal (audit_read (&turn, number, &record), 0);
        vault_hash (hash, sizeof hash, record.raw.data, record.raw.size, hash);
        assert_memory_equal (hash, record.hash, sizeof hash);
    }
    assert_memory_equal (hash, self->state.audit_hash, sizeof hash);
    store_abort (&turn.txn);
}

static int delete_one (const char *path, const struct stat *found, int kind, struct FTW *place)
{
    (void)found, (void)kind, (void)place;
    return remove (path);
}

void simulation_destroy (struct simulation **self_p)
{
    struct simulation *self = *self_p;
    check_log (self);
    simulation_stop (self);
    in_force_release (&self->in_force);
    nftw (self->directory, delete_one, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < self->reply_count; i++)
        consentd__reply__free_unpacked (self->replies[i], NULL);
    free (self->replies);
    arena_destroy (&self->arena);
    free (self);
    *self_p = NULL;
}

int simulation_setup (void **state)
{
    *state = simulation_new (NULL);
    return 0;
}

int simulation_teardown (void **state)
{
    struct simulation *self = *state;
    simulation_destroy (&self);
    return 0;
}

/* Clock and events */

moment simulation_at (const char *text)
{
    struct tm there = {.tm_isdst = -1};
    int milliseconds = 0;
    int found = sscanf (text, "%d-%d-%d %d:%d:%d.%d", &there.tm_year, &there.tm_mon, &there.tm_mday,
                        &there.tm_hour, &there.tm_min, &there.tm_sec, &milliseconds);
    assert_true (found == 3 || found >= 5);
    there.tm_year -= 1900;
    there.tm_mon -= 1;
    /* The rule itself and not the name of the zone, which a small machine does not know. */
    setenv ("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset ();
    return (moment)mktime (&there) * 1000 + milliseconds;
}

/* What tests of something else are not about: every statement, and many a disclosure, is told (V5). */
static bool tells_in_passing (enum event_kind kind)
{
    return kind == EVENT_CONSENT_GRANTED || kind == EVENT_CONSENT_REFUSED || kind == EVENT_OBLIGATION_AROSE;
}

/* Number `*number` of those that are counted; how many there are is *number if it is past the last. */
static int find_event (struct turn *turn, const char *party, bool every, uint64_t *number, struct event *event)
{
    struct cursor cursor;
    assert_int_equal (outbox_cursor (turn, party, &cursor), 0);
    uint64_t counted = 0;
    for (uint64_t at = 1; at <= cursor.newest; at++) {
        int rc = outbox_read (turn, party, at, event);
        if (rc == 0 && !every && tells_in_passing (event->kind))
            continue;
        if (++counted == *number)
            return rc;
    }
    *number = counted;
    return STORE_NOT_FOUND;
}

static uint64_t count_events (struct simulation *self, const char *party, bool every)
{
    struct turn turn;
    struct event event;
    uint64_t number = UINT64_MAX;
    assert_int_equal (begin (self, &turn), 0);
    find_event (&turn, party, every, &number, &event);
    store_abort (&turn.txn);
    return number;
}

static Consentd__EventPush *show_event (struct simulation *self, const char *party, bool every, uint64_t number)
{
    struct turn turn;
    struct reply reply = {.status = STATUS_OK, .body = REPLY_EVENT};
    struct bytes answer;
    assert_int_equal (begin (self, &turn), 0);
    int rc = find_event (&turn, party, every, &number, &reply.as.event);
    if (rc == 0)
        codec_write_reply (&reply, turn.arena, &answer);
    store_abort (&turn.txn);
    assert_true (rc == 0 || rc == STORE_NOT_FOUND);
    return rc == 0 ? unpack (self, answer)->event : NULL;
}

uint64_t simulation_newest (struct simulation *self, const char *party)
{
    return count_events (self, party, false);
}

void simulation_hear_all (struct simulation *self)
{
    struct turn turn;
    assert_int_equal (registry_begin (&self->registry, &self->in_force, &self->report, self->wall, &turn), 0);
    for (size_t i = 0; parties_at (turn.parties, i) != NULL; i++) {
        const char *party = parties_at (turn.parties, i)->text.id;
        struct cursor cursor;
        struct consumer consumer;
        assert_int_equal (outbox_cursor (&turn, party, &cursor), 0);
        assert_int_equal (
            consumers_begin (&turn, &(struct consumer_start){party, CONSUMER_DEFAULT, 0}, &cursor, &consumer), 0);
        assert_int_equal (consumers_acknowledge (&turn, party, &consumer, cursor.newest), 0);
    }
    assert_int_equal (registry_end (&self->registry, &turn, 0), 0);
    self->state = self->registry.state;
}

void simulation_listen (struct simulation *self, const char *party)
{
    struct turn turn;
    struct cursor cursor;
    struct consumer consumer;
    assert_int_equal (registry_begin (&self->registry, &self->in_force, &self->report, self->wall, &turn), 0);
    const struct consumer_start start = {party, CONSUMER_DEFAULT, 0};
    struct caller caller = {.party = parties_find (turn.parties, party), .key = "", .channel = CHANNEL_EVENTS};
    caller.route = party;
    caller.route_size = strlen (party);
    assert_int_equal (outbox_cursor (&turn, party, &cursor), 0);
    assert_int_equal (consumers_begin (&turn, &start, &cursor, &consumer), 0);
    outbox_subscribe (turn.outbox, &caller, CONSUMER_DEFAULT, &cursor)->next = cursor.newest + 1;
    assert_int_equal (registry_end (&self->registry, &turn, 0), 0);
    self->state = self->registry.state;
}

Consentd__EventPush *simulation_event (struct simulation *self, const char *party, uint64_t number)
{
    return show_event (self, party, false, number);
}

uint64_t simulation_newest_of_all (struct simulation *self, const char *party)
{
    return count_events (self, party, true);
}

Consentd__EventPush *simulation_event_of_all (struct simulation *self, const char *party, uint64_t number)
{
    return show_event (self, party, true, number);
}
