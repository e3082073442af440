/* Whether an answer that there is none now is about one person alone. */
#pragma once
#include <stdbool.h>
#include "consent.h"

/* The registry said UNAVAILABLE of something about this person. True: what it has of this person cannot be read
   now (it is damaged, or just being erased), and it answers all the same. False: it is about the registry, or that
   is not known. On a connection of its own, so that nothing else is given up by its few attempts. */
bool import_is_unreadable (consent_t *connection, const char *bsn);
