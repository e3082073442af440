#include "overdue.h"

void overdue_pass (struct overdue *self, uint64_t acknowledged)
{
    if (self->number > acknowledged)
        return;
    self->number = 0;
    self->since = 0;
    if (self->looked < acknowledged)
        self->looked = acknowledged;
}

/* Events are in the order of time, but where the time was reset: then one that is overdue is found later. */
bool overdue_take (struct overdue *self, const struct event *event, moment before)
{
    if (self->number > 0 || event->time > before)
        return false;
    if (event_protects (event->kind)) {
        self->number = event->number;
        self->since = event->time;
        return false;
    }
    self->looked = event->number;
    return true;
}

enum overdue_word overdue_judge (const struct overdue *self, uint64_t told, bool is_whole)
{
    if (self->number > 0)
        return told == 0 ? OVERDUE_BEGINS : OVERDUE_NOTHING;
    return told > 0 && is_whole ? OVERDUE_ENDS : OVERDUE_NOTHING;
}
