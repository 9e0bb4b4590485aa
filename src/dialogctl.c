// dialogctl: the command line of administrators.
#include "control/verb.h"

int main(int argc, char **argv) {
    return control_main(argc, argv);
}
