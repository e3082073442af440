/* The pages of a snapshot, as consent_snapshot and a view ask for them. */
#pragma once
#include "connection.h"

/* What is done with a page, which is lent. */
typedef void snapshot_page_handler (void *context, const Consentd__SnapshotReply *page);

/* Asks page after page, with what is permitted too where `permits`. `first` is set to what the first page says of
   the moment. As consent_snapshot. */
int snapshot_take (consent_t *self, bool permits, snapshot_page_handler *each, void *context,
                   struct consent_snapshot *first);
