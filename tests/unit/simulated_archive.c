#include "simulated_archive.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "audit/archive.h"
#include "audit/checkpoints.h"
#include "audit/log.h"
#include "config/config.h"
#include "config/file_write.h"
#include "log_key.h"

static const char origin[] = "voorbeeld.nl/register";
static struct log_key keys;

static void begin (struct simulation *sim, struct turn *turn)
{
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, turn), 0);
}

void simulated_archive_configure (struct simulation *sim)
{
    sim->in_force.log_key = &keys;
    if (sim->in_force.config->log_archive == NULL) {
        sim->in_force.config->log_archive = strdup (arena_printf (sim->arena, "%s/archive", sim->directory));
        sim->in_force.config->log_origin = strdup (origin);
        sim->in_force.config->log_key = strdup ("keys/log.key");
    }
    sim->in_force.config->archive_after = INT64_C (730) * 24 * 3600 * 1000;
    sim->in_force.config->checkpoint_lines = 100;
    sim->in_force.config->checkpoint_time = 60000;
}

struct simulation *simulated_archive_new (const struct simulation_options *options)
{
    static const uint8_t secret[NOTE_SECRET_SIZE] = {7};
    struct simulation *sim = simulation_new (options);
    assert_true (note_signer_of (&keys.signer[0], origin, NOTE_ED25519, secret));
    keys.count = 1;
    simulated_archive_configure (sim);
    assert_int_equal (mkdir (sim->in_force.config->log_archive, 0700), 0);
    simulation_adult (sim);
    return sim;
}

int simulated_archive_setup (void **state)
{
    static const struct simulation_options options = {.size = 64 << 20, .reserve = 4 << 20};
    *state = simulated_archive_new (&options);
    return 0;
}

int simulated_archive_teardown (void **state)
{
    struct simulation *sim = *state;
    sim->in_force.log_key = NULL; /* it is not the configuration's own */
    return simulation_teardown (state);
}

void simulated_archive_restart (struct simulation *sim)
{
    simulation_restart (sim);
    simulated_archive_configure (sim);
}

void simulated_archive_fill (struct simulation *sim, uint64_t line)
{
    while (sim->state.audit_number < line) {
        struct round_trip asked[SIMULATION_TURN];
        uint64_t left = line - sim->state.audit_number;
        size_t count = left < SIMULATION_TURN ? (size_t)left : SIMULATION_TURN;
        for (size_t i = 0; i < count; i++) {
            const char *bsn = i % 3 == 0 ? "999900018" : "999900006";
            struct simulated_check check = {.items = "naw", .bsn = bsn, .advise = true};
            asked[i] = (struct round_trip){"kernteam", simulation_check (sim, &check), NULL};
        }
        sim->wall += 1000;
        simulation_turn (sim, asked, count);
    }
}

void simulated_archive_sign (struct simulation *sim)
{
    struct turn turn;
    begin (sim, &turn);
    assert_int_equal (registry_end (&sim->registry, &turn, checkpoints_make (&turn)), 0);
    sim->state = sim->registry.state;
}

void simulated_archive_age (struct simulation *sim, uint64_t line)
{
    simulated_archive_fill (sim, line);
    sim->wall += INT64_C (3) * 365 * 24 * 3600 * 1000;
    simulated_archive_fill (sim, sim->state.audit_number + BUNDLE + 20);
    simulated_archive_sign (sim);
}

const char *simulated_archive_path (struct simulation *sim, uint64_t index)
{
    char path[TILES_PATH];
    tiles_path (TILES_ENTRIES, index, BUNDLE, path);
    return arena_printf (sim->arena, "%s/%s", sim->in_force.config->log_archive, path);
}

struct bytes simulated_archive_content (struct simulation *sim, uint64_t index)
{
    struct turn turn;
    size_t size = 0;
    uint8_t *made = arena_alloc (sim->arena, 512 * 1024);
    begin (sim, &turn);
    for (uint64_t number = index * BUNDLE + 1; number <= (index + 1) * BUNDLE; number++) {
        struct audit_record record;
        assert_int_equal (audit_read (&turn, number, &record), 0);
        assert_true (size + 2 + record.raw.size < 512 * 1024);
        made[size] = (uint8_t)(record.raw.size >> 8);
        made[size + 1] = (uint8_t)record.raw.size;
        memcpy (made + size + 2, record.raw.data, record.raw.size);
        size += 2 + record.raw.size;
    }
    registry_end (&sim->registry, &turn, -ECANCELED);
    return (struct bytes){made, size};
}

