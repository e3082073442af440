/* What the registry says, into the table of a view. */
#pragma once
#include "envelope.pb-c.h"
#include "view_table.h"

/* What is permitted, of a page of a snapshot. */
void view_feed_page (struct view_table *table, const Consentd__SnapshotReply *page);
enum view_fed {
    VIEW_FED,       /* what it changed is in the table */
    VIEW_FED_SHUT,  /* it changed more than it tells: its subject is shut */
    VIEW_FED_DOUBT, /* nobody knows what it changed: nothing of the table may be believed */
};

/* What an event changed. */
enum view_fed view_feed_event (struct view_table *table, const Consentd__EventPush *event);
