/* The one backup that may be under way: whose it is, how far it is, and when it is given up. */
#pragma once
#include "store/store_copy.h"
#include "turn.h"

enum { BACKUP_PAUSE_MS = 30000 }; /* from one piece to the next; after it the backup is given up */

/* Begins a backup of this party and its user, who may be "". */
void backup_begin (struct turn *turn, const uint8_t id[16], const char *party, const char *user);
/* Reads the piece from `from` on, for one who asks on this connection. 0; STORE_NOT_FOUND: the store has given it
   up, or has no such place; or a failure. */
int backup_read (struct turn *turn, uint64_t from, const struct connection_id *connection,
                 struct store_piece *piece);
/* Ends it. */
void backup_end (struct turn *turn, bool is_given_up);

/* The turn has ended: what it did of the backup has happened, or not. */
void backup_settle (struct backup *self, const struct turn *turn, bool happened);

/* This connection is gone. To be called between turns. */
void backup_connection_gone (struct backup *self, const struct connection_id *gone);

/* A backup is under way that the store gave up, or that nobody has asked for since BACKUP_PAUSE_MS. */
bool backup_is_lost (const struct backup *self, const struct store *store, moment steady);
/* Ends such a backup, or one that was left, with a line of the log. 0 or a failure. */
int backup_give_up (struct turn *turn);
