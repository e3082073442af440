/* libFuzzer: any bytes as a position of an export, as the last record of a file, and as the answer of a collector.
 */
#include <stdlib.h>
#include <string.h>
#include "export/form.h"
#include "export/otlp.h"
#include "export/position.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void must (bool it)
{
    if (!it)
        abort ();
}

static void try_record (const char *text, size_t size)
{
    const struct export_form *const forms[] = {&ldv_form, &adl_form, &cloudevent_form};
    json_t *record = json_loadb (text, size, 0, NULL);
    for (size_t i = 0; record && i < sizeof forms / sizeof *forms; i++) {
        struct export_mark mark;
        if (forms[i]->read (record, &mark))
            must (mark.number > 0 && strlen (mark.epoch) == CONSENT_ID_SIZE - 1);
    }
    json_decref (record);
}

static void try_position (const char *text, size_t size)
{
    struct export_position found;
    memset (&found, 0x5a, sizeof found);
    const struct export_position before = found;
    if (export_position_parse (&found, text, size))
        must (strlen (found.form) < sizeof found.form && strlen (found.mark.epoch) < sizeof found.mark.epoch &&
              memcmp (text, "consent-export 1\n", 17) == 0 && text[size - 1] == '\n');
    else
        must (memcmp (&found, &before, sizeof found) == 0);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    struct otlp_answer answer;
    char *text = calloc (1, size + 1);
    must (text != NULL);
    memcpy (text, data, size);
    if (otlp_answer_read (text, size, &answer))
        must (strlen (answer.message) < sizeof answer.message);
    try_record (text, size);
    try_position (text, size);
    free (text);
    return 0;
}
