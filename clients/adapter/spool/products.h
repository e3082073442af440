/* What a later message takes back, of what went and of what is held.

   Of a product with such a status the standard says that what was told of it before is as if it was never sent. A
   product is known here by a keyed hash of who sends it in which sort of message, whom it is about and by what it
   is the same (`same-as` of the mapping): none of these values is kept for it.

   What went stays in the ledger, noted as taken back. It is told of in notices as before: who received it has it,
   and that it was taken back does not tell him that a consent was withdrawn, or that data are to be corrected or
   erased (AVG 19); nor does anybody here know that he heard it.

   What is held loses the product: it goes without it, when it goes. If nothing else is in it, it ends in failed/
   with TAKEN_BACK; if there is, others wait for that, so it stays. What was written later than what takes back is
   another beginning, and is left alone.

   What takes back goes as any other, also where nothing is known to have gone: the receiver may have it from
   before, or from another system. Only where a held message has it that says of itself that nothing was told
   before (`first` of the mapping), and the ledger knows of nothing that went, is there nothing to take back: then
   that product does not go, and what has no other ends with TAKEN_BACK too. In doubt it goes: the receiver refuses
   a needless one, while one that is lacking leaves with him for good what is not so.

   It counts with the first end of what takes back, even if that is held itself: nobody gets what was taken back
   only because he may not yet be told so. And it counts for what comes after it, though that was written before
   (taken_back.h). */
#pragma once
#include "ledger.h"
#include "passage.h"

/* A message, and the ledger. All is borrowed. */
struct products_of {
    struct ledger *ledger;
    struct passage *passage;
    const char *held_as; /* its own name in held/; NULL: it is not there */
    int64_t came;        /* when it was written, in ns since 1970; INT64_MAX: it is no file */
    bool began;    /* a run before may have disclosed it: then that stands, and what took it back came after */
    json_t *woken; /* where the names of held messages go that are to be decided anew; NULL: nowhere */
};

/* Meets PASSAGE_PRODUCTS; only reads. What is under way may have gone or not: then the message must wait. */
void products_tell (const struct products_of *self);
/* Before the first step of a message that is held: tells what its record says was taken back of it meanwhile. By
   its `provider` the products are known again, before it is asked once more who sends the message. */
void products_recall (struct ledger *ledger, struct passage *passage, const json_t *held);
/* Within a change: notes what the message takes back, of what is held, and if it `goes` also of what went. */
void products_take_back (const struct products_of *self, bool goes);

/* Who sends the message, as its products are known by that. */
const char *products_provider (const struct passage *passage);
/* What is to be kept of a message: all of its products (held), or of one client those that go (went). Caller owns
   the return value. */
json_t *products_held (struct ledger *ledger, const struct passage *passage);
json_t *products_of_client (const struct ledger *ledger, const struct passage *passage, size_t client);

/* The records that have a product have this mark, with its `id` as text. */
#define PRODUCTS_MARK "product"

/* Whether anything in the message is the same as in another, and one of both takes back: then the later one must
   be decided after the other has its end. The others are in `seen`, which begins empty, and in `before`, which may
   be the same; each product of the message is noted in `seen`. */
bool products_meet (struct ledger *ledger, const struct passage *passage, const json_t *before, json_t *seen);
