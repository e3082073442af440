#include "handling.h"
#include "permission.h"

int handling_status (struct handling *handling, enum status status, const char *message)
{
    handling->reply.status = status;
    handling->reply.message = message;
    return 0;
}

int handling_lacks (struct handling *handling, struct turn *turn, const struct caller *caller,
                    uint32_t permissions)
{
    const char *lacks = "";
    for (unsigned i = 0; i < PERMISSION_COUNT; i++)
        if ((permissions & UINT32_C (1) << i) != 0)
            lacks = arena_printf (turn->arena, "%s%s%s", lacks, lacks[0] != 0 ? " or " : "", permission_name (i));
    return handling_status (handling, STATUS_FORBIDDEN,
                            arena_printf (turn->arena, "%s has the role %s, which lacks the permission %s",
                                          caller->party->text.id, caller->party->text.role, lacks));
}

int handling_invalid (struct handling *handling, const char *field, const char *message)
{
    handling->reply.field = field;
    return handling_status (handling, STATUS_INVALID, message);
}
