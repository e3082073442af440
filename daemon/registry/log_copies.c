#include "log_copies.h"
#include <stdio.h>
#include <string.h>
#include "config/config.h"

_Static_assert((int)LOG_COPIES == (int)CONFIG_COPIES, "as many as may be configured");

static struct log_copy *find (struct log_copies *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->copy[i].name, name) == 0)
            return &self->copy[i];
    return NULL;
}

void log_copies_expect (struct log_copies *self, const struct config *config, moment steady)
{
    struct log_copies before = *self;
    self->count = config->log_copy_count;
    for (size_t i = 0; i < self->count; i++) {
        const struct log_copy *known = find (&before, config->log_copies[i]);
        self->copy[i] = known != NULL ? *known : (struct log_copy){.whole_at = steady};
        snprintf (self->copy[i].name, sizeof self->copy[i].name, "%s", config->log_copies[i]);
    }
}

static bool is_same (const struct connection_id *one, const struct connection_id *other)
{
    return one->number == other->number && one->fd == other->fd && one->channel == other->channel;
}

void log_copies_connection_gone (struct log_copies *self, const struct connection_id *gone)
{
    for (size_t i = 0; i < self->count; i++)
        self->copy[i].is_left |= is_same (&self->copy[i].heard_on, gone);
}

/* It is whole as of the last moment at which the log had no more lines than the copy has. That moment is known as
   closely as the copier reports. */
static void note_number (struct log_copy *copy, const struct turn *turn, uint64_t number)
{
    if (copy->is_heard && number >= copy->newest)
        copy->whole_at = copy->newest_at;
    if (!copy->is_heard || number >= copy->newest) {
        copy->newest = turn->state.audit_number;
        copy->newest_at = turn->steady;
    }
    if (number >= turn->state.audit_number)
        copy->whole_at = turn->steady;
    copy->number = number;
}

enum log_copies_outcome log_copies_note (struct turn *turn, const struct log_copied *told,
                                         const struct connection_id *connection)
{
    struct log_copy *copy = find (&turn->copies, told->name);
    if (copy == NULL)
        return LOG_COPIES_UNEXPECTED;
    bool is_other = !copy->is_heard || memcmp (copy->copier, told->copier, sizeof copy->copier) != 0;
    if (is_other && copy->is_heard && !copy->is_left)
        return LOG_COPIES_TAKEN;
    bool is_new = is_other || strcmp (copy->fault, told->fault) != 0;
    note_number (copy, turn, told->number);
    copy->is_heard = true;
    copy->is_left = false;
    copy->heard_on = *connection;
    copy->heard_at = turn->now;
    memcpy (copy->copier, told->copier, sizeof copy->copier);
    snprintf (copy->fault, sizeof copy->fault, "%s", told->fault);
    return is_new ? LOG_COPIES_NEW : LOG_COPIES_NOTED;
}

moment log_copy_behind_for (const struct log_copy *self, uint64_t newest, moment steady)
{
    return self->is_heard && self->number >= newest ? 0 : steady - self->whole_at;
}

/* It counts as behind until it is behind no more than half of what it may be: else it would come and go. */
static bool is_behind (const struct log_copy *self, moment lag, moment steady)
{
    return self->fault[0] != 0 || steady - self->whole_at >= (self->is_behind ? lag / 2 : lag);
}

struct log_copy *log_copies_changed (struct log_copies *self, moment lag, moment steady)
{
    for (size_t i = 0; i < self->count; i++)
        if (is_behind (&self->copy[i], lag, steady) != self->copy[i].is_behind)
            return &self->copy[i];
    return NULL;
}

moment log_copies_due (const struct log_copies *self, moment lag)
{
    moment due = MOMENT_NEVER;
    for (size_t i = 0; i < self->count; i++) {
        const struct log_copy *copy = &self->copy[i];
        if (!copy->is_behind && copy->whole_at + lag < due)
            due = copy->whole_at + lag;
    }
    return due;
}
