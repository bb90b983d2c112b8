/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "analyze/detector.h"

#include "base/cleanup.h"

const struct heal_detector heal_detectors[] = {
    {HEAL_LINK_LOSS,      heal_detect_link_loss     },
    {HEAL_MTU_BLACKHOLE,  heal_detect_mtu_blackhole },
    {HEAL_ONE_WAY_LINK,   heal_detect_one_way_link  },
    {HEAL_LINK_LATENCY,   heal_detect_link_latency  },
    {HEAL_LINK_FLAP,      heal_detect_link_flap     },
    {HEAL_NEIGHBOUR_LOST, heal_detect_neighbour_lost},
    {HEAL_INTERFERENCE,   heal_detect_interference  },
    {HEAL_RATE_LIMITED,   heal_detect_rate_limited  },
    {HEAL_ROUTES_LOST,    heal_detect_routes_lost   },
    {HEAL_NOT_FORWARDING, heal_detect_not_forwarding},
    {HEAL_NODE_OVERLOAD,  heal_detect_node_overload },
    {HEAL_MEMORY_LEAK,    heal_detect_memory_leak   },
    {HEAL_SERVICE_DOWN,   heal_detect_service_down  },
    {HEAL_HIDDEN_LOSS,    heal_detect_hidden_loss   },
    {HEAL_WEAK_SIGNAL,    heal_detect_weak_signal   },
    {HEAL_GATEWAY_LOST,   heal_detect_gateway_lost  },
    {HEAL_ANOMALY,        heal_detect_anomaly       },
};
const size_t heal_detectors_count = HEAL_COUNT(heal_detectors);
