/* Threads that share the work of a group: what is done for each item by itself, as reading a message, building
   what goes of it, or writing its report. Such work looks at no other item, asks nobody, and changes nothing that
   items share; so it needs no locks, and ends before the group goes on. */
#pragma once
#include <stddef.h>

struct workers;

/* As many threads as there are processors, of which one is the caller's. Caller owns the return value and must
   destroy it. */
struct workers *workers_new (void);
void workers_destroy (struct workers **self_p);

/* Calls `work` with each number below `count`, in no order and on any thread. Returns when all is done. */
typedef void workers_work (void *context, size_t number);
void workers_share (struct workers *self, size_t count, workers_work *work, void *context);
