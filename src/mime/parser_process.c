#include "mime/parser_process.h"

#include <string.h>

gboolean parser_process_is_wanted(int argc, char **argv) {
    return argc == 2 && strcmp(argv[1], "parser") == 0;
}

int parser_process_main(void) {
    return 0;
}
