/* Calls CommandLineToArgvW of Wine's shell32 for engine.py, which speaks the protocol.
 * Reads frames from stdin: a 32-bit length in bytes, and a command line in UTF-16LE. For
 * each it writes the number of arguments, and then each argument as such a frame. */
#include <windows.h>
#include <shellapi.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    unsigned bytes;
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    while (fread(&bytes, sizeof bytes, 1, stdin) == 1) {
        WCHAR *line = calloc(bytes / 2 + 1, 2);
        int count = 0, i;
        if (!line || fread(line, 1, bytes, stdin) != bytes)
            return 1;
        WCHAR **arguments = CommandLineToArgvW(line, &count);
        fwrite(&count, sizeof count, 1, stdout);
        for (i = 0; i < count; i++) {
            unsigned length = lstrlenW(arguments[i]) * 2;
            fwrite(&length, sizeof length, 1, stdout);
            fwrite(arguments[i], 1, length, stdout);
        }
        fflush(stdout);
        LocalFree(arguments);
        free(line);
    }
    return 0;
}
