/* The log of the registry, read page by page. */
#pragma once
#include "pages.h"

/* For an AuditListRequest, which says where to begin and how many lines a page has. */
extern const struct paging log_paging;
