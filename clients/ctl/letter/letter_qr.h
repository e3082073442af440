/* A QR code as a picture within a page: SVG, which needs nothing from elsewhere. */
#pragma once
#include <stdio.h>

/* Of a text of at most LETTER_QR_SIZE bytes. The caller checks ferror (out). Aborts without memory. */
void letter_qr_write (const char *text, FILE *out);
