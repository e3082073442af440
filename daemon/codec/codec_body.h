/* What no table says of requests: what holds between their fields. */
#pragma once
#include "request.h"
#include "syntax.h"

/* The body of a request was read, and request->verb is set. `syntax` keeps the first fault. */
void codec_finish_body (struct syntax *syntax, struct request *request);
