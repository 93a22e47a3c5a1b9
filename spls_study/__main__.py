"""`python -m spls_study` is the command `spls-study`."""

from .cli import main

if __name__ == "__main__":
    main()
