/* Where consentctl looks for a key that nobody named: the user's own place, and then the machine's. */
#pragma once

struct arena;

#define DEFAULT_KEY_SYSTEM "/etc/consentd/operator.key"

/* $XDG_CONFIG_HOME/consentd/operator.key, or that of ~/.config. NULL: this user has no such place. The arena's. */
const char *default_key_of_user (struct arena *arena);
/* The user's, if there is such a file; else the machine's, whether there is one or not. */
const char *default_key (struct arena *arena);
/* Makes a link there, and its directory, to a key file, by its absolute path. A link or file that is there stays:
   -EEXIST. 0 or -errno. */
int default_key_link (const char *place, const char *key_file);
