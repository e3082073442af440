/* The parts of a ledger, for the files beside this one. */
#pragma once
#include <limits.h>
#include <lmdb.h>
#include "ledger.h"

enum {
    LEDGER_NO_TABLE = INT_MAX,
    LEDGER_PLACE = 1 + LEDGER_KEY,          /* the table, and the key in it */
    LEDGER_MARK = SEAL_HASH + LEDGER_PLACE, /* the hash of a mark, and the place of the record that has it */
};

struct ledger {
    int directory;
    bool reads_only;
    struct ledger *under; /* of one that is in memory: what it does not have itself; NULL: there is none */
    MDB_env *env;
    MDB_dbi tables[LEDGER_TABLES];
    MDB_txn *txn; /* the change; NULL: there is none */
    int failed;   /* of the change; 0 or -errno */
    struct seal_keys keys;
};

struct ledger_entry {
    uint8_t place[LEDGER_PLACE];
    uint8_t (*marks)[LEDGER_MARK];
    size_t mark_count;
    uint8_t *sealed;
    size_t size;
};

/* A record as text. Caller owns the return value. */
char *ledger_text (const json_t *record);
/* A record as it lies in its place, with the hashes of its marks as text. Caller owns the return value. */
uint8_t *ledger_seal_record (const struct ledger *self, const uint8_t place[LEDGER_PLACE], const char *record,
                             const char *hashes, size_t *size_p);

/* LMDB's result as ours: 0 or -errno. */
int ledger_result (int r);

/* ledger.c: where a record lies: its table and key. */
struct bytes ledger_place_of (enum ledger_table table, const uint8_t key[LEDGER_KEY], uint8_t place[LEDGER_PLACE]);
/* The reading that is open, or a new one. NULL: there can be none. */
MDB_txn *ledger_reading (struct ledger *self);
void ledger_end_reading (struct ledger *self, MDB_txn *txn);
/* Reads and opens what lies there, in this ledger alone: {marks, record}. 0, LEDGER_NONE or -errno. Caller owns
 *whole_p. */
int ledger_read (struct ledger *self, MDB_txn *txn, struct bytes place, json_t **whole_p);
/* The same in the reading that is open, or in one of its own. */
int ledger_read_alone (struct ledger *self, struct bytes place, json_t **whole_p);
