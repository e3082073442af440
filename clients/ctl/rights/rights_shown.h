/* A request by which a subject exercises rights (R2), told to people. */
#pragma once
#include "ask.h"

/* Prints all of the request in the reply. */
void rights_print (struct ctl *ctl, const Consentd__Reply *reply);
