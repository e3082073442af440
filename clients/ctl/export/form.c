#include "form.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include "call.h"

json_t *export_details (const Consentd__AuditEntry *entry)
{
    return json_loads (entry->details, JSON_REJECT_DUPLICATES, NULL);
}

void export_ids (const struct export_log *log, const Consentd__AuditEntry *entry, char trace[EXPORT_TRACE_SIZE],
                 char span[EXPORT_SPAN_SIZE])
{
    enum { TRACE = (EXPORT_TRACE_SIZE - 1) / 2, SPAN = (EXPORT_SPAN_SIZE - 1) / 2 };
    char named[EXPORT_ORIGIN_SIZE + 80];
    unsigned char hash[crypto_hash_sha256_BYTES];
    int size = snprintf (named, sizeof named, "consentd line\n%s\n%" PRIu64 "\n%" PRId64 "\n", log->origin,
                         entry->number, entry->time);
    crypto_hash_sha256 (hash, (const unsigned char *)named, (unsigned long long)size);
    consent_hex (hash, TRACE, trace);
    consent_hex (hash + TRACE, SPAN, span);
}
