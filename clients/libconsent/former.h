/* A position that begins anew, and the one that was there before. */
#pragma once
#include "connection.h"

/* The position will begin anew in this file: reads what is there now. */
void former_read (consent_t *self, const char *position_file);

/* The epoch is known. In the same epoch, what was seen of the log still counts. A position of another epoch, and a
   file that is none, is kept under another name, since it may be evidence. 0 or -errno. */
int former_take (consent_t *self);
