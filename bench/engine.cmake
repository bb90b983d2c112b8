heal_bench(engine SOURCES engine.c)
