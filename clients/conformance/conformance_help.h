/* What consent-conformance says of itself. */
#pragma once
void conformance_help (void);
