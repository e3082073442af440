/* The journal: what each turn wrote, one frame a turn, in the order in which the turns happened. A frame is
   durable after one sync of a file that already has its full size. That costs a fraction of a commit of LMDB. At a
   checkpoint what the frames say is committed to LMDB, and the journal begins anew.

   The journal does not know what the frames say. Another journal, such as one that other machines follow, fits
   behind this header.

   The file is consentd.journal, mode 0600, with zeroes in all its pages when it is made. Its first page says what
   it is, and of which store. Then come the frames. Each begins on a page of its own, so that no write touches a
   page that holds something durable. A frame holds its number, the length of its content, the newest number that
   was durable when it was written, the mac of the frame before it, and a mac of all this and of the content
   (vault_mac): who does not have the key cannot write a frame. And it holds a number that is random for each
   opening of the journal. So no two frames are the same, and what was cut off once never continues what is written
   instead of it.

   Only one thread uses a journal. It has a helper of its own that does nothing but sync. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "outcome.h"
#include "vault.h"

#define JOURNAL_FILE_NAME "consentd.journal"
#define JOURNAL_FRESH_NAME "consentd.journal.new" /* one in the making; a crash may leave it behind */

enum {
    JOURNAL_PAGE = 4096,
    JOURNAL_ID_SIZE = 16,
    JOURNAL_MAC_SIZE = 16,
    JOURNAL_SMALLEST = 64 * 1024, /* bytes */
};

/* A frame, and by its mac all that came before it. Number 0 with zeroes: before the first one. */
struct journal_point {
    uint64_t number;
    uint8_t mac[JOURNAL_MAC_SIZE];
};

struct journal_options {
    const char *directory; /* its path, for what is said in `error` */
    int directory_fd;
    uint8_t id[JOURNAL_ID_SIZE]; /* of the store; another store's journal is refused */
    uint64_t size;               /* bytes, of a journal that is made */
    /* Lent for as long as the journal is open. NULL: then macs find accidents, and nobody who writes the file. */
    const struct vault_key *key;
    char *error; /* one sentence, with the path, for each refusal and failure */
    size_t error_size;
};

struct histogram;
struct journal;

/* Makes a journal without a frame, in place of any that is there: under another name, synced, then renamed.
   0 or negative. */
int journal_create (const struct journal_options *options);
/* Opens the journal. 0; STORE_NOT_FOUND: there is none, and nothing was said; STORE_INVALID: it is not a regular
   file of ours that is closed to others, or not a journal of this store; STORE_OTHER_VAULT: it is one, and was
   made under another key; or negative. Caller owns *self_p. */
int journal_open (struct journal **self_p, const struct journal_options *options);
void journal_close (struct journal **self_p);

/* Takes one frame's content, lent. Anything but 0 ends the replay, which returns it. */
typedef int journal_take (void *context, struct bytes content);
/* Gives the content of each frame after `from`, in order, up to the first one that is not whole. That one, and
   what is behind it, was never durable, and is cut off. If a whole frame behind it says that it was durable, the
   journal is damaged, or of a later state of the store: STORE_DAMAGED. 0, or a failure. Then the next frame is
   appended behind the last one that was given. Must be called before the first append, and then calls
   journal_sync. Called again with the same `from`, it gives the same frames, and those appended since,
   and does not look again at what is behind them. */
int journal_replay (struct journal *self, const struct journal_point *from, journal_take *take, void *context);

/* Bytes of the file. */
uint64_t journal_size (const struct journal *self);
/* Bytes of content for which a frame has room. */
uint64_t journal_room (const struct journal *self);
/* Bytes that frames use. */
uint64_t journal_used (const struct journal *self);
/* The newest frame. Lent until the next append. */
const struct journal_point *journal_last (const struct journal *self);

/* Appends a frame, which is not durable yet. `content` must fit in journal_room. 0; negative: nothing was
   appended, and nothing of it can come back; or STORE_DEAD: that cannot be promised, and nothing can succeed any
   more. */
int journal_append (struct journal *self, struct bytes content);

/* Makes all frames durable, in this thread. 0, or STORE_DEAD: a sync failed, and what the kernel holds of the file
   is not believed any more. */
int journal_sync (struct journal *self);
/* Lets the helper make durable what was appended so far, unless it is at work. 0 or negative: there is no helper.
 */
int journal_sync_begin (struct journal *self);
/* The helper is at work. */
bool journal_is_syncing (struct journal *self);
/* Readable when the helper has finished something that journal_durable has not told yet. Owned by the journal. */
int journal_sync_fd (const struct journal *self);
/* In `number` the newest frame that is durable, as are all before it. 0 or STORE_DEAD, as journal_sync. */
int journal_durable (struct journal *self, uint64_t *number);
/* How long the syncs took, since it was opened. */
const struct histogram *journal_syncs (const struct journal *self);

/* The point of a frame that comes next with this content, which need not fit, and is not appended. */
struct journal_point journal_point_of (struct journal *self, struct bytes content);
/* Begins anew: the next frame is written over the first ones, and comes after `point`: that of the last frame, or
   of one that only the caller has. All frames are durable, and what they say, and that one, is durable elsewhere;
   the caller knows the point as that from which to replay. */
void journal_restart (struct journal *self, const struct journal_point *point);
