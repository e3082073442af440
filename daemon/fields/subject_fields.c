/* What is kept of a subject. */
#include "rules/subject.h"
#include "syntax.h"
#include "tables.h"

static const struct field representative[] = {
    {TEXT (representative, reference), .sort = SYNTAX_REFERENCE, .needed = true},
    {TEXT (representative, kind), .sort = SYNTAX_CODE},
    {DAY (representative, from)},
    {DAY (representative, until)},
    {DAY (representative, refused_from)},
    {TEXT (representative, refused_reason), .sort = SYNTAX_TEXT, .in_full = true},
    {MOMENT (representative, from_recorded), .also = "from_recorded_at"},
    {MOMENT (representative, until_recorded), .also = "until_recorded_at"},
    {MOMENT (representative, refused_recorded), .also = "refused_recorded_at"},
};
const struct fields representative_fields = {FIELDS_OF (representative, representative)};

static const struct field capability[] = {
    {DAY (capability, from), .needed = true},
    {FLAG (capability, capable)},
    {MOMENT (capability, recorded), .also = "recorded_at"},
};
const struct fields capability_fields = {FIELDS_OF (capability, capability)};

static const struct field restriction[] = {
    {TEXT (restriction, category), .in_log = true},
    {MOMENT (restriction, since), .in_log = true},
    {NUMBER (restriction, next_order), .in_log = true},
    {TEXT (restriction, reason), .in_full = true},
    {TEXT (restriction, recorded_by), .in_log = true},
    {TEXT (restriction, user)},
    {NUMBER (restriction, request), .in_full = true, .in_log = true},
};
const struct fields restriction_fields = {FIELDS_OF (restriction, restriction)};

static const struct field hold[] = {
    {TEXT (hold, reference), .in_log = true}, {MOMENT (hold, since), .in_log = true},
    {TEXT (hold, reason), .in_full = true},   {TEXT (hold, recorded_by), .in_log = true},
    {TEXT (hold, user), .in_full = true, .in_log = true},
};
const struct fields hold_fields = {FIELDS_OF (hold, hold)};

static const struct field care_end[] = {
    {TEXT (care_end, law), .sort = SYNTAX_CODE, .needed = true},
    {DAY (care_end, day), .needed = true},
};
const struct fields care_end_fields = {FIELDS_OF (care_end, care_end)};

static const struct field subject[] = {
    {FLAG (subject, known), .unstored = true, .in_log = true}, /* there is a record */
    {DAY (subject, birth), .also = "birth_date"},
    {DAY (subject, death), .also = "death_date"},
    {MOMENT (subject, death_recorded), .also = "death_recorded_at"},
    {LIST (subject, representatives, representative_count, &representative_fields)},
    {LIST (subject, capabilities, capability_count, &capability_fields)},
    {LIST (subject, restrictions, restriction_count, &restriction_fields)},
    {LIST (subject, holds, hold_count, &hold_fields)},
    {LIST (subject, care_ended, care_ended_count, &care_end_fields)},
};
const struct fields subject_fields = {FIELDS_OF (subject, subject)};
