/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The verbs' functions, one a verb: each @return s an exit code of verb.h.
 */
#ifndef HEAL_HEALCTL_CMD_H
#define HEAL_HEALCTL_CMD_H

#include "config/config.h"
#include "healctl/call.h"

int heal_cmd_actions(const struct heal_call *call);
int heal_cmd_audit(const struct heal_call *call);
int heal_cmd_audit_verify(const struct heal_call *call);
int heal_cmd_config_check(const struct heal_call *call);
int heal_cmd_config_defaults(const struct heal_call *call);
int heal_cmd_config_explain(const struct heal_call *call);
int heal_cmd_config_show(const struct heal_call *call);
int heal_cmd_dataset_export(const struct heal_call *call);
int heal_cmd_dataset_import(const struct heal_call *call);
int heal_cmd_dataset_info(const struct heal_call *call);
int heal_cmd_dataset_record(const struct heal_call *call);
int heal_cmd_dataset_simulate(const struct heal_call *call);
int heal_cmd_explain(const struct heal_call *call);
int heal_cmd_feedback(const struct heal_call *call);
int heal_cmd_help(const struct heal_call *call);
int heal_cmd_incidents(const struct heal_call *call);
int heal_cmd_undo(const struct heal_call *call);
int heal_cmd_verdicts(const struct heal_call *call);
int heal_cmd_label(const struct heal_call *call);
int heal_cmd_lab_demo(const struct heal_call *call);
int heal_cmd_lab_down(const struct heal_call *call);
int heal_cmd_lab_exec(const struct heal_call *call);
int heal_cmd_lab_fault(const struct heal_call *call);
int heal_cmd_lab_list(const struct heal_call *call);
int heal_cmd_lab_status(const struct heal_call *call);
int heal_cmd_lab_up(const struct heal_call *call);
int heal_cmd_links(const struct heal_call *call);
int heal_cmd_network(const struct heal_call *call);
int heal_cmd_missed(const struct heal_call *call);
int heal_cmd_model_activate(const struct heal_call *call);
int heal_cmd_model_eval(const struct heal_call *call);
int heal_cmd_model_shadow(const struct heal_call *call);
int heal_cmd_model_live(const struct heal_call *call);
int heal_cmd_model_train(const struct heal_call *call);
int heal_cmd_mode(const struct heal_call *call);
int heal_cmd_model_export(const struct heal_call *call);
int heal_cmd_model_import(const struct heal_call *call);
int heal_cmd_model_info(const struct heal_call *call);
int heal_cmd_model_quantize(const struct heal_call *call);
int heal_cmd_nodes(const struct heal_call *call);
int heal_cmd_pause(const struct heal_call *call);
int heal_cmd_probe(const struct heal_call *call);
int heal_cmd_resume(const struct heal_call *call);
int heal_cmd_simulate(const struct heal_call *call);
int heal_cmd_status(const struct heal_call *call);
int heal_cmd_strategies(const struct heal_call *call);
int heal_cmd_thresholds(const struct heal_call *call);
int heal_cmd_version(const struct heal_call *call);

/**
 * Reads the configuration that the call's first argument names, as a heald would: with the folders beside it
 * and the environment. What is wrong with it is said.
 * @param needed whether heald's own file must be there where none is named; else the defaults, and what the
 * folders beside it say, stand in for it.
 * @return an exit code.
 */
int heal_cmd_config_load(const struct heal_call *call, bool needed, struct heal_config *config);

/** The forms of a fault, for the table of verbs. */
const char *heal_cmd_lab_fault_form(size_t index, const char **ret_summary);

#endif
