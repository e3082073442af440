/* Batches: checks taken out of one message, each as a message of its own, and their answers packed into one.

   What a check holds is not looked at here: each is read as if it had come alone, and a fault in one is its own.
 */
#pragma once
#include "codec.h"

/* Most bytes of an answer to a batch. */
enum { CODEC_BATCH_LIMIT = 1 << 20 };

/* The message, which wire_check passed, holds a batch. */
bool codec_batch_is_one (const void *data, size_t size);

/* The body of a batch, whose envelope was read: request->as.batch, borrowed from the message. NULL, or what is
   wrong with it as a whole. */
const char *codec_batch_read (const void *data, size_t size, struct arena *arena, struct request *request);

/* The whole of a message but the body of a batch. */
struct bytes codec_batch_envelope (const void *data, size_t size, struct arena *arena);

/* The message that check `index` would have been, had it come alone and under this key. The arena's. */
struct bytes codec_batch_check (const struct batch_request *batch, size_t index, const uint8_t key[16],
                                struct arena *arena);

/* The check, as it stands in a batch, asks for advice; it need not be well formed. */
bool codec_batch_asks_advice (struct bytes check);

/* The answers so far. It is the arena's, with room for all of them. */
struct codec_batch;
struct codec_batch *codec_batch_new (const struct batch_request *batch, struct arena *arena);
/* Adds the answer to the next check: a message that codec_write_reply made. The arena is used, but not needed
   after the call. */
void codec_batch_add (struct codec_batch *self, struct bytes answer, struct arena *arena);
/* Packs them, with the envelope of `reply`, which has no body. At most CODEC_BATCH_LIMIT bytes. */
void codec_batch_write (const struct codec_batch *self, const struct reply *reply, struct arena *arena,
                        struct bytes *message);
