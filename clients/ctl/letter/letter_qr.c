#include "letter_qr.h"

#include <qrencode.h>
#include <stdlib.h>
#include "letter_html.h"

enum { QUIET = 4 /* modules that must be white around it */ };

/* Dark modules that stand beside each other, as one stroke. Returns how many. */
static int write_run (const QRcode *code, int x, int y, FILE *out)
{
    int width = 0;
    while (x + width < code->width && (code->data[y * code->width + x + width] & 1) != 0)
        width++;
    if (width > 0)
        fprintf (out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, width, width);
    return width;
}

void letter_qr_write (const char *text, FILE *out)
{
    QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        abort ();
    int size = code->width + 2 * QUIET;
    fprintf (out,
             "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" width=\"38mm\" height=\"38mm\" "
             "viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"QR-code: ",
             size, size);
    letter_html_put (out, text);
    fprintf (out, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/><path fill=\"#000\" d=\"", size, size, size);
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++)
            x += write_run (code, x, y, out);
    fputs ("\"/></svg>\n", out);
    QRcode_free (code);
}
