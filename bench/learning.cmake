heal_bench(learning SOURCES learning.c LIBS heal_sim)
