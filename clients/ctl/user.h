/* Who acts (A1). */
#pragma once

struct arena;

/* The login name, where --user does not say: the log wants a name that means something to the organisation. Where
   that is no reference ("jan@gemeente") it is "uid-1000". The arena's. */
const char *user_logged_in (struct arena *arena);
