/* The parts of a ledger, for the files beside this one. */
#pragma once
#include <lmdb.h>
#include "ledger.h"

struct ledger {
    int directory;
    MDB_env *env;
    MDB_dbi tables[LEDGER_TABLES];
    MDB_txn *txn; /* the change; NULL: there is none */
    int failed;   /* of the change; 0 or -errno */
    struct seal_keys keys;
};

/* LMDB's result as ours: 0 or -errno. */
int ledger_result (int r);
