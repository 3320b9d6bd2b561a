import type sharp from 'sharp';

/** The package that decodes images and makes them smaller. */
export type Sharp = typeof sharp;

/** Gives the package, or null where it does not run. */
export type LoadSharp = () => Promise<Sharp | null>;

let loading: Promise<Sharp | null> | null = null;

/** Loads the package with the first call. It is optional: there may be no build of it for this machine. */
export function loadSharp(): Promise<Sharp | null> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Sharp | null> {
  try {
    const { default: sharp } = await import('sharp');
    // Voice comes first: one thread, and no memory kept for images that are not seen again.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  } catch {
    return null;
  }
}
