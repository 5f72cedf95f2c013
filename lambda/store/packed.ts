/**
 * JSON that no index and no condition looks into, small: as an attribute it costs a tenth of what it would as a map.
 * What is repeated costs nothing, however far apart it stands, so copies may be stored as copies.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** Faster than gzip, and as small as a step up makes it at ten times the cost; the window has room for megabytes. */
const PARAMS = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 22 };

export const packed = (value: unknown): Uint8Array =>
  brotliCompressSync(JSON.stringify(value), { params: PARAMS });

/** @param bytes as the store gives them back */
export const unpacked = <T>(bytes: unknown): T =>
  JSON.parse(brotliDecompressSync(bytes as Uint8Array).toString('utf8')) as T;
