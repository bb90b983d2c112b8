# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where.
install(TARGETS heal ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/heal DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
# Relative to its own place, so that `--prefix` and packages that are moved just work.
file(RELATIVE_PATH HEAL_PREFIX_FROM_PC /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
configure_file(cmake/heal.pc.in heal.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/heal.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Beside each other: healctl's lab starts the other two. The unit names the prefix of the configuration.
foreach(program heald heald-helper healctl heal-lab-worker)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
if(TARGET heald)
  foreach(unit heald heald-helper)
    configure_file(deploy/systemd/${unit}.service.in ${unit}.service @ONLY)
    install(FILES ${CMAKE_BINARY_DIR}/${unit}.service DESTINATION lib/systemd/system)
  endforeach()
  install(FILES deploy/systemd/heald-helper.socket DESTINATION lib/systemd/system)
  install(FILES deploy/systemd/heald.sysusers.conf DESTINATION lib/sysusers.d RENAME heald.conf)
  install(FILES deploy/systemd/heald.tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME heald.conf)
endif()

# Made from the programs' own tables by the build: man/man1/healctl.1 …, completions/bash/healctl ….
install(DIRECTORY ${CMAKE_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} OPTIONAL
  FILES_MATCHING PATTERN "*.[1-8]")
install(DIRECTORY ${CMAKE_BINARY_DIR}/completions/bash/ OPTIONAL
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(DIRECTORY ${CMAKE_BINARY_DIR}/completions/zsh/ OPTIONAL
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(DIRECTORY ${CMAKE_BINARY_DIR}/completions/fish/ OPTIONAL
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(FILES README.md CHANGELOG.md SECURITY.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(FILES deploy/prometheus/heald.rules.yml deploy/grafana/heald.json models/port.safetensors
  DESTINATION ${CMAKE_INSTALL_DATADIR}/heald OPTIONAL)
