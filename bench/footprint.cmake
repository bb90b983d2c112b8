heal_bench(footprint SOURCES footprint.c LIBS heal_lab PkgConfig::JANSSON)
