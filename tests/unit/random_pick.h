/* Random numbers for tests: the same in every run. */
#pragma once
#include "testing.h"

/* Begins them anew from that number, which is not 0. */
void random_begin (uint64_t seed);
/* A number below that one. */
unsigned random_pick (unsigned below);
/* An element of an array. */
#define ANY(list) ((list)[random_pick (COUNT (list))])
