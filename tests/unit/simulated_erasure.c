#include "simulated_erasure.h"
#include <string.h>

const char *erased, *neighbour, *stranger;

static uint16_t bucket_of (struct simulation *sim, const char *bsn)
{
    uint8_t id[VAULT_ID_SIZE];
    vault_subject_id (sim->registry.vault, bsn, id);
    return keyring_bucket (id);
}

static bool is_first (struct simulation *sim, const char *bsn, const char *than)
{
    uint8_t id[VAULT_ID_SIZE], other[VAULT_ID_SIZE];
    vault_subject_id (sim->registry.vault, bsn, id);
    vault_subject_id (sim->registry.vault, than, other);
    return memcmp (id, other, sizeof id) < 0;
}

/* Among so many people there are hundreds of such pairs. The neighbour comes first in the bucket. */
void find_people (struct simulation *sim)
{
    static const char *in_bucket[KEYRING_BUCKETS];
    memset (in_bucket, 0, sizeof in_bucket);
    erased = NULL;
    stranger = simulation_bsn (sim, 0);
    for (unsigned i = 1; i < PEOPLE && erased == NULL; i++) {
        const char *bsn = simulation_bsn (sim, i);
        const char **other = &in_bucket[bucket_of (sim, bsn)];
        if (*other != NULL && is_first (sim, bsn, *other) && bucket_of (sim, bsn) != bucket_of (sim, stranger)) {
            erased = *other;
            neighbour = bsn;
        }
        *other = bsn;
    }
    assert_non_null (erased);
}

void record (struct simulation *sim, const char *bsn)
{
    assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1975-01-02"), "OK");
    GRANTED (sim, .bsn = bsn, .categories = "naw");
}

int simulated_erasure_setup (void **state)
{
    struct simulation *sim = simulation_new (NULL);
    *state = sim;
    find_people (sim);
    record (sim, erased);
    record (sim, neighbour);
    record (sim, stranger);
    return 0;
}

int mark (struct simulation *sim, const char *bsn)
{
    struct turn turn;
    struct erasure_mark mark = {.kind = ERASURE_OF_SUBJECT};
    vault_subject_id (sim->registry.vault, bsn, mark.subject);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    int rc = erasure_mark (&turn, &mark);
    assert_int_equal (registry_end (&sim->registry, &turn, rc), rc);
    sim->state = sim->registry.state;
    return rc;
}

void step (struct simulation *sim)
{
    assert_int_equal (erasure_go_on (&sim->registry, &sim->in_force, sim->wall), 0);
    sim->state = sim->registry.state;
}

void go_to_end (struct simulation *sim)
{
    for (int i = 0; erasure_is_due (&sim->registry); i++) {
        assert_true (i < STEPS_LIMIT);
        step (sim);
    }
}

bool can_be_read (struct simulation *sim, const char *bsn)
{
    return simulation_look_in_doubt (
               sim, horizon, simulation_check (sim, &(struct simulated_check){.bsn = bsn, .items = "naw"})) !=
               NULL &&
           strcmp (CHECK (sim, .bsn = bsn, .items = "naw"), "consent") == 0;
}

int open_key (struct simulation *sim, const char *bsn)
{
    struct turn turn;
    struct vault_key key;
    uint8_t id[VAULT_ID_SIZE];
    vault_subject_id (sim->registry.vault, bsn, id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    int rc = subject_key_read_any (&turn, id, &key);
    vault_key_wipe (&key);
    registry_end (&sim->registry, &turn, RECORD_DAMAGED);
    return rc;
}
