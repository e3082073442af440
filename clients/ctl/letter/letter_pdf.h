/* A page of HTML as PDF, by WeasyPrint (package weasyprint of Debian).

   It is called as a program: it is written in Python, so it cannot be a library of this program, and whoever
   prints letters by other means needs none of it. It gets the page on its standard input, and gives the PDF on its
   standard output, both in memory: what a letter says is in no file but the one that was asked for. */
#pragma once
#include <stddef.h>

/* Makes *pdf_p, which the caller owns and must free. 0, or an exit code with its line printed. */
int letter_pdf_make (const char *html, size_t size, char **pdf_p, size_t *pdf_size);
