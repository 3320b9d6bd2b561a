// Generated from the protocol schemas; do not edit.

import type { NetworkPolicyAmendment } from './NetworkPolicyAmendment.js';

export type CommandExecutionApprovalDecision =
  | ('accept' | 'acceptForSession' | 'decline' | 'cancel')
  | {
      acceptWithExecpolicyAmendment: {
        execpolicy_amendment: string[];
      };
    }
  | {
      applyNetworkPolicyAmendment: {
        network_policy_amendment: NetworkPolicyAmendment;
      };
    };
