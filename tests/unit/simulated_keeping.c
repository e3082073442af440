#include "simulated_keeping.h"
#include <string.h>
#include "audit/log.h"

enum { STEPS_LIMIT = 200 };

int simulated_mark (struct simulation *sim, const char *bsn, enum erasure_kind kind, uint64_t request)
{
    struct turn turn;
    struct erasure_mark mark = {.kind = kind, .request = request};
    vault_subject_id (sim->registry.vault, bsn, mark.subject);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    int rc = erasure_mark (&turn, &mark);
    assert_int_equal (registry_end (&sim->registry, &turn, rc), rc);
    sim->state = sim->registry.state;
    return rc;
}

int simulated_rounds (struct simulation *sim)
{
    int steps = 0;
    for (; erasure_is_due (&sim->registry); steps++) {
        assert_true (steps < STEPS_LIMIT);
        assert_int_equal (erasure_go_on (&sim->registry, &sim->in_force, sim->wall), 0);
    }
    sim->state = sim->registry.state;
    return steps;
}

uint64_t simulated_life_that_is_kept (struct simulation *sim, const char *bsn)
{
    assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1975-01-02"), "OK");
    GRANTED (sim, .bsn = bsn, .categories = "naw");
    uint64_t decision = CHECK_REPLY (sim, .bsn = bsn, .items = "naw")->check->decision;
    assert_int_equal (simulated_mark (sim, bsn, ERASURE_OF_SUBJECT, 0), 0);
    simulated_rounds (sim);
    return decision;
}

const char *simulated_lines_that_open (struct simulation *sim, const char *bsn, uint64_t up_to)
{
    struct turn turn;
    uint8_t id[VAULT_ID_SIZE];
    const char *all = "";
    vault_subject_id (sim->registry.vault, bsn, id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (uint64_t number = 1; number <= up_to; number++) {
        struct audit_record record;
        struct evidence evidence;
        assert_int_equal (audit_find (&turn, number, &record), 0);
        if (!record.head.subject_key || memcmp (record.head.object, id, VAULT_ID_SIZE) != 0)
            continue;
        int rc = audit_open (&turn, &record, &evidence);
        assert_true (rc == 0 || rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED);
        if (rc == 0)
            all = arena_printf (sim->arena, "%s%s%s %llu", all, all[0] != 0 ? ", " : "", record.head.action,
                                (unsigned long long)number);
    }
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return all;
}
