/* What a passage needs of the registry, asked over one connection, one thing after the other. */
#pragma once
#include "passage.h"

/* Meets a need for answers of the registry: IDENTIFY, RECORDED, ADVISE or DISCLOSE. */
void program_ask (consent_t *connection, struct passage *passage, const struct passage_need *need);
