/* What the tables cannot say of requests by which a subject exercises rights (R2): the bodies that codec_body.c
   finishes. */
#pragma once
#include "request.h"
#include "syntax.h"

void codec_finish_rights_open (struct syntax *syntax, struct request *request);
void codec_finish_rights_number (struct syntax *syntax, struct request *request);
void codec_finish_rights_hear (struct syntax *syntax, struct request *request);
void codec_finish_rights_decide (struct syntax *syntax, struct request *request);
void codec_finish_rights_list (struct syntax *syntax, struct request *request);
