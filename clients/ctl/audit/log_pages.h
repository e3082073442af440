/* The log of the registry, asked page by page. */
#pragma once
#include "pages.h"

/* Of an AuditListRequest, which says where it begins and how many lines a page has. */
extern const struct paging log_paging;