static void make_directories (struct simulation *sim)
{
    static const char *const parts[] = {"", "/tile", "/tile/entries"};
    for (size_t i = 0; i < COUNT (parts); i++)
        mkdir (arena_printf (sim->arena, "%s%s", sim->in_force.config->log_archive, parts[i]), 0700);
}

void simulated_archive_write (struct simulation *sim, uint64_t index)
{
    struct bytes content = simulated_archive_content (sim, index);
    make_directories (sim);
    assert_int_equal (file_replace (simulated_archive_path (sim, index), content.data, content.size), 0);
}

Consentd__Reply *simulated_archive_ask (struct simulation *sim, uint64_t until, unsigned limit)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_LOG_ARCHIVE);
    struct round_trip asked = {"operator", request, NULL};
    request->log_archive->until = until;
    request->log_archive->limit = limit;
    simulation_turn (sim, &asked, 1);
    return asked.reply;
}

void simulated_archive_leave (struct simulation *sim, uint64_t until)
{
    for (uint64_t index = simulated_archive_count (sim) / BUNDLE; index < until / BUNDLE; index++)
        simulated_archive_write (sim, index);
    for (Consentd__Reply *reply; simulated_archive_count (sim) < until;) {
        reply = simulated_archive_ask (sim, until, 0);
        assert_non_null (reply);
        if (reply->status != CONSENTD__STATUS__OK)
            fail_msg ("%s: %s", reply->field, reply->message);
    }
}

uint64_t simulated_archive_count (struct simulation *sim)
{
    struct turn turn;
    uint64_t lines;
    begin (sim, &turn);
    assert_int_equal (archive_count (&turn, &lines), 0);
    registry_end (&sim->registry, &turn, -ECANCELED);
    return lines;
}

/* --- The log as it was --------------------------------------------------------------------------------- */

struct log_model {
    uint64_t count;
    struct bytes *raw; /* the arena's of the simulation */
    uint8_t (*hash)[VAULT_HASH_SIZE];
    moment *time;
};

struct log_model *log_model_of (struct simulation *sim)
{
    struct log_model *self = arena_alloc (sim->arena, sizeof *self);
    struct turn turn;
    begin (sim, &turn);
    self->count = turn.state.audit_number;
    self->raw = arena_array (sim->arena, self->count, sizeof *self->raw);
    self->hash = arena_array (sim->arena, self->count, sizeof *self->hash);
    self->time = arena_array (sim->arena, self->count, sizeof *self->time);
    for (uint64_t i = 0; i < self->count; i++) {
        struct audit_record record;
        assert_int_equal (audit_read (&turn, i + 1, &record), 0);
        self->raw[i] =
            (struct bytes){arena_memdup (sim->arena, record.raw.data, record.raw.size), record.raw.size};
        memcpy (self->hash[i], record.hash, VAULT_HASH_SIZE);
        self->time[i] = record.head.time;
    }
    registry_end (&sim->registry, &turn, -ECANCELED);
    return self;
}

static void assert_line (const struct log_model *model, const struct audit_record *record)
{
    uint64_t at = record->head.number - 1;
    assert_int_equal (record->raw.size, model->raw[at].size);
    assert_memory_equal (record->raw.data, model->raw[at].data, record->raw.size);
    assert_memory_equal (record->hash, model->hash[at], VAULT_HASH_SIZE);
    assert_true (record->head.time == model->time[at]);
}

void log_model_assert (struct simulation *sim, const struct log_model *model)
{
    struct turn turn;
    begin (sim, &turn);
    for (uint64_t number = 1; number <= model->count; number++) {
        struct arena_mark mark = arena_mark (turn.arena);
        struct audit_record record;
        uint8_t hash[VAULT_HASH_SIZE];
        uint64_t before;
        assert_int_equal (audit_read (&turn, number, &record), 0);
        assert_int_equal (record.head.number, number);
        assert_line (model, &record);
        assert_int_equal (audit_find (&turn, number, &record), 0);
        assert_line (model, &record);
        assert_int_equal (audit_read_hash (&turn, number, hash), 0);
        assert_memory_equal (hash, model->hash[number - 1], sizeof hash);
        if (number % 37 == 0) { /* the first line of its moment, as a search by time finds it */
            uint64_t first = number;
            while (first > 1 && model->time[first - 2] == model->time[number - 1])
                first--;
            assert_int_equal (audit_find_before (&turn, model->time[number - 1], &before), 0);
            assert_int_equal (before, first - 1);
        }
        arena_release (turn.arena, mark);
    }
    registry_end (&sim->registry, &turn, -ECANCELED);
}
