#include "renewal.h"
#include <string.h>
#include "../big_endian.h"
#include "agenda.h"
#include "subject_cache.h"
#include "subject_file.h"

enum {
    CONSENTS = 64,          /* of one run */
    STATEMENTS_READ = 1024, /* of the subjects whom they are about */
    VALUE_SIZE = 8 + 16,    /* since when; the last consent that was looked at */
};

static const struct bytes name = {"renewal", 7};

static int keep (struct turn *turn, const uint8_t value[VALUE_SIZE])
{
    turn->changed = true;
    return store_put (turn->txn, STORE_META, name, (struct bytes){value, VALUE_SIZE});
}

int renewal_begin (struct turn *turn)
{
    uint8_t value[VALUE_SIZE] = {0};
    put_be64 (value, turn->now > 0 ? (uint64_t)turn->now : 0);
    turn->state.agenda_at = turn->now;
    return keep (turn, value);
}

/* The ids that come after this one. */
static int list (struct turn *turn, const uint8_t last[16], uint8_t ids[CONSENTS][16], size_t *count)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    *count = 0;
    int rc = store_scan_open (turn->txn, STORE_CONSENT, (struct bytes){last, 16}, &scan);
    while (rc == 0 && *count < CONSENTS && (rc = store_scan_next (scan, &key, &value)) == 0)
        if (key.size == 16 && memcmp (key.data, last, 16) != 0)
            memcpy (ids[(*count)++], key.data, 16);
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* One that cannot be read permits nothing, and nobody can say whom its end concerns (C12). */
static int renew (struct turn *turn, const uint8_t consent_id[16], moment since, size_t *statements)
{
    struct subject_file file;
    size_t index = 0;
    arena_reset (turn->arena);
    int rc = subject_file_open_by_consent (turn, consent_id, &file, &index);
    *statements += file.statement_count;
    if (rc == 0)
        rc = agenda_enter_again (turn, file.id, &file.statements[index], since);
    subject_file_close (&file);
    subject_cache_sweep (turn->cache);
    return rc == RECORD_DAMAGED ? 0 : rc;
}

int renewal_go_on (struct turn *turn, bool *more)
{
    uint8_t value[VALUE_SIZE], ids[CONSENTS][16];
    struct bytes kept;
    *more = false;
    int rc = store_get (turn->txn, STORE_META, name, &kept);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    if (kept.size != sizeof value)
        return RECORD_DAMAGED;
    memcpy (value, kept.data, sizeof value);
    size_t count, done = 0;
    rc = list (turn, value + 8, ids, &count);
    for (size_t read = 0; rc == 0 && done < count && read < STATEMENTS_READ; done++)
        rc = renew (turn, ids[done], (moment)get_be64 (value), &read);
    if (rc != 0)
        return rc;
    *more = done == CONSENTS || done < count;
    if (*more) {
        memcpy (value + 8, ids[done - 1], 16);
        return keep (turn, value);
    }
    turn->changed = true;
    return store_delete (turn->txn, STORE_META, name);
}
