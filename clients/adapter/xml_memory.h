/* Memory of libxml2 for one step of a message: what it allocates in between is released all at once.

   A tree is hundreds of small pieces, which cost the heap as much as it costs libxml2 to read them. Each thread
   has room for the trees of a message of ordinary size; what needs more has the heap's, as everything else has. */
#pragma once
#include <libxml/tree.h>
#include <stdbool.h>

/* Lets libxml2 ask here for memory. Once, before there are threads that use it; without it, and under
   AddressSanitizer, which is to see each piece, all of it is the heap's. */
void xml_memory_prepare (void);

/* Begins a step of this thread. What libxml2 allocates from here on may not be used after the end of it. */
void xml_memory_begin (void);
void xml_memory_end (void);

/* For what is kept longer: the heap's until then. False: there was no step, or it has stopped already; what this
   returned is given back to xml_memory_go_on. */
bool xml_memory_stop (void);
void xml_memory_go_on (bool stopped);

/* Frees a document, unless the end of the step does. Takes NULL. */
void xml_memory_free (xmlDoc *document);
