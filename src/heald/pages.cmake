# SPDX-License-Identifier: Apache-2.0
# The pages that heald serves: the admin interface and the metrics.
heal_part(heald_pages
  SOURCES access.c api.c api_detector.c api_incidents.c api_json.c api_knowledge.c api_mesh.c api_model.c api_network.c api_order.c api_status.c api_verdicts.c choice.c condition.c
          feature.c metrics.c metrics_detector.c metrics_engine.c metrics_network.c metrics_shell.c network_state.c
  LIBS heal_net heal_os PkgConfig::JANSSON)
