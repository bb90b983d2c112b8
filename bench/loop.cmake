heal_bench(loop SOURCES loop.c LIBS heal_trial)
