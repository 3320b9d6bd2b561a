/** The images that models can be shown. */
export type ImageFormat = 'gif' | 'jpeg' | 'png' | 'webp';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

/** What the first bytes say that a file is, whatever its name says; null for none of these. */
export function formatOf(bytes: Buffer): ImageFormat | null {
  if (beginsWith(bytes, PNG)) return 'png';
  if (beginsWith(bytes, JPEG)) return 'jpeg';
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'gif';
  if (start.startsWith('RIFF') && start.endsWith('WEBP') && start.length === 12) return 'webp';
  return null;
}

export function dataUrl(format: ImageFormat, bytes: Buffer): string {
  return `data:image/${format};base64,${bytes.toString('base64')}`;
}

function beginsWith(bytes: Buffer, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}
