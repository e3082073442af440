/* What the registry says is wrong with a field, in the language of the form. */
#pragma once

/* The sentence of the registry (`message` of INVALID) in Dutch; one that is not known here: that it does not take
   this. Static. */
const char *registry_words_dutch (const char *message);
