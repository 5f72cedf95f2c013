/** JSON that no index and no condition looks into, small: as an attribute it costs a tenth of what it would as a map. */
import { gunzipSync, gzipSync } from 'node:zlib';

export const packed = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value));

/** @param bytes as the store gives them back */
export const unpacked = <T>(bytes: unknown): T =>
  JSON.parse(gunzipSync(bytes as Uint8Array).toString('utf8')) as T;
