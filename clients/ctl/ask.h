/* Asks the registry, and tells a person why it did not do what was asked. */
#pragma once
#include "ctl.h"
#include "call.h"
#include "envelope.pb-c.h"

/* A request with this body. `field` is the member of Consentd__Request, `CASE` the end of the name of its case. */
#define ASK_REQUEST(CASE, field, body)                                    \
    {                                                                     \
        .base = PROTOBUF_C_MESSAGE_INIT (&consentd__request__descriptor), \
        .body_case = CONSENTD__REQUEST__BODY_##CASE, .field = (body)      \
    }

/* Opens the connection, if it is not open yet. 0, or an exit code with its line printed. */
int ask_open (struct ctl *ctl);
/* Prints why a call on ctl->registry has no reply, with the key that was used and what to try: one line. Returns
   the exit code for the outcome (consent.h). */
int ask_fail (struct ctl *ctl, int outcome);
/* What was asked may have been done all the same. */
bool ask_is_uncertain (int outcome);
/* Sends the request, with the user who acts, and waits for its reply. 0 with *reply_p, whose status is OK and
   whose body is `body`; caller must free it with consentd__reply__free_unpacked. Otherwise an exit code, with the
   error printed, and with --json the reply kept for it (failure.h). */
int ask (struct ctl *ctl, Consentd__Request *request, Consentd__Reply__BodyCase body, Consentd__Reply **reply_p);
/* The same; that there is none (NOT_FOUND) is no failure, and leaves *reply_p NULL. */
int ask_if_there (struct ctl *ctl, Consentd__Request *request, Consentd__Reply__BodyCase body,
                  Consentd__Reply **reply_p);
/* Prints the reply: all of it for programs (--json), or by `print` for people. Takes over the reply. Returns 0. */
int ask_tell (struct ctl *ctl, Consentd__Reply *reply,
              void (*print) (struct ctl *ctl, const Consentd__Reply *reply));
/* `ask`, and then `ask_tell`. Returns the exit code. */
int ask_and_tell (struct ctl *ctl, Consentd__Request *request, Consentd__Reply__BodyCase body,
                  void (*print) (struct ctl *ctl, const Consentd__Reply *reply));
/* Asks for the state of the registry, as ask does. */
int ask_status (struct ctl *ctl, Consentd__Reply **reply_p);
/* The key of this run is an operator's. After a failure false, with the exit code in *error and its line printed.
 */
bool ask_is_operator (struct ctl *ctl, int *error);
/* Prints the whole reply as one JSON document. */
void ask_print_json (const Consentd__Reply *reply);
/* An identifier as hexadecimal digits. No bytes give "". The arena's. */
const char *ask_hex (struct ctl *ctl, const ProtobufCBinaryData *id);
/* Reads the identifier of a consent, a refusal or a request from the command line into the arena: whole, or as far as a
   table shows it; then the registry is asked which one that is. 0, or an exit code with its line printed: also if more
   than one begins so. */
int ask_id (struct ctl *ctl, const char *text, ProtobufCBinaryData *id);
