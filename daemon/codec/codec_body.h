/* The bodies of requests: one reader a verb, from what was unpacked to what was checked. */
#pragma once
#include "envelope.pb-c.h"
#include "request.h"
#include "syntax.h"

/* Reads the one body of `wire`, whose texts it borrows, and sets request->verb. `syntax` keeps the first fault. */
void codec_read_body (struct syntax *syntax, const Consentd__Request *wire, struct request *request);

/* The verb of a body by its field number in the envelope; VERB_NONE: that is no body. */
enum verb codec_body_verb (uint32_t number);

/* codec_body_consent.c: readers of one body each. */
typedef void codec_reader (struct syntax *syntax, const Consentd__Request *envelope, struct request *request);
codec_reader codec_read_grant;
codec_reader codec_read_refuse;
codec_reader codec_read_revoke;
codec_reader codec_read_ask;
codec_reader codec_read_waiting_list;
codec_reader codec_read_defer;
codec_reader codec_read_consent_show;
codec_reader codec_read_consent_list;

/* codec_body_duty.c */
codec_reader codec_read_obligation_done;
codec_reader codec_read_obligation_defer;
codec_reader codec_read_obligation_list;
codec_reader codec_read_due_list;

/* codec_body_party.c */
codec_reader codec_read_party_add;
codec_reader codec_read_party_apply;
codec_reader codec_read_party_list;
codec_reader codec_read_party_remove;

/* codec_body_subject.c */
codec_reader codec_read_subject_set;
codec_reader codec_read_subject_show;
