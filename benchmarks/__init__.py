"""How wizsync compares: with what people would use instead, and with what is physically needed.

    python -m benchmarks                    all comparisons, and docs/performance.md anew
    python -m benchmarks planning writing   some of them; the page keeps what it knew of the others

Each comparison is a module: its ways of doing one thing, and what each must find out. `data` makes what they
work on, `pairs` runs them in turn, `page` writes down what came of it.
"""
