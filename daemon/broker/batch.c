#include "batch.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "big_endian.h"
#include "codec/codec_batch.h"
#include "registry/changes.h"

enum { ARENA_LIMIT = 16 << 20 }; /* far more than a message of 64 KiB takes that dispatch () could read */

/* One check. */
struct part {
    size_t same_as; /* the first that is equal to it; itself: none is */
    struct dispatch_check check;
    bool decided, kept;
    uint64_t changes; /* how many there were when it was decided */
    void *answer;     /* of the first of those that are equal: a reply to it alone */
    size_t size;
};

struct batch {
    struct arena *arena;
    struct request *request;
    size_t count;
    struct part parts[BATCH_CHECKS];
};

static uint64_t hash_of (struct bytes bytes)
{
    uint64_t hash = UINT64_C (0xcbf29ce484222325);
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ ((const uint8_t *)bytes.data)[i]) * UINT64_C (0x100000001b3);
    return hash;
}

static void find_equals (struct batch *self)
{
    const struct bytes *checks = self->request->as.batch.checks;
    uint64_t hashes[BATCH_CHECKS];
    for (size_t i = 0; i < self->count; i++) {
        struct part *part = &self->parts[i];
        hashes[i] = hash_of (checks[i]);
        part->same_as = i;
        part->check.times = 1;
        size_t earlier = codec_batch_asks_advice (checks[i]) ? i : 0; /* that it may be equal to */
        for (size_t j = 0; j < earlier && part->same_as == i; j++)
            if (self->parts[j].same_as == j && hashes[j] == hashes[i] && checks[j].size == checks[i].size &&
                memcmp (checks[j].data, checks[i].data, checks[i].size) == 0)
                part->same_as = j;
        if (part->same_as != i)
            self->parts[part->same_as].check.times++;
    }
}

struct batch *batch_new (struct bytes message)
{
    struct batch *self = calloc (1, sizeof *self);
    struct codec_fault fault;
    if (self == NULL)
        abort ();
    self->arena = arena_new (ARENA_LIMIT);
    self->request = arena_alloc (self->arena, sizeof *self->request);
    int rc = codec_read_request (message.data, message.size, self->arena, self->request, &fault);
    assert (rc == 0 && self->request->verb == VERB_BATCH); /* dispatch () read it before */
    (void)rc;
    self->count = self->request->as.batch.count;
    find_equals (self);
    return self;
}

static void forget (struct part *part)
{
    free (part->answer);
    part->answer = NULL;
    part->decided = part->kept = false;
}

void batch_destroy (struct batch **self_p)
{
    struct batch *self = *self_p;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->count; i++)
        forget (&self->parts[i]);
    arena_destroy (&self->arena);
    free (self);
    *self_p = NULL;
}

void batch_keep (struct batch *self)
{
    for (size_t i = 0; i < self->count; i++)
        self->parts[i].kept = self->parts[i].decided;
}

void batch_undo (struct batch *self)
{
    for (size_t i = 0; i < self->count; i++)
        if (!self->parts[i].kept)
            forget (&self->parts[i]);
}

/* C13: what was decided of a subject whose file has changed since is in doubt. */
static void doubt (struct batch *self, const struct turn *turn)
{
    for (size_t i = 0; i < self->count; i++) {
        struct part *part = &self->parts[i];
        if (part->decided && part->check.has_subject &&
            changes_since (turn->changes, part->check.subject, part->changes))
            forget (part);
    }
}

/* G11 for each check: its key is made of the batch's and its place in it, and known to nobody else. */
static void key_of (const struct turn *turn, const struct request *batch, size_t index, uint8_t key[16])
{
    uint8_t place[8];
    put_be64 (place, index);
    vault_fingerprint (turn->vault, "batch", batch->idempotency_key, sizeof batch->idempotency_key, place,
                       sizeof place, key);
}

/* What it takes of the arena the next finds free. */
static int decide_part (struct batch *self, struct turn *turn, const struct caller *caller, size_t index)
{
    struct part *part = &self->parts[index];
    struct arena_mark mark = arena_mark (turn->arena);
    uint8_t key[16];
    struct bytes answer;
    key_of (turn, self->request, index, key);
    struct bytes message = codec_batch_check (&self->request->as.batch, index, key, turn->arena);
    part->changes = changes_count (turn->changes);
    int rc = dispatch_check (turn, caller, message, &part->check, &answer);
    if (rc == 0) {
        part->answer = malloc (answer.size);
        if (part->answer == NULL)
            abort ();
        memcpy (part->answer, answer.data, answer.size);
        part->size = answer.size;
        part->decided = true;
        arena_release (turn->arena, mark);
    }
    return rc;
}

static void write_answer (const struct batch *self, struct turn *turn, struct bytes *answer)
{
    struct codec_batch *answers = codec_batch_new (&self->request->as.batch, turn->arena);
    for (size_t i = 0; i < self->count; i++) {
        const struct part *part = &self->parts[self->parts[i].same_as];
        codec_batch_add (answers, (struct bytes){part->answer, part->size}, turn->arena);
    }
    struct reply reply = {.status = STATUS_OK, .has_key = true};
    memcpy (reply.idempotency_key, self->request->idempotency_key, sizeof reply.idempotency_key);
    dispatch_fill_common (turn, &reply);
    codec_batch_write (answers, &reply, turn->arena, answer);
}

int batch_step (struct batch *self, struct turn *turn, const struct caller *caller, uint64_t allowance,
                struct bytes *answer)
{
    uint64_t before = turn_cost (turn);
    bool stepped = false;
    doubt (self, turn);
    for (size_t i = 0; i < self->count; i++) {
        if (self->parts[i].same_as != i || self->parts[i].decided)
            continue;
        if (stepped && turn_cost (turn) - before >= allowance)
            return BATCH_MORE;
        int rc = decide_part (self, turn, caller, i);
        if (rc != 0)
            return rc;
        stepped = true;
    }
    write_answer (self, turn, answer);
    return 0;
}
