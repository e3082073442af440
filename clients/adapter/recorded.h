/* What the registry recorded of a message before. */
#pragma once
#include "passage.h"

/* Asks what is recorded for the questions of PASSAGE_RECORDED: `answers` has room for one each; NULL: nothing is. The
   caller owns the answers, also if this fails. CONSENT_OK, or why there is no answer: then consent_last_error says
   it. */
int recorded_ask (consent_t *connection, const struct passage_need *need, struct consent_answer **answers);
