#include "user.h"

#include <pwd.h>
#include <unistd.h>
#include "arena.h"
#include "syntax.h"

const char *user_logged_in (struct arena *arena)
{
    const struct passwd *entry = getpwuid (getuid ());
    struct syntax syntax = {.arena = arena};
    if (entry)
        syntax_required (&syntax, SYNTAX_REFERENCE, "user", entry->pw_name);
    return entry && !syntax.field ? arena_strdup (arena, entry->pw_name)
                                  : arena_printf (arena, "uid-%lu", (unsigned long)getuid ());
}
