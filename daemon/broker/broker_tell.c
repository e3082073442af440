/* Telling: events on their way to the subscribers. */
#include "broker_parts.h"

int broker_tell (struct broker *self, bool heartbeat)
{
    struct outbox *outbox = self->registry.outbox;
    struct turn turn;
    if (heartbeat)
        outbox_beat (outbox);
    if (outbox_due (outbox) == NULL || push_is_full (self->pushes))
        return 0;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = push_collect (self->pushes, &turn, &self->more);
    rc = broker_end (self, &turn, rc);
    /* No event leaves before all that it tells of is on the disk, nor before the answers that came first. */
    push_settle (self->pushes, rc == 0, &(struct push_after){self->registry.happened, self->departed});
    return rc;
}
