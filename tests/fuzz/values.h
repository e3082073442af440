/* Values of a field, by its entry in the table: what it may have, and what it may not. */
#pragma once
#include "maker.h"
#include "tree.h"

/* Gives the node, which is of this tree and has an entry, a value that the field may have. */
void value_right (struct maker *maker, const struct tree *tree, struct node *node);

/* Gives it a value at its limit, or past it: too long, too large, of no such choice, no UTF-8, with a NUL, of
   another type. Some of these are right. */
void value_at_limit (struct maker *maker, struct node *node);

/* Fills the message with fields, each with a value that it may have: all that are needed, others by chance, and
   one of the fields of which there can be only one. Every request and every record can come of it. */
void value_fill (struct maker *maker, struct tree *tree);
