/* The log of the registry, read page by page. */
#pragma once
#include <jansson.h>
#include "pages.h"

/* For an AuditListRequest, which says where to begin and how many lines a page has. */
extern const struct paging log_paging;

/* A line of the log for programs: Entry of docs/json.md. Caller owns it. */
json_t *log_entry_document (const Consentd__AuditEntry *entry);
