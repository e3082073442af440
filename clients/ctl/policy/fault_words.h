/* What is wrong with a pack or its letters, in Dutch. */
#pragma once
#include "language.h"

/* From now on faults are told in this language. */
void fault_words_are (enum language language);
