/* Telling: events on their way to the subscribers. */
#include "broker_parts.h"

int broker_tell (struct broker *self, bool heartbeat)
{
    struct outbox *outbox = self->registry.outbox;
    if (outbox_at (outbox, 0) == NULL)
        return 0;
    struct turn turn;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = push_collect (self->pushes, &turn, heartbeat, &self->more);
    rc = broker_end (self, &turn, rc);
    if (rc == 0 && !push_is_empty (self->pushes))
        broker_send_all (
            self); /* no event leaves before it is on the disk, nor before the answers that came first */
    if (rc != 0 || self->failure != 0)
        push_take_back (self->pushes);
    push_send (self->pushes, outbox, self->endpoints.sockets[CHANNEL_EVENTS], self->connections);
    return rc;
}
