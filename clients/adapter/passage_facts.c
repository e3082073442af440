/* What is to be remembered of a message that goes. */
#include "passage_parts.h"
#include "address.h"

static const char *or_none (const char *text)
{
    return text ? text : "";
}

const struct passage_facts *passage_facts (struct passage *self)
{
    const struct mapping *mapping = self->result.elements->mapping;
    if (self->facts)
        return self->facts;
    struct passage_facts *facts = self->facts = arena_alloc (self->kept, sizeof *facts);
    facts->identification = or_none (address_value (self->result.elements, mapping->identification));
    facts->root = mapping->root->space->uri;
    facts->provider = or_none (passage_provider (self));
    facts->recipient = or_none (self->recipient);
    facts->purpose = or_none (passage_purpose (self));
    facts->references = passage_values (self, mapping->references.rules, mapping->references.count);
    return facts;
}
