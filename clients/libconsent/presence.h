/* Whether anybody listens at an endpoint of the registry, known before anything is sent to it. */
#pragma once
#include "inner.h"

enum { PRESENCE_WORDS = 160 };

/* Looks whether the endpoint takes connections. 0: it does, or this cannot be told here: a machine that says
   nothing may still answer. PRESENCE_ABSENT: the connection is refused, the socket or the way to it is not there,
   or its name means nothing, within `patience` ms; `why` then says so, a clause without personal data. Opens a
   connection, over which nothing is sent, and closes it. */
int presence_look (const char *endpoint, int patience, char why[PRESENCE_WORDS]);
