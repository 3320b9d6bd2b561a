import { openSync, readdirSync, readFileSync } from 'node:fs';

/** `O_CLOEXEC` of Linux: the descriptor is closed in a process that begins another program. */
const CLOSE_ON_EXEC = 0o2000000;

/** Higher numbers than are usual are not looked for. */
const MAX_DESCRIPTOR = 1_023;

let fillers: (number | 'ignore')[] | null = null;

/**
 * What a process is given beyond its three descriptors, for the `stdio` of `spawn`: nothing in general. Where whoever
 * started the daemon left it descriptors open, which every process would inherit, it is given an empty file in their
 * place; Node has no way to close them only there. What Node opens itself is never inherited. Found out once, on Linux.
 */
export function descriptorFillers(): readonly (number | 'ignore')[] {
  fillers ??= findFillers();
  return fillers;
}

function findFillers(): (number | 'ignore')[] {
  const strays = strayDescriptors();
  if (strays.length === 0) return [];
  const nothing = openSync('/dev/null', 'r+');
  const fill: (number | 'ignore')[] = [];
  for (let descriptor = 3; descriptor <= Math.max(...strays); descriptor += 1) {
    fill.push(strays.includes(descriptor) ? nothing : 'ignore');
  }
  return fill;
}

function strayDescriptors(): number[] {
  if (process.platform !== 'linux') return [];
  try {
    return readdirSync('/proc/self/fdinfo')
      .map(Number)
      .filter((descriptor) => descriptor > 2 && descriptor <= MAX_DESCRIPTOR && isInherited(descriptor));
  } catch {
    return [];
  }
}

function isInherited(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/mu.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The descriptor by which they were listed.
    return false;
  }
}
