#include "renewal.h"
#include <string.h>
#include "big_endian.h"
#include "record/guard.h"
#include "agenda.h"
#include "consent_request.h"
#include "obligation.h"
#include "rights_request.h"
#include "subject_cache.h"
#include "subject_file.h"

enum {
    LOOKED_AT = 64,         /* the most consents, requests or obligations of one run */
    STATEMENTS_READ = 1024, /* a run stops after so many statements of their subjects */
    KEY_LIMIT = OBLIGATION_NTH_KEY_SIZE,
    AT_LAST = 8 + 1, /* in what is kept, behind `since` and the phase */
};

static const struct bytes name = {"renewal", 7};

/* What is looked at, one after the other. */
static const struct phase {
    enum store_table table;
    size_t key_size;
} phases[] = {{STORE_CONSENT, 16},
              {STORE_REQUEST, 16},
              {STORE_OBLIGATION, OBLIGATION_KEY_SIZE},
              {STORE_RIGHTS, RIGHTS_KEY_SIZE}};
enum { PHASES = sizeof phases / sizeof *phases };

/* A key that was listed, or, of a phase that begins, zeroes. */
struct looked_at {
    uint8_t key[KEY_LIMIT];
    size_t size;
};

/* How far the renewal got. */
struct place {
    moment since;
    unsigned phase;
    struct looked_at last;
};

static bool is_key_size (unsigned phase, size_t size)
{
    return phases[phase].table == STORE_OBLIGATION ? obligation_is_key_size (size)
                                                   : size == phases[phase].key_size;
}

static struct place begin_phase (moment since, unsigned phase)
{
    struct place place = {.since = since, .phase = phase};
    place.last.size = phase < PHASES ? phases[phase].key_size : 0;
    return place;
}

static int keep (struct turn *turn, const struct place *place)
{
    uint8_t value[AT_LAST + KEY_LIMIT];
    put_be64 (value, place->since > 0 ? (uint64_t)place->since : 0);
    value[8] = (uint8_t)place->phase;
    memcpy (value + AT_LAST, place->last.key, place->last.size);
    return guard_put (turn, STORE_META, name, (struct bytes){value, AT_LAST + place->last.size});
}

static int find_place (struct turn *turn, struct place *place)
{
    struct bytes kept;
    int rc = store_get (turn->txn, STORE_META, name, &kept);
    if (rc != 0)
        return rc;
    const uint8_t *value = kept.data;
    if (kept.size < AT_LAST || value[8] >= PHASES || !is_key_size (value[8], kept.size - AT_LAST))
        return RECORD_DAMAGED;
    *place = begin_phase ((moment)get_be64 (value), value[8]);
    place->last.size = kept.size - AT_LAST;
    memcpy (place->last.key, value + AT_LAST, place->last.size);
    return 0;
}

int renewal_begin (struct turn *turn, moment since)
{
    struct place place, fresh = begin_phase (since, 0);
    if (find_place (turn, &place) == 0 && place.since < since)
        fresh.since = place.since; /* one is under way, and takes more */
    turn->state.agenda_at = turn->now;
    return keep (turn, &fresh);
}

static const enum store_table derived[] = {STORE_AGENDA, STORE_REQUEST_WAITING, STORE_REQUEST_BY_SUBJECT,
                                           STORE_REQUEST_BY_PARTY};
enum { DERIVED = sizeof derived / sizeof *derived };

bool renewal_is_needed (const struct guard *guard)
{
    for (size_t i = 0; i < DERIVED; i++)
        if (guard_is_damaged (guard, derived[i]))
            return true;
    return false;
}

int renewal_mend (struct turn *turn)
{
    moment since = turn->now;
    if (guard_is_damaged (turn->guard, STORE_AGENDA) && guard_damaged_day (turn->guard) <= since)
        since = guard_damaged_day (turn->guard) - 1;
    int rc = 0;
    for (size_t i = 0; i < DERIVED && rc == 0; i++)
        if (guard_is_damaged (turn->guard, derived[i]))
            rc = guard_mend_table (turn, derived[i]);
    return rc == 0 ? renewal_begin (turn, since) : rc;
}

