// dialogctl: the command line of administrators.
#include <glib.h>

int main(void) {
    return 0;
}
