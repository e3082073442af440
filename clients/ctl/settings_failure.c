#include "settings_failure.h"

#include "ctl.h"

int settings_failure (int code, const struct settings_error *wrong)
{
    char fault[SETTINGS_ERROR_ONE];
    for (size_t i = 0; settings_error_at (wrong, i, fault); i++)
        ctl_fail (code, "%s", fault);
    return code;
}
