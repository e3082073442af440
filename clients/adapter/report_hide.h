/* Of where somebody stays, and of what may be told to nobody because the subject's data are restricted, a report
   says no more than that something was left out: whoever reads it learns neither what nor why. */
#pragma once
#include "passage.h"

/* Marks the elements of a passage that are not to be told. Returns how many parts of the message these are. */
size_t report_hide (const struct passage *passage);

/* Whether the category of this item is not to be named, in what is said of the client. */
bool report_hides_item (const struct passage *passage, size_t client, size_t item);
