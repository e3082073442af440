#include "permission.h"
#include <stddef.h>
#include <string.h>

static const char *const names[PERMISSION_COUNT] = {
    "check", "check-for-others", "grant",  "revoke", "subject", "explain", "events",
    "admin", "request",          "rights", "health",
};

const char *permission_name (unsigned index)
{
    return index < PERMISSION_COUNT ? names[index] : NULL;
}

uint32_t permission_by_name (const char *name)
{
    for (unsigned i = 0; i < PERMISSION_COUNT; i++)
        if (strcmp (names[i], name) == 0)
            return UINT32_C (1) << i;
    return 0;
}
