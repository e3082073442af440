/* Who acts (A1). */
#pragma once

struct arena;

/* The login name, for when --user is not given. The log wants a name that means something to the organisation. If
   the login name is no reference ("jan@gemeente"), it is "uid-1000". The arena's. */
const char *user_logged_in (struct arena *arena);
