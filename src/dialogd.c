// dialogd: serves the inbox in the foreground.
#include <glib.h>

int main(void) {
    return 0;
}
