/* The options of a spool, as it wants them. */
#include "program_parts.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

enum { HOLD_DAYS = 30, HOLD_DAYS_MAX = 3650 };

/* A whole number. False: it is none, or too large. */
static bool read_number (const char *text, uint64_t most, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull (text, &end, 10);
    return errno == 0 && *end == 0 && *text >= '0' && *text <= '9' && *number <= most;
}

int program_spool (struct run *self)
{
    char consumer[64];
    struct spool_order *order = &self->spool;
    snprintf (consumer, sizeof consumer, "spool-%s", self->program->name);
    order->key = self->key;
    order->former_key = self->former_key;
    order->program = self->program->name;
    order->order = self->order;
    order->order.recall = false; /* the spool knows by its ledger what may have been run before */
    order->quiet = self->quiet;
    order->json = self->json;
    order->consumer = order->consumer ? order->consumer : consumer;
    uint64_t days = HOLD_DAYS;
    if (self->hold_days && !read_number (self->hold_days, HOLD_DAYS_MAX, &days))
        return program_complain (self, EX_USAGE, "--hold-days", "is a number of days, at most 3650");
    order->hold_days = (unsigned)days;
    order->ledger_days = self->days;
    if (self->from_event && (!read_number (self->from_event, INT64_MAX, &order->from) || order->from == 0))
        return program_complain (self, EX_USAGE, "--from-event", "is the number of an event");
    if (self->input || self->output || self->report || self->ledger_directory)
        return program_complain (self, EX_USAGE, "--spool",
                                 "takes its messages from its own directory, and writes them there");
    return spool_run (order);
}
