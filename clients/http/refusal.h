/* Why a request, or one evaluation of several, has no decision. */
#pragma once

struct refusal {
    int status; /* of HTTP; 0: it is not refused */
    /* One sentence, which begins with the field it is about. It quotes nothing of the request. */
    char text[320];
};

/* Sets it, unless it is set already: the first fault is told. Returns false. */
_Bool refuse (struct refusal *self, int status, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
