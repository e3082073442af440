/* Holds a mapping against an XML Schema: every element of the schema has a line, no line names an element that the
   schema lacks, and they say the same about what is required and repeated, and in what order it stands. */
#pragma once
#include "mapping.h"
#include "mapping_findings.h"
#include "schema_file.h"

/* Of the message that comes in, and that goes out thinned. A mapping for a shape of our own may ask for less. 0,
   or -EINVAL with one sentence in `error`: the schema cannot be used. */
int mapping_check_message (const struct mapping *mapping, const struct schema_file *schema,
                           struct mapping_findings *findings, char *error, size_t size);

/* Of the shape of our own that goes out. */
int mapping_check_shape (const struct mapping *mapping, const struct schema_file *schema,
                         struct mapping_findings *findings, char *error, size_t size);