/* The keys that come after the last one, at most `limit`. */
static int list (struct turn *turn, const struct place *place, struct looked_at keys[LOOKED_AT], size_t limit,
                 size_t *count)
{
    enum store_table table = phases[place->phase].table;
    struct bytes from = {place->last.key, place->last.size}, to = from, key, value;
    struct store_scan *scan = NULL;
    *count = 0;
    int rc = store_scan_open (turn->txn, table, from, &scan);
    while (rc == 0 && *count < limit && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (!is_key_size (place->phase, key.size) ||
            (key.size == from.size && memcmp (key.data, from.data, key.size) == 0))
            continue;
        struct looked_at *one = &keys[(*count)++];
        one->size = key.size;
        memcpy (one->key, key.data, key.size);
        to = (struct bytes){one->key, one->size};
    }
    store_scan_close (&scan);
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    /* What is missing cannot be entered; that it is missing is told. */
    rc = guard_check_between (turn, table, from, *count == limit ? &to : NULL);
    return rc == RECORD_DAMAGED ? 0 : rc;
}

static int renew_consent (struct turn *turn, const uint8_t id[16], moment since, size_t *statements)
{
    struct subject_file file;
    size_t index = 0;
    int rc = subject_file_open_by_consent (turn, id, &file, &index);
    *statements += file.statement_count;
    if (rc == 0)
        rc = agenda_enter_again (turn, file.id, &file.statements[index], since);
    subject_file_close (&file);
    subject_cache_sweep (turn->cache);
    return rc;
}

static int renew_request (struct turn *turn, const uint8_t *key, moment since)
{
    struct subject_file file = {.known = true}; /* only its key is needed */
    memcpy (file.id, key, sizeof file.id);
    int rc = subject_key_read (turn, file.id, &file.key);
    if (rc == 0)
        rc = rights_request_enter_again (turn, &file, get_be64 (key + VAULT_ID_SIZE), since);
    subject_file_close (&file);
    return rc;
}

/* A record that cannot be read permits nothing, and nobody can say whom it concerns (C12). It is passed over. */
static int renew (struct turn *turn, const struct place *place, const struct looked_at *one, size_t *statements)
{
    int rc;
    arena_reset (turn->arena);
    switch (phases[place->phase].table) {
    case STORE_CONSENT:
        rc = renew_consent (turn, one->key, place->since, statements);
        break;
    case STORE_REQUEST:
        rc = consent_request_enter_again (turn, one->key, place->since);
        break;
    case STORE_OBLIGATION:
        rc = obligation_enter_again (turn, one->key, one->size);
        break;
    default:
        rc = renew_request (turn, one->key, place->since);
    }
    return rc > 0 || rc == RECORD_DAMAGED ? 0 : rc;
}

/* Goes on in the phase where the renewal is, or to the next one. At most *left keys, which it lowers. */
static int renew_some (struct turn *turn, struct place *place, size_t *left)
{
    struct looked_at keys[LOOKED_AT];
    size_t count, done = 0, read = 0;
    int rc = list (turn, place, keys, *left, &count);
    for (; rc == 0 && done < count && read < STATEMENTS_READ; done++)
        rc = renew (turn, place, &keys[done], &read);
    if (done == count && count < *left)
        *place = begin_phase (place->since, place->phase + 1);
    else
        place->last = keys[done - 1];
    *left -= read < STATEMENTS_READ ? done : *left;
    return rc;
}

int renewal_go_on (struct turn *turn, bool *more)
{
    struct place place;
    size_t left = LOOKED_AT;
    *more = false;
    int rc = find_place (turn, &place);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    while (rc == 0 && left > 0 && place.phase < PHASES)
        rc = renew_some (turn, &place, &left);
    if (rc != 0)
        return rc;
    *more = place.phase < PHASES;
    return *more ? keep (turn, &place) : guard_delete (turn, STORE_META, name);
}
