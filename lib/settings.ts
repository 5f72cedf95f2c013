/**
 * CDK context, read once and checked: everything a deployment may choose. Two kinds, told apart by their
 * spelling: UPPER_CASE settings are handed to the functions as they are, camelCase ones shape the stack.
 * All faults are reported together, each with what to do. Secrets never come this way: a template is not a
 * place for them.
 */
import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { BOUNDS } from '../lambda/platform/bounds.ts';
import { ENV, SECRET_FIELDS, SETTINGS } from '../lambda/platform/names.ts';

export const FUNCTION_NAMES = [
  'webhooks',
  'control',
  'authorizer',
  'stream',
  'session',
  'sweeper',
  'tasks',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

export interface CustomDomain {
  name: string;
  certificateArn: string;
  /** Absent: the user keeps the DNS elsewhere and points a CNAME at the output `DomainTarget`. */
  hostedZoneId?: string;
}

/** Requests per second, and how many may come at once. */
export interface Throttle {
  rateLimit: number;
  burstLimit: number;
}

export interface Settings {
  /** The plain settings of `names.ts` that are set, exactly as given. */
  functionSettings: Record<string, string>;
  /** What the carrier calls, without a trailing slash; absent: the custom domain, or the API's own address. */
  publicUrl?: string;
  /** Where the carrier opens streams; absent: the WebSocket API's own address. */
  streamUrl?: string;
  /** True: tables survive the stack and cannot be deleted by mistake. False: a stack for trying things out. */
  deletionProtection: boolean;
  logRetention: RetentionDays;
  alarmEmail?: string;
  domain?: CustomDomain;
  throttle: Throttle;
  streamThrottle: Throttle;
  /** True: a log line for each event of the streams; AWS refuses it in an account without a role for such logs. */
  streamAccessLog: boolean;
  reservedConcurrency: Partial<Record<FunctionName, number>>;
  /** How long API Gateway believes an answer of the authorizer: a revoked key works that much longer. */
  authorizerCache: Duration;
}

/** A check answers with what the value must be, or with nothing when it is right. */
type Check = (value: string) => string | undefined;

const matches =
  (pattern: RegExp, must: string): Check =>
  value =>
    pattern.test(value) ? undefined : must;

const integer =
  (min: number, max: number): Check =>
  value =>
    /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;

const url: Check = value =>
  URL.canParse(value) && /^https?:\/\/[^?#]+$/.test(value)
    ? undefined
    : 'must be a http(s) address without a query string';

const socketUrl: Check = value =>
  URL.canParse(value) && /^wss?:\/\/[^?#]+$/.test(value)
    ? undefined
    : 'must be a wss:// address without a query string';

const webhookUrl = matches(/^https?:\/\/[^\s/?#]\S*$/, 'must be a http(s) address');

const e164 = matches(/^\+[1-9]\d{6,14}$/, 'must be an E.164 number such as +911171366880');
const boolean = matches(/^(true|false)$/, 'must be true or false');
const retentions = Object.values(RetentionDays).filter(days => typeof days === 'number' && days < 9999);

const CHECKS: Record<(typeof SETTINGS)[number] | 'PUBLIC_URL', Check> = {
  PUBLIC_URL: url,
  FROM_NUMBER: e164,
  AGENT_NUMBER: e164,
  HOLD_MUSIC_URL: matches(/^https?:\/\/\S+$/, 'must be a http(s) address of an MP3 or WAV file'),
  MAX_WAIT_CYCLES: integer(...BOUNDS.MAX_WAIT_CYCLES),
  HOLD_WAIT_SECS: integer(...BOUNDS.HOLD_WAIT_SECS),
  RING_TIMEOUT_SECS: integer(...BOUNDS.RING_TIMEOUT_SECS),
  WRAP_UP_SECS: integer(...BOUNDS.WRAP_UP_SECS),
  REQUIRE_VOBIZ_SIGNATURE: boolean,
  RECORD_RETENTION_DAYS: integer(...BOUNDS.RECORD_RETENTION_DAYS),
  VOBIZ_API_URL: url,
  HTTP_ALLOW_HOSTS: matches(
    /^[^\s/,:]+:\d+(,[^\s/,:]+:\d+)*$/,
    'must be host:port, several separated by commas',
  ),
  // All variables of a function share 4 KB.
  AGENT_SYSTEM_PROMPT: matches(
    /^[\s\S]{1,1500}$/,
    'must be at most 1500 characters; a longer prompt belongs to an assistant of its own (PUT /assistants/{id})',
  ),
  OPENAI_TTS_VOICE: matches(/^[\w-]{1,64}$/, 'must be the name of a voice, such as alloy'),
  OPENAI_MODEL: matches(/^[\w.:/-]{1,128}$/, 'must be the name of a model, such as gpt-4o-mini'),
  OPENAI_BASE_URL: url,
  DEEPGRAM_URL: socketUrl,
  DEEPGRAM_SPEAK_URL: url,
  TRANSCRIPT_WEBHOOK_URL: webhookUrl,
  MESSAGE_WEBHOOK_URL: webhookUrl,
  PLAY_FRAME_MS: matches(/^(20|40|60)$/, 'must be 20, 40 or 60'),
  SESSION_MAX_SECS: integer(...BOUNDS.SESSION_MAX_SECS),
};

const STACK_CHECKS = {
  deletionProtection: boolean,
  logRetentionDays: value =>
    retentions.includes(Number(value)) ? undefined : `must be one of ${retentions.join(', ')}`,
  alarmEmail: matches(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'must be one e-mail address'),
  domainName: matches(
    /^([a-z0-9-]+\.)+[a-z]{2,}$/,
    'must be a lower-case host name such as calls.example.com',
  ),
  certificateArn: matches(
    /^arn:[^:]+:acm:[^:]+:\d{12}:certificate\/\S+$/,
    'must be the ARN of an ACM certificate',
  ),
  hostedZoneId: matches(/^Z[A-Z0-9]+$/, 'must be the id of a Route 53 zone, such as Z0123456789ABC'),
  streamUrl: socketUrl,
  throttleRate: integer(1, 100_000),
  throttleBurst: integer(1, 100_000),
  streamAccessLog: boolean,
  streamThrottleRate: integer(1, 1_000_000),
  streamThrottleBurst: integer(1, 1_000_000),
  authorizerCacheSecs: integer(0, 3600),
  reservedConcurrency: matches(
    new RegExp(`^(${FUNCTION_NAMES.join('|')})=\\d+(,(${FUNCTION_NAMES.join('|')})=\\d+)*$`),
    `must read like webhooks=100,control=20, with names out of ${FUNCTION_NAMES.join(', ')}`,
  ),
} satisfies Record<string, Check>;

/** Everything that the context may set. */
export const SETTING_NAMES = [...Object.keys(CHECKS), ...Object.keys(STACK_CHECKS)];

const KNOWN: Record<string, Check> = { ...CHECKS, ...STACK_CHECKS };
const SECRETS: readonly string[] = Object.values(SECRET_FIELDS).flat();

/** Reads the context of a construct tree; throws one `Error` that lists everything wrong with it. */
export function readSettings(node: Node): Settings {
  const context = ownContext(node);
  const faults = findFaults(context);
  if (faults.length > 0) throw new Error(`Settings (CDK context) need attention:\n${faults.join('\n')}`);
  return toSettings(context);
}

/** The part of the context that is ours: known names, and whatever is spelt like one of the functions' settings. */
function ownContext(node: Node): Record<string, string> {
  const all = Object.entries((node.getAllContext() ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    all
      .filter(([name, value]) => (name in KNOWN || /^[A-Z][A-Z0-9_]*$/.test(name)) && value !== '')
      .map(([name, value]) => [name, String(value)]),
  );
}

function findFaults(context: Record<string, string>): string[] {
  const faults = Object.entries(context).flatMap(([name, value]) => {
    const check = KNOWN[name];
    if (SECRETS.includes(name)) {
      return `  ${name} is a secret: take it out of the context; docs/deploy.md says how to put it in Secrets Manager`;
    }
    if (!check) return `  ${name} is not a setting; the settings are ${Object.keys(CHECKS).join(', ')}`;
    const must = check(value);
    return must === undefined ? [] : `  ${name} is "${value}" but ${must}`;
  });
  if ((context.domainName === undefined) !== (context.certificateArn === undefined)) {
    faults.push('  domainName and certificateArn belong together: give both or neither');
  }
  if (context.hostedZoneId !== undefined && context.domainName === undefined) {
    faults.push('  hostedZoneId has no use without domainName: give both or neither');
  }
  return faults;
}

function toSettings(context: Record<string, string>): Settings {
  const { domainName, certificateArn, hostedZoneId, alarmEmail } = context;
  const withoutSlash = (address: string | undefined) => address?.replace(/\/+$/, '');
  const publicUrl = withoutSlash(context[ENV.publicUrl]);
  const streamUrl = withoutSlash(context.streamUrl);
  return {
    functionSettings: Object.fromEntries(
      SETTINGS.flatMap(name => (context[name] === undefined ? [] : [[name, context[name]]])),
    ),
    ...(publicUrl && { publicUrl }),
    ...(streamUrl && { streamUrl }),
    deletionProtection: context.deletionProtection !== 'false',
    logRetention: Number(context.logRetentionDays ?? RetentionDays.ONE_MONTH),
    ...(alarmEmail && { alarmEmail }),
    ...(domainName &&
      certificateArn && {
        domain: { name: domainName, certificateArn, ...(hostedZoneId && { hostedZoneId }) },
      }),
    throttle: {
      rateLimit: Number(context.throttleRate ?? 500),
      burstLimit: Number(context.throttleBurst ?? 1000),
    },
    streamAccessLog: context.streamAccessLog === 'true',
    // Half of an account's 10,000 a second: a hundred callers speaking, and never the webhooks' share.
    streamThrottle: {
      rateLimit: Number(context.streamThrottleRate ?? 5000),
      burstLimit: Number(context.streamThrottleBurst ?? 2500),
    },
    reservedConcurrency: Object.fromEntries(
      (context.reservedConcurrency?.split(',') ?? []).map(pair => {
        const [name, count] = pair.split('=');
        return [name, Number(count)];
      }),
    ),
    authorizerCache: Duration.seconds(Number(context.authorizerCacheSecs ?? 60)),
  };
}
