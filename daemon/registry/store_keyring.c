#include "store_keyring.h"
#include <string.h>
#include "big_endian.h"
#include "record/guard.h"

enum { NOTE_SIZE = VAULT_ID_SIZE + 8 }; /* id, generation */

static const struct bytes note_name = {"keyring", 7}, round_name = {"round", 5};

int store_keyring_note (struct turn *turn)
{
    uint8_t note[NOTE_SIZE];
    memcpy (note, keyring_id (turn->keyring), VAULT_ID_SIZE);
    put_be64 (note + VAULT_ID_SIZE, keyring_generation (turn->keyring));
    return guard_put (turn, STORE_META, note_name, (struct bytes){note, sizeof note});
}

/* Of an earlier store the subjects have no key of a keyring yet. */
static int find_subjects (struct turn *turn, bool *has_some)
{
    uint64_t subjects = 0;
    int rc = store_is_earlier (turn->store) ? 0 : store_count (turn->txn, STORE_SUBJECT, &subjects);
    *has_some = subjects > 0;
    return rc;
}

/* Of a store that has noted none. A file that is there already was made by a start that got no further. */
static int open_first (struct turn *turn, const struct keyring_place *place, struct keyring **keyring_p)
{
    bool has_subjects;
    int rc = keyring_open (keyring_p, place);
    if (rc != KEYRING_MISSING)
        return rc;
    rc = find_subjects (turn, &has_subjects);
    if (rc == 0)
        rc = has_subjects ? keyring_refuse (place, KEYRING_MISSING) : keyring_create (place);
    return rc == 0 ? keyring_open (keyring_p, place) : rc;
}

static int open_noted (struct bytes note, const struct keyring_place *place, struct keyring **keyring_p)
{
    uint8_t noted[NOTE_SIZE];
    if (note.size != NOTE_SIZE)
        return RECORD_DAMAGED;
    memcpy (noted, note.data, NOTE_SIZE);
    int rc = keyring_open (keyring_p, place);
    if (rc == KEYRING_MISSING)
        return keyring_refuse (place, rc);
    bool is_other = rc == 0 && (memcmp (keyring_id (*keyring_p), noted, VAULT_ID_SIZE) != 0 ||
                                keyring_generation (*keyring_p) < get_be64 (noted + VAULT_ID_SIZE));
    return is_other ? keyring_refuse (place, KEYRING_OTHER) : rc;
}

int store_keyring_open (struct turn *turn, const struct keyring_place *place, struct keyring **keyring_p)
{
    struct bytes note;
    int rc = store_get (turn->txn, STORE_META, note_name, &note);
    if (rc == STORE_NOT_FOUND)
        rc = open_first (turn, place, keyring_p);
    else if (rc == 0)
        rc = open_noted (note, place, keyring_p);
    turn->keyring = *keyring_p;
    return rc == 0 ? store_keyring_note (turn) : rc;
}

int store_keyring_read_round (struct turn *turn, uint64_t *round)
{
    struct bytes value;
    *round = KEYRING_FIRST; /* it has been through none */
    int rc = guard_get (turn, STORE_META, round_name, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    if (value.size != 8)
        return RECORD_DAMAGED;
    *round = get_be64 (value.data);
    return 0;
}

int store_keyring_note_round (struct turn *turn, uint64_t round)
{
    uint8_t value[8];
    put_be64 (value, round);
    return guard_put (turn, STORE_META, round_name, (struct bytes){value, sizeof value});
}
