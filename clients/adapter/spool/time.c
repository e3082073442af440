/* What time it is for the registry, by whose clock a consent lasts and a disclosure is remembered. The clock of
   this machine may be set to any time while messages wait. */
#include "attempt.h"
#include "spool_parts.h"

void spool_note_time (struct spool *self, int64_t evaluated_at)
{
    if (evaluated_at <= 0)
        return;
    self->registry_time = evaluated_at;
    self->noted_at = attempt_now ();
}

bool spool_knows_time (const struct spool *self)
{
    return self->registry_time > 0;
}

int64_t spool_time (const struct spool *self)
{
    return spool_knows_time (self) ? self->registry_time + (attempt_now () - self->noted_at) : spool_now ();
}
