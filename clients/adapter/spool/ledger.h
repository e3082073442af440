/* The durable memory of an adapter: what went, what is under way and what is held.

   One LMDB file in a directory of its own, of one process at a time. Records are JSON, sealed (seal.h); they are
   found by keys of 16 bytes, and by marks: texts, such as a subject reference, of which only a keyed hash is kept.
   So whoever has the file without the party's key learns how much went, and no more.

   A change is made between ledger_begin and ledger_commit: all of it is there after a power cut, or nothing. A
   change that fails makes the commit fail, so that what comes between need not look. Negative results are -errno:
   -EBADMSG: the ledger is damaged, and believes nothing; -ENOSPC: it is full. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "seal.h"

enum {
    LEDGER_KEY = 16,
    /* Results. */
    LEDGER_NONE = 1, /* there is no such record */
    LEDGER_REFUSED,  /* a sentence says why it is not opened */
};

enum ledger_table {
    LEDGER_ABOUT,     /* the ledger itself */
    LEDGER_UNDER_WAY, /* what may be disclosed at any moment, or was, and has not gone yet */
    LEDGER_WENT,
    LEDGER_HELD,
    LEDGER_ASKED,      /* which consents were asked for */
    LEDGER_TAKEN_BACK, /* until when what was written of a product is taken back */
    LEDGER_MARKS,      /* the hash of a mark, the table and the key of the record that has it */
    LEDGER_TABLES
};

/* By what a record is found again. Both are borrowed. */
struct ledger_mark {
    const char *kind; /* "subject" */
    const char *text;
};

struct ledger;

/* Opens the ledger in a directory, which is made if its parent is there; a new ledger is whole or not there.
   `secret_key` is the party's, of its key file; `former` NULL, or that of the key file before: then a ledger under
   that one is from now on under the new one. 0, or LEDGER_REFUSED with one sentence in `error`: another process
   has it, it is under another key, it is damaged, or it cannot be made. Caller owns *self_p and must destroy it.
 */
struct ledger_place {
    const char *directory;
    const char *secret_key;
    const char *former;
    bool reads_only; /* nothing is made or changed: where there is no ledger, LEDGER_NONE and none is given */
};
int ledger_open (struct ledger **self_p, const struct ledger_place *place, char *error, size_t size);
void ledger_destroy (struct ledger **self_p);

/* A ledger of what would be: what is put into it is in memory alone, and gone with it. What it does not have, it
   has from `under`, which stays as it is, and which it owns from now on; NULL: there is nothing before. 0, or
   LEDGER_REFUSED with one sentence. Caller owns *self_p and must destroy it. */
int ledger_open_scratch (struct ledger **self_p, struct ledger *under, char *error, size_t size);

void ledger_begin (struct ledger *self);
/* 0: it survives a power cut. Else -errno, and nothing of it is there. */
int ledger_commit (struct ledger *self);
void ledger_abort (struct ledger *self);

/* Within a change. Replaces a record of that key, with its marks. `record` is borrowed; `marks` ends with one
   whose kind is NULL. */
void ledger_put (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY], const json_t *record,
                 const struct ledger_mark *marks);
/* The same in two steps, of which the first is the longer, and can be done before there is a change, on any
   thread. Caller owns the entry. */
struct ledger_entry;
struct ledger_entry *ledger_seal (const struct ledger *self, enum ledger_table table,
                                  const uint8_t key[LEDGER_KEY], const json_t *record,
                                  const struct ledger_mark *marks);
/* Of a record that is JSON already, an object on one line. */
struct ledger_entry *ledger_seal_text (const struct ledger *self, enum ledger_table table,
                                       const uint8_t key[LEDGER_KEY], const char *record,
                                       const struct ledger_mark *marks);
void ledger_put_sealed (struct ledger *self, const struct ledger_entry *entry);
void ledger_entry_destroy (struct ledger_entry **self_p);

/* Within a change. Replaces a record that is there, which keeps its marks. */
void ledger_change (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY],
                    const json_t *record);
/* Within a change. No record is no error. */
void ledger_delete (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY]);

/* Within a change: deletes every record that has the mark. 0 or -errno. */
int ledger_forget (struct ledger *self, enum ledger_table table, const struct ledger_mark *mark);

/* Within a change: makes the commit fail with this -errno; 0 changes nothing. */
void ledger_fail (struct ledger *self, int r);

/* Within a change or outside. 0, LEDGER_NONE or -errno. Caller owns *record_p. */
int ledger_get (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY], json_t **record_p);

/* Calls `each` with every record of the table, or with every one that has the mark, until it returns other than 0,
   which is returned. What it is given is valid during the call; it may not change the ledger. 0 or -errno. */
typedef int ledger_handler (void *context, const uint8_t key[LEDGER_KEY], json_t *record);
int ledger_each (struct ledger *self, enum ledger_table table, ledger_handler *each, void *context);
int ledger_find (struct ledger *self, enum ledger_table table, const struct ledger_mark *mark,
                 ledger_handler *each, void *context);

/* The key of a text of this kind, for this ledger alone. */
void ledger_key_of (const struct ledger *self, const char *kind, const char *text, uint8_t key[LEDGER_KEY]);
