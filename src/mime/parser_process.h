// The other end of parser_pool: the hidden verb "parser" of both programs (and of tests that use a
// pool). Reads work on standard input, answers there too (it is a socket), in a sandbox without
// files, network, exec. Must not log, and keeps nothing between two mails.
#pragma once

#include <glib.h>

// TRUE when this process was started as a parser. The first thing that main asks.
gboolean parser_process_is_wanted(int argc, char **argv);

// Runs until the socket closes; returns the exit status for main.
int parser_process_main(void);
