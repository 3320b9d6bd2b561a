// Generated from the protocol schemas; do not edit.

import type { NetworkPolicyRuleAction } from './NetworkPolicyRuleAction.js';

export interface NetworkPolicyAmendment {
  host: string;
  action: NetworkPolicyRuleAction;
}
