#include "renewal.h"
#include <string.h>
#include "big_endian.h"
#include "agenda.h"
#include "consent_request.h"
#include "subject_cache.h"
#include "subject_file.h"

enum {
    LOOKED_AT = 64,         /* the most consents, or requests for one, of one run */
    STATEMENTS_READ = 1024, /* a run stops after so many statements of their subjects */
    PLACE_SIZE = 8 + 1 + 16,
};

static const struct bytes name = {"renewal", 7};

/* How far the renewal got. */
struct place {
    moment since;
    bool requests;    /* all consents were looked at */
    uint8_t last[16]; /* the id that was looked at last, of a consent or of a request */
};

static int keep (struct turn *turn, const struct place *place)
{
    uint8_t value[PLACE_SIZE];
    put_be64 (value, place->since > 0 ? (uint64_t)place->since : 0);
    value[8] = place->requests;
    memcpy (value + 9, place->last, sizeof place->last);
    return store_put (turn->txn, STORE_META, name, (struct bytes){value, sizeof value});
}

static int find_place (struct turn *turn, struct place *place)
{
    struct bytes kept;
    int rc = store_get (turn->txn, STORE_META, name, &kept);
    if (rc != 0)
        return rc;
    if (kept.size != PLACE_SIZE)
        return RECORD_DAMAGED;
    const uint8_t *value = kept.data;
    place->since = (moment)get_be64 (value);
    place->requests = value[8] != 0;
    memcpy (place->last, value + 9, sizeof place->last);
    return 0;
}

/* R2: that a request is overdue is told when it is, also if it was told while the clock was ahead. There are few
   that are open: they are entered at once. */
static int renew_overdue (struct turn *turn)
{
    struct agenda_entry entry = {.kind = AGENDA_RIGHTS, .when = turn->now + 1};
    uint8_t key[AGENDA_KEY_SIZE];
    int rc;
    agenda_key (&entry, key);
    while ((rc = agenda_seek (turn, (struct bytes){key, sizeof key}, &entry)) == 0 &&
           entry.kind == AGENDA_RIGHTS) {
        agenda_key (&entry, key);
        agenda_step (key);
        entry.kind = AGENDA_OVERDUE;
        rc = agenda_put (turn, &entry);
        if (rc != 0)
            return rc;
    }
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int renewal_begin (struct turn *turn)
{
    struct place place = {.since = turn->now};
    int rc = renew_overdue (turn);
    turn->state.agenda_at = turn->now;
    return rc == 0 ? keep (turn, &place) : rc;
}

/* The ids that come after the last one. */
static int list (struct turn *turn, const struct place *place, uint8_t ids[LOOKED_AT][16], size_t *count)
{
    enum store_table table = place->requests ? STORE_REQUEST : STORE_CONSENT;
    struct store_scan *scan = NULL;
    struct bytes key, value;
    *count = 0;
    int rc = store_scan_open (turn->txn, table, (struct bytes){place->last, sizeof place->last}, &scan);
    while (rc == 0 && *count < LOOKED_AT && (rc = store_scan_next (scan, &key, &value)) == 0)
        if (key.size == 16 && memcmp (key.data, place->last, 16) != 0)
            memcpy (ids[(*count)++], key.data, 16);
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
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

/* A record that cannot be read permits nothing, and nobody can say whom it concerns (C12). It is passed over. */
static int renew (struct turn *turn, const struct place *place, const uint8_t id[16], size_t *statements)
{
    arena_reset (turn->arena);
    int rc = place->requests ? consent_request_enter_again (turn, id, place->since)
                             : renew_consent (turn, id, place->since, statements);
    return rc > 0 || rc == RECORD_DAMAGED ? 0 : rc;
}

int renewal_go_on (struct turn *turn, bool *more)
{
    struct place place;
    uint8_t ids[LOOKED_AT][16];
    *more = false;
    int rc = find_place (turn, &place);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    size_t count, done = 0;
    rc = list (turn, &place, ids, &count);
    for (size_t read = 0; rc == 0 && done < count && read < STATEMENTS_READ; done++)
        rc = renew (turn, &place, ids[done], &read);
    if (rc != 0)
        return rc;
    bool all = done == count && count < LOOKED_AT;
    *more = !all || !place.requests;
    if (!*more)
        return store_delete (turn->txn, STORE_META, name);
    if (all)
        place = (struct place){.since = place.since, .requests = true};
    else
        memcpy (place.last, ids[done - 1], sizeof place.last);
    return keep (turn, &place);
}
