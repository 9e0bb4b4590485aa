// The tables by which prose bounces are recognised: what their subjects and texts say, in lower
// case. Used by bounce_text only.
#pragma once

// Each ends with NULL.
extern const char *const bounce_subjects[];  // in the subject: not delivered
extern const char *const bounce_texts[];     // in the text: not delivered
extern const char *const bounce_delays[];    // in subject or text: delayed, not failed
extern const char *const bounce_sections[];  // a line after which failed recipients are listed
extern const char *const bounce_reasons[];   // on a line with an address: that one failed
extern const char *const bounce_originals[]; // a line after which the returned original stands
extern const char *const bounce_daemons[];   // local parts of mail systems that only report
extern const char *const bounce_masters[];   // local parts that people use too
extern const char *const bounce_proofs[];    // what only mail systems write
