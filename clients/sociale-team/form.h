/* Reads a filled-in consent form (toestemmingsformulier) in JSON, and makes a request of it. docs/adapters.md is
   its reference, config/toestemmingsformulier.json an example. */
#pragma once
#include <stddef.h>
#include "arena.h"
#include "bytes.h"
#include "envelope.pb-c.h"
#include "moments.h"

enum { FORM_SIZE_MAX = 65536, FORM_ERROR = 256 };

/* Reads a form as a request to grant, or to refuse if the subject said no. A duration begins at `now`. 0; -EINVAL
   with one sentence in `error`, which names the field and never its content. *request_p and all that it points to
   are the arena's. */
int form_read (struct bytes text, moment now, struct arena *arena, Consentd__Request **request_p,
               char error[FORM_ERROR]);
