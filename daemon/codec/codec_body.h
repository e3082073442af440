/* Judges requests where the tables cannot: what must hold between their fields. */
#pragma once
#include "request.h"
#include "syntax.h"

/* Judges and completes a request whose body was read and whose `verb` is set. `syntax` keeps the first fault. */
void codec_finish_body (struct syntax *syntax, struct request *request);
