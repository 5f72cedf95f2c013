/**
 * Every name that infrastructure and handlers must spell alike. `lib/` and `local/` import this file, `routes.ts`
 * and `bounds.ts`, and nothing else of `lambda/`.
 */

/** Environment variables that the stack sets on functions to say where things are. */
export const ENV = {
  callsTable: 'CALLS_TABLE',
  directoryTable: 'DIRECTORY_TABLE',
  apiKeySecret: 'API_KEY_SECRET',
  webhookKeySecret: 'WEBHOOK_KEY_SECRET',
  vobizSecret: 'VOBIZ_SECRET',
  tasksFunction: 'TASKS_FUNCTION',
  framesTable: 'FRAMES_TABLE',
  providersSecret: 'PROVIDERS_SECRET',
  sessionFunction: 'SESSION_FUNCTION',
  /** Where the carrier opens its stream: a wss address without a query. */
  streamUrl: 'STREAM_URL',
  /** Where frames are posted to a socket: the endpoint of the management API. */
  connectionsUrl: 'CONNECTIONS_URL',
  publicUrl: 'PUBLIC_URL',
} as const;

/**
 * Plain settings: CDK context when deployed, environment or `.env` locally; handed to functions as they are. A new
 * one also needs its type and default in `settings.ts` here, its check in `lib/settings.ts`, a number its bounds in
 * `bounds.ts`, and its words in `.env.example` and `docs/deploy.md`. If a queue may choose its own: `queue/queue.ts`,
 * `api/queue-settings.ts`, and the deployment's defaults in `app/`.
 */
export const SETTINGS = [
  'FROM_NUMBER',
  'AGENT_NUMBER',
  'HOLD_MUSIC_URL',
  'MAX_WAIT_CYCLES',
  'HOLD_WAIT_SECS',
  'RING_TIMEOUT_SECS',
  'WRAP_UP_SECS',
  'REQUIRE_VOBIZ_SIGNATURE',
  'RECORD_RETENTION_DAYS',
  'VOBIZ_API_URL',
  'HTTP_ALLOW_HOSTS',
  'AGENT_SYSTEM_PROMPT',
  'OPENAI_TTS_VOICE',
  'OPENAI_MODEL',
  'OPENAI_BASE_URL',
  'DEEPGRAM_URL',
  'DEEPGRAM_SPEAK_URL',
  'TRANSCRIPT_WEBHOOK_URL',
  'MESSAGE_WEBHOOK_URL',
  'PLAY_FRAME_MS',
  'SESSION_MAX_SECS',
] as const;

/**
 * Secrets Manager: each secret is one JSON object with these fields. `*_PREVIOUS` serves key rotation; a sub-account's
 * webhooks may be signed with the token of its parent.
 */
export const SECRET_FIELDS = {
  apiKey: ['API_KEY', 'API_KEY_PREVIOUS'],
  webhookKey: ['WEBHOOK_KEY', 'WEBHOOK_KEY_PREVIOUS'],
  vobiz: ['VOBIZ_AUTH_ID', 'VOBIZ_AUTH_TOKEN', 'VOBIZ_AUTH_TOKEN_PREVIOUS', 'VOBIZ_PARENT_AUTH_TOKEN'],
  providers: ['DEEPGRAM_API_KEY', 'OPENAI_API_KEY'],
} as const;

/** Every table: partition key `pk` (S), sort key `sk` (S; N in the frame log), TTL attribute `ttl` (epoch seconds). */
export const TABLE = { partitionKey: 'pk', sortKey: 'sk', ttl: 'ttl' } as const;

/** Indexes of the calls table. Both sparse, both only for reports and the sweeper, never for dispatch. */
export const INDEX = {
  /** Calls of one UTC day in order of arrival. Projects what the metrics are computed from. */
  byDay: {
    name: 'by_day',
    partitionKey: 'day',
    sortKey: 'arrived',
    projects: [
      'id',
      'queue',
      'outcome',
      'joined_at',
      'connected_at',
      'ended_at',
      'agent',
      'from',
      'to',
      'direction',
      'assistant',
      'began_at',
      'visit',
      'main_visit',
      'is_callback',
    ],
  },
  /** Calls that have not ended yet; keys only. */
  live: { name: 'live', partitionKey: 'live', sortKey: 'arrived' },
} as const;

/**
 * CloudWatch metrics (EMF), with the dimension `queue`, those of assistants with the dimension `assistant`, those of
 * flows with the dimension `flow`.
 */
export const METRICS = {
  namespace: 'Switchboard',
  dimension: 'queue',
  callsJoined: 'CallsJoined',
  offers: 'Offers',
  answers: 'Answers',
  missedRings: 'MissedRings',
  abandons: 'Abandons',
  voicemails: 'Voicemails',
  overflows: 'Overflows',
  failures: 'Failures',
  waitMs: 'WaitMilliseconds',
  talkMs: 'TalkMilliseconds',
  callersWaiting: 'CallersWaiting',
  longestWaitMs: 'LongestWaitMilliseconds',
  agentsAvailable: 'AgentsAvailable',
  agentsBusy: 'AgentsBusy',
  agentsAway: 'AgentsAway',
  unattended: 'UnattendedCallers',
  transferFailures: 'TransferFailures',
  refusedWebhooks: 'RefusedWebhooks',
  storeRetries: 'StoreRetries',
  sweptCalls: 'SweptCalls',
  flowDimension: 'flow',
  flowCalls: 'FlowCalls',
  /** The flow could not go on, or reached a limit, and the caller went to its fallback. */
  flowFailures: 'FlowFailures',
  /** An effect (HTTP, call, message) that could not be had in all its attempts. */
  flowEffectFailures: 'FlowEffectFailures',
  keywordAlerts: 'KeywordAlerts',
  callbacksRequested: 'CallbacksRequested',
  callbacksReached: 'CallbacksReached',
  callbacksFailed: 'CallbacksFailed',
  transcriptionFailures: 'TranscriptionFailures',
  assistantDimension: 'assistant',
  assistantCalls: 'AssistantCalls',
  assistantTurns: 'AssistantTurns',
  assistantTransfers: 'AssistantTransfers',
  /** An assistant gave up (provider, session or stream failed) and the caller went on to people. */
  assistantFailures: 'AssistantFailures',
  interruptions: 'Interruptions',
  endpointingMs: 'EndpointingMilliseconds',
  firstTokenMs: 'FirstTokenMilliseconds',
  firstSentenceMs: 'FirstSentenceMilliseconds',
  speechFirstByteMs: 'SpeechFirstByteMilliseconds',
  /** From the end of the caller's speech to the first frame of the reply. */
  turnMs: 'TurnMilliseconds',
  framesConcealed: 'FramesConcealed',
  /** Could not be stored; concealed later. */
  framesLost: 'FramesLost',
  /** Sockets without a valid token, or with another call than the token's. */
  refusedStreams: 'RefusedStreams',
  /** Messages on a stream that are none we know. */
  streamMessagesIgnored: 'StreamMessagesIgnored',
  sttReconnects: 'SttReconnects',
  sessionHandOvers: 'SessionHandOvers',
  sessionRecoveries: 'SessionRecoveries',
  outboundCalls: 'OutboundCalls',
  outboundUnanswered: 'OutboundUnanswered',
  /** Word of the carrier that a stream has broken, or has a poor line. */
  droppedStreams: 'DroppedStreams',
  degradedStreams: 'DegradedStreams',
} as const;
