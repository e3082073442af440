/* Asks the registry for what a receipt is made of, and makes it. */
#pragma once
#include "ask.h"
#include "receipt_judge.h"

/* A receipt that was made. */
struct receipt_made {
    Consentd__Reply *reply; /* as it came */
    struct receipt_file file;
    struct receipt_judged judged;
    const char *code;
    char *text; /* the file; owned */
};

/* A receipt that those would not believe whose keys are in `trust` is not made; without keys whoever has signed will
   do. 0, or an exit code with its line printed. End it with receipt_made_clear in any case. */
int receipt_ask (struct ctl *ctl, const struct log_trust *trust, Consentd__ReceiptRequest *asked,
                 struct receipt_made *made);
void receipt_made_clear (struct receipt_made *made);
