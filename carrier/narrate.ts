/** Tells a call in a terminal, one line per thing that happened. */
import { colours as pc } from './colours.ts';
import type { Line } from './scenario-run.ts';
import type { Entry } from './story.ts';

export interface Telling {
  /** Several callers: each line says whose it is. */
  crowd: boolean;
  xml: boolean;
}

/** The line of a story entry, or nothing for what a listener need not know. */
export function narrate(line: Line, { crowd, xml }: Telling): string | undefined {
  if ('verdict' in line) return undefined;
  const told = tell(line.entry, xml);
  if (told === undefined) return undefined;
  const who = crowd ? pc.cyan(`#${String(line.caller + 1).padEnd(3)}`) : '';
  return `${pc.dim(clockFace(line.since + line.entry.at))} ${who} ${told}`;
}

/** `1:05.2` */
function clockFace(ms: number): string {
  const tenths = Math.round(ms / 100);
  const minutes = Math.floor(tenths / 600);
  return `${String(minutes).padStart(2)}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

function tell(entry: Entry, xml: boolean): string | undefined {
  switch (entry.kind) {
    case 'calls':
      return pc.bold(`${entry.from} calls ${entry.to}`);
    case 'request':
      return xml ? pc.dim(`-> ${entry.event || 'webhook'} to ${pathOf(entry.url)}`) : undefined;
    case 'reply':
      return tellReply(entry, xml);
    case 'answered':
      return 'The call is answered.';
    case 'says':
      return `${pc.green('says')}   ${entry.text}${inLanguage(entry.language)}`;
    case 'plays':
      return `${pc.magenta('music')}  ${seconds(entry.ms)} of ${pathOf(entry.url)}`;
    case 'waits':
      return `${pc.dim('quiet')}  ${seconds(entry.ms)}`;
    case 'cut':
      return pc.dim(`       ... cut after ${seconds(entry.ms)}`);
    case 'skips':
      return pc.yellow(`skips  ${entry.element}: ${entry.reason}`);
    case 'rings':
      return `${pc.yellow('rings')}  ${entry.to}`;
    case 'collides':
      return pc.red(`       ${entry.to} is rung although it is already ringing or talking!`);
    case 'phone':
      return `${entry.to}: ${entry.did}`;
    case 'whispers':
      return `${pc.green('asks')}   ${entry.to}: ${entry.text}`;
    case 'bridged':
      return pc.bold(pc.green(`talk   The caller and ${entry.to} talk.`));
    case 'unbridged':
      return `The talk is over after ${seconds(entry.ms)}; ended by ${entry.by}.`;
    case 'records':
      return `${pc.red('record')} ${entry.session ? 'The call is recorded from here on.' : 'The caller leaves a message.'}`;
    case 'recorded':
      return `Recorded ${seconds(entry.ms)} (${entry.reason}).`;
    case 'streams':
      return pc.dim(`stream opened to ${pathOf(entry.url)}`);
    case 'unstreamed':
      return pc.dim('stream closed');
    case 'loses':
      return pc.red(`stream lost: ${entry.reason}`);
    case 'speaks':
      return `${pc.cyan(entry.who ?? 'caller')} ${entry.text}`;
    case 'hears':
      return `${pc.green('hears')}  ${entry.text}`;
    case 'played':
    case 'listens':
      return undefined;
    case 'cleared':
      return pc.dim('       ... the application takes back what it was saying');
    case 'complains':
      return pc.red(`wrong  ${entry.reason}`);
    case 'machine':
      return `A ${entry.machine ? 'machine' : 'person'} has answered.`;
    case 'digits':
      return `${pc.blue('key')}    ${entry.digits}`;
    case 'tones':
      return `${pc.blue('tones')}  ${entry.digits}`;
    case 'conference':
      return `The caller ${entry.did} the room "${entry.name}".`;
    case 'transferred':
      return `${pc.blue('moved')}  The application moves the call to ${pathOf(entry.url)}`;
    case 'hangup':
      return tellHangup(entry);
    case 'done':
      return undefined;
  }
}

/** Said where it is not the language that everything is in. */
const inLanguage = (language = 'en') => (language.startsWith('en') ? '' : pc.dim(` (${language})`));

function tellReply(entry: Entry<'reply'>, xml: boolean): string | undefined {
  if (entry.status !== 200) {
    return pc.red(`failed ${pathOf(entry.url)} (${entry.event}): ${entry.problem ?? `HTTP ${entry.status}`}`);
  }
  if (!xml) return undefined;
  const body = entry.body.trim().replace(/^/gm, '       ');
  return pc.dim(`<- ${entry.status} in ${entry.realMs} ms${body.trim() ? `\n${body}` : ''}`);
}

function tellHangup({ name, code, source, reason }: Entry<'hangup'>): string {
  return `${pc.bold('ended')}  ${name} (${code}), by ${source}${reason ? `\n       ${pc.red(reason)}` : ''}`;
}

/** Keys in a query are nobody's business. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
