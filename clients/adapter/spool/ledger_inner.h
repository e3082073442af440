/* The parts of a ledger, for the files beside this one. */
#pragma once
#include <limits.h>
#include <lmdb.h>
#include "ledger.h"

enum { LEDGER_NO_TABLE = INT_MAX };

struct ledger {
    int directory;
    bool reads_only;
    MDB_env *env;
    MDB_dbi tables[LEDGER_TABLES];
    MDB_txn *txn; /* the change; NULL: there is none */
    int failed;   /* of the change; 0 or -errno */
    struct seal_keys keys;
};

/* LMDB's result as ours: 0 or -errno. */
int ledger_result (int r);
