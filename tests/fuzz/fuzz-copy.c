/* What a copy of the log has, a line of it and the position in a pipe, of any bytes: what is read is what would be
   written. */
#include <stdlib.h>
#include <string.h>
#include "audit/copy_position.h"
#include "audit/copy_text.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void read_position (const uint8_t *data, size_t size)
{
    struct copy_position position;
    char text[COPY_POSITION_SIZE];
    if (!copy_position_parse (&position, (struct bytes){data, size}))
        return;
    if (copy_position_print (&position, text) != size || memcmp (text, data, size) != 0)
        abort ();
}

static void read_line (const uint8_t *data, size_t size)
{
    uint64_t number;
    size_t line_size;
    uint8_t *line = malloc (size + 1);
    char *text = malloc (COPY_TEXT_SIZE (size));
    if (line == NULL || text == NULL)
        abort ();
    if (copy_text_read ((struct bytes){data, size}, &number, line, &line_size)) {
        size_t written = copy_text_write (text, number, (struct bytes){line, line_size});
        if (written != size + 1 || memcmp (text, data, size) != 0)
            abort ();
    }
    free (line);
    free (text);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    read_position (data, size);
    read_line (data, size);
    return 0;
}
