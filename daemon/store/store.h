/* The only room that knows LMDB: tables of ordered keys, and one durable transaction at a time.

   What a transaction writes becomes durable in a journal (journal/journal.h), with one sync. LMDB's file follows
   at the next checkpoint: after some MiB of journal, when the caller has nothing else to do, and when the store is
   closed. A store that is opened takes up what its journal says after the last checkpoint.

   Outcomes (outcome.h). STORE_NOT_FOUND: no such key, or no further key in a scan. STORE_FULL: no room left
   outside the reserve (C12: nothing is written, nothing permitted). STORE_DAMAGED: pages of the file contradict
   each other. STORE_MISUSED: the store cannot take this key or value. STORE_DEAD: nothing can succeed again in
   this process: the daemon ends, and is started again.

   A transaction is sticky: after a failure every later operation returns that failure and commit refuses. So code
   need not look at each return. STORE_NOT_FOUND
   is an answer and not a failure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "outcome.h"
#include "vault.h"

/* Tables. Keys are fixed big-endian numbers and fixed-size ids, so that a range scan is the index. */
enum store_table {
    STORE_META,    /* name → value: schema, epoch, which vault key, whether the clock stopped, a renewal */
    STORE_SUBJECT, /* subject id (16) → record: the subject, its statements, and who received what */
    STORE_CONSENT, /* consent id (16) → subject id */
    STORE_EVENT,   /* party, NUL, number (be64) → record; before one about a subject, whom it is about
                      (events/outbox.c) */
    STORE_CURSOR,  /* party → record: its newest event, and from which on they are kept */
    STORE_AUDIT, /* number (be64) → entry; of 256 lines that are in the archive only the last number, with a mark
                    (audit/archive.h) */
    STORE_SUBJECT_BEFORE, /* subject id, number (be64) of a line of the log → what it changed, as it was before */
    STORE_PARTY_SINCE,    /* party id, NUL, number (be64) of a line of the log → the party as it was from it on;
                             the newest one is the party as it is */
    STORE_OBLIGATION,     /* subject id, decision (be64), kind (1) → record */
    STORE_AGENDA,         /* kind (1), moment (be64), id (16) → subject id: what time brings */
    STORE_REQUEST,        /* consent id (16) → subject id, record: a consent that was asked for */
    STORE_REQUEST_WAITING, /* moment (be64), consent id (16) → last moment (be64), subject id, party: no answer yet
                            */
    STORE_REQUEST_BY_SUBJECT, /* subject id, moment (be64), consent id → the same: waiting for this subject */
    STORE_REQUEST_BY_PARTY,   /* party, NUL, moment (be64), consent id → the same: asked by this party */
    STORE_COUNTED, /* party, NUL, origin (1), action, NUL, result → what is counted and has no line of its own yet
                    */
    STORE_GENERATION, /* subject id (16) → generation (be64) of the subject's record; of one who was erased, also
                         the number (be64) of the line of the log that says so, and the round (be64) in which it
                         was done: the generation of the keyring */
    STORE_GUARD,      /* table (1), row (be16) → sealed sums over entries of a guarded table (record/guard.h) */
    /* Of a store before schema 4. Only registry/upgrade.c reads them, and leaves them empty. */
    STORE_EARLIER_STATEMENTS, /* subject id, order (be64) → consent id */
    STORE_EARLIER_RECEIVED,   /* subject id, party id → which data of the subject the party received */
    STORE_ANSWERED, /* number (be64) of a line of the log → for lines up to that one, which idempotency keys they
                       answered (registry/idempotency.h) */
    STORE_RIGHTS, /* subject id, number (be64) of the line of the log that recorded it → record: a request by which
                     the subject exercises rights */
    STORE_SINCE, /* what (1), number (be64) of a line of the log → what it was from that line on (audit/since.h) */
    STORE_LINES_ABOUT, /* number (be64) of a line of the log → for lines up to that one, whom they are about
                          (audit/lines_about.h) */
    STORE_HEARD, /* party, NUL, number (be64) of an event → when its consumer "default" acknowledged those up to
                    it; party, NUL, consumer, NUL, number → the same of another (events/heard.h) */
    STORE_UNKNOWN, /* subject id (16) → wrapped key: of somebody who has no record, under which the lines of the
                      log about that person are sealed */
    STORE_EXTRACT, /* subject id, until (be64) → the wrapped key of an extract: of what must be kept until then of
                      a subject who was erased (audit/extract.h) */
    STORE_EXTRACT_LINE, /* subject id, number (be64) of a line of the log → until (be64) of its extract, and the
                           line's own key, sealed under the extract's */
    STORE_TREE, /* tile level (1), index (be64) → the hash of a full tile of the log's tree (audit/tree.h) */
    STORE_COSIGNATURES, /* size (be64) → a checkpoint of the log; size, party, NUL, key id (4) → when it came
                           (be64), and a witness's signature of it (audit/cosignatures.h) */
    STORE_CONSUMER, /* party, NUL, name → record: a system of the party, and how far it is (events/consumers.h) */
    STORE_PACK,     /* hash of a policy pack (32), part (be16) → bytes of the pack (audit/packs.h) */
    STORE_TABLES
};

