#include "subject_key.h"
#include "big_endian.h"
#include "guard.h"
#include "keyring.h"
#include "record.h"
#include "unknown_key.h"

const enum store_table wrapped_key_tables[] = {STORE_SUBJECT, STORE_UNKNOWN, STORE_EXTRACT};
_Static_assert(sizeof wrapped_key_tables / sizeof *wrapped_key_tables == WRAPPED_KEY_TABLES, "all of them");

/* While keys of the keyring are replaced, one that was not wrapped anew yet is under the former one. */
enum wrapped_under subject_key_unwrap (const struct turn *turn, const uint8_t id[VAULT_ID_SIZE],
                                       struct bytes value, struct vault_key *key)
{
    if (value.size < SUBJECT_WRAPPED_SIZE)
        return WRAPPED_UNREADABLE;
    if (vault_subject_key_unwrap (keyring_key (turn->keyring, id), id, value.data, key) == 0)
        return WRAPPED_UNDER_NEWEST;
    const struct vault_key *former = keyring_former_key (turn->keyring, id);
    return former != NULL && vault_subject_key_unwrap (former, id, value.data, key) == 0 ? WRAPPED_UNDER_FORMER
                                                                                         : WRAPPED_UNREADABLE;
}

/* There is no record: was there one? */
static int judge_unknown (struct turn *turn, const uint8_t id[VAULT_ID_SIZE])
{
    struct generation generation;
    int rc = subject_read_generation (turn, id, &generation);
    if (rc != 0)
        return rc;
    if (generation.number == 0)
        return SUBJECT_FILE_NOT_FOUND;
    guard_note_damage (turn->guard, STORE_SUBJECT);
    return RECORD_DAMAGED;
}

int subject_key_open (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key,
                      struct bytes *value)
{
    int rc = store_get (turn->txn, STORE_SUBJECT, (struct bytes){id, VAULT_ID_SIZE}, value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? judge_unknown (turn, id) : rc;
    if (subject_key_unwrap (turn, id, *value, key) != WRAPPED_UNREADABLE)
        return 0;
    guard_note_damage (turn->guard, STORE_SUBJECT);
    return RECORD_DAMAGED;
}

int subject_key_read (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key)
{
    struct bytes unused;
    return subject_key_open (turn, id, key, &unused);
}

int subject_key_read_any (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key)
{
    int rc = subject_key_read (turn, id, key);
    return rc == SUBJECT_FILE_NOT_FOUND ? unknown_key_read (turn, id, key) : rc;
}

int subject_key_judge (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], uint64_t line)
{
    struct generation generation;
    int rc = subject_read_generation (turn, id, &generation);
    if (rc != 0)
        return rc;
    return line < generation.since ? SUBJECT_FILE_NOT_FOUND : RECORD_DAMAGED;
}

/* The value: the number (be64), and, of a subject who was erased, the line of the log that says so and the round
   (be64 each). */
enum { NUMBER_SIZE = 8, AT_ROUND = NUMBER_SIZE + 8, WHOLE_SIZE = AT_ROUND + 8 };

int subject_parse_generation (struct bytes value, struct generation *generation)
{
    *generation = (struct generation){0};
    if (value.size != NUMBER_SIZE && value.size != WHOLE_SIZE)
        return RECORD_DAMAGED;
    generation->number = get_be64 (value.data);
    if (value.size == WHOLE_SIZE) {
        generation->since = get_be64 ((const uint8_t *)value.data + NUMBER_SIZE);
        generation->round = get_be64 ((const uint8_t *)value.data + AT_ROUND);
    }
    return generation->number == 0 && generation->since == 0 ? RECORD_DAMAGED : 0;
}

int subject_read_generation (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct generation *generation)
{
    struct bytes value;
    *generation = (struct generation){0};
    int rc = guard_get (turn, STORE_GENERATION, (struct bytes){id, VAULT_ID_SIZE}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    return subject_parse_generation (value, generation);
}

int subject_put_generation (struct turn *turn, const uint8_t id[VAULT_ID_SIZE],
                            const struct generation *generation)
{
    uint8_t value[WHOLE_SIZE];
    put_be64 (value, generation->number);
    put_be64 (value + NUMBER_SIZE, generation->since);
    put_be64 (value + AT_ROUND, generation->round);
    return guard_put (turn, STORE_GENERATION, (struct bytes){id, VAULT_ID_SIZE},
                      (struct bytes){value, generation->since != 0 ? WHOLE_SIZE : NUMBER_SIZE});
}
