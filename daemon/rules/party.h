/* A party as the rules see it. */
#pragma once
#include <stdbool.h>
#include "calendar.h"
#include "policy.h"

struct party {
    const char *id;
    code kind;
    enum secrecy secrecy; /* the higher of two: its kind's, and its own */
    bool active;
    moment agreement_from;  /* C3; MOMENT_NEVER: no agreement */
    moment agreement_until; /* exclusive; MOMENT_NEVER: open */
};
