/* The tables of the structs that the rules look at and the registry keeps, named as the structs. */
#pragma once
#include "fields.h"

/* rules/statement.h */
extern const struct fields scope_fields, signature_fields, withdrawal_fields, statement_fields;
/* rules/subject.h */
extern const struct fields representative_fields, capability_fields, restriction_fields, hold_fields,
    care_end_fields, subject_fields;
/* kept.h */
extern const struct fields kept_duty_fields, consent_request_fields, rights_request_fields, event_fields,
    hearing_fields, permitted_fields, effect_fields;
/* parties/party_text.h; the id, by which a party is found, is no part of its record */
extern const struct fields party_key_fields, party_text_fields;
