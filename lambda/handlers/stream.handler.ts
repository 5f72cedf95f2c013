/** Every event of a media stream: a WebSocket API, one invocation for each. */
import { mediaFromEnv } from '../app/media-context.ts';
import { createServe } from '../stream/serve.ts';

export const handler = createServe(mediaFromEnv(process.env));
