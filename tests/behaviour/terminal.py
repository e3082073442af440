"""What a program shows at a terminal of so many columns."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata


def shown_at(columns, *command, stdin='', environment=None):
    """The lines, without what makes them bold. Standard input and error are no terminal."""
    terminal, inside = pty.openpty()
    try:
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=inside, stderr=subprocess.PIPE,
                                   env=environment)
    finally:
        os.close(inside)
    with process, os.fdopen(terminal, 'rb', buffering=0) as screen:
        process.stdin.write(stdin.encode())
        process.stdin.close()
        text = b''
        while part := read(screen):
            text += part
        complaint = process.stderr.read().decode()
    assert process.returncode in (0, 1, 2), complaint
    return re.sub(r'\x1b\[[0-9]*m', '', text.decode()).replace('\r\n', '\n').splitlines()


def read(screen):
    try:
        return screen.read(65536)
    except OSError:  # nobody has the terminal open any more
        return b''


def width(line):
    return sum(2 if unicodedata.east_asian_width(character) in 'WF' else 1 for character in line)
