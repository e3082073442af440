/* What consent-watch says on stderr of a registry that is not there. */
#pragma once
#include "consent.h"

enum {
    PRESENCE_PATIENCE = 1000, /* ms without the registry after which that is said */
    PRESENCE_SILENCE = 8000,  /* ms in which a registry that is connected sent nothing, not even a heartbeat */
};

/* What was said already. Begins zeroed. */
struct presence {
    bool is_away, is_silent;
};

/* Says once that the registry is not there, and whom it tries; and when it is there. To be called at least twice a
   second. */
void presence_tell (const consent_t *registry, struct presence *told);
