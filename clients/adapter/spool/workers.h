/* Threads that share work of which each part stands by itself: it looks at no other, asks nobody, and changes
   nothing that parts share. So it needs no locks.

   Reading a message, building what goes of it and writing its report is work for the processors: the group goes on
   when all of it is done. To remove files is work for the disk: that goes on beside the next group. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct workers;

/* So many threads, or as many as there can be: who waits for them does what they do not. Those that work `beside`
   leave the processors to all others: what they do is wanted later. Caller owns the return value and must destroy
   it. */
struct workers *workers_new (size_t threads, bool beside);
/* Waits for the parts that are under way. */
void workers_destroy (struct workers **self_p);

/* Calls `work` with each number below `count`, in no order and on any thread. Returns when all is done. */
typedef void workers_work (void *context, size_t number);
void workers_share (struct workers *self, size_t count, workers_work *work, void *context);

/* The same with parts that come one by one: each workers_add is one number more, from 0. workers_wait returns when
   all of them are done, and begins at 0 again. */
void workers_begin (struct workers *self, workers_work *work, void *context);
void workers_add (struct workers *self);
void workers_wait (struct workers *self);
