/* A legal hold in words. */
#pragma once
#include "ctl.h"
#include "envelope.pb-c.h"

/* One line, in the arena. */
const char *hold_describe (struct ctl *ctl, const Consentd__Hold *one);
