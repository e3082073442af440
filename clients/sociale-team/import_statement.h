/* What a record says: a consent or a refusal, as a request of the registry, with the marks by which the import
   knows it again. */
#pragma once
#include "arena.h"
#include "envelope.pb-c.h"
#include "import_result.h"
#include "import_secret.h"
#include "import_source.h"

struct import_statement {
    Consentd__Request *request; /* without an idempotency key */
    uint8_t
        said[IMPORT_MARK]; /* of all that it says: its idempotency key. The same paper has the same one in any
                              file, so that nothing is recorded twice while the registry knows its keys (G11) */
    uint8_t person[IMPORT_MARK];
    uint8_t yes[IMPORT_MARK], no[IMPORT_MARK]; /* of this person: under these stands when he last said so */
    moment signed_at;                          /* the latest signature */
};

/* Reads the record, and fills in the line: number, place, reference. True: `self` is filled in, and is the
   arena's. False: the line is finished, as IMPORT_BAD. */
bool import_statement_read (struct import_statement *self, const struct import_record *record,
                            const struct import_secret *secret, struct arena *arena, struct import_line *line);

/* Finishes the line as IMPORT_BAD. */
void import_line_bad (struct import_line *line, const char *field, const char *message);

static inline bool import_is_refusal (const Consentd__Request *request)
{
    return request->body_case == CONSENTD__REQUEST__BODY_REFUSE;
}

/* What both kinds have. */
const char *import_bsn (const Consentd__Request *request);
const Consentd__Scope *import_scope (const Consentd__Request *request);
