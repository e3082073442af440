/* What the registry says is wrong with a field, in the language of the form. */
#pragma once
#include "arena.h"
#include "envelope.pb-c.h"

/* The sentence of the registry (`message` of INVALID) in Dutch; one that is not known here: that it does not take
   this. Static. */
const char *registry_words_dutch (const char *message);

/* The field of the form that the reply to this request names, as "gegevens[2]": the entry as it was given, though
   the registry judges lists in an order of its own. The arena's; NULL: the form has no such field. */
const char *registry_words_path (struct arena *arena, const Consentd__Request *request,
                                 const Consentd__Reply *reply);
