import { PROTECTED_FOLDERS } from '../../exec/index.ts';
import type { PermissionProfile, SandboxPolicy } from '../../protocol/index.ts';

type FileSystemEntries = Extract<
  Extract<PermissionProfile, { type: 'managed' }>['fileSystem'],
  { type: 'restricted' }
>['entries'];

/** The same sandbox as a permission profile. */
export function permissionProfile(sandbox: SandboxPolicy): PermissionProfile {
  switch (sandbox.type) {
    case 'dangerFullAccess':
      return { type: 'disabled' };
    case 'externalSandbox':
      return { type: 'external', network: { enabled: sandbox.networkAccess === 'enabled' } };
    case 'readOnly':
      return managed(sandbox.networkAccess, []);
    case 'workspaceWrite':
      return managed(sandbox.networkAccess, [
        { path: special({ kind: 'project_roots', subpath: null }), access: 'write' },
        ...(sandbox.excludeSlashTmp ? [] : [writable({ kind: 'slash_tmp' })]),
        ...(sandbox.excludeTmpdirEnvVar ? [] : [writable({ kind: 'tmpdir' })]),
        ...PROTECTED_FOLDERS.map((subpath) => ({
          path: special({ kind: 'project_roots', subpath }),
          access: 'read' as const,
        })),
        ...sandbox.writableRoots.map((path) => ({
          path: { type: 'path' as const, path },
          access: 'write' as const,
        })),
      ]);
  }
}

type SpecialPath = Extract<FileSystemEntries[number]['path'], { type: 'special' }>['value'];

function special(value: SpecialPath): FileSystemEntries[number]['path'] {
  return { type: 'special', value };
}

function writable(value: SpecialPath): FileSystemEntries[number] {
  return { path: special(value), access: 'write' };
}

function managed(networkEnabled: boolean, entries: FileSystemEntries): PermissionProfile {
  return {
    type: 'managed',
    network: { enabled: networkEnabled },
    fileSystem: {
      type: 'restricted',
      entries: [{ path: special({ kind: 'root' }), access: 'read' }, ...entries],
    },
  };
}
