/* A restriction in words. */
#pragma once
#include "envelope.pb-c.h"

struct ctl;

/* "naw since 2026-11-21 20:04, by kernteam: why". The arena's. */
const char *restriction_describe (struct ctl *ctl, const Consentd__Restriction *one);
