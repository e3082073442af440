/* Batches: takes a message apart into its checks. codec.h says how each check is read. */
#pragma once
#include "codec.h"

/* Most bytes of an answer to a batch, which is larger than CODEC_LARGE_LIMIT only where all or nothing was
   disclosed; and of a backup, of lines as stored, or of a receipt. */
enum { CODEC_BATCH_LIMIT = 9 << 20, CODEC_LARGE_LIMIT = 1 << 20 };

/* How many checks seem to be in the body of a batch. The body need not be well formed. */
size_t codec_batch_count (struct bytes body);

/* Finds the checks of a batch, which stay in `message`. The message was checked. NULL, or what is wrong with the
   batch as a whole. */
const char *codec_batch_begin (struct bytes message, struct arena *arena, struct batch_request *batch);

/* Makes of the packed reply to a check alone the packed answer at its place in the batch (BatchAnswer), in the
   arena. True if it names a field: it then is the answer at this place only, though an equal check has an equal
   reply. */
bool codec_batch_answer (const struct codec_place *place, struct bytes reply, struct arena *arena,
                         struct bytes *answer);

/* Makes of a recorded reply to a check the packed answer that `recorded` gives, in the arena. Of a reply of size
   0: that there is none. Size 0: the reply cannot be read. */
struct bytes codec_recorded_answer (struct bytes reply, struct arena *arena);

/* The message that this check would have been if it had come alone. The arena's. */
struct bytes codec_batch_message (const struct codec_place *place, struct arena *arena);
