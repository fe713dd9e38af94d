"""What a program says of itself when it is asked for its version: once in a process, and again where it was killed."""

import subprocess

_TRIES = 3
_TIMEOUT_S = 60.0
_answers: dict[str, "subprocess.CompletedProcess[str]"] = {}


def ask_version(program: str) -> "subprocess.CompletedProcess[str]":
    """What `program --version` said and how it ended; what once ended well is kept.

    A program that a signal ended (by the kernel, short of memory) is asked again: that says nothing of the program.

    Raises:
        OSError: it cannot be started.
        subprocess.TimeoutExpired: it did not end, several times.
    """
    for tries_left in reversed(range(_TRIES)):
        if program in _answers:
            break
        try:
            done = subprocess.run(
                [program, "--version"], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            if not tries_left:
                raise
            continue
        if done.returncode == 0:
            _answers[program] = done
        elif done.returncode > 0 or not tries_left:
            return done
    return _answers[program]
