/**
 * The HTTP surface, as the infrastructure must declare it. A path that is not here falls to the `$default`
 * route, which the `webhooks` function answers with a 404 problem document.
 */

/** Called by the carrier, GET and POST, function `webhooks`, no authorizer: the function itself authenticates. */
export const WEBHOOK_PATHS = [
  '/answer',
  '/fallback',
  '/hangup',
  '/queue-hold',
  '/queue-try-agent',
  '/queue-leave',
  '/dial-event',
  '/dial-complete',
  '/agent-confirm',
  '/queue-voicemail',
  '/voicemail-done',
  '/voicemail-file',
  '/hold-music.wav',
  '/stream-status',
  '/assistant-done',
  '/call-answered',
  '/call-ringing',
  '/call-ended',
  '/flow',
  '/flow/event',
  '/flow/sound.wav',
  '/queue-callback',
  '/callback-answered',
  '/callback-event',
  '/callback-done',
] as const;

export type WebhookPath = (typeof WEBHOOK_PATHS)[number];

/** The App API, function `control`, behind the authorizer. */
export const CONTROL_ROUTES = [
  'POST /agents',
  'GET /agents',
  'GET /agents/{number}',
  'PATCH /agents/{number}',
  'DELETE /agents/{number}',
  'GET /queue/status',
  'GET /queue/metrics',
  'POST /queues',
  'GET /queues',
  'GET /queues/{id}',
  'PUT /queues/{id}',
  'DELETE /queues/{id}',
  'POST /numbers',
  'GET /numbers',
  'GET /numbers/{id}',
  'PUT /numbers/{id}',
  'DELETE /numbers/{id}',
  'POST /assistants',
  'GET /assistants',
  'GET /assistants/{id}',
  'PUT /assistants/{id}',
  'DELETE /assistants/{id}',
  'POST /flows',
  'GET /flows',
  'GET /flows/{id}',
  'PUT /flows/{id}',
  'DELETE /flows/{id}',
  'GET /flows/{id}/versions',
  'POST /flows/{id}/publish',
  'POST /flows/{id}/simulate',
  'POST /callbacks',
  'GET /callbacks',
  'GET /callbacks/{id}',
  'DELETE /callbacks/{id}',
  'POST /calls',
  'GET /calls',
  'GET /calls/{id}',
  'DELETE /calls/{id}',
] as const;

/** Routes of the WebSocket API, function `stream`; its stage is `STREAM_STAGE`, chosen by `$request.body.event`. */
export const STREAM_ROUTES = [
  '$connect',
  '$disconnect',
  '$default',
  'start',
  'media',
  'dtmf',
  'playedStream',
  'clearedAudio',
  'stop',
] as const;

export const STREAM_STAGE = 'stream';

/** Function `control`, without an authorizer: nothing of a customer can be read here. */
export const OPEN_ROUTES = ['GET /health', 'GET /openapi.json', 'GET /flow-schema.json'] as const;
