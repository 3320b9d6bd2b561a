import * as z from 'zod/mini';

// JSON numbers are JavaScript numbers here, so the 64-bit widths hold up to 2^53 - 1. Each width is one shared schema:
// schema generation and decode messages recognise it by identity.

/** A signed 64-bit integer on the wire; timestamps in seconds or milliseconds, token counts. */
export const int64 = z.int();

/** A signed 32-bit integer on the wire. */
export const int32 = z.int32();

/** An unsigned 16-bit integer on the wire. */
export const uint16 = z.int().check(z.gte(0), z.lte(0xffff));

/** An unsigned 32-bit integer on the wire. */
export const uint32 = z.uint32();

/** An unsigned 64-bit integer on the wire; durations that a model names. */
export const uint64 = z.int().check(z.gte(0));

/** An unsigned machine-word integer on the wire; offsets and positions. */
export const uint = z.int().check(z.gte(0));

/** Any JSON value, `null` included; unlike `z.unknown()` the key must be there. */
export const jsonValue = z.custom((value) => value !== undefined);

/** An absolute file system path. Only the type is checked here. */
export const AbsolutePathBuf = z.string();
export type AbsolutePathBuf = z.infer<typeof AbsolutePathBuf>;
