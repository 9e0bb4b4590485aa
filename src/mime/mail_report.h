// Delivery reports, disposition notifications and feedback reports (RFC 3464, 8098, 5965): what
// their machine-readable parts say. Used by the mail decoder only.
#pragma once

#include "mime/part_tree.h"
#include "model/mail.h"

#define REPORTS_MAXIMUM 200 // recipients of one report

// What kinds of report parts the mail has at its own level.
typedef enum {
    REPORT_DELIVERY = 1 << 0,
    REPORT_DISPOSITION = 1 << 1,
    REPORT_FEEDBACK = 1 << 2,
} ReportParts;

// Fills reports, report_about and report_envelope of mail; ReportParts bits.
guint mail_report_read(const PartTree *tree, GBytes *raw, Mail *mail);

// Appends to reports unless the recipient is there already or there are too many.
void mail_report_add(Mail *mail, const char *recipient, const char *action, const char *status,
                     const char *diagnostic);