/* Who writes, when only the reserve is left (L2, L5). Outside the reserve writes are not counted for anyone. In
   the reserve each share has its own room, and no share can take another's, however much it writes. */
enum store_share {
    STORE_GENERAL,     /* may write nothing in the reserve */
    STORE_OPERATORS,   /* what an operator needs in order to see the trouble and mend it */
    STORE_WITHDRAWALS, /* what changes something by a withdrawal or a restriction, its events and acknowledgements
                        */
    STORE_OWN,         /* the daemon: its start, and what is counted. Small, and bounded by its nature */
    STORE_SHARES
};

struct store_options {
    const char *directory; /* must exist; holds consentd.mdb, consentd.journal and consentd.witness, mode 0600 */
    /* Bytes, 1 MiB or more. They are set aside on the disk, so that a full file system cannot stop a commit. A
       file that is already larger keeps its size. */
    uint64_t size;
    /* Bytes at the end of `size`, at most half of it. An eighth of the reserve, but not less than 512 KiB nor more
       than half of it, is spare, because pages that a commit replaces become free only two commits later. The rest
       is divided into shares. */
    uint64_t reserve;
    /* Bytes of the reserve that are the share of operators, at most half of it. 0: a quarter of what is divided. A
       sixteenth of what is divided is the daemon's own, and what is left is the share of withdrawals. */
    uint64_t operators;
    /* The store was put back from a copy: its journal and its witness are begun anew where they do not fit it or
       are missing. Otherwise it is refused, since what is not there was acknowledged. */
    bool restored;
    /* Also opens a store of an earlier schema (2 or 3), to take up what it holds. From then on it is refused, by
       earlier programs too, until store_finish_upgrade. */
    bool upgrade;
    /* Of the journal (journal/journal.h), lent for as long as the store is open. Of no use to store_resize. */
    const struct vault_key *journal_key;
};

struct store_info {
    uint64_t used, size, reserve;  /* bytes; used counts the pages that hold something */
    uint64_t general;              /* bytes outside the reserve */
    uint64_t shares[STORE_SHARES]; /* bytes of the reserve; 0 for STORE_GENERAL */
    /* Bytes of the reserve that each share uses. Those of STORE_GENERAL were in use before the reserve was made
       larger. */
    uint64_t taken[STORE_SHARES];
};

/* How far the caller is: a number that rises, and a hash of all that has it. */
enum { STORE_MARK_HASH_SIZE = 32 };
struct store_mark {
    uint64_t number;
    uint8_t hash[STORE_MARK_HASH_SIZE];
};

struct histogram;
struct store;
struct store_txn;

/* The name of a table: "consent". */
const char *store_table_name (enum store_table table);
/* A key of STORE_META that the store itself writes. */
bool store_is_its_own (struct bytes key);

/* Opens the store in `options->directory`. If there is none, makes it: it is built under another name, synced, and
   then renamed, since LMDB's creation of a file is not safe against a crash. 0;
   STORE_INVALID: not a store, of another version or truncated; STORE_OTHER_VAULT: its journal has another key;
   STORE_IN_USE: another process has it; or negative: each with one sentence in `error`. Caller owns *self_p. */
int store_open (struct store **self_p, const struct store_options *options, char *error, size_t error_size);
void store_close (struct store **self_p);
/* There is a store in this directory, or something of that name. It is not opened, since it may be in use. */
bool store_exists (const char *directory);
int store_info (struct store *self, struct store_info *info);
/* What the store holds was made by an earlier program, and is not taken up yet. */
bool store_is_earlier (const struct store *self);
/* All of it is taken up, when this transaction commits. 0 or a failure. */
int store_finish_upgrade (struct store_txn *txn);
/* Changes the size, the reserve and its division while the store is open, between two transactions. Room for a
   larger size is first set aside on the disk. A smaller size changes nothing, since what is at the end of the file
   cannot be moved. 0; negative, with one sentence in `error`, and nothing has changed; or STORE_DEAD. */
