// dialogctl: the command line of administrators.
#include "control/verb.h"
#include "mime/parser_process.h"

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv))
        return parser_process_main();
    return control_main(argc, argv);
}
