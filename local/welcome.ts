/** The words with which a local stack greets its user: what to paste where, what needs care, and what to try. */
import pc from 'picocolors';
import { describeKept } from './kept.ts';
import { entryUrls, type Stack } from './stack.ts';

export function welcome(stack: Stack): string {
  const [answer, hangup, fallback] = entryUrls(stack.publicUrl, stack.webhookKey);
  const auth = `-H 'Authorization: Bearer ${stack.apiKey}'`;
  const agent = `-H 'Content-Type: application/json' -d '{"number": "+919876543210", "name": "Asha"}'`;
  return [
    '',
    `${pc.dim('Answer URL  ')} ${answer}`,
    `${pc.dim('Hangup URL  ')} ${hangup}`,
    `${pc.dim('Fallback URL')} ${fallback}`,
    `${pc.dim('API key     ')} ${stack.apiKey}`,
    `${pc.dim('Carrier     ')} ${carrierLine(stack)}`,
    `${pc.dim('Assistants  ')} ${providersLine(stack)}`,
    ...(stack.kept ? [`${pc.dim('Kept so far ')} ${describeKept(stack.kept)}`] : []),
    `${pc.dim('Log         ')} ${stack.logFile}`,
    '',
    ...warnings(stack).map(line => pc.yellow(line)),
    'Try next:',
    `  curl -X POST ${stack.url}/agents ${auth} ${agent}`,
    ...(stack.carrierUrl
      ? ['  npm run call', '  npm run call -- --assistant']
      : ['  call your Vobiz number']),
    `  npm run make-call -- --to +919876543210${stack.fromNumber ? '' : ' --from +918071234567'}`,
    `  curl ${stack.url}/queue/metrics ${auth}`,
    '',
    `Switchboard is ready at ${stack.url} (Ctrl-C stops it)`,
  ].join('\n');
}

const carrierLine = ({ carrierUrl }: Stack) =>
  carrierUrl ? `built in, at ${carrierUrl} (no VOBIZ_AUTH_ID and VOBIZ_AUTH_TOKEN given)` : 'Vobiz';

/** Speech of a double is tones, which only the built-in carrier understands. */
function providersLine({ doubled }: Stack): string {
  if (doubled.length === 0) return 'Deepgram listens, OpenAI thinks and speaks';
  const keys = doubled.map(name => `${name.toUpperCase()}_API_KEY`).join(', no ');
  return `built-in ${doubled.length > 1 ? 'doubles' : 'double'} of ${doubled.join(' and ')} (no ${keys}); speech is tones`;
}

/** What starts all the same, but does not do what its user hopes for. */
function warnings({ carrierUrl, publicUrl, fromNumber, doubled }: Stack): string[] {
  if (carrierUrl) return [];
  const found: string[] = [];
  if (/^https?:\/\/(127\.|localhost|\[::1\])/.test(publicUrl)) {
    found.push(
      `Warning: Vobiz cannot reach ${publicUrl}: set PUBLIC_URL to your tunnel's address, or use --tunnel.`,
    );
  }
  if (doubled.length > 0) {
    found.push('Warning: assistants speak in tones until DEEPGRAM_API_KEY and OPENAI_API_KEY are set.');
  }
  if (!fromNumber) {
    found.push(
      'Warning: FROM_NUMBER is not set: agents see the number that the caller dialled; set it to show another of yours.',
    );
  }
  return found;
}
