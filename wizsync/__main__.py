"""`python -m wizsync`: the same as the command `wizsync`."""

from wizsync.cli import main

if __name__ == "__main__":
    main()
