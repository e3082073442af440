/* What a store of a simulation holds, entry by entry, and putting back of it what is older. */
#pragma once
#include "simulation.h"

enum { OLDER_ENTRIES = 512 };

/* All that a table held at some moment. */
struct older_content {
    struct bytes keys[OLDER_ENTRIES], values[OLDER_ENTRIES];
    size_t count;
};
struct older_contents {
    struct older_content tables[STORE_TABLES];
};

struct bytes older_copied (struct simulation *sim, struct bytes lent);
/* A copy in which one byte is another. */
struct bytes older_altered (struct simulation *sim, struct bytes value, size_t at);

void older_read_table (struct simulation *sim, struct store_txn *txn, enum store_table table,
                       struct older_content *content);
/* As a copy of the pages would have it. Lives as long as the simulation. */
struct older_contents *older_copy_of_all (struct simulation *sim);
void older_put_table (struct simulation *sim, struct store_txn *txn, enum store_table table,
                      const struct older_content *content);
/* The store while the registry is stopped, without its witness, which would see by itself that the log went back.
 */
struct store *older_unwitnessed (struct simulation *sim);
void older_close (struct store **store);

/* While the registry runs, as where a page is read again that the disk never took. NULL: the entry is gone. */
void older_put_one (struct simulation *sim, enum store_table table, struct bytes key, const struct bytes *value);
struct bytes older_value_of (struct simulation *sim, enum store_table table, struct bytes key);
