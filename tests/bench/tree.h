/* What the Merkle tree over the log takes of a line (A4): its hash, and the hashes that it makes whole. */
#pragma once

/* Microseconds of the processor for a line of so many bytes, the median of some rounds. */
double tree_us (double line_bytes);
