#include "changes.h"
#include <stdlib.h>
#include <string.h>

enum { KEPT = 1024 };

struct changes {
    uint64_t count;
    uint8_t subjects[KEPT][VAULT_ID_SIZE];
};

struct changes *changes_new (void)
{
    struct changes *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void changes_destroy (struct changes **self_p)
{
    free (*self_p);
    *self_p = NULL;
}

void changes_note (struct changes *self, const uint8_t subject[VAULT_ID_SIZE])
{
    memcpy (self->subjects[self->count++ % KEPT], subject, VAULT_ID_SIZE);
}

uint64_t changes_count (const struct changes *self)
{
    return self->count;
}

bool changes_since (const struct changes *self, const uint8_t subject[VAULT_ID_SIZE], uint64_t count)
{
    if (self->count - count > KEPT)
        return true;
    for (; count < self->count; count++)
        if (memcmp (self->subjects[count % KEPT], subject, VAULT_ID_SIZE) == 0)
            return true;
    return false;
}
