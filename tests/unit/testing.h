/* cmocka, with the headers that it wants before itself, and what tests of every kind use. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(array) (sizeof (array) / sizeof *(array))
