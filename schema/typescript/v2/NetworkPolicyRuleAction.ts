// Generated from the protocol schemas; do not edit.

export type NetworkPolicyRuleAction = 'allow' | 'deny';
