/* What a statute requires to be kept of somebody who is erased, in the letter that answers the request (T1, R7).
 */
#pragma once
#include "ask.h"
#include "letter_setting.h"

/* Adds to the field "blijft" what the registry says must be kept, where an erasure was granted on this request and
   is not carried out yet. A letter that says that all is erased, where something must be kept, is not made. What
   stands in the way is printed, and its exit code kept in the setting: letter_finish then writes nothing. */
void letter_tell_kept (struct letter_setting *setting, struct letter_values *values,
                       const Consentd__RightsRequest *request);
