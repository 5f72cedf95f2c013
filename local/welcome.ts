/** The words with which a local stack greets its user: what to paste where, and what to try. */
import pc from 'picocolors';
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
    `${pc.dim('Log         ')} ${stack.logFile}`,
    '',
    'Try next:',
    `  curl -X POST ${stack.url}/agents ${auth} ${agent}`,
    stack.carrierUrl ? '  npm run call' : '  call your Vobiz number',
    `  curl ${stack.url}/queue/metrics ${auth}`,
    '',
    `Switchboard is ready at ${stack.url} (Ctrl-C stops it)`,
  ].join('\n');
}

function carrierLine({ carrierUrl, publicUrl }: Stack): string {
  if (carrierUrl) {
    return `built in, at ${carrierUrl} (no VOBIZ_AUTH_ID and VOBIZ_AUTH_TOKEN given)`;
  }
  const isPrivate = /^https?:\/\/(127\.|localhost)/.test(publicUrl);
  return isPrivate ? 'Vobiz, which cannot reach this address: set PUBLIC_URL or use --tunnel' : 'Vobiz';
}
