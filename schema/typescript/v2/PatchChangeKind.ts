// Generated from the protocol schemas; do not edit.

export type PatchChangeKind =
  | {
      type: 'add';
    }
  | {
      type: 'delete';
    }
  | {
      type: 'update';
      move_path: string | null;
    };