int store_resize (struct store *self, const struct store_options *options, char *error, size_t error_size);

/* Begins the one write transaction. 0 or negative. The caller must end it with commit or abort. A write that does
   not fit in its share fails with STORE_FULL. */
int store_begin (struct store *self, struct store_txn **txn_p);
/* What the transaction writes from here on is of this share. It begins with STORE_GENERAL. */
void store_use_share (struct store_txn *txn, enum store_share share);
enum store_share store_share_of (const struct store_txn *txn);
/* So many bytes more would find room, outside the reserve or in this share. This is no promise: they may need more
   pages than they fill. */
bool store_has_room (const struct store_txn *txn, enum store_share share, uint64_t bytes);
/* Bytes of a share that are in use, as the transaction has left it so far, and bytes that are left of it. */
uint64_t store_share_taken (const struct store_txn *txn, enum store_share share);
uint64_t store_share_left (const struct store_txn *txn, enum store_share share);
/* Ends the transaction. 0: everything is durable. Anything else: nothing has happened. *txn_p becomes NULL. */
int store_commit (struct store_txn **txn_p);
/* The same, but 0 says only that it has happened for every later transaction: it is durable as soon as
   store_durable reaches `*number`, and until then nobody outside may hear of it. What is durable is always a
   beginning of what happened. */
int store_commit_soon (struct store_txn **txn_p, uint64_t *number);
/* Makes everything durable that has happened, and waits for that. 0, or STORE_DEAD: a sync failed. */
int store_sync (struct store *self);
/* Begins to do so beside the caller, unless that is under way. 0; negative: it cannot, and store_sync must be
   used; or STORE_DEAD. */
int store_sync_begin (struct store *self);
bool store_is_syncing (struct store *self);
/* A descriptor that becomes readable when store_durable may have risen. The store's. */
int store_sync_fd (const struct store *self);
/* In `number` the newest that is durable. 0 or STORE_DEAD. */
int store_durable (struct store *self, uint64_t *number);
/* The journal: bytes of it that hold what is not in LMDB's file yet, bytes of all of it, and how long its syncs
   took since the store was opened, lent. */
struct store_journal {
    uint64_t used, size;
    const struct histogram *syncs;
};
struct store_journal store_journal_info (const struct store *self);
/* Says how far the caller is with this transaction. The store's witness remembers it from the next checkpoint on.
 */
void store_set_mark (struct store_txn *txn, const struct store_mark *mark);
/* What the witness remembered when the store was opened, at least so much must be there; number 0: nothing. Lent.
 */
const struct store_mark *store_witnessed (const struct store *self);
/* Brings LMDB's file up to date, between two transactions, so that a start has less to do. Waits for the disk. 0;
   STORE_FULL: LMDB has no room for its own list of free pages, and nothing is lost; or STORE_DEAD. */
int store_checkpoint (struct store *self);
void store_abort (struct store_txn **txn_p);
/* How often this transaction has read, written, deleted, or stepped to a next key. */
uint64_t store_operations (const struct store_txn *txn);
/* How often it has written, or deleted something. As long as this is 0, a commit would change nothing. */
uint64_t store_writes (const struct store_txn *txn);

/* Lends the value in `value` until the next write in this transaction or its end. 0, STORE_NOT_FOUND, or a
   failure. */
int store_get (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes *value);
/* Writes or replaces. The data are copied. */
int store_put (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes value);
/* Writes a key that must be higher than every key of the table. Faster than store_put, and fills the pages. */
int store_append (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes value);
/* Deletes. STORE_NOT_FOUND if there was no such key. */
int store_delete (struct store_txn *txn, enum store_table table, struct bytes key);

/* A scan from `from` (inclusive; empty: the first key) upwards. The caller stops at its own prefix or limit.
   store_scan_next lends key and value as store_get does; do not write to the table during a scan.
   A scan must be closed before its transaction ends. */
struct store_scan;
int store_scan_open (struct store_txn *txn, enum store_table table, struct bytes from, struct store_scan **scan_p);
int store_scan_next (struct store_scan *scan, struct bytes *key, struct bytes *value);
void store_scan_close (struct store_scan **scan_p);
/* Lends the highest key of the table that is below `below` (empty: the highest of all). 0, STORE_NOT_FOUND,
   failure. */
int store_last (struct store_txn *txn, enum store_table table, struct bytes below, struct bytes *key,
                struct bytes *value);
/* Number of keys in the table. */
int store_count (struct store_txn *txn, enum store_table table, uint64_t *count);
