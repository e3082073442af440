/* Standard input, output and error, whoever started the program, and however. */
#pragma once

/* Holds the number of each of them that is closed with a file of which nothing can be read, and to which nothing
   can be written: else the next file or socket that is opened gets that number, and what is meant for people goes
   into it. First of all in main. */
void streams_hold (void);
