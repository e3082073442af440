/* What a letter says of codes, states and moments, in plain Dutch. Texts live as long as the overview, or for
 * ever. */
#pragma once
#include "overview_data.h"

/* Why something might be passed on, and why not. */
const char *overview_ground (const struct overview *self, const Consentd__ItemVerdict *item);
const char *overview_reason (Consentd__Code code);
/* "Zorgaanbieder Horizon", if its name is known; else "Zorgaanbieder (zorgaanbieder-horizon)", and of a party of
   which there is one of its sort only "Kernteam"; "Het register" for "". */
const char *overview_party (const struct overview *self, const char *id);
/* "Kernteam, Team Wmo van de gemeente" */
const char *overview_parties (const struct overview *self, char *const *ids, size_t count);
const char *overview_labels (const struct overview *self, Consentd__OverviewLabel__Kind kind, char *const *codes,
                             size_t count);
/* What became of a consent, a refusal or a request: one or two sentences. */
const char *overview_state (const struct overview *self, const Consentd__Consent *consent);
/* "Inzage", "open": a request under the rights. */
const char *overview_rights_kind (Consentd__RightsKind kind);
const char *overview_rights_state (Consentd__RightsState state);
/* "op papier" */
const char *overview_form (Consentd__Form form);
/* "u vertellen dat uw gegevens zijn doorgegeven" */
const char *overview_duty (Consentd__Obligation kind);
const char *overview_duty_state (const struct overview *self, const Consentd__Duty *duty);
/* "heeft uw gegevens in het register bekeken" */
const char *overview_act (const struct overview *self, const struct overview_act *act);
/* "3 mei 2026", or "12 keer, van 3 mei 2026 tot en met 5 juni 2026". */
const char *overview_when (const struct overview *self, uint64_t count, int64_t first, int64_t last);
/* A row of who was told: a party, or one of its systems, and whether it has heard, and when. `index` from 0; false
   past the last. */
struct overview_told_row {
    const char *who, *heard;
};
bool overview_told_row (const struct overview *self, const struct overview_told *told, size_t index,
                        struct overview_told_row *row);
