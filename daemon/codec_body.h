/* The bodies of requests: one reader a verb, from what was unpacked to what was checked. */
#pragma once
#include "envelope.pb-c.h"
#include "request.h"
#include "syntax.h"

/* Reads the one body of `wire`, whose texts it borrows, and sets request->verb. `syntax` keeps the first fault. */
void codec_read_body (struct syntax *syntax, const Consentd__Request *wire, struct request *request);
